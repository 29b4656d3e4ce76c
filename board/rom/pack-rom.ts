/** Writes the layout that firmware/ui/page-rom.ts reads. Equal bitmaps are kept once. */
import { RomField, RomFormat } from "../../firmware/ui/page-rom.ts";
import type { Item } from "./part.ts";

/** Items of every layer, for every language: `layers[layer][language]`. */
export type LayerItems = readonly (readonly (readonly Item[])[])[];

class Writer {
  readonly bytes: number[] = [];
  private readonly bitmaps = new Map<string, number>();

  u24(value: number): void {
    this.bytes.push((value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);
  }

  u32(value: number): void {
    this.bytes.push(value >>> 24);
    this.u24(value);
  }

  setU32(at: number, value: number): void {
    this.bytes.splice(at, 4, value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);
  }

  /** Where the bitmap lies; written at its first use. */
  bitmap(bitmap: Uint8Array): number {
    if (bitmap.length === 0) return 0;
    const key = Buffer.from(bitmap).toString("latin1");
    const known = this.bitmaps.get(key);
    if (known !== undefined) return known;
    const offset = this.bytes.length;
    for (const byte of bitmap) this.bytes.push(byte);
    this.bitmaps.set(key, offset);
    return offset;
  }

  /** Writes items; returns the word that stands for them in the table. */
  record(items: readonly Item[], bitmaps: readonly number[]): number {
    const offset = this.bytes.length;
    items.forEach((item, i) => {
      this.bytes.push(item.x / 8, item.y, item.width / 8, item.height, item.flags);
      this.u24(bitmaps[i]);
    });
    return items.length * 0x1000000 + offset;
  }
}

/** The ROM as one block of bytes. */
export function packRom(layers: LayerItems): Uint8Array {
  const writer = new Writer();
  const languages = layers[0].length;
  writer.u32(RomFormat.Magic);
  writer.u32(RomFormat.Version * 0x1000000 + languages * 0x10000 + layers.length);
  for (let i = 0; i < 1 + layers.length * languages; i++) writer.u32(0);
  layers.forEach((perLanguage, layer) => {
    perLanguage.forEach((items, language) => {
      const bitmaps = items.map((item) => writer.bitmap(item.bitmap));
      writer.setU32(RomField.Table + 4 * (layer * languages + language), writer.record(items, bitmaps));
    });
  });
  writer.setU32(RomField.Length, writer.bytes.length);
  return Uint8Array.from(writer.bytes);
}
