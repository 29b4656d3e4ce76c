/** The proof of changes notices: copies of the sealed image in which what is kept of two PINs, or how they were judged, gets out. */
import { suite } from "uvu";
import { ok } from "uvu/assert";
import type { Patch } from "../patched-terminal.ts";
import { CHANGE_DIGITS } from "./change-stories.ts";
import { differencesWith, leakingTypists, type Leak } from "./leaking-build.ts";

const test = suite("interference-change-leaks");
const PROMPT = "firmware/service/change-prompt.ts";
const MEMORY = "firmware/service/check-memory.ts";
/** Where a leaking part finds the digits that are kept, and how many entries were confirmed. */
const TELL: Patch = {
  file: PROMPT,
  from: "  private confirmed(nowUs: number): void {\n",
  to:
    "  private confirmed(nowUs: number): void {\n    Reflect.set(globalThis, 'kept', this.kept);\n" +
    "    Reflect.set(globalThis, 'confirmed', (Reflect.get(globalThis, 'confirmed') ?? 0) + 1);\n",
};
/** Of the new PIN, as long as it is kept. */
const KEPT = "(Reflect.get(globalThis, 'kept')?.[4] ?? 0)";
const CONFIRMED = "(Reflect.get(globalThis, 'confirmed') ?? 0)";

const LEAKS: readonly Leak[] = [
  {
    name: "a journal record of the first change that carries a digit of the new PIN",
    channel: "line-out",
    story: "changed",
    patches: [
      TELL,
      { file: MEMORY, from: "entry.detail = detail;", to: `entry.detail = detail + ${KEPT} * 16;` },
    ],
  },
  {
    name: "a result stored before the change that carries a digit of the new PIN",
    channel: "memory",
    story: "the power goes while the first of two PINs is changed",
    patches: [
      TELL,
      { file: MEMORY, from: "result.triesLeft = triesLeft;", to: `result.triesLeft = triesLeft - ${KEPT};` },
    ],
  },
  {
    name: "a refusal whose page stays as long as the digit of the PIN that was too easy says",
    channel: "line-out",
    story: "nobody goes on when it was too easy",
    patches: [
      {
        file: PROMPT,
        from: "this.deadlineUs = this.view.limitUs(nowUs, FIRST_DIGIT_US);",
        to: "this.deadlineUs = nowUs + FIRST_DIGIT_US + this.kept[4] * 4000 + this.kept[5] * 40000;",
      },
    ],
  },
  {
    name: "a refusal that tells why a PIN was too easy",
    channel: "spi",
    story: "too easy, then not the same again, then good",
    patches: [
      {
        file: PROMPT,
        from: "else if (this.isTooEasy()) this.refuse(Page.ChangeWeak, nowUs);",
        to: "else if (this.isTooEasy()) this.refuse(this.kept[4] + this.kept[5] > 0 ? Page.ChangeWeak : Page.ChangeDiffer, nowUs);",
      },
    ],
  },
  {
    name: "a comparison that takes the longer the more digits are the same",
    channel: "line-out",
    story: "nobody goes on when it was not the same again",
    patches: [
      {
        file: PROMPT,
        from: "      this.entry.wipe();\n      if (isSame)",
        to:
          "      let same = 0;\n      while (same < 4 && this.entry.digits[same] === this.kept[4 + same]) same++;\n" +
          "      nowUs += same * 30000;\n      this.entry.wipe();\n      if (isSame)",
      },
    ],
  },
  {
    name: "a command whose length depends on a digit",
    channel: "card-out",
    story: "the card refuses the first change",
    patches: [
      {
        file: PROMPT,
        from: "    return FIXED_DIGITS;\n",
        to: "    return FIXED_DIGITS + (which === ChangePin.New ? this.kept[4] & 1 : 0);\n",
      },
    ],
  },
];

for (const [at, leak] of LEAKS.entries()) {
  test(`a terminal with ${leak.name} is caught`, async () => {
    const differences = await differencesWith(leak, `change-leak-${at}`, CHANGE_DIGITS);
    ok(
      differences.some((each) => each.startsWith(`${leak.channel},`)),
      differences.join("; "),
    );
  });
}

test("a journal that tells how far a change had come is caught", async () => {
  const patches = [
    TELL,
    { file: MEMORY, from: "entry.detail = detail;", to: `entry.detail = detail + ${CONFIRMED} * 16;` },
  ];
  const module = await leakingTypists("change-leak-entries", patches);
  const ending = module.CHECK_ENDINGS[0]!;
  const people = module.changers(5000).filter(({ keys }) => keys === "5678E" || keys === "5678E7391E");
  const { differences } = module.compareTypists((typist) => {
    Reflect.set(globalThis, "confirmed", 0);
    return module.typedInChange(typist, ending);
  }, people);
  ok(differences.length > 0);
});

test.run();
