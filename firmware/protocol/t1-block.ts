/**
 * Blocks of T=1 (ISO/IEC 7816-3:2006, 11.3): NAD PCB LEN, 0–254 bytes INF, then LRC or CRC.
 */
import type { Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CRC16_START, crc16Next } from "./crc16.ts";

/** Offsets (11.3.1). */
export const T1_NAD = 0;
export const T1_PCB = 1;
export const T1_LEN = 2;
export const T1_INF = 3;

/** INF at most (11.3.2.3: LEN FF is reserved). */
export const T1_MAX_INF_BYTES = 254;
/** Prologue, the longest INF, a CRC. */
export const T1_MAX_BLOCK_BYTES = 259;

/** PCB of I-blocks: b7 N(S), b6 more (11.3.2.2). */
export const T1_MORE = 0x20;
/** PCB of R-blocks: b5 N(R), b2 b1 the reason. */
export const T1_R = 0x80;
/** PCB of S-block requests; the response has b6 set as well. */
export const enum SBlock {
  Resynch = 0xc0,
  Ifs = 0xc1,
  Abort = 0xc2,
  Wtx = 0xc3,
  ResynchResponse = 0xe0,
  IfsResponse = 0xe1,
  AbortResponse = 0xe2,
  WtxResponse = 0xe3,
}

/** Reason in an R-block (11.3.2.2). */
export const enum RReason {
  Ok = 0,
  /** Redundancy or parity. */
  Redundancy = 1,
  Other = 2,
}

export const enum BlockKind {
  Information = 0,
  Receive = 1,
  Supervisory = 2,
}

/** Why a received block is invalid. */
export const enum T1Error {
  None = 0,
  /** A character with wrong parity, or a lost one. */
  Parity = 1,
  /** The card paused longer than CWT inside the block (11.4.3). */
  Incomplete = 2,
  /** NAD is not 00, the only one that we use (11.3.2.1). */
  BadNad = 3,
  /** LEN is FF (11.3.2.3). */
  BadLength = 4,
  /** LRC or CRC disagree (11.4.4). */
  BadEdc = 5,
  /** PCB has a reserved form (11.3.2.2). */
  BadPcb = 6,
  /** LEN does not suit an R- or S-block, or the value of an S-block is reserved (11.3.2.3). */
  BadControl = 7,
}

/** Bytes of the epilogue (11.4.4): 1 is an LRC, 2 a CRC. */
export function edcBytes(usesCrc: boolean): number {
  return usesCrc ? 2 : 1;
}

/** Writes an epilogue of `bytes` (see `edcBytes`) behind `block[0…length-1]`; returns the length of all. */
export function appendEdc(block: Bytes, length: number, bytes: number): number {
  if (bytes === 1) {
    block[length] = lrcOf(block, length);
    return length + 1;
  }
  const crc = crcOf(block, length);
  block[length] = crc >>> 8;
  block[length + 1] = crc & 0xff;
  return length + 2;
}

/** Whether the prologue's LEN may be believed, as soon as it is there. */
export function judgePrologue(block: ReadonlyBytes): T1Error {
  if (block[T1_NAD] !== 0) return T1Error.BadNad;
  return block[T1_LEN] > T1_MAX_INF_BYTES ? T1Error.BadLength : T1Error.None;
}

/** Judges a block that has as many bytes as its LEN says and an epilogue of `bytes`: redundancy first, then form. */
export function judgeBlock(block: ReadonlyBytes, bytes: number): T1Error {
  const end = T1_INF + block[T1_LEN];
  if (!hasGoodEdc(block, end, bytes)) return T1Error.BadEdc;
  const pcb = block[T1_PCB];
  switch (kindOf(pcb)) {
    case BlockKind.Information:
      return (pcb & 0x1f) === 0 ? T1Error.None : T1Error.BadPcb;
    case BlockKind.Receive:
      if ((pcb & 0x2c) !== 0 || (pcb & 3) === 3) return T1Error.BadPcb;
      return block[T1_LEN] === 0 ? T1Error.None : T1Error.BadControl;
    case BlockKind.Supervisory:
      return judgeSupervisory(block);
  }
}

export function kindOf(pcb: number): BlockKind {
  if (pcb < 0x80) return BlockKind.Information;
  return pcb < 0xc0 ? BlockKind.Receive : BlockKind.Supervisory;
}

/** N(S) of an I-block's PCB, or N(R) of an R-block's. */
export function sequenceOf(pcb: number): number {
  return pcb < 0x80 ? (pcb >>> 6) & 1 : (pcb >>> 4) & 1;
}

function judgeSupervisory(block: ReadonlyBytes): T1Error {
  const type = block[T1_PCB] & 0xdf;
  if (type > SBlock.Wtx) return T1Error.BadPcb;
  const carriesValue = type === SBlock.Ifs || type === SBlock.Wtx;
  if (block[T1_LEN] !== (carriesValue ? 1 : 0)) return T1Error.BadControl;
  if (!carriesValue) return T1Error.None;
  const value = block[T1_INF];
  // IFS 00 and FF are reserved (11.4.2); a waiting time of 0 × BWT says nothing (11.4.3).
  return value === 0 || (type === SBlock.Ifs && value === 0xff) ? T1Error.BadControl : T1Error.None;
}

function hasGoodEdc(block: ReadonlyBytes, end: number, bytes: number): boolean {
  if (bytes === 1) return block[end] === lrcOf(block, end);
  return block[end] * 256 + block[end + 1] === crcOf(block, end);
}

function lrcOf(block: ReadonlyBytes, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum ^= block[i];
  return sum;
}

function crcOf(block: ReadonlyBytes, length: number): number {
  let crc = CRC16_START;
  for (let i = 0; i < length; i++) crc = crc16Next(crc, block[i]);
  return crc;
}
