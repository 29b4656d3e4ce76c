/** The proof of a key's change notices: copies of the firmware with a hole have bad cut points. */
import { suite } from "uvu";
import { is, ok } from "uvu/assert";
import { importPatched, type Patch } from "../patched-terminal.ts";
import type * as Sweep from "./rekey-sweep.ts";

const test = suite("powercut-rekey-holes");
/** Prime to the ways in which a byte is torn. */
const SAMPLE = 37;

interface Hole {
  readonly name: string;
  readonly patch: Patch;
  readonly finding: string;
}

const HOLES: readonly Hole[] = [
  {
    name: "takes the old key after the new one's first use",
    patch: {
      file: "firmware/service/pair-keys.ts",
      from: "if (!this.readNext(index, this.psk)) return false;",
      to: "if (!this.isNextGood(index) || !this.read(index, this.psk)) return false;",
    },
    finding: "the old key is good",
  },
  {
    name: "leaves the mark when the key was replaced",
    patch: {
      file: "firmware/service/pair-keys.ts",
      from: "this.record[0] & ~NEXT",
      to: "this.record[0] | NEXT",
    },
    finding: "another mark",
  },
  {
    name: "drops the old key as soon as Rekey comes",
    patch: {
      file: "firmware/service/rekey.ts",
      from: "return keys.putMark(this.index, this.nonce);",
      to: "return keys.putMark(this.index, this.nonce) && keys.putNext(this.index, this.nonce);",
    },
    finding: "or not before",
  },
  {
    name: "commits the key before its record",
    patch: {
      file: "firmware/service/rekey.ts",
      from: "const error = this.putKey(event) ?",
      to: "const error = this.putKey(event) && store.commit() === 0 ?",
    },
    finding: "neither old nor new",
  },
  {
    name: "answers done before the mark stands",
    patch: {
      file: "firmware/service/rekey.ts",
      from: "const error = this.change(KeyEvent.NextAllowed, nowUs);",
      to: "const error = this.isPutOff ? JournalError.Full : JournalError.None;",
    },
    finding: "the counter was told what does not stand",
  },
];

for (const [at, hole] of HOLES.entries()) {
  test(`a terminal that ${hole.name} is caught`, async () => {
    const entry = "test/powercut/rekey-sweep.ts";
    const module = await importPatched<typeof Sweep>(`powercut-rekey-hole-${at}`, entry, [hole.patch]);
    const { bad, points, findings } = module.sweepRekey(SAMPLE);
    ok(bad > 0, "nothing was found");
    is(findings.filter((each) => each.includes(hole.finding)).length > 0, true, findings[0] ?? "");
    console.log(`\n${points} cut points of a terminal that ${hole.name}, ${bad} bad`);
  });
}

test.run();
