/**
 * The LCD's picture in a character terminal, in half blocks: a character is two pixels, one above the other.
 * Where the picture is reduced, each pixel is the grey of the area that it stands for (256-colour greys, 232–255).
 */
import { LCD_HEIGHT, LCD_WIDTH } from "../chip/memory-lcd.ts";
import { isInk } from "../world/png.ts";

const UPPER_HALF = "▀";
const LOWER_HALF = "▄";
const FULL = "█";
const RESET = "\x1b[0m";
const PAPER_GREY = 252;
const INK_GREY = 233;
const MIDDLE_GREY = (PAPER_GREY + INK_GREY) / 2;
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
function lineOf(upper: readonly number[], lower: readonly number[]): string {
  let line = "";
  let colours = "";
  upper.forEach((above, x) => {
    const cell = cellOf(above, lower[x]);
    if (cell.colours !== colours) line += cell.colours;
    colours = cell.colours;
    line += cell.block;
  });
  return line + RESET;
}

/** The darker half is the block's, so that the picture can be told without colours too. */
function cellOf(above: number, below: number): { block: string; colours: string } {
  if (above === below) return { block: above < MIDDLE_GREY ? FULL : " ", colours: colours(above, above) };
  if (above < below) return { block: UPPER_HALF, colours: colours(above, below) };
  return { block: LOWER_HALF, colours: colours(below, above) };
}

function colours(foreground: number, background: number): string {
  return `\x1b[38;5;${foreground};48;5;${background}m`;
}

/** Draws again only what has changed: most of the time nothing has. */
export class CachedPicture {
  private frame: Uint8Array = new Uint8Array();
  private columns = 0;
  private drawn: string[] = [];

  lines(frame: Uint8Array, columns: number): string[] {
    if (columns !== this.columns || Buffer.compare(frame, this.frame) !== 0) {
      this.drawn = pictureLines(frame, columns);
      this.frame = frame;
      this.columns = columns;
    }
    return this.drawn;
  }
}
