/**
 * Lays every page out as the firmware will and refuses what would look wrong: an item outside the page, two items on one place,
 * anything under the image's mark, characters too small to read. Bands and badges are grounds: other items lie wholly on them or
 * wholly off.
 */
import { type Language, View } from "../../firmware/service/view.ts";
import { Layer } from "../../firmware/ui/layer.ts";
import type { LayerSink } from "../../firmware/ui/layer-sink.ts";
import { composePage } from "../../firmware/ui/page-layers.ts";
import type { LayerItems } from "./pack-rom.ts";
import { LANGUAGES, pageStates, type PageState } from "./page-states.ts";
import { PAGE_HEIGHT, PAGE_WIDTH } from "./part.ts";
import type { Item } from "./part.ts";

/** The glass of the LS027B7DH01: 58.8 mm over 400 pixels (docs/hardware.md). */
const PIXEL_MM = 0.147;
/** The least that a resident reads at the counter: supporting words from 28 px on, and what matters from 48 px on (chosen for the project). */
const LEAST_MM = 4.1;
const LEADING_MM = 7;
/** The image's mark is for staff, who stand close and know it. */
const MARK_MM = 2.3;

class Collector implements LayerSink {
  readonly items: Item[] = [];
  mark: Item | undefined;

  constructor(
    private readonly layers: LayerItems,
    private readonly language: number,
  ) {}

  add(layer: Layer): void {
    const items = this.layers[layer][this.language];
    if (layer === Layer.BenchMark || layer === Layer.DevelopmentMark) this.mark = items[0];
    else this.items.push(...items);
  }

  addAt(layer: Layer, column: number): number {
    const item = this.layers[layer][this.language][0];
    this.items.push({ ...item, x: 8 * column });
    return column + item.width / 8;
  }

  columnOf(layer: Layer): number {
    return this.layers[layer][this.language][0].x / 8;
  }
}

function overlap(a: Item, b: Item): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function contains(ground: Item, item: Item): boolean {
  const inX = item.x >= ground.x && item.x + item.width <= ground.x + ground.width;
  return inX && item.y >= ground.y && item.y + item.height <= ground.y + ground.height;
}

function complaintsAbout(a: Item, others: readonly Item[]): string[] {
  const inside = a.x >= 0 && a.y >= 0 && a.x + a.width <= PAGE_WIDTH && a.y + a.height <= PAGE_HEIGHT;
  const outside = inside ? [] : [`${a.what} leaves the page`];
  const clashes = others
    .filter((b) => overlap(a, b) && !(a.backdrop && contains(a, b)) && !(b.backdrop && contains(b, a)))
    .map((b) => `${a.what} and ${b.what} overlap`);
  return [...outside, ...clashes];
}

/** Every complaint about the page of these items; `mark` may lie on grounds alone. */
export function pageComplaints(items: readonly Item[], mark: Item | undefined): string[] {
  const all = items.flatMap((item, i) => complaintsAbout(item, items.slice(i + 1)));
  if (mark === undefined) return all;
  const under = items.filter((item) => !item.backdrop && overlap(item, mark));
  return [...all, ...under.map((item) => `${item.what} lies under the mark`)];
}

function tooSmall(item: Item, leastMm: number): string[] {
  const mm = item.smallest * PIXEL_MM;
  return mm >= leastMm ? [] : [`${item.what} has characters of ${mm.toFixed(1)} mm, under ${leastMm} mm`];
}

/** Every complaint about the characters' sizes on the page of these items. */
export function sizeComplaints(items: readonly Item[], mark: Item | undefined): string[] {
  const small = items.flatMap((item) => tooSmall(item, LEAST_MM));
  const smallMark = mark === undefined ? [] : tooSmall(mark, MARK_MM);
  const largestMm = PIXEL_MM * Math.max(0, ...items.map((item) => item.largest));
  const leads =
    largestMm >= LEADING_MM
      ? []
      : [`nothing is said in ${LEADING_MM} mm, the most is ${largestMm.toFixed(1)} mm`];
  return [...small, ...smallMark, ...leads];
}

/** Where everything of one page lies, as the firmware lays it out. */
export function layoutOf(
  layers: LayerItems,
  state: PageState,
  language: Language,
): { items: readonly Item[]; mark: Item | undefined } {
  const view = new View();
  view.language = language;
  state.prepare(view);
  const page = new Collector(layers, language);
  composePage(view, { mark: state.mark }, page);
  return page;
}

/** Every complaint about every page in every language, each with the page's name. */
export function checkPages(layers: LayerItems): string[] {
  const complaints: string[] = [];
  for (const state of pageStates()) {
    for (const [code, language] of LANGUAGES) {
      const { items, mark } = layoutOf(layers, state, language);
      const all = [...pageComplaints(items, mark), ...sizeComplaints(items, mark)];
      complaints.push(...all.map((text) => `page ${state.name} (${code}): ${text}`));
    }
  }
  return complaints;
}
