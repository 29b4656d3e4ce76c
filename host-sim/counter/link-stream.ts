/**
 * One link of the reliable frames as a stream of Node's: it begins with SABM when it is made and ends once. DISC is the end of what
 * is read, after its bytes; every other end is an error. Ending the stream sends DISC when all that was written is acknowledged.
 */
import { randomInt } from "node:crypto";
import { Duplex } from "node:stream";
import { FrameLine } from "../../firmware/driver/frame-line.ts";
import { LinkState } from "../../firmware/driver/reliable-line.ts";
import { NEVER_US } from "../../firmware/protocol/time.ts";
import { NODE_NATIVES } from "../engine/node-natives.ts";
import { CallingLine, type LinkEnding } from "./calling-line.ts";
import type { CounterClock } from "./counter-clock.ts";
import { CounterFailure } from "./counter-failure.ts";
import type { CounterWire } from "./counter-wire.ts";
import { WireUart } from "./wire-uart.ts";

export interface LinkSettings {
  readonly baud: number;
  /** Longest information of a frame, 64…512: short ones suit a bad line. */
  readonly mtu?: number;
  /** The call's number, u16; random unless told, for the call before may have been another program's. */
  readonly call?: number;
}

const USUAL_MTU = 128;
const CALLS = 0x10000;
/** A terminal that has a PIN command under way answers when the card has. */
const ANSWER_LIMIT_US = 12_000_000;
/** Bytes that came and that nobody reads: a reader so far behind has stopped. */
const UNREAD_LIMIT_BYTES = 1 << 20;

const ENDINGS: Readonly<Record<LinkEnding, CounterFailure>> = {
  disconnected: new CounterFailure("link", "the terminal has ended the link", "connect again"),
  forgotten: new CounterFailure(
    "link",
    "the terminal does not know this link any more: it has started again, or another program calls on this line",
    "connect again",
  ),
  silent: new CounterFailure(
    "link",
    "the terminal has stopped answering",
    "look at the cable and at the terminal's power, then connect again",
  ),
};

const NO_ANSWER = new CounterFailure(
  "no-answer",
  "the terminal does not answer",
  "look at its power, the cable, --line and --baud; a bench image speaks to PC/SC software alone",
);
const NO_FRAME = new CounterFailure(
  "no-answer",
  "something comes on this line, and it is no frame of a sealed terminal",
  "look at --line and --baud; a bench image speaks to PC/SC software alone",
);
const OTHER_VERSION = new CounterFailure(
  "peer",
  "the terminal speaks another version of the line protocol",
  "bring terminal and counter software to the same release",
);
const NOBODY_READS = new CounterFailure("link", "nobody fetches what the terminal sends");

export class LinkStream extends Duplex {
  private readonly uart: WireUart;
  private readonly line: CallingLine;
  private readonly answerByUs: number;
  private wasUp = false;
  /** Bytes have come, whatever they were. */
  private hasHeard = false;
  /** DISC was seen: what is written goes nowhere. */
  private hasEnded = false;
  private chunk: Uint8Array = new Uint8Array();
  private chunkAt = 0;
  private written: ((error?: Error) => void) | undefined;
  private finished: (() => void) | undefined;
  private isRunning = false;
  private mustRun = false;
  private cancelTimer: () => void = () => undefined;

  /** Takes the wire's listener until it is closed; the wire itself stays open. */
  constructor(
    private readonly wire: CounterWire,
    { baud, mtu = USUAL_MTU, call = randomInt(CALLS) }: LinkSettings,
    private readonly clock: CounterClock,
  ) {
    // What was read stays readable after DISC, and what ends the writing is our own decision.
    super({ allowHalfOpen: true, emitClose: true });
    this.uart = new WireUart((bytes) => wire.write(bytes));
    this.line = new CallingLine(NODE_NATIVES, new FrameLine(NODE_NATIVES, this.uart, baud));
    const nowUs = clock.nowUs();
    this.answerByUs = nowUs + ANSWER_LIMIT_US;
    this.line.call(mtu, call, nowUs);
    wire.listen({
      bytes: (bytes) => {
        this.hasHeard = true;
        this.uart.push(bytes);
        this.run();
      },
      ended: (failure) => this.destroy(failure),
    });
    this.run();
  }

  /** Resolves when the terminal has answered; rejects when the link ends before. */
  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.once("error", reject);
      if (this.wasUp) return resolve();
      if (this.destroyed) return reject(this.errored ?? NO_ANSWER);
      this.once("up", resolve);
    });
  }

  override _read(): void {
    // What comes is pushed at once: the line has no way to say "not now".
  }

  override _write(chunk: Buffer, _encoding: string, written: (error?: Error | null) => void): void {
    if (this.hasEnded) return written();
    this.chunk = chunk;
    this.chunkAt = 0;
    this.written = written;
    this.run();
  }

  override _final(finished: (error?: Error | null) => void): void {
    if (this.hasEnded) return finished();
    this.finished = finished;
    this.run();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.cancelTimer();
    this.line.hangUp(this.clock.nowUs());
    this.wire.listen(undefined);
    const written = this.written;
    this.written = undefined;
    written?.(error ?? undefined);
    done(error);
  }

  /** Does all that is due. What it calls may write, and so call it again: that is done afterwards. */
  private run(): void {
    this.mustRun = true;
    if (this.isRunning) return;
    this.isRunning = true;
    while (this.mustRun && !this.destroyed) {
      this.mustRun = false;
      this.step(this.clock.nowUs());
    }
    this.isRunning = false;
  }

  private step(nowUs: number): void {
    this.receive(nowUs);
    if (this.destroyed || this.hasEnded) return;
    this.fill();
    const dueUs = this.line.step(nowUs);
    const failure = this.failureNow(nowUs);
    if (failure !== undefined) return void this.destroy(failure);
    this.finishWhenSent(nowUs);
    this.wakeAt(this.wasUp ? dueUs : Math.min(dueUs, this.answerByUs));
  }

  private receive(nowUs: number): void {
    while (this.line.receive(nowUs)) {
      const information = Buffer.alloc(this.line.receivedLength);
      NODE_NATIVES.copy(this.line.information, 0, information, 0, information.length);
      this.line.receivedLength = 0;
      this.push(information);
    }
    if (!this.wasUp && this.line.callState === "up") {
      this.wasUp = true;
      this.emit("up");
    }
    const isOver = this.line.callState === "idle" && this.line.ending === "disconnected";
    if (this.wasUp && isOver && !this.hasEnded) this.endInOrder();
  }

  /** The frame that is next to be sent. */
  private fill(): void {
    while (this.written !== undefined && this.line.canSend()) {
      const length = Math.min(this.line.longest(), this.chunk.length - this.chunkAt);
      if (length > 0) this.line.send(this.chunk, this.chunkAt, length);
      this.chunkAt += length;
      if (this.chunkAt < this.chunk.length) return;
      const written = this.written;
      this.written = undefined;
      written();
    }
  }

  private failureNow(nowUs: number): CounterFailure | undefined {
    if (this.line.callState === "refused") return OTHER_VERSION;
    if (!this.wasUp) return nowUs >= this.answerByUs ? this.noAnswer() : undefined;
    if (this.line.state() !== LinkState.Up) return ENDINGS[this.line.ending];
    return this.readableLength > UNREAD_LIMIT_BYTES ? NOBODY_READS : undefined;
  }

  private noAnswer(): CounterFailure {
    return this.hasHeard ? NO_FRAME : NO_ANSWER;
  }

  private finishWhenSent(nowUs: number): void {
    if (this.finished === undefined || this.written !== undefined) return;
    // Before the link is up nothing was written: the call is given up.
    if (this.wasUp && !this.line.canSend()) return;
    this.line.hangUp(nowUs);
    this.hasEnded = true;
    this.cancelTimer();
    this.push(null);
    this.finished();
  }

  private endInOrder(): void {
    this.hasEnded = true;
    this.cancelTimer();
    // After the bytes before it have gone their whole way: whoever reads them must not see the end first.
    setImmediate(() => {
      if (this.destroyed) return;
      this.push(null);
      this.written?.();
      this.written = undefined;
      this.finished?.();
    });
  }

  private wakeAt(dueUs: number): void {
    this.cancelTimer();
    if (this.destroyed || dueUs >= NEVER_US) return;
    this.cancelTimer = this.clock.after(Math.max(0, dueUs - this.clock.nowUs()), () => this.run());
  }
}
