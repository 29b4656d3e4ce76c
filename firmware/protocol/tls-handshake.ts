/**
 * The server's part of a TLS 1.3 handshake with an external PSK and psk_ke (RFC 8446, 2.2): ClientHello in, ServerHello,
 * EncryptedExtensions and Finished out, the client's Finished in. No HelloRetryRequest, tickets, early data or certificates.
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CryptoLimit, type Crypto } from "../../hal/crypto.ts";
import {
  CONTENT_MAX_BYTES,
  ContentType,
  ExtensionType,
  HANDSHAKE_HEADER_BYTES,
  HandshakeType,
  RANDOM_BYTES,
  RECORD_HEADER_BYTES,
  SUITE,
  TLS_1_2,
  TLS_1_3,
  TlsAlert,
} from "./tls.ts";
import { ClientHello } from "./tls-client-hello.ts";
import {
  CLIENT_APPLICATION,
  CLIENT_HANDSHAKE,
  SERVER_APPLICATION,
  SERVER_HANDSHAKE,
  type TlsKeySchedule,
} from "./tls-key-schedule.ts";
import type { TlsTraffic } from "./tls-traffic.ts";

/** No key has this identity. */
export const PSK_UNKNOWN = -1;

/** The keys that the terminal has as a server. */
export interface PskTable {
  /** The number of the key whose identity is exactly `bytes[at…at+length-1]`, or `PSK_UNKNOWN`. */
  find(bytes: ReadonlyBytes, at: number, length: number): number;
  /** Puts the 32 bytes of key `index` into `into`; false when it cannot be had. */
  read(index: number, into: Bytes): boolean;
  /** The same with the key that is to take its place; false when none is. */
  readNext(index: number, into: Bytes): boolean;
}

export interface RandomSource {
  /** Fills `into` with random bytes that nobody had before; false when there are none to be trusted. */
  fill(into: Bytes): boolean;
}

export interface HandshakeParts {
  readonly crypto: Crypto;
  readonly random: RandomSource;
  readonly psks: PskTable;
  readonly schedule: TlsKeySchedule;
  readonly client: TlsTraffic;
  readonly server: TlsTraffic;
}

const HASH_BYTES = CryptoLimit.DigestBytes;
export const FINISHED_BYTES = HANDSHAKE_HEADER_BYTES + HASH_BYTES;
/** ServerHello with a session id of 32 bytes (88), EncryptedExtensions (12) and both Finished. */
const OTHER_MESSAGES_BYTES = 88 + 12 + 2 * FINISHED_BYTES;
const VERSIONS_EXTENSION_BYTES = 6;
const PSK_EXTENSION_BYTES = 6;
const LIMIT_EXTENSION_BYTES = 6;

export class TlsHandshake {
  /** Which key the client has proved to hold; `PSK_UNKNOWN` before. */
  keyIndex = PSK_UNKNOWN;
  /** And that it is the one that is to take that key's place. */
  isNextKey = false;
  /** Longest content that the client takes in one record. */
  sendLimit = CONTENT_MAX_BYTES;
  readonly hello: ClientHello;
  /** Every message so far, one behind the other (4.4.1). */
  private readonly messages: Bytes;
  private used = 0;
  private selected = 0;
  /** The key that the client has named. */
  private named = PSK_UNKNOWN;
  private readonly psk: Bytes;
  private readonly random: Bytes;
  private readonly hash: Bytes;
  private readonly verifyData: Bytes;
  private readonly clientSecret: Bytes;

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: HandshakeParts,
  ) {
    this.messages = natives.allocate(CONTENT_MAX_BYTES + OTHER_MESSAGES_BYTES);
    this.hello = new ClientHello(this.messages);
    this.psk = natives.allocate(HASH_BYTES);
    this.random = natives.allocate(RANDOM_BYTES);
    this.hash = natives.allocate(HASH_BYTES);
    this.verifyData = natives.allocate(HASH_BYTES);
    this.clientSecret = natives.allocate(HASH_BYTES);
  }

  /** Forgets everything; whose key it was as well. */
  reset(): void {
    this.used = 0;
    this.keyIndex = PSK_UNKNOWN;
    this.isNextKey = false;
    this.named = PSK_UNKNOWN;
    this.sendLimit = CONTENT_MAX_BYTES;
    this.natives.wipe(this.psk);
    this.natives.wipe(this.verifyData);
    this.natives.wipe(this.clientSecret);
    this.parts.schedule.wipe();
  }

  /** Takes a piece of ClientHello. Returns the alert that refuses it, or `TlsAlert.None`. */
  push(bytes: ReadonlyBytes, at: number, length: number): TlsAlert {
    if (length === 0) return TlsAlert.UnexpectedMessage;
    if (this.used + length > CONTENT_MAX_BYTES) return TlsAlert.RecordOverflow;
    this.natives.copy(bytes, at, this.messages, this.used, length);
    this.used += length;
    if (this.messages[0] !== HandshakeType.ClientHello) return TlsAlert.UnexpectedMessage;
    if (this.used < HANDSHAKE_HEADER_BYTES) return TlsAlert.None;
    if (this.announced() > CONTENT_MAX_BYTES) return TlsAlert.RecordOverflow;
    // What stands behind ClientHello in its record would be under other keys (5.1).
    return this.used > this.announced() ? TlsAlert.UnexpectedMessage : TlsAlert.None;
  }

  isHelloWhole(): boolean {
    return this.used >= HANDSHAKE_HEADER_BYTES && this.used === this.announced();
  }

  /** Judges the whole ClientHello by the key in force. Returns the alert that refuses it, or `TlsAlert.None`; then `isProved` tells. */
  judge(): TlsAlert {
    const hello = this.hello;
    const wrong = hello.decode(this.used);
    if (wrong !== TlsAlert.None) return wrong;
    for (let i = 0; i < hello.identities && this.named === PSK_UNKNOWN; i++) {
      this.named = this.parts.psks.find(this.messages, hello.identityAt[i], hello.identityLength[i]);
      this.selected = i;
    }
    if (this.named === PSK_UNKNOWN) return TlsAlert.UnknownPskIdentity;
    if (!this.parts.psks.read(this.named, this.psk)) return TlsAlert.InternalError;
    this.prove();
    if (hello.recordSizeLimit > 0 && hello.recordSizeLimit - 1 < CONTENT_MAX_BYTES)
      this.sendLimit = hello.recordSizeLimit - 1;
    return TlsAlert.None;
  }

  /** After `judge`: the client holds the key in force, or the next one. */
  isProved(): boolean {
    return this.keyIndex !== PSK_UNKNOWN;
  }

  /** After a `judge` that did not prove anything: the same by the key that is to take the place of the one in force, if one is. */
  judgeNext(): TlsAlert {
    if (!this.parts.psks.readNext(this.named, this.psk)) return TlsAlert.DecryptError;
    this.prove();
    this.isNextKey = this.isProved();
    return this.isNextKey ? TlsAlert.None : TlsAlert.DecryptError;
  }

  /** Writes ServerHello, and change_cipher_spec when it is asked for; then handshake keys are in use. Returns the length; 0 = no random bytes. */
  respond(output: Bytes): number {
    if (!this.parts.random.fill(this.random)) return 0;
    let length = this.writeServerHello(output);
    if (this.hello.sessionIdLength > 0) length += writeChangeCipherSpec(output, length);
    this.parts.schedule.advance();
    this.hashMessages(this.used);
    this.useSecrets(CLIENT_HANDSHAKE, this.parts.client.secret, SERVER_HANDSHAKE);
    this.parts.client.useSecret();
    return length;
  }

  /** Writes the protected rest to `output[at…]`. Returns its length. */
  respondProtected(output: Bytes, at: number): number {
    const length = this.writeProtected(output, at);
    this.parts.schedule.advance();
    this.useSecrets(CLIENT_APPLICATION, this.clientSecret, SERVER_APPLICATION);
    this.parts.schedule.wipe();
    return length;
  }

  /** Whether `message[0…FINISHED_BYTES-1]` is the client's Finished; then its application key is in use. */
  finish(message: ReadonlyBytes): boolean {
    const isRight = this.natives.equalConstantTime(
      message,
      HANDSHAKE_HEADER_BYTES,
      this.verifyData,
      0,
      HASH_BYTES,
    );
    if (isRight) {
      this.natives.copy(this.clientSecret, 0, this.parts.client.secret, 0, HASH_BYTES);
      this.parts.client.useSecret();
    }
    this.natives.wipe(this.clientSecret);
    this.natives.wipe(this.verifyData);
    return isRight;
  }

  /** Whether the binder was made with `psk`, which is wiped; then the schedule has begun with it. */
  private prove(): void {
    this.parts.schedule.begin(this.psk);
    this.natives.wipe(this.psk);
    if (this.isBinderRight()) this.keyIndex = this.named;
  }

  /** Length of ClientHello as its header says it. */
  private announced(): number {
    const m = this.messages;
    return HANDSHAKE_HEADER_BYTES + m[1] * 65536 + m[2] * 256 + m[3];
  }

  private isBinderRight(): boolean {
    const hello = this.hello;
    this.hashMessages(hello.bindersAt);
    this.parts.schedule.binder(this.hash, this.verifyData);
    const isRight =
      hello.binderLength[this.selected] === HASH_BYTES &&
      this.natives.equalConstantTime(
        this.verifyData,
        0,
        this.messages,
        hello.binderAt[this.selected],
        HASH_BYTES,
      );
    this.natives.wipe(this.verifyData);
    return isRight;
  }

  private hashMessages(length: number): void {
    this.parts.crypto.sha256(this.messages, 0, length, this.hash);
  }

  /** Both directions' secrets of the stage that the schedule has reached; ours is used at once. */
  private useSecrets(
    clientLabel: readonly number[],
    clientInto: Bytes,
    serverLabel: readonly number[],
  ): void {
    this.parts.schedule.derive(clientLabel, this.hash, clientInto);
    this.parts.schedule.derive(serverLabel, this.hash, this.parts.server.secret);
    this.parts.server.useSecret();
  }

  private put(value: number, bytes: number): void {
    for (let i = bytes - 1; i >= 0; i--) {
      this.messages[this.used] = (value >>> (8 * i)) & 255;
      this.used++;
    }
  }

  /** 4.1.3; as one plain record. Returns the record's length. */
  private writeServerHello(output: Bytes): number {
    const hello = this.hello;
    const extensionBytes = VERSIONS_EXTENSION_BYTES + PSK_EXTENSION_BYTES;
    const from = this.used;
    this.put(HandshakeType.ServerHello, 1);
    this.put(2 + RANDOM_BYTES + 1 + hello.sessionIdLength + 2 + 1 + 2 + extensionBytes, 3);
    this.put(TLS_1_2, 2);
    this.natives.copy(this.random, 0, this.messages, this.used, RANDOM_BYTES);
    this.used += RANDOM_BYTES;
    this.put(hello.sessionIdLength, 1);
    this.natives.copy(this.messages, hello.sessionIdAt, this.messages, this.used, hello.sessionIdLength);
    this.used += hello.sessionIdLength;
    this.put(SUITE, 2);
    this.put(0, 1);
    this.put(extensionBytes, 2);
    this.put(ExtensionType.SupportedVersions, 2);
    this.put(2, 2);
    this.put(TLS_1_3, 2);
    this.put(ExtensionType.PreSharedKey, 2);
    this.put(2, 2);
    this.put(this.selected, 2);
    const length = this.used - from;
    writeRecordHeader(output, 0, ContentType.Handshake, length);
    this.natives.copy(this.messages, from, output, RECORD_HEADER_BYTES, length);
    return RECORD_HEADER_BYTES + length;
  }

  /** EncryptedExtensions and Finished (4.3.1, 4.4.4) in one protected record; and what the client's Finished must say. */
  private writeProtected(output: Bytes, at: number): number {
    const from = this.used;
    const hasLimit = this.hello.recordSizeLimit > 0;
    const extensionBytes = hasLimit ? LIMIT_EXTENSION_BYTES : 0;
    this.put(HandshakeType.EncryptedExtensions, 1);
    this.put(2 + extensionBytes, 3);
    this.put(extensionBytes, 2);
    if (hasLimit) {
      this.put(ExtensionType.RecordSizeLimit, 2);
      this.put(2, 2);
      this.put(CONTENT_MAX_BYTES + 1, 2);
    }
    this.hashMessages(this.used);
    this.parts.schedule.finished(this.parts.server.secret, this.hash, this.verifyData);
    this.put(HandshakeType.Finished, 1);
    this.put(HASH_BYTES, 3);
    this.natives.copy(this.verifyData, 0, this.messages, this.used, HASH_BYTES);
    this.used += HASH_BYTES;
    this.hashMessages(this.used);
    this.parts.schedule.finished(this.parts.client.secret, this.hash, this.verifyData);
    const length = this.used - from;
    this.natives.copy(this.messages, from, output, at + RECORD_HEADER_BYTES, length);
    return this.parts.server.seal(ContentType.Handshake, output, at, length);
  }
}

/** A record in the clear (5.1). */
export function writeRecordHeader(into: Bytes, at: number, type: ContentType, length: number): void {
  into[at] = type;
  into[at + 1] = TLS_1_2 >>> 8;
  into[at + 2] = TLS_1_2 & 255;
  into[at + 3] = length >>> 8;
  into[at + 4] = length & 255;
}

/** D.4: a client that sent a session id gets one. */
function writeChangeCipherSpec(into: Bytes, at: number): number {
  writeRecordHeader(into, at, ContentType.ChangeCipherSpec, 1);
  into[at + RECORD_HEADER_BYTES] = 1;
  return RECORD_HEADER_BYTES + 1;
}
