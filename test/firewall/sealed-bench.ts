/**
 * The attacks of this folder at a sealed terminal: a counter that holds the key and means harm sends its messages inside of the
 * session.
 */
import type { SealedHost } from "../../host-sim/host/sealed-host.ts";
import { Simulator } from "../../host-sim/world/simulator.ts";
import { hostAt, PAIR } from "../host-sim/world/sealed-simulator.ts";
import { AttackBench, type BenchCard } from "./attack-bench.ts";
import { headOf, HEADER_BYTES, replyOf, type Attacker, type RawReply, type WrongHead } from "./raw-host.ts";

/** Opens a session anew whenever the terminal has closed one. */
class SealedAttacker implements Attacker {
  readonly replies: RawReply[] = [];
  private inbox: Buffer = Buffer.alloc(0);
  private sequence = 0;

  constructor(private readonly host: SealedHost) {
    this.reopen();
  }

  send(type: number, specific: readonly number[], data: ArrayLike<number>, wrong: WrongHead = {}): number {
    const sequence = this.sequence;
    this.sequence = (sequence + 1) & 255;
    this.sendFrame([...headOf(type, sequence, specific, data, wrong), ...Array.from(data)]);
    return sequence;
  }

  sendFrame(message: readonly number[]): void {
    this.sendBytes(message);
  }

  sendBytes(bytes: ArrayLike<number>): void {
    if (this.host.link.callState !== "up") this.reopen();
    this.host.rawMessage(Uint8Array.from(bytes));
  }

  private reopen(): void {
    const { host } = this;
    this.inbox = Buffer.alloc(0);
    host.onPump = undefined;
    host.open();
    host.onPump = () => this.take();
  }

  private take(): void {
    this.inbox = Buffer.concat([this.inbox, ...this.host.tls.received.splice(0)]);
    while (this.inbox.length >= HEADER_BYTES) {
      const whole = HEADER_BYTES + this.inbox.readUInt32LE(1);
      if (this.inbox.length < whole) return;
      this.replies.push(replyOf([...this.inbox.subarray(0, whole)]));
      this.inbox = this.inbox.subarray(whole);
    }
  }
}

/** A session is open, both roles confirmed; the card is powered. */
export function sealedBench(target: BenchCard): AttackBench {
  const simulator = new Simulator({ mode: "sealed", pair: PAIR, seed: 1 });
  simulator.runFor(100);
  return new AttackBench(target, "refuse", { simulator, host: new SealedAttacker(hostAt(simulator)) });
}
