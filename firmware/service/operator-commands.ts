/**
 * SignIn and SignOut (docs/protocol.md, Commands of the counter). A sign-in is answered when it is over; nothing of it is stored, for
 * who is signed in is what the terminal goes by.
 */
import type { ByteNatives, ReadonlyBytes } from "../../hal/bytes.ts";
import type { Key } from "../driver/keypad.ts";
import { CcidHeader, DATA_AT } from "../protocol/ccid.ts";
import type { CcidAnswers } from "./ccid-answers.ts";
import { CommandResult } from "./command-result.ts";
import type { OperatorCard } from "./operator-card.ts";
import type { OperatorKey } from "./operator-key.ts";
import { OperatorEvent, type OperatorRecords } from "./operator-records.ts";
import type { OperatorSession } from "./operator-session.ts";
import { SignInState, type OperatorSignIn } from "./operator-sign-in.ts";
import type { Name } from "./pair.ts";
import { languageOf } from "./view.ts";

export const enum OperatorCommand {
  SignIn = 0x33,
  SignOut = 0x34,
}

export interface OperatorCommandParts {
  readonly answers: CcidAnswers;
  readonly signIn: OperatorSignIn;
  readonly card: OperatorCard;
  readonly key: OperatorKey;
  readonly records: OperatorRecords;
  readonly session: OperatorSession;
}

export class OperatorCommands {
  private readonly pending = new CcidHeader();
  private isPending = false;

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: OperatorCommandParts,
  ) {}

  /** A sign-in is under way: cards and pages are its own. */
  isBusy(): boolean {
    return this.parts.signIn.state() !== SignInState.Idle;
  }

  press(key: Key, nowUs: number): boolean {
    return this.parts.signIn.press(key, nowUs);
  }

  /** As 取消. */
  abort(): void {
    this.parts.signIn.abort();
  }

  /** Nobody waits for an answer any more. */
  abandon(): void {
    this.isPending = false;
    this.abort();
  }

  /** Whether a check may be made in the name of `operator`. */
  mayCheck(operator: Name, nowUs: number): boolean {
    return this.parts.session.mayCheck(operator, nowUs);
  }

  /** One of `OperatorCommand`, its data at `message[at…]`, while nothing is under way. */
  request(message: ReadonlyBytes, at: number, header: CcidHeader, nowUs: number): void {
    const isSignIn = message[at - 1] === OperatorCommand.SignIn;
    const length = header.dataLength - (at - DATA_AT);
    const language = languageOf(message[at]);
    if (length !== (isSignIn ? 1 : 0)) this.tell(header, CommandResult.BadField);
    else if (!isSignIn) this.signOut(header, nowUs);
    else if (language === undefined) this.tell(header, CommandResult.BadField);
    else if (!this.parts.key.isThere()) this.tell(header, CommandResult.NotKnown);
    else if (!this.parts.records.hasRoom()) this.tell(header, CommandResult.OutOfService);
    else {
      this.isPending = true;
      this.pending.keep(header);
      this.parts.signIn.begin(language, nowUs);
    }
  }

  /** While a sign-in is under way. */
  step(nowUs: number): number {
    const signIn = this.parts.signIn;
    if (signIn.state() !== SignInState.Done) {
      const nextUs = signIn.step(nowUs);
      // What has to be remembered is a step's work of its own.
      return signIn.state() === SignInState.Done ? nowUs : nextUs;
    }
    const isKept = signIn.conclude(nowUs);
    signIn.take(nowUs);
    if (this.isPending && isKept) this.tellOutcome();
    else if (this.isPending) this.tell(this.pending, CommandResult.OutOfService);
    this.isPending = false;
    return nowUs;
  }

  /** What time brings, while nothing is under way. Returns when it is due. */
  rest(nowUs: number): number {
    return this.parts.session.step(nowUs);
  }

  private signOut(header: CcidHeader, nowUs: number): void {
    const isKept = this.parts.session.end(OperatorEvent.SignedOut, nowUs);
    this.tell(header, isKept ? CommandResult.Done : CommandResult.OutOfService);
  }

  private tellOutcome(): void {
    const into = this.parts.answers.message;
    const name = this.parts.card.name;
    into[DATA_AT] = CommandResult.Done;
    into[DATA_AT + 1] = this.parts.signIn.outcome;
    into[DATA_AT + 2] = this.parts.signIn.triesLeft;
    into[DATA_AT + 3] = name.length;
    this.natives.copy(name.bytes, 0, into, DATA_AT + 4, name.length);
    this.parts.answers.succeed(this.pending, 4 + name.length, 0);
  }

  private tell(header: CcidHeader, result: CommandResult): void {
    this.parts.answers.message[DATA_AT] = result;
    this.parts.answers.succeed(header, 1, 0);
  }
}
