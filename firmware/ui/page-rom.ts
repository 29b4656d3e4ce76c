/**
 * The page ROM: texts and pictures as ready bitmaps, written by board/rom/pack-rom.ts. Integers are big endian.
 *
 *   0  "MGUI"  4 version  5 languages  6 layers  7 zero  8 length of all (u24)
 *   11 table: offset (u24) of the layer's record, for each layer, for each language
 *   record: item count (u8), then items of 8 bytes (`ItemField`)
 *   bitmap: rows of whole bytes, most significant bit left, 1 = paper, as the display takes them
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import type { Rom } from "../../hal/rom.ts";
import type { Layer } from "./layer.ts";
import type { Language } from "../service/view.ts";

/** Offsets in the header. */
export const enum RomField {
  Magic = 0,
  Version = 4,
  Languages = 5,
  Layers = 6,
  Length = 8,
  Table = 11,
}

/** What the header must say. */
export const enum RomFormat {
  /** "MGUI" */
  Magic0 = 0x4d,
  Magic1 = 0x47,
  Magic2 = 0x55,
  Magic3 = 0x49,
  Version = 1,
}

/** Offsets in an item. A column is 8 pixels. */
export const enum ItemField {
  Column = 0,
  Top = 1,
  /** In columns, 1…50. */
  Width = 2,
  /** In lines, 1…240. */
  Height = 3,
  /** `ItemFlag` bits. */
  Flags = 4,
  /** u24; unused by a fill. */
  Bitmap = 5,
  /** Bytes of an item. */
  Size = 8,
}

export const enum ItemFlag {
  None = 0,
  /** Ink and paper change places. */
  Invert = 1,
  /** All paper, no bitmap; with `Invert` all ink. */
  Fill = 2,
}

export class PageRom {
  private readonly field: Bytes;
  private languages = 0;
  private layers = 0;

  constructor(
    natives: ByteNatives,
    private readonly rom: Rom,
  ) {
    this.field = natives.allocate(RomField.Table);
    if (this.isIntact()) {
      this.languages = this.field[RomField.Languages];
      this.layers = this.field[RomField.Layers];
    }
  }

  /** How many layers can be drawn; 0 when the ROM is missing, cut or of another version. */
  layerCount(): number {
    return this.layers;
  }

  /** Where the record of a layer starts; 0 when the ROM has no such layer. */
  recordOf(layer: Layer, language: Language): number {
    if (layer >= this.layers || language >= this.languages) return 0;
    return this.numberAt(RomField.Table + 3 * (layer * this.languages + language));
  }

  /** How many items the record has. */
  itemCount(record: number): number {
    this.rom.read(record, this.field, 0, 1);
    return this.field[0];
  }

  /** Reads the `ItemField.Size` bytes of item `index` into `into`. */
  readItem(record: number, index: number, into: Bytes): void {
    this.rom.read(record + 1 + index * ItemField.Size, into, 0, ItemField.Size);
  }

  /** Reads row `row` of a bitmap of `width` columns: its `width` bytes go to `into[at…]`. */
  readRow(bitmap: number, into: Bytes, at: number, width: number): void {
    this.rom.read(bitmap, into, at, width);
  }

  private numberAt(offset: number): number {
    this.rom.read(offset, this.field, 0, 3);
    return (this.field[0] << 16) | (this.field[1] << 8) | this.field[2];
  }

  private isIntact(): boolean {
    if (this.rom.lengthBytes < RomField.Table) return false;
    this.rom.read(0, this.field, 0, RomField.Table);
    const header = this.field;
    const isOurs =
      header[0] === RomFormat.Magic0 &&
      header[1] === RomFormat.Magic1 &&
      header[2] === RomFormat.Magic2 &&
      header[3] === RomFormat.Magic3;
    const length =
      (header[RomField.Length] << 16) | (header[RomField.Length + 1] << 8) | header[RomField.Length + 2];
    return isOurs && header[RomField.Version] === RomFormat.Version && length === this.rom.lengthBytes;
  }
}
