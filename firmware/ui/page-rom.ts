/**
 * The page ROM: texts and pictures as ready bitmaps, written by board/rom/pack-rom.ts. Integers are big endian.
 *
 *   0  "MGUI"  4 version  5 languages  6 layers (u16)  8 length of all (u32)
 *   12 table: a record (u32) for each layer, for each language: how many items (u8) and where they start (u24)
 *   item: two words (`ItemPlace`, `ItemPicture`)
 *   bitmap: rows of whole bytes, most significant bit left, 1 = paper, as the display takes them
 */
import type { Rom } from "../../hal/rom.ts";
import type { Layer } from "./layer.ts";
import type { Language } from "../service/view.ts";

/** Offsets in the header. */
export const enum RomField {
  Magic = 0,
  /** Version, languages, layers as one word. */
  Version = 4,
  Length = 8,
  Table = 12,
}

/** What the header must say, and sizes. */
export const enum RomFormat {
  /** "MGUI" */
  Magic = 0x4d475549,
  Version = 2,
  ItemBytes = 8,
}

export const enum ItemFlag {
  None = 0,
  /** Ink and paper change places. */
  Invert = 1,
  /** All paper, no bitmap; with `Invert` all ink. */
  Fill = 2,
}

/** An item's first word: column, top line, width in columns (1…50), height in lines (1…240), a byte each. A column is 8 pixels. */
export function columnOf(place: number): number {
  return place >>> 24;
}

export function topOf(place: number): number {
  return (place >>> 16) & 0xff;
}

export function widthOf(place: number): number {
  return (place >>> 8) & 0xff;
}

export function heightOf(place: number): number {
  return place & 0xff;
}

/** An item's second word: `ItemFlag` bits (u8), where its bitmap is (u24; unused by a fill). */
export function flagsOf(picture: number): number {
  return picture >>> 24;
}

export function bitmapOf(picture: number): number {
  return picture & 0xffffff;
}

/** A record: how many items, and where the first is. */
export function itemCountOf(record: number): number {
  return record >>> 24;
}

export function itemsAt(record: number): number {
  return record & 0xffffff;
}

export class PageRom {
  private languages = 0;
  private layers = 0;

  constructor(private readonly rom: Rom) {
    if (!this.isIntact()) return;
    const version = rom.readWord(RomField.Version);
    this.languages = (version >>> 16) & 0xff;
    this.layers = version & 0xffff;
  }

  /** How many layers can be drawn; 0 when the ROM is missing, cut or of another version. */
  layerCount(): number {
    return this.layers;
  }

  /** The record of a layer; 0, which has no items, when the ROM has no such layer. */
  recordOf(layer: Layer, language: Language): number {
    if (layer >= this.layers || language >= this.languages) return 0;
    return this.rom.readWord(RomField.Table + 4 * (layer * this.languages + language));
  }

  private isIntact(): boolean {
    const rom = this.rom;
    if (rom.lengthBytes < RomField.Table) return false;
    const isOurs = rom.readWord(RomField.Magic) === RomFormat.Magic;
    const isOfVersion = rom.readWord(RomField.Version) >>> 24 === RomFormat.Version;
    return isOurs && isOfVersion && rom.readWord(RomField.Length) === rom.lengthBytes;
  }
}
