/** The one-way step from a pair's key to the one that takes its place (docs/protocol.md, Rekey). */
import { createHmac } from "node:crypto";
import type { PairNames } from "./hello.ts";

/**
 * The key that follows `psk`: HKDF-Expand of RFC 5869, 2.3, whose 32 bytes are its first block, T(1) = HMAC(psk, info | 01). Nobody
 * finds `psk` from it.
 */
export function nextPskOf(psk: Uint8Array, { terminal, counter }: PairNames): Uint8Array {
  const info = `madoguchi 1 rekey|srv=${terminal}|cli=${counter}`;
  return Uint8Array.from(createHmac("sha256", psk).update(info).update(Uint8Array.of(1)).digest());
}
