/** The proof notices: copies of the store that do things in a wrong order, or leave one out, have bad cut points. */
import { suite } from "uvu";
import type { Patch } from "../patched-terminal.ts";
import { testMemoryHoles, type MemoryHole } from "./memory-holes.ts";
import type * as Sweeps from "./sweep-script.ts";

const test = suite("powercut-holes");

const LOG = "firmware/service/redo-log.ts";
const STORE = "firmware/service/store.ts";
const WRITE_ENTRIES = `let error = this.fram.write(log + LogPart.Entries, this.area, LogPart.Entries, length);`;
const WRITE_HEAD = `if (error === FramError.None) error = this.fram.write(log, this.area, 0, LogPart.Entries);`;
const CHECK = `if (!this.natives.equalConstantTime(this.digest, 0, area, LogPart.Check, LogPart.CheckBytes))
  return LogState.Torn;`;
const HEAD_FIRST: Patch = {
  file: LOG,
  from: `${WRITE_ENTRIES} ${WRITE_HEAD}`,
  to: `let error = this.fram.write(log, this.area, 0, LogPart.Entries);
    if (error === FramError.None)
      error = this.fram.write(log + LogPart.Entries, this.area, LogPart.Entries, length);`,
};
const NO_CHECK: Patch = { file: LOG, from: CHECK, to: "" };

const HOLES: readonly MemoryHole[] = [
  {
    name: "applies the entries before their log is there",
    script: "one entry",
    finding: "neither old nor new",
    patches: [
      {
        file: LOG,
        from: WRITE_ENTRIES,
        to: `for (let at: number = LogPart.Entries; at < this.used; at = this.next(at))
          this.fram.write(this.addressOf(at), this.area, at + LogPart.EntryHeadBytes, this.lengthOf(at));
          ${WRITE_ENTRIES}`,
      },
    ],
  },
  {
    name: "writes the head before the entries, and believes a head without its check",
    script: "many small entries",
    finding: "ends with error 3",
    patches: [HEAD_FIRST, NO_CHECK],
  },
  {
    name: "writes the head before the entries, with a check over the head alone",
    script: "one entry",
    finding: "ends with error 3",
    patches: [
      HEAD_FIRST,
      {
        file: LOG,
        from: "this.crypto.sha256(this.area, LogPart.Length, this.used - LogPart.Length, this.digest);",
        to: "this.crypto.sha256(this.area, LogPart.Length, 3, this.digest);",
      },
    ],
  },
  {
    name: "believes a log without its check",
    script: "an entry that is split, up to the end of the memory",
    finding: "ends with error 3",
    patches: [NO_CHECK],
  },
  {
    name: "clears the log before its entries are applied",
    script: "one entry",
    finding: "neither old nor new",
    patches: [
      { file: LOG, from: "let error = FramError.None; for", to: "let error = this.clear(this.used); for" },
    ],
  },
  {
    name: "applies no log at boot",
    script: "one entry",
    finding: "neither old nor new",
    patches: [{ file: STORE, from: "return this.judge(this.log.redo());", to: "return StoreError.None;" }],
  },
  {
    name: "leaves a torn log where it is",
    script: "one entry",
    finding: "neither old nor new: first at",
    patches: [{ file: STORE, from: "&& state === LogState.Torn)", to: "&& state === LogState.Clear)" }],
  },
];

testMemoryHoles<typeof Sweeps>(test, HOLES, {
  who: "a store",
  entry: "sweep-script",
  sweep: ({ sweepScript }, script) => sweepScript(script),
});

test.run();
