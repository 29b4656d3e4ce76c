/**
 * The items of the page on show, as columns allocated once, and the painting of display lines from them: one native call for each
 * item that they cross. Later items paint over earlier ones.
 * A new page is put in place of the last one, item by item; only the lines of items that differ are marked as stale.
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import type { Rom } from "../../hal/rom.ts";
import { LcdSize } from "../driver/sharp-lcd.ts";
import type { Language } from "../service/view.ts";
import type { Layer } from "./layer.ts";
import type { LayerSink } from "./layer-sink.ts";
import { bitmapOf, columnOf, flagsOf, heightOf, topOf, widthOf } from "./page-rom.ts";
import { ItemFlag, itemCountOf, itemsAt, PageRom, RomFormat } from "./page-rom.ts";
import type { StaleLines } from "./stale-lines.ts";

const STRIDE = LcdSize.LineStride;
/** What one page may have at most; more are left out (a test draws every page). */
const MAXIMUM_ITEMS = 64;

export class ItemList implements LayerSink {
  private readonly pageRom: PageRom;
  private count = 0;
  /** Items of the page before, which stand behind `count` until they are overwritten. */
  private formerCount = 0;
  private language: Language = 0;
  /** Words of the ROM, and from the first of them the lines that are crossed: each painting asks every item for these. */
  private readonly places: number[] = [];
  private readonly pictures: number[] = [];
  private readonly tops: number[] = [];
  private readonly bottoms: number[] = [];

  constructor(
    private readonly natives: ByteNatives,
    private readonly rom: Rom,
    private readonly stale: StaleLines,
  ) {
    this.pageRom = new PageRom(rom);
    for (let i = 0; i < MAXIMUM_ITEMS; i++) {
      this.places.push(0);
      this.pictures.push(0);
      this.tops.push(0);
      this.bottoms.push(0);
    }
  }

  /** Whether there is a page ROM to draw from. */
  isIntact(): boolean {
    return this.pageRom.layerCount() > 0;
  }

  /** Begins another page, whose texts are in `language`. */
  begin(language: Language): void {
    this.formerCount = this.count;
    this.count = 0;
    this.language = language;
  }

  /** The page is complete. */
  end(): void {
    for (let i = this.count; i < this.formerCount; i++) this.stale.mark(this.tops[i], this.bottoms[i]);
    this.stale.rewind();
  }

  add(layer: Layer): void {
    const record = this.pageRom.recordOf(layer, this.language);
    let at = itemsAt(record);
    for (let left = itemCountOf(record); left > 0; left--) {
      this.keep(this.rom.readWord(at), this.rom.readWord(at + 4));
      at += RomFormat.ItemBytes;
    }
  }

  addAt(layer: Layer, column: number): number {
    const record = this.pageRom.recordOf(layer, this.language);
    if (record === 0) return column;
    const at = itemsAt(record);
    const place = this.rom.readWord(at);
    this.keep(column * 0x1000000 + (place & 0xffffff), this.rom.readWord(at + 4));
    return column + widthOf(place);
  }

  columnOf(layer: Layer): number {
    const record = this.pageRom.recordOf(layer, this.language);
    return record === 0 ? 0 : columnOf(this.rom.readWord(itemsAt(record)));
  }

  /** Paints lines `top`…`top + lines - 1` into a transfer that holds white paper. */
  paint(top: number, lines: number, into: Bytes): void {
    const end = top + lines;
    for (let i = 0; i < this.count; i++) {
      if (this.tops[i] < end && this.bottoms[i] > top) this.paintItem(i, top, end, into);
    }
  }

  private paintItem(i: number, top: number, end: number, into: Bytes): void {
    const place = this.places[i];
    const picture = this.pictures[i];
    const itemTop = this.tops[i];
    const from = itemTop < top ? top : itemTop;
    const rows = (this.bottoms[i] < end ? this.bottoms[i] : end) - from;
    const width = widthOf(place);
    const at = LcdSize.PixelsAt + (from - top) * STRIDE + columnOf(place);
    const flags = flagsOf(picture);
    if ((flags & ItemFlag.Fill) === 0) {
      this.rom.readRows(bitmapOf(picture) + (from - itemTop) * width, into, at, width, rows, STRIDE);
    }
    if (flags === ItemFlag.None) return;
    for (let row = at; row < at + rows * STRIDE; row += STRIDE) {
      if ((flags & ItemFlag.Fill) !== 0) this.natives.fill(into, row, width, 0xff);
      if ((flags & ItemFlag.Invert) !== 0) this.natives.xor(into, row, width, 0xff);
    }
  }

  /** Takes the next item. One that would leave the line is left out: its bytes would be another line's. */
  private keep(place: number, picture: number): void {
    const at = this.count;
    if (at < this.formerCount && this.places[at] === place) {
      if (this.pictures[at] !== picture) this.replace(at, picture);
      this.count++;
      return;
    }
    if (at === MAXIMUM_ITEMS || columnOf(place) + widthOf(place) > LcdSize.LineBytes) return;
    if (at < this.formerCount) this.stale.mark(this.tops[at], this.bottoms[at]);
    this.places[at] = place;
    this.pictures[at] = picture;
    this.tops[at] = topOf(place);
    this.bottoms[at] = topOf(place) + heightOf(place);
    this.stale.mark(this.tops[at], this.bottoms[at]);
    this.count++;
  }

  /** Another picture at the same place: the lines that both have alike at the top and at the bottom are not stale. */
  private replace(at: number, picture: number): void {
    const former = this.pictures[at];
    this.pictures[at] = picture;
    let top = this.tops[at];
    let end = this.bottoms[at];
    if (flagsOf(former) === flagsOf(picture) && (flagsOf(picture) & ItemFlag.Fill) === 0) {
      const width = widthOf(this.places[at]);
      const now = bitmapOf(picture) - top * width;
      const before = bitmapOf(former) - top * width;
      while (top < end && this.rom.equal(now + top * width, before + top * width, width)) top++;
      while (top < end && this.rom.equal(now + (end - 1) * width, before + (end - 1) * width, width)) end--;
    }
    this.stale.mark(top, end);
  }
}
