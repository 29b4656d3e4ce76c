/**
 * The key schedule of TLS 1.3 for psk_ke (RFC 8446, 7.1): no (EC)DHE, so zeros stand in its place.
 *
 *   PSK -> Early Secret -> binder key
 *               |-> Handshake Secret -> client, server handshake traffic secrets
 *                        |-> Master Secret -> client, server application traffic secrets
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CryptoLimit, type Crypto } from "../../hal/crypto.ts";
import type { HkdfSha256 } from "./hkdf-sha256.ts";
import type { HmacSha256 } from "./hmac-sha256.ts";

const HASH_BYTES = CryptoLimit.DigestBytes;

/** Labels behind "tls13 " as the standard writes them (7.1, 7.2, 7.3, 4.4.4); ASCII, so that no engine converts a string. */
/** "tls13 " */
const PREFIX: readonly number[] = [0x74, 0x6c, 0x73, 0x31, 0x33, 0x20];
/** "ext binder" */
const EXTERNAL_BINDER: readonly number[] = [0x65, 0x78, 0x74, 0x20, 0x62, 0x69, 0x6e, 0x64, 0x65, 0x72];
/** "derived" */
const DERIVED: readonly number[] = [0x64, 0x65, 0x72, 0x69, 0x76, 0x65, 0x64];
/** "c hs traffic", and so on */
export const CLIENT_HANDSHAKE: readonly number[] = [
  0x63, 0x20, 0x68, 0x73, 0x20, 0x74, 0x72, 0x61, 0x66, 0x66, 0x69, 0x63,
];
export const SERVER_HANDSHAKE: readonly number[] = [
  0x73, 0x20, 0x68, 0x73, 0x20, 0x74, 0x72, 0x61, 0x66, 0x66, 0x69, 0x63,
];
export const CLIENT_APPLICATION: readonly number[] = [
  0x63, 0x20, 0x61, 0x70, 0x20, 0x74, 0x72, 0x61, 0x66, 0x66, 0x69, 0x63,
];
export const SERVER_APPLICATION: readonly number[] = [
  0x73, 0x20, 0x61, 0x70, 0x20, 0x74, 0x72, 0x61, 0x66, 0x66, 0x69, 0x63,
];
/** "traffic upd" */
export const TRAFFIC_UPDATE: readonly number[] = [
  0x74, 0x72, 0x61, 0x66, 0x66, 0x69, 0x63, 0x20, 0x75, 0x70, 0x64,
];
/** "finished" */
const FINISHED: readonly number[] = [0x66, 0x69, 0x6e, 0x69, 0x73, 0x68, 0x65, 0x64];
/** "key" */
export const KEY: readonly number[] = [0x6b, 0x65, 0x79];
/** "iv" */
export const IV: readonly number[] = [0x69, 0x76];

/** HkdfLabel (7.1): length u16, label with its length, context with its length. */
const LABEL_BYTES = 2 + 1 + 18 + 1 + HASH_BYTES;

export class TlsKeySchedule {
  /** Of the connection as far as it has come. */
  private readonly secret: Bytes;
  private readonly zeros: Bytes;
  private readonly emptyHash: Bytes;
  private readonly scratch: Bytes;
  private readonly label: Bytes;

  constructor(
    private readonly natives: ByteNatives,
    crypto: Crypto,
    private readonly hkdf: HkdfSha256,
    private readonly hmac: HmacSha256,
  ) {
    this.secret = natives.allocate(HASH_BYTES);
    this.zeros = natives.allocate(HASH_BYTES);
    this.emptyHash = natives.allocate(HASH_BYTES);
    this.scratch = natives.allocate(HASH_BYTES);
    this.label = natives.allocate(LABEL_BYTES);
    crypto.sha256(this.zeros, 0, 0, this.emptyHash);
  }

  /** Early Secret of the 32 bytes of `psk`; `psk` stays the caller's to wipe. */
  begin(psk: ReadonlyBytes): void {
    this.hkdf.extract(this.zeros, psk, this.secret);
  }

  /** The binder over a ClientHello without its binders, whose hash is `hash` (4.2.11.2). */
  binder(hash: ReadonlyBytes, into: Bytes): void {
    this.derive(EXTERNAL_BINDER, this.emptyHash, this.scratch);
    this.finished(this.scratch, hash, into);
    this.natives.wipe(this.scratch);
  }

  /** Goes on from Early to Handshake Secret and from there to Master Secret. */
  advance(): void {
    this.derive(DERIVED, this.emptyHash, this.secret);
    this.hkdf.extract(this.secret, this.zeros, this.secret);
  }

  /** Derive-Secret of the secret that has been reached, with the hash of the messages so far. */
  derive(label: readonly number[], hash: ReadonlyBytes, into: Bytes): void {
    this.expandLabel(this.secret, label, hash, into);
  }

  /** verify_data of Finished, and a binder: an HMAC whose key comes from `base` (4.4.4). */
  finished(base: ReadonlyBytes, hash: ReadonlyBytes, into: Bytes): void {
    this.expandLabel(base, FINISHED, undefined, this.scratch);
    this.hmac.setKey(this.scratch, HASH_BYTES);
    this.hmac.compute(hash, 0, HASH_BYTES, into);
    this.hmac.wipe();
    this.natives.wipe(this.scratch);
  }

  /** HKDF-Expand-Label (7.1) with the 32 bytes of `context`, or none; fills `into`, which may be `secret`. */
  expandLabel(
    secret: ReadonlyBytes,
    label: readonly number[],
    context: ReadonlyBytes | undefined,
    into: Bytes,
  ): void {
    const made = this.label;
    made[0] = 0;
    made[1] = into.length;
    made[2] = PREFIX.length + label.length;
    let at = 3;
    for (let i = 0; i < PREFIX.length; i++) made[at + i] = PREFIX[i];
    at += PREFIX.length;
    for (let i = 0; i < label.length; i++) made[at + i] = label[i];
    at += label.length;
    const contextBytes = context === undefined ? 0 : HASH_BYTES;
    made[at] = contextBytes;
    if (context !== undefined) this.natives.copy(context, 0, made, at + 1, contextBytes);
    this.hkdf.expand(secret, made, at + 1 + contextBytes, into);
  }

  wipe(): void {
    this.natives.wipe(this.secret);
    this.natives.wipe(this.scratch);
  }
}
