/** The first message each way of a sealed session: role and names, confirmed by both ends (docs/protocol.md; RFC 9257, 7.1). */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { ResetRecord } from "../../hal/watchdog.ts";
import type { Name, Pair } from "./pair.ts";

export const enum HelloResult {
  Done = 0,
  OtherVersion = 1,
  OtherRole = 2,
  OtherNames = 3,
}

/** Which image this is, as integrators see it. */
export const enum ImageKind {
  Development = 1,
  Town = 2,
}

const VERSION = 1;
const ROLE_TERMINAL = 0;
const ROLE_COUNTER = 1;
/** Of a Hello: version, role, first name's length. */
const NAMES_AT = 2;

export class CounterHello {
  constructor(
    private readonly natives: ByteNatives,
    private readonly image: ImageKind,
    private readonly reset: ResetRecord,
  ) {}

  /** Judges the `length` bytes of a Hello at `bytes[at…]`, the command's number left out. */
  judge(bytes: ReadonlyBytes, at: number, length: number, pair: Pair): HelloResult {
    if (length < 1 || bytes[at] !== VERSION) return HelloResult.OtherVersion;
    if (length < NAMES_AT || bytes[at + 1] !== ROLE_COUNTER) return HelloResult.OtherRole;
    const terminalBytes = length > NAMES_AT ? bytes[at + NAMES_AT] : 0;
    const counterAt = NAMES_AT + 1 + terminalBytes;
    if (counterAt >= length) return HelloResult.OtherNames;
    const counterBytes = bytes[at + counterAt];
    if (counterAt + 1 + counterBytes !== length) return HelloResult.OtherNames;
    const isTerminal = pair.terminal.isSame(bytes, at + NAMES_AT + 1, terminalBytes);
    const isCounter = pair.counter.isSame(bytes, at + counterAt + 1, counterBytes);
    return isTerminal && isCounter ? HelloResult.Done : HelloResult.OtherNames;
  }

  /** Writes the answer's data to `into[at…]`; returns their length. */
  answer(result: HelloResult, pair: Pair, into: Bytes, at: number): number {
    into[at] = result;
    into[at + 1] = VERSION;
    into[at + 2] = ROLE_TERMINAL;
    let end = this.putName(pair.terminal, into, at + 3);
    end = this.putName(pair.counter, into, end);
    into[end] = this.image;
    into[end + 1] = this.reset.reason;
    into[end + 2] = this.reset.part;
    return end + 3 - at;
  }

  private putName(name: Name, into: Bytes, at: number): number {
    into[at] = name.length;
    this.natives.copy(name.bytes, 0, into, at + 1, name.length);
    return at + 1 + name.length;
  }
}
