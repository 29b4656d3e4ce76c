/** An engine behind a link that carries the peripheral bus as bytes: runs it from one answer of `idle` to the next `idle`. */
import type { BusEvents, PeripheralBus } from "../../hal/bus.ts";
import { BusDecoder, BusFault, encodeIdleAnswer, frameAnswer } from "./bus-decoder.ts";
import { LinkBroken } from "./child-link.ts";
import { EngineFailure, type Engine } from "./engine.ts";

/** How bytes get to an engine and back; each throws `LinkBroken` when they do not any more. */
export interface EngineLink {
  /** Whatever has arrived, at least one byte; valid until the next call. */
  read(): Uint8Array;
  write(bytes: Uint8Array): void;
  /** What the engine has said beside the bus, for people. */
  log(): string;
  /** May be called again. */
  close(): void;
}

export class WireEngine implements Engine {
  private readonly decoder: BusDecoder;

  /**
   * Boots it up to its first `idle`. `name` is what failures call it. `onRequest` is called when an answered request has been
   * carried out and the engine waits: the moment to look at it from outside. Throws `EngineFailure`.
   */
  constructor(
    private readonly name: string,
    bus: PeripheralBus,
    private readonly link: EngineLink,
    private readonly onRequest: (request: string) => void = () => undefined,
  ) {
    this.decoder = new BusDecoder(bus);
    this.runUntilIdle();
  }

  resume(events: BusEvents): number {
    return this.runUntilIdle(encodeIdleAnswer(events));
  }

  close(): void {
    this.link.close();
  }

  private runUntilIdle(first?: Uint8Array): number {
    try {
      if (first !== undefined) this.link.write(frameAnswer(first));
      for (;;) {
        const asked = this.decoder.obey();
        if (asked !== undefined) this.onRequest(this.decoder.lastRequest);
        if (asked === undefined) this.decoder.take(this.link.read());
        else if (asked.kind === "idle") return asked.untilUs;
        else this.link.write(frameAnswer(asked.bytes));
      }
    } catch (error) {
      if (error instanceof LinkBroken || error instanceof BusFault) throw this.failure(error.message);
      this.close();
      throw error;
    }
  }

  /** Ends the engine and tells what is known. The bus request is named without its bytes: they may be digits. */
  private failure(what: string): EngineFailure {
    const log = this.link.log();
    this.close();
    const last = `last bus request: ${this.decoder.lastRequest}`;
    return new EngineFailure(
      `engine ${this.name} ${what}; ${last}; log: ${log === "" ? "empty" : `\n${log}`}`,
    );
  }
}
