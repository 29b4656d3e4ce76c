/**
 * The items of the page on show, as columns allocated once, and the painting of one display line from them:
 * one native call for each item that the line crosses. Later items paint over earlier ones.
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { LcdSize } from "../driver/sharp-lcd.ts";
import type { Language } from "../service/view.ts";
import type { Layer } from "./layer.ts";
import type { LayerSink } from "./layer-sink.ts";
import { ItemField, ItemFlag } from "./page-rom.ts";
import type { PageRom } from "./page-rom.ts";

/** Bytes a line. */
const LINE = LcdSize.LineBytes;
/** What one page may have at most; more are left out (a test draws every page). */
const MAXIMUM_ITEMS = 64;

export class ItemList implements LayerSink {
  private count = 0;
  private language: Language = 0;
  private readonly item: Bytes;
  private readonly columns: Bytes;
  private readonly tops: Bytes;
  private readonly widths: Bytes;
  private readonly heights: Bytes;
  private readonly flags: Bytes;
  private readonly bitmaps: number[] = [];
  /** The items that cross the group of lines being painted. */
  private readonly near: Bytes;
  private nearCount = 0;

  constructor(
    private readonly natives: ByteNatives,
    private readonly rom: PageRom,
  ) {
    this.item = natives.allocate(ItemField.Size);
    this.columns = natives.allocate(MAXIMUM_ITEMS);
    this.tops = natives.allocate(MAXIMUM_ITEMS);
    this.widths = natives.allocate(MAXIMUM_ITEMS);
    this.heights = natives.allocate(MAXIMUM_ITEMS);
    this.flags = natives.allocate(MAXIMUM_ITEMS);
    this.near = natives.allocate(MAXIMUM_ITEMS);
    for (let i = 0; i < MAXIMUM_ITEMS; i++) this.bitmaps.push(0);
  }

  /** Forgets the page; what is added next is in `language`. */
  begin(language: Language): void {
    this.count = 0;
    this.language = language;
  }

  add(layer: Layer): void {
    const record = this.rom.recordOf(layer, this.language);
    if (record === 0) return;
    const items = this.rom.itemCount(record);
    for (let i = 0; i < items; i++) {
      this.rom.readItem(record, i, this.item);
      this.keep(this.item[ItemField.Column]);
    }
  }

  addAt(layer: Layer, column: number): number {
    const record = this.rom.recordOf(layer, this.language);
    if (record === 0) return column;
    this.rom.readItem(record, 0, this.item);
    this.keep(column);
    return column + this.item[ItemField.Width];
  }

  columnOf(layer: Layer): number {
    const record = this.rom.recordOf(layer, this.language);
    if (record === 0) return 0;
    this.rom.readItem(record, 0, this.item);
    return this.item[ItemField.Column];
  }

  /** Prepares painting lines `top`…`top + lines - 1`. */
  approach(top: number, lines: number): void {
    this.nearCount = 0;
    for (let i = 0; i < this.count; i++) {
      if (this.tops[i] < top + lines && this.tops[i] + this.heights[i] > top) {
        this.near[this.nearCount] = i;
        this.nearCount++;
      }
    }
  }

  /** Paints line `y` (0…239, among those approached) into the 50 bytes `into[at…]`. */
  paint(y: number, into: Bytes, at: number): void {
    this.natives.fill(into, at, LINE, 0xff);
    for (let n = 0; n < this.nearCount; n++) {
      const i = this.near[n];
      const row = y - this.tops[i];
      if (row >= 0 && row < this.heights[i]) this.paintRow(i, row, into, at + this.columns[i]);
    }
  }

  private paintRow(i: number, row: number, into: Bytes, at: number): void {
    const width = this.widths[i];
    if ((this.flags[i] & ItemFlag.Fill) !== 0) {
      this.natives.fill(into, at, width, 0xff);
    } else {
      this.rom.readRow(this.bitmaps[i] + row * width, into, at, width);
    }
    if ((this.flags[i] & ItemFlag.Invert) !== 0) this.natives.xor(into, at, width, 0xff);
  }

  /** Takes the item just read, moved to `column`. One that would leave the line is left out: the driver's buffer is not its. */
  private keep(column: number): void {
    const item = this.item;
    const at = this.count;
    if (at === MAXIMUM_ITEMS || column + item[ItemField.Width] > LINE) return;
    this.columns[at] = column;
    this.tops[at] = item[ItemField.Top];
    this.widths[at] = item[ItemField.Width];
    this.heights[at] = item[ItemField.Height];
    this.flags[at] = item[ItemField.Flags];
    this.bitmaps[at] =
      (item[ItemField.Bitmap] << 16) | (item[ItemField.Bitmap + 1] << 8) | item[ItemField.Bitmap + 2];
    this.count++;
  }
}
