/** What is there when a scenario begins. */
import { LANGUAGE_CODES } from "../world/language-code.ts";
import { z } from "zod";
import type { SimCard } from "../card/sim-card.ts";
import { T1Endpoint } from "../card/t1-endpoint.ts";
import { residentPin } from "./card-pins.ts";
import { PLACE_NAMES, type PlaceName } from "./program-end.ts";
import { cardName, fields, oneOf, whole } from "./values.ts";

const MOST_TRIES = 3;
const PIN = "must be four digits";
const pin = z.string(PIN).regex(/^\d{4}$/, PIN);

/** One value a PIN of the card. */
function perPin<T extends z.ZodType>(value: T) {
  return fields(
    Object.fromEntries(PLACE_NAMES.map((name) => [name, value.optional()])) as Record<
      PlaceName,
      z.ZodOptional<T>
    >,
  );
}

const tries = whole(0, MOST_TRIES);
const forEachPin = (value: unknown): unknown =>
  typeof value === "string" ? Object.fromEntries(PLACE_NAMES.map((name) => [name, value])) : value;

const cardState = fields({
  /** One number for all four-digit PINs, or one each. */
  "tries-left": z.preprocess(forEachPin, perPin(tries)).optional(),
  pins: perPin(pin).optional(),
});

const cards = z.record(cardName, cardState, "must be cards of the deck and their states");

export const given = fields({
  /** The image: bench, development or town. */
  mode: oneOf("mode", ["open", "sealed", "town"]).default("sealed"),
  language: oneOf("language", LANGUAGE_CODES).default("ja"),
  seed: whole(0, 0xffffffff).default(1),
  /** In the slot when the power comes on. */
  card: cardName.optional(),
  cards: cards.default({}),
  /** At the other end of the line: it has called when the steps begin, or it never has. */
  counter: oneOf("state of the counter", ["there", "absent"]).default("there"),
  /** Whether checks are for the operator who is signed in alone, as the terminal was provisioned. */
  operators: oneOf("rule for operators", ["optional", "required"]).default("optional"),
}).refine(({ mode, operators }) => mode !== "open" || operators === "optional", {
  path: ["operators"],
  error: "is nothing that the bench image of mode open knows",
});

export type Given = z.output<typeof given>;
export type CardState = z.output<typeof cardState>;

export function applyCardState(card: SimCard, { pins, "tries-left": left }: CardState): void {
  if (!(card instanceof T1Endpoint)) return;
  for (const name of PLACE_NAMES) {
    const found = residentPin(card, name);
    if (found === undefined) continue;
    found.value = pins?.[name] ?? found.value;
    found.left = left?.[name] ?? found.left;
  }
}
