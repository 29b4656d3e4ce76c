/** One VERIFY by the keypad, timed on the wires: what the keypad's scan, the card's contact and the display's bus show. */
import { ENGINE } from "../chosen-engine.ts";
import { AID, Counter, VERIFY_4 } from "../../host-sim/scenario/counter.ts";
import type { PassedCharacter } from "../../host-sim/chip/card-wire.ts";
import { exchangeNs, lcdNs } from "./wire-model.ts";

const SPI_NS_PER_BYTE = 4000;
/** Only 確認 is down: crossing 15. */
const CONFIRM_SCAN = 1 << 15;
const CHARACTER_NS = Math.round((10 * 372 * 1e9) / 3_571_200);

export interface VerifyTiming {
  /** Accepted 確認 to the last SPI bit of the result page, over what the wires alone cost. */
  readonly overWire: number;
  readonly acceptToCardUs: number;
  readonly swToLcdUs: number;
}

/** Times the check of a right PIN on the `mynumber` card with `seed`. */
export function timeVerify(seed: number): VerifyTiming {
  const counter = new Counter({ seed, engine: ENGINE }).start().insert("mynumber").select(AID.jpki, "0018");
  const { world } = counter.simulator;
  const characters: PassedCharacter[] = [];
  counter.simulator.runFor(200);
  world.recorder.clear();
  counter.host.beginSecure(Uint8Array.from(Buffer.from(VERIFY_4, "hex")));
  counter.waitForPrompt();
  counter.simulator.keys("1357");
  counter.simulator.runFor(800);
  world.wire.onCharacter((passed) => characters.push(passed));
  counter.simulator.keys("E");
  const status = Buffer.from(counter.host.finishSecure()).toString("hex");
  if (status !== "9000" || counter.page !== "ok")
    throw new Error(`the check ended ${status} on page ${counter.page}`);
  counter.simulator.runFor(150);
  counter.simulator.close();
  const acceptNs = acceptedNs(world.recorder.all());
  const lastSent = characters.findLastIndex((one) => one.from === "terminal");
  const sent = characters.slice(0, lastSent + 1);
  const received = characters.slice(lastSent + 1);
  const swEndNs = received.at(-1)!.character.startNs + CHARACTER_NS;
  const transfers = world.recorder
    .all()
    .filter((event) => event.channel === "spi" && event.timeNs >= swEndNs);
  const first = transfers[0]!;
  const last = transfers.at(-1)!;
  const endNs = last.timeNs + (last.value as Uint8Array).length * SPI_NS_PER_BYTE;
  // The strict reading: only what had to be drawn after the answer, not what was drawn while the card worked.
  const lcdBytes = transfers.reduce((sum, event) => sum + (event.value as Uint8Array).length, 0);
  const ideal = exchangeNs(sent.length, received.length) + lcdNs(lcdBytes);
  return {
    overWire: (endNs - acceptNs) / ideal,
    acceptToCardUs: (sent[0]!.character.startNs - acceptNs) / 1000,
    swToLcdUs: (first.timeNs - swEndNs) / 1000,
  };
}

/** The second of two equal scans in a row that see 確認 alone. */
function acceptedNs(events: readonly { timeNs: number; channel: string; value: unknown }[]): number {
  const scans = events.filter((event) => event.channel === "scan");
  const at = scans.findIndex(
    (scan, i) => i > 0 && scan.value === CONFIRM_SCAN && scans[i - 1]!.value === CONFIRM_SCAN,
  );
  if (at < 0) throw new Error("確認 was never seen twice");
  return scans[at]!.timeNs;
}

/** First contact of a digit key to the last SPI bit of its mask, in milliseconds; the worst of `count` phases. */
export function worstKeyToMaskMs(count: number): number {
  let worst = 0;
  for (let phase = 0; phase < count; phase++) worst = Math.max(worst, keyToMaskMs(phase / count));
  return worst;
}

function keyToMaskMs(phase: number): number {
  const counter = new Counter({ seed: 100 + Math.round(phase * 1000), engine: ENGINE })
    .start()
    .insert("mynumber")
    .select(AID.jpki, "0018");
  const { world } = counter.simulator;
  counter.host.beginSecure(Uint8Array.from(Buffer.from(VERIFY_4, "hex")));
  counter.waitForPrompt();
  counter.simulator.keys("1");
  counter.simulator.runFor(500 + 4 * phase);
  world.recorder.clear();
  counter.simulator.keys("3");
  counter.simulator.runFor(100);
  counter.simulator.close();
  const contact = world.recorder.all().find((event) => event.channel === "keys")!;
  const transfers = world.recorder.all().filter((event) => event.channel === "spi");
  const last = transfers.at(-1)!;
  return (last.timeNs + (last.value as Uint8Array).length * SPI_NS_PER_BYTE - contact.timeNs) / 1e6;
}
