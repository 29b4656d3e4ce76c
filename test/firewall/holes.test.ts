/** A rule taken out of a copy of the firmware breaks the property, and that is seen at once; the firmware itself passes the same attacks. */
import { suite } from "uvu";
import { equal, ok } from "uvu/assert";
import { importPatched, type Patch } from "../patched-terminal.ts";
import type * as Slice from "./slice.ts";
import { DISGUISES } from "./disguises.ts";
import { HOLES } from "./holes.ts";

const test = suite("holes");
let caught = 0;

const OPEN: Patch = {
  file: "firmware/service/firewall.ts",
  from: "if (decoded !== ApduError.TooShort) {",
  to: "if (lengthBytes > 0) return Verdict.Pass; else {",
};

async function breachesOf(name: string, patches: readonly Patch[]): Promise<string[]> {
  const slice = await importPatched<typeof Slice>(name, "test/firewall/slice.ts", patches);
  return slice.findBreaches();
}

test("the firmware as it is has no breach in the quick pass", async () => {
  equal(await breachesOf("firewall-whole", []), []);
});

/** The others are refused before it, by the host's T=1 or as messages. */
test("without a firewall most disguises would carry a VERIFY to the card", async () => {
  const slice = await importPatched<typeof Slice>("firewall-open", "test/firewall/slice.ts", [OPEN]);
  const carrying = slice.carryingDisguises().length;
  console.log(`\n${DISGUISES.length} disguises, ${carrying} stopped by the firewall alone`);
  ok(carrying >= DISGUISES.length / 2, `${carrying}`);
});

HOLES.forEach((hole, number) => {
  test(`a hole is caught: ${hole.name}`, async () => {
    const breaches = await breachesOf(`firewall-hole-${number}`, hole.patches);
    const isSeen = breaches.some((breach) => breach.includes(hole.seen));
    ok(isSeen, `none says "${hole.seen}" but ${JSON.stringify(breaches.slice(0, 3))}`);
    caught++;
  });
});

test.after(() => console.log(`\n${HOLES.length} holes in the firewall, ${HOLES.length - caught} not caught`));

test.run();
