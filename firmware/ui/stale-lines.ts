/**
 * Which display lines may differ from the glass, by group of the eight lines that one transfer takes: all of a group, or a run.
 * What was marked last is drawn first, from its top: a digit's mask does not wait for a page that is still being drawn.
 */
import { LcdSize } from "../driver/sharp-lcd.ts";

const LINES = LcdSize.LinesPerTransfer;
/** Of `LINES`, as a shift. */
const LINE_BITS = 3;
/** As many as an int32 has bits, almost: bit g is group g. */
const GROUPS = Math.floor(LcdSize.Lines / LINES);

export class StaleLines {
  /** The run that `take` took. */
  top = 0;
  lines = 0;
  /** Bits of the groups that are stale whole, and of those of which a run is. */
  private whole = 0;
  private partial = 0;
  /** The runs; `ends` is the line after. */
  private readonly tops: number[] = [];
  private readonly ends: number[] = [];
  /** Element g has the bits of group g and of all after it. */
  private readonly fromGroup: number[] = [];
  private next = 0;
  private firstMarked = GROUPS;
  /** The lines marked last, and those before: what stands side by side has the same, on the page that goes and on the new one. */
  private lastTop = 0;
  private lastBottom = 0;
  private beforeTop = 0;
  private beforeBottom = 0;

  constructor() {
    for (let group = 0; group < GROUPS; group++) {
      this.tops.push(LcdSize.Lines);
      this.ends.push(0);
      this.fromGroup.push((1 << GROUPS) - (1 << group));
    }
  }

  isEmpty(): boolean {
    return (this.whole | this.partial) === 0;
  }

  /** Lines `top`…`bottom - 1` may differ. There are none below the glass. */
  mark(top: number, bottom: number): void {
    if (top === this.lastTop && bottom === this.lastBottom) return;
    if (top === this.beforeTop && bottom === this.beforeBottom) return;
    this.beforeTop = this.lastTop;
    this.beforeBottom = this.lastBottom;
    this.lastTop = top;
    this.lastBottom = bottom;
    const end = bottom < LcdSize.Lines ? bottom : LcdSize.Lines;
    if (top >= end) return;
    const first = top >>> LINE_BITS;
    const last = (end - 1) >>> LINE_BITS;
    if (first < this.firstMarked) this.firstMarked = first;
    if (first === last) {
      this.markRun(first, top, end);
      return;
    }
    this.markRun(first, top, (first + 1) << LINE_BITS);
    this.markRun(last, last << LINE_BITS, end);
    // What lies between the two.
    this.whole = this.whole | (this.fromGroup[first + 1] ^ this.fromGroup[last]);
  }

  /** All of a change is marked: drawing goes on with its first line. */
  rewind(): void {
    if (this.firstMarked < GROUPS) this.next = this.firstMarked;
    this.firstMarked = GROUPS;
    this.lastBottom = 0;
    this.beforeBottom = 0;
  }

  /** Takes the next stale lines, of which there must be some, into `top` and `lines`. */
  take(): void {
    const stale = this.whole | this.partial;
    while ((stale & (1 << this.next)) === 0) this.next = this.next + 1 === GROUPS ? 0 : this.next + 1;
    const group = this.next;
    const bit = 1 << group;
    const isWhole = (this.whole & bit) !== 0;
    this.top = isWhole ? group << LINE_BITS : this.tops[group];
    this.lines = isWhole ? LINES : this.ends[group] - this.top;
    this.whole = this.whole & ~bit;
    this.partial = this.partial & ~bit;
    this.tops[group] = LcdSize.Lines;
    this.ends[group] = 0;
  }

  /** Lines of one group. */
  private markRun(group: number, top: number, end: number): void {
    this.partial = this.partial | (1 << group);
    if (top < this.tops[group]) this.tops[group] = top;
    if (end > this.ends[group]) this.ends[group] = end;
  }
}
