/** The PC's end of a line on which bytes come and go: a serial device, a TCP connection, or the encrypted stream above them. */
import type { CounterFailure } from "./counter-failure.ts";

export interface WireListener {
  /** Bytes from the other end; they stay as they are. */
  bytes(bytes: Uint8Array): void;
  /** The wire has ended by itself: called once, and at once when it had ended before somebody listened. */
  ended(failure: CounterFailure): void;
}

export interface CounterWire {
  /** Queues `bytes`, which are taken over; what is written after the end goes nowhere. */
  write(bytes: Uint8Array): void;
  /** There is one listener at a time; without one, what comes is dropped. */
  listen(listener: WireListener | undefined): void;
  /** Ends it from this side when everything that was written has left; nobody is told. */
  close(): Promise<void>;
}

/** The listener of a wire, which may come later than the wire's end. */
export class WireEars {
  private listener: WireListener | undefined;
  private failure: CounterFailure | undefined;
  private isClosed = false;

  listen(listener: WireListener | undefined): void {
    this.listener = listener;
    if (this.failure !== undefined && !this.isClosed) this.end(this.failure);
  }

  hear(bytes: Uint8Array): void {
    if (!this.isClosed) this.listener?.bytes(bytes);
  }

  /** The first end is the one that counts. */
  end(failure: CounterFailure): void {
    this.failure ??= failure;
    if (this.isClosed || this.listener === undefined) return;
    this.isClosed = true;
    this.listener.ended(this.failure);
  }

  close(): void {
    this.isClosed = true;
  }
}
