/**
 * What the host has selected on the card, followed through its own commands and the card's answers. It is a hint: before
 * a known PIN is asked for the terminal selects application and file itself (secure-service.ts).
 */
import type { ReadonlyBytes } from "../../hal/bytes.ts";
import { CRC16_START, crc16Next } from "../protocol/crc16.ts";
import { ClassKind, classKind, logicalChannel, type CommandApdu } from "../protocol/command-apdu.ts";
import { Application, applicationOf, isKnown } from "./pin-objects.ts";

/** No current file, or one that the terminal cannot name. */
export const NO_FILE = -1;

const SELECT = 0xa4;
/** Basic channel, more of this command to follow (ISO/IEC 7816-4:2005, 5.1.1.1). */
const CHAINED = 0x10;
/** P1 of SELECT (ISO/IEC 7816-4:2005, table 39). */
const BY_FILE = 0x02;
const BY_NAME = 0x04;

/** What a command does to the selection if the card carries it out. */
const enum Effect {
  None = 0,
  Name = 1,
  File = 2,
  /** Another file becomes current; which one is not told by name. */
  SomeFile = 3,
  /** A selection in a class or by a way that only the card understands. */
  Untold = 4,
}

export class CardContext {
  application = Application.None;
  /** File identifier of the current EF, or `NO_FILE`. */
  file = NO_FILE;
  /** Tells applications apart that the terminal cannot name: the check sum of the AID selected last, 0 before. */
  nameSum = 0;
  private effect = Effect.None;
  private applicationAsked = Application.None;
  private nameSumAsked = 0;
  private fileAsked = NO_FILE;
  private isPart = false;
  private isChainOpen = false;

  /** After the card's cold reset. */
  reset(): void {
    this.application = Application.None;
    this.file = NO_FILE;
    this.nameSum = 0;
    this.effect = Effect.None;
    this.isPart = false;
    this.isChainOpen = false;
  }

  /** The terminal itself works on `file` of `application`. */
  choose(application: Application, file: number): void {
    this.reset();
    this.application = application;
    this.file = file;
  }

  /** Whether a PIN may be asked for: what is selected can be told, and no command is half given to the card by its class. */
  isCertain(): boolean {
    return this.application !== Application.Ambiguous && !this.isChainOpen;
  }

  /** Looks at a command that is about to be sent, and remembers what it asks for. */
  observeCommand(apdu: CommandApdu, raw: ReadonlyBytes): void {
    this.isPart = apdu.cla === CHAINED;
    // The end of a SELECT that was given in parts: its name begins in an earlier command.
    const endsSelect = this.isChainOpen && apdu.ins === SELECT;
    this.effect = endsSelect ? Effect.Untold : effectOf(apdu);
    if (this.effect === Effect.Name) {
      this.applicationAsked = applicationOf(raw, apdu.dataAt, apdu.dataLength);
      this.nameSumAsked = sumOf(raw, apdu.dataAt, apdu.dataLength);
    }
    if (this.effect === Effect.File) this.fileAsked = raw[apdu.dataAt] * 256 + raw[apdu.dataAt + 1];
  }

  /** Applies what the command asked for, by the status word of its answer. */
  observeAnswer(statusWord: number): void {
    const took = hasEffect(statusWord);
    this.isChainOpen = this.isPart && took;
    switch (this.effect) {
      case Effect.None:
        break;
      case Effect.Name:
        this.nameAnswered(took);
        break;
      case Effect.File:
        if (took) this.file = this.fileAsked;
        break;
      case Effect.SomeFile:
        this.file = NO_FILE;
        break;
      case Effect.Untold:
        if (took) this.lose();
        break;
    }
    this.effect = Effect.None;
  }

  /** Nothing can be told any more: an answer got lost, or a card did what only it understands. */
  lose(): void {
    this.application = Application.Ambiguous;
    this.file = NO_FILE;
  }

  private nameAnswered(took: boolean): void {
    if (took) {
      this.application = this.applicationAsked;
      this.nameSum = this.nameSumAsked;
      this.file = NO_FILE;
      return;
    }
    // By the standard a SELECT that failed leaves the old application; not every card has read the standard.
    if (isKnown(this.applicationAsked) || this.applicationAsked === Application.Ambiguous) this.lose();
  }
}

function sumOf(raw: ReadonlyBytes, at: number, length: number): number {
  let sum = CRC16_START;
  for (let i = 0; i < length; i++) sum = crc16Next(sum, raw[at + i]);
  return sum;
}

function effectOf(apdu: CommandApdu): Effect {
  if (apdu.ins !== SELECT) return usesShortFile(apdu) ? Effect.SomeFile : Effect.None;
  if (apdu.cla !== 0x00) {
    const isInterindustry = classKind(apdu.cla) < ClassKind.Reserved;
    return isInterindustry && logicalChannel(apdu.cla) !== 0 ? Effect.None : Effect.Untold;
  }
  if (apdu.p1 === BY_NAME) return Effect.Name;
  return apdu.p1 === BY_FILE && apdu.dataLength === 2 ? Effect.File : Effect.SomeFile;
}

/** 9000, 61xx, 62xx, 63xx: the command was carried out, perhaps with a warning (ISO/IEC 7816-4:2005, table 5). */
function hasEffect(statusWord: number): boolean {
  const first = statusWord >> 8;
  return first === 0x90 || (first >= 0x61 && first <= 0x63);
}

/** Commands that name a file by its short identifier make it the current one (7.2.2, 7.3.2). */
function usesShortFile(apdu: CommandApdu): boolean {
  const isBinary = apdu.ins === 0xb0 || apdu.ins === 0xd0 || apdu.ins === 0xd6;
  if (isBinary) return (apdu.p1 & 0x80) !== 0;
  const isRecord = apdu.ins === 0xb2 || apdu.ins === 0xdc || apdu.ins === 0xe2;
  return isRecord && apdu.p2 >> 3 !== 0;
}
