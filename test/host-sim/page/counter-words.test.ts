/** The counter window has words, in both of its languages, for everything that the simulator may tell it. */
import { test } from "uvu";
import { equal, is, match, ok } from "uvu/assert";
import { CommandResult } from "../../../firmware/service/command-result.ts";
import { JournalEvent } from "../../../firmware/service/journal-entry.ts";
import { Outcome } from "../../../firmware/service/outcome.ts";
import { FAILURE_KINDS, type FailureKind } from "../../../host-sim/counter/counter-failure.ts";
import { eventName, outcomeName, RECORD_BYTES } from "../../../host-sim/counter/journal-record.ts";
import { recordWords } from "../../../host-sim/counter/record-line.ts";
import { REFUSAL_CODES, type RefusalCode } from "../../../host-sim/desk/desk-refusal.ts";
import { SIGN_OUT_CAUSES, type SignOutCause } from "../../../host-sim/desk/operator-watch.ts";
import { EN } from "../../../host-sim/page/browser/counter/texts-en.ts";
import { JA } from "../../../host-sim/page/browser/counter/texts.ts";

type Told = `failure.${FailureKind}` | `notice.${RefusalCode}` | `notice.terminal-${SignOutCause}`;

/** A kind without words is an error of the compiler first. */
const LANGUAGES: Readonly<Record<"ja" | "en", Readonly<Record<Told, string>>>> = { ja: JA, en: EN };
/** Kana or kanji. */
const JAPANESE = /[\u3040-\u30ff\u4e00-\u9fff]/;
/** Two sentences, or one with a comma: what it is, and what to do. */
const CAUSE_AND_NEXT = { ja: /^[^。]+。[^。]+。|^[^、]+、.+ください。$/, en: /^[^.]+[.:,] .+\.$/ };

/** Every result but Done; the enum is of numbers, so its members are counted from it. */
const RESULTS = [
  CommandResult.BadField,
  CommandResult.Busy,
  CommandResult.NoOperator,
  CommandResult.OutOfService,
  CommandResult.NotKnown,
  CommandResult.OtherCard,
  CommandResult.TooLate,
  CommandResult.Suspended,
];

function judge(key: string): void {
  for (const language of ["ja", "en"] as const) {
    const text = Object.entries(LANGUAGES[language]).find(([name]) => name === key)?.[1] ?? "";
    ok(text !== "", `${key} has no words in ${language}`);
    is(
      JAPANESE.test(text.replaceAll(/「[^」]*」/g, "")),
      language === "ja",
      `${key} in ${language}: ${text}`,
    );
  }
}

test("every failure of line and terminal has its cause and next step in both languages", () => {
  for (const kind of FAILURE_KINDS) {
    judge(`failure.${kind}`);
    for (const language of ["ja", "en"] as const)
      match(LANGUAGES[language][`failure.${kind}`], CAUSE_AND_NEXT[language], kind);
  }
});

test("every result with which the terminal refuses has words, and no number is left out", () => {
  equal(RESULTS, [1, 2, 3, 4, 5, 6, 7, 8]);
  for (const result of RESULTS) judge(`result.${result}`);
});

test("everything that the window does not do, and a sign-out at the terminal, has words", () => {
  for (const code of REFUSAL_CODES) judge(`notice.${code}`);
  for (const cause of SIGN_OUT_CAUSES) judge(`notice.terminal-${cause}`);
});

test("every outcome has words", () => {
  for (let outcome = 0; outcome <= (Outcome.OtherCard as number); outcome++)
    judge(`outcome.${outcomeName(outcome)}`);
  is(outcomeName((Outcome.OtherCard as number) + 1), "OUTCOME-17");
});

test("every event of the terminal's journal, and what its detail means, has words", () => {
  const meanings: string[] = [];
  for (let event: number = JournalEvent.Boot; event <= (JournalEvent.Link as number); event++) {
    judge(`event.${eventName(event)}`);
    for (let detail = 0; detail < 256; detail++) {
      const bytes = new Uint8Array(RECORD_BYTES);
      bytes.set([event, detail], 8);
      const { meaning = "" } = recordWords(bytes) as { readonly meaning?: string };
      const isKnown = !/^$|\d/.test(meaning);
      if (isKnown)
        meanings.push(
          `${event === (JournalEvent.Outcome as number) ? "outcome" : `detail.${eventName(event)}`}.${meaning}`,
        );
    }
  }
  is(
    meanings.length,
    [4, 17, 2, 4, 2].reduce((sum, count) => sum + count),
    meanings.join(),
  );
  for (const meaning of meanings) judge(meaning);
});

test("what is put into a text is put into both languages", () => {
  const places = (text: string): number => text.split("%").length - 1;
  for (const [key, text] of Object.entries(JA)) {
    const other = Object.entries(EN).find(([name]) => name === key)?.[1] ?? "";
    is(places(other), places(text), key);
    ok(places(text) <= 1, `${key} has one place at most`);
  }
});

test.run();
