/** The stored result on a small memory: bytes on the wire, found by its request alone. */
import { REQUEST_ID_BYTES } from "../../firmware/service/check-request.ts";
import type { ByteNatives } from "../../hal/bytes.ts";
import type { Crypto } from "../../hal/crypto.ts";
import { Outcome } from "../../firmware/service/outcome.ts";
import { MemoryMap } from "../../firmware/service/memory-map.ts";
import { StoreError } from "../../firmware/service/store.ts";
import {
  CheckResult,
  encodeResult,
  RESULT_MAX_BYTES,
  StoredResult,
} from "../../firmware/service/stored-result.ts";
import { bytesOf, sameBytes } from "./bytes-of.ts";
import type { Report } from "./report.ts";
import { ServiceMemory } from "./service-memory.ts";

const ENCODED: readonly number[] = [
  2, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf, 1, 2,
  0x98, 0xba, 0xdc, 0xfe, 0x11, 0x21, 0x43, 0x65, 0x87, 3, 0x34, 0x35, 0x36,
];

function madeResult(natives: ByteNatives): CheckResult {
  const result = new CheckResult(natives);
  for (let i = 0; i < REQUEST_ID_BYTES; i++) result.requestId[i] = 0xa0 + i;
  result.outcome = Outcome.Wrong;
  result.triesLeft = 2;
  result.insertion = 0xfedcba98;
  result.object = 0x11;
  result.sequence = 0x87654321;
  result.serialLength = 3;
  natives.copy(bytesOf(natives, [0x34, 0x35, 0x36]), 0, result.serial, 0, 3);
  return result;
}

export function checkStoredResult(report: Report, natives: ByteNatives, crypto: Crypto): void {
  const memory = new ServiceMemory(natives, crypto);
  const stored = new StoredResult(natives, memory.store);
  const result = madeResult(natives);
  const wire = natives.allocate(RESULT_MAX_BYTES + 1);
  report.equal(encodeResult(natives, result, wire, 1), ENCODED.length, "its length on the wire");
  const whole = natives.allocate(ENCODED.length);
  natives.copy(wire, 1, whole, 0, ENCODED.length);
  sameBytes(report, "its bytes", { bytes: whole, length: ENCODED.length }, ENCODED);

  const found = new CheckResult(natives);
  const asked = natives.allocate(1 + REQUEST_ID_BYTES);
  report.equal(
    stored.find(asked, 1, found) ? 1 : 0,
    0,
    "nothing is stored: not even a request of zeros is found",
  );
  memory.store.begin();
  report.equal(stored.put(result), StoreError.None, "put");
  report.equal(memory.store.commit(), StoreError.None, "and committed");
  report.equal(stored.find(asked, 1, found) ? 1 : 0, 0, "another request is not found");
  report.equal(found.insertion, 0, "and changes nothing");
  natives.copy(result.requestId, 0, asked, 1, REQUEST_ID_BYTES);
  asked[REQUEST_ID_BYTES] = 0xa1;
  report.equal(stored.find(asked, 1, found) ? 1 : 0, 0, "nor is one with another last byte");
  asked[REQUEST_ID_BYTES] = 0xaf;
  report.equal(stored.find(asked, 1, found) ? 1 : 0, 1, "the request is found");
  report.equal(encodeResult(natives, found, whole, 0), ENCODED.length, "and told again");
  sameBytes(report, "byte for byte", { bytes: whole, length: ENCODED.length }, ENCODED);

  result.serialLength = 16;
  natives.fill(result.serial, 0, 16, 0x39);
  report.equal(encodeResult(natives, result, wire, 0), RESULT_MAX_BYTES, "the longest serial");
  result.serialLength = 0;
  natives.wipe(result.serial);
  report.equal(encodeResult(natives, result, wire, 0), RESULT_MAX_BYTES - 16, "none");
  memory.store.begin();
  stored.put(result);
  memory.store.commit();
  report.equal(memory.chip.memory[MemoryMap.Result + 30], 0, "nothing of the result before stays");
}
