/**
 * Many terminals in one process, each with its counter and its residents, their virtual time going round in slices; and what came of
 * it. A terminal shares nothing with another: its trace is the same when it is alone.
 */
import { Clerk } from "./clerk.ts";
import { judge, type Finding, type Given } from "./judge.ts";
import { Resident, type Manner } from "./resident.ts";
import { Station } from "./station.ts";
import { roughWeather, type Weather } from "./weather.ts";

export interface CrowdOptions {
  readonly seconds: number;
  readonly sliceMs: number;
  readonly weather?: (seed: number) => Weather;
  /** From the end of the counter's day: for the last check, its result over a bad line, and the journal. */
  readonly overtimeS?: number;
}

/** What came of one terminal. */
export interface Told {
  readonly seed: number;
  readonly given: readonly Given[];
  readonly findings: readonly Finding[];
  readonly complaints: readonly string[];
  /** One for each second of its time: of everything up to its end. */
  readonly digests: readonly string[];
  readonly manners: ReadonlyMap<Manner, number>;
  readonly choices: number;
  readonly verifies: number;
  readonly records: number;
  readonly frames: number;
  readonly damaged: { readonly terminal: number; readonly pc: number };
  readonly repeated: { readonly terminal: number; readonly pc: number };
  readonly reconnects: number;
  readonly fetched: number;
}

const OVERTIME_S = 900;
/** So often at least something must have happened to the frames of each direction, or there was no noise to speak of. */
const NOISY = 10;

class Place {
  readonly station: Station;
  readonly clerk: Clerk;
  readonly resident: Resident;
  failure: unknown;

  constructor(
    readonly seed: number,
    seconds: number,
    weather: Weather,
  ) {
    this.station = new Station(seed, weather);
    this.resident = new Resident(this.station);
    this.clerk = new Clerk(this.station, this.resident);
    this.clerk
      .works(seconds)
      .catch((error: unknown) => (this.failure = error))
      .finally(() => (this.station.isOver = true));
  }

  told(): Told {
    const { station, clerk, resident, seed } = this;
    const { terminal, pc } = station.tap;
    const { complaints } = station.simulator.world;
    const { records } = clerk;
    const verifies = resident.verifies();
    const kept = { terminal: station.key.terminal, secrets: station.secrets, records, verifies };
    return {
      ...{ seed, complaints, digests: station.digests, given: clerk.given },
      findings: judge(clerk.given, kept),
      ...{ manners: resident.manners, choices: resident.choices, verifies },
      ...{ records: records.length, reconnects: clerk.reconnects, fetched: clerk.fetched },
      frames: terminal.frames + pc.frames,
      damaged: { terminal: station.cable.damaged("terminal"), pc: station.cable.damaged("pc") },
      repeated: { terminal: terminal.repeated, pc: pc.repeated },
    };
  }
}

/** Tells the day of each terminal, by its seed. Rejects when one hangs, or its counter meets what it has no answer to. */
export async function runCrowd(seeds: readonly number[], options: CrowdOptions): Promise<Told[]> {
  const { seconds, sliceMs, weather = roughWeather, overtimeS = OVERTIME_S } = options;
  const places = seeds.map((seed) => new Place(seed, seconds, weather(seed)));
  const endNs = (seconds + overtimeS) * 1e9;
  for (let timeNs = 0; timeNs < endNs && places.some(({ station }) => !station.isOver);) {
    timeNs += sliceMs * 1e6;
    for (const { station } of places) await station.runTo(timeNs);
  }
  for (const { seed, failure, station } of places) {
    station.simulator.close();
    if (failure !== undefined) throw new Error(`terminal ${seed}: ${String(failure)}`, { cause: failure });
    if (!station.isOver)
      throw new Error(`terminal ${seed} has come to no end; its page is ${station.simulator.page()}`);
  }
  return places.map((place) => place.told());
}

/** Whether frames were damaged and sent again in both directions of its line, and links lost. */
export function stoodNoise({ damaged, repeated, reconnects }: Told): boolean {
  const counts = [damaged.terminal, damaged.pc, repeated.terminal, repeated.pc];
  return counts.every((count) => count >= NOISY) && reconnects > 0;
}

/** The first of `seconds` at whose begin two runs of a terminal differ; undefined when none does. */
export function parting(one: Told, other: Told | undefined, seconds: number): number | undefined {
  const at = one.digests.slice(0, seconds).findIndex((digest, second) => digest !== other?.digests[second]);
  return at < 0 ? undefined : at;
}
