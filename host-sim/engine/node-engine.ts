/** The firmware in this process: an image on the bus, with direct calls instead of bytes. */
import { bootBench } from "../../board/bus-bench.ts";
import { bootSealed } from "../../board/bus-sealed.ts";
import type { BusTerminal } from "../../board/bus-terminal.ts";
import { ImageKind } from "../../firmware/service/counter-hello.ts";
import type { BusEvents, PeripheralBus } from "../../hal/bus.ts";
import { languageOfCode } from "../world/language-code.ts";
import type { Engine, ImageOptions } from "./engine.ts";
import { NODE_CRYPTO } from "./node-crypto.ts";
import { NODE_NATIVES } from "./node-natives.ts";
import { nodeRom } from "./node-rom.ts";

function boot(bus: PeripheralBus, options: ImageOptions): BusTerminal {
  const platform = { natives: NODE_NATIVES, rom: nodeRom(), bus };
  const language = languageOfCode(options.language);
  if (options.mode === "open")
    return bootBench(platform, { language, substitute: options.firewall === "substitute" });
  const image = options.mode === "town" ? ImageKind.Town : ImageKind.Development;
  return bootSealed({ ...platform, crypto: NODE_CRYPTO }, { language, image });
}

export class NodeEngine implements Engine {
  private readonly image: BusTerminal;

  constructor(bus: PeripheralBus, options: ImageOptions) {
    this.image = boot(bus, options);
  }

  resume(events: BusEvents): number {
    return this.image.step(events);
  }

  close(): void {}
}
