/** The drawings of the pages, each on a canvas of its own size. Strokes are 4 px: 0.6 mm on the glass. */
import type { Canvas } from "./canvas.ts";

const STROKE = 4;

function contact(canvas: Canvas, x: number, y: number): void {
  canvas.frame({ x, y, width: 32, height: 26 }, 5, 3);
  canvas.rectangle(x, y + 12, 32, 3);
  canvas.rectangle(x + 15, y, 3, 26);
}

function arrowUp(canvas: Canvas, x: number, y: number, shaft: number): void {
  canvas.polygon([
    [x, y],
    [x + 26, y + 28],
    [x - 26, y + 28],
  ]);
  canvas.rectangle(x - 9, y + 28, 18, shaft);
}

function arrowDown(canvas: Canvas, x: number, y: number): void {
  canvas.rectangle(x - 9, y, 18, 22);
  canvas.polygon([
    [x - 26, y + 22],
    [x + 26, y + 22],
    [x, y + 48],
  ]);
}

function slotBar(canvas: Canvas): void {
  canvas.plate({ x: 0, y: 0, width: canvas.width, height: 24 }, 8);
  canvas.rectangle(10, 10, canvas.width - 20, 5, 0);
}

/** 120 or 128 × 160: a card, chip first, on its way up into the slot. */
export function insertCard(canvas: Canvas): void {
  const middle = canvas.width / 2;
  slotBar(canvas);
  canvas.frame({ x: middle - 44, y: 38, width: 88, height: 120 }, 10, STROKE);
  contact(canvas, middle - 16, 50);
  arrowUp(canvas, middle, 88, 28);
}

/** 104 × 128: the same, smaller. */
export function turnCard(canvas: Canvas): void {
  slotBar(canvas);
  canvas.frame({ x: 14, y: 32, width: 76, height: 94 }, 8, STROKE);
  contact(canvas, 36, 40);
  arrowUp(canvas, 52, 71, 18);
}

/** 120 or 128 × 160: a card that hangs out of the slot. */
export function takeCard(canvas: Canvas): void {
  const left = canvas.width / 2 - 44;
  canvas.frame({ x: left, y: 2, width: 88, height: 90 }, 10, STROKE);
  canvas.rectangle(0, 0, canvas.width, 24, 0);
  slotBar(canvas);
  canvas.rectangle(left + 14, 40, 18, 22);
  for (const y of [42, 50, 58]) canvas.rectangle(left + 40, y, 34, 3);
  arrowDown(canvas, left + 44, 106);
}

/** 80 × 44: the card, seen flat. */
function flatCard(canvas: Canvas): void {
  canvas.frame({ x: 0, y: 0, width: 80, height: 44 }, 8, STROKE);
  canvas.rectangle(12, 15, 18, 14);
  for (const y of [12, 20, 28]) canvas.rectangle(38, y, 30, 3);
}

/** 96 × 56: a card with a cross on it. */
export function refusedCard(canvas: Canvas): void {
  flatCard(canvas);
  canvas.disc(76, 38, 19, 0);
  canvas.disc(76, 38, 16);
  canvas.line([70, 32], [82, 44], 4, 0);
  canvas.line([82, 32], [70, 44], 4, 0);
}

/** 96 × 56: a card with a clock on it. */
export function expiredCard(canvas: Canvas): void {
  flatCard(canvas);
  canvas.disc(76, 38, 19, 0);
  canvas.ring(76, 38, 16, STROKE);
  canvas.line([76, 38], [76, 29], 3);
  canvas.line([76, 38], [83, 42], 3);
}

/** 88 × 88. */
export function tick(canvas: Canvas): void {
  canvas.disc(44, 44, 44);
  canvas.line([24, 46], [39, 60], 10, 0);
  canvas.line([39, 60], [65, 31], 10, 0);
}

/** 64 × 80. */
export function lock(canvas: Canvas): void {
  canvas.frame({ x: 12, y: 0, width: 40, height: 60 }, 20, 8);
  canvas.plate({ x: 2, y: 34, width: 60, height: 46 }, 7);
  canvas.disc(32, 52, 6, 0);
  canvas.rectangle(29, 54, 6, 14, 0);
}

/** 40 × 48: the same, small. */
export function smallLock(canvas: Canvas): void {
  canvas.frame({ x: 7, y: 0, width: 26, height: 36 }, 13, 6);
  canvas.plate({ x: 0, y: 20, width: 40, height: 28 }, 5);
  canvas.disc(20, 31, 4, 0);
  canvas.rectangle(18, 32, 4, 9, 0);
}

function warning(canvas: Canvas, size: number): void {
  const half = size / 2;
  canvas.polygon([
    [half, 2],
    [size - 1, 0.9 * size],
    [1, 0.9 * size],
  ]);
  canvas.line([half, 0.36 * size], [half, 0.6 * size], 0.1 * size, 0);
  canvas.disc(half, 0.76 * size, 0.06 * size, 0);
}

/** 80 × 80. */
export function largeWarning(canvas: Canvas): void {
  warning(canvas, 80);
}

/** 48 × 48. */
export function smallWarning(canvas: Canvas): void {
  warning(canvas, 48);
}

/** 88 × 88. */
export function clock(canvas: Canvas): void {
  canvas.ring(44, 44, 43, 5);
  for (const [x, y] of [
    [44, 10],
    [78, 44],
    [44, 78],
    [10, 44],
  ]) {
    canvas.disc(x, y, 3.5);
  }
  canvas.line([44, 44], [44, 20], 6);
  canvas.line([44, 44], [60, 54], 6);
}

/** 96 × 80: a PC with the card on its screen. */
export function monitor(canvas: Canvas): void {
  canvas.frame({ x: 0, y: 0, width: 96, height: 62 }, 7, 5);
  canvas.frame({ x: 24, y: 15, width: 48, height: 32 }, 5, 3);
  canvas.rectangle(32, 26, 10, 9);
  for (const y of [24, 30, 36]) canvas.rectangle(48, y, 16, 3);
  canvas.rectangle(42, 62, 12, 10);
  canvas.plate({ x: 24, y: 71, width: 48, height: 8 }, 3);
}

/** 40 × 48. Three dots would look like a mask of digits. */
export function hourglass(canvas: Canvas): void {
  canvas.plate({ x: 0, y: 0, width: 40, height: 6 }, 2);
  canvas.plate({ x: 0, y: 42, width: 40, height: 6 }, 2);
  canvas.polygon([
    [5, 6],
    [35, 6],
    [20, 26],
  ]);
  canvas.polygon([
    [5, 42],
    [35, 42],
    [20, 22],
  ]);
  canvas.polygon(
    [
      [10, 8],
      [30, 8],
      [26, 14],
      [14, 14],
    ],
    0,
  );
  canvas.polygon(
    [
      [20, 27],
      [29, 38],
      [11, 38],
    ],
    0,
  );
}

/** 40 × 40: masks of one digit. */
export function largeDisc(canvas: Canvas): void {
  canvas.disc(20, 20, 19);
}

export function largeRing(canvas: Canvas): void {
  canvas.ring(20, 20, 19, STROKE);
}

export function largePoint(canvas: Canvas): void {
  canvas.disc(20, 20, 5);
}

/** 72 × 72: the same, for who does not see the others well. */
export function hugeDisc(canvas: Canvas): void {
  canvas.disc(36, 36, 34);
}

export function hugeRing(canvas: Canvas): void {
  canvas.ring(36, 36, 34, 6);
}

export function hugePoint(canvas: Canvas): void {
  canvas.disc(36, 36, 8);
}

/** 24 × 16: a clock whose hands have far to go; a small dot and what it becomes. */
export function slowSign(canvas: Canvas): void {
  canvas.ring(12, 8, 8, 2);
  canvas.line([12, 8], [12, 3], 2);
  canvas.line([12, 8], [16, 8], 2);
}

export function largeSign(canvas: Canvas): void {
  canvas.disc(4, 11, 3);
  canvas.disc(16, 8, 7);
}

/** 24 × 24: the same where there are more than eight. */
export function smallDisc(canvas: Canvas): void {
  canvas.disc(12, 12, 10);
}

export function smallRing(canvas: Canvas): void {
  canvas.ring(12, 12, 10, 3);
}

export function smallPoint(canvas: Canvas): void {
  canvas.disc(12, 12, 3);
}
