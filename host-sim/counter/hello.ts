/** The first message each way, which confirms roles and names (docs/protocol.md, "First message each way"; RFC 9257, 5.2). */
import { isResetReason, partName, reasonName } from "../world/reset-name.ts";
import { CounterFailure } from "./counter-failure.ts";

export interface PairNames {
  readonly terminal: string;
  readonly counter: string;
}

/** Who the terminal is, as it said itself. */
export interface TerminalInfo extends PairNames {
  readonly image: "development" | "town";
  /** Why it started last, and the part of its firmware that was at work. */
  readonly reason: string;
  readonly part: string;
}

export const HELLO_COMMAND = 0x10;
const VERSION = 1;
const ROLE_COUNTER = 1;
const ROLE_TERMINAL = 0;
const IMAGES: Readonly<Record<number, TerminalInfo["image"]>> = { 1: "development", 2: "town" };
/** Image, reason and part. */
const TAIL_BYTES = 3;

const RESULTS: Readonly<Record<number, string>> = {
  1: "the terminal speaks another version of the messages",
  2: "the terminal does not take this PC for a counter",
  3: "the terminal is paired under other names",
};

function named(name: string): number[] {
  return [name.length, ...new TextEncoder().encode(name)];
}

/** What follows the command's number. */
export function helloData({ terminal, counter }: PairNames): Uint8Array {
  return Uint8Array.of(VERSION, ROLE_COUNTER, ...named(terminal), ...named(counter));
}

/** Reads the answer, whose result was `result`, and checks that the terminal is the one that was expected. Throws the cause. */
export function readHello(expected: PairNames, result: number, data: Uint8Array): TerminalInfo {
  if (result !== 0) {
    const cause = RESULTS[result] ?? `the terminal refuses the session with result ${result}`;
    throw new CounterFailure(
      "peer",
      cause,
      "use the key file of this terminal's pairing and software of one release",
    );
  }
  const [version, role] = data;
  if (version !== VERSION) throw strange("speaks another version of the messages");
  if (role !== ROLE_TERMINAL) throw strange("does not say that it is a terminal");
  const [terminal, counterAt] = readName(data, 2);
  const [counter, tailAt] = readName(data, counterAt);
  const image = IMAGES[data[tailAt] ?? 0];
  const reason = data[tailAt + 1] ?? 0;
  if (data.length !== tailAt + TAIL_BYTES || image === undefined)
    throw strange("says something else than expected");
  if (terminal !== expected.terminal) throw strange(`says that it is ${terminal}, not ${expected.terminal}`);
  if (counter !== expected.counter) throw strange(`takes this PC for ${counter}, not ${expected.counter}`);
  const reasonText = isResetReason(reason) ? reasonName(reason) : String(reason);
  return { terminal, counter, image, reason: reasonText, part: partName(data[tailAt + 2]!) };
}

/** A name with its length in front, printable whatever it holds, and where the next field begins. */
function readName(data: Uint8Array, at: number): [string, number] {
  const length = data[at] ?? 0;
  const name = Buffer.from(data.subarray(at + 1, at + 1 + length)).toString("latin1");
  return [name.replace(/[^A-Z0-9-]/g, "?"), at + 1 + length];
}

function strange(what: string): CounterFailure {
  return new CounterFailure(
    "peer",
    `what answered ${what}`,
    "look at --line and --key; the session was closed",
  );
}
