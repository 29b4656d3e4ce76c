/**
 * A whole change of a PIN under the knife, as world-check.test.ts does it with a check; and one whose old PIN is wrong. Of the instants
 * a sample here; all of them in every way by `make powercut-all`.
 */
import { suite } from "uvu";
import { equal, ok } from "uvu/assert";
import { badOnes, memoryPointsAt, pointsAt } from "./cut-points.ts";
import type { Moments } from "./cut-world.ts";
import { findingsOfWrongChange, momentsOfWrongChange } from "./world-check.ts";
import { findingsOfCut, memoryPointsOfChange, momentsOfChange } from "./world-change.ts";
import type * as WorldChange from "./world-change.ts";
import { testHoles, type WorldHole } from "./world-holes.ts";

const test = suite("powercut-world-change");
/** Prime to the number of ways. */
const STEP = 7;
const WRONG_STEP = 13;
/** Prime to the ways in which a byte is torn. */
const MEMORY_STEP = 167;
const moments = momentsOfChange();

function placesOf({ card, line, others }: Moments): (readonly [string, readonly number[]])[] {
  return [
    ["bytes of the card's wire", card],
    ["bytes of the counter line", line],
    ["other steps", others],
  ];
}

test("there is a point in every byte that the uncut change has on its wires", () => {
  ok(moments.cardBytes > 400 && moments.lineBytes > 300, `${moments.cardBytes}, ${moments.lineBytes}`);
  equal([moments.card.length, moments.line.length], [moments.cardBytes, moments.lineBytes]);
});

for (const [where, times] of placesOf(moments)) {
  test(`never OK with two PINs, no try gone, no command twice, always to be finished after a cut at ${where}`, () => {
    const points = pointsAt(times, STEP);
    const { bad, shown } = badOnes(points, findingsOfCut);
    equal(shown, []);
    console.log(
      `\n${points.length} cut points of a change in its world (${times.length} ${where}), ${bad} bad`,
    );
  });
}

test("nor after one at a byte on the memory's wire, and a second one in the boot behind it", () => {
  const all = memoryPointsOfChange();
  ok(all.points.length > 15_000 && all.bootBytes > 2000, `${all.points.length}, ${all.bootBytes}`);
  const points = memoryPointsAt(all, MEMORY_STEP);
  const { bad, shown } = badOnes(points, findingsOfCut);
  equal(shown, []);
  console.log(
    `\n${points.length} cut points of a change in its world (${all.points.length} bytes and ways of the memory), ${bad} bad`,
  );
});

for (const [where, times] of placesOf(momentsOfWrongChange())) {
  test(`no try of a wrong old PIN is given back after a cut at ${where}`, () => {
    const points = pointsAt(times, WRONG_STEP);
    const { bad, shown } = badOnes(points, findingsOfWrongChange);
    equal(shown, []);
    console.log(
      `\n${points.length} cut points of a change with a wrong PIN (${times.length} ${where}), ${bad} bad`,
    );
  });
}

const HOLES: readonly WorldHole[] = [
  {
    name: "changes before it has written down that it may be partial",
    patch: {
      file: "firmware/service/pin-change.ts",
      from: "this.isPartial = this.parts.memory.changing(nowUs);",
      to: "this.isPartial = true;",
    },
    seen: "outcome 13",
  },
  {
    name: "calls a change done after the first of two PINs",
    patch: {
      file: "firmware/service/check-memory.ts",
      from: "this.fill(check, Outcome.ChangePartial, TRIES_UNKNOWN);",
      to: "this.fill(check, Outcome.Ok, TRIES_UNKNOWN);",
    },
    seen: "outcome 0",
  },
  {
    name: "does not remember the attempt",
    patch: {
      file: "firmware/service/pin-change.ts",
      from: "this.isAttempted = this.parts.memory.attempt(this.triesLeft, nowUs);",
      to: "this.isAttempted = true;",
    },
    seen: "no result stands",
  },
];

testHoles<typeof WorldChange>(test, HOLES, {
  entry: "world-change",
  moments: (copy) => copy.momentsOfChange(),
  findings: (copy, point) => copy.findingsOfCut(point),
  // The last third of the card's bytes: from the first VERIFY on.
  times: ({ card }) => card.slice(-Math.floor(card.length / 3)).filter((_, index) => index % 8 === 0),
});

test.run();
