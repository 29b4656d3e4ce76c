/** Writes the layout that firmware/ui/page-rom.ts reads: table, items, then bitmaps. Equal bitmaps are kept once. */
import { RomField, RomFormat } from "../../firmware/ui/page-rom.ts";
import type { Item } from "./part.ts";

/** Items of every layer, for every language: `layers[layer][language]`. */
export type LayerItems = readonly (readonly (readonly Item[])[])[];

/** Bitmaps in the order of their first use. */
class Bitmaps {
  readonly bytes: number[] = [];
  private readonly known = new Map<string, number>();

  /** @param start where the first one lies. */
  constructor(private readonly start: number) {}

  /** Where the bitmap lies. */
  place(bitmap: Uint8Array): number {
    if (bitmap.length === 0) return 0;
    const key = Buffer.from(bitmap).toString("latin1");
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const offset = this.start + this.bytes.length;
    for (const byte of bitmap) this.bytes.push(byte);
    this.known.set(key, offset);
    return offset;
  }
}

function u24(value: number): number[] {
  return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}

function u32(value: number): number[] {
  return [value >>> 24, ...u24(value)];
}

/** The ROM as one block of bytes. */
export function packRom(layers: LayerItems): Uint8Array {
  const languages = layers[0].length;
  const records = layers.flat();
  const itemsAt = RomField.Table + 4 * records.length;
  const bitmaps = new Bitmaps(itemsAt + RomFormat.ItemBytes * records.flat().length);
  const table: number[] = [];
  const items: number[] = [];
  for (const record of records) {
    table.push(record.length, ...u24(itemsAt + items.length));
    for (const { x, y, width, height, flags, bitmap } of record)
      items.push(x / 8, y, width / 8, height, flags, ...u24(bitmaps.place(bitmap)));
  }
  const length = itemsAt + items.length + bitmaps.bytes.length;
  const version = RomFormat.Version * 0x1000000 + languages * 0x10000 + layers.length;
  const header = [RomFormat.Magic, version, length].flatMap(u32);
  return Uint8Array.from([...header, ...table, ...items, ...bitmaps.bytes]);
}
