/** The terminal's end of the line as a stream: the answering line of the firmware, which takes every call. */
import { Duplex } from "node:stream";
import { FrameLine } from "../../../firmware/driver/frame-line.ts";
import { LinkState, ReliableLine } from "../../../firmware/driver/reliable-line.ts";
import { NEVER_US } from "../../../firmware/protocol/time.ts";
import type { CounterClock } from "../../../host-sim/counter/counter-clock.ts";
import type { CounterWire } from "../../../host-sim/counter/counter-wire.ts";
import { WireUart } from "../../../host-sim/counter/wire-uart.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";

/** One link of the terminal's, as its TLS server sees it. */
export class TerminalLink extends Duplex {
  outgoing: { chunk: Buffer; done: (error?: Error | null) => void } | undefined;
  at = 0;

  constructor(
    private readonly wake: () => void,
    private readonly hangUp: () => void,
  ) {
    super({ allowHalfOpen: true });
    this.on("error", () => undefined);
  }

  override _read(): void {
    // All is pushed at once.
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.outgoing = { chunk, done };
    this.at = 0;
    this.wake();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.hangUp();
    done();
  }
}

export class TerminalEnd {
  /** How often SABM has come. */
  calls = 0;
  /** While false an SABM waits, as behind a PIN command. */
  accepts = true;
  line: ReliableLine;
  /** What comes in frames, before TLS. */
  onRaw: (bytes: Buffer) => void = () => undefined;
  private readonly uart: WireUart;
  private link: TerminalLink | undefined;
  private isHangingUp = false;
  private isOff = false;
  private cancel: () => void = () => undefined;

  /** `onLink` gets each link that has begun. */
  constructor(
    wire: CounterWire,
    private readonly clock: CounterClock,
    private readonly onLink: (link: TerminalLink) => void,
  ) {
    this.uart = new WireUart((bytes) => wire.write(bytes));
    this.line = this.newLine();
    wire.listen({
      bytes: (bytes) => {
        this.uart.push(bytes);
        this.run();
      },
      ended: (failure) => {
        this.link?.destroy(failure);
        this.close();
      },
    });
  }

  /** DISC at once, whatever is under way. */
  disconnect(): void {
    this.line.disconnect(this.clock.nowUs());
    this.link?.destroy();
  }

  /** It is switched off. */
  close(): void {
    this.cancel();
    this.isOff = true;
  }

  /** The terminal starts again: the link is gone and nobody was told. */
  forget(): void {
    this.line = this.newLine();
    this.link?.destroy();
  }

  currentLink(): TerminalLink | undefined {
    return this.link;
  }

  run(): void {
    if (this.isOff) return;
    const nowUs = this.clock.nowUs();
    while (this.line.receive(nowUs)) {
      const bytes = Buffer.from(
        Array.from({ length: this.line.receivedLength }, (_, i) => this.line.information[i]!),
      );
      this.line.receivedLength = 0;
      this.onRaw(bytes);
      this.link?.push(bytes);
    }
    if (this.line.state() === LinkState.Asked) this.asked(nowUs);
    this.fill();
    const dueUs = this.line.step(nowUs);
    if (this.isHangingUp && this.link?.outgoing === undefined && this.line.canSend()) {
      this.isHangingUp = false;
      this.line.disconnect(nowUs);
    }
    this.cancel();
    if (dueUs < NEVER_US) this.cancel = this.clock.after(Math.max(0, dueUs - nowUs), () => this.run());
  }

  private newLine(): ReliableLine {
    return new ReliableLine(NODE_NATIVES, new FrameLine(NODE_NATIVES, this.uart, 115200));
  }

  private asked(nowUs: number): void {
    if (!this.accepts) return;
    this.calls++;
    this.link?.destroy();
    this.isHangingUp = false;
    this.line.accept(nowUs);
    this.link = new TerminalLink(
      () => this.run(),
      () => {
        this.isHangingUp = true;
        this.run();
      },
    );
    this.onLink(this.link);
  }

  private fill(): void {
    const link = this.link;
    while (link?.outgoing !== undefined && this.line.canSend()) {
      const { chunk, done } = link.outgoing;
      const length = Math.min(this.line.longest(), chunk.length - link.at);
      this.line.send(chunk, link.at, length);
      link.at += length;
      if (link.at < chunk.length) return;
      link.outgoing = undefined;
      done();
    }
  }
}
