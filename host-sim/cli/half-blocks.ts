/**
 * The LCD's picture in a character terminal: upper half blocks, the upper pixel as foreground and the lower as background.
 * Where the picture is reduced, each pixel is the grey of the area that it stands for (256-colour greys, 232–255).
 */
import { LCD_HEIGHT, LCD_WIDTH } from "../chip/memory-lcd.ts";
import { isInk } from "../world/png.ts";

const UPPER_HALF = "▀";
const RESET = "\x1b[0m";
const PAPER_GREY = 252;
const INK_GREY = 233;
/** Widths in characters; those that divide 400 are sharpest. */
const WIDTHS = [200, 160, 133, 100, 80, 67, 57, 50, 40];

/** The widest picture that fits into so many columns and rows. */
export function pictureColumns(columns: number, rows: number): number {
  return WIDTHS.find((width) => width <= columns && pictureRows(width) <= rows) ?? 40;
}

export function pictureRows(columns: number): number {
  return Math.round((columns * LCD_HEIGHT) / LCD_WIDTH / 2);
}

/** Mean ink, 0…1, of the frame's pixels from (left, top) up to but without (right, bottom). */
function inkOf(
  frame: Uint8Array,
  area: { left: number; top: number; right: number; bottom: number },
): number {
  let ink = 0;
  for (let y = area.top; y < area.bottom; y++) {
    for (let x = area.left; x < area.right; x++) if (isInk(frame, x, y)) ink++;
  }
  return ink / ((area.right - area.left) * (area.bottom - area.top));
}

function greys(frame: Uint8Array, columns: number, rows: number): number[][] {
  const edge = (at: number, of: number, size: number): number => Math.round((at * size) / of);
  return Array.from({ length: rows }, (_, y) =>
    Array.from({ length: columns }, (_, x) => {
      const ink = inkOf(frame, {
        left: edge(x, columns, LCD_WIDTH),
        right: edge(x + 1, columns, LCD_WIDTH),
        top: edge(y, rows, LCD_HEIGHT),
        bottom: edge(y + 1, rows, LCD_HEIGHT),
      });
      return Math.round(PAPER_GREY + (INK_GREY - PAPER_GREY) * ink);
    }),
  );
}

/** `frame` (see `MemoryLcd.frame`) as `pictureRows(columns)` lines with colours. */
export function pictureLines(frame: Uint8Array, columns: number): string[] {
  const rows = pictureRows(columns);
  const grey = greys(frame, columns, rows * 2);
  return Array.from({ length: rows }, (_, row) => lineOf(grey[2 * row], grey[2 * row + 1]));
}

/** A colour is named only where it changes. */
function lineOf(upper: number[], lower: number[]): string {
  let line = "";
  upper.forEach((above, x) => {
    const below = lower[x];
    if (x === 0 || above !== upper[x - 1] || below !== lower[x - 1])
      line += `\x1b[38;5;${above};48;5;${below}m`;
    line += UPPER_HALF;
  });
  return line + RESET;
}
