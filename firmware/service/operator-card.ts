/**
 * An operator's card (docs/protocol.md, The operator's card): whose it is, which anybody may read, and its answer to a challenge,
 * which it gives after its PIN alone.
 *
 *   Idle --begin--> Select --9000--> Reading --9000, well formed--> Known --challenge--> Answering --> Answered | Unreadable
 *                     +-- no such application: Foreign  +-- anything else: Unreadable      the card gone or silent: Unreadable
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CommandKind } from "../driver/t1-exchange.ts";
import { SessionOutcome, type CardSession } from "./card-session.ts";
import { ANSWER_BYTES, CHALLENGE_BYTES } from "./operator-key.ts";
import { isName, Name } from "./pair.ts";
import { Application, writeSelectApplication } from "./pin-objects.ts";

export const enum OperatorCardState {
  Idle = 0,
  Select = 1,
  Reading = 2,
  /** `name` is what the card says. */
  Known = 3,
  /** It has no such application: no operator's card. */
  Foreign = 4,
  Unreadable = 5,
  Answering = 6,
  /** `answer` is the card's. */
  Answered = 7,
}

/** BER-TLV: 5F20, length, name. */
const TAG_FIRST = 0x5f;
const TAG_SECOND = 0x20;
const NAME_AT = 3;
const STATUS_BYTES = 2;
const NOT_FOUND = 0x6a82;
const OK = 0x9000;
/** Header, Lc, challenge, Le. */
const AUTHENTICATE_BYTES = 5 + CHALLENGE_BYTES + 1;

export class OperatorCard {
  readonly name: Name;
  /** A wrong one has zeros behind what the card gave. */
  readonly answer: Bytes;
  private current = OperatorCardState.Idle;

  constructor(
    private readonly natives: ByteNatives,
    private readonly session: CardSession,
  ) {
    this.name = new Name(natives);
    this.answer = natives.allocate(ANSWER_BYTES);
  }

  /** No card has said anything yet. */
  forget(): void {
    this.current = OperatorCardState.Idle;
    this.name.set(this.name.bytes, 0, 0);
  }

  /** The card is ready. */
  begin(nowUs: number): void {
    const length = writeSelectApplication(Application.Operator, this.session.command);
    this.send(OperatorCardState.Select, length, nowUs);
  }

  /** Asks for the answer to `bytes[0…15]`. The application is selected, its PIN verified. */
  challenge(bytes: ReadonlyBytes, nowUs: number): void {
    const command = this.session.command;
    this.natives.wipe(this.answer);
    this.natives.copy(bytes, 0, command, writeAuthenticate(command), CHALLENGE_BYTES);
    this.send(OperatorCardState.Answering, AUTHENTICATE_BYTES, nowUs);
  }

  step(nowUs: number): OperatorCardState {
    const outcome = this.session.outcome();
    if (!this.isAsking() || outcome === SessionOutcome.Busy) return this.current;
    if (outcome !== SessionOutcome.Done) this.current = OperatorCardState.Unreadable;
    else if (this.current === OperatorCardState.Select) this.selected(nowUs);
    else if (this.session.statusWord() !== OK) this.current = OperatorCardState.Unreadable;
    else if (this.current === OperatorCardState.Answering) this.takeAnswer();
    else this.current = this.takeName() ? OperatorCardState.Known : OperatorCardState.Unreadable;
    return this.current;
  }

  private isAsking(): boolean {
    const isReading = this.current === OperatorCardState.Select || this.current === OperatorCardState.Reading;
    return isReading || this.current === OperatorCardState.Answering;
  }

  private send(next: OperatorCardState, length: number, nowUs: number): void {
    this.current = next;
    this.session.transmit(length, CommandKind.Ordinary, nowUs);
  }

  private selected(nowUs: number): void {
    const status = this.session.statusWord();
    if (status === OK) this.send(OperatorCardState.Reading, writeReadName(this.session.command), nowUs);
    else this.current = status === NOT_FOUND ? OperatorCardState.Foreign : OperatorCardState.Unreadable;
  }

  /** Returns whether it is well formed; the name changes only then. */
  private takeName(): boolean {
    const bytes = this.session.response;
    const length = this.session.responseLength() - STATUS_BYTES - NAME_AT;
    if (length < 0 || bytes[0] !== TAG_FIRST || bytes[1] !== TAG_SECOND) return false;
    if (bytes[2] !== length || !isName(bytes, NAME_AT, length)) return false;
    this.name.set(bytes, NAME_AT, length);
    return true;
  }

  private takeAnswer(): void {
    const length = this.session.responseLength() - STATUS_BYTES;
    this.natives.copy(
      this.session.response,
      0,
      this.answer,
      0,
      length < ANSWER_BYTES ? length : ANSWER_BYTES,
    );
    // A longer one is no answer, whatever it begins with.
    if (length > ANSWER_BYTES) this.natives.wipe(this.answer);
    this.current = OperatorCardState.Answered;
  }
}

/** `00 B0 81 00 00`: the file with short identifier 1 (ISO/IEC 7816-4:2005, 7.2.3); returns its length. */
function writeReadName(into: Bytes): number {
  into[0] = 0x00;
  into[1] = 0xb0;
  into[2] = 0x81;
  into[3] = 0x00;
  into[4] = 0x00;
  return 5;
}

/** `00 88 00 92 10 challenge 20`: INTERNAL AUTHENTICATE with key 12 (7.5.2); returns where the challenge goes. */
function writeAuthenticate(into: Bytes): number {
  into[0] = 0x00;
  into[1] = 0x88;
  into[2] = 0x00;
  into[3] = 0x92;
  into[4] = CHALLENGE_BYTES;
  into[AUTHENTICATE_BYTES - 1] = ANSWER_BYTES;
  return 5;
}
