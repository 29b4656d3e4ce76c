/**
 * The bench image in a Lua interpreter on a host: board/lua/host.lua lends `port`, the bus goes over standard input and output.
 * Arguments: the ROM's path, the language (ja, en, easy), what happens to a host's VERIFY (refuse, substitute). Runs until its
 * standard input ends.
 */
import type { ByteNatives } from "../../hal/bytes.ts";
import type { Rom } from "../../hal/rom.ts";
import { bootBench } from "../bus-bench.ts";
import { makeWireEvents } from "../bus-events.ts";
import { BusWire, type BusTransport } from "../bus-wire.ts";
import { languageOfWord } from "../language-word.ts";

declare const port: {
  readonly natives: ByteNatives;
  readonly transport: BusTransport;
  rom(this: void, path: string): Rom;
  argument(this: void, position: number): string;
};

const bus = new BusWire(port.natives, port.transport);
const events = makeWireEvents(port.natives);
const bench = bootBench(
  { natives: port.natives, rom: port.rom(port.argument(1)), bus },
  {
    language: languageOfWord(port.argument(2)),
    substitute: port.argument(3) === "substitute",
  },
);
let untilUs = 0;
for (;;) {
  bus.idle(untilUs, events);
  untilUs = bench.step(events);
}
