/** What the file of one language holds: every text that residents and staff read on the display, and where it stands. */
import type { Layer } from "../../../firmware/ui/layer.ts";
import type { Face } from "../glyphs.ts";
import type { LegendKey } from "../legend.ts";
import type { Part } from "../part.ts";

export type PageParts = readonly [Layer, Part[]];

export interface Texts {
  /** For messages. */
  readonly name: string;
  readonly face: Face;
  /** Every layer but the legend and what is the same in every language (entry-parts.ts). */
  readonly pages: readonly PageParts[];
  readonly keys: readonly LegendKey[];
}
