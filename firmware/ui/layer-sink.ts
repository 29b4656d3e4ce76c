/** Where the layers of a page go: item-list.ts draws them, tests list them. A column is 8 pixels. */
import type { Layer } from "./layer.ts";

export interface LayerSink {
  add(layer: Layer): void;
  /** Adds the layer's first item moved to `column`; returns the column after it. */
  addAt(layer: Layer, column: number): number;
  /** The column of the layer's first item as the ROM places it. */
  columnOf(layer: Layer): number;
}
