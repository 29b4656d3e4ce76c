/**
 * Finds a 住基カード, all of which have expired, without using a try: by the token label that anyone may read in the JPKI
 * application (facts: card §1.2). Once for each insertion, before the host sees the card.
 *
 *   Idle --begin--> Select --9000--> File --9000--> Label --> Done      Select is repeated once: some cards answer their
 *                     +-- no such application: Done          first command after power-on by 6F00 (measured)
 */
import type { ReadonlyBytes } from "../../hal/bytes.ts";
import { CommandKind } from "../driver/t1-exchange.ts";
import { SessionOutcome, type CardSession } from "./card-session.ts";
import { Application, writeSelectApplication, writeSelectFile } from "./pin-objects.ts";

export const enum CardKind {
  /** The check is still running. */
  Unknown = 0,
  /** Nothing speaks against it; nothing was selected. */
  Fresh = 1,
  /** As `Fresh`, but the check has selected something: a cold reset gives the host the card it expects. */
  Touched = 2,
  ExpiredJuki = 3,
}

const enum Step {
  Idle = 0,
  Select = 1,
  SelectAgain = 2,
  File = 3,
  Label = 4,
}

/** CK_TOKEN_INFO, whose first 32 bytes are the label. */
const TOKEN_FILE = 0x0006;
/** "JPKIAPICCTOKEN"; the 個人番号カード has a 2 behind it. */
const JUKI_LABEL: readonly number[] = [74, 80, 75, 73, 65, 80, 73, 67, 67, 84, 79, 75, 69, 78];
const LABEL_BYTES = 16;
/** Status words from here on, but 9000, say that nothing was done. */
const FIRST_ERROR = 0x6400;
const SPACE = 32;

export class CardKindCheck {
  private state = Step.Idle;

  constructor(private readonly session: CardSession) {}

  /** The card is ready and nothing was sent to it yet. */
  begin(nowUs: number): void {
    this.enter(Step.Select, nowUs);
  }

  /** Advances; a kind other than `Unknown` is the end. */
  step(nowUs: number): CardKind {
    if (this.session.outcome() === SessionOutcome.Busy) return CardKind.Unknown;
    const isAnswered = this.session.outcome() === SessionOutcome.Done;
    const isFine = isAnswered && this.session.statusWord() === 0x9000;
    switch (this.state) {
      case Step.Idle:
        return CardKind.Fresh;
      case Step.Select:
        return isFine
          ? this.enter(Step.File, nowUs)
          : isAnswered
            ? this.enter(Step.SelectAgain, nowUs)
            : CardKind.Touched;
      case Step.SelectAgain:
        if (isFine) return this.enter(Step.File, nowUs);
        // 61xx to 63xx have selected the application as well (ISO/IEC 7816-4:2005, table 5).
        return this.session.statusWord() >= FIRST_ERROR ? CardKind.Fresh : CardKind.Touched;
      case Step.File:
        return isFine ? this.enter(Step.Label, nowUs) : CardKind.Touched;
      case Step.Label:
        return isFine && isJukiLabel(this.session.response) ? CardKind.ExpiredJuki : CardKind.Touched;
    }
  }

  private enter(next: Step, nowUs: number): CardKind {
    this.state = next;
    const command = this.session.command;
    let length = 0;
    if (next === Step.File) length = writeSelectFile(TOKEN_FILE, command);
    else if (next === Step.Label) length = writeReadLabel(this.session);
    else length = writeSelectApplication(Application.Jpki, command);
    this.session.transmit(length, CommandKind.Own, nowUs);
    return CardKind.Unknown;
  }
}

/** READ BINARY of the label's first bytes. */
function writeReadLabel(session: CardSession): number {
  const command = session.command;
  command[0] = 0x00;
  command[1] = 0xb0;
  command[2] = 0x00;
  command[3] = 0x00;
  command[4] = LABEL_BYTES;
  return 5;
}

function isJukiLabel(label: ReadonlyBytes): boolean {
  for (let i = 0; i < JUKI_LABEL.length; i++) {
    if (label[i] !== JUKI_LABEL[i]) return false;
  }
  return label[JUKI_LABEL.length] === SPACE;
}
