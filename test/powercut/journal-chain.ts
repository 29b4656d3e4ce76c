/** The chain of a journal's records as an auditor judges it, who has its first key. */
import { createHmac } from "node:crypto";
import type { Journal } from "../../firmware/service/journal.ts";

export const FIRST_KEY = Uint8Array.from({ length: 32 }, (_, at) => at * 3 + 1);

const keys: Uint8Array[] = [FIRST_KEY];

/** K(sequence) */
function keyOf(sequence: number): Uint8Array {
  while (keys.length < sequence) keys.push(createHmac("sha256", keys.at(-1)!).update("next").digest());
  return keys[sequence - 1]!;
}

/** What is wrong with the records from `from` on. */
export function chainFindings(journal: Journal, from: number): string[] {
  const findings: string[] = [];
  for (let sequence = Math.max(from, journal.first() + 1); sequence <= journal.sequence(); sequence++) {
    const [before, record] = [new Uint8Array(64), new Uint8Array(64)];
    // In front of the first one stand zeros.
    const isThere = (sequence === 1 || journal.read(sequence - 1, before)) && journal.read(sequence, record);
    const hmac = createHmac("sha256", keyOf(sequence))
      .update(record.subarray(0, 48))
      .update(before.subarray(48));
    const isRight = isThere && hmac.digest().subarray(0, 16).equals(record.subarray(48));
    if (!isRight) findings.push(`record ${sequence} does not follow the one before`);
  }
  return findings;
}
