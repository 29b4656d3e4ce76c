/**
 * The bench image on the MPS2 board: program.c lends `port`. Words of the command line: the language (ja, en, easy), what happens to a
 * host's VERIFY (refuse, substitute).
 */
import type { BusEvents, PeripheralBus } from "../../hal/bus.ts";
import type { ByteNatives } from "../../hal/bytes.ts";
import type { Rom } from "../../hal/rom.ts";
import { bootBench } from "../bus-bench.ts";
import { makeWireEvents } from "../bus-events.ts";
import { languageOfWord } from "../language-word.ts";

declare const port: {
  readonly natives: ByteNatives;
  readonly bus: PeripheralBus & { idle(untilUs: number, into: BusEvents): void };
  readonly rom: Rom;
  argument(this: void, position: number): string;
};

const events = makeWireEvents(port.natives);
const bench = bootBench(
  { natives: port.natives, rom: port.rom, bus: port.bus },
  {
    language: languageOfWord(port.argument(1)),
    substitute: port.argument(2) === "substitute",
  },
);
let untilUs = 0;
for (;;) {
  port.bus.idle(untilUs, events);
  untilUs = bench.step(events);
}
