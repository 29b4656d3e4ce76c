/** Lays out the text view: the LCD, the lamps and tone, the keypad's legend, and the deck with a letter for each card. */
import { pictureColumns } from "./half-blocks.ts";
import type { LampState } from "./terminal-state.ts";

/** Letters of the cards in the deck's order; l, q and r have other meanings. */
const LETTERS = "abcdefghijkmnopstuvwxyzABCDEFGHIJKMNOPSTUVWXYZ";
const SIDE_COLUMNS = 38;
/** From this width on, the panel stands beside the picture. */
const WIDE_COLUMNS = 80 + SIDE_COLUMNS;
const BELOW_ROWS = 4;

export interface ViewModel {
  /** The LCD's picture, so many columns wide. */
  readonly picture: (columns: number) => string[];
  readonly page: string;
  readonly card: string;
  readonly lamps: LampState;
  /** The latest tone in Hz, 0 before the first. */
  readonly toneHz: number;
  readonly sounds: boolean;
  readonly line: string;
  readonly control: string;
  readonly complaints: number;
  /** The answer to the last key, or "". */
  readonly message: string;
  readonly deck: readonly { name: string; about: string }[];
  /** The whole deck instead of the picture. */
  readonly showsDeck: boolean;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export function letterOf(position: number): string {
  return LETTERS.charAt(position);
}

/** The deck's position for a letter, or undefined. */
export function positionOf(letter: string, deckLength: number): number | undefined {
  const position = letter.length === 1 ? LETTERS.indexOf(letter) : -1;
  return position >= 0 && position < deckLength ? position : undefined;
}

/** Columns that `text` takes: Japanese characters are two wide. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text)
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
        character,
      )
        ? 2
        : 1;
  return width;
}

/** Cuts `text` to at most `columns`. */
export function cut(text: string, columns: number): string {
  let kept = "";
  for (const character of text) {
    if (textWidth(kept + character) > columns) return kept;
    kept += character;
  }
  return kept;
}

function lamp(name: string, lit: boolean): string {
  return lit ? `\x1b[1;32m●\x1b[0m ${name}` : `○ ${name}`;
}

function lampLine({ lamps }: ViewModel): string {
  return `${lamp("slot", lamps.slot)}  ${lamp("secure entry", lamps.secureEntry)}  ${lamp("status", lamps.status)}`;
}

function toneText({ toneHz, sounds }: ViewModel): string {
  if (toneHz === 0) return "tone -";
  return `${sounds ? "♪ " : ""}tone ${toneHz} Hz`;
}

const KEYS = [
  "keypad on the keyboard",
  "  1 2 3   Esc        取消 ✕",
  "  4 5 6   Backspace  訂正 ＜",
  "  7 8 9   l          言語 ？",
  "  ← 0 →   Enter      確認 ○",
];
const KEYS_SHORT = "0-9  Enter 確認  Esc 取消  Backspace 訂正  l 言語  ← →  r remove  ? deck  q quit";

function sidePanel(model: ViewModel, rows: number): string[] {
  const width = SIDE_COLUMNS - 2;
  const head = [
    `page    ${model.page}`,
    `card    ${model.card}`,
    lampLine(model),
    `${toneText(model)}${complaintText(model)}`,
    "",
    ...KEYS,
    "",
    "r remove card   ? whole deck   q quit",
    cut(model.message, width),
    "insert a card by its letter",
  ];
  const room = Math.max(0, rows - head.length);
  const cards = model.deck.map((card, i) => `${letterOf(i)}  ${card.name}`);
  return [...head, ...inColumns(cards, room)];
}

/** One column, or two when the rows do not suffice. */
function inColumns(entries: readonly string[], rows: number): string[] {
  if (entries.length <= rows || rows === 0) return entries.slice(0, rows);
  return Array.from({ length: rows }, (_, row) => {
    const second = entries[row + rows] ?? "";
    return (entries[row] ?? "").padEnd(21) + second;
  });
}

function complaintText({ complaints }: ViewModel): string {
  return complaints === 0 ? "" : `  \x1b[1;31m${complaints} complaints\x1b[0m`;
}

function shortDeck({ deck }: ViewModel, columns: number): string {
  return cut(`insert: ${deck.map((card, i) => `${letterOf(i)} ${card.name}`).join("  ")}`, columns);
}

function below(model: ViewModel, columns: number): string[] {
  const status = `page ${model.page} | card ${model.card} | ${toneText(model)}`;
  const note = model.message === "" ? shortDeck(model, columns) : cut(model.message, columns);
  return [`${lampLine(model)}${complaintText(model)}`, cut(status, columns), cut(KEYS_SHORT, columns), note];
}

function deckPage(model: ViewModel, { columns, rows }: Size): string[] {
  const cards = model.deck.map((card, i) =>
    cut(`${letterOf(i)}  ${card.name.padEnd(18)} ${card.about}`, columns),
  );
  const head = ["The deck: a letter inserts the card, ? goes back", ""];
  const places = ["", cut(`line     ${model.line}`, columns), cut(`control  ${model.control}`, columns)];
  return [...head, ...cards, ...places].slice(0, rows);
}

/** The whole view as at most `size.rows` lines. */
export function viewLines(model: ViewModel, size: Size): string[] {
  if (model.showsDeck) return deckPage(model, size);
  if (size.columns < WIDE_COLUMNS) {
    const columns = pictureColumns(size.columns, size.rows - BELOW_ROWS);
    return [...model.picture(columns), ...below(model, size.columns)].slice(0, size.rows);
  }
  const columns = pictureColumns(size.columns - SIDE_COLUMNS, size.rows - 1);
  const picture = model.picture(columns);
  const panel = sidePanel(model, size.rows - 1);
  const blank = " ".repeat(columns);
  const height = Math.max(picture.length, panel.length);
  const lines = Array.from({ length: height }, (_, i) => `${picture[i] ?? blank}  ${panel[i] ?? ""}`);
  return [...lines, cut(`line ${model.line}   control ${model.control}`, size.columns)].slice(0, size.rows);
}
