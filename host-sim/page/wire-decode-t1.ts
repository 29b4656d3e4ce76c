/**
 * Follows a T=1 dialogue block by block (ISO/IEC 7816-3:2006, 11): what each block is, and the APDUs that I-blocks carry, put together
 * over their chains. What is secret in a command is masked in its blocks as well, their epilogue included, which tells of it.
 */
import {
  BlockKind,
  edcBytes,
  judgeBlock,
  kindOf,
  SBlock,
  sequenceOf,
  T1Error,
  T1_INF,
  T1_LEN,
  T1_MORE,
  T1_PCB,
} from "../../firmware/protocol/t1-block.ts";
import { maskedHex, type Stretch } from "./masked-hex.ts";
import { readCommand, readResponse, secretOf } from "./wire-decode-apdu.ts";
import type { WireEnd, WireEntry, WireListener } from "./wire-entry.ts";

const ALL: Stretch = { from: 0, to: Infinity };
const SUPERVISORY: Readonly<Record<number, string>> = {
  [SBlock.Resynch]: "S RESYNCH?",
  [SBlock.ResynchResponse]: "S RESYNCH!",
  [SBlock.Ifs]: "S IFS?",
  [SBlock.IfsResponse]: "S IFS!",
  [SBlock.Abort]: "S ABORT?",
  [SBlock.AbortResponse]: "S ABORT!",
  [SBlock.Wtx]: "S WTX?",
  [SBlock.WtxResponse]: "S WTX!",
};
const REASONS = ["", " · damaged", " · other error", ""];
/** Longer commands and responses than the terminal passes are not put together. */
const LONGEST_BYTES = 8192;

/** One side's chain. */
interface Chain {
  /** As far as they are kept, and how many there were. */
  bytes: number[];
  total: number;
  /** N(S) of the last block in it, and what it brought: the same again is a repeat. */
  sequence: number | undefined;
  last: Uint8Array;
  isOver: boolean;
  /** What it is the end of was not seen. */
  isUnknown: boolean;
}

export interface T1Ends {
  /** Who sends commands. */
  readonly asks: WireEnd;
  readonly answers: WireEnd;
}

export class T1Follower {
  private readonly chains: Record<"asks" | "answers", Chain> = { asks: newChain(), answers: newChain() };

  constructor(
    private readonly ends: T1Ends,
    private readonly listener: WireListener,
  ) {}

  /** Everything begins anew: the card was reset. */
  reset(): void {
    this.chains.asks = newChain();
    this.chains.answers = newChain();
  }

  /** A block of commands was sent that does not pass here: the numbers go on. */
  skipAsked(): void {
    this.chains.asks.sequence = undefined;
  }

  /** A block as it came, its prologue, LEN bytes and epilogue. */
  block(timeNs: number, from: WireEnd, block: Uint8Array, usesCrc: boolean): void {
    const edc = edcBytes(usesCrc);
    const isWhole = block.length > T1_INF && block.length === T1_INF + block[T1_LEN]! + edc;
    const error = isWhole ? judgeBlock(block, edc) : T1Error.Incomplete;
    if (error !== T1Error.None) {
      const hex = from === this.ends.asks ? maskedHex(block, ALL) : maskedHex(block);
      this.tell({
        timeNs,
        from,
        layer: "t1",
        text: `${block.length} characters, no good block`,
        hex,
        bad: true,
      });
      return;
    }
    const pcb = block[T1_PCB]!;
    switch (kindOf(pcb)) {
      case BlockKind.Information:
        return this.information(timeNs, from, block, edc);
      case BlockKind.Receive:
        return this.plain(timeNs, from, block, `R(${sequenceOf(pcb)})${REASONS[pcb & 3]}`);
      case BlockKind.Supervisory: {
        if ((pcb & 0x1f) === 0) this.reset();
        const value = block[T1_LEN]! > 0 ? ` ${block[T1_INF]}` : "";
        return this.plain(timeNs, from, block, `${SUPERVISORY[pcb] ?? "S"}${value}`);
      }
    }
  }

  private plain(timeNs: number, from: WireEnd, block: Uint8Array, text: string): void {
    this.tell({ timeNs, from, layer: "t1", text, hex: maskedHex(block) });
  }

  private information(timeNs: number, from: WireEnd, block: Uint8Array, edc: number): void {
    const pcb = block[T1_PCB]!;
    const inf = block.subarray(T1_INF, block.length - edc);
    const asks = from === this.ends.asks;
    const chain = this.chains[asks ? "asks" : "answers"];
    const isRepeat = this.extend(chain, sequenceOf(pcb), inf);
    const isLast = (pcb & T1_MORE) === 0;
    chain.isOver = isLast;
    const secret = asks ? inBlock(secretIn(chain), chain.total - inf.length, inf.length) : undefined;
    const more = isLast ? "" : " · more follows";
    const again = isRepeat ? " · again" : "";
    const text = `I(${sequenceOf(pcb)}) ${inf.length} bytes${more}${again}`;
    this.tell({ timeNs, from, layer: "t1", text, hex: maskedHex(block, secret) });
    if (!isLast || isRepeat || chain.isUnknown || chain.total > LONGEST_BYTES) return;
    const apdu = Uint8Array.from(chain.bytes);
    this.tell({ timeNs, from, layer: "apdu", ...(asks ? readCommand(apdu) : readResponse(apdu)) });
  }

  /** Adds a block to its chain; returns whether it is the last one once more. */
  private extend(chain: Chain, sequence: number, inf: Uint8Array): boolean {
    const isSame = chain.sequence === sequence;
    if (isSame && sameBytes(chain.last, inf)) return true;
    // The number of the last block with other bytes: nobody can say what it goes on with.
    if (isSame) chain.isUnknown = true;
    else if (chain.isOver) startAnew(chain);
    if (chain.bytes.length < LONGEST_BYTES) chain.bytes.push(...inf);
    chain.total += inf.length;
    chain.sequence = sequence;
    chain.last = inf.slice();
    return false;
  }

  private tell(entry: WireEntry): void {
    this.listener(entry);
  }
}

function newChain(): Chain {
  return { bytes: [], total: 0, sequence: undefined, last: new Uint8Array(), isOver: true, isUnknown: false };
}

function startAnew(chain: Chain): void {
  chain.bytes = [];
  chain.total = 0;
  chain.isUnknown = false;
}

function secretIn(chain: Chain): Stretch | undefined {
  return chain.isUnknown ? ALL : secretOf(chain.bytes);
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** The secret of a chain as it stands in a block whose `length` bytes come after `before` others; the epilogue goes with it. */
function inBlock(secret: Stretch | undefined, before: number, length: number): Stretch | undefined {
  if (secret === undefined) return undefined;
  const from = Math.max(0, secret.from - before);
  return from >= length ? undefined : { from: T1_INF + from, to: Infinity };
}
