/** Runs one story with many PINs typed in the same rhythm and compares all that can be seen from outside (design §7.1). */
import { Counter } from "../../host-sim/scenario/counter.ts";
import { ENTRIES } from "../../host-sim/scenario/entries.ts";
import type { EntryScenario } from "../../host-sim/scenario/entry-steps.ts";
import { SeededRandom } from "../../host-sim/world/random.ts";

const SEED = 20;
const ALL_DIGITS = "0123456789";

/** One story told with one PIN. */
export interface Run {
  readonly page: string;
  /** What `--trace` writes: every event with its time, in order, the values of the digits' own channels masked. */
  readonly lines: readonly string[];
  readonly complaints: readonly string[];
  /** The keys' contacts as they were, which proves that other digits were typed. */
  readonly contacts: string;
}

export interface Comparison {
  readonly channels: ReadonlySet<string>;
  readonly pages: ReadonlySet<string>;
  /** How many different things were typed. */
  readonly typed: number;
  /** Channel and PIN's number of all that differs from the first run. */
  readonly differences: readonly string[];
}

export function scenarioNamed(name: string): EntryScenario {
  const found = ENTRIES.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
}

/** `count` different PINs of `digits` digits: each digit alone, rising and falling ones, the rest by chance from a fixed seed. */
export function somePins(digits: number, count: number): string[] {
  const random = new SeededRandom(SEED);
  const pins = new Set<string>([...ALL_DIGITS].map((digit) => digit.repeat(digits)));
  pins.add(ALL_DIGITS.repeat(2).slice(0, digits));
  pins.add([...ALL_DIGITS.repeat(2)].reverse().join("").slice(0, digits));
  while (pins.size < count) pins.add(Array.from({ length: digits }, () => random.below(10)).join(""));
  return [...pins].slice(0, count);
}

export function tell(scenario: EntryScenario, pin: string): Run {
  const counter = new Counter({ seed: SEED, ...scenario.image });
  scenario.run(counter, pin);
  const { recorder, complaints } = counter.simulator.world;
  const keys = recorder.all().filter((event) => event.channel === "keys");
  return {
    page: counter.page,
    lines: recorder.lines(),
    complaints,
    contacts: keys.map((event) => event.value).join(),
  };
}

export function compare(scenario: EntryScenario, pins: readonly string[]): Comparison {
  return compareTold((pin) => tell(scenario, pin), pins);
}

export function compareTold(told: (pin: string) => Run, pins: readonly string[]): Comparison {
  const reference = told(pins[0]!);
  const pages = new Set([reference.page]);
  const typed = new Set([reference.contacts]);
  const differences: string[] = [];
  for (const [at, pin] of pins.entries()) {
    const run = told(pin);
    pages.add(run.page);
    typed.add(run.contacts);
    differences.push(...differingChannels(reference, run).map((channel) => `${channel}, PIN ${at}`));
  }
  const channels = new Set([...reference.lines.map(channelOf), "complaints"]);
  return { channels, pages, typed: typed.size, differences };
}

function differingChannels(a: Run, b: Run): string[] {
  const isSame = a.lines.length === b.lines.length && a.lines.every((line, i) => line === b.lines[i]);
  const complaints = a.complaints.join() === b.complaints.join() ? [] : ["complaints"];
  if (isSame) return complaints;
  const [first, second] = [byChannel(a.lines), byChannel(b.lines)];
  const all = [...new Set([...first.keys(), ...second.keys()])];
  const different = all.filter((channel) => first.get(channel)?.join() !== second.get(channel)?.join());
  // The same events in another order are a difference too.
  return [...(different.length > 0 ? different : ["order"]), ...complaints];
}

function byChannel(lines: readonly string[]): Map<string, string[]> {
  const channels = new Map<string, string[]>();
  for (const line of lines) {
    const channel = channelOf(line);
    const known = channels.get(channel);
    if (known === undefined) channels.set(channel, [line]);
    else known.push(line);
  }
  return channels;
}

function channelOf(line: string): string {
  return line.split(" ", 2)[1]!;
}

/** What a story at the sealed line must have been compared on: everything that is to be seen, heard or read there. */
export const SEALED_CHANNELS = [
  "card-in",
  "card-out",
  "keys",
  "line-in",
  "line-out",
  "memory",
  "pins",
  "spi",
  "tone",
];
