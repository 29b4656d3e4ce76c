/** The bytes of a ROM in a file of Espruino's file API: its Linux build has 256 KB of Storage, too little for ROM and program. */
import type { EspruinoFile, EspruinoFileSystem } from "./api.ts";
import type { RomText } from "./text-rom.ts";

declare const E: { openFile(path: string, mode: string): EspruinoFile };
declare const global: { require(name: string): EspruinoFileSystem };

/** Apart from `require`, which neither the bundler nor Espruino's tools may follow: the interpreter has it inside. */
const FILES = "fs";

export class FileText implements RomText {
  readonly lengthBytes: number;
  private readonly file: EspruinoFile;

  /** A file that is missing has no bytes, and an error of the interpreter stands in its log. */
  constructor(path: string) {
    const status = global.require(FILES).statSync(path);
    this.lengthBytes = status === undefined ? 0 : status.size;
    this.file = E.openFile(path, "r");
  }

  read(offset: number, length: number): string {
    this.file.seek(offset);
    const text = this.file.read(length);
    return text === undefined ? "" : text;
  }
}
