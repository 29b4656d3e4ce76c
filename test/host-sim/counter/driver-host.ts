/** The PC's serial driver in front of the bridge, as libccid 1.5.2 reads and writes (facts: pcsc-serial §2), in a test's time. */
import { GemPcBridge } from "../../../host-sim/counter/gempc-bridge.ts";
import type { ManualClock } from "./manual-clock.ts";

export interface DriverAnswer {
  readonly echo: Uint8Array;
  readonly answer: Uint8Array;
  /** Time requests between them. */
  readonly timeRequests: number;
}

/** A CCID request of the driver. */
export function request(type: number, data: readonly number[] = [], sequence = 5): Uint8Array {
  return Uint8Array.of(type, data.length & 0xff, data.length >> 8, 0, 0, 0, sequence, 1, 2, 3, ...data);
}

export function framed(message: Uint8Array): Uint8Array {
  const bytes = [0x03, 0x06, ...message];
  return Uint8Array.of(
    ...bytes,
    bytes.reduce((lrc, byte) => lrc ^ byte, 0),
  );
}

export class DriverHost {
  readonly bridge: GemPcBridge;
  /** Everything that came from the bridge. */
  received: number[] = [];

  constructor(private readonly clock: ManualClock) {
    this.bridge = new GemPcBridge((bytes) => this.received.push(...bytes), clock);
  }

  /** One message with its echo and answer. */
  async ask(message: Uint8Array): Promise<DriverAnswer> {
    this.received = [];
    this.bridge.push(framed(message));
    return this.clock.until(this.answered());
  }

  /** Resolves when an echo and an answer have come. */
  async answered(): Promise<DriverAnswer> {
    for (;;) {
      const found = this.parsed();
      if (found !== undefined) return found;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private parsed(): DriverAnswer | undefined {
    const rest = [...this.received];
    const echo = takeFrame(rest);
    if (echo === undefined) return undefined;
    let timeRequests = 0;
    while (rest.length > 0 && rest[0]! >= 0x80) {
      rest.shift();
      timeRequests++;
    }
    const answer = takeFrame(rest);
    return answer === undefined ? undefined : { echo, answer, timeRequests };
  }
}

/** Takes one frame off; throws when there is something else, or its LRC is wrong. */
function takeFrame(bytes: number[]): Uint8Array | undefined {
  if (bytes.length < 13) return undefined;
  if (bytes[0] !== 0x03 || bytes[1] !== 0x06) throw new Error(`no frame: ${bytes.slice(0, 4).join(" ")}`);
  const total = 2 + 10 + bytes[3]! + 256 * bytes[4]! + 1;
  if (bytes.length < total) return undefined;
  const frame = bytes.splice(0, total);
  if (frame.reduce((lrc, byte) => lrc ^ byte, 0) !== 0) throw new Error("wrong LRC");
  return Uint8Array.from(frame.slice(2, -1));
}
