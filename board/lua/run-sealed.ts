/**
 * A sealed image in a Lua interpreter on a host, as main.ts runs the bench image. Arguments: the ROM's path, the language (ja, en, easy).
 * Runs until its standard input ends.
 */
import type { ImageKind } from "../../firmware/service/counter-hello.ts";
import type { ByteNatives } from "../../hal/bytes.ts";
import type { Rom } from "../../hal/rom.ts";
import { BusCrypto } from "../bus-crypto.ts";
import { makeWireEvents } from "../bus-events.ts";
import { bootSealed } from "../bus-sealed.ts";
import { BusWire, type BusTransport } from "../bus-wire.ts";
import { languageOfWord } from "../language-word.ts";

declare const port: {
  readonly natives: ByteNatives;
  readonly transport: BusTransport;
  rom(this: void, path: string): Rom;
  argument(this: void, position: number): string;
};

export function runSealed(image: ImageKind): void {
  const natives = port.natives;
  const bus = new BusWire(natives, port.transport);
  const events = makeWireEvents(natives);
  const terminal = bootSealed(
    { natives, rom: port.rom(port.argument(1)), bus, crypto: new BusCrypto(bus) },
    { language: languageOfWord(port.argument(2)), image },
  );
  let untilUs = 0;
  for (;;) {
    bus.idle(untilUs, events);
    untilUs = terminal.step(events);
  }
}
