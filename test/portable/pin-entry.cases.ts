/** PIN entry: every key in every state, lengths, times to the microsecond, and that no digit outlives the entry. */
import type { ByteNatives } from "../../hal/bytes.ts";
import type { Pins } from "../../hal/pins.ts";
import { digitOf, Key } from "../../firmware/driver/keypad.ts";
import { Lamp } from "../../firmware/driver/lamps.ts";
import { NEVER_US } from "../../firmware/protocol/time.ts";
import {
  EntryState,
  FIRST_DIGIT_US,
  LONGEST_PIN,
  NEXT_DIGIT_US,
  PinEntry,
} from "../../firmware/service/pin-entry.ts";
import { Language, View } from "../../firmware/service/view.ts";
import type { Report } from "./report.ts";

const LAMP = 64;
const ONE_TO_NINE = [
  Key.One,
  Key.Two,
  Key.Three,
  Key.Four,
  Key.Five,
  Key.Six,
  Key.Seven,
  Key.Eight,
  Key.Nine,
];

class Desk implements Pins {
  readonly view = new View();
  readonly entry: PinEntry;
  private levels = 0;

  constructor(natives: ByteNatives) {
    this.entry = new PinEntry(natives, this.view, new Lamp(this, LAMP));
  }

  set(mask: number, value: number): void {
    this.levels = (this.levels & (0xffff ^ mask)) | (value & mask);
  }

  read(): number {
    return 0;
  }

  takeEdges(): number {
    return 0;
  }

  isLampLit(): boolean {
    return this.levels === LAMP;
  }

  begin(minimum: number, maximum: number, timeoutUs: number): void {
    this.view.minimumDigits = minimum;
    this.view.maximumDigits = maximum;
    this.entry.begin(timeoutUs, 0);
  }

  /** Types `count` digits, none of them 0, at `nowUs`. */
  type(count: number, nowUs: number): void {
    for (let i = 0; i < count; i++) {
      const digit = i < 9 ? ONE_TO_NINE[i] : Key.One;
      this.entry.press(digit, nowUs);
    }
  }

  /** Bytes of the buffer that are not zero. */
  remains(): number {
    let count = 0;
    for (let i = 0; i < LONGEST_PIN; i++) if (this.entry.digits[i] !== 0) count++;
    return count;
  }
}

function truth(value: boolean): number {
  return value ? 1 : 0;
}

/** What `key` must lead to after `count` digits of `minimum` to `maximum`; the state stays `Typing` when it does nothing. */
function expectedState(key: Key, count: number, minimum: number): EntryState {
  if (key === Key.Cancel) return EntryState.Cancelled;
  return key === Key.Confirm && count >= minimum ? EntryState.Confirmed : EntryState.Typing;
}

function expectedCount(key: Key, count: number, maximum: number): number {
  if (digitOf(key) >= 0) return count < maximum ? count + 1 : count;
  return key === Key.Clear || key === Key.Cancel ? 0 : count;
}

function checkTyping(report: Report, natives: ByteNatives, minimum: number, maximum: number): void {
  for (let count = 0; count <= maximum; count++) {
    for (let key = 0; key <= Key.None; key++) {
      const desk = new Desk(natives);
      desk.begin(minimum, maximum, 0);
      desk.type(count, 0);
      const acted = desk.entry.press(key, 0);
      const what = "key " + key + " after " + count + " of " + minimum + " to " + maximum;
      const state = expectedState(key, count, minimum);
      const after = expectedCount(key, count, maximum);
      report.equal(desk.entry.current(), state, what);
      report.equal(truth(acted), truth(state !== EntryState.Typing || after !== count), what + " acts");
      const shown = state === EntryState.Typing ? after : count;
      report.equal(desk.view.digits, shown, what + ": dots");
      const held = key === Key.Zero ? count : after;
      report.equal(desk.remains(), held, what + ": digits in the buffer");
      report.equal(
        desk.entry.confirmedLength(),
        state === EntryState.Confirmed ? count : 0,
        what + ": confirmed",
      );
      report.equal(truth(desk.isLampLit()), truth(state === EntryState.Typing), what + ": lamp");
    }
  }
}

/** Brings a fresh entry to `state` with four digits typed on the way. */
function deskIn(natives: ByteNatives, state: EntryState): Desk {
  const desk = new Desk(natives);
  if (state === EntryState.Idle) return desk;
  desk.begin(4, 6, 0);
  desk.type(4, 0);
  if (state === EntryState.Confirmed) desk.entry.press(Key.Confirm, 0);
  if (state === EntryState.Cancelled) desk.entry.press(Key.Cancel, 0);
  if (state === EntryState.TimedOut) desk.entry.step(NEXT_DIGIT_US);
  return desk;
}

function checkOtherStates(report: Report, natives: ByteNatives): void {
  const states = [EntryState.Idle, EntryState.Confirmed, EntryState.Cancelled, EntryState.TimedOut];
  for (const state of states) {
    const desk = deskIn(natives, state);
    const held = state === EntryState.Confirmed ? 4 : 0;
    for (let key = 0; key <= Key.None; key++) {
      report.equal(truth(desk.entry.press(key, 1)), 0, "key " + key + " does nothing in state " + state);
    }
    report.equal(desk.entry.step(NEXT_DIGIT_US * 9), NEVER_US, "no deadline in state " + state);
    report.equal(desk.entry.current(), state, "state " + state + " stays");
    report.equal(desk.remains(), held, "digits in state " + state);
    report.equal(truth(desk.isLampLit()), 0, "the lamp is off in state " + state);
    desk.entry.wipe();
    report.equal(desk.remains(), 0, "wiped from state " + state);
    report.equal(desk.entry.current(), EntryState.Idle, "idle after state " + state);
  }
  const desk = deskIn(natives, EntryState.Typing);
  desk.entry.wipe();
  report.equal(desk.remains(), 0, "wiped while typing");
  report.equal(truth(desk.isLampLit()), 0, "the lamp goes out with the digits");
  const again = deskIn(natives, EntryState.Confirmed);
  again.entry.begin(0, 0);
  report.equal(again.remains(), 0, "a new entry finds no digit of the last");
  report.equal(again.view.digits, 0, "and shows no dot");
}

function checkDigits(report: Report, natives: ByteNatives): void {
  const desk = new Desk(natives);
  desk.begin(4, 16, 0);
  for (const key of [Key.Nine, Key.Zero, Key.Five, Key.One]) desk.entry.press(key, 0);
  const typed = [9, 0, 5, 1];
  for (let i = 0; i < 4; i++) report.equal(desk.entry.digits[i], typed[i], "digit " + i);
}

/** `state` just before `limitUs` is Typing, at it TimedOut. */
function checkLimit(report: Report, desk: Desk, limitUs: number, what: string): void {
  report.equal(desk.entry.step(limitUs - 1), limitUs, what + ": the deadline");
  report.equal(desk.entry.current(), EntryState.Typing, what + ": 1 us before");
  desk.entry.step(limitUs);
  report.equal(desk.entry.current(), EntryState.TimedOut, what + ": at the limit");
  report.equal(desk.remains(), 0, what + ": nothing remains");
  report.equal(truth(desk.isLampLit()), 0, what + ": lamp");
}

function checkTimes(report: Report, natives: ByteNatives): void {
  report.equal(FIRST_DIGIT_US, 30000000, "30 s to the first digit");
  report.equal(NEXT_DIGIT_US, 15000000, "15 s between digits");
  const nobody = new Desk(natives);
  nobody.begin(4, 4, 0);
  checkLimit(report, nobody, FIRST_DIGIT_US, "nobody types");
  const stops = new Desk(natives);
  stops.begin(4, 4, 0);
  stops.type(3, 20000000);
  checkLimit(report, stops, 20000000 + NEXT_DIGIT_US, "stops typing");
  const clears = new Desk(natives);
  clears.begin(4, 4, 0);
  clears.type(3, 1000000);
  clears.entry.press(Key.Clear, 2000000);
  checkLimit(report, clears, 2000000 + NEXT_DIGIT_US, "after clearing");
  const host = new Desk(natives);
  host.begin(4, 4, 7000000);
  checkLimit(report, host, 7000000, "the host's time");
  host.begin(4, 4, 7000000);
  host.type(1, 6999999);
  checkLimit(report, host, 13999999, "the host's time from digit to digit");
  const idle = new Desk(natives);
  idle.begin(4, 4, 0);
  idle.type(4, 0);
  for (const key of [Key.Nine, Key.Left, Key.Right, Key.Language, Key.None]) idle.entry.press(key, 9000000);
  checkLimit(report, idle, NEXT_DIGIT_US, "keys that do nothing give no time");
}

function checkPace(report: Report, natives: ByteNatives): void {
  const slow = new Desk(natives);
  slow.begin(4, 4, 0);
  slow.view.togglePace(10000000);
  checkLimit(report, slow, 10000000 + 3 * FIRST_DIGIT_US, "slow to the first digit, from the choice on");
  slow.begin(4, 4, 0);
  slow.type(2, 20000000);
  checkLimit(report, slow, 20000000 + 3 * NEXT_DIGIT_US, "slow between digits");
  slow.begin(4, 4, 0);
  slow.type(2, 20000000);
  slow.view.togglePace(60000000);
  checkLimit(report, slow, 60000000 + NEXT_DIGIT_US, "the usual time again begins with the choice");
  const host = new Desk(natives);
  host.begin(4, 4, 7000000);
  host.view.togglePace(1000000);
  checkLimit(report, host, 7000000, "a host that waits for so long does not wait longer");
  const next = new Desk(natives);
  next.view.togglePace(0);
  next.view.toggleSize();
  next.view.meet(Language.English);
  report.equal(truth(next.view.isLarge || next.view.waitsLonger()), 0, "another person has chosen nothing");
  next.begin(4, 4, 0);
  checkLimit(report, next, FIRST_DIGIT_US, "and has the usual time");
}

export function checkPinEntry(report: Report, natives: ByteNatives): void {
  checkTyping(report, natives, 4, 4);
  checkTyping(report, natives, 4, 16);
  checkTyping(report, natives, 6, 8);
  checkOtherStates(report, natives);
  checkDigits(report, natives);
  checkTimes(report, natives);
  checkPace(report, natives);
}
