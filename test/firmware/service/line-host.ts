/** A bench for the counter line: bytes as they are, frames as they come, in virtual time. */
import { Counter, fromHex, toHex, AID, VERIFY_4 } from "../../../host-sim/scenario/counter.ts";
import type { SimCard } from "../../../host-sim/card/sim-card.ts";

export interface Reply {
  readonly type: number;
  readonly sequence: number;
  readonly status: number;
  readonly error: number;
  readonly data: string;
}

export function framed(message: readonly number[]): Uint8Array {
  const frame = [0x03, 0x06, ...message];
  return Uint8Array.of(
    ...frame,
    frame.reduce((sum, byte) => sum ^ byte, 0),
  );
}

export function request(type: number, data = "", specific: readonly number[] = [0, 0, 0]): number[] {
  const bytes = fromHex(data);
  return [type, bytes.length & 255, bytes.length >> 8, 0, 0, 0, 7, ...specific, ...bytes];
}

export class LineHost {
  readonly counter: Counter;
  private readonly heard: number[] = [];

  constructor(card?: string | SimCard) {
    this.counter = new Counter({ seed: 1 }).start();
    this.counter.simulator.world.recorder.keep = false;
    if (card !== undefined) this.counter.insert(card);
    this.counter.simulator.world.line.onBytes((bytes) => this.heard.push(...bytes));
  }

  /** Begins a Secure for the 利用者証明用 PIN and waits for its prompt. */
  ask(): this {
    this.counter.select(AID.jpki, "0018");
    this.counter.host.beginSecure(fromHex(VERIFY_4));
    this.counter.waitForPrompt();
    this.heard.length = 0;
    return this;
  }

  send(bytes: Uint8Array | string, waitMs = 300): this {
    this.counter.host.rawBytes(typeof bytes === "string" ? fromHex(bytes) : bytes);
    this.wait(waitMs);
    return this;
  }

  wait(ms: number): void {
    this.counter.simulator.runFor(ms);
  }

  /** Everything that came since the last call. */
  take(): string {
    return toHex(Uint8Array.from(this.heard.splice(0)));
  }

  /** Sends a message; its answer, once the echo before it was found to be right. */
  message(type: number, data = "", specific: readonly number[] = [0, 0, 0], waitMs = 300): Reply {
    const sent = request(type, data, specific);
    this.send(framed(sent), waitMs);
    const bytes = fromHex(this.take());
    const echo = framed([type, 0, 0, 0, 0, ...sent.slice(5, 10)]);
    if (toHex(bytes.subarray(0, 13)) !== toHex(echo)) throw new Error(`no echo first: ${toHex(bytes)}`);
    const answer = bytes.subarray(13 + 2);
    if (answer.length < 11) throw new Error(`no answer: ${toHex(bytes)}`);
    return {
      type: answer[0]!,
      sequence: answer[6]!,
      status: answer[7]!,
      error: answer[8]!,
      data: toHex(answer.subarray(10, -1)),
    };
  }
}
