/** The budgets' figures from the story told on the board: busy instructions between two moments that the world has seen. */
import { INSTRUCTIONS_PER_MS } from "../../host-sim/engine/board-meter.ts";
import type { TraceEvent } from "../../host-sim/world/recorder.ts";
import { stepsOf, within, type AskedRequest, type BoardStory, type Step } from "./board-run.ts";
import { LEGEND_LINE, lineOf, type Phase } from "./story.ts";

const CHARACTER_NS = Math.round((10 * 372 * 1e9) / 3_571_200);
const IDLE_PHASES: readonly string[] = ["idle", "idle, card in use", "result held"];

/** What `make bench` prints of the board, busy time at one instruction a cycle, and what each may be at most. */
export const BUDGETS = {
  /** From reset to the last transfer of the first page. */
  boot_ms: 100,
  /** From the accepting scan to the last transfer of the digits' masks; the dearest key. */
  key_to_mask_cpu_ms: 5,
  /** The dearest step of an idle phase, its scan included. */
  step_idle_us: 150,
  /** The dearest step since the start. */
  worst_step_ms: 10,
  /** From the accepting scan of 確認 to the VERIFY's first character, and from SW2 to the page's first transfer. */
  verify_cpu_ms: 5,
} as const;

export type BoardFigures = Readonly<Record<keyof typeof BUDGETS, number>>;

function phasesNamed({ phases }: BoardStory, ...names: readonly string[]): Phase[] {
  const found = phases.filter(({ name }) => names.includes(name));
  if (found.length === 0) throw new Error(`the story has no phase ${names.join(", ")}`);
  return found;
}

function eventsIn({ events }: BoardStory, { startUs, endUs }: Phase): TraceEvent[] {
  return events.filter(({ timeNs }) => timeNs >= startUs * 1000 && timeNs < endUs * 1000);
}

function found<T>(one: T | undefined, what: string): T {
  if (one === undefined) throw new Error(`the story has no ${what}`);
  return one;
}

/** The second of two equal scans in a row that see a key. */
function acceptedNs(events: readonly TraceEvent[]): number {
  const scans = events.filter(({ channel }) => channel === "scan");
  const accepting = scans.find(({ value }, at) => at > 0 && value === scans[at - 1]!.value);
  return found(accepting, "accepted key").timeNs;
}

function scanAt(requests: readonly AskedRequest[], nowNs: number): AskedRequest {
  const scan = requests.find((one) => one.name === "matrixScan" && one.nowNs === nowNs);
  return found(scan, "scan at that instant");
}

function transferAt(requests: readonly AskedRequest[], nowNs: number): AskedRequest {
  const transfer = requests.find((one) => one.name === "spi" && one.nowNs === nowNs);
  return found(transfer, "transfer to the display at that instant");
}

/** The last transfer whose first line is above `line`. */
function lastTransferAbove(line: number, events: readonly TraceEvent[]): TraceEvent {
  const transfer = events.findLast(
    ({ channel, value }) => channel === "spi" && lineOf((value as Uint8Array)[1]!) < line,
  );
  return found(transfer, "transfer to the display");
}

function keyToMask(story: BoardStory, phase: Phase): number {
  const requests = within(story.requests, phase);
  const events = eventsIn(story, phase);
  const accepting = scanAt(requests, acceptedNs(events));
  const mask = transferAt(requests, lastTransferAbove(LEGEND_LINE, events).timeNs);
  return mask.instructions - accepting.instructions;
}

function verify(story: BoardStory, phase: Phase): number {
  const requests = within(story.requests, phase);
  const events = eventsIn(story, phase);
  const accepting = scanAt(requests, acceptedNs(events));
  const first = story.events.findIndex(
    ({ channel, timeNs }) => channel === "card-out" && timeNs >= accepting.nowNs,
  );
  const sent = found(
    requests.find(({ traced }) => traced > first),
    "request that carries it",
  );
  // A block ends with SW1, SW2 and the LRC that shows it whole.
  const [sw2, lrc] = events
    .filter(({ channel }) => channel === "card-in")
    .slice(-2)
    .map(({ timeNs }) => timeNs + CHARACTER_NS);
  const before = found(
    requests.findLast(({ nowNs, name }) => nowNs < found(sw2, "SW2") && name === "idle"),
    "idle before SW2",
  );
  const drawn = found(
    requests.find(({ nowNs, name }) => nowNs >= found(lrc, "LRC") && name === "spi"),
    "transfer of the page",
  );
  return sent.instructions - accepting.instructions + drawn.instructions - before.instructions;
}

export function dearest(steps: readonly Step[]): Step {
  return steps.reduce((one, other) => (other.instructions > one.instructions ? other : one));
}

/** A page that goes by itself, tries to reach the card: these are no idle steps. */
function onlyScans({ requests }: Step): boolean {
  return requests.length === 2 && requests[0]!.name === "matrixScan";
}

function milliseconds(instructions: number): number {
  return instructions / INSTRUCTIONS_PER_MS;
}

export function figuresOf(story: BoardStory): BoardFigures {
  const boot = phasesNamed(story, "boot")[0]!;
  const firstPage = lastTransferAbove(Infinity, eventsIn(story, boot));
  const steps = stepsOf(story.requests);
  const idle = phasesNamed(story, ...IDLE_PHASES).flatMap((phase) => within(steps, phase).filter(onlyScans));
  const keys = phasesNamed(story, "key").map((phase) => keyToMask(story, phase));
  const verifications = phasesNamed(story, "verify").map((phase) => verify(story, phase));
  return {
    boot_ms: milliseconds(transferAt(within(story.requests, boot), firstPage.timeNs).instructions),
    key_to_mask_cpu_ms: milliseconds(Math.max(...keys)),
    step_idle_us: milliseconds(dearest(idle).instructions) * 1000,
    worst_step_ms: milliseconds(dearest(steps.slice(1)).instructions),
    verify_cpu_ms: milliseconds(Math.max(...verifications)),
  };
}
