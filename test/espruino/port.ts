/**
 * What test/portable/main.ts needs, on Espruino: the board's own natives and a console. Imported before it. On the interpreter the
 * page ROM lies beside the program and hal/crypto.ts is the bus's, on the descriptors 3 and 4, where the first `idle` tells that the
 * program has come to its end. The program also runs in a plain JavaScript engine that lends it `global` and `print`.
 */
import { BusCrypto } from "../../board/bus-crypto.ts";
import { makeWireEvents } from "../../board/bus-events.ts";
import { BusWire } from "../../board/bus-wire.ts";
import { FileText } from "../../board/espruino/file-text.ts";
import { FileTransport } from "../../board/espruino/file-transport.ts";
import { EspruinoNatives } from "../../board/espruino/natives.ts";
import { TextRom } from "../../board/espruino/text-rom.ts";

declare const global: { port: object };
declare const E: { openFile?: object };
declare function print(text: string): void;

const natives = new EspruinoNatives();
const line = (text: string): void => print(text);

function portOnInterpreter(): object {
  const wire = new BusWire(natives, new FileTransport("/dev/fd/3", "/dev/fd/4"));
  return {
    natives,
    line,
    rom: () => new TextRom(new FileText("rom.bin")),
    crypto: new BusCrypto(wire),
    end: () => wire.idle(0, makeWireEvents(natives)),
  };
}

global.port = E.openFile === undefined ? { natives, line } : portOnInterpreter();
