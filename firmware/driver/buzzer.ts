/**
 * The piezo. A melody is one or two notes; every digit has the same key tone (ISO 9564-1, PCI B3).
 * Fundamentals stay at or below 2.5 kHz, with different patterns for start, end and error (JIS S 0013).
 */
import type { Pwm } from "../../hal/pwm.ts";
import { NEVER_US } from "../protocol/time.ts";

export const enum Tone {
  /** A key was taken: any digit and any function key alike. */
  Key = 0,
  /** Your turn. */
  Start = 1,
  /** It went well. */
  Ok = 2,
  Error = 3,
}

/** Two notes of `hz` for `us` each, a gap between; 0 Hz is silence. JIS S 0013:2011, 4.2–4.4. */
function firstHz(tone: Tone): number {
  switch (tone) {
    case Tone.Key:
      return 2000;
    case Tone.Start:
      return 1600;
    case Tone.Ok:
      return 1600;
    case Tone.Error:
      return 800;
  }
}

function secondHz(tone: Tone): number {
  switch (tone) {
    case Tone.Key:
      return 0;
    case Tone.Start:
      return 0;
    case Tone.Ok:
      return 2000;
    case Tone.Error:
      return 800;
  }
}

function noteUs(tone: Tone): number {
  switch (tone) {
    case Tone.Key:
      return 40000;
    case Tone.Start:
      return 150000;
    case Tone.Ok:
      return 120000;
    case Tone.Error:
      return 180000;
  }
}

const GAP_US = 60000;

const enum Note {
  Silent = 0,
  First = 1,
  Gap = 2,
  Second = 3,
}

export class Buzzer {
  private note = Note.Silent;
  private tone = Tone.Key;
  private deadlineUs = NEVER_US;

  constructor(
    private readonly pwm: Pwm,
    private readonly channel: number,
  ) {}

  /** Starts `tone`, which takes the place of one that still sounds. */
  play(tone: Tone, nowUs: number): void {
    this.tone = tone;
    this.enter(Note.First, nowUs);
  }

  step(nowUs: number): number {
    if (nowUs < this.deadlineUs) return this.deadlineUs;
    switch (this.note) {
      case Note.Silent:
        break;
      case Note.First:
        this.enter(secondHz(this.tone) === 0 ? Note.Silent : Note.Gap, nowUs);
        break;
      case Note.Gap:
        this.enter(Note.Second, nowUs);
        break;
      case Note.Second:
        this.enter(Note.Silent, nowUs);
        break;
    }
    return this.deadlineUs;
  }

  private enter(next: Note, nowUs: number): void {
    this.note = next;
    switch (next) {
      case Note.Silent:
        this.pwm.set(this.channel, 0);
        this.deadlineUs = NEVER_US;
        break;
      case Note.First:
        this.pwm.set(this.channel, firstHz(this.tone));
        this.deadlineUs = nowUs + noteUs(this.tone);
        break;
      case Note.Gap:
        this.pwm.set(this.channel, 0);
        this.deadlineUs = nowUs + GAP_US;
        break;
      case Note.Second:
        this.pwm.set(this.channel, secondHz(this.tone));
        this.deadlineUs = nowUs + noteUs(this.tone);
        break;
    }
  }
}
