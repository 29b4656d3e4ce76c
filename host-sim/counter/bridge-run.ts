/** The bridge at work: a session, the next one when it has ended, and the pty on which PC/SC software finds its reader. */
import type { OutsideLine } from "../cli/outside-line.ts";
import { CONNECT_AGAIN, CONNECT_ONCE, withRetries, type OpenTerminal, type Terminal } from "./connect.ts";
import type { CounterClock } from "./counter-clock.ts";
import { failureOf, type CounterFailure } from "./counter-failure.ts";
import { GemPcBridge } from "./gempc-bridge.ts";
import { openPrivatePty } from "./private-pty.ts";
import type { TerminalInfo } from "./hello.ts";

export interface BridgeEvents {
  /** The reader is there. */
  onReady(pty: string, terminal: TerminalInfo): void;
  /** Something that a technician wants to know. */
  onNotice(text: string): void;
}

export class BridgeRun {
  private readonly bridge: GemPcBridge;
  private pty: OutsideLine | undefined;
  private terminal: Terminal | undefined;
  private isClosed = false;

  /** `open` is called for each session. */
  constructor(
    private readonly path: string,
    private readonly open: OpenTerminal,
    private readonly clock: CounterClock,
    private readonly events: BridgeEvents,
  ) {
    this.bridge = new GemPcBridge((bytes) => this.pty?.write(bytes), clock);
  }

  /** Runs until `close`, or rejects with what waiting does not mend. The pty comes with the first session. */
  async run(): Promise<void> {
    this.terminal = await withRetries(() => this.connect(), CONNECT_ONCE, this.clock);
    this.pty = openPrivatePty(this.path, (bytes) => this.bridge.push(bytes));
    this.events.onReady(this.path, this.terminal.session.info());
    for (;;) {
      const failure = await sessionEnd(this.terminal);
      this.bridge.detach();
      if (this.isClosed) return;
      this.events.onNotice(`session lost: ${failure.message}`);
      await this.terminal.close();
      this.terminal = await withRetries(() => this.connect(), CONNECT_AGAIN, this.clock, {
        onFailure: (again) => this.events.onNotice(`no session yet: ${again.message}`),
      });
      if (this.isClosed) return this.terminal.close();
      this.events.onNotice("session open again");
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.bridge.close();
    this.pty?.close();
    await this.terminal?.close();
  }

  private async connect(): Promise<Terminal> {
    const terminal = await this.open();
    try {
      await this.bridge.attach(terminal.session);
      return terminal;
    } catch (error) {
      await terminal.close();
      throw failureOf(error, "link");
    }
  }
}

function sessionEnd({ session }: Terminal): Promise<CounterFailure> {
  return new Promise((resolve) => session.ended(resolve));
}
