/** No digit of a PIN is on the glass: whichever are typed, every frame of the entry is the same, pixel by pixel. */
import { suite } from "uvu";
import { is, ok } from "uvu/assert";
import { Counter } from "../../../host-sim/scenario/counter.ts";
import { PLACES, residentWith } from "../../../host-sim/scenario/entry-cards.ts";
import { beginEntry } from "../../../host-sim/scenario/expectations.ts";

const test = suite("digits on the glass");
const { juki } = PLACES;
const EVERY_MS = 150;

/** What the glass shows before the first key and after each. */
function framesOf(keys: string): string[] {
  const counter = new Counter({ seed: 1 });
  const { simulator } = counter;
  counter.start().insert(residentWith(juki, "4649")).select(juki.aid, juki.file);
  beginEntry(counter);
  const frame = (): string => Buffer.from(simulator.world.lcd.frame()).toString("latin1");
  simulator.runFor(EVERY_MS);
  const frames = [frame()];
  for (const key of keys) {
    simulator.keys(key, EVERY_MS);
    simulator.runFor(EVERY_MS);
    frames.push(frame());
  }
  is(simulator.page(), "pin");
  simulator.close();
  return frames;
}

test("any digits typed make the same pixels, key by key", () => {
  const expected = framesOf("0000");
  is(new Set(expected).size, 5, "each key is seen");
  // Every digit at every place.
  for (let digit = 1; digit <= 9; digit++) {
    const keys = [0, 1, 2, 3].map((place) => (digit + 3 * place) % 10).join("");
    framesOf(keys).forEach((frame, i) => ok(frame === expected[i], `${keys}: key ${i} shows on the glass`));
  }
});

test.run();
