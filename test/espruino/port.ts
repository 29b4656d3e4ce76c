/**
 * What test/portable/main.ts needs, on Espruino: the board's own natives and a console. Imported before it.
 * The program also runs in a plain JavaScript engine that lends it `global` and `print`.
 */
import { EspruinoNatives } from "../../board/espruino/natives.ts";

declare const global: { port: object };
declare function print(text: string): void;

global.port = { natives: new EspruinoNatives(), line: (text: string) => print(text) };
