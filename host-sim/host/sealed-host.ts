/**
 * A counter PC at the sealed line, in virtual time: reliable frames, TLS by the deterministic client, Hello, then CCID messages.
 */
import { FrameLine } from "../../firmware/driver/frame-line.ts";
import { LinkState } from "../../firmware/driver/reliable-line.ts";
import { TlsAlert } from "../../firmware/protocol/tls.ts";
import type { Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { Uart } from "../../hal/uart.ts";
import { CallingLine } from "../counter/calling-line.ts";
import { identityOf } from "../counter/key-file.ts";
import { NODE_NATIVES } from "../engine/node-natives.ts";
import { CcidHost, HostFailure, SECOND_NS, type HostLine, type RunWorld } from "./ccid-host.ts";
import { TlsClient } from "./tls-client.ts";

/** What a terminal and a counter share. */
export interface HostPair {
  readonly terminal: string;
  readonly counter: string;
  readonly psk: Uint8Array;
}

/** Virtual time as a host sees it. */
export interface HostClock {
  nowNs(): number;
  at(timeNs: number, action: () => void): { cancel(): void };
}

export interface SealedHostOptions {
  readonly pair: HostPair;
  readonly clock: HostClock;
  readonly mtu?: number;
  readonly baud?: number;
  readonly seed?: number;
}

const OPEN_NS = 15 * SECOND_NS;
const HEADER_BYTES = 10;
const ESCAPE = 0x6b;
const OWN_ESCAPE = 0x4d;
const HELLO = 0x10;
const RESULT_DONE = 0;

function named(name: string): Buffer {
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name)]);
}

/** How far a session has come that is made while time goes by anyway. */
interface Opening {
  awaits: "link" | "tls" | "hello";
  readonly done: (failure?: HostFailure) => void;
}

/** The line as a UART: what came waits until it is read. */
class LineUart implements Uart {
  private inbox: Buffer = Buffer.alloc(0);

  constructor(private readonly line: HostLine) {}

  came(bytes: Uint8Array): void {
    this.inbox = Buffer.concat([this.inbox, bytes]);
  }

  write(bytes: ReadonlyBytes, from: number, length: number): void {
    this.line.send((bytes as Uint8Array).slice(from, from + length));
  }

  read(into: Bytes, at: number, max: number): number {
    const count = Math.min(max, this.inbox.length);
    (into as Uint8Array).set(this.inbox.subarray(0, count), at);
    this.inbox = this.inbox.subarray(count);
    return count;
  }
}

export class SealedHost extends CcidHost {
  readonly link: CallingLine;
  tls: TlsClient;
  /** What the terminal said of itself in its Hello, result first. */
  hello: Uint8Array = new Uint8Array();
  /** Called at each change, before anything is sent: for hosts that do something crooked. */
  onPump: (() => void) | undefined;
  /** The program runs: before its first call, and when it has left, it hears and says nothing. */
  isThere = false;
  private readonly uart: LineUart;
  private outbox: Buffer = Buffer.alloc(0);
  private timer: { cancel(): void } | undefined;
  private sessions = 0;
  private opening: Opening | undefined;
  private isPumping = false;

  constructor(
    wire: HostLine,
    private readonly run: RunWorld,
    private readonly options: SealedHostOptions,
  ) {
    super();
    this.uart = new LineUart(wire);
    this.link = new CallingLine(NODE_NATIVES, new FrameLine(NODE_NATIVES, this.uart, options.baud ?? 115200));
    this.tls = this.makeTls();
    wire.onBytes((bytes) => {
      if (!this.isThere) return;
      this.uart.came(bytes);
      this.pump();
    });
  }

  /** A new link, a new session, and Hello. Throws `HostFailure` with what stopped it. */
  open(): void {
    this.opening = undefined;
    this.call();
    this.waitFor("no link", () => this.link.callState === "up");
    this.say(this.tls.begin());
    this.waitFor("no TLS session", () => this.tls.isOpen);
    const failure = this.greeted(this.command(ESCAPE, [0, 0, 0], this.greeting(), OPEN_NS).data);
    if (failure !== undefined) throw failure;
  }

  /** As `open`, while whoever runs the world runs it: `done` is called when Hello was answered, or with what stopped it. */
  openSoon(done: (failure?: HostFailure) => void): void {
    const opening: Opening = { awaits: "link", done };
    this.opening = opening;
    const { clock } = this.options;
    clock.at(clock.nowNs() + OPEN_NS, () => {
      if (this.opening !== opening) return;
      this.isThere = false;
      this.opened(opening, new HostFailure("timeout"));
    });
    this.call();
  }

  /** Whether `openSoon` has not come to its end. */
  isOpening(): boolean {
    return this.opening !== undefined;
  }

  /** SABM, until it is answered. */
  call(): void {
    this.isThere = true;
    this.outbox = Buffer.alloc(0);
    this.tls = this.makeTls();
    this.link.call(this.options.mtu ?? 128, this.sessions & 0xffff, this.nowUs());
    this.pump();
  }

  /** Bytes of the TLS stream. */
  say(bytes: Uint8Array): void {
    this.outbox = Buffer.concat([this.outbox, bytes]);
    if (!this.isPumping) this.pump();
  }

  /** Ends the session in order. */
  close(): void {
    this.say(this.tls.closeNotify());
    if (!this.run(() => this.link.state() === LinkState.Down, OPEN_NS))
      throw new HostFailure("the terminal has not ended the link");
  }

  rawMessage(message: Uint8Array): void {
    this.say(this.tls.send(message));
  }

  protected readMessage(limitNs: number, bufferBytes: number): readonly number[] {
    const head = this.take(HEADER_BYTES, limitNs);
    const total = HEADER_BYTES + Buffer.from(head).readUInt32LE(1);
    if (total > bufferBytes) throw new HostFailure(`wrong value for message size: ${total}`);
    return [...head, ...this.take(total - HEADER_BYTES, limitNs)];
  }

  private greeting(): Uint8Array {
    const { terminal, counter } = this.options.pair;
    return Buffer.concat([Buffer.from([OWN_ESCAPE, HELLO, 1, 1]), named(terminal), named(counter)]);
  }

  private greeted(answer: Uint8Array): HostFailure | undefined {
    this.hello = answer;
    return answer[0] === RESULT_DONE ? undefined : new HostFailure(`Hello: result ${answer[0]}`);
  }

  private stepOpening(opening: Opening): void {
    if (this.hasEnded()) return this.opened(opening, new HostFailure(this.ending()));
    if (opening.awaits === "link" && this.link.callState === "up") {
      opening.awaits = "tls";
      this.say(this.tls.begin());
    }
    if (opening.awaits === "tls" && this.tls.isOpen) {
      opening.awaits = "hello";
      this.sendMessage(ESCAPE, [0, 0, 0], this.greeting());
    }
    if (opening.awaits !== "hello") return;
    const all = Buffer.concat(this.tls.received);
    if (all.length < HEADER_BYTES || all.length < HEADER_BYTES + all.readUInt32LE(1)) return;
    const total = HEADER_BYTES + all.readUInt32LE(1);
    this.tls.received.splice(0, this.tls.received.length, all.subarray(total));
    this.opened(opening, this.greeted(all.subarray(HEADER_BYTES, total)));
  }

  private opened({ done }: Opening, failure: HostFailure | undefined): void {
    this.opening = undefined;
    done(failure);
  }

  private makeTls(): TlsClient {
    const { pair, seed = 1 } = this.options;
    this.sessions++;
    return new TlsClient(pair.psk, identityOf(pair), seed * 1000 + this.sessions);
  }

  private take(count: number, limitNs: number): readonly number[] {
    const has = (): boolean => this.arrived() >= count;
    if (!this.run(() => has() || this.hasEnded(), limitNs)) throw new HostFailure("timeout");
    if (!has()) throw new HostFailure(this.ending());
    const all = Buffer.concat(this.tls.received);
    this.tls.received.splice(0, this.tls.received.length, all.subarray(count));
    return [...all.subarray(0, count)];
  }

  private arrived(): number {
    return this.tls.received.reduce((sum, one) => sum + one.length, 0);
  }

  private waitFor(what: string, done: () => boolean): void {
    this.run(() => done() || this.hasEnded(), OPEN_NS);
    if (!done()) throw new HostFailure(`${what}: ${this.ending()}`);
  }

  private hasEnded(): boolean {
    const { callState } = this.link;
    return this.tls.alert !== TlsAlert.None || (callState !== "calling" && callState !== "up");
  }

  private ending(): string {
    if (this.tls.alert !== TlsAlert.None) return `alert ${this.tls.alert}`;
    return this.hasEnded() ? "the link is down" : "timeout";
  }

  private nowUs(): number {
    return Math.floor(this.options.clock.nowNs() / 1000);
  }

  /** Uses what has come, sends what can leave, and comes again when something is due. */
  private pump(): void {
    this.timer?.cancel();
    if (!this.isThere) return;
    const nowUs = this.nowUs();
    this.isPumping = true;
    while (this.link.receive(nowUs)) {
      const came = (this.link.information as Uint8Array).slice(0, this.link.receivedLength);
      this.link.receivedLength = 0;
      this.outbox = Buffer.concat([this.outbox, this.tls.take(came)]);
    }
    if (this.opening !== undefined) this.stepOpening(this.opening);
    this.onPump?.();
    this.isPumping = false;
    if (this.outbox.length > 0 && this.link.canSend()) {
      const piece = Math.min(this.outbox.length, this.link.longest());
      this.link.send(this.outbox, 0, piece);
      this.outbox = this.outbox.subarray(piece);
    }
    const dueUs = this.link.step(nowUs);
    if (dueUs < Number.MAX_SAFE_INTEGER)
      this.timer = this.options.clock.at(Math.max(dueUs * 1000, this.options.clock.nowNs()), () =>
        this.pump(),
      );
  }
}
