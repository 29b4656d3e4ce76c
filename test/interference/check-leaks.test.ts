/** The proof of resident checks notices: copies of the sealed image that let a digit, or how many were typed, out of the box. */
import { suite } from "uvu";
import { ok } from "uvu/assert";
import type { Patch } from "../patched-terminal.ts";
import { differencesWith, leakingTypists, type Leak } from "./leaking-build.ts";

const test = suite("interference-check-leaks");
const DIGITS = 4;
const ENTRY = "firmware/service/pin-entry.ts";
const MEMORY = "firmware/service/check-memory.ts";
/** Where a leaking part finds the last digit and how many were typed. */
const TELL: Patch = {
  file: ENTRY,
  from: "    this.buffer[this.count] = digit;\n",
  to: "    this.buffer[this.count] = digit;\n    Reflect.set(globalThis, 'leaked', [digit, this.count]);\n",
};
const DIGIT = "(Reflect.get(globalThis, 'leaked')?.[0] ?? 0)";
const COUNT = "(Reflect.get(globalThis, 'leaked')?.[1] ?? 0)";

const LEAKS: readonly Leak[] = [
  {
    name: "a result whose tries left carry a digit",
    channel: "line-out",
    story: "right",
    patches: [
      TELL,
      {
        file: MEMORY,
        from: "result.triesLeft = triesLeft;",
        to: `result.triesLeft = triesLeft + ${DIGIT};`,
      },
    ],
  },
  {
    name: "a journal record of a cancelled check that carries a digit",
    channel: "memory",
    story: "取消 after three digits",
    patches: [
      TELL,
      { file: MEMORY, from: "entry.detail = detail;", to: `entry.detail = detail + ${DIGIT} * 16;` },
    ],
  },
  {
    name: "an attempt that is charged by the digit",
    channel: "memory",
    story: "the power goes while the PIN is on its way",
    patches: [
      TELL,
      {
        file: "firmware/service/ledger.ts",
        from: "slot[SlotPart.CounterBefore] = counterBefore;",
        to: `slot[SlotPart.CounterBefore] = ${DIGIT};`,
      },
    ],
  },
  {
    name: "a record of TLS whose version carries a digit",
    channel: "line-out",
    story: "wrong",
    patches: [
      TELL,
      {
        file: "firmware/protocol/tls-traffic.ts",
        from: "bytes[at + 2] = TLS_1_2 & 255;",
        to: `bytes[at + 2] = (TLS_1_2 & 255) ^ ${DIGIT};`,
      },
    ],
  },
  {
    name: "a time limit that depends on a digit",
    channel: "line-out",
    story: "nobody goes on after three digits",
    patches: [
      TELL,
      {
        file: ENTRY,
        from: "this.sinceUs = nowUs;\n    this.isTouched = true;",
        to: "this.sinceUs = nowUs + digit * 4000;\n    this.isTouched = true;",
      },
    ],
  },
];

for (const [at, leak] of LEAKS.entries()) {
  test(`a terminal with ${leak.name} is caught`, async () => {
    const differences = await differencesWith(leak, `check-leak-${at}`, DIGITS);
    ok(
      differences.some((each) => each.startsWith(`${leak.channel},`)),
      differences.join("; "),
    );
  });
}

test("a journal that counts the digits is caught", async () => {
  const patches = [
    TELL,
    { file: MEMORY, from: "entry.detail = detail;", to: `entry.detail = detail + ${COUNT};` },
  ];
  const module = await leakingTypists("check-leak-count", patches);
  const [one, three] = ["1", "123"].map((keys) => {
    const typist = { name: keys, keys, atMs: [...keys].map((_, i) => 500 + 200 * i) };
    return module.typedInCheck(typist, module.CHECK_ENDINGS[0]!);
  });
  ok(one!.join("\n") !== three!.join("\n"));
});

test.run();
