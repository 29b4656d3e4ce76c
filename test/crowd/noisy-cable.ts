/** The world's own line noise, by the weather of the moment, and how many frames it has spoilt. */
import type { LineMedium } from "../../host-sim/chip/serial-line.ts";
import type { World } from "../../host-sim/world/world.ts";
import type { Weather } from "./weather.ts";

const FLAG = 0x7e;

type Towards = Parameters<LineMedium>[1];

/** Follows the frames of one direction over pieces of any length. */
class Spoilt {
  frames = 0;
  private hasContent = false;
  private isHit = false;

  /** `byte` as it was sent. */
  pass(byte: number, isHit: boolean): void {
    this.isHit ||= isHit;
    if (byte !== FLAG) {
      this.hasContent = true;
      return;
    }
    if (this.hasContent && this.isHit) this.frames++;
    this.hasContent = false;
    this.isHit = false;
  }
}

export class NoisyCable {
  private readonly spoilt: Readonly<Record<Towards, Spoilt>> = { terminal: new Spoilt(), pc: new Spoilt() };

  /** Lays itself between the two ends. */
  constructor(
    private readonly world: World,
    private readonly weather: Weather,
  ) {
    world.line.medium = this.medium;
  }

  /** Frames that have not come through as they were sent. */
  damaged(towards: Towards): number {
    return this.spoilt[towards].frames;
  }

  private readonly medium: LineMedium = (bytes, towards) => {
    const { lineNoise, scheduler } = this.world;
    lineNoise.setRate(this.weather(scheduler.nowNs));
    const heard: number[] = [];
    for (const byte of bytes) {
      const [came] = lineNoise.medium(Uint8Array.of(byte), towards);
      this.spoilt[towards].pass(byte, came !== byte);
      if (came !== undefined) heard.push(came);
    }
    return Uint8Array.from(heard);
  };
}
