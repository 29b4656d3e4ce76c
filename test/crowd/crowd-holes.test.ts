/** The proof of the crowd notices: a counter that repeats a check, terminals that lose, double or invent, one that hangs, shared memory. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { importPatched, type Patch } from "../patched-terminal.ts";
import { runCrowd, stoodNoise, type Told } from "./crowd.ts";
import type * as Crowd from "./crowd.ts";
import type { Finding } from "./judge.ts";
import { FAIR } from "./weather.ts";

const test = suite("crowd-holes");
const SEEDS = [2, 11];
const SECONDS = 150;
const SLICE_MS = 50;
const MEMORY = "firmware/service/check-memory.ts";
const CONCLUDED = "this.fill(check, check.outcome, check.triesLeft);";
const OUTCOME_PUT = "const isPut = this.put(check, JournalEvent.Outcome, check.outcome, nowUs);";

interface Hole {
  readonly name: string;
  readonly kind: Finding["kind"];
  readonly finding: RegExp;
  readonly patch: Patch;
}

const HOLES: readonly Hole[] = [
  {
    name: "a counter that repeats a check after a loss, as a new request",
    kind: "doubled",
    finding: /CASE-\d+ has 2 outcomes/,
    patch: {
      file: "host-sim/counter/check-run.ts",
      from: "return await this.ask(request.requestId, failure);",
      to: `await this.terminal?.close();
        const again = await withRetries(this.open, { ...AFTER_LOSS, tries: Infinity }, this.clock);
        return await this.attempt(again, { ...request, requestId: "ff" + request.requestId.slice(2) });`,
    },
  },
  {
    name: "a terminal whose results are thrown away",
    kind: "lost",
    finding: /CASE-\d+ is unknown to the terminal, and has 1 outcomes/,
    patch: { file: MEMORY, from: "this.parts.results.put(this.result);", to: "" },
  },
  {
    name: "a terminal whose journal leaves out who took the card away",
    kind: "lost",
    finding: /CASE-\d+ was answered REMOVED, in no record/,
    patch: {
      file: MEMORY,
      from: OUTCOME_PUT,
      to: `const isPut = check.outcome === Outcome.Removed || this.put(check, JournalEvent.Outcome, check.outcome, nowUs);`,
    },
  },
  {
    name: "a terminal that writes an outcome twice",
    kind: "doubled",
    finding: /CASE-\d+ has 2 outcomes/,
    patch: {
      file: MEMORY,
      from: OUTCOME_PUT,
      to: `this.put(check, JournalEvent.Outcome, check.outcome, nowUs);
        this.parts.store.commit();
        this.parts.store.begin();
        ${OUTCOME_PUT}`,
    },
  },
  {
    name: "a terminal that calls a wrong PIN right",
    kind: "wrong",
    finding: /CASE-\d+ was answered OK,.* and written as WRONG,/,
    patch: {
      file: MEMORY,
      from: CONCLUDED,
      to: CONCLUDED.replace(
        "check.outcome,",
        "check.outcome === Outcome.Wrong ? Outcome.Ok : check.outcome,",
      ),
    },
  },
  {
    name: "a terminal that tells what was left before a right entry",
    kind: "wrong",
    finding: /CASE-\d+ OK with 2 tries, and the card has 3/,
    patch: { file: "firmware/service/check-proof.ts", from: "this.triesLeft = FULL_TRIES;", to: "" },
  },
  {
    name: "a card that is made to compare twice",
    kind: "doubled",
    finding: /CASE-\d+ the card compared 2 times/,
    patch: {
      file: "host-sim/card/apps/pin-object.ts",
      from: "this.verifyCount++;",
      to: "this.verifyCount += 2;",
    },
  },
  {
    name: "a result that names another request",
    kind: "wrong",
    finding: /CASE-\d+ was answered for another/,
    patch: {
      file: "host-sim/counter/check-calls.ts",
      from: 'return { step: "result", requestId, outcome,',
      to: 'return { step: "result", requestId: "00", outcome,',
    },
  },
];

for (const [at, { name, kind, finding, patch }] of HOLES.entries()) {
  test(`${name} is caught`, async () => {
    const module = await importPatched<typeof Crowd>(`crowd-hole-${at}`, "test/crowd/crowd.ts", [patch]);
    const told = await module.runCrowd(SEEDS, { seconds: SECONDS, sliceMs: SLICE_MS });
    const findings = told.flatMap((one) => one.findings);
    const found = findings.filter((one) => one.kind === kind && finding.test(one.text));
    ok(found.length > 0, findings.map(({ text }) => text).join("; ") || "nothing was found");
  });
}

test("the same terminals without a hole are found to be whole", async () => {
  const told = await runCrowd(SEEDS, { seconds: SECONDS, sliceMs: SLICE_MS });
  equal(
    told.flatMap(({ findings }) => findings),
    [],
  );
  ok(told.every(stoodNoise));
});

test("a terminal that answers no call any more is said to have come to no end", async () => {
  const patch = {
    file: "firmware/service/sealed-line.ts",
    from: "if (line.state() === LinkState.Asked && this.parts.session.isFree())",
    to: "if (line.state() === LinkState.Asked && this.parts.session.isFree() && nowUs < 30000000)",
  };
  const module = await importPatched<typeof Crowd>("crowd-hang", "test/crowd/crowd.ts", [patch]);
  const options = { seconds: 60, sliceMs: SLICE_MS, overtimeS: 60 };
  let told: unknown;
  await module.runCrowd([SEEDS[0]!], options).catch((error: unknown) => (told = error));
  ok(String(told).includes("terminal 2 has come to no end"), String(told));
});

test("terminals that share what they have measured of their lines are seen to do other things in a crowd than alone", async () => {
  const patch = {
    file: "firmware/driver/link-timer.ts",
    from: "private waitUs = FIRST_US;",
    to: `private get waitUs(): number { return Number(Reflect.get(globalThis, "shared") ?? FIRST_US); }
      private set waitUs(us: number) { Reflect.set(globalThis, "shared", us); }`,
  };
  const module = await importPatched<typeof Crowd>("crowd-shared", "test/crowd/crowd.ts", [patch]);
  const options = { seconds: 60, sliceMs: SLICE_MS };
  const [crowded] = await module.runCrowd(SEEDS, options);
  const [alone] = await module.runCrowd([SEEDS[0]!], options);
  const second = module.parting(crowded as Told, alone, options.seconds);
  ok(second !== undefined && second < options.seconds, `${second}`);
});

test("a quiet line is not taken for a noisy one", async () => {
  const [told] = await runCrowd([SEEDS[0]!], { seconds: SECONDS, sliceMs: SLICE_MS, weather: () => FAIR });
  is(stoodNoise(told!), false);
  equal(
    [told!.damaged, told!.repeated],
    [
      { terminal: 0, pc: 0 },
      { terminal: 0, pc: 0 },
    ],
  );
  equal(told!.findings, []);
});

test.run();
