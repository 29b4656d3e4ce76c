/**
 * Asks for the three entries of a change: the PIN in force, the new one, the new one again. Each stands in the entry's buffer while it
 * is typed; then the two wait in `kept` alone, for they go into several commands, until `wipe`.
 *
 *   Idle --begin--> Old --確認--> New --確認, good--> Again --確認, the same--> Complete
 *                                 ^ |too easy           | differs
 *                                 | +----> Refused <----+            取消 from every question, time from everywhere: Ended
 *                                 +--確認-----+  the third: Ended     each end --wipe--> Idle
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { Key } from "../driver/keypad.ts";
import { NEVER_US } from "../protocol/time.ts";
import type { CheckRequest } from "./check-request.ts";
import { Outcome } from "./outcome.ts";
import { EntryState, FIRST_DIGIT_US, type PinEntry } from "./pin-entry.ts";
import { FIXED_DIGITS } from "./pin-objects.ts";
import { EntryPurpose, Page, PinName, type View } from "./view.ts";
import { isWeakPin } from "./weak-pin.ts";

export const enum ChangePromptState {
  Idle = 0,
  Old = 1,
  New = 2,
  Again = 3,
  /** The page says why the new PIN is not taken. */
  Refused = 4,
  Complete = 5,
  /** Nothing is asked any more; `outcome` and `page` say why. */
  Ended = 6,
}

/** Which of the two PINs; where it is in `kept`. */
export const enum ChangePin {
  Old = 0,
  New = 4,
}

const MOST_REFUSED = 3;
/** Both are ASCII digits on the card. */
const ASCII_0 = 0x30;

export class ChangePrompt {
  outcome = Outcome.Cancelled;
  page = Page.Cancelled;
  private state = ChangePromptState.Idle;
  private readonly kept: Bytes;
  private refused = 0;
  private deadlineUs = NEVER_US;
  private request: CheckRequest | undefined = undefined;

  constructor(
    private readonly natives: ByteNatives,
    private readonly entry: PinEntry,
    private readonly view: View,
  ) {
    this.kept = natives.allocate(2 * FIXED_DIGITS);
  }

  /** Keeps whose PIN it is; before `begin`. */
  prepare(request: CheckRequest): void {
    this.request = request;
  }

  begin(nowUs: number): void {
    this.refused = 0;
    this.ask(ChangePromptState.Old, EntryPurpose.ChangeOld, nowUs);
  }

  current(): ChangePromptState {
    return this.state;
  }

  /** One key; returns whether it acted. */
  press(key: Key, nowUs: number): boolean {
    if (this.state !== ChangePromptState.Refused) return this.entry.press(key, nowUs);
    if (key !== Key.Confirm) return false;
    this.ask(ChangePromptState.New, EntryPurpose.ChangeNew, nowUs);
    return true;
  }

  /** Goes on with what was confirmed; returns when to call again. */
  step(nowUs: number): number {
    switch (this.state) {
      case ChangePromptState.Idle:
      case ChangePromptState.Complete:
      case ChangePromptState.Ended:
        return NEVER_US;
      case ChangePromptState.Refused:
        if (nowUs < this.deadlineUs) return this.deadlineUs;
        this.end(Outcome.Timeout, Page.TimedOut);
        return nowUs;
      case ChangePromptState.Old:
      case ChangePromptState.New:
      case ChangePromptState.Again:
        return this.stepEntry(nowUs);
    }
  }

  /** Writes the digits of `which`, valid in `Complete`, to `into[at…]`; returns how many. */
  place(which: ChangePin, into: Bytes, at: number): number {
    const from: number = which;
    for (let i = 0; i < FIXED_DIGITS; i++) into[at + i] = ASCII_0 + this.kept[from + i];
    return FIXED_DIGITS;
  }

  /** Every way out: nothing typed stays behind. */
  wipe(): void {
    this.entry.wipe();
    this.natives.wipe(this.kept);
    this.request = undefined;
    this.state = ChangePromptState.Idle;
  }

  private ask(next: ChangePromptState, purpose: EntryPurpose, nowUs: number): void {
    this.state = next;
    const view = this.view;
    view.confirmKey = false;
    view.pinName = PinName.Juki;
    view.purpose = purpose;
    view.minimumDigits = FIXED_DIGITS;
    view.maximumDigits = FIXED_DIGITS;
    view.digits = 0;
    view.show(Page.PinEntry);
    this.entry.begin(0, nowUs);
  }

  private stepEntry(nowUs: number): number {
    const deadlineUs = this.entry.step(nowUs);
    switch (this.entry.current()) {
      case EntryState.Idle:
      case EntryState.Typing:
        return deadlineUs;
      case EntryState.Confirmed:
        this.confirmed(nowUs);
        return nowUs;
      case EntryState.Cancelled:
        this.end(Outcome.Cancelled, Page.Cancelled);
        return nowUs;
      case EntryState.TimedOut:
        this.end(Outcome.Timeout, Page.TimedOut);
        return nowUs;
    }
  }

  /** What was typed goes on to where it waits, or is compared where it stands; the entry forgets it. */
  private confirmed(nowUs: number): void {
    if (this.state === ChangePromptState.Again) {
      const isSame = this.natives.equalConstantTime(
        this.entry.digits,
        0,
        this.kept,
        ChangePin.New,
        FIXED_DIGITS,
      );
      this.entry.wipe();
      if (isSame) this.state = ChangePromptState.Complete;
      else this.refuse(Page.ChangeDiffer, nowUs);
      return;
    }
    const isOld = this.state === ChangePromptState.Old;
    this.natives.copy(this.entry.digits, 0, this.kept, isOld ? ChangePin.Old : ChangePin.New, FIXED_DIGITS);
    this.entry.wipe();
    if (isOld) this.ask(ChangePromptState.New, EntryPurpose.ChangeNew, nowUs);
    else if (this.isTooEasy()) this.refuse(Page.ChangeWeak, nowUs);
    else this.ask(ChangePromptState.Again, EntryPurpose.ChangeAgain, nowUs);
  }

  /** A PIN that the card's other application has already is not judged: nothing that was not a PIN of this card becomes one. */
  private isTooEasy(): boolean {
    const request = this.request;
    if (request === undefined || request.isFinish) return false;
    const place: number = ChangePin.New;
    let isWeak = false;
    // The second look is at zeros: they take the place of what the first left in a script engine's registers.
    for (let look = 0; look < 2; look++) {
      const isKept = look === 0;
      const found = isWeakPin(isKept ? this.kept : this.entry.digits, isKept ? place : 0, request.birth);
      if (isKept) isWeak = found;
    }
    return isWeak;
  }

  /** So many refused new PINs, and the person needs help: the page of the last one stays. */
  private refuse(page: Page, nowUs: number): void {
    this.refused++;
    if (this.refused >= MOST_REFUSED) {
      this.end(Outcome.Cancelled, page);
      return;
    }
    this.state = ChangePromptState.Refused;
    this.deadlineUs = this.view.limitUs(nowUs, FIRST_DIGIT_US);
    this.view.confirmKey = true;
    this.view.show(page);
  }

  private end(outcome: Outcome, page: Page): void {
    this.state = ChangePromptState.Ended;
    this.outcome = outcome;
    this.page = page;
  }
}
