/**
 * What two ends of a sealed session share, heard at the client's end, and where any of it lies in memory: as it is, as HMAC takes a
 * key (RFC 2104), and in the order of words in which a hash on this processor takes it.
 */
import { TlsKeySchedule } from "../../firmware/protocol/tls-key-schedule.ts";
import { TlsTraffic } from "../../firmware/protocol/tls-traffic.ts";
import type { Snapshot } from "../../host-sim/engine/qemu-memory.ts";

export interface Secret {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A half of a secret is a finding; of an IV what no record's number changes. */
const PIECE_BYTES = 16;
const IV_BYTES = 12;
const IV_HEAD_BYTES = 8;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

function copyOf(owner: object, field: string): Buffer {
  return Buffer.from(Reflect.get(owner, field) as Uint8Array);
}

/** Hears every secret of every client of this process from now on; the firmware under test runs elsewhere. */
export class SecretEar {
  readonly heard: Secret[] = [];

  constructor() {
    for (const method of ["begin", "advance"])
      this.listen(TlsKeySchedule.prototype, method, (schedule) =>
        this.keep("schedule", schedule, ["secret"]),
      );
    this.listen(TlsTraffic.prototype, "useSecret", (traffic) =>
      this.keep("traffic", traffic, ["secret", "key", "iv"]),
    );
  }

  private listen(prototype: object, method: string, then: (self: object) => void): void {
    const original = Reflect.get(prototype, method) as (...given: unknown[]) => unknown;
    Reflect.set(prototype, method, function (this: object, ...given: unknown[]): unknown {
      const result = original.apply(this, given);
      then(this);
      return result;
    });
  }

  private keep(what: string, owner: object, fields: readonly string[]): void {
    for (const field of fields) this.heard.push({ name: `${what} ${field}`, bytes: copyOf(owner, field) });
  }
}

function formsOf(bytes: Buffer): Buffer[] {
  const padded = [INNER_PAD, OUTER_PAD].map((pad) => Buffer.from(bytes.map((byte) => byte ^ pad)));
  const plain = [bytes, ...padded];
  const swapped = plain.filter(({ length }) => length % 4 === 0).map((each) => Buffer.from(each).swap32());
  return [...plain, ...swapped];
}

function piecesOf(bytes: Buffer): Buffer[] {
  if (bytes.length === IV_BYTES) return [bytes.subarray(0, IV_HEAD_BYTES)];
  if (bytes.length <= PIECE_BYTES) return [bytes];
  return [bytes.subarray(0, PIECE_BYTES), bytes.subarray(-PIECE_BYTES)];
}

/** Addresses at which `secret`, or a half of it, lies in any form. */
export function placesOf(memory: readonly Snapshot[], { bytes }: Secret): number[] {
  const patterns = piecesOf(bytes).flatMap(formsOf);
  return memory.flatMap((block) =>
    patterns.flatMap((pattern) => {
      const found: number[] = [];
      for (let at = block.bytes.indexOf(pattern); at >= 0; at = block.bytes.indexOf(pattern, at + 1))
        found.push(block.base + at);
      return found;
    }),
  );
}
