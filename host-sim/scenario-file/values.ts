/** Values of scenario files. Each is a string in the file; a refusal says what is allowed, and never repeats keys. */
import { z } from "zod";
import { describeDeck } from "../card/deck.ts";
import { KEY_ORDER } from "../chip/key-matrix.ts";
import { noSuch } from "./nearest.ts";

const LONGEST_TEXT = 2000;
const LONGEST_KEYS = 256;
/** A scenario is a story of a day at most. */
const LONGEST_NS = 24 * 3600e9;
const UNITS: Readonly<Record<string, number>> = { ms: 1e6, s: 1e9, min: 60e9, h: 3600e9 };
const TIME_FORM = /^(\d{1,9}(?:\.\d{1,9})?)(ms|s|min|h)$/;

/** A string that `convert` takes; undefined is refused with `allowed`. */
function converted<T>(allowed: string, convert: (text: string) => T | undefined) {
  return z.string(allowed).transform((text, context): T => {
    const value = convert(text);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: `${JSON.stringify(text.slice(0, 40))}: ${allowed}` });
    return z.NEVER;
  });
}

/** Integer nanoseconds. */
export const time = converted("must be a time up to 24h, such as 500ms, 2s, 1.5min", (text) => {
  const [, number, unit] = TIME_FORM.exec(text) ?? [];
  if (number === undefined || unit === undefined) return undefined;
  const ns = Math.round(Number(number) * UNITS[unit]!);
  return ns <= LONGEST_NS ? ns : undefined;
});

export function whole(least: number, most: number) {
  return converted(`must be a whole number, ${least}-${most}`, (text) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
    return value >= least && value <= most ? value : undefined;
  });
}

export const yes = converted("must be yes or no", (text) =>
  text === "yes" || text === "true" ? true : text === "no" || text === "false" ? false : undefined,
);

/** A part of 1, written as per cent. */
export const percent = converted("must be per cent, such as 5% or 0.1%", (text) => {
  const [, number] = /^(\d{1,3}(?:\.\d{1,6})?) ?%$/.exec(text) ?? [];
  return number !== undefined && Number(number) <= 100 ? Number(number) / 100 : undefined;
});

export function hex(bytes: string, form: RegExp) {
  return z.string(`must be ${bytes}`).regex(form, `must be ${bytes}`).toLowerCase();
}

/** One of `names`; another one is told with what was probably meant. */
export function oneOf<const T extends string>(what: string, names: readonly T[]) {
  const allowed = `must be a ${what}: ${names.join(", ")}`;
  return z.string(allowed).transform((text, context): T => {
    const found = names.find((name) => name === text);
    if (found !== undefined) return found;
    context.addIssue({ code: "custom", message: noSuch(text, what, names) });
    return z.NEVER;
  });
}

export const text = z
  .string("must be a sentence")
  .min(1, "must be a sentence")
  .max(LONGEST_TEXT, `at most ${LONGEST_TEXT} characters`);

export const cardName = oneOf(
  "card of the deck",
  describeDeck().map(({ name }) => name),
);

const KEYS = "must be keys out of 0-9, E 確認, C 訂正, X 取消, L 言語, < and >";

// What was to be pressed is not repeated in a refusal.
export const keys = z
  .string(KEYS)
  .min(1, KEYS)
  .max(LONGEST_KEYS, `at most ${LONGEST_KEYS} keys`)
  .refine((pressed) => [...pressed].every((key) => KEY_ORDER.includes(key)), KEYS);

export const key = z
  .string("must be one key out of 0-9 E C X L < >")
  .refine(
    (pressed) => pressed.length === 1 && KEY_ORDER.includes(pressed),
    "must be one key out of 0-9 E C X L < >",
  );

/** A mapping with these fields and no others. The message of unknown ones is what is allowed, in the form that `read.ts` takes apart. */
export function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: ({ code }) => (code === "unrecognized_keys" ? names : `must be fields out of ${names}`),
  });
}

/** Either a word alone, or a mapping: the word stands for one field of it. */
export function shortFor<T extends z.ZodType>(field: string, whole: T) {
  return z.preprocess(
    (value) => (typeof value === "string" && value !== "" ? { [field]: value } : value === "" ? {} : value),
    whole,
  );
}
