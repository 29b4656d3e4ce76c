/** The bench image on the peripheral bus. */
import { composeBench, type BenchOptions } from "./bench.ts";
import { BusPort } from "./bus-port.ts";
import { BusTerminal, type BusPlatform } from "./bus-terminal.ts";
import { BOARD } from "./mps2-an386/pins.ts";

export function bootBench(platform: BusPlatform, options: BenchOptions): BusTerminal {
  const natives = platform.natives;
  const port = new BusPort(natives, platform.bus, platform.known);
  return new BusTerminal(port, composeBench({ natives, rom: platform.rom, port, board: BOARD }, options));
}
