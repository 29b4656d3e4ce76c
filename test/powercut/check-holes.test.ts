/** The proof of a check's commits notices: copies of ledger and journal with a hole have bad cut points, or do not get that far. */
import { suite } from "uvu";
import { testMemoryHoles, type MemoryHole } from "./memory-holes.ts";
import type * as Sweeps from "./check-sweep.ts";

const test = suite("powercut-check-holes");
const LEDGER = "firmware/service/ledger.ts";
const UNDECIDED = "an undecided attempt, decided by the card's counter";

const HOLES: readonly MemoryHole[] = [
  {
    name: "forgets at boot that an entry was pending",
    script: "an attempt, its outcome and result",
    finding: "a try is given back",
    patches: [
      {
        file: LEDGER,
        from: "slot[SlotPart.State] = SlotState.Pending;",
        to: "slot[SlotPart.State] = SlotState.Resolved;",
      },
    ],
  },
  {
    name: "takes a lowered counter for one that is not",
    script: UNDECIDED,
    finding: "a try is given back",
    patches: [{ file: LEDGER, from: "counterNow < before", to: "counterNow > before" }],
  },
  {
    name: "commits the slot before its record",
    script: "an attempt, its outcome and result",
    finding: "neither old nor new",
    patches: [
      {
        file: LEDGER,
        from: "return error === StoreError.None ? this.parts.bucket.take(nowUs) : error;",
        to: "this.parts.store.commit(); return this.parts.bucket.take(nowUs);",
      },
    ],
  },
  {
    name: "writes the record of a stop's end in a commit of its own",
    script: "the end of a stop, by its command",
    finding: "neither old nor new",
    patches: [
      {
        file: "firmware/service/staff-commands.ts",
        from: "if (configuration.put(Setting.Suspended, state) !== StoreError.None) return this.giveUp();",
        to: "configuration.put(Setting.Suspended, state); this.parts.store.commit(); this.parts.store.begin();",
      },
    ],
  },
  {
    name: "decides the ledger before the result says CHANGE_PARTIAL",
    script: "a change's second commit, that the first of two PINs is about to be changed",
    finding: "neither old nor new",
    patches: [
      {
        file: "firmware/service/check-memory.ts",
        from: "this.parts.ledger.settle(Settlement.Ok);\n    const isPut",
        to: "this.parts.ledger.settle(Settlement.Ok); this.parts.store.commit(); this.parts.store.begin();\n    const isPut",
      },
    ],
  },
];

testMemoryHoles<typeof Sweeps>(test, HOLES, {
  who: "a terminal",
  entry: "check-sweep",
  sweep: ({ sweepCheck }, script) => sweepCheck(script),
});

test.run();
