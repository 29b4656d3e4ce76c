/**
 * The bench image in Espruino's Linux build, on the peripheral bus. Started from Storage in a directory that holds `rom.bin` and
 * `options` (the language: ja, en, easy; what happens to a host's VERIFY: refuse, substitute). The bus is the descriptors 3 and 4.
 */
import { languageOfWord } from "../language-word.ts";
import { bootBench } from "../bus-bench.ts";
import { makeWireEvents } from "../bus-events.ts";
import { BusWire } from "../bus-wire.ts";
import type { EspruinoFileSystem } from "./api.ts";
import { FileText } from "./file-text.ts";
import { FileTransport } from "./file-transport.ts";
import { EspruinoNatives } from "./natives.ts";
import { TextRom } from "./text-rom.ts";

declare const global: { require(name: string): EspruinoFileSystem };
declare const process: { memory(): { readonly usage: number; readonly total: number } };
declare function print(text: string): void;
declare function quit(): void;
declare function setTimeout(run: () => void, ms: number): void;

const FILES = "fs";
// `quit` works only after the boot, which ends with everything below. Memory that is used up and errors end what runs, and no
// `try` sees it: the interpreter must not stay behind, silent.
setTimeout(() => quit(), 0);

const options = global.require(FILES).readFileSync("options");
const words = options === undefined ? "" : options;
const natives = new EspruinoNatives();
const transport = new FileTransport("/dev/fd/3", "/dev/fd/4");
const wire = new BusWire(natives, transport);
const events = makeWireEvents(natives);
const bench = bootBench(
  { natives, rom: new TextRom(new FileText("rom.bin")), bus: wire },
  {
    language: languageOfWord(words.substr(0, words.indexOf(" "))),
    substitute: words.indexOf("substitute") > 0,
  },
);

const memory = process.memory();
print("booted with " + memory.usage + " variables in use");

function run(): void {
  let untilUs = 0;
  while (transport.isOpen) {
    wire.idle(untilUs, events);
    if (transport.isOpen) untilUs = bench.step(events);
  }
}

run();
