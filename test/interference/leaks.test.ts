/** The proofs of this folder notice: copies of the firmware that leak a digit, or how many were typed, differ. */
import { suite } from "uvu";
import { ok, throws } from "uvu/assert";
import { importPatched, type Patch } from "../patched-terminal.ts";
import { scenarioNamed, somePins } from "./runs.ts";
import type * as Runs from "./runs.ts";
import type * as Typists from "./typists.ts";

const test = suite("leaks");

/** Each digit alone and some more: enough for holes that are made on purpose. */
const PINS = 16;
const ENTRY = "firmware/service/pin-entry.ts";
const PROMPT = "firmware/service/pin-prompt.ts";
const SECURE = "firmware/service/secure-service.ts";
const LINE = "firmware/service/gempc-line.ts";
/** Where a leaking line finds the last digit and how many were typed. */
const TELL: Patch = {
  file: ENTRY,
  from: "    this.buffer[this.count] = digit;\n",
  to: "    this.buffer[this.count] = digit;\n    Reflect.set(globalThis, 'leaked', [digit, this.count]);\n",
};
const DIGIT = "(Reflect.get(globalThis, 'leaked')?.[0] ?? 0)";
const COUNT = "(Reflect.get(globalThis, 'leaked')?.[1] ?? 0)";

interface Leak {
  readonly name: string;
  /** The channel on which it must show. */
  readonly channel: string;
  readonly scenario: string;
  readonly patches: readonly Patch[];
}

const RIGHT = "the 利用者証明用 PIN is right";

const LEAKS: readonly Leak[] = [
  {
    name: "a key tone of its own for one digit",
    channel: "tone",
    scenario: RIGHT,
    patches: [
      TELL,
      {
        file: "firmware/terminal.ts",
        from: "play(Tone.Key,",
        to: `play(${DIGIT} === 5 ? Tone.Error : Tone.Key,`,
      },
    ],
  },
  {
    name: "a dot more on the display for one digit",
    channel: "spi",
    scenario: RIGHT,
    patches: [
      {
        file: ENTRY,
        from: "showDigits(this.count);",
        to: "showDigits(digit === 7 ? this.count - 1 : this.count);",
      },
    ],
  },
  {
    name: "a lamp that flickers with the digit",
    channel: "pins",
    scenario: RIGHT,
    patches: [
      {
        file: ENTRY,
        from: "    this.view.showDigits(this.count);\n",
        to: "    this.view.showDigits(this.count);\n    if (digit === 3) this.secureLamp.light(false);\n    this.secureLamp.light(true);\n",
      },
    ],
  },
  {
    name: "a time request that is late by the digit",
    channel: "line-out",
    scenario: "nobody goes on after three digits",
    patches: [
      TELL,
      {
        file: LINE,
        from: "nowUs + TIME_REQUEST_US;\n    this.chunk",
        to: `nowUs + TIME_REQUEST_US + ${DIGIT};\n    this.chunk`,
      },
    ],
  },
  {
    name: "an answer that carries a digit",
    channel: "line-out",
    scenario: RIGHT,
    patches: [
      TELL,
      {
        file: "firmware/service/secure-messages.ts",
        from: "respondStatus(this.service.statusWord)",
        to: `respondStatus(this.service.statusWord + ${DIGIT})`,
      },
    ],
  },
  {
    name: "an error code that carries a digit",
    channel: "line-out",
    scenario: "取消 after three digits",
    patches: [
      TELL,
      {
        file: "firmware/service/secure-messages.ts",
        from: "SlotError.PinCancelled,",
        to: `SlotError.PinCancelled - ${DIGIT},`,
      },
    ],
  },
  {
    name: "a VERIFY that is late by the digit",
    channel: "card-out",
    scenario: RIGHT,
    patches: [
      TELL,
      {
        file: PROMPT,
        from: "        this.confirmed(nowUs);\n        return",
        to: `        if (this.confirmDeadlineUs < nowUs - 100000 || this.confirmDeadlineUs > nowUs + 100000) this.confirmDeadlineUs = nowUs + ${DIGIT} * 10;\n        if (nowUs < this.confirmDeadlineUs) return this.confirmDeadlineUs;\n        this.confirmed(nowUs);\n        return`,
      },
    ],
  },
  {
    name: "a time limit that depends on the digit",
    channel: "spi",
    scenario: "nobody goes on after three digits",
    patches: [
      {
        file: ENTRY,
        from: "this.sinceUs = nowUs;\n    this.isTouched = true;",
        to: "this.sinceUs = nowUs + digit * 4000;\n    this.isTouched = true;",
      },
    ],
  },
  {
    name: "a page about new PINs that differ which depends on a digit",
    channel: "spi",
    scenario: "the new PINs differ",
    patches: [
      TELL,
      { file: SECURE, from: "Page.ChangeDiffer);", to: `${DIGIT} < 5 ? Page.ChangeDiffer : Page.Wrong);` },
    ],
  },
  {
    name: "a trace that shows the card's characters",
    channel: "card-out",
    scenario: RIGHT,
    patches: [
      {
        file: "host-sim/world/recorder.ts",
        from: '["card-out", "keys", "memory", "scan"]',
        to: '["keys", "scan"]',
      },
    ],
  },
];

for (const [at, leak] of LEAKS.entries()) {
  test(`a terminal with ${leak.name} is caught`, async () => {
    const module = await importPatched<typeof Runs>(`leak-${at}`, "test/interference/runs.ts", leak.patches);
    const scenario = module.scenarioNamed(leak.scenario);
    const { differences } = module.compare(scenario, somePins(scenario.digits, PINS));
    ok(
      differences.some((each) => each.startsWith(`${leak.channel},`)),
      differences.join("; "),
    );
  });
}

test("a time request that counts the digits is caught", async () => {
  const patches = [
    TELL,
    { file: LINE, from: "this.chunk[0] = TIME_REQUEST;", to: `this.chunk[0] = TIME_REQUEST + ${COUNT};` },
  ];
  const module = await importPatched<typeof Typists>("leak-count", "test/interference/typists.ts", patches);
  const ending = {
    name: "removal",
    seconds: 0,
    end: (counter: { simulator: { remove(): void } }) => counter.simulator.remove(),
  };
  const [one, three] = ["1", "123"].map((keys) => {
    const typist = { name: keys, keys, atMs: [...keys].map((_, i) => 500 + 200 * i) };
    return module.typedBy(typist, ending, "known");
  });
  ok(one!.join("\n") !== three!.join("\n"));
});

test("a patch that no longer fits is an error", async () => {
  const patches = [{ file: ENTRY, from: "no such line", to: "" }];
  let message = "";
  await importPatched("leak-none", "test/interference/runs.ts", patches).catch(
    (error: Error) => (message = error.message),
  );
  ok(message.includes("stands there 0 times"), message);
  throws(() => scenarioNamed("no such story"));
});

test.run();
