/**
 * Draws what `View` says, eight lines at a time, and sends only lines that differ from those on the glass. No frame buffer is
 * painted: each line is composed straight into the transfer and compared with the lines sent (12,000 bytes).
 *
 *   Idle --view changed--> Drawing: next group of 8 lines, when the wire is free --30 groups done--> Idle
 *                             ^ view changed: starts again with the new page, at most one transfer late
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import type { Rom } from "../../hal/rom.ts";
import { LcdSize } from "../driver/sharp-lcd.ts";
import type { SharpLcd } from "../driver/sharp-lcd.ts";
import { NEVER_US } from "../protocol/time.ts";
import { View } from "../service/view.ts";
import { ItemList } from "./item-list.ts";
import { composePage } from "./page-layers.ts";
import type { PageOptions } from "./page-layers.ts";
import { PageRom } from "./page-rom.ts";

export interface ScreenParts {
  readonly rom: Rom;
  readonly lcd: SharpLcd;
  readonly view: View;
}

const LINES = LcdSize.LinesPerTransfer;
/** Of `LINES` lines each. */
const GROUPS = 30;
/** The digit masks start at line 144; the legend follows them. */
const MASK_GROUP = 18;
/** Groups compared in one step before others get their turn. */
const GROUPS_PER_STEP = 8;

export class Screen {
  private readonly pageRom: PageRom;
  private readonly items: ItemList;
  private readonly sent: Bytes;
  /** What of `view` the items show. */
  private readonly shown = new View();
  private shownVersion = 0;
  private nextGroup = 0;
  private groupsLeft = 0;

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: ScreenParts,
    private readonly options: PageOptions,
  ) {
    this.pageRom = new PageRom(natives, parts.rom);
    this.items = new ItemList(natives, this.pageRom);
    this.sent = natives.allocate(LcdSize.Lines * LcdSize.LineBytes);
    natives.fill(this.sent, 0, this.sent.length, 0xff);
  }

  /** Whether there is a page ROM to draw from. */
  isIntact(): boolean {
    return this.pageRom.layerCount() > 0;
  }

  /** Whether everything that `view` asks for is on the glass, or at least on the wire. */
  isShown(): boolean {
    return this.shownVersion === this.parts.view.version && this.groupsLeft === 0;
  }

  /** Draws on; returns when to call again, or `NEVER_US`. Call it also after each change of the view. */
  step(nowUs: number): number {
    const lcd = this.parts.lcd;
    if (this.parts.view.version !== this.shownVersion) this.takeView();
    if (!lcd.step(nowUs)) return lcd.readyUs;
    for (let n = 0; n < GROUPS_PER_STEP && this.groupsLeft > 0; n++) {
      const lines = this.composeGroup();
      if (lines > 0) {
        lcd.send(lines, nowUs);
        return lcd.readyUs;
      }
    }
    return this.groupsLeft > 0 ? nowUs : NEVER_US;
  }

  /** Composes the items of a changed view and decides where drawing starts. */
  private takeView(): void {
    const view = this.parts.view;
    const digitsOnly = this.differsInDigitsOnly();
    this.remember();
    this.items.begin(view.language);
    composePage(view, this.options, this.items);
    // A page that was still being drawn is owed whole, else what lies above the masks cannot have changed.
    if (!digitsOnly || this.groupsLeft > 0) this.groupsLeft = GROUPS;
    else this.groupsLeft = GROUPS - MASK_GROUP;
    this.nextGroup = digitsOnly ? MASK_GROUP : 0;
  }

  private differsInDigitsOnly(): boolean {
    const view = this.parts.view;
    const shown = this.shown;
    return (
      this.shownVersion !== 0 &&
      view.page === shown.page &&
      view.language === shown.language &&
      view.pinName === shown.pinName &&
      view.purpose === shown.purpose &&
      view.minimumDigits === shown.minimumDigits &&
      view.maximumDigits === shown.maximumDigits &&
      view.triesLeft === shown.triesLeft &&
      view.confirmKey === shown.confirmKey
    );
  }

  private remember(): void {
    const view = this.parts.view;
    const shown = this.shown;
    shown.page = view.page;
    shown.language = view.language;
    shown.pinName = view.pinName;
    shown.purpose = view.purpose;
    shown.minimumDigits = view.minimumDigits;
    shown.maximumDigits = view.maximumDigits;
    shown.triesLeft = view.triesLeft;
    shown.confirmKey = view.confirmKey;
    this.shownVersion = view.version;
  }

  /** Paints the next group into the transfer; returns how many of its lines differ from the glass. */
  private composeGroup(): number {
    const top = this.nextGroup * LINES;
    let lines = 0;
    this.items.approach(top, LINES);
    for (let y = top; y < top + LINES; y++) {
      if (this.composeLine(y, lines)) lines++;
    }
    this.nextGroup = this.nextGroup + 1 === GROUPS ? 0 : this.nextGroup + 1;
    this.groupsLeft--;
    return lines;
  }

  /** Paints line `y` into `slot` of the transfer; true when it has to be sent. */
  private composeLine(y: number, slot: number): boolean {
    const lcd = this.parts.lcd;
    const at = lcd.lineOffset(slot);
    const sentAt = y * LcdSize.LineBytes;
    this.items.paint(y, lcd.buffer, at);
    if (this.natives.equalConstantTime(lcd.buffer, at, this.sent, sentAt, LcdSize.LineBytes)) return false;
    this.natives.copy(lcd.buffer, at, this.sent, sentAt, LcdSize.LineBytes);
    lcd.address(slot, y);
    return true;
  }
}
