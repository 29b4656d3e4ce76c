/** Every story in which a PIN is typed, with two PINs: the same instructions, and the same RAM from the way out of the entry on. */
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { otherPin } from "../../host-sim/scenario/entry-cards.ts";
import { ENTRIES } from "../../host-sim/scenario/entries.ts";
import { buildQemuImage } from "../built-images.ts";
import { differencesOf } from "./compare-memory.ts";
import { tellWatched } from "./memory-run.ts";

const test = suite("same memory");
const IMAGE = buildQemuImage("build/forensics/same");
/** Each digit is in it; stories take as many as they need. */
const DIGITS = "9071826354980716";
let told = 0;

for (const scenario of ENTRIES) {
  test(scenario.name, () => {
    const pin = DIGITS.slice(0, scenario.digits);
    const [one, other] = [pin, otherPin(pin)].map((typed) => tellWatched(scenario, typed, IMAGE));
    is(one!.page, scenario.page);
    equal(differencesOf(one!, other!), []);
    told++;
  });
}

test("every story was told", () => {
  is(told, ENTRIES.length);
  console.log(`\n${told} stories with two PINs, 0 bytes that differ`);
});

test.run();
