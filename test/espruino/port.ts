/**
 * What test/portable/main.ts needs, on Espruino: the board's own natives and a console. Imported before it.
 * The program also runs in a plain JavaScript engine that lends it `global` and `print`.
 */
import { FileText } from "../../board/espruino/file-text.ts";
import { EspruinoNatives } from "../../board/espruino/natives.ts";
import { TextRom } from "../../board/espruino/text-rom.ts";

declare const global: { port: object };
declare const E: { openFile?: object };
declare function print(text: string): void;

const natives = new EspruinoNatives();
const line = (text: string): void => print(text);
global.port = { natives, line };
// Where there are files: the page ROM lies beside the program.
if (E.openFile !== undefined)
  global.port = { natives, line, rom: () => new TextRom(new FileText("rom.bin")) };
