/** The PC's end of the bench image's line in a scenario: a PC/SC program over a driver as libccid is, told with the scenarios' counter. */
import { HostFailure } from "../host/ccid-host.ts";
import { fromHex, toHex, VERIFY_4, type Counter } from "../scenario/counter.ts";
import { PLACES } from "../scenario/entry-cards.ts";

export const PLACE_NAMES = ["juki", "common", "user-authentication", "surface-input"] as const;
export type PlaceName = (typeof PLACE_NAMES)[number];

export function placeOf(name: PlaceName): (typeof PLACES)[keyof typeof PLACES] {
  const { juki, common, userAuthentication, surfaceInput } = PLACES;
  return { juki, common, "user-authentication": userAuthentication, "surface-input": surfaceInput }[name];
}

export class ProgramEnd {
  /** Status word or response of the latest command, in hexadecimal; or why there was none. */
  answer = "none";

  constructor(private readonly counter: Counter) {}

  /** Opens the port as the driver does. */
  connect(): void {
    this.counter.host.startUp();
  }

  powerOn(): void {
    this.answer = answered(() => {
      this.counter.host.slotStatus();
      return toHex(this.counter.host.powerOn().data);
    });
  }

  powerOff(): void {
    this.counter.host.powerOff();
  }

  select(place: PlaceName): void {
    const { aid, file } = placeOf(place);
    this.counter.select(aid, file);
    this.answer = "9000";
  }

  apdu(command: string): void {
    this.answer = answered(() => this.counter.apdu(command));
  }

  /** Begins the VERIFY of four digits on the keypad; `finish` waits for its end. */
  verify(): void {
    this.answer = "waiting";
    this.counter.host.beginSecure(fromHex(VERIFY_4));
  }

  finish(): void {
    this.answer = answered(() => toHex(this.counter.host.finishSecure()));
  }

  /** What the driver has not read goes with the terminal's restart. */
  discard(): void {
    this.counter.host.discard();
  }
}

function answered(ask: () => string): string {
  try {
    return ask();
  } catch (error) {
    if (error instanceof HostFailure) return error.message;
    throw error;
  }
}
