/** A change on a card of words alone: whatever the n-th command comes to, nothing typed is left in any byte of the program. */
import { suite } from "uvu";
import { is } from "uvu/assert";
import { digitOf, type Key, Key as Keys } from "../../../firmware/driver/keypad.ts";
import { Lamp } from "../../../firmware/driver/lamps.ts";
import { CardContext } from "../../../firmware/service/card-context.ts";
import { SessionOutcome, SessionState, type CardSession } from "../../../firmware/service/card-session.ts";
import { CheckRequest } from "../../../firmware/service/check-request.ts";
import { Judgement } from "../../../firmware/service/ledger.ts";
import { PinChange } from "../../../firmware/service/pin-change.ts";
import { PinEntry } from "../../../firmware/service/pin-entry.ts";
import { View } from "../../../firmware/service/view.ts";
import { trackedNatives } from "../protocol/tracked-natives.ts";

const test = suite("pin change");
const KEYS = Array.from({ length: 16 }, (_, key) => key as Key);
const RIGHT = 0x9000;

/** Answers 9000, the query 63C3, and its `at`-th PIN command as told. */
class WordyCard {
  readonly command: Uint8Array;
  pinCommands = 0;
  private word = RIGHT;
  private result = SessionOutcome.None;

  constructor(
    allocate: (length: number) => Uint8Array,
    private readonly at: number,
    private readonly how: { readonly outcome: SessionOutcome; readonly word: number },
  ) {
    this.command = allocate(64);
  }

  transmit(length: number): void {
    const isQuery = this.command[1] === 0x20 && length === 4;
    const isPin = !isQuery && (this.command[1] === 0x20 || this.command[1] === 0x32);
    const isTold = isPin && ++this.pinCommands === this.at;
    this.result = isTold ? this.how.outcome : SessionOutcome.Done;
    this.word = isQuery ? 0x63c3 : isTold ? this.how.word : RIGHT;
  }

  outcome(): SessionOutcome {
    return this.result;
  }

  statusWord(): number {
    return this.result === SessionOutcome.Done ? this.word : 0;
  }

  state(): SessionState {
    return SessionState.Ready;
  }

  isPresent(): boolean {
    return true;
  }

  wipe(): void {
    this.command.fill(0);
  }
}

function press(change: PinChange, digits: string): void {
  for (const digit of digits)
    change.press(
      KEYS.find((key) => digitOf(key) === Number(digit))!,
      0,
    );
  change.press(Keys.Confirm, 0);
  change.step(0);
}

test("refused, not sent, undecided or done at any of the five commands: no digit is left, and no command follows", () => {
  const ways = [
    { outcome: SessionOutcome.Done, word: 0x63c2 },
    { outcome: SessionOutcome.Done, word: 0x6f00 },
    { outcome: SessionOutcome.NotSent, word: 0 },
    { outcome: SessionOutcome.Undecided, word: 0 },
  ];
  for (let at = 1; at <= 6; at++) {
    for (const how of ways) {
      const { natives, made } = trackedNatives();
      const view = new View();
      const card = new WordyCard((length) => natives.allocate(length) as Uint8Array, at, how);
      const pins = { set: () => undefined, read: () => 0, takeEdges: () => 0 };
      const memory = {
        look: () => undefined,
        admit: () => Judgement.Allowed,
        attempt: () => true,
        changing: () => true,
      };
      const change = new PinChange(natives, {
        session: card as unknown as CardSession,
        context: new CardContext(),
        entry: new PinEntry(natives, view, new Lamp(pins, 0)),
        memory,
        view,
      });
      change.begin(new CheckRequest(natives), 0);
      for (let i = 0; i < 10; i++) change.step(0);
      for (const digits of ["5678", "7391", "7391"]) press(change, digits);
      for (let i = 0; i < 40; i++) change.step(0);
      const what = `command ${at}: ${how.outcome}, ${how.word}`;
      is(change.isDone(), true, what);
      is(card.pinCommands, Math.min(at, 5), what);
      is(
        made.every((bytes) => bytes.every((byte) => byte === 0)),
        true,
        what,
      );
    }
  }
});

test.run();
