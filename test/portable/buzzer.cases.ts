/** The piezo's melodies to the microsecond, and a lamp that drives its own pin alone. */
import type { ByteNatives } from "../../hal/bytes.ts";
import type { Pins } from "../../hal/pins.ts";
import type { Pwm } from "../../hal/pwm.ts";
import { Buzzer, Tone } from "../../firmware/driver/buzzer.ts";
import { Lamp } from "../../firmware/driver/lamps.ts";
import { NEVER_US } from "../../firmware/protocol/time.ts";
import type { Report } from "./report.ts";

const CHANNEL = 3;
const HIGHEST_HZ = 2500;

class Piezo implements Pwm {
  hz = 0;
  calls = 0;
  isForeign = false;

  set(channel: number, hz: number): void {
    this.hz = hz;
    this.calls++;
    if (channel !== CHANNEL) this.isForeign = true;
  }
}

/** What sounds from when on; the last entry is the silence at the end. Pairs of microseconds and hertz. */
interface Melody {
  readonly tone: Tone;
  readonly notes: readonly number[];
}

const MELODIES: readonly Melody[] = [
  { tone: Tone.Key, notes: [0, 2000, 40000, 0] },
  { tone: Tone.Start, notes: [0, 1600, 150000, 0] },
  { tone: Tone.Ok, notes: [0, 1600, 120000, 0, 180000, 2000, 300000, 0] },
  { tone: Tone.Error, notes: [0, 800, 180000, 0, 240000, 800, 420000, 0] },
];

function checkMelody(report: Report, melody: Melody): void {
  const piezo = new Piezo();
  const buzzer = new Buzzer(piezo, CHANNEL);
  const notes = melody.notes;
  const what = "tone " + melody.tone;
  report.equal(buzzer.step(0), NEVER_US, what + ": silence has no deadline");
  buzzer.play(melody.tone, 1000);
  for (let i = 0; i < notes.length; i += 2) {
    const atUs = 1000 + notes[i];
    if (i > 0) {
      report.equal(buzzer.step(atUs - 1), atUs, what + ": the deadline");
      report.equal(piezo.hz, notes[i - 1], what + " until " + notes[i]);
      buzzer.step(atUs);
    }
    report.equal(piezo.hz, notes[i + 1], what + " from " + notes[i]);
    report.equal(piezo.hz <= HIGHEST_HZ ? 1 : 0, 1, what + " is not too high to be heard (JIS S 0013)");
  }
  report.equal(buzzer.step(9000000), NEVER_US, what + " is over");
  report.equal(piezo.calls, Math.floor(notes.length / 2), what + ": changes");
  report.equal(piezo.isForeign ? 1 : 0, 0, what + ": its own channel alone");
}

function checkInterruption(report: Report): void {
  for (const first of MELODIES) {
    for (const second of MELODIES) {
      const piezo = new Piezo();
      const buzzer = new Buzzer(piezo, CHANNEL);
      buzzer.play(first.tone, 0);
      buzzer.step(first.notes[2]);
      buzzer.play(second.tone, 500000);
      report.equal(piezo.hz, second.notes[1], "tone " + second.tone + " takes the place of " + first.tone);
      let nowUs = 500000;
      for (let i = 0; i < 5 && nowUs < NEVER_US; i++) nowUs = buzzer.step(nowUs);
      report.equal(piezo.hz, 0, "and ends in silence");
    }
  }
}

class Outputs implements Pins {
  levels = 0x10;
  writes = 0;

  set(mask: number, value: number): void {
    this.levels = (this.levels & (0xffff ^ mask)) | (value & mask);
    this.writes++;
  }

  read(): number {
    return 0;
  }

  takeEdges(): number {
    return 0;
  }
}

function checkLamp(report: Report): void {
  const pins = new Outputs();
  const lamp = new Lamp(pins, 0x40);
  lamp.light(false);
  report.equal(pins.writes, 0, "nothing is written that changes nothing");
  lamp.light(true);
  report.equal(pins.levels, 0x50, "its own pin high, the others as they were");
  lamp.light(true);
  report.equal(pins.writes, 1, "written once");
  lamp.light(false);
  report.equal(pins.levels, 0x10, "its own pin low");
}

export function checkBuzzer(report: Report, _natives: ByteNatives): void {
  for (const melody of MELODIES) checkMelody(report, melody);
  checkInterruption(report);
  checkLamp(report);
}
