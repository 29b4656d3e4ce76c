/**
 * A plain ISO/IEC 7816-4 card with one application, short and extended lengths.
 *
 *   DF A0 00 00 09 99 4D 47 01   EF 2001 4,200 bytes to write and read   EF 2002 20,000 bytes, byte n is 7·n mod 251
 *   PIN 01 "1234", 3 tries       EF 2003 24 bytes behind PIN 01          PIN 81 "24681357", 4–16 digits, 3 tries, to change
 */
import type { CardApplication } from "../card-application.ts";
import { answer, decodeCommand, status, type CommandApdu } from "./command-apdu.ts";
import { PinObject } from "./pin-object.ts";

export const ISO_AID = "A0000009994D4701";
const ECHO_FILE = 0x2001;
const BIG_FILE = 0x2002;
const GUARDED_FILE = 0x2003;
/** Made once: no command writes to it. */
const BIG_CONTENT = Uint8Array.from({ length: 20_000 }, (_, at) => (7 * at) % 251);

export class IsoCard implements CardApplication {
  readonly pins: readonly PinObject[];
  private readonly files: Map<number, Uint8Array>;
  private current: number | undefined;

  constructor() {
    const plain = { application: ISO_AID, tries: 3 };
    this.pins = [
      new PinObject({ ...plain, file: 0x01, value: "1234", minimumBytes: 4, maximumBytes: 4 }),
      new PinObject({ ...plain, file: 0x81, value: "24681357", minimumBytes: 4, maximumBytes: 16 }),
    ];
    this.files = new Map([
      [ECHO_FILE, new Uint8Array(4200)],
      [BIG_FILE, BIG_CONTENT],
      [GUARDED_FILE, Uint8Array.from(Buffer.from("readable after PIN only!", "latin1"))],
    ]);
  }

  /** ISO leaves it to the card: this one forgets at every reset. */
  reset(_warm: boolean): void {
    this.powerDown();
  }

  powerDown(): void {
    this.current = undefined;
    for (const pin of this.pins) pin.verified = false;
  }

  process(raw: Uint8Array): Uint8Array {
    const command = decodeCommand(raw);
    if (command === undefined) return status(0x6700);
    if ((command.cla & 0xe0) !== 0) return status(0x6e00);
    if ((command.cla & 0x0c) !== 0) return status(0x6882);
    if ((command.cla & 0x10) !== 0) return status(0x6884);
    if ((command.cla & 0x03) !== 0) return status(0x6881);
    return this.dispatch(command);
  }

  private dispatch(command: CommandApdu): Uint8Array {
    switch (command.ins) {
      case 0xa4:
        return this.select(command);
      case 0x20:
        return this.verify(command);
      case 0x24:
        return this.change(command);
      case 0xb0:
        return this.read(command);
      case 0xd6:
        return this.update(command);
      case 0x84:
        return answer(new Uint8Array(Math.min(command.le ?? 8, 256)).fill(0x5a));
      default:
        return status(0x6d00);
    }
  }

  private select(command: CommandApdu): Uint8Array {
    const name = Buffer.from(command.data).toString("hex").toUpperCase();
    if (command.p1 === 0x04) {
      if (name.length < 10 || !ISO_AID.startsWith(name)) return status(0x6a82);
      this.current = undefined;
      return this.selectedAnswer(
        command,
        Uint8Array.of(0x84, ISO_AID.length / 2, ...Buffer.from(ISO_AID, "hex")),
      );
    }
    if (command.p1 !== 0x00 && command.p1 !== 0x02) return status(0x6a86);
    const id = command.data.length === 2 ? command.data[0]! * 256 + command.data[1]! : 0x3f00;
    if (id === 0x3f00) return this.selectedAnswer(command, Uint8Array.of(0x83, 2, 0x3f, 0x00));
    const file = this.files.get(id);
    if (file === undefined) return status(0x6a82);
    this.current = id;
    return this.selectedAnswer(
      command,
      Uint8Array.of(0x80, 2, file.length >> 8, file.length & 255, 0x82, 1, 1),
    );
  }

  private selectedAnswer(command: CommandApdu, description: Uint8Array): Uint8Array {
    if ((command.p2 & 0x0c) === 0x0c) return status(0x9000);
    return answer(Uint8Array.of(0x6f, description.length, ...description));
  }

  /** Without data: 9000 when verified, else the counter (7816-4:2013, 11.6.6). */
  private verify(command: CommandApdu): Uint8Array {
    const pin = this.pins.find((each) => each.file === command.p2);
    if (command.p1 !== 0) return status(0x6a86);
    if (pin === undefined) return status(0x6a88);
    if (!command.hasData) return status(pin.verified ? 0x9000 : 0x63c0 | pin.left);
    return compared(pin, command.data);
  }

  /** Old and new value in one field; the card knows where the old one ends. */
  private change(command: CommandApdu): Uint8Array {
    const pin = this.pins.find((each) => each.file === command.p2);
    if (pin === undefined || pin.value === undefined) return status(0x6a88);
    if (command.p1 !== 0) return status(0x6a86);
    const oldBytes = Math.min(pin.value.length, command.data.length);
    const sw = compared(pin, command.data.subarray(0, oldBytes));
    if (!pin.verified || sw[0] !== 0x90) return sw;
    const replacement = command.data.subarray(oldBytes);
    if (!pin.fits(replacement)) return status(0x6a80);
    pin.change(replacement);
    return status(0x9000);
  }

  private read(command: CommandApdu): Uint8Array {
    const file = this.openFile();
    if (typeof file === "number") return status(file);
    const offset = command.p1 * 256 + command.p2;
    if (command.le === undefined) return status(0x6700);
    if (offset > 0x7fff) return status(0x6a86);
    if (offset >= file.length) return status(0x6b00);
    const part = file.subarray(offset, offset + command.le);
    return answer(
      part,
      part.length < command.le && command.le !== 256 && command.le !== 65536 ? 0x6282 : 0x9000,
    );
  }

  private update(command: CommandApdu): Uint8Array {
    const file = this.openFile();
    if (typeof file === "number") return status(file);
    if (this.current !== ECHO_FILE) return status(0x6982);
    const offset = command.p1 * 256 + command.p2;
    if (offset + command.data.length > file.length) return status(0x6a84);
    file.set(command.data, offset);
    return status(0x9000);
  }

  private openFile(): Uint8Array | number {
    if (this.current === undefined) return 0x6986;
    if (this.current === GUARDED_FILE && this.pins[0]?.verified !== true) return 0x6982;
    return this.files.get(this.current)!;
  }
}

function compared(pin: PinObject, data: Uint8Array): Uint8Array {
  switch (pin.verify(data)) {
    case "right":
      return status(0x9000);
    case "wrong":
      return status(0x63c0 | pin.left);
    case "blocked":
    case "unset":
      return status(0x6983);
  }
}
