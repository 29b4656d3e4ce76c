/** A sealed image on the MPS2 board, as main.ts runs the bench image. Word of the command line: the language (ja, en, easy). */
import type { ImageKind } from "../../firmware/service/counter-hello.ts";
import type { BusEvents, PeripheralBus } from "../../hal/bus.ts";
import type { ByteNatives } from "../../hal/bytes.ts";
import type { Crypto } from "../../hal/crypto.ts";
import type { Rom } from "../../hal/rom.ts";
import { makeWireEvents } from "../bus-events.ts";
import { bootSealed } from "../bus-sealed.ts";
import { languageOfWord } from "../language-word.ts";

declare const port: {
  readonly natives: ByteNatives;
  readonly bus: PeripheralBus & { idle(untilUs: number, into: BusEvents): void };
  readonly rom: Rom;
  readonly crypto: Crypto;
  argument(this: void, position: number): string;
};

export function runSealed(image: ImageKind): void {
  const events = makeWireEvents(port.natives);
  const terminal = bootSealed(
    { natives: port.natives, rom: port.rom, bus: port.bus, crypto: port.crypto },
    { language: languageOfWord(port.argument(1)), image },
  );
  let untilUs = 0;
  for (;;) {
    port.bus.idle(untilUs, events);
    untilUs = terminal.step(events);
  }
}
