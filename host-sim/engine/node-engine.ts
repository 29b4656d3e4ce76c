/** The firmware in this process: the bench image on the bus, with direct calls instead of bytes. */
import { bootBench } from "../../board/bus-bench.ts";
import type { BusTerminal } from "../../board/bus-terminal.ts";
import { Language } from "../../firmware/service/view.ts";
import type { BusEvents, PeripheralBus } from "../../hal/bus.ts";
import type { Engine, ImageOptions } from "./engine.ts";
import { NODE_NATIVES } from "./node-natives.ts";
import { nodeRom } from "./node-rom.ts";

export class NodeEngine implements Engine {
  private readonly image: BusTerminal;

  constructor(bus: PeripheralBus, options: ImageOptions) {
    this.image = bootBench(
      { natives: NODE_NATIVES, rom: nodeRom(), bus },
      {
        language: options.language === "ja" ? Language.Japanese : Language.English,
        substitute: options.firewall === "substitute",
      },
    );
  }

  resume(events: BusEvents): number {
    return this.image.step(events);
  }

  close(): void {}
}
