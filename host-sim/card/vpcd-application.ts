/** A card whose inside is a vpcd peer: commands go out, answers come back whenever they come. */
import type { CardApplication } from "./card-application.ts";

const OFF = Uint8Array.of(0);
const ON = Uint8Array.of(1);
const RESET = Uint8Array.of(2);

export class VpcdApplication implements CardApplication {
  /** What the peer holds cannot be seen. */
  readonly pins = [];
  /** One entry an answer that is due, in order; undefined when nobody wants it any more. */
  private readonly due: (((response: Uint8Array) => void) | undefined)[] = [];
  private isOn = true;

  /** `send` carries one message to the peer, which is switched on. */
  constructor(private readonly send: (payload: Uint8Array) => void) {}

  reset(warm: boolean): void {
    this.forget();
    if (warm) this.send(RESET);
    else if (!this.isOn) this.send(ON);
    this.isOn = true;
  }

  powerDown(): void {
    this.forget();
    if (this.isOn) this.send(OFF);
    this.isOn = false;
  }

  /** A command of one byte would be taken for a control message: no APDU is so short. */
  process(command: Uint8Array, answerLater: (response: Uint8Array) => void): Uint8Array | undefined {
    if (command.length < 4) return Uint8Array.of(0x67, 0x00);
    this.due.push(answerLater);
    this.send(command);
    return undefined;
  }

  /** A message from the peer. */
  received(payload: Uint8Array): void {
    this.due.shift()?.(payload);
  }

  private forget(): void {
    this.due.fill(undefined);
  }
}
