/**
 * A whole resident check under the knife: at bytes of the card's wire, at bytes of the counter line, and between. Of the instants a
 * sample here, each in one of four ways; all of them in every way by `make powercut-all`.
 */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { badOnes, memoryPointsAt, pointsAt } from "./cut-points.ts";
import { findingsOfCut, memoryPointsOfCheck, momentsOfCheck } from "./world-check.ts";
import type * as WorldCheck from "./world-check.ts";
import { testHoles, type WorldHole } from "./world-holes.ts";

const test = suite("powercut-world-check");
/** Prime to the number of ways. */
const STEP = 5;
/** Prime to the ways in which a byte is torn. */
const MEMORY_STEP = 83;
const moments = momentsOfCheck();

test("there is a point in every byte that the uncut check has on its wires", () => {
  ok(moments.cardBytes > 200 && moments.lineBytes > 300, `${moments.cardBytes}, ${moments.lineBytes}`);
  is(moments.card.length, moments.cardBytes);
  is(moments.line.length, moments.lineBytes);
});

for (const [where, times] of [
  ["bytes of the card's wire", moments.card],
  ["bytes of the counter line", moments.line],
  ["other steps", moments.others],
] as const) {
  test(`no try given back, no VERIFY twice, no result lost or doubled after a cut at ${where}`, () => {
    const points = pointsAt(times, STEP);
    const { bad, shown } = badOnes(points, findingsOfCut);
    equal(shown, []);
    console.log(
      `\n${points.length} cut points of a check in its world (${times.length} ${where}), ${bad} bad`,
    );
  });
}

test("nor after one at a byte on the memory's wire, and a second one in the boot behind it", () => {
  const all = memoryPointsOfCheck();
  ok(all.points.length > 15_000 && all.bootBytes > 2000, `${all.points.length}, ${all.bootBytes}`);
  const points = memoryPointsAt(all, MEMORY_STEP);
  const { bad, shown } = badOnes(points, findingsOfCut);
  equal(shown, []);
  console.log(
    `\n${points.length} cut points of a check in its world (${all.points.length} bytes and ways of the memory), ${bad} bad`,
  );
});

const HOLES: readonly WorldHole[] = [
  {
    name: "sends the PIN before it has written the attempt down",
    patch: {
      file: "firmware/service/check-proof.ts",
      from: "this.isAttempted = this.parts.memory.attempt(this.triesBefore, nowUs);",
      to: "this.isAttempted = true;",
    },
    seen: "no result stands",
  },
  {
    name: "forgets at boot that an entry was pending",
    patch: {
      file: "firmware/service/ledger.ts",
      from: "slot[SlotPart.State] = SlotState.Pending;",
      to: "slot[SlotPart.State] = SlotState.Resolved;",
    },
    seen: "entry",
  },
  {
    name: "tells a result before it is stored",
    patch: {
      file: "firmware/service/check-memory.ts",
      from: "this.parts.results.put(this.result);\n    if (isPut) return this.parts.store.commit() === StoreError.None;",
      to: "if (isPut && this.check?.outcome === Outcome.Wrong) return true;\n    this.parts.results.put(this.result);\n    if (isPut) return this.parts.store.commit() === StoreError.None;",
    },
    seen: "the result that was told is lost",
  },
];

testHoles<typeof WorldCheck>(test, HOLES, {
  entry: "world-check",
  moments: (copy) => copy.momentsOfCheck(),
  findings: (copy, point) => copy.findingsOfCut(point),
  // From the VERIFY on, and when the result has been told.
  times: ({ card, line }) => [...card.slice(-12), Math.max(...line), Math.max(...card, ...line) + 1e8],
});

test.run();
