/**
 * A TLS 1.3 client with an external PSK whose every byte is a function of its seed: for scenarios, which must give the same trace
 * again, and for tests that need a crooked one. A counter PC uses its own system's TLS (host-sim/counter).
 */
import { AesCcm } from "../../firmware/protocol/aes-ccm.ts";
import { HkdfSha256 } from "../../firmware/protocol/hkdf-sha256.ts";
import { HmacSha256 } from "../../firmware/protocol/hmac-sha256.ts";
import {
  ContentType,
  HandshakeType,
  PROTECTION_BYTES,
  RECORD_HEADER_BYTES,
  TlsAlert,
} from "../../firmware/protocol/tls.ts";
import {
  CLIENT_APPLICATION,
  CLIENT_HANDSHAKE,
  SERVER_APPLICATION,
  SERVER_HANDSHAKE,
  TlsKeySchedule,
} from "../../firmware/protocol/tls-key-schedule.ts";
import { TlsTraffic } from "../../firmware/protocol/tls-traffic.ts";
import { NODE_CRYPTO } from "../engine/node-crypto.ts";
import { NODE_NATIVES } from "../engine/node-natives.ts";
import { SeededRandom } from "../world/random.ts";

const HASH_BYTES = 32;
const HMAC_MESSAGE_BYTES = 192;
const FINISHED_BYTES = 36;

/** The shortest ClientHello: one suite, psk_ke alone, one identity, no session id. */
export interface HelloShape {
  readonly suites: readonly number[];
  readonly versions: readonly number[];
  readonly modes: readonly number[];
  readonly identities: readonly string[];
  readonly sessionId: Uint8Array;
  /** Other extensions in front, as type and content. */
  readonly extensions: readonly (readonly [number, Uint8Array])[];
  /** And behind pre_shared_key, where none may stand. */
  readonly late: readonly (readonly [number, Uint8Array])[];
  /** Length of each binder; the first 32 bytes are right. */
  readonly binderBytes: number;
}

export const PLAIN_HELLO: Omit<HelloShape, "identities"> = {
  suites: [0x1304],
  versions: [0x0304],
  modes: [0],
  sessionId: Buffer.alloc(0),
  extensions: [],
  late: [],
  binderBytes: HASH_BYTES,
};

function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255]);
}

/** `content` behind its length in `lengthBytes` bytes. */
export function vector(lengthBytes: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(lengthBytes);
  head.writeUIntBE(body.length, 0, lengthBytes);
  return Buffer.concat([head, body]);
}

export function record(type: number, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([type, 3, 3]), u16(body.length), body]);
}

export class TlsClient {
  /** Application data of the server, in order. */
  readonly received: Buffer[] = [];
  alert: TlsAlert = TlsAlert.None;
  isOpen = false;
  readonly clientTraffic: TlsTraffic;
  readonly serverTraffic: TlsTraffic;
  private readonly hmac = new HmacSha256(NODE_NATIVES, NODE_CRYPTO, HMAC_MESSAGE_BYTES);
  private readonly schedule: TlsKeySchedule;
  private readonly random: SeededRandom;
  private messages: Buffer = Buffer.alloc(0);
  private pending: Buffer = Buffer.alloc(0);
  private isProtected = false;

  constructor(
    private readonly psk: Uint8Array,
    private readonly identity: string,
    seed = 1,
  ) {
    const hkdf = new HkdfSha256(NODE_NATIVES, this.hmac);
    const ccm = new AesCcm(NODE_NATIVES, NODE_CRYPTO);
    this.schedule = new TlsKeySchedule(NODE_NATIVES, NODE_CRYPTO, hkdf, this.hmac);
    this.clientTraffic = new TlsTraffic(NODE_NATIVES, this.schedule, ccm);
    this.serverTraffic = new TlsTraffic(NODE_NATIVES, this.schedule, ccm);
    this.random = new SeededRandom(seed);
  }

  /** The record with which it begins. */
  begin(shape: Partial<HelloShape> = {}): Buffer {
    this.messages = this.hello({ ...PLAIN_HELLO, identities: [this.identity], ...shape });
    return record(ContentType.Handshake, this.messages);
  }

  /** Takes bytes of the stream; returns what it says to them. */
  take(bytes: Uint8Array): Buffer {
    this.pending = Buffer.concat([this.pending, bytes]);
    const said: Buffer[] = [];
    while (this.pending.length >= RECORD_HEADER_BYTES) {
      const whole = RECORD_HEADER_BYTES + this.pending.readUInt16BE(3);
      if (this.pending.length < whole) break;
      const one = Buffer.from(this.pending.subarray(0, whole));
      this.pending = this.pending.subarray(whole);
      said.push(this.takeRecord(one));
    }
    return Buffer.concat(said);
  }

  /** One record of application data. */
  send(data: Uint8Array, type = ContentType.ApplicationData): Buffer {
    const made = Buffer.alloc(RECORD_HEADER_BYTES + data.length + PROTECTION_BYTES);
    made.set(data, RECORD_HEADER_BYTES);
    this.clientTraffic.seal(type, made, 0, data.length);
    return made;
  }

  closeNotify(): Buffer {
    return this.send(Buffer.from([1, TlsAlert.CloseNotify]), ContentType.Alert);
  }

  /** KeyUpdate; the next record is under the new key. */
  keyUpdate(request: number): Buffer {
    const made = this.send(Buffer.from([HandshakeType.KeyUpdate, 0, 0, 1, request]), ContentType.Handshake);
    this.clientTraffic.update();
    return made;
  }

  private hello(shape: HelloShape): Buffer {
    const extension = (type: number, body: Uint8Array): Buffer => Buffer.concat([u16(type), vector(2, body)]);
    const identities = shape.identities.map((one) =>
      Buffer.concat([vector(2, Buffer.from(one)), Buffer.alloc(4)]),
    );
    const binders = vector(2, ...shape.identities.map(() => vector(1, Buffer.alloc(shape.binderBytes))));
    const preShared = extension(41, Buffer.concat([vector(2, ...identities), binders]));
    const extensions = vector(
      2,
      ...shape.extensions.map(([type, body]) => extension(type, body)),
      ...(shape.versions.length > 0 ? [extension(43, vector(1, ...shape.versions.map(u16)))] : []),
      ...(shape.modes.length > 0 ? [extension(45, vector(1, Buffer.from(shape.modes)))] : []),
      ...(shape.identities.length > 0 ? [preShared] : []),
      ...shape.late.map(([type, body]) => extension(type, body)),
    );
    const body = Buffer.concat([
      u16(0x0303),
      this.randomBytes(32),
      vector(1, shape.sessionId),
      vector(2, ...shape.suites.map(u16)),
      Buffer.from([1, 0]),
      extensions,
    ]);
    const message = Buffer.concat([Buffer.from([HandshakeType.ClientHello]), vector(3, body)]);
    const lateBytes = shape.late.reduce((sum, [, late]) => sum + 4 + late.length, 0);
    if (shape.identities.length > 0) this.writeBinders(message, message.length - lateBytes, shape);
    return message;
  }

  /** The binders are the last of what ends at `end`. */
  private writeBinders(message: Buffer, end: number, { identities, binderBytes }: HelloShape): void {
    const from = end - identities.length * (1 + binderBytes);
    const binder = Buffer.alloc(HASH_BYTES);
    this.schedule.begin(this.psk);
    this.schedule.binder(hashOf(message.subarray(0, from - 2)), binder);
    for (let at = from; at < end; at += 1 + binderBytes) message.set(binder.subarray(0, binderBytes), at + 1);
  }

  private takeRecord(one: Buffer): Buffer {
    const type = one[0];
    if (type === ContentType.ChangeCipherSpec) return Buffer.alloc(0);
    if (type === ContentType.ApplicationData && this.isProtected) return this.takeProtected(one);
    const body = one.subarray(RECORD_HEADER_BYTES);
    if (type === ContentType.Alert) this.alert = body[1]!;
    else if (type === ContentType.Handshake && body[0] === HandshakeType.ServerHello)
      this.takeServerHello(body);
    else throw new Error(`a record of type ${type} where none should be`);
    return Buffer.alloc(0);
  }

  private takeServerHello(message: Buffer): void {
    this.messages = Buffer.concat([this.messages, message]);
    this.schedule.advance();
    this.use(CLIENT_HANDSHAKE, SERVER_HANDSHAKE);
    this.isProtected = true;
  }

  private use(client: readonly number[], server: readonly number[]): void {
    const hash = hashOf(this.messages);
    this.schedule.derive(client, hash, this.clientTraffic.secret);
    this.schedule.derive(server, hash, this.serverTraffic.secret);
    this.clientTraffic.useSecret();
    this.serverTraffic.useSecret();
  }

  private takeProtected(one: Buffer): Buffer {
    const length = this.serverTraffic.open(one, 0, one.length - RECORD_HEADER_BYTES);
    if (length < 0) throw new Error("a record of the terminal whose tag is wrong");
    const content = one.subarray(RECORD_HEADER_BYTES, RECORD_HEADER_BYTES + length);
    if (this.serverTraffic.contentType === ContentType.Alert) this.alert = content[1]!;
    else if (this.serverTraffic.contentType === ContentType.ApplicationData) this.received.push(content);
    else if (content[0] === HandshakeType.KeyUpdate) this.serverTraffic.update();
    else return this.finish(content);
    return Buffer.alloc(0);
  }

  /** EncryptedExtensions and the server's Finished have come in one record. */
  private finish(content: Buffer): Buffer {
    const expected = Buffer.alloc(HASH_BYTES);
    this.messages = Buffer.concat([this.messages, content.subarray(0, content.length - FINISHED_BYTES)]);
    this.schedule.finished(this.serverTraffic.secret, hashOf(this.messages), expected);
    if (!content.subarray(-HASH_BYTES).equals(expected)) throw new Error("the terminal's Finished is wrong");
    this.messages = Buffer.concat([this.messages, content.subarray(-FINISHED_BYTES)]);
    const verify = Buffer.alloc(HASH_BYTES);
    this.schedule.finished(this.clientTraffic.secret, hashOf(this.messages), verify);
    const finished = this.send(
      Buffer.concat([Buffer.from([HandshakeType.Finished, 0, 0, HASH_BYTES]), verify]),
      ContentType.Handshake,
    );
    this.schedule.advance();
    this.use(CLIENT_APPLICATION, SERVER_APPLICATION);
    this.isOpen = true;
    return finished;
  }

  private randomBytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.random.below(256)));
  }
}

function hashOf(bytes: Uint8Array): Buffer {
  const digest = Buffer.alloc(HASH_BYTES);
  const whole = Uint8Array.from(bytes);
  NODE_CRYPTO.sha256(whole, 0, whole.length, digest);
  return digest;
}
