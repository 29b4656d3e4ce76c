/**
 * A TLS 1.3 server of one connection (RFC 8446, A.2), cut down to an external PSK with psk_ke and TLS_AES_128_CCM_SHA256: bytes of
 * the stream in, bytes of the stream and application data out.
 *
 *   AwaitHello --ClientHello, its binder right--> AwaitFinished --Finished--> Open
 *       |                                              |                       |
 *       +---- alert, ours or the client's; close() ----+-----------------------+--> Closed --start()--> AwaitHello
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { Crypto } from "../../hal/crypto.ts";
import type { AesCcm } from "./aes-ccm.ts";
import type { HkdfSha256 } from "./hkdf-sha256.ts";
import type { HmacSha256 } from "./hmac-sha256.ts";
import {
  CONTENT_MAX_BYTES,
  ContentType,
  HANDSHAKE_HEADER_BYTES,
  HandshakeType,
  PROTECTION_BYTES,
  RECORD_HEADER_BYTES,
  TlsAlert,
} from "./tls.ts";
import {
  FINISHED_BYTES,
  TlsHandshake,
  writeRecordHeader,
  type PskTable,
  type RandomSource,
} from "./tls-handshake.ts";
import { TlsKeySchedule } from "./tls-key-schedule.ts";
import { RECORD_FORGED, TlsTraffic } from "./tls-traffic.ts";

export const enum TlsState {
  AwaitHello = 0,
  AwaitFinished = 1,
  Open = 2,
  Closed = 3,
}

const enum Owed {
  Nothing = 0,
  ServerHello = 1,
  Rest = 2,
  /** The key in force was not the client's. */
  NextJudgement = 3,
}

export interface TlsServerParts {
  readonly crypto: Crypto;
  readonly hmac: HmacSha256;
  readonly hkdf: HkdfSha256;
  readonly ccm: AesCcm;
  readonly random: RandomSource;
  readonly psks: PskTable;
}

const RECORD_MAX_BYTES = RECORD_HEADER_BYTES + CONTENT_MAX_BYTES + PROTECTION_BYTES;
const ALERT_BYTES = 2;
const FATAL = 2;
const WARNING = 1;
/** Room behind a whole record for an alert. */
const ALERT_ROOM_BYTES = RECORD_HEADER_BYTES + ALERT_BYTES + PROTECTION_BYTES;
/** A session ends after this many records in one direction. */
const RECORDS_MAX = 0x100000;
/** KeyUpdates of the client: so many at once, and one more for each so many records (4.6.3 sets no bound). */
const KEY_UPDATES = 8;
const RECORDS_PER_KEY_UPDATE = 128;
const UPDATE_REQUESTED = 1;
const KEY_UPDATE_BYTES = HANDSHAKE_HEADER_BYTES + 1;

export class TlsServer {
  /** Application data that have come: `record[PLAIN_AT…]`, `plainLength` bytes, until their reader sets that to 0. */
  plainLength = 0;
  readonly record: Bytes;
  /** What is to be sent: `output[0…outputLength-1]`; whoever has sent it sets the length to 0. */
  readonly output: Bytes;
  outputLength = 0;
  /** The alert that ended the connection, ours or the client's; `TlsAlert.None` while it lives. */
  alertSent = TlsAlert.None;
  alertReceived = TlsAlert.None;
  readonly handshake: TlsHandshake;
  private current = TlsState.Closed;
  private recordLength = 0;
  private readonly client: TlsTraffic;
  private readonly server: TlsTraffic;
  /** A handshake message behind ClientHello, which may come in pieces. */
  private readonly message: Bytes;
  private messageLength = 0;
  private hasChangedCipherSpec = false;
  private keyUpdates = 0;
  /** What is still to be done about a ClientHello, and how long the answer is so far. */
  private owed = Owed.Nothing;
  private madeLength = 0;

  constructor(
    private readonly natives: ByteNatives,
    parts: TlsServerParts,
  ) {
    this.record = natives.allocate(RECORD_MAX_BYTES);
    this.output = natives.allocate(RECORD_MAX_BYTES + ALERT_ROOM_BYTES);
    this.message = natives.allocate(FINISHED_BYTES);
    const schedule = new TlsKeySchedule(natives, parts.crypto, parts.hkdf, parts.hmac);
    this.client = new TlsTraffic(natives, schedule, parts.ccm);
    this.server = new TlsTraffic(natives, schedule, parts.ccm);
    this.handshake = new TlsHandshake(natives, {
      crypto: parts.crypto,
      random: parts.random,
      psks: parts.psks,
      schedule,
      client: this.client,
      server: this.server,
    });
  }

  state(): TlsState {
    return this.current;
  }

  /** A new connection; nothing of an older one is left. */
  start(): void {
    this.forget();
    this.outputLength = 0;
    this.alertSent = TlsAlert.None;
    this.alertReceived = TlsAlert.None;
    this.current = TlsState.AwaitHello;
  }

  /**
   * Takes bytes of the stream up to the end of a record. Returns how many it has taken of `bytes[from…from+length-1]`. Not to be
   * called while `plainLength` or `outputLength` is not 0, nor before `work` has been called when `hasWork` says so.
   */
  take(bytes: ReadonlyBytes, from: number, length: number): number {
    let taken = 0;
    while (
      taken < length &&
      this.current !== TlsState.Closed &&
      this.plainLength === 0 &&
      this.outputLength === 0 &&
      this.owed === Owed.Nothing
    ) {
      const isHead = this.recordLength < RECORD_HEADER_BYTES;
      const wanted = (isHead ? RECORD_HEADER_BYTES : this.wholeLength()) - this.recordLength;
      const piece = length - taken < wanted ? length - taken : wanted;
      this.natives.copy(bytes, from + taken, this.record, this.recordLength, piece);
      this.recordLength += piece;
      taken += piece;
      if (piece === wanted) this.grown(isHead);
    }
    return this.current === TlsState.Closed ? length : taken;
  }

  /**
   * The answer to ClientHello is to be made: two more steps' worth of hashing, after the one that it took to judge it; and before
   * them one more when the key in force is not the client's.
   */
  hasWork(): boolean {
    return this.owed !== Owed.Nothing;
  }

  work(): void {
    switch (this.owed) {
      case Owed.Nothing:
        break;
      case Owed.ServerHello:
        this.owed = Owed.Rest;
        this.madeLength = this.handshake.respond(this.output);
        if (this.madeLength === 0) this.fail(TlsAlert.InternalError);
        break;
      case Owed.Rest:
        this.owed = Owed.Nothing;
        this.outputLength = this.madeLength + this.handshake.respondProtected(this.output, this.madeLength);
        this.current = TlsState.AwaitFinished;
        break;
      case Owed.NextJudgement:
        this.judgeNext();
        break;
    }
  }

  /** How many bytes `write` takes at most. */
  room(): number {
    return this.current === TlsState.Open && this.outputLength === 0 ? this.handshake.sendLimit : 0;
  }

  /** Sends `bytes[from…from+length-1]`, at most `room()` of them, as one record. */
  write(bytes: ReadonlyBytes, from: number, length: number): void {
    this.natives.copy(bytes, from, this.output, RECORD_HEADER_BYTES, length);
    this.outputLength = this.server.seal(ContentType.ApplicationData, this.output, 0, length);
    if (this.server.total >= RECORDS_MAX) this.close();
  }

  /** Ends an open connection with close_notify (6.1), one that is not open yet without a word; keys are gone. */
  close(): void {
    if (this.current === TlsState.Open) this.say(WARNING, TlsAlert.CloseNotify);
    this.enterClosed();
  }

  /** The stream has ended under the connection: nothing can be said any more, keys are gone. */
  drop(): void {
    this.outputLength = 0;
    this.enterClosed();
  }

  private wholeLength(): number {
    return RECORD_HEADER_BYTES + this.record[3] * 256 + this.record[4];
  }

  private grown(wasHead: boolean): void {
    if (wasHead) {
      const wrong = this.judgeHeader();
      if (wrong !== TlsAlert.None) {
        this.fail(wrong);
        return;
      }
      if (this.wholeLength() > RECORD_HEADER_BYTES) return;
    }
    const length = this.recordLength - RECORD_HEADER_BYTES;
    this.recordLength = 0;
    const wrong = this.takeRecord(length);
    if (wrong !== TlsAlert.None) this.fail(wrong);
    else if (this.client.total >= RECORDS_MAX) this.close();
  }

  /** Types that have no place here are refused before their body is waited for. */
  private judgeHeader(): TlsAlert {
    const type = this.record[0];
    const isProtected = type === ContentType.ApplicationData;
    const longest = RECORD_HEADER_BYTES + CONTENT_MAX_BYTES + (isProtected ? PROTECTION_BYTES : 0);
    if (!this.isExpected(type)) return TlsAlert.UnexpectedMessage;
    return this.wholeLength() > longest ? TlsAlert.RecordOverflow : TlsAlert.None;
  }

  private isExpected(type: number): boolean {
    switch (this.current) {
      case TlsState.AwaitHello:
        return type === ContentType.Handshake || type === ContentType.Alert;
      case TlsState.AwaitFinished:
        // A client that cannot use our ServerHello has no keys to say so under. One change_cipher_spec may come (D.4).
        return (
          type === ContentType.ApplicationData ||
          type === ContentType.Alert ||
          (type === ContentType.ChangeCipherSpec && !this.hasChangedCipherSpec)
        );
      case TlsState.Open:
        return type === ContentType.ApplicationData;
      case TlsState.Closed:
        return false;
    }
  }

  private takeRecord(length: number): TlsAlert {
    const type = this.record[0];
    if (type === ContentType.Alert) return this.takeAlert(length);
    if (type === ContentType.ChangeCipherSpec) {
      this.hasChangedCipherSpec = true;
      const isRight = length === 1 && this.record[RECORD_HEADER_BYTES] === 1;
      return isRight ? TlsAlert.None : TlsAlert.UnexpectedMessage;
    }
    return type === ContentType.Handshake ? this.takeHello(length) : this.takeProtected(length);
  }

  private takeHello(length: number): TlsAlert {
    const handshake = this.handshake;
    let wrong = handshake.push(this.record, RECORD_HEADER_BYTES, length);
    if (wrong !== TlsAlert.None || !handshake.isHelloWhole()) return wrong;
    wrong = handshake.judge();
    if (wrong === TlsAlert.None) this.owed = handshake.isProved() ? Owed.ServerHello : Owed.NextJudgement;
    return wrong;
  }

  private judgeNext(): void {
    const wrong = this.handshake.judgeNext();
    if (wrong === TlsAlert.None) this.owed = Owed.ServerHello;
    else this.fail(wrong);
  }

  private takeProtected(length: number): TlsAlert {
    const content = this.client.open(this.record, 0, length);
    if (content === RECORD_FORGED) return TlsAlert.BadRecordMac;
    if (content < 0) return TlsAlert.UnexpectedMessage;
    const type = this.client.contentType;
    if (type === ContentType.Alert) return this.takeAlert(content);
    if (type === ContentType.Handshake) return this.takeMessage(content);
    const isData = type === ContentType.ApplicationData && this.current === TlsState.Open;
    // A message in pieces must not be interrupted (5.1).
    if (!isData || this.messageLength > 0) return TlsAlert.UnexpectedMessage;
    this.plainLength = content;
    return TlsAlert.None;
  }

  /** 6: what closes is answered in kind; everything else is the end. */
  private takeAlert(length: number): TlsAlert {
    if (length !== ALERT_BYTES) return TlsAlert.DecodeError;
    const description = this.record[RECORD_HEADER_BYTES + 1];
    if (description === TlsAlert.UserCanceled) return TlsAlert.None;
    this.alertReceived = description;
    if (description === TlsAlert.CloseNotify) this.close();
    else this.enterClosed();
    return TlsAlert.None;
  }

  private takeMessage(length: number): TlsAlert {
    if (length === 0 || this.messageLength + length > FINISHED_BYTES) return TlsAlert.UnexpectedMessage;
    this.natives.copy(this.record, RECORD_HEADER_BYTES, this.message, this.messageLength, length);
    this.messageLength += length;
    const isOpen = this.current === TlsState.Open;
    const message = this.message;
    const wanted = isOpen ? KEY_UPDATE_BYTES : FINISHED_BYTES;
    if (message[0] !== (isOpen ? HandshakeType.KeyUpdate : HandshakeType.Finished))
      return TlsAlert.UnexpectedMessage;
    if (this.messageLength < HANDSHAKE_HEADER_BYTES) return TlsAlert.None;
    if (message[1] !== 0 || message[2] !== 0 || message[3] !== wanted - HANDSHAKE_HEADER_BYTES)
      return TlsAlert.DecodeError;
    if (this.messageLength < wanted) return TlsAlert.None;
    // Other keys begin behind it: it must be the last of its record (5.1).
    if (this.messageLength > wanted) return TlsAlert.UnexpectedMessage;
    this.messageLength = 0;
    return isOpen ? this.takeKeyUpdate() : this.takeFinished();
  }

  private takeFinished(): TlsAlert {
    if (!this.handshake.finish(this.message)) return TlsAlert.DecryptError;
    this.current = TlsState.Open;
    return TlsAlert.None;
  }

  /** 4.6.3 */
  private takeKeyUpdate(): TlsAlert {
    const request = this.message[HANDSHAKE_HEADER_BYTES];
    if (request > UPDATE_REQUESTED) return TlsAlert.IllegalParameter;
    this.keyUpdates++;
    if (this.keyUpdates > KEY_UPDATES + Math.floor(this.client.total / RECORDS_PER_KEY_UPDATE))
      return TlsAlert.UnexpectedMessage;
    this.client.update();
    if (request === UPDATE_REQUESTED) this.answerKeyUpdate();
    return TlsAlert.None;
  }

  private answerKeyUpdate(): void {
    const at = RECORD_HEADER_BYTES;
    this.natives.fill(this.output, at, KEY_UPDATE_BYTES, 0);
    this.output[at] = HandshakeType.KeyUpdate;
    this.output[at + HANDSHAKE_HEADER_BYTES - 1] = 1;
    this.outputLength = this.server.seal(ContentType.Handshake, this.output, 0, KEY_UPDATE_BYTES);
    this.server.update();
  }

  private fail(alert: TlsAlert): void {
    this.say(FATAL, alert);
    this.enterClosed();
  }

  /** Under our keys as soon as there are any. */
  private say(level: number, alert: TlsAlert): void {
    this.alertSent = alert;
    const at = this.outputLength;
    const body = at + RECORD_HEADER_BYTES;
    this.output[body] = level;
    this.output[body + 1] = alert;
    if (this.current === TlsState.AwaitHello) {
      writeRecordHeader(this.output, at, ContentType.Alert, ALERT_BYTES);
      this.outputLength = body + ALERT_BYTES;
    } else this.outputLength += this.server.seal(ContentType.Alert, this.output, at, ALERT_BYTES);
  }

  private enterClosed(): void {
    this.forget();
    this.current = TlsState.Closed;
  }

  /** Everything but what is still to be sent. */
  private forget(): void {
    this.client.wipe();
    this.server.wipe();
    this.handshake.reset();
    this.natives.wipe(this.record);
    this.natives.wipe(this.message);
    this.recordLength = 0;
    this.messageLength = 0;
    this.plainLength = 0;
    this.owed = Owed.Nothing;
    this.keyUpdates = 0;
    this.hasChangedCipherSpec = false;
  }
}

/** Where application data begin in `record`. */
export const PLAIN_AT = RECORD_HEADER_BYTES;
