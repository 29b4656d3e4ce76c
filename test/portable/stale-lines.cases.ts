/** Lines marked are lines taken: each once, no others, whatever was marked and taken before. */
import { LcdSize } from "../../firmware/driver/sharp-lcd.ts";
import { StaleLines } from "../../firmware/ui/stale-lines.ts";
import type { Report } from "./report.ts";

const TOPS = [0, 1, 7, 8, 9, 100, 120, 231, 232, 239];
const HEIGHTS = [1, 7, 8, 9, 16, 17, 33, 240];

/** Takes everything; returns how many lines came, or -1 when one was outside `top`…`bottom - 1` or came in too large a piece. */
function takeAll(stale: StaleLines, top: number, bottom: number): number {
  let lines = 0;
  while (!stale.isEmpty()) {
    stale.take();
    const isInside = stale.top >= top && stale.top + stale.lines <= bottom;
    if (!isInside || stale.lines < 1 || stale.lines > LcdSize.LinesPerTransfer) return -1;
    lines += stale.lines;
  }
  return lines;
}

function checkEveryRun(report: Report): void {
  const stale = new StaleLines();
  for (const top of TOPS) {
    for (const height of HEIGHTS) {
      const bottom = top + height < LcdSize.Lines ? top + height : LcdSize.Lines;
      stale.mark(top, top + height);
      stale.rewind();
      report.equal(
        takeAll(stale, top, bottom),
        bottom - top,
        "a run is taken whole, and ends with the glass",
      );
    }
  }
}

/** What was marked before a change is no reason to leave it out in the next one. */
function checkNextChange(report: Report): void {
  const stale = new StaleLines();
  for (let change = 0; change < 3; change++) {
    stale.mark(16, 40);
    stale.mark(96, 100);
    stale.rewind();
    report.equal(takeAll(stale, 16, 100), 28, "the same two runs, in every change");
  }
}

function checkOrder(report: Report): void {
  const stale = new StaleLines();
  stale.mark(0, 240);
  stale.rewind();
  stale.take();
  stale.mark(144, 150);
  stale.rewind();
  stale.take();
  report.equal(stale.top, 144, "what was marked last is taken first");
}

export function checkStaleLines(report: Report): void {
  checkEveryRun(report);
  checkNextChange(report);
  checkOrder(report);
}
