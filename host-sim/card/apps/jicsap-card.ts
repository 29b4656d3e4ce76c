/**
 * A multi-application card that takes the commands of JICSAP V1.1 (JIS X 6306) as measured on 個人番号カード: facts/card.md §1.
 * Where the facts leave it open, decided here: Lc over 16 at VERIFY answers 6700 and costs nothing, any other wrong value
 * costs a try whatever its length; VERIFY of an unset PIN, the empty one too, answers 6985; CHANGE refuses a new value of a
 * wrong length with 6700; a READ beyond the file's end gives what is there and 6282, or just 9000 when Le was "all".
 */
import type { CardApplication } from "../card-application.ts";
import { SeededRandom } from "../../world/random.ts";
import { answer, decodeCommand, status, type CommandApdu } from "./command-apdu.ts";
import type { CardData, Content, JicsapApplicationFiles, JicsapFile } from "./jicsap-file.ts";
import type { PinObject } from "./pin-object.ts";

const SHORTEST_AID_BYTES = 5;
/** GlobalPlatform issuer security domain, selected after power-up. */
const ISSUER_AID = "A0000001510000";
const ISSUER: JicsapApplicationFiles = { aid: ISSUER_AID, files: [], change: "reference-data" };
const MAXIMUM_PIN_BYTES = 16;

export interface JicsapCardOptions {
  readonly applications: readonly JicsapApplicationFiles[];
  readonly data: CardData;
  readonly seed: number;
  /** The first command after power-up answers 6F00. */
  readonly drowsy?: boolean;
  /** Every reset and every SELECT of an application takes the verified state away, not a cold one and another one alone. */
  readonly forgetful?: boolean;
}

export class JicsapCard implements CardApplication {
  readonly pins: readonly PinObject[];
  private selected = ISSUER;
  private current: JicsapFile | undefined;
  private readonly random: SeededRandom;
  private asleep = false;

  constructor(private readonly options: JicsapCardOptions) {
    this.pins = options.applications.flatMap((each) =>
      each.files.flatMap((file) => (file.kind === "pin" ? [file.pin] : [])),
    );
    this.random = new SeededRandom(options.seed);
    this.powerDown();
  }

  /** Measured: a warm reset leaves the verified state. */
  reset(warm: boolean): void {
    if (!warm || this.options.forgetful === true) this.powerDown();
  }

  powerDown(): void {
    this.select(ISSUER);
    this.asleep = this.options.drowsy === true;
  }

  /** The selected application's AID in hexadecimal, for tests. */
  selectedAid(): string {
    return this.selected.aid;
  }

  process(raw: Uint8Array): Uint8Array {
    if (this.asleep) {
      this.asleep = false;
      return status(0x6f00);
    }
    const command = decodeCommand(raw);
    if (command === undefined) return status(0x6700);
    return this.refusedClass(command.cla) ?? this.dispatch(command);
  }

  /** 00 and 80 alone; other channels and secure messaging have answers of their own. */
  private refusedClass(cla: number): Uint8Array | undefined {
    if (cla === 0x00 || cla === 0x80) return undefined;
    if ((cla & 0x70) !== 0) return status(0x6e00);
    return status((cla & 0x03) !== 0 ? 0x6881 : 0x6882);
  }

  private dispatch(command: CommandApdu): Uint8Array {
    switch (command.cla * 256 + command.ins) {
      case 0x00a4:
        return this.selectCommand(command);
      case 0x00b0:
        return this.readBinary(command);
      case 0x00b2:
        return this.readRecord(command);
      case 0x0020:
        return this.verify(command);
      case 0x0024:
        return this.changeReferenceData(command);
      case 0x8032:
        return this.changeKey(command);
      case 0x802a:
        return this.useKey(command, 0x2a);
      case 0x0088:
        return this.useKey(command, 0x88);
      case 0x0084:
        return this.getChallenge(command);
      case 0x00ca:
        return this.getData(command);
      default:
        return status(command.cla === 0x00 || command.ins >= 0x20 ? 0x6d00 : 0x6e00);
    }
  }

  private selectCommand(command: CommandApdu): Uint8Array {
    if (command.p2 !== 0x0c && command.p2 !== 0x00) return status(0x6a86);
    if (command.p1 === 0x04) return this.selectApplication(command);
    if (command.p1 !== 0x02) return status(0x6a86);
    if (command.data.length !== 2) return status(0x6700);
    const found = this.fileOf(command.data[0]! * 256 + command.data[1]!);
    if (found === undefined) return status(0x6a82);
    this.current = found;
    return status(0x9000);
  }

  private selectApplication(command: CommandApdu): Uint8Array {
    if (command.data.length < SHORTEST_AID_BYTES || command.data.length > 16) return status(0x6700);
    const aid = Buffer.from(command.data).toString("hex").toUpperCase();
    const found = [...this.options.applications, ISSUER].find((each) => each.aid.startsWith(aid));
    if (found === undefined) return status(0x6a82);
    if (found === this.selected && this.options.forgetful !== true) this.current = undefined;
    else this.select(found);
    if (command.p2 === 0x0c) return status(0x9000);
    const name = Buffer.from(found.aid, "hex");
    return answer(Uint8Array.of(0x6f, name.length + 2, 0x84, name.length, ...name));
  }

  /** Another application: what was verified before is forgotten. */
  private select(application: JicsapApplicationFiles): void {
    this.selected = application;
    this.current = undefined;
    for (const pin of this.pins) pin.verified = false;
  }

  private readBinary(command: CommandApdu): Uint8Array {
    if (command.hasData || command.le === undefined) return status(0x6700);
    const short = (command.p1 & 0x80) !== 0;
    const file = short ? this.fileByShort(command.p1 & 0x1f) : this.current;
    if (file === undefined) return status(short ? 0x6a82 : 0x6986);
    if (file.kind !== "binary") return status(0x6981);
    if (file.guard !== undefined && !file.guard.verified) return status(0x6982);
    return slice(bytesOf(file.content), short ? command.p2 : command.p1 * 256 + command.p2, command.le);
  }

  private readRecord(command: CommandApdu): Uint8Array {
    const short = command.p2 >> 3;
    if ((command.p2 & 7) !== 4) return status(0x6a86);
    const file = short === 0 ? this.current : this.fileByShort(short);
    if (file === undefined) return status(short === 0 ? 0x6986 : 0x6a82);
    if (file.kind !== "records") return status(0x6981);
    const record = file.records[command.p1 - 1];
    return record === undefined ? status(0x6a83) : slice(record, 0, command.le ?? 256);
  }

  private verify(command: CommandApdu): Uint8Array {
    if (command.p1 !== 0) return status(0x6a86);
    const found = this.referenced(command.p2);
    if (typeof found === "number") return status(found);
    if (found.kind !== "pin") return status(0x6981);
    const pin = found.pin;
    if (!command.hasData && command.le !== undefined) return status(0x6700);
    if (pin.value === undefined) return status(0x6985);
    if (!command.hasData) return status(0x63c0 | pin.left);
    if (command.data.length > MAXIMUM_PIN_BYTES || command.le !== undefined) return status(0x6700);
    switch (pin.verify(command.data)) {
      case "right":
        return status(0x9000);
      case "wrong":
        return status(0x63c0 | pin.left);
      case "blocked":
        return status(0x6984);
      case "unset":
        return status(0x6985);
    }
  }

  private changeReferenceData(command: CommandApdu): Uint8Array {
    if (this.selected.change !== "reference-data") return status(0x6d00);
    return command.p1 === 1 ? this.change(command) : status(0x6a86);
  }

  private changeKey(command: CommandApdu): Uint8Array {
    if (this.selected.change !== "key") return status(0x6d00);
    return command.p1 === 0 ? this.change(command) : status(0x6a86);
  }

  private change(command: CommandApdu): Uint8Array {
    const found = this.referenced(command.p2);
    if (typeof found === "number") return status(found);
    if (found.kind !== "pin") return status(0x6981);
    const pin = found.pin;
    if (pin.value === undefined) return status(0x6985);
    if (pin.left === 0) return status(0x6984);
    if (!pin.verified) return status(0x6982);
    if (!pin.fits(command.data)) return status(0x6700);
    pin.change(command.data);
    return status(0x9000);
  }

  private useKey(command: CommandApdu, instruction: number): Uint8Array {
    if (command.p1 !== 0) return status(0x6a86);
    const found = this.referenced(command.p2);
    if (typeof found === "number") return status(found);
    if (found.kind !== "key" || found.instruction !== instruction) return status(0x6981);
    if (found.guard !== undefined && !found.guard.verified) return status(0x6982);
    const { takesBytes = command.data.length } = found;
    if (command.data.length === 0 || command.data.length > 245) return status(0x6700);
    if (command.data.length !== takesBytes) return status(0x6700);
    return answer(found.sign(command.data));
  }

  private getChallenge(command: CommandApdu): Uint8Array {
    if (command.p1 !== 0 || command.p2 !== 0) return status(0x6a86);
    if (command.hasData || command.le === undefined) return status(0x6700);
    return answer(Uint8Array.from({ length: Math.min(command.le, 256) }, () => this.random.below(256)));
  }

  private getData(command: CommandApdu): Uint8Array {
    const data = this.options.data.get(command.p1 * 256 + command.p2);
    return data === undefined ? status(0x6a88) : answer(data);
  }

  /** P2: 80 the current file, 80+n the file of short identifier n, which becomes current; a status word when there is none. */
  private referenced(p2: number): JicsapFile | number {
    if ((p2 & 0xe0) !== 0x80) return 0x6a86;
    if (p2 === 0x80) return this.current ?? 0x6986;
    const file = this.fileByShort(p2 & 0x1f);
    if (file === undefined) return 0x6a82;
    this.current = file;
    return file;
  }

  private fileOf(id: number): JicsapFile | undefined {
    return this.selected.files.find((file) => file.id === id);
  }

  /** The short identifier is the low five bits of a file identifier below 001F. */
  private fileByShort(short: number): JicsapFile | undefined {
    return short === 0 || short === 31 ? undefined : this.fileOf(short);
  }
}

function bytesOf(content: Content): Uint8Array {
  return typeof content === "function" ? content() : content;
}

function slice(bytes: Uint8Array, offset: number, le: number): Uint8Array {
  if (offset >= bytes.length) return status(0x6b00);
  const part = bytes.subarray(offset, offset + le);
  return answer(part, part.length < le && le < 256 ? 0x6282 : 0x9000);
}
