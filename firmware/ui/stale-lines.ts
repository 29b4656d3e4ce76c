/**
 * Which display lines may differ from the glass: a run of lines in each group of those that one transfer takes.
 * What was marked last is drawn first, from its top: a digit's mask does not wait for a page that is still being drawn.
 */
import { LcdSize } from "../driver/sharp-lcd.ts";

const LINES = LcdSize.LinesPerTransfer;
const GROUPS = Math.floor(LcdSize.Lines / LINES);

export class StaleLines {
  /** The run that `take` took. */
  top = 0;
  lines = 0;
  /** By group; `ends`, the line after the run, is 0 where nothing is stale. */
  private readonly tops: number[] = [];
  private readonly ends: number[] = [];
  private staleGroups = 0;
  private next = 0;
  private firstMarked = GROUPS;
  /** The lines just marked: what stands side by side has the same. */
  private lastTop = 0;
  private lastBottom = 0;

  constructor() {
    for (let group = 0; group < GROUPS; group++) {
      this.tops.push(LcdSize.Lines);
      this.ends.push(0);
    }
  }

  isEmpty(): boolean {
    return this.staleGroups === 0;
  }

  /** Lines `top`…`bottom - 1` may differ. There are none below the glass. */
  mark(top: number, bottom: number): void {
    if (top === this.lastTop && bottom === this.lastBottom) return;
    this.lastTop = top;
    this.lastBottom = bottom;
    const first = Math.floor(top / LINES);
    if (first < this.firstMarked) this.firstMarked = first;
    let from = top;
    for (let group = first; from < bottom && group < GROUPS; group++) {
      const after = (group + 1) * LINES;
      const end = bottom < after ? bottom : after;
      if (this.ends[group] === 0) this.staleGroups++;
      if (from < this.tops[group]) this.tops[group] = from;
      if (end > this.ends[group]) this.ends[group] = end;
      from = after;
    }
  }

  /** All of a change is marked: drawing goes on with its first line. */
  rewind(): void {
    if (this.firstMarked < GROUPS) this.next = this.firstMarked;
    this.firstMarked = GROUPS;
    this.lastBottom = 0;
  }

  /** Takes the next run of stale lines, of which there must be one, into `top` and `lines`. */
  take(): void {
    while (this.ends[this.next] === 0) this.next = this.next + 1 === GROUPS ? 0 : this.next + 1;
    const group = this.next;
    this.top = this.tops[group];
    this.lines = this.ends[group] - this.top;
    this.tops[group] = LcdSize.Lines;
    this.ends[group] = 0;
    this.staleGroups--;
  }
}
