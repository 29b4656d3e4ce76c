/** A million spoiled bytes on each wire: no hang in virtual time, no crash, no breach, and the terminal serves afterwards. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { importPatched, type Patch } from "../patched-terminal.ts";
import { smallest } from "./campaign.ts";
import { CARD_STORM } from "./card-storm.ts";
import { LINE_STORM } from "./line-storm.ts";
import { SEALED_STORM } from "./sealed-storm.ts";
import { run } from "./storm.ts";
import { stormCard, stormLine, stormSealed } from "./storms.ts";

const test = suite("fuzz");
/** `make fuzz` takes other ones. */
const SEED = 2026;
const BYTES = 1_000_000;
/** Most of them inside of a session, whose every record is a step of two ends. */
const SEALED_BYTES = 300_000;
/** A hole must be found by a part of what the whole test sends. */
const HOLE_BYTES = 300_000;

console.log(`seed ${SEED}`);

test("a million bytes on the counter line neither hang, crash nor breach", () => {
  const { bytes, finding } = stormLine({ seed: SEED, bytes: BYTES });
  is(finding, undefined, finding);
  console.log(`\n${bytes} line bytes with seed ${SEED}, 0 findings`);
  ok(bytes >= BYTES);
});

test("a million bytes from cards neither hang, crash nor breach", () => {
  const { bytes, finding } = stormCard({ seed: SEED, bytes: BYTES });
  is(finding, undefined, finding);
  console.log(`\n${bytes} card bytes with seed ${SEED}, 0 findings`);
  ok(bytes >= BYTES);
});

test("bytes, frames, records and messages on a sealed line neither hang, crash nor breach, and the next client is served", () => {
  const { bytes, storms, finding } = stormSealed({ seed: SEED, bytes: SEALED_BYTES });
  is(finding, undefined, finding);
  console.log(`\n${bytes} sealed bytes in ${storms} storms with seed ${SEED}, 0 findings`);
  ok(bytes >= SEALED_BYTES);
});

test("the same seed sends the same bytes", () => {
  for (const kind of [LINE_STORM, CARD_STORM, SEALED_STORM]) {
    equal(JSON.stringify(kind.plan(7)), JSON.stringify(kind.plan(7)), kind.name);
    ok(JSON.stringify(kind.plan(7)) !== JSON.stringify(kind.plan(8)), kind.name);
  }
  is(run(LINE_STORM, LINE_STORM.plan(7)).bytes, run(LINE_STORM, LINE_STORM.plan(7)).bytes);
  is(run(CARD_STORM, CARD_STORM.plan(7)).bytes, run(CARD_STORM, CARD_STORM.plan(7)).bytes);
  is(run(SEALED_STORM, SEALED_STORM.plan(7)).bytes, run(SEALED_STORM, SEALED_STORM.plan(7)).bytes);
});

interface Hole {
  readonly name: string;
  readonly by: "stormLine" | "stormCard" | "stormSealed";
  readonly patch: Patch;
  /** What the finding must say. */
  readonly seen: string;
}

const HOLES: readonly Hole[] = [
  {
    name: "a frame that stops is waited for without end",
    by: "stormLine",
    patch: {
      file: "firmware/service/gempc-line.ts",
      from: "INTER_BYTE_US = 500000",
      to: "INTER_BYTE_US = 1e12",
    },
    seen: "no answer to GetSlotStatus",
  },
  {
    name: "the firewall lets VERIFY pass",
    by: "stormLine",
    patch: {
      file: "firmware/service/firewall.ts",
      from: "if (isPinInstruction(apdu.ins)) return",
      to: "if (false) return",
    },
    seen: "the host",
  },
  {
    name: "a command has no time limit but the card's",
    by: "stormCard",
    patch: {
      file: "firmware/driver/t1-card.ts",
      from: "return exchange.limit(nowUs);",
      to: "return this.link.deadlineUs;",
    },
    seen: "no answer",
  },
  {
    name: "a PIN command is begun again",
    by: "stormCard",
    patch: { file: "firmware/driver/t1-exchange.ts", from: "this.kind === CommandKind.Pin || ", to: "" },
    seen: "確認",
  },
  {
    name: "an answer may be longer than its buffer",
    by: "stormCard",
    patch: {
      file: "firmware/driver/t1-card.ts",
      from: "if (!chain.keep(this.link.line.block)) exchange.endWith(T1Fault.BadAnswer);",
      to: "if (!chain.keep(this.link.line.block)) throw new Error('overrun');",
    },
    seen: "overrun",
  },
  {
    name: "the firewall lets VERIFY pass in a session",
    by: "stormSealed",
    patch: {
      file: "firmware/service/firewall.ts",
      from: "if (isPinInstruction(apdu.ins)) return",
      to: "if (false) return",
    },
    seen: "the host",
  },
  {
    name: "a part of the last session's message stays",
    by: "stormSealed",
    patch: {
      file: "firmware/service/counter-session.ts",
      from: "this.pair = pair;\n    this.count = 0;",
      to: "this.pair = pair;",
    },
    seen: "lies outside",
  },
  {
    name: "a part of the last session's record stays",
    by: "stormSealed",
    patch: {
      file: "firmware/protocol/tls-server.ts",
      from: "this.natives.wipe(this.message);\n    this.recordLength = 0;",
      to: "this.natives.wipe(this.message);",
    },
    seen: "lies outside",
  },
];

for (const hole of HOLES) {
  test(`the storm finds it: ${hole.name}`, async () => {
    const name = `fuzz-${HOLES.indexOf(hole)}`;
    const copy = await importPatched<typeof import("./storms.ts")>(name, "test/fuzz/storms.ts", [hole.patch]);
    const { finding } = copy[hole.by]({ seed: SEED, bytes: HOLE_BYTES });
    ok(finding?.includes(hole.seen), `${hole.name}: ${finding}`);
  });
}

test("a finding is made small", () => {
  const needs = (some: readonly number[]): boolean => some.includes(3) && some.includes(77);
  const hundred = Array.from({ length: 100 }, (_, at) => at);
  equal(smallest(hundred, needs), [3, 77]);
});

test.run();
