/**
 * The PC's end of the counter line, which one program has at a time: somebody outside (pty, TCP), or one of this process, which
 * borrows it for its work. Nobody breaks in: who comes second is told so, or, outside, is not heard.
 */
import { CounterFailure } from "../counter/counter-failure.ts";
import { WireEars, type CounterWire } from "../counter/counter-wire.ts";
import type { LineListener, OutsideLine } from "./outside-line.ts";

/** Where nobody can tell whether a PC is connected: one that has been silent for so long has let go. */
const QUIET_MS = 3000;

export interface SharedLineParts {
  /** Bytes towards the terminal. */
  readonly send: (bytes: Uint8Array) => void;
  /** Any clock that goes on. */
  readonly nowMs: () => number;
}

export class SharedLine {
  private outside: OutsideLine | undefined;
  private heardMs = -Infinity;
  private borrower: WireEars | undefined;

  constructor(private readonly parts: SharedLineParts) {}

  /** There is an outside from now on. */
  connect(outside: OutsideLine): void {
    this.outside = outside;
  }

  /** Bytes from outside go to the terminal by `forward`, unless the line is lent. */
  hearOutside(bytes: Uint8Array, forward: LineListener): void {
    if (this.borrower !== undefined) return;
    this.heardMs = this.parts.nowMs();
    forward(bytes);
  }

  /** Bytes from the terminal. */
  hearTerminal(bytes: Uint8Array): void {
    if (this.borrower === undefined) this.outside?.write(bytes);
    else this.borrower.hear(Uint8Array.from(bytes));
  }

  /** The line for a program of this process until it closes the wire. Throws `CounterFailure` while somebody else has it. */
  borrow(): CounterWire {
    const isSpeaking = this.outside?.isConnected?.() ?? this.parts.nowMs() - this.heardMs < QUIET_MS;
    if (this.borrower !== undefined || isSpeaking)
      throw new CounterFailure(
        "wire",
        "another program speaks with the terminal on its line",
        "let it end, then try again: the line serves one program at a time",
      );
    const ears = new WireEars();
    this.borrower = ears;
    return {
      write: (bytes) => {
        if (this.borrower === ears) this.parts.send(bytes);
      },
      listen: (listener) => ears.listen(listener),
      close: () => {
        ears.close();
        if (this.borrower === ears) this.borrower = undefined;
        return Promise.resolve();
      },
    };
  }
}
