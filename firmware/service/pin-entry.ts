/**
 * Typing one PIN. The digits stand in one buffer that only this part writes; whoever began the entry formats them into the
 * card's command on `Confirmed` and calls `wipe`. Every other way out wipes here.
 *
 *   Idle --begin--> Typing --確認, complete--> Confirmed --wipe--> Idle
 *                    |  取消 ------> Cancelled --wipe--> Idle
 *                    +- deadline --> TimedOut --wipe--> Idle
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { digitOf, Key } from "../driver/keypad.ts";
import type { Lamp } from "../driver/lamps.ts";
import { NEVER_US } from "../protocol/time.ts";
import type { View } from "./view.ts";

/** No object of ours is longer (ISO 9564-1 allows 12, CCID's field 16). */
export const LONGEST_PIN = 16;

/** Times that end an entry, in microseconds. */
export const FIRST_DIGIT_US = 30000000;
export const NEXT_DIGIT_US = 15000000;

export const enum EntryState {
  Idle = 0,
  Typing = 1,
  Confirmed = 2,
  Cancelled = 3,
  TimedOut = 4,
}

export class PinEntry {
  /** Values 0–9; valid in `Confirmed` only. */
  readonly digits: ReadonlyBytes;
  private readonly buffer: Bytes;
  private count = 0;
  private state = EntryState.Idle;
  /** Of whoever began the entry; 0 = the terminal's own times, which are the person's. */
  private timeoutUs = 0;
  private sinceUs = 0;
  /** A digit was typed. */
  private isTouched = false;

  constructor(
    private readonly natives: ByteNatives,
    private readonly view: View,
    private readonly secureLamp: Lamp,
  ) {
    this.buffer = natives.allocate(LONGEST_PIN);
    this.digits = this.buffer;
  }

  /** Starts an entry of the length that `view` shows. `timeoutUs` 0 means the terminal's own times. */
  begin(timeoutUs: number, nowUs: number): void {
    this.wipe();
    this.state = EntryState.Typing;
    this.timeoutUs = timeoutUs;
    this.sinceUs = nowUs;
    this.isTouched = false;
    this.secureLamp.light(true);
    this.view.showDigits(0);
  }

  current(): EntryState {
    return this.state;
  }

  /** How many digits were confirmed. */
  confirmedLength(): number {
    return this.state === EntryState.Confirmed ? this.count : 0;
  }

  /** Takes one key while typing; returns whether it did something, which is what deserves a tone. */
  press(key: Key, nowUs: number): boolean {
    if (this.state !== EntryState.Typing) return false;
    const digit = digitOf(key);
    if (digit >= 0) return this.typed(digit, nowUs);
    if (key === Key.Clear && this.count > 0) {
      this.clearDigits();
      this.sinceUs = nowUs;
      this.view.showDigits(0);
      return true;
    }
    if (key === Key.Cancel) {
      this.end(EntryState.Cancelled);
      return true;
    }
    if (key === Key.Confirm && this.count >= this.view.minimumDigits) {
      this.end(EntryState.Confirmed);
      return true;
    }
    return false;
  }

  step(nowUs: number): number {
    if (this.state !== EntryState.Typing) return NEVER_US;
    const deadlineUs = this.deadlineUs();
    if (nowUs < deadlineUs) return deadlineUs;
    this.end(EntryState.TimedOut);
    return NEVER_US;
  }

  /** Forgets the digits and the result. */
  wipe(): void {
    this.clearDigits();
    this.state = EntryState.Idle;
    this.secureLamp.light(false);
  }

  private deadlineUs(): number {
    if (this.timeoutUs !== 0) return this.sinceUs + this.timeoutUs;
    return this.view.limitUs(this.sinceUs, this.isTouched ? NEXT_DIGIT_US : FIRST_DIGIT_US);
  }

  private typed(digit: number, nowUs: number): boolean {
    if (this.count >= this.view.maximumDigits) return false;
    this.buffer[this.count] = digit;
    this.count++;
    this.sinceUs = nowUs;
    this.isTouched = true;
    this.view.showDigits(this.count);
    return true;
  }

  private end(result: EntryState): void {
    if (result !== EntryState.Confirmed) this.clearDigits();
    this.state = result;
    this.secureLamp.light(false);
  }

  private clearDigits(): void {
    this.natives.wipe(this.buffer);
    this.count = 0;
  }
}
