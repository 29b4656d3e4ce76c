/**
 * Draws what `View` says, eight lines at a time, and sends only lines that differ from those on the glass. No frame buffer is
 * painted: each group of lines is composed by itself and compared with the lines sent (12,000 bytes).
 *
 *   Idle --view changed--> Drawing: next stale group of 8 lines, when the wire is free --no stale group--> Idle
 *                             ^ view changed: goes on with what this change made stale, at most one transfer late
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import type { Rom } from "../../hal/rom.ts";
import { LcdSize } from "../driver/sharp-lcd.ts";
import type { SharpLcd } from "../driver/sharp-lcd.ts";
import { NEVER_US } from "../protocol/time.ts";
import type { View } from "../service/view.ts";
import { ItemList } from "./item-list.ts";
import { composePage } from "./page-layers.ts";
import type { PageOptions } from "./page-layers.ts";
import { StaleGroups } from "./stale-groups.ts";

export interface ScreenParts {
  readonly rom: Rom;
  readonly lcd: SharpLcd;
  readonly view: View;
}

const LINE = LcdSize.LineBytes;
const GROUP_BYTES = LcdSize.LinesPerTransfer * LINE;
/** Groups compared in one step before others get their turn. */
const GROUPS_PER_STEP = 8;

export class Screen {
  private readonly stale = new StaleGroups();
  private readonly items: ItemList;
  private readonly group: Bytes;
  private readonly sent: Bytes;
  private shownVersion = 0;

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: ScreenParts,
    private readonly options: PageOptions,
  ) {
    this.items = new ItemList(natives, parts.rom, this.stale);
    this.group = natives.allocate(GROUP_BYTES);
    this.sent = natives.allocate(LcdSize.Lines * LINE);
    natives.fill(this.sent, 0, this.sent.length, 0xff);
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
    for (let n = 0; n < GROUPS_PER_STEP && !this.stale.isEmpty(); n++) {
      const lines = this.composeGroup();
      if (lines > 0) {
        lcd.send(lines, nowUs);
        return lcd.readyUs;
      }
    }
    return this.stale.isEmpty() ? NEVER_US : nowUs;
  }

  /** Composes the items of a changed view. */
  private takeView(): void {
    const view = this.parts.view;
    this.shownVersion = view.version;
    this.items.begin(view.language);
    composePage(view, this.options, this.items);
    this.items.end();
  }

  /** Paints the next stale group and puts its lines that differ from the glass into the transfer; returns how many. */
  private composeGroup(): number {
    const natives = this.natives;
    const top = this.stale.take();
    const sentAt = top * LINE;
    this.items.paint(top, this.group);
    if (natives.equalConstantTime(this.group, 0, this.sent, sentAt, GROUP_BYTES)) return 0;
    let lines = 0;
    for (let at = 0; at < GROUP_BYTES; at += LINE) {
      if (!natives.equalConstantTime(this.group, at, this.sent, sentAt + at, LINE)) {
        this.parts.lcd.put(lines, top + Math.floor(at / LINE), this.group, at);
        lines++;
      }
    }
    natives.copy(this.group, 0, this.sent, sentAt, GROUP_BYTES);
    return lines;
  }
}
