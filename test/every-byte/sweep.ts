/** All cuts of one exchange. */
import { CutBench, type Way } from "./cut-bench.ts";
import { NEVER_MADE, runCut, runUncut } from "./cut-run.ts";
import { EXCHANGES, type Exchange } from "./exchanges.ts";

const SEED = 3;

export interface Sweep {
  /** Characters of the uncut run, of both directions. */
  readonly characters: number;
  /** Cuts that were made, for each way. */
  readonly cuts: readonly number[];
  /** Cuts after which something was not as it must be. */
  readonly bad: number;
  readonly findings: readonly string[];
}

export function exchangeNamed(name: string): Exchange {
  const found = EXCHANGES.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no exchange ${name}`);
  return found;
}

export function benchOf(exchange: Exchange): CutBench {
  return new CutBench({ seed: SEED, ...exchange.image });
}

/** Cuts at every character in each of `ways`. A terminal that was wrong once is not used again. */
export function sweep(exchange: Exchange, ways: readonly Way[]): Sweep {
  let bench = benchOf(exchange);
  const uncut = runUncut(bench, exchange);
  const findings: string[] = [];
  let bad = 0;
  const cuts = ways.map((way) => {
    let made = 0;
    for (let at = 1; at <= uncut.characters; at++) {
      const found = runCut(bench, exchange, uncut, { at, way });
      findings.push(...found.map((each) => `${way.name} at ${at}: ${each}`));
      made += found.includes(NEVER_MADE) ? 0 : 1;
      if (found.length === 0) continue;
      bad++;
      bench = benchOf(exchange);
    }
    return made;
  });
  return { characters: uncut.characters, cuts, bad, findings };
}
