/** Storm after storm until enough bytes have been sent; a finding is made small before it is told. */
import { findingOf, run, type StormKind } from "./storm.ts";

export interface Campaign {
  readonly seed: number;
  /** Ends when as many bytes were sent… */
  readonly bytes: number;
  /** …or at this wall time, whichever is first. */
  readonly untilMs?: number;
}

export interface CampaignResult {
  readonly storms: number;
  readonly bytes: number;
  /** One report, ready for printing, or undefined. */
  readonly finding: string | undefined;
}

/** Replays that a finding may cost to make small. */
const REPLAYS = 150;
/** Seeds of storms of two neighbouring campaigns do not meet. */
const SEED_STRIDE = 1_000_003;

export function runCampaign<Action>(kind: StormKind<Action>, campaign: Campaign): CampaignResult {
  const untilMs = campaign.untilMs ?? Infinity;
  let bytes = 0;
  let storms = 0;
  while (bytes < campaign.bytes && performance.now() < untilMs) {
    const actions = kind.plan(campaign.seed * SEED_STRIDE + storms);
    const outcome = run(kind, actions);
    storms++;
    bytes += outcome.bytes;
    if (outcome.finding !== undefined) {
      const head = `${kind.name}, seed ${campaign.seed}, storm ${storms}: ${outcome.finding}`;
      return { storms, bytes, finding: `${head}\n${smallReport(kind, actions)}` };
    }
  }
  return { storms, bytes, finding: undefined };
}

function smallReport<Action>(kind: StormKind<Action>, actions: readonly Action[]): string {
  const small = smallest(actions, (some) => findingOf(kind, some) !== undefined);
  const lines = small.map((action) => `  ${kind.describe(action)}`);
  return `${small.length} of ${actions.length} actions are enough:\n${lines.join("\n")}\n  then ${findingOf(kind, small)}`;
}

/** Leaves out what is not needed for `fails`, in halves, quarters and so on, within a budget of tries. */
export function smallest<Item>(
  items: readonly Item[],
  fails: (some: readonly Item[]) => boolean,
): readonly Item[] {
  let kept = items;
  let tries = 0;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < kept.length && tries < REPLAYS;) {
      const some = [...kept.slice(0, from), ...kept.slice(from + size)];
      tries++;
      if (fails(some)) kept = some;
      else from += size;
    }
  }
  return kept;
}
