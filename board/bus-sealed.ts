/** The sealed images on the peripheral bus. */
import type { Crypto } from "../hal/crypto.ts";
import { BusPort } from "./bus-port.ts";
import { BusTerminal, type BusPlatform } from "./bus-terminal.ts";
import { BOARD, FRAM } from "./mps2-an386/pins.ts";
import { composeSealed, type SealedOptions } from "./sealed.ts";

export interface SealedBusPlatform extends BusPlatform {
  readonly crypto: Crypto;
}

export function bootSealed(platform: SealedBusPlatform, options: SealedOptions): BusTerminal {
  const natives = platform.natives;
  const port = new BusPort(natives, platform.bus, platform.known);
  const terminal = composeSealed(
    { natives, rom: platform.rom, port, board: BOARD, crypto: platform.crypto, fram: FRAM },
    options,
  );
  return new BusTerminal(port, terminal);
}
