/**
 * The worst card that a host could hope for: takes every class and channel for its own, finds a PIN in every instruction that
 * some standard has for one, unwraps ENVELOPE, takes bytes behind a command for the next one, and says 9000 to all else.
 * What the firewall must stop shows in its one PIN object, also where well-behaved models would refuse by class or length.
 */
import type { CardApplication } from "../../host-sim/card/card-application.ts";
import { PinObject } from "../../host-sim/card/apps/pin-object.ts";
import { isPinCommand } from "./pin-commands.ts";

const DONE = Uint8Array.of(0x90, 0x00);

export class CarelessCard implements CardApplication {
  readonly pins = [
    new PinObject({ application: "", file: 1, value: "1234", tries: 3, minimumBytes: 1, maximumBytes: 255 }),
  ];

  reset(): void {
    this.powerDown();
  }

  powerDown(): void {
    this.pins[0]!.verified = false;
  }

  process(raw: Uint8Array): Uint8Array {
    const pin = this.pins[0]!;
    if (raw.length < 4) return DONE;
    const [cla, ins] = [raw[0]!, raw[1]!];
    const data = raw.subarray(5, 5 + (raw[4] ?? 0));
    const isEnvelope = ins === 0xc2 || ins === 0xc3;
    if (isPinCommand(cla, ins) && raw.length === 4 && (ins & 0xfe) === 0x20) {
      return Uint8Array.of(0x63, 0xc0 | pin.left);
    }
    if (isPinCommand(cla, ins)) this.carelessly(ins, data);
    if (isEnvelope) this.process(data);
    if (raw.length > 5 + data.length + 3) this.process(raw.subarray(5 + data.length));
    return DONE;
  }

  private carelessly(ins: number, data: Uint8Array): void {
    const pin = this.pins[0]!;
    if ((ins & 0xfe) === 0x20) pin.verify(data);
    else pin.change(data);
  }
}
