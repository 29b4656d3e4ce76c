/** The firmware in this process: the bench image on the bus port, with direct calls instead of bytes. */
import { BusPort } from "../../board/bus-port.ts";
import { composeBench } from "../../board/bench.ts";
import { BOARD } from "../../board/mps2-an386/pins.ts";
import type { Terminal } from "../../firmware/terminal.ts";
import { Language, type View } from "../../firmware/service/view.ts";
import type { BusEvents } from "../../hal/bus.ts";
import { WorldBus } from "../world/world-bus.ts";
import type { World } from "../world/world.ts";
import { NODE_NATIVES } from "./node-natives.ts";
import { nodeRom } from "./node-rom.ts";
import type { Engine } from "./engine.ts";

export interface ImageOptions {
  readonly language: "ja" | "en";
  readonly firewall: "refuse" | "substitute";
}

export class NodeEngine implements Engine {
  private readonly port: BusPort;
  private readonly terminal: Terminal;

  constructor(world: World, options: ImageOptions) {
    this.port = new BusPort(NODE_NATIVES, new WorldBus(world));
    this.terminal = composeBench(
      { natives: NODE_NATIVES, rom: nodeRom(), port: this.port, board: BOARD },
      {
        language: options.language === "ja" ? Language.Japanese : Language.English,
        substitute: options.firewall === "substitute",
      },
    );
  }

  start(events: BusEvents): number {
    this.port.dispatch(events);
    return this.terminal.step(events.nowUs);
  }

  resume(events: BusEvents): number {
    this.port.dispatch(events);
    return this.terminal.step(events.nowUs);
  }

  view(): Readonly<View> {
    return this.terminal.view;
  }

  close(): void {}
}
