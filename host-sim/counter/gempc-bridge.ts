/**
 * A PC/SC reader out of a sealed session: what the driver may ask passes to the terminal, everything else is answered here. Without
 * a session the slot is empty, and a session's end is told to the host as a card that was pulled: by one GetSlotStatus at least.
 */
import {
  answerTo,
  CommandStatus,
  DATA_AT,
  IccStatus,
  Request,
  SEQUENCE_AT,
  SLOT_AT,
  SlotError,
  STATUS_AT,
} from "../../firmware/protocol/ccid.ts";
import { ccidRequest } from "./ccid-stream.ts";
import type { CounterClock } from "./counter-clock.ts";
import type { CounterSession } from "./counter-session.ts";
import { GemPcPort } from "./gempc-port.ts";

const PASSED_TYPES: ReadonlySet<number> = new Set<Request>([
  Request.SetParameters,
  Request.IccPowerOn,
  Request.IccPowerOff,
  Request.GetSlotStatus,
  Request.Secure,
  Request.GetParameters,
  Request.ResetParameters,
  Request.XfrBlock,
  Request.Abort,
]);

/** First data byte of the Escapes that the driver sends at its start (firmware/service/escapes.ts): no other passes, none of 4D. */
const FIRMWARE = 0x02;
const FEATURES = 0x6a;
const NOTIFICATION = 0x01;
const PROMPT_TEXTS = 0xb2;
const PASSED_ESCAPES: ReadonlySet<number> = new Set([FIRMWARE, FEATURES, NOTIFICATION, PROMPT_TEXTS]);
const ICC_STATUS = 0x03;

export class GemPcBridge {
  private readonly port: GemPcPort;
  private session: CounterSession | undefined;
  private isBusy = false;
  /** A session has ended and the host was not told yet. */
  private isLossUntold = false;
  private iccStatus: number = IccStatus.Absent;
  /** What the terminal answered to the driver's questions about itself, by their data: the same without a session. */
  private readonly known = new Map<number, Uint8Array>();

  constructor(send: (bytes: Uint8Array) => void, clock: CounterClock) {
    this.port = new GemPcPort(send, (message) => this.message(message), clock);
  }

  /** Bytes from the driver. */
  push(bytes: Uint8Array): void {
    this.port.push(bytes);
  }

  /** From now on messages pass through `session`. Rejects when it ends before that. */
  async attach(session: CounterSession): Promise<void> {
    for (const question of [FIRMWARE, FEATURES]) {
      const answer = await session.exchange(ccidRequest(Request.Escape, Uint8Array.of(question)));
      if (!hasFailed(answer)) this.known.set(question, answer.subarray(DATA_AT));
    }
    this.session = session;
  }

  /** The session has ended. */
  detach(): void {
    if (this.session !== undefined) this.isLossUntold = true;
    this.session = undefined;
    this.iccStatus = IccStatus.Absent;
  }

  close(): void {
    this.port.close();
  }

  private message(message: Uint8Array): void {
    const type = message[0]!;
    if (!isPassed(message)) return this.fail(message, SlotError.CommandNotSupported);
    if (this.session === undefined || (this.isLossUntold && type !== Request.Escape)) {
      if (type === Request.GetSlotStatus) this.isLossUntold = false;
      return this.answerAlone(message);
    }
    if (type === Request.Abort) return void this.pass(message, this.session);
    if (this.isBusy) return this.fail(message, SlotError.CommandSlotBusy);
    this.isBusy = true;
    void this.pass(message, this.session).then(() => (this.isBusy = false));
  }

  private async pass(message: Uint8Array, session: CounterSession): Promise<void> {
    try {
      const answer = await session.exchange(message);
      if (session === this.session) this.iccStatus = answer[STATUS_AT]! & ICC_STATUS;
      this.port.answer(answer);
    } catch {
      // The session has ended, which its owner is told: for the host the card is gone.
      this.answerAlone(message);
    }
  }

  /** The answer of a reader without a card. */
  private answerAlone(message: Uint8Array): void {
    const type = message[0]!;
    if (type === Request.Escape) return this.answerEscape(message);
    const isStatus = type === Request.GetSlotStatus || type === Request.IccPowerOff || type === Request.Abort;
    if (isStatus) return this.port.answer(answerOf(message, IccStatus.Absent, 0));
    this.port.answer(answerOf(message, IccStatus.Absent | CommandStatus.Failed, SlotError.IccMute));
  }

  private answerEscape(message: Uint8Array): void {
    const question = message[DATA_AT]!;
    const known = this.known.get(question);
    const isDropped = question === NOTIFICATION || question === PROMPT_TEXTS;
    if (known === undefined && !isDropped) return this.fail(message, SlotError.CommandNotSupported);
    this.port.answer(answerOf(message, IccStatus.Absent, 0, known));
  }

  private fail(message: Uint8Array, error: number): void {
    this.port.answer(answerOf(message, this.iccStatus | CommandStatus.Failed, error));
  }
}

function isPassed(message: Uint8Array): boolean {
  if (message[0] !== Request.Escape) return PASSED_TYPES.has(message[0]!);
  return message.length > DATA_AT && PASSED_ESCAPES.has(message[DATA_AT]!);
}

function hasFailed(answer: Uint8Array): boolean {
  return (answer[STATUS_AT]! & CommandStatus.Failed) !== 0;
}

/** An answer of the bridge's own. */
function answerOf(request: Uint8Array, status: number, error: number, data?: Uint8Array): Uint8Array {
  const head = [answerTo(request[0]!), data?.length ?? 0, 0, 0, 0, request[SLOT_AT]!, request[SEQUENCE_AT]!];
  return Uint8Array.of(...head, status, error, 0, ...(data ?? []));
}
