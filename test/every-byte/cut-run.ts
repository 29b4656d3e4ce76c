/**
 * One exchange, uncut or cut at one character, and what must be true afterwards (design §7.6, §7.8): contacts off in order
 * within one step, no second PIN command, a true page, nothing typed in memory, and the card works at once when it is back.
 */
import { BOARD } from "../../board/mps2-an386/pins.ts";
import { T1Endpoint } from "../../host-sim/card/t1-endpoint.ts";
import type { CutBench, Way } from "./cut-bench.ts";
import type { Exchange } from "./exchanges.ts";

/** What the card goes through. */
export const WAYS = {
  pulled: { name: "pulled", isInside: false, cut: ({ counter }) => counter.simulator.remove() },
  pulledInside: {
    name: "pulled in mid-character",
    isInside: true,
    cut: ({ counter }) => counter.simulator.remove(),
  },
  /** 20 µs: no scan and no debouncing sees it. */
  glitch: {
    name: "glitch",
    isInside: false,
    cut: ({ counter }) => counter.simulator.world.slot.glitch(20_000),
  },
  fault: { name: "fault", isInside: false, cut: ({ counter }) => counter.simulator.world.slot.fault() },
} as const satisfies Record<string, Way>;

const CONTACTS_OFF = "RST low,CLK low,IO low,VCC off";
/** The interface chip's time for all four (TDA8035: at most 100 µs). */
const OFF_WITHIN_NS = 100_000;
/** The host's view: ICC_MUTE, or no ATR. */
const FAILED = /error fe$|^not powered$/;
/** The page that says that the counter did not move. */
const CLAIMS_NO_TRY = "removed";

export interface Uncut {
  readonly characters: number;
  /** Ordinal of the PIN command's first character, 0 without one. */
  readonly pinAt: number;
}

/** The exchange ended before the cut. */
export const NEVER_MADE = "the cut was never made";

/** Where: at the how many-th character, 1 being the first. */
export interface Cut {
  readonly at: number;
  readonly way: Way | undefined;
}

/** Runs `exchange` to its end. Throws when it does not go as it should: then nothing can be said about cuts. */
export function runUncut(bench: CutBench, exchange: Exchange): Uncut {
  begin(bench, exchange, { at: Infinity, way: undefined });
  const answer = exchange.act(bench);
  bench.settle();
  const { count, firstAt } = bench.begun;
  if (answer !== exchange.answer) throw new Error(`${exchange.name}: ${answer}`);
  if (count !== exchange.pinCommands) throw new Error(`${exchange.name}: ${count} PIN commands`);
  const held = exchange.typed.filter((pin) => bench.memory.holding(pin) > 0);
  if (held.length > 0) throw new Error(`${exchange.name}: a PIN stays in memory`);
  if (exchange.typed.length > 0 && bench.heldWhileTyped === 0)
    throw new Error("the PIN was never found in memory");
  bench.clear();
  return { characters: bench.characters, pinAt: firstAt };
}

/** Runs `exchange` with the cut at character `at`. Returns what is not as it must be. */
export function runCut(bench: CutBench, exchange: Exchange, uncut: Uncut, cut: Cut): string[] {
  const card = begin(bench, exchange, cut);
  const before = countersOf(card);
  const answer = exchange.act(bench);
  if (bench.cutNs === undefined) return [NEVER_MADE];
  bench.settle();
  const isPinOut = uncut.pinAt > 0 && cut.at >= uncut.pinAt;
  const findings = [
    ...(FAILED.test(answer) ? [] : [`the host was told ${answer}`]),
    ...contactFindings(bench),
    ...pageFindings(bench, exchange, isPinOut, before !== countersOf(card)),
    ...memoryFindings(bench, exchange),
  ];
  const sent = bench.begun.count;
  bench.disarm();
  const works = bench.power(card) ? exchange.again(bench, card) : "not powered";
  if (works !== "9000") findings.push(`the next try says ${works}`);
  const wanted = exchange.againPins + (isPinOut ? 1 : 0);
  if (sent > (isPinOut ? 1 : 0) || bench.begun.count > wanted)
    findings.push(`${bench.begun.count} PIN commands`);
  if (exchange.keepsCard !== true) bench.clear();
  const { complaints } = bench.counter.simulator.world;
  return [...findings, ...complaints.splice(0)];
}

/** With a fresh card, or with the one that the cut before has left in the slot, powered. */
function begin(bench: CutBench, exchange: Exchange, { at, way }: Cut): T1Endpoint {
  const inserted = bench.counter.simulator.world.slot.inserted();
  if (inserted instanceof T1Endpoint) return prepared(bench, exchange, inserted, { at, way });
  const card = exchange.card();
  if (exchange.isPowerOn === true) bench.present(card);
  else if (!bench.power(card)) throw new Error(`${exchange.name}: not powered`);
  return prepared(bench, exchange, card, { at, way });
}

function prepared(bench: CutBench, exchange: Exchange, card: T1Endpoint, { at, way }: Cut): T1Endpoint {
  exchange.prepare(bench);
  bench.arm(at, way);
  return card;
}

/** The chip switches off by itself; the firmware orders it in the step of the same instant. */
function contactFindings(bench: CutBench): string[] {
  const cutNs = bench.cutNs ?? 0;
  const events = bench.counter.simulator.world.recorder.all().filter((event) => event.timeNs >= cutNs);
  const supply = events.filter(
    ({ channel, value }) => channel === "card-supply" && !String(value).startsWith("OFFN"),
  );
  const order = supply.map((event) => event.value).join();
  const lastNs = (supply.at(-1)?.timeNs ?? Infinity) - cutNs;
  const { commandVccN, reset } = BOARD.slot;
  const ordered = events.find(
    ({ channel, value }) => channel === "pins" && (Number(value) & (commandVccN | reset)) === commandVccN,
  );
  return [
    ...(order === CONTACTS_OFF ? [] : [`contacts: ${order}`]),
    ...(lastNs <= OFF_WITHIN_NS ? [] : [`contacts off after ${lastNs} ns`]),
    ...(ordered?.timeNs === cutNs ? [] : ["the firmware did not switch off in the same step"]),
  ];
}

function pageFindings(bench: CutBench, exchange: Exchange, isPinOut: boolean, moved: boolean): string[] {
  const page = bench.counter.page;
  const isPin = exchange.pinCommands > 0;
  const wanted = isPinOut ? ["unknown"] : isPin ? [CLAIMS_NO_TRY] : ["insert", "reading", "card-unreadable"];
  const findings = wanted.includes(page) ? [] : [`the page is ${page}`];
  if (moved && !isPinOut) findings.push("the card's PIN was touched before its command began");
  if (moved && page === CLAIMS_NO_TRY) findings.push("the page denies a try that was used");
  return findings;
}

function memoryFindings(bench: CutBench, exchange: Exchange): string[] {
  const held = exchange.typed.filter((pin) => bench.memory.holding(pin) > 0);
  const unsent = bench.counter.simulator.world.cardUart.unsentBytes();
  return [
    ...(held.length > 0 ? ["a PIN stays in memory"] : []),
    ...(unsent > 0 ? [`${unsent} bytes stay in the UART`] : []),
  ];
}

/** Everything of the PINs that outlasts the supply. */
function countersOf(card: T1Endpoint): string {
  return card.application.pins
    .map(({ left, value, verifyCount, changeCount }) => [left, value, verifyCount, changeCount].join())
    .join(";");
}
