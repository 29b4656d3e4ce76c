/**
 * The last result, stored before it is told: whoever has lost the answer asks for it again and nobody is prompted twice
 * (docs/protocol.md, Commands of the counter). In the memory it is 1, and then the step as it goes onto the wire:
 *
 *   2 | request id 16 | outcome u8 | tries left u8 | insertion u32 | PIN object u8 | journal sequence u32 | length and serial
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { putU32, readU32 } from "../protocol/little-endian.ts";
import { REQUEST_ID_BYTES } from "./check-request.ts";
import { SERIAL_MAX_BYTES } from "./ledger.ts";
import { MemoryMap } from "./memory-map.ts";
import { Outcome } from "./outcome.ts";
import { StoreError, type Store } from "./store.ts";
import { TRIES_UNKNOWN } from "./view.ts";

/** Of an encoded result, with the longest serial. */
export const RESULT_MAX_BYTES = 45;

const STEP_RESULT = 2;
const PRESENT = 1;

/** Offsets in an encoded result. */
const enum ResultPart {
  Step = 0,
  RequestId = 1,
  Outcome = 17,
  TriesLeft = 18,
  Insertion = 19,
  Object = 23,
  Sequence = 24,
  SerialLength = 28,
  Serial = 29,
}

export class CheckResult {
  readonly requestId: Bytes;
  outcome = Outcome.Unknown;
  triesLeft = TRIES_UNKNOWN;
  insertion = 0;
  /** PIN object, u8. */
  object = 0;
  /** Of its record in the journal. */
  sequence = 0;
  readonly serial: Bytes;
  /** 0 = none was read. */
  serialLength = 0;

  constructor(natives: ByteNatives) {
    this.requestId = natives.allocate(REQUEST_ID_BYTES);
    this.serial = natives.allocate(SERIAL_MAX_BYTES);
  }
}

export class StoredResult {
  private readonly area: Bytes;

  constructor(
    private readonly natives: ByteNatives,
    private readonly store: Store,
  ) {
    this.area = natives.allocate(1 + RESULT_MAX_BYTES);
  }

  /** Adds `result` to the store's commit, in the place of the one before. */
  put(result: CheckResult): StoreError {
    this.natives.wipe(this.area);
    this.area[0] = PRESENT;
    encodeResult(this.natives, result, this.area, 1);
    return this.store.put(MemoryMap.Result, this.area, 0, this.area.length);
  }

  /** Whether the result that is stored is that of request `requestId[at…]`; only then `into` changes. */
  find(requestId: ReadonlyBytes, at: number, into: CheckResult): boolean {
    const area = this.area;
    if (this.store.read(MemoryMap.Result, area, 0, area.length) !== StoreError.None) return false;
    if (area[0] !== PRESENT || area[1 + ResultPart.SerialLength] > SERIAL_MAX_BYTES) return false;
    const storedAt = 1 + ResultPart.RequestId;
    if (!this.natives.equalConstantTime(area, storedAt, requestId, at, REQUEST_ID_BYTES)) return false;
    this.natives.copy(area, storedAt, into.requestId, 0, REQUEST_ID_BYTES);
    into.outcome = area[1 + ResultPart.Outcome];
    into.triesLeft = area[1 + ResultPart.TriesLeft];
    into.insertion = readU32(area, 1 + ResultPart.Insertion);
    into.object = area[1 + ResultPart.Object];
    into.sequence = readU32(area, 1 + ResultPart.Sequence);
    into.serialLength = area[1 + ResultPart.SerialLength];
    this.natives.copy(area, 1 + ResultPart.Serial, into.serial, 0, SERIAL_MAX_BYTES);
    return true;
  }
}

/** Puts the step "result" into `into[at…]`, at most `RESULT_MAX_BYTES`; returns its length. */
export function encodeResult(natives: ByteNatives, result: CheckResult, into: Bytes, at: number): number {
  into[at + ResultPart.Step] = STEP_RESULT;
  natives.copy(result.requestId, 0, into, at + ResultPart.RequestId, REQUEST_ID_BYTES);
  into[at + ResultPart.Outcome] = result.outcome;
  into[at + ResultPart.TriesLeft] = result.triesLeft;
  putU32(result.insertion, into, at + ResultPart.Insertion);
  into[at + ResultPart.Object] = result.object;
  putU32(result.sequence, into, at + ResultPart.Sequence);
  into[at + ResultPart.SerialLength] = result.serialLength;
  natives.copy(result.serial, 0, into, at + ResultPart.Serial, result.serialLength);
  return ResultPart.Serial + result.serialLength;
}
