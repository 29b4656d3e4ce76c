/**
 * An operator's sign-in under the knife, as world-check.test.ts does it with a check. Of the instants a sample here; all of them in
 * every way by `make powercut-all`.
 */
import { suite } from "uvu";
import { equal, ok } from "uvu/assert";
import { badOnes, memoryPointsAt, pointsAt } from "./cut-points.ts";
import { findingsOfCut, memoryPointsOfSignIn, momentsOfSignIn } from "./world-sign-in.ts";
import type * as WorldSignIn from "./world-sign-in.ts";
import { testHoles, type WorldHole } from "./world-holes.ts";

const test = suite("powercut-world-sign-in");
/** Prime to the number of ways. */
const STEP = 5;
/** Prime to the ways in which a byte is torn. */
const MEMORY_STEP = 83;

for (const [isRight, which] of [
  [true, "a sign-in"],
  [false, "a sign-in with a wrong PIN"],
] as const) {
  const moments = momentsOfSignIn(isRight);
  test(`there is a point in every byte that ${which} has on its wires`, () => {
    ok(moments.cardBytes > 150 && moments.lineBytes > 100, `${moments.cardBytes}, ${moments.lineBytes}`);
    equal([moments.card.length, moments.line.length], [moments.cardBytes, moments.lineBytes]);
  });
  for (const [where, times] of [
    ["bytes of the card's wire", moments.card],
    ["bytes of the counter line", moments.line],
    ["other steps", moments.others],
  ] as const)
    test(`nobody is signed in, no VERIFY twice, every attempt on record after a cut of ${which} at ${where}`, () => {
      const points = pointsAt(times, STEP);
      const { bad, shown } = badOnes(points, (point) => findingsOfCut(isRight, point));
      equal(shown, []);
      console.log(
        `\n${points.length} cut points of ${which} in its world (${times.length} ${where}), ${bad} bad`,
      );
    });
  test(`nor of ${which} at a byte on the memory's wire, with a second one in the boot behind it`, () => {
    const all = memoryPointsOfSignIn(isRight);
    ok(all.points.length > 5000 && all.bootBytes > 2000, `${all.points.length}, ${all.bootBytes}`);
    const points = memoryPointsAt(all, MEMORY_STEP);
    const { bad, shown } = badOnes(points, (point) => findingsOfCut(isRight, point));
    equal(shown, []);
    console.log(
      `\n${points.length} cut points of ${which} in its world (${all.points.length} bytes and ways of the memory), ${bad} bad`,
    );
  });
}

const HOLES: readonly WorldHole[] = [
  {
    name: "sends the PIN before it has written the attempt down",
    patch: {
      file: "firmware/service/check-proof.ts",
      from: "this.isAttempted = this.parts.memory.attempt(this.triesBefore, nowUs);",
      to: "this.isAttempted = true;",
    },
    seen: "no record tells of",
  },
  {
    name: "tells of a sign-in that it has not written down",
    patch: {
      file: "firmware/service/operator-records.ts",
      from: "return this.write(JournalEvent.Operator, event, nowUs);",
      to: "return event !== OperatorEvent.SignedIn || nowUs > 0;",
    },
    seen: "is not on record",
  },
  {
    name: "takes checks while nobody is signed in",
    patch: {
      file: "firmware/service/operator-session.ts",
      from: "return !this.configuration.isOn(Setting.OperatorsRequired);",
      to: "return nowUs < this.endUs;",
    },
    seen: "somebody is signed in",
  },
];

testHoles<typeof WorldSignIn>(test, HOLES, {
  entry: "world-sign-in",
  moments: (copy) => copy.momentsOfSignIn(true),
  findings: (copy, point) => copy.findingsOfCut(true, point),
  // From the VERIFY on, and while the result stands on the display.
  times: ({ card, others }) =>
    [...card.slice(-Math.floor(card.length / 3)), ...others.slice(-30)].filter((_, index) => index % 6 === 0),
});

test.run();
