/**
 * Which groups of display lines may differ from the glass, a bit each. What was marked last is drawn first, from its top:
 * a digit's mask does not wait for a page that is still being drawn.
 */
import { LcdSize } from "../driver/sharp-lcd.ts";

/** A group is the lines of one transfer; there are 30. */
const LINES = LcdSize.LinesPerTransfer;
const GROUPS = Math.floor(LcdSize.Lines / LINES);

export class StaleGroups {
  private stale = 0;
  /** Of the change that is being marked. */
  private marked = 0;
  private next = 0;

  isEmpty(): boolean {
    return this.stale === 0;
  }

  /** Lines `top`…`bottom - 1` may differ; what lies below the glass counts as its last line. */
  mark(top: number, bottom: number): void {
    const end = bottom < LcdSize.Lines ? bottom : LcdSize.Lines;
    const first = Math.floor(top / LINES);
    const last = Math.floor((end - 1) / LINES);
    this.marked = this.marked | ((2 << last) - (1 << first));
  }

  /** All of a change is marked: drawing goes on with its first group. */
  rewind(): void {
    if (this.marked === 0) return;
    this.stale = this.stale | this.marked;
    this.next = 0;
    while (((this.marked >>> this.next) & 1) === 0) this.next++;
    this.marked = 0;
  }

  /** Takes the next stale group, of which there must be one; returns its first line. */
  take(): number {
    while (((this.stale >>> this.next) & 1) === 0) this.next = this.next + 1 === GROUPS ? 0 : this.next + 1;
    this.stale = this.stale ^ (1 << this.next);
    return this.next * LINES;
  }
}
