/** hal/pwm on Espruino: a pin's hardware timer at half duty, which goes on whatever the script does. */
import type { Pwm } from "../../hal/pwm.ts";
import type { Pin } from "./api.ts";

declare function analogWrite(pin: Pin, value: number, options: { readonly freq: number }): void;
declare function digitalWrite(pin: Pin, value: number): void;

export class EspruinoPwm implements Pwm {
  constructor(private readonly channels: readonly Pin[]) {}

  set(channel: number, hz: number): void {
    if (hz === 0) digitalWrite(this.channels[channel], 0);
    else analogWrite(this.channels[channel], 0.5, { freq: hz });
  }
}
