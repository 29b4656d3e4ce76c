/** The proof of a key's change notices: copies of the firmware with a hole have bad cut points. */
import { suite } from "uvu";
import { testMemoryHoles, type MemoryHole } from "./memory-holes.ts";
import type * as Sweep from "./rekey-sweep.ts";

const test = suite("powercut-rekey-holes");
/** Prime to the ways in which a byte is torn. */
const SAMPLE = 37;

const HOLES: readonly MemoryHole[] = [
  {
    name: "takes the old key after the new one's first use",
    patches: [
      {
        file: "firmware/service/pair-keys.ts",
        from: "if (!this.readNext(index, this.psk)) return false;",
        to: "if (!this.isNextGood(index) || !this.read(index, this.psk)) return false;",
      },
    ],
    finding: "the old key is good",
  },
  {
    name: "leaves the mark when the key was replaced",
    patches: [
      {
        file: "firmware/service/pair-keys.ts",
        from: "this.record[0] & ~NEXT",
        to: "this.record[0] | NEXT",
      },
    ],
    finding: "another mark",
  },
  {
    name: "drops the old key as soon as Rekey comes",
    patches: [
      {
        file: "firmware/service/rekey.ts",
        from: "return keys.putMark(this.index, this.nonce);",
        to: "return keys.putMark(this.index, this.nonce) && keys.putNext(this.index, this.nonce);",
      },
    ],
    finding: "or not before",
  },
  {
    name: "commits the key before its record",
    patches: [
      {
        file: "firmware/service/rekey.ts",
        from: "const error = this.putKey(event) ?",
        to: "const error = this.putKey(event) && store.commit() === 0 ?",
      },
    ],
    finding: "neither old nor new",
  },
  {
    name: "answers done before the mark stands",
    patches: [
      {
        file: "firmware/service/rekey.ts",
        from: "const error = this.change(KeyEvent.NextAllowed, nowUs);",
        to: "const error = this.isPutOff ? JournalError.Full : JournalError.None;",
      },
    ],
    finding: "the counter was told what does not stand",
  },
];

testMemoryHoles<typeof Sweep>(test, HOLES, {
  who: "a terminal",
  entry: "rekey-sweep",
  sweep: ({ sweepRekey }) => sweepRekey(SAMPLE),
});

test.run();
