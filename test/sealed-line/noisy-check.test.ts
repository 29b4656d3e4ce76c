/** A resident check while the line is bad: it comes to its right end or to that of a lost link; never doubled, never lost. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { HostFailure } from "../../host-sim/host/ccid-host.ts";
import type { LineMedium } from "../../host-sim/chip/serial-line.ts";
import { CheckDesk, Outcome, pinOf, residentCard, RIGHT, WRONG_PIN } from "./check-desk.ts";
import type { Result } from "../host-sim/world/check-host.ts";
import { byChance, LossyLine } from "../../host-sim/chip/lossy-line.ts";
import { burstingMedium } from "./bursting-medium.ts";

const test = suite("noisy check");
const ID = 1;
const NO_LINE: LineMedium = () => new Uint8Array();
const GOOD_LINE: LineMedium = (bytes) => bytes;

interface Ended {
  /** What the counter was told; undefined when its link was lost before. */
  readonly told: Result | undefined;
  readonly stored: Result | undefined;
  readonly verifies: number;
}

/** A check with every step that a counter takes; a lost link is thrown by the step that notices it. */
function wholeCheck(
  desk: CheckDesk,
  card: ReturnType<typeof residentCard>,
  keys: string,
): Result | undefined {
  try {
    desk.atThePin(ID, card);
    desk.simulator.keys(keys);
    return desk.result();
  } catch (error) {
    if (error instanceof HostFailure) return undefined;
    throw error;
  }
}

/** A check of a right or a wrong PIN over `medium`; then the line is good again, and a new session asks for the result. */
function checkOver(keys: string, seed: number, mediumOf: (desk: CheckDesk) => LineMedium): Ended {
  const desk = new CheckDesk({ seed });
  const { line } = desk.simulator.world;
  const card = residentCard();
  line.medium = mediumOf(desk);
  const told = wholeCheck(desk, card, keys);
  line.medium = GOOD_LINE;
  desk.host.open();
  const stored = desk.check.getResult(ID);
  const ended = {
    told,
    stored: stored.step === "result" ? stored : undefined,
    verifies: pinOf(card).verifyCount,
  };
  judge(ended, keys, pinOf(card).left);
  desk.close();
  return ended;
}

function judge({ told, stored, verifies }: Ended, keys: string, left: number): void {
  if (told !== undefined) equal(stored, told, "what was told is what is stored");
  const outcome = stored?.outcome;
  const expected = keys === RIGHT ? Outcome.Ok : Outcome.Wrong;
  if (verifies === 0) {
    ok(outcome === undefined || outcome === Outcome.Cancelled, `${outcome} without a VERIFY`);
    is(told === undefined || told.outcome === Outcome.Cancelled, true);
    return;
  }
  equal([verifies, outcome], [1, expected]);
  equal([left, keys === WRONG_PIN ? stored?.triesLeft : left], [keys === RIGHT ? 3 : 2, left]);
}

/** Of `seeds` checks, by turns with the right and a wrong PIN: how many the counter was told the card's word of. */
function judgedOf(seeds: number, mediumOf: (desk: CheckDesk, seed: number) => LineMedium): number {
  let judged = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const keys = seed % 2 === 0 ? RIGHT : WRONG_PIN;
    const { told, verifies } = checkOver(keys, seed, (desk) => mediumOf(desk, seed));
    if (told !== undefined && verifies === 1) judged++;
  }
  return judged;
}

for (const [percent, seeds] of [
  [0.1, 50],
  [1, 20],
  [5, 20],
] as const) {
  test(`${percent} % of the frames of both directions are lost: every check comes to its right end`, () => {
    let lost = 0;
    const lines: LossyLine[] = [];
    const judged = judgedOf(seeds, (_, seed) => {
      const bad = new LossyLine(byChance(percent / 100, 100 * percent + seed * 7919));
      lines.push(bad);
      return bad.medium;
    });
    for (const bad of lines) lost += bad.lost("terminal") + bad.lost("pc");
    is(judged, seeds);
    ok(lost > 0, "frames were lost");
  });
}

test("noise in bursts of up to 300 ms each second: every check comes to its right end", () => {
  const seeds = 20;
  const judged = judgedOf(seeds, (desk, seed) =>
    burstingMedium({ seed, everyNs: 1e9, lastNs: 300e6, nowNs: () => desk.simulator.nowNs }),
  );
  is(judged, seeds);
});

test("noise in bursts of up to 6 s each 8: the right end, or that of a lost link, and both occur", () => {
  const seeds = 30;
  const judged = judgedOf(seeds, (desk, seed) =>
    burstingMedium({ seed, everyNs: 8e9, lastNs: 6e9, nowNs: () => desk.simulator.nowNs }),
  );
  ok(judged > 0 && judged < seeds, `${judged} of ${seeds}`);
});

test("the line goes dead at any moment of the typing: the card judges before anybody notices, and its word is stored", () => {
  for (let ms = 0; ms <= 900; ms += 25) {
    const desk = new CheckDesk();
    const card = residentCard();
    desk.atThePin(ID, card);
    desk.simulator.keys(WRONG_PIN);
    desk.simulator.runFor(ms);
    desk.simulator.world.line.medium = NO_LINE;
    desk.simulator.runFor(12_000);
    desk.simulator.world.line.medium = GOOD_LINE;
    const { outcome, triesLeft } = desk.storedAfterReconnect(ID);
    equal(
      [outcome, triesLeft, pinOf(card).verifyCount, pinOf(card).left],
      [Outcome.Wrong, 2, 1, 2],
      `${ms} ms`,
    );
    desk.close();
  }
});

test.run();
