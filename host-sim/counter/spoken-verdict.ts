/** Go, stop or other-card from standard input, by a person or a program, in the time that the terminal waits. */
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { VERDICTS, type Verdict } from "./check-calls.ts";
import type { CounterClock } from "./counter-clock.ts";

const SECOND_US = 1_000_000;
/** Silence for 10 s ends the check as TIMEOUT. */
const ANSWER_US = 9 * SECOND_US;

/** The first line of `input` that is a verdict. The input's end, or nothing in time, is stop; `onNotice` hears of it. */
export function spokenVerdict(
  input: Readable,
  clock: CounterClock,
  onNotice: (text: string) => void,
): Promise<Verdict> {
  return new Promise((resolve) => {
    const lines = createInterface({ input });
    let isSettled = false;
    const settle = (verdict: Verdict, why?: string): void => {
      if (isSettled) return;
      isSettled = true;
      cancel();
      if (why !== undefined) onNotice(why);
      resolve(verdict);
      lines.close();
    };
    const late = `nobody has said go in ${ANSWER_US / SECOND_US} s: stop`;
    const cancel = clock.after(ANSWER_US, () => settle("stop", late));
    lines.on("line", (line) => {
      const word = line.trim();
      if (isVerdict(word)) settle(word);
      else onNotice("say go, stop or other-card");
    });
    lines.on("close", () => settle("stop", "standard input has ended without an answer: stop"));
  });
}

function isVerdict(word: string): word is Verdict {
  return Object.hasOwn(VERDICTS, word);
}
