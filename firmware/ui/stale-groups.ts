/**
 * Which groups of display lines may differ from the glass. What was marked last is drawn first, from its top: a digit's mask
 * does not wait for a page that is still being drawn.
 */
import { LcdSize } from "../driver/sharp-lcd.ts";

/** Of `LcdSize.LinesPerTransfer` lines each. */
const GROUPS = 30;

export class StaleGroups {
  /** How many are stale. */
  count = 0;
  private readonly isStale: boolean[] = [];
  private next = 0;
  private firstMarked = GROUPS;

  constructor() {
    for (let group = 0; group < GROUPS; group++) this.isStale.push(false);
  }

  /** Lines `top`…`bottom - 1` may differ. */
  mark(top: number, bottom: number): void {
    const first = Math.floor(top / LcdSize.LinesPerTransfer);
    if (first < this.firstMarked) this.firstMarked = first;
    for (let group = first; group * LcdSize.LinesPerTransfer < bottom && group < GROUPS; group++) {
      if (!this.isStale[group]) this.count++;
      this.isStale[group] = true;
    }
  }

  /** All of a change is marked: drawing goes on with its first group. */
  rewind(): void {
    if (this.firstMarked < GROUPS) this.next = this.firstMarked;
    this.firstMarked = GROUPS;
  }

  /** Takes the next stale group, of which there must be one; returns its first line. */
  take(): number {
    while (!this.isStale[this.next]) this.next = this.next + 1 === GROUPS ? 0 : this.next + 1;
    this.isStale[this.next] = false;
    this.count--;
    return this.next * LcdSize.LinesPerTransfer;
  }
}
