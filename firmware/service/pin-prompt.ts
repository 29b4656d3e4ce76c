/**
 * Asks a person for the digits of one PIN command and writes them where the command is sent from.
 *
 *   Idle --begin, one try left--> ConfirmLast --確認--+                              (取消, time) --> Cancelled, TimedOut
 *     |                                             v                                 from every question
 *     +--begin--> [Old --確認-->] New --確認--> [Again --確認-->] Complete
 *                                                  | differ --> Differed              each end --stop--> Idle
 */
import type { Bytes } from "../../hal/bytes.ts";
import { Key } from "../driver/keypad.ts";
import type { PinBlock } from "../protocol/pin-block.ts";
import type { SecureRequest } from "../protocol/secure-request.ts";
import { NEVER_US } from "../protocol/time.ts";
import { EntryState, FIRST_DIGIT_US, type PinEntry } from "./pin-entry.ts";
import { FIXED_DIGITS, hasFixedLength, PinAction } from "./pin-objects.ts";
import type { PinTarget } from "./pin-target.ts";
import { EntryPurpose, Page, type View } from "./view.ts";

export const enum PromptState {
  Idle = 0,
  /** The person knows that one try is left and decides. */
  ConfirmLast = 1,
  Old = 2,
  New = 3,
  Again = 4,
  /** `command[0…commandLength-1]` is the whole command. */
  Complete = 5,
  Cancelled = 6,
  TimedOut = 7,
  /** The two new PINs differ. */
  Differed = 8,
}

/** The parts that asking needs, made once by the composition. */
export interface PromptParts {
  readonly entry: PinEntry;
  /** Has judged the request's template. */
  readonly block: PinBlock;
  readonly view: View;
}

export class PinPrompt {
  commandLength = 0;
  private state = PromptState.Idle;
  private asksOld = false;
  private confirmsNew = false;
  private minimumDigits = FIXED_DIGITS;
  private maximumDigits = FIXED_DIGITS;
  private timeoutUs = 0;
  private confirmDeadlineUs = NEVER_US;

  /** `command` takes the finished APDU; `target` says what is asked for. */
  constructor(
    private readonly parts: PromptParts,
    private readonly target: PinTarget,
    private readonly command: Bytes,
  ) {}

  current(): PromptState {
    return this.state;
  }

  /** Keeps what `request`, judged already, wants asked. */
  prepare(request: SecureRequest): void {
    this.asksOld = request.asksOld;
    this.confirmsNew = request.confirmsNew;
    this.minimumDigits = request.minDigits;
    this.maximumDigits = hasFixedLength(this.target.name) ? FIXED_DIGITS : request.maxDigits;
    this.timeoutUs = request.timeOutSeconds * 1000000;
  }

  /** Asks for the first PIN, or before that whether to use the last try. `triesLeft` as in `View`. */
  begin(triesLeft: number, nowUs: number): void {
    // A new PIN alone cannot be wrong: only commands that carry the present one use tries.
    const usesTry = this.target.action !== PinAction.ChangeNew;
    if (triesLeft !== 1 || !usesTry) {
      this.ask(nowUs);
      return;
    }
    this.state = PromptState.ConfirmLast;
    const view = this.parts.view;
    const ownUs = view.limitUs(nowUs, FIRST_DIGIT_US);
    this.confirmDeadlineUs = this.timeoutUs === 0 ? ownUs : nowUs + this.timeoutUs;
    view.showTries(Page.LastTry, triesLeft);
  }

  /** One key; returns whether it acted. */
  press(key: Key, nowUs: number): boolean {
    if (this.state !== PromptState.ConfirmLast) return this.parts.entry.press(key, nowUs);
    if (key === Key.Confirm) {
      this.ask(nowUs);
      return true;
    }
    if (key !== Key.Cancel) return false;
    this.state = PromptState.Cancelled;
    return true;
  }

  /** Goes on with what was confirmed; returns when to call again. */
  step(nowUs: number): number {
    switch (this.state) {
      case PromptState.Idle:
      case PromptState.Complete:
      case PromptState.Cancelled:
      case PromptState.TimedOut:
      case PromptState.Differed:
        return NEVER_US;
      case PromptState.ConfirmLast:
        if (nowUs < this.confirmDeadlineUs) return this.confirmDeadlineUs;
        this.state = PromptState.TimedOut;
        return nowUs;
      case PromptState.Old:
      case PromptState.New:
      case PromptState.Again:
        return this.stepEntry(nowUs);
    }
  }

  /** Every way out: nothing typed stays in the entry. The command is its owner's to wipe. */
  stop(): void {
    this.parts.entry.wipe();
    this.state = PromptState.Idle;
  }

  private ask(nowUs: number): void {
    this.enterEntry(this.asksOld ? PromptState.Old : PromptState.New, nowUs);
  }

  private enterEntry(next: PromptState, nowUs: number): void {
    this.state = next;
    const view = this.parts.view;
    view.pinName = this.target.name;
    view.purpose = this.purposeOf(next);
    view.minimumDigits = this.minimumDigits;
    view.maximumDigits = this.maximumDigits;
    view.digits = 0;
    view.show(Page.PinEntry);
    this.parts.entry.begin(this.timeoutUs, nowUs);
  }

  private purposeOf(state: PromptState): EntryPurpose {
    if (state === PromptState.Old) return EntryPurpose.ChangeOld;
    if (state === PromptState.Again) return EntryPurpose.ChangeAgain;
    return this.target.action === PinAction.Verify ? EntryPurpose.Verify : EntryPurpose.ChangeNew;
  }

  private stepEntry(nowUs: number): number {
    const deadlineUs = this.parts.entry.step(nowUs);
    switch (this.parts.entry.current()) {
      case EntryState.Idle:
      case EntryState.Typing:
        return deadlineUs;
      case EntryState.Confirmed:
        this.confirmed(nowUs);
        return nowUs;
      case EntryState.Cancelled:
        this.state = PromptState.Cancelled;
        return nowUs;
      case EntryState.TimedOut:
        this.state = PromptState.TimedOut;
        return nowUs;
    }
  }

  /** Moves the digits to the one place they are sent from, and forgets them here. */
  private confirmed(nowUs: number): void {
    const entry = this.parts.entry;
    const block = this.parts.block;
    const count = entry.confirmedLength();
    if (this.state === PromptState.Again) {
      const same = block.matchesNew(entry.digits, count, this.command);
      entry.wipe();
      this.state = same ? PromptState.Complete : PromptState.Differed;
      return;
    }
    const isOld = this.state === PromptState.Old;
    this.commandLength = isOld
      ? block.placeOld(entry.digits, count, this.command)
      : block.placeNew(entry.digits, count, this.command);
    entry.wipe();
    if (isOld) this.enterEntry(PromptState.New, nowUs);
    else if (this.confirmsNew) this.enterEntry(PromptState.Again, nowUs);
    else this.state = PromptState.Complete;
  }
}
