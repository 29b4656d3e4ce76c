/** What a board is to the composition roots: pins, channels and clocks as data. */
import type { CardSlotWiring } from "../firmware/driver/card-slot.ts";
import type { SharpLcdWiring } from "../firmware/driver/sharp-lcd.ts";
import type { LampWiring } from "../firmware/driver/lamps.ts";

export interface Board {
  readonly name: string;
  readonly slot: CardSlotWiring;
  readonly lcd: SharpLcdWiring;
  readonly lamps: LampWiring;
  /** PWM channel of the piezo. */
  readonly piezoChannel: number;
  /** Input of the case's key switch, low in its service position. */
  readonly caseKeyN: number;
  /** Period of the key scan. */
  readonly scanUs: number;
  /** The watchdog resets the board when a part has not reported for so long. */
  readonly watchdogUs: number;
  /** Speed of the counter line. */
  readonly lineBaud: number;
}
