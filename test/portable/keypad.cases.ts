/** The keypad: every pattern of noisy scans at both ends of a press, several keys at once, ghosts and rolled keys. */
import type { ByteNatives } from "../../hal/bytes.ts";
import type { KeyMatrix } from "../../hal/key-matrix.ts";
import { digitOf, Key, Keypad } from "../../firmware/driver/keypad.ts";
import type { Report } from "./report.ts";

const SCAN_US = 4000;
const KEYS = 16;
/** Digits in the order of the crossings, -1 for function keys and for no key. */
const DIGITS = [1, 2, 3, -1, 4, 5, 6, -1, 7, 8, 9, -1, -1, 0, -1, -1, -1];

/** A matrix that shows what it is told, and a keypad that scans it at its tick. */
class Pad implements KeyMatrix {
  pressed = 0;
  scans = 0;
  readonly keypad: Keypad;
  /** Keys taken so far, the last one in `key`. */
  events = 0;
  key = Key.None;
  private nowUs = 0;

  constructor() {
    this.keypad = new Keypad(this, SCAN_US);
  }

  scan(): number {
    this.scans++;
    return this.pressed;
  }

  /** One tick at which the matrix reads `pressed`. */
  tick(pressed: number): void {
    this.pressed = pressed;
    this.keypad.step(this.nowUs);
    this.nowUs += SCAN_US;
    const key = this.keypad.take();
    if (key === Key.None) return;
    this.events++;
    this.key = key;
  }

  ticks(pressed: number, count: number): void {
    for (let i = 0; i < count; i++) this.tick(pressed);
  }

  /** `count` ticks in which the crossing reads the bits of `pattern`, the first in bit 0. */
  noise(mask: number, pattern: number, count: number): void {
    for (let i = 0; i < count; i++) this.tick(((pattern >> i) & 1) === 1 ? mask : 0);
  }
}

function checkDigits(report: Report): void {
  for (let key = 0; key <= KEYS; key++) report.equal(digitOf(key), DIGITS[key], "the digit on key " + key);
}

/** Presses `key` with this noise at both ends; the finger rests for `rest` quiet scans. */
function pressed(pad: Pad, key: number, noisy: number, patterns: number): void {
  const mask = 1 << key;
  pad.noise(mask, patterns & ((1 << noisy) - 1), noisy);
  pad.ticks(mask, 2);
  pad.noise(mask, patterns >> noisy, noisy);
  pad.ticks(0, 2);
}

function checkNoise(report: Report): void {
  for (let noisy = 0; noisy <= 3; noisy++) {
    let wrong = 0;
    for (let key = 0; key < KEYS; key++) {
      for (let patterns = 0; patterns < 1 << (2 * noisy); patterns++) {
        const pad = new Pad();
        pressed(pad, key, noisy, patterns);
        if (pad.events !== 1 || pad.key !== key) wrong++;
        pressed(pad, key, noisy, patterns);
        if (pad.events !== 2 || pad.key !== key) wrong++;
      }
    }
    report.equal(wrong, 0, noisy + " noisy scans at each end: one event a press, whatever they read");
  }
  const pad = new Pad();
  for (let i = 0; i < 100; i++) pad.tick(i & 1);
  report.equal(pad.events, 0, "a contact that never rests is no key");
}

function checkSeveral(report: Report): void {
  let events = 0;
  for (let a = 0; a < KEYS; a++) {
    for (let b = 0; b < KEYS; b++) {
      for (let c = 0; c < KEYS; c++) {
        if (a === b) continue;
        const pad = new Pad();
        const all = (1 << a) | (1 << b) | (1 << c);
        pad.ticks(all, 4);
        // One after the other is let go: what remains was not pressed anew.
        pad.ticks((1 << a) | (1 << b), 3);
        pad.ticks(1 << a, 3);
        pad.ticks(0, 3);
        events += pad.events;
      }
    }
  }
  report.equal(events, 0, "two or three keys at once are none, nor is the one that stays");
  const ghost = new Pad();
  ghost.ticks((1 << Key.One) | (1 << Key.Three) | (1 << Key.Seven) | (1 << Key.Nine), 5);
  report.equal(ghost.events, 0, "three corners and their ghost are no key");
}

/** Two contacts bounce together: whichever is taken was pressed, and at most one is. */
function checkPairNoise(report: Report): void {
  let wrong = 0;
  for (let patterns = 0; patterns < 256; patterns++) {
    for (let second = 1; second < KEYS; second++) {
      const pad = new Pad();
      for (let scan = 0; scan < 4; scan++) {
        const bits = (patterns >> (2 * scan)) & 3;
        pad.tick((bits & 1) | ((bits >> 1) << second));
      }
      pad.ticks(1 | (1 << second), 3);
      pad.ticks(0, 3);
      const isForeign = pad.events > 0 && pad.key !== 0 && pad.key !== second;
      if (isForeign || pad.events > 2) wrong++;
    }
  }
  report.equal(wrong, 0, "no noise of two contacts makes a third key");
}

function checkRoll(report: Report): void {
  const pad = new Pad();
  pad.ticks(1 << Key.Five, 5);
  pad.ticks((1 << Key.Five) | (1 << Key.Six), 5);
  pad.ticks(1 << Key.Six, 5);
  report.equal(pad.events, 1, "a rolled key adds nothing");
  report.equal(pad.key, Key.Five, "the first key of a roll counts");
  pad.ticks(0, 2);
  pad.ticks(1 << Key.Six, 2);
  report.equal(pad.events, 2, "after all are up the next key counts");
  pad.ticks(1 << Key.Six, 1000);
  report.equal(pad.events, 2, "a key that is held does not repeat");
}

function checkTicks(report: Report): void {
  const pad = new Pad();
  report.equal(pad.keypad.step(1000), 1000 + SCAN_US, "the next tick is told");
  report.equal(pad.keypad.step(1000 + SCAN_US - 1), 1000 + SCAN_US, "between ticks nothing is due");
  report.equal(pad.scans, 1, "and nothing is scanned");
  pad.keypad.step(1000 + SCAN_US);
  report.equal(pad.scans, 2, "the tick scans");
  const third = new Pad();
  third.ticks(1 << Key.Confirm, 1);
  report.equal(third.events, 0, "one scan alone is not believed");
  third.ticks(1 << Key.Confirm, 1);
  report.equal(third.key, Key.Confirm, "the second is");
  report.equal(third.keypad.take(), Key.None, "a key is taken once");
}

export function checkKeypad(report: Report, _natives: ByteNatives): void {
  checkDigits(report);
  checkNoise(report);
  checkSeveral(report);
  checkPairNoise(report);
  checkRoll(report);
  checkTicks(report);
}
