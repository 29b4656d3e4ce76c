/**
 * The marks of a PIN entry that depend on numbers: the masks of its digits and the note of how many there may be.
 * They depend on the count of digits and the object's length rule alone; no digit comes near this code.
 */
import type { View } from "../service/view.ts";
import { Layer } from "./layer.ts";
import type { LayerSink } from "./layer-sink.ts";

/** Columns (8 px) of the page. */
const PAGE_COLUMNS = 50;
/** Large masks are 5 columns wide: up to five stand at a pitch of 9, up to eight at 6; more are small, at 3. */
const LARGE_COLUMNS = 5;
const WIDE_PITCH = 9;
const CLOSE_PITCH = 6;
const SMALL_PITCH = 3;

/** Offsets of the layers of one size of masks, or of a length note. */
const RING = 1;
const POINT = 2;
const DASH = 10;
const SUFFIX = 11;

/** 大きく: up to four stand at a pitch of 12, five touch. */
const HUGE_COLUMNS = 9;
const HUGE_PITCH = 12;

function columnsOf(disc: Layer): number {
  if (disc === Layer.HugeDisc) return HUGE_COLUMNS;
  return disc === Layer.SmallDisc ? SMALL_PITCH : LARGE_COLUMNS;
}

function addMasks(disc: Layer, pitch: number, view: View, into: LayerSink): void {
  const count = view.maximumDigits;
  const width = columnsOf(disc);
  let column = Math.floor((PAGE_COLUMNS - (count - 1) * pitch - width) / 2);
  for (let i = 0; i < count; i++) {
    if (i < view.digits) into.addAt(disc, column);
    else if (i < view.minimumDigits) into.addAt(disc + RING, column);
    else into.addAt(disc + POINT, column);
    column += pitch;
  }
}

function addNumber(zero: Layer, value: number, column: number, into: LayerSink): number {
  const tens = Math.floor(value / 10);
  const next = tens > 0 ? into.addAt(zero + tens, column) : column;
  return into.addAt(zero + value - 10 * tens, next);
}

/** The same, large: of more digits than five there is room for their number alone. */
export function addLargeMask(view: View, into: LayerSink): void {
  if (view.maximumDigits <= 4) addMasks(Layer.HugeDisc, HUGE_PITCH, view, into);
  else if (view.maximumDigits <= 5) addMasks(Layer.HugeDisc, HUGE_COLUMNS, view, into);
  else addNumber(Layer.Huge0, view.digits, into.columnOf(Layer.Huge0), into);
}

/** One mask a digit: entered, still required, optional. */
export function addDigitMask(view: View, into: LayerSink): void {
  if (view.maximumDigits <= 5) addMasks(Layer.LargeDisc, WIDE_PITCH, view, into);
  else if (view.maximumDigits <= 8) addMasks(Layer.LargeDisc, CLOSE_PITCH, view, into);
  else addMasks(Layer.SmallDisc, SMALL_PITCH, view, into);
}

/** 4～16けた, or 6けた when both ends are the same. `zero` is `Layer.Note0` or `Layer.NewNote0`. */
export function addLengthNote(zero: Layer, view: View, into: LayerSink): void {
  let column = into.columnOf(zero);
  if (view.minimumDigits !== view.maximumDigits) {
    column = addNumber(zero, view.minimumDigits, column, into);
    column = into.addAt(zero + DASH, column);
  }
  column = addNumber(zero, view.maximumDigits, column, into);
  into.addAt(zero + SUFFIX, column);
}
