/** Run on the interpreter beside rom.bin: what hal/rom promises, of the page ROM in a file and in Storage. */
import type { EspruinoFileSystem, EspruinoStorage } from "../../board/espruino/api.ts";
import { FileText } from "../../board/espruino/file-text.ts";
import { EspruinoNatives } from "../../board/espruino/natives.ts";
import { StorageText } from "../../board/espruino/storage-text.ts";
import { TextRom } from "../../board/espruino/text-rom.ts";
import { checkRom } from "../portable/rom.cases.ts";
import type { Report } from "../portable/report.ts";

declare const global: { require(name: string): unknown };
declare function print(text: string): void;

const FILES = "fs";
const STORAGE = "Storage";
const FILE = "rom.bin";

class Count implements Report {
  right = 0;
  wrong = 0;

  equal(actual: number, expected: number, what: string): void {
    if (actual === expected) this.right++;
    else {
      this.wrong++;
      print("FAIL " + what + ": got " + actual + ", want " + expected);
    }
  }
}

const files = global.require(FILES) as EspruinoFileSystem;
const storage = global.require(STORAGE) as EspruinoStorage & { write(name: string, text: string): boolean };
const text = files.readFileSync(FILE);
const count = new Count();
if (text === undefined || !storage.write(FILE, text)) print("the ROM does not fit");
else {
  checkRom(count, new EspruinoNatives(), new TextRom(new FileText(FILE)));
  checkRom(count, new EspruinoNatives(), new TextRom(new StorageText(storage, FILE)));
}
print("rom: " + count.right + " right, " + count.wrong + " wrong");
