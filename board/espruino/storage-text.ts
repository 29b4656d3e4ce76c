/** The bytes of a ROM in Storage, read where they lie: the flash of the board is memory-mapped. */
import type { EspruinoStorage } from "./api.ts";
import type { RomText } from "./text-rom.ts";

export class StorageText implements RomText {
  readonly lengthBytes: number;

  /** A file that is missing has no bytes. */
  constructor(
    private readonly storage: EspruinoStorage,
    private readonly name: string,
  ) {
    const whole = storage.read(name);
    this.lengthBytes = whole === undefined ? 0 : whole.length;
  }

  read(offset: number, length: number): string {
    // To the interpreter no length is the rest of the file.
    if (length === 0) return "";
    const text = this.storage.read(this.name, offset, length);
    return text === undefined ? "" : text;
  }
}
