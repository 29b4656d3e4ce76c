/** What a card on a bad day does to its contact, chosen by a seed so that a replay does the same again. */
import type { SeededRandom } from "../../host-sim/world/random.ts";
import { buildAtr, readAtrTerms } from "../../host-sim/card/card-atr.ts";
import { between, pick, randomBytes, xorOf } from "./pick.ts";

export type MischiefKind =
  | "calm"
  /** Moments of characters are turned round: wrong values, wrong parity. */
  | "flip"
  | "drop"
  /** Characters come twice, the second upon the next. */
  | "double"
  | "mute"
  /** Characters at any time, upon the terminal's own too. */
  | "babble"
  /** As babble, slow and without end. */
  | "drip"
  /** Its own blocks instead of the card's. */
  | "block"
  /** A chain without end, block numbers in turn. */
  | "chain"
  /** Its own answer to reset. */
  | "atr";

export interface Mischief {
  readonly kind: MischiefKind;
  readonly seed: number;
  /** Of 1000 characters, how many are hit. */
  readonly perMille: number;
  /** After so many hits, or own blocks, the card is calm again. */
  readonly hits: number;
}

export const CALM: Mischief = { kind: "calm", seed: 0, perMille: 0, hits: 0 };

const KINDS: readonly MischiefKind[] = [
  "flip",
  "flip",
  "drop",
  "double",
  "babble",
  "babble",
  "block",
  "block",
  "block",
];
const PCBS = [
  0x00, 0x40, 0x20, 0x60, 0x80, 0x90, 0x81, 0x82, 0x91, 0x92, 0xc0, 0xc1, 0xc2, 0xc3, 0xe0, 0xe1, 0xe2, 0xe3,
];
const ATR_MAX_BYTES = 33;
const FOR_EVER = 1e9;

/** Of 100. Silence and drips cost seconds of virtual time, chains many bytes: they are rare. */
export function planMischief(random: SeededRandom): Mischief {
  const dice = random.below(100);
  if (dice < 25) return mischiefOf("calm", random);
  if (dice < 27) return mischiefOf("mute", random);
  if (dice < 28) return mischiefOf("chain", random);
  return mischiefOf(dice < 36 ? "atr" : pick(random, KINDS), random);
}

export function mischiefOf(kind: MischiefKind, random: SeededRandom): Mischief {
  return {
    kind,
    seed: random.below(0x7fffffff),
    perMille: pick(random, [2, 5, 20, 100, 500, 1000, 1000]),
    hits: pick(random, [1, 3, 8, 13, 14, 15, 16, 20, 40, FOR_EVER, FOR_EVER, FOR_EVER]),
  };
}

/** The k-th block of a chain. */
export function chainBlock(ordinal: number): number[] {
  const body = [0, ordinal % 2 === 0 ? 0x20 : 0x60, 254, ...new Array<number>(254).fill(0x5a)];
  return [...body, xorOf(body)];
}

/** A block that a card might send, or not; its LRC is mostly right. */
export function hostileAnswer(random: SeededRandom): number[] {
  const pcb = random.below(10) === 0 ? random.below(256) : pick(random, PCBS);
  const size = random.below(3) === 0 ? random.below(255) : random.below(6);
  const inf = pcb >= 0xc0 && random.below(4) > 0 ? [random.below(256)] : answerOf(random, size);
  const length = random.below(16) === 0 ? random.below(256) : inf.length;
  const body = [random.below(20) === 0 ? random.below(256) : 0, pcb, length, ...inf];
  return [...body, xorOf(body) ^ (random.below(8) === 0 ? 1 << random.below(8) : 0)];
}

function answerOf(random: SeededRandom, size: number): number[] {
  const statusWord = pick(random, [
    [0x90, 0x00],
    [0x63, 0xc2],
    [0x63, 0xc1],
    [0x69, 0x84],
    [0x61, 0x10],
    [0x6c, 0x04],
  ]);
  return random.below(2) === 0
    ? randomBytes(random, size)
    : [...randomBytes(random, size), ...statusWord].slice(0, 254);
}

/** Half of them well-formed T=1, the others anything. LRC cards alone: the watch hears no CRC. */
export function hostileAtr(random: SeededRandom): number[] {
  const historical = randomBytes(random, random.below(16));
  const waiting = random.below(10) * 16 + random.below(16);
  const formed = buildAtr(0x3b, 0x8, [0x81, 0x31, between(random, 1, 254), waiting], historical);
  if (random.below(2) === 0) return [...formed];
  const bytes = random.below(2) === 0 ? [...formed] : randomBytes(random, between(random, 1, ATR_MAX_BYTES));
  bytes[0] = pick(random, [0x3b, 0x3b, 0x3b, 0x3f, random.below(256)]);
  if (random.below(2) === 0) bytes[random.below(bytes.length)] = random.below(256);
  return readAtrTerms(Uint8Array.from(bytes)).crc ? [...formed] : bytes;
}
