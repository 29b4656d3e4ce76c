/**
 * Draws what `View` says: at most eight lines at a time are painted straight into the transfer, and only lines that an item
 * crosses which has changed (item-list.ts). There is no frame buffer.
 *
 *   Idle --view changed--> Drawing: next run of stale lines, when the wire is free --no stale line--> Idle
 *                             ^ view changed: goes on with what this change made stale, at most one transfer late
 */
import type { ByteNatives } from "../../hal/bytes.ts";
import type { Rom } from "../../hal/rom.ts";
import type { SharpLcd } from "../driver/sharp-lcd.ts";
import { NEVER_US } from "../protocol/time.ts";
import type { View } from "../service/view.ts";
import { ItemList } from "./item-list.ts";
import { composePage } from "./page-layers.ts";
import type { PageOptions } from "./page-layers.ts";
import { StaleLines } from "./stale-lines.ts";

export interface ScreenParts {
  readonly rom: Rom;
  readonly lcd: SharpLcd;
  readonly view: View;
}

export class Screen {
  private readonly stale = new StaleLines();
  private readonly items: ItemList;
  private shownVersion = 0;

  constructor(
    natives: ByteNatives,
    private readonly parts: ScreenParts,
    private readonly options: PageOptions,
  ) {
    this.items = new ItemList(natives, parts.rom, this.stale);
  }

  /** Whether there is a page ROM to draw from. */
  isIntact(): boolean {
    return this.items.isIntact();
  }

  /** Whether everything that `view` asks for is on the glass, or at least on the wire. */
  isShown(): boolean {
    return this.shownVersion === this.parts.view.version && this.stale.isEmpty();
  }

  /** Draws on; returns when to call again, or `NEVER_US`. Call it also after each change of the view. */
  step(nowUs: number): number {
    const lcd = this.parts.lcd;
    if (this.parts.view.version !== this.shownVersion) this.takeView();
    if (this.stale.isEmpty() && lcd.isOn()) return NEVER_US;
    if (!lcd.step(nowUs)) return lcd.readyUs;
    if (this.stale.isEmpty()) return NEVER_US;
    this.stale.take();
    lcd.clear(this.stale.top, this.stale.lines);
    this.items.paint(this.stale.top, this.stale.lines, lcd.buffer);
    lcd.send(this.stale.lines, nowUs);
    return lcd.readyUs;
  }

  /** Composes the items of a changed view. */
  private takeView(): void {
    const view = this.parts.view;
    this.shownVersion = view.version;
    this.items.begin(view.language);
    composePage(view, this.options, this.items);
    this.items.end();
  }
}
