/**
 * Takes a picture of any page through the real chain: View → Screen → SharpLcd → SPI bytes → MemoryLcd → pixels,
 * in a small world of its own that has nothing but a display.
 */
import { SharpLcd } from "../../firmware/driver/sharp-lcd.ts";
import { NEVER_US } from "../../firmware/protocol/time.ts";
import { View } from "../../firmware/service/view.ts";
import type { PageMark } from "../../firmware/ui/page-layers.ts";
import { Screen } from "../../firmware/ui/screen.ts";
import { BOARD } from "../../board/mps2-an386/pins.ts";
import { MemoryLcd } from "../chip/memory-lcd.ts";
import { NODE_NATIVES } from "../engine/node-natives.ts";
import { MemoryRom } from "../engine/node-rom.ts";

export interface CameraOptions {
  readonly mark: PageMark;
  /** Unless told, complaints of the panel are thrown as Errors. */
  readonly complain?: (text: string) => void;
}

const WIRING = BOARD.lcd;

/** One display, its driver and the screen that draws on it; time goes on only in `draw` and `stepOnce`. */
export class PageCamera {
  readonly view = new View();
  readonly panel: MemoryLcd;
  readonly screen: Screen;
  /** Lines (0…239) latched since `forget`, in order. */
  readonly lines: number[] = [];
  /** Bytes of every transfer since `forget`. */
  readonly transfers: number[][] = [];
  nowUs = 0;

  constructor(rom: Uint8Array, options: CameraOptions) {
    const complain = (text: string): never => {
      throw new Error(text);
    };
    this.panel = new MemoryLcd({
      complain: options.complain ?? complain,
      onLine: (line) => this.lines.push(line),
    });
    const lcd = new SharpLcd(NODE_NATIVES, this.ports(), WIRING);
    const parts = { rom: new MemoryRom(rom), lcd, view: this.view };
    this.screen = new Screen(NODE_NATIVES, parts, { mark: options.mark });
  }

  /** Lets the screen act once; returns when it wants to act again. */
  stepOnce(): number {
    const nextUs = this.screen.step(this.nowUs);
    if (nextUs !== NEVER_US) this.nowUs = Math.max(this.nowUs, nextUs);
    return nextUs;
  }

  /** Draws until nothing is left to draw, and returns what is on the glass. */
  draw(): Uint8Array {
    for (let steps = 0; this.stepOnce() !== NEVER_US; steps++) {
      if (steps > 1000) throw new Error("the screen does not come to rest");
    }
    return this.panel.frame();
  }

  forget(): void {
    this.lines.length = 0;
    this.transfers.length = 0;
  }

  private ports(): ConstructorParameters<typeof SharpLcd>[1] {
    return {
      spi: {
        write: (_select, bytes, length) => {
          const sent = Array.from({ length }, (_, i) => bytes[i]);
          this.transfers.push(sent);
          this.panel.transfer(1000 * this.nowUs, sent);
        },
      },
      pins: {
        set: (mask, value) => {
          if ((mask & WIRING.displayOnMask) === 0) return;
          this.panel.setDisplayOn(1000 * this.nowUs, (value & WIRING.displayOnMask) !== 0);
        },
        read: () => 0,
        takeEdges: () => 0,
      },
      pwm: { set: (_channel, hz) => this.panel.setVcomHz(1000 * this.nowUs, hz) },
    };
  }
}
