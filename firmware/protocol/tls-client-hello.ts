/**
 * A ClientHello of TLS 1.3 (RFC 8446, 4.1.2, 4.2), judged by what this server can do: TLS_AES_128_CCM_SHA256 and psk_ke with one
 * of at most four external PSKs. Everything that others offer beside is stepped over.
 */
import type { ReadonlyBytes } from "../../hal/bytes.ts";
import {
  ExtensionType,
  HANDSHAKE_HEADER_BYTES,
  PSK_KE,
  RANDOM_BYTES,
  SUITE,
  TLS_1_2,
  TLS_1_3,
  TlsAlert,
} from "./tls.ts";
import { TlsReader } from "./tls-reader.ts";

/** More identities than this are refused: a client has one (4.2.11). */
export const IDENTITIES_MAX = 4;
const SESSION_ID_MAX_BYTES = 32;
const BINDER_MIN_BYTES = 32;
/** Extensions that are looked for a second time (4.2: no type twice). */
const EXTENSIONS_MAX = 32;
const TICKET_AGE_BYTES = 4;
const NONE = 0;

export class ClientHello {
  /** legacy_session_id, 0…32 bytes of the message. */
  sessionIdAt = 0;
  sessionIdLength = 0;
  /** How many identities are offered, 1…4, and where each stands. */
  identities = 0;
  readonly identityAt: number[] = [0, 0, 0, 0];
  readonly identityLength: number[] = [0, 0, 0, 0];
  /** The binder of each, and its length; the message up to `bindersAt` is what they are made over (4.2.11.2). */
  bindersAt = 0;
  readonly binderAt: number[] = [0, 0, 0, 0];
  readonly binderLength: number[] = [0, 0, 0, 0];
  /** record_size_limit of the client (RFC 8449), the content type counted; 0 = it sent none. */
  recordSizeLimit = 0;
  private readonly reader: TlsReader;
  private readonly inner: TlsReader;
  private readonly seen: number[] = [];
  private seenCount = 0;
  private hasVersion = false;
  private hasMode = false;
  private hasModes = false;

  /** Reads messages that stand in `bytes`. */
  constructor(bytes: ReadonlyBytes) {
    this.reader = new TlsReader(bytes);
    this.inner = new TlsReader(bytes);
    for (let i = 0; i < EXTENSIONS_MAX; i++) this.seen.push(0);
  }

  /** Reads the message of `length` bytes at the start of those bytes, its header included. Returns the alert that refuses it, or `TlsAlert.None`. */
  decode(length: number): TlsAlert {
    this.identities = 0;
    this.recordSizeLimit = 0;
    this.seenCount = 0;
    this.hasVersion = false;
    this.hasMode = false;
    this.hasModes = false;
    const reader = this.reader;
    reader.open(HANDSHAKE_HEADER_BYTES, length);
    if (reader.number(2) !== TLS_1_2) return reader.isShort ? TlsAlert.DecodeError : TlsAlert.ProtocolVersion;
    reader.skip(RANDOM_BYTES);
    this.sessionIdLength = reader.number(1);
    if (this.sessionIdLength > SESSION_ID_MAX_BYTES) return TlsAlert.DecodeError;
    this.sessionIdAt = reader.skip(this.sessionIdLength);
    const hasSuite = this.takeSuites();
    const isUncompressed = this.takeCompression();
    if (reader.isShort) return TlsAlert.DecodeError;
    if (!isUncompressed) return TlsAlert.IllegalParameter;
    // A hello without extensions is one of TLS 1.2 or older.
    if (reader.isAtEnd()) return TlsAlert.ProtocolVersion;
    if (reader.vector(2) !== length) return TlsAlert.DecodeError;
    const wrong = this.takeExtensions();
    if (wrong !== TlsAlert.None) return wrong;
    return hasSuite ? this.judge() : this.hasVersion ? TlsAlert.HandshakeFailure : TlsAlert.ProtocolVersion;
  }

  private takeSuites(): boolean {
    const reader = this.reader;
    const end = reader.vector(2);
    let hasSuite = false;
    while (!reader.isShort && reader.at < end) if (reader.number(2) === SUITE) hasSuite = true;
    if (reader.at > end) reader.isShort = true;
    return hasSuite;
  }

  /** One method, null (4.1.2). */
  private takeCompression(): boolean {
    return this.reader.number(1) === 1 && this.reader.number(1) === 0;
  }

  private takeExtensions(): TlsAlert {
    const reader = this.reader;
    while (!reader.isAtEnd()) {
      // Nothing may stand behind pre_shared_key (4.2.11).
      if (this.identities > 0) return TlsAlert.IllegalParameter;
      const type = reader.number(2);
      const end = reader.vector(2);
      if (reader.isShort || this.seenCount === EXTENSIONS_MAX) return TlsAlert.DecodeError;
      if (this.isSeen(type)) return TlsAlert.IllegalParameter;
      const wrong = this.takeExtension(type, end);
      if (wrong !== TlsAlert.None) return wrong;
      reader.skip(end - reader.at);
    }
    return TlsAlert.None;
  }

  private isSeen(type: number): boolean {
    for (let i = 0; i < this.seenCount; i++) if (this.seen[i] === type) return true;
    this.seen[this.seenCount] = type;
    this.seenCount++;
    return false;
  }

  private takeExtension(type: number, end: number): TlsAlert {
    this.inner.open(this.reader.at, end);
    if (type === ExtensionType.SupportedVersions) return this.takeVersions();
    if (type === ExtensionType.PskKeyExchangeModes) return this.takeModes();
    if (type === ExtensionType.PreSharedKey) return this.takePreSharedKey(end);
    if (type === ExtensionType.RecordSizeLimit) return this.takeRecordSizeLimit();
    // Nobody can have early data for a key that was never used so: it could not be stepped over either.
    return type === ExtensionType.EarlyData ? TlsAlert.HandshakeFailure : TlsAlert.None;
  }

  private takeVersions(): TlsAlert {
    const inner = this.inner;
    const end = inner.vector(1);
    while (!inner.isShort && inner.at < end) if (inner.number(2) === TLS_1_3) this.hasVersion = true;
    return this.ended();
  }

  private takeModes(): TlsAlert {
    const inner = this.inner;
    const end = inner.vector(1);
    this.hasModes = true;
    while (!inner.isShort && inner.at < end) if (inner.number(1) === PSK_KE) this.hasMode = true;
    return this.ended();
  }

  private takeRecordSizeLimit(): TlsAlert {
    this.recordSizeLimit = this.inner.number(2);
    // RFC 8449, 4: less than 64 is illegal.
    if (!this.inner.isShort && this.recordSizeLimit < 64) return TlsAlert.IllegalParameter;
    return this.ended();
  }

  private ended(): TlsAlert {
    return this.inner.isShort || !this.inner.isAtEnd() ? TlsAlert.DecodeError : TlsAlert.None;
  }

  private takePreSharedKey(end: number): TlsAlert {
    const inner = this.inner;
    const identitiesEnd = inner.vector(2);
    while (!inner.isShort && inner.at < identitiesEnd) {
      if (this.identities === IDENTITIES_MAX) return TlsAlert.IllegalParameter;
      const length = inner.number(2);
      if (length === NONE) return TlsAlert.DecodeError;
      this.identityLength[this.identities] = length;
      this.identityAt[this.identities] = inner.skip(length);
      inner.skip(TICKET_AGE_BYTES);
      this.identities++;
    }
    if (inner.isShort || inner.at !== identitiesEnd || this.identities === NONE) return TlsAlert.DecodeError;
    this.bindersAt = inner.at;
    return this.takeBinders(end);
  }

  private takeBinders(end: number): TlsAlert {
    const inner = this.inner;
    let binders = 0;
    if (inner.vector(2) !== end) return TlsAlert.DecodeError;
    while (!inner.isShort && !inner.isAtEnd() && binders < this.identities) {
      const length = inner.number(1);
      this.binderLength[binders] = length;
      this.binderAt[binders] = inner.skip(length);
      if (length < BINDER_MIN_BYTES) return TlsAlert.DecodeError;
      binders++;
    }
    // As many binders as identities (4.2.11).
    if (!inner.isShort && binders !== this.identities) return TlsAlert.IllegalParameter;
    return this.ended();
  }

  private judge(): TlsAlert {
    if (!this.hasVersion) return TlsAlert.ProtocolVersion;
    // A client with certificates alone: no extension is missing, there is nothing in common (4.1.1).
    if (this.identities === NONE) return TlsAlert.HandshakeFailure;
    if (!this.hasModes) return TlsAlert.MissingExtension;
    return this.hasMode ? TlsAlert.None : TlsAlert.HandshakeFailure;
  }
}
