/** A command of the terminal's own that is answered by a result and what follows it (docs/protocol.md, Commands of the counter). */
import { CommandResult } from "../../firmware/service/command-result.ts";
import { CounterCommand } from "../../firmware/service/counter-commands.ts";
import { CounterFailure } from "./counter-failure.ts";
import type { CounterSession } from "./counter-session.ts";

/** What a call needs of a session. */
export type Caller = Pick<CounterSession, "escape">;

/** The terminal has understood and does not do it. */
export class CallRefused extends CounterFailure {
  constructor(
    readonly result: number,
    why: string,
    next: string,
  ) {
    super("refused", why, next);
  }
}

const REFUSALS: Readonly<Record<number, readonly [string, string]>> = {
  [CommandResult.BadField]: [
    "the terminal finds a field wrong",
    "bring terminal and counter software to the same release",
  ],
  [CommandResult.Busy]: ["the terminal is busy with another command", "wait until its display is at rest"],
  [CommandResult.NoOperator]: [
    "nobody of the staff stands at the terminal",
    "turn the key switch of its case to service, or sign in under the operator's name, and send it again",
  ],
  [CommandResult.OutOfService]: [
    "the terminal is out of service, or its journal is full",
    "look at its display; fetch the journal with read-journal --out FILE --ack",
  ],
  [CommandResult.NotKnown]: ["the terminal does not know it", ""],
  [CommandResult.OtherCard]: ["the card in the terminal is another one", "begin a new check"],
  [CommandResult.TooLate]: ["the answer came too late", "begin a new check"],
  [CommandResult.Suspended]: ["the terminal is suspended", "end the emergency stop with resume"],
};

/** Of checks alone. */
const NOT_SIGNED_IN = [
  "the operator in whose name the check is asked for is not signed in at the terminal",
  "sign in with that operator's card, or name the operator who is signed in",
] as const;
const CHECKS: readonly number[] = [CounterCommand.CheckPin, CounterCommand.ChangePin];

function refusalOf(command: number, result: number): readonly [string, string] {
  if (result === (CommandResult.NoOperator as number) && CHECKS.includes(command)) return NOT_SIGNED_IN;
  return REFUSALS[result] ?? [`the terminal refuses with result ${result}`, ""];
}

/** Sends `command` and resolves with what follows the result. Rejects with `CallRefused` for every result but 00. */
export async function call(
  session: Caller,
  command: number,
  data: Uint8Array,
  limitUs?: number,
): Promise<Uint8Array> {
  const answer = await session.escape(command, data, limitUs);
  if (answer.result === (CommandResult.Done as number)) return answer.data;
  const [why, next] = refusalOf(command, answer.result);
  throw new CallRefused(answer.result, why, next);
}

export function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** The fields of an answer, one after the other. Throws what an answer of another form is. */
export class Fields {
  private at = 0;

  constructor(private readonly data: Uint8Array) {}

  u8(): number {
    return this.bytes(1)[0]!;
  }

  u32(): number {
    const bytes = this.bytes(4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  }

  bytes(length: number): Uint8Array {
    const end = this.at + length;
    if (end > this.data.length) throw strange("an answer that is too short");
    const bytes = this.data.subarray(this.at, end);
    this.at = end;
    return bytes;
  }

  hex(length: number): string {
    return Buffer.from(this.bytes(length)).toString("hex");
  }

  /** A length and as many ASCII digits. */
  digits(): string {
    const text = Buffer.from(this.bytes(this.u8())).toString("latin1");
    if (!/^\d*$/.test(text)) throw strange("a serial that is no number");
    return text;
  }

  left(): number {
    return this.data.length - this.at;
  }

  end(): void {
    if (this.left() > 0) throw strange("an answer that is too long");
  }
}

/** `what` came, which no terminal of this release sends. */
export function strange(what: string): CounterFailure {
  return new CounterFailure(
    "peer",
    `the terminal sends ${what}`,
    "bring terminal and counter software to the same release",
  );
}
