/** A pair of terminal and counter: its names, and the TLS identity that is made of them (docs/protocol.md, TLS). */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";

export const NAME_MAX_BYTES = 16;

const HYPHEN = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const LETTER_A = 0x41;
const LETTER_Z = 0x5a;
const BAR = 0x7c;
/** "madoguchi 1|" */
const IDENTITY_PREFIX: readonly number[] = [
  0x6d, 0x61, 0x64, 0x6f, 0x67, 0x75, 0x63, 0x68, 0x69, 0x20, 0x31, 0x7c,
];

/** Whether `bytes[at…at+length-1]` is a name: 1 to 16 characters of A–Z, 0–9 and the hyphen. */
export function isName(bytes: ReadonlyBytes, at: number, length: number): boolean {
  if (length < 1 || length > NAME_MAX_BYTES) return false;
  for (let i = 0; i < length; i++) {
    const character = bytes[at + i];
    const isLetter = character >= LETTER_A && character <= LETTER_Z;
    const isDigit = character >= ZERO && character <= NINE;
    if (!isLetter && !isDigit && character !== HYPHEN) return false;
  }
  return true;
}

/** A name of a terminal, a counter, an operator or a case. */
export class Name {
  readonly bytes: Bytes;
  length = 0;

  constructor(private readonly natives: ByteNatives) {
    this.bytes = natives.allocate(NAME_MAX_BYTES);
  }

  /** Takes over a name that `isName` has accepted. */
  set(bytes: ReadonlyBytes, at: number, length: number): void {
    this.natives.wipe(this.bytes);
    this.natives.copy(bytes, at, this.bytes, 0, length);
    this.length = length;
  }

  isSame(bytes: ReadonlyBytes, at: number, length: number): boolean {
    return length === this.length && this.natives.equalConstantTime(bytes, at, this.bytes, 0, length);
  }
}

/** Whether `bytes[at…at+length-1]` are two names, each behind its length, and nothing more. */
export function areTwoNames(bytes: ReadonlyBytes, at: number, length: number): boolean {
  if (length < 2) return false;
  const secondAt = 1 + bytes[at];
  if (secondAt >= length || secondAt + 1 + bytes[at + secondAt] !== length) return false;
  return isName(bytes, at + 1, bytes[at]) && isName(bytes, at + secondAt + 1, bytes[at + secondAt]);
}

/** Takes over two names that `areTwoNames` has accepted. */
export function takeTwoNames(bytes: ReadonlyBytes, at: number, first: Name, second: Name): void {
  const secondAt = at + 1 + bytes[at];
  first.set(bytes, at + 1, bytes[at]);
  second.set(bytes, secondAt + 1, bytes[secondAt]);
}

export class Pair {
  readonly terminal: Name;
  readonly counter: Name;

  constructor(natives: ByteNatives) {
    this.terminal = new Name(natives);
    this.counter = new Name(natives);
  }

  /** Whether `bytes[at…at+length-1]` is this pair's identity. */
  isIdentity(bytes: ReadonlyBytes, at: number, length: number): boolean {
    const prefix = IDENTITY_PREFIX.length;
    const terminal = this.terminal;
    const counter = this.counter;
    if (length !== prefix + terminal.length + 1 + counter.length) return false;
    for (let i = 0; i < prefix; i++) if (bytes[at + i] !== IDENTITY_PREFIX[i]) return false;
    const barAt = at + prefix + terminal.length;
    if (!terminal.isSame(bytes, at + prefix, terminal.length)) return false;
    return bytes[barAt] === BAR && counter.isSame(bytes, barAt + 1, counter.length);
  }
}
