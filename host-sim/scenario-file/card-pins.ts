/** The PINs of a resident's card by the names that scenario files have for them. */
import type { PinObject } from "../card/apps/pin-object.ts";
import type { SimCard } from "../card/sim-card.ts";
import { T1Endpoint } from "../card/t1-endpoint.ts";
import { placeOf, type PlaceName } from "./program-end.ts";

/** Undefined for a card that has none there. */
export function residentPin(card: SimCard, name: PlaceName): PinObject | undefined {
  if (!(card instanceof T1Endpoint)) return undefined;
  const { aid, file } = placeOf(name);
  return card.application.pins.find(
    (pin) => pin.application.toLowerCase() === aid && pin.file === parseInt(file, 16),
  );
}
