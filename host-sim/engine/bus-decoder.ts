/**
 * The peripheral bus as bytes, the world's end (layouts: hal/bus.ts): cuts a stream into requests and carries each out on the
 * same calls that the Node engine makes directly. A malformed request is a fault of the engine and is never guessed at.
 */
import {
  BackupOperation,
  BootKnown,
  BusRequest,
  CryptoCall,
  type BusEvents,
  type PeripheralBus,
} from "../../hal/bus.ts";
import { CryptoLimit } from "../../hal/crypto.ts";
import { ResetReason } from "../../hal/watchdog.ts";
import { NODE_CRYPTO } from "./node-crypto.ts";

/** A request that the bus does not know, or whose length does not fit its number. */
export class BusFault extends Error {}

/** What the engine waits for now. */
export type Asked =
  | { readonly kind: "answer"; readonly bytes: Uint8Array }
  | { readonly kind: "idle"; readonly untilUs: number };

const NAMES: Readonly<Record<BusRequest, string>> = {
  [BusRequest.UartTx]: "uartTx",
  [BusRequest.PinsSet]: "pinsSet",
  [BusRequest.Pwm]: "pwm",
  [BusRequest.UartSetup]: "uartSetup",
  [BusRequest.CardUartSetup]: "cardUartSetup",
  [BusRequest.Progress]: "progress",
  [BusRequest.View]: "view",
  [BusRequest.WatchdogStart]: "watchdogStart",
  [BusRequest.Spi]: "spi",
  [BusRequest.PinsRead]: "pinsRead",
  [BusRequest.MatrixScan]: "matrixScan",
  [BusRequest.Noise]: "noise",
  [BusRequest.Crypto]: "crypto",
  [BusRequest.Backup]: "backup",
  [BusRequest.Boot]: "boot",
  [BusRequest.Idle]: "idle",
};

/** Shortest and longest argument list. */
const LENGTHS: Readonly<Partial<Record<BusRequest, readonly [number, number]>>> = {
  [BusRequest.UartTx]: [1, 0xffff],
  [BusRequest.PinsSet]: [8, 8],
  [BusRequest.Pwm]: [5, 5],
  [BusRequest.UartSetup]: [5, 5],
  [BusRequest.CardUartSetup]: [5, 5],
  [BusRequest.Progress]: [1, 1],
  [BusRequest.View]: [5, 5],
  [BusRequest.WatchdogStart]: [1, 1],
  [BusRequest.Spi]: [2, 0xffff],
  [BusRequest.PinsRead]: [0, 0],
  [BusRequest.MatrixScan]: [0, 0],
  [BusRequest.Crypto]: [1, 1 + CryptoLimit.MessageBytes],
  [BusRequest.Noise]: [1, 1],
  [BusRequest.Backup]: [1, 0xff],
  [BusRequest.Boot]: [2, 2],
  [BusRequest.Idle]: [8, 8],
};

/** Bytes of the length field, and of an idle's answer before and for each character. */
const LENGTH_BYTES = 2;
const IDLE_HEAD_BYTES = 12;
const CHARACTER_BYTES = 11;

export class BusDecoder {
  /** The last request carried out, by name and size: its bytes may be digits. */
  lastRequest = "none";
  private pending: Buffer = Buffer.alloc(0);

  constructor(private readonly bus: PeripheralBus) {}

  /** Adds what arrived; `chunk` may be reused afterwards. */
  take(chunk: Uint8Array): void {
    this.pending = Buffer.concat([this.pending, chunk]);
  }

  /** Carries out whole requests up to the first that wants an answer; undefined when more must arrive. Throws `BusFault`. */
  obey(): Asked | undefined {
    let at = 0;
    let asked: Asked | undefined;
    while (asked === undefined && this.pending.length >= at + LENGTH_BYTES) {
      const end = at + LENGTH_BYTES + this.pending.readUInt16LE(at);
      if (this.pending.length < end) break;
      asked = this.carryOut(this.pending.subarray(at + LENGTH_BYTES, end));
      at = end;
    }
    this.pending = this.pending.subarray(at);
    return asked;
  }

  private carryOut(body: Buffer): Asked | undefined {
    const request: BusRequest = body[0] ?? 0;
    const range = LENGTHS[request];
    const { length } = body.subarray(1);
    if (range === undefined) throw new BusFault(`request ${request} with ${length} bytes is not known`);
    this.lastRequest = `${NAMES[request]} with ${length} bytes`;
    if (length < range[0] || length > range[1])
      throw new BusFault(`${this.lastRequest}: the length is wrong`);
    return request < BusRequest.Spi ? this.output(request, body) : this.question(request, body);
  }

  private output(request: BusRequest, body: Buffer): undefined {
    const { bus } = this;
    if (request === BusRequest.UartTx) bus.uartTx(body.readUInt8(1), body, 2, body.length - 2);
    else if (request === BusRequest.PinsSet) bus.pinsSet(body.readInt32LE(1), body.readInt32LE(5));
    else if (request === BusRequest.Pwm) bus.pwm(body.readUInt8(1), body.readUInt32LE(2));
    else if (request === BusRequest.UartSetup) bus.uartSetup(body.readUInt8(1), body.readUInt32LE(2));
    else if (request === BusRequest.CardUartSetup)
      bus.cardUartSetup(body.readUInt16LE(1), body.readUInt16LE(3), body.readUInt8(5));
    else if (request === BusRequest.Progress) bus.progress(body.readUInt8(1));
    else if (request === BusRequest.View) bus.view(seen(body));
    else if (request === BusRequest.WatchdogStart) bus.watchdogStart(body.readUInt8(1));
    return undefined;
  }

  private question(request: BusRequest, body: Buffer): Asked {
    if (request === BusRequest.Idle) return { kind: "idle", untilUs: Number(body.readBigUInt64LE(1)) };
    if (request === BusRequest.Spi) return this.spi(body);
    if (request === BusRequest.Crypto) return this.crypto(body);
    if (request === BusRequest.Noise) return this.noise(body.readUInt8(1));
    if (request === BusRequest.Backup) return this.backup(body);
    const answer = Buffer.alloc(request === BusRequest.PinsRead ? 4 : 2);
    if (request === BusRequest.PinsRead) answer.writeInt32LE(this.bus.pinsRead());
    else if (request === BusRequest.Boot) answer.writeUInt16LE(this.boot(body));
    else answer.writeUInt16LE(this.bus.matrixScan());
    return { kind: "answer", bytes: answer };
  }

  /** Not the world's to see, only to compute: it stands in for what a platform brings. */
  private crypto(body: Buffer): Asked {
    const call: CryptoCall = body.readUInt8(1);
    const given = body.subarray(2);
    const isHash = call === CryptoCall.Sha256;
    const bytes = new Uint8Array(isHash ? CryptoLimit.DigestBytes : CryptoLimit.AesBytes);
    if (isHash) NODE_CRYPTO.sha256(given, 0, given.length, bytes);
    else if (call === CryptoCall.AesBlock && given.length === 2 * CryptoLimit.AesBytes)
      NODE_CRYPTO.aesBlock(
        given.subarray(0, CryptoLimit.AesBytes),
        given.subarray(CryptoLimit.AesBytes),
        bytes,
      );
    else throw new BusFault(`${this.lastRequest}: call ${call} is not known or its length is wrong`);
    return { kind: "answer", bytes };
  }

  private boot(body: Buffer): number {
    const reason = body.readUInt8(1);
    if (reason > ResetReason.Program && reason !== (BootKnown.Nothing as number))
      throw new BusFault(`${this.lastRequest}: reason ${reason} is not known`);
    return this.bus.boot(reason, body.readUInt8(2));
  }

  private spi(body: Buffer): Asked {
    const bytes = Buffer.from(body.subarray(3));
    this.bus.spiExchange(body.readUInt8(1), body.readUInt8(2), bytes, bytes.length);
    return { kind: "answer", bytes };
  }

  private noise(length: number): Asked {
    const bytes = Buffer.alloc(length);
    this.bus.noise(bytes, length);
    return { kind: "answer", bytes };
  }

  private backup(body: Buffer): Asked {
    const operation: BackupOperation = body.readUInt8(1);
    const rest = body.subarray(2);
    const hasArguments = operation === BackupOperation.Read || operation === BackupOperation.Write;
    const isLong = operation === BackupOperation.Write ? rest.length > 0 : rest.length === 2;
    if (operation > BackupOperation.ForgetOpening || (hasArguments ? !isLong : rest.length > 0))
      throw new BusFault(`${this.lastRequest}: operation ${operation} is not known, or not so long`);
    return { kind: "answer", bytes: this.backupAnswer(operation, rest) };
  }

  private backupAnswer(operation: BackupOperation, rest: Buffer): Uint8Array {
    const { bus } = this;
    if (operation === BackupOperation.WasOpened) return Uint8Array.of(bus.backupWasOpened() ? 1 : 0);
    const bytes = Buffer.alloc(operation === BackupOperation.Read ? rest.readUInt8(1) : 0);
    if (operation === BackupOperation.Read) bus.backupRead(rest.readUInt8(0), bytes.length, bytes);
    else if (operation === BackupOperation.Write)
      bus.backupWrite(rest.readUInt8(0), rest.length - 1, Buffer.from(rest.subarray(1)));
    else bus.backupForgetOpening();
    return bytes;
  }
}

function seen(body: Buffer): Parameters<PeripheralBus["view"]>[0] {
  const [page, purpose, language, digits, triesLeft] = [1, 2, 3, 4, 5].map((at) => body.readUInt8(at));
  return { page, purpose, language, digits, triesLeft };
}

/** The answer of `idle`. */
export function encodeIdleAnswer(events: BusEvents): Uint8Array {
  const bytes = Buffer.alloc(IDLE_HEAD_BYTES + events.count * CHARACTER_BYTES);
  bytes.writeBigUInt64LE(BigInt(events.nowUs), 0);
  bytes.writeInt32LE(events.edges, 8);
  for (let i = 0; i < events.count; i++) {
    const at = IDLE_HEAD_BYTES + i * CHARACTER_BYTES;
    bytes.writeUInt8(events.ports[i], at);
    bytes.writeUInt8(events.values[i], at + 1);
    bytes.writeUInt8(events.flags[i], at + 2);
    bytes.writeBigUInt64LE(BigInt(events.timesUs[i]), at + 3);
  }
  return bytes;
}

/** An answer as it travels: its length before it. */
export function frameAnswer(bytes: Uint8Array): Uint8Array {
  const framed = Buffer.alloc(LENGTH_BYTES + bytes.length);
  framed.writeUInt16LE(bytes.length, 0);
  framed.set(bytes, LENGTH_BYTES);
  return framed;
}
