/**
 * The pages as they were last looked at: test/vectors/pages/LANGUAGE/PAGE.png, with the page of every image (town, bench, development)
 * below each other. A reviewer sees one changed file for one changed page, and no file for what stayed.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LCD_HEIGHT, LCD_WIDTH } from "../chip/memory-lcd.ts";
import { decodeRows, encodeRows } from "./one-bit-png.ts";

export const GOLDEN_FOLDER = "test/vectors/pages";

const FRAME_BYTES = (LCD_HEIGHT * LCD_WIDTH) / 8;
/** A black bar between two images' pages. */
const BAR = new Uint8Array((8 * LCD_WIDTH) / 8).fill(0xff);
const STRIDE = FRAME_BYTES + BAR.length;

/** Every page by its name: path below the golden folder and place in the picture from the top. */
interface Place {
  readonly file: string;
  readonly frames: Uint8Array[];
  readonly names: string[];
}

/** One page that is not what it was. */
export interface PageDifference {
  /** As `forEveryPage` names it; of a picture that belongs to no page its path. */
  readonly name: string;
  /** In a few words. */
  readonly what: string;
  readonly expected: Uint8Array | undefined;
  readonly got: Uint8Array | undefined;
}

/** Collects the pages of `forEveryPage`, to compare them with the committed ones or to take their place. */
export class GoldenPages {
  private readonly places = new Map<string, Place>();

  constructor(private readonly folder: string) {}

  readonly add = (name: string, frame: Uint8Array, code: string): void => {
    const stem = name.slice(0, -code.length - 1).replace(/-(bench|development)$/, "");
    const file = join(code, `${stem}.png`);
    const place = this.places.get(file) ?? { file, frames: [], names: [] };
    place.frames.push(frame);
    place.names.push(name);
    this.places.set(file, place);
  };

  /** What differs from the committed pictures, pixel by pixel; pictures of pages that are no more included. */
  compare(): PageDifference[] {
    const changed = [...this.places.values()].flatMap((place) => this.compareOne(place));
    const gone = this.strangers().map((name) => {
      return { name, what: "the page is no more", expected: this.topOf(name), got: undefined };
    });
    return [...changed, ...gone];
  }

  /** Makes the collected pages the committed ones. Files whose pixels are the same stay as they are, byte for byte. */
  accept(): void {
    const changed = new Set(this.compare().map((difference) => difference.name));
    for (const name of this.strangers()) rmSync(join(this.folder, name));
    for (const place of this.places.values()) {
      if (!place.names.some((name) => changed.has(name))) continue;
      const path = join(this.folder, place.file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, encodeRows(this.stack(place.frames)));
    }
  }

  private stack(frames: readonly Uint8Array[]): Uint8Array {
    return Buffer.concat(frames.flatMap((frame, i) => (i === 0 ? [frame] : [BAR, frame])));
  }

  private compareOne(place: Place): PageDifference[] {
    const path = join(this.folder, place.file);
    const none = (what: string): PageDifference[] =>
      place.names.map((name, i) => ({ name, what, expected: undefined, got: place.frames[i] }));
    if (!existsSync(path)) return none(`${path} does not exist`);
    try {
      return this.compareRows(place, decodeRows(readFileSync(path)));
    } catch (error) {
      return none(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private compareRows(place: Place, rows: Uint8Array): PageDifference[] {
    const height = (bytes: number): number => bytes / (LCD_WIDTH / 8);
    const needed = place.frames.length * STRIDE - BAR.length;
    if (rows.length !== needed) throw new Error(`${height(rows.length)} px high, not ${height(needed)}`);
    return place.frames.flatMap((got, i) => {
      const expected = rows.slice(i * STRIDE, i * STRIDE + FRAME_BYTES);
      const pixels = differentPixels(expected, got);
      return pixels === 0 ? [] : [{ name: place.names[i], what: `${pixels} pixels`, expected, got }];
    });
  }

  /** Files of the folder that belong to no page. */
  private strangers(): string[] {
    if (!existsSync(this.folder)) return [];
    const files = readdirSync(this.folder, { recursive: true, encoding: "utf8" });
    return files.filter((name) => name.endsWith(".png") && !this.places.has(name)).sort();
  }

  private topOf(name: string): Uint8Array | undefined {
    try {
      const rows = decodeRows(readFileSync(join(this.folder, name)));
      return rows.length < FRAME_BYTES ? undefined : rows.slice(0, FRAME_BYTES);
    } catch {
      // It goes away in any case; whether it can be drawn does not matter.
      return undefined;
    }
  }
}

function differentPixels(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) {
    for (let rest = a[i] ^ b[i]; rest !== 0; rest &= rest - 1) count++;
  }
  return count;
}
