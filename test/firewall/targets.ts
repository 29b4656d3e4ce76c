/** The cards that are attacked, each with what is selected and how a VERIFY of its PIN ends. */
import { IsoCard } from "../../host-sim/card/apps/iso-card.ts";
import { JPKI_AID, JUKI_AID, myNumberCard, MY_NUMBER_ATR } from "../../host-sim/card/apps/my-number-card.ts";
import { OPERATOR_AID, OPERATOR_ATR, operatorCard } from "../../host-sim/card/apps/operator-card.ts";
import { buildAtr } from "../../host-sim/card/card-atr.ts";
import { card } from "../../host-sim/card/deck.ts";
import type { CardApplication } from "../../host-sim/card/card-application.ts";
import type { BenchCard } from "./attack-bench.ts";
import { CarelessCard } from "./careless-card.ts";

/** T=1, IFSC 254, LRC. */
export const ISO_ATR = buildAtr(0x3b, 0x8, [0x81, 0x31, 0xfe, 0x45], [0x80, 0x00]);

/** `00 A4 04 0C` by name and `00 A4 02 0C` by file. */
function selects(aid: string, file: number): Uint8Array[] {
  const name = Buffer.from(aid, "hex");
  const byName = Uint8Array.of(0x00, 0xa4, 0x04, 0x0c, name.length, ...name);
  return [byName, Uint8Array.of(0x00, 0xa4, 0x02, 0x0c, 0x02, file >> 8, file & 255)];
}

function target(name: string, application: CardApplication, atr: Uint8Array): BenchCard {
  return { card: card(name, application, { atr }), pins: application.pins, selects: [] };
}

/** P2 80 is 利用者証明用, "1357": the test's "1234" is wrong there, and costs a try. */
export function jpkiTarget(): BenchCard {
  return { ...target("jpki", myNumberCard(), MY_NUMBER_ATR), selects: selects(JPKI_AID, 0x0018) };
}

/** P2 80 is the 住基 PIN, "1234". */
export function jukiTarget(): BenchCard {
  return { ...target("juki", myNumberCard(), MY_NUMBER_ATR), selects: selects(JUKI_AID, 0x001c) };
}

/** P2 80 is the PIN of OPERATOR-1, "4649". */
export function operatorTarget(): BenchCard {
  const application = operatorCard({ name: "OPERATOR-1", pin: "4649" });
  return { ...target("operator", application, OPERATOR_ATR), selects: selects(OPERATOR_AID, 0x0011) };
}

/** P2 01 is "1234": right digits would set the flag. */
export function isoTarget(): BenchCard {
  return target("iso", new IsoCard(), ISO_ATR);
}

export function carelessTarget(): BenchCard {
  return target("careless", new CarelessCard(), ISO_ATR);
}
