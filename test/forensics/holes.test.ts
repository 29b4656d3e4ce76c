/** The forensics notice what is there, and a reset in the middle of an entry leaves nothing: images with holes made on purpose. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import type { QemuImage } from "../../host-sim/engine/qemu-engine.ts";
import { otherPin } from "../../host-sim/scenario/entry-cards.ts";
import { differencesOf } from "./compare-memory.ts";
import { buildFaulty, buildPlanted, plantedStride } from "./holed-images.ts";
import { LONG_ENTRIES, RESETS } from "./long-entries.ts";
import { tellWatched } from "./memory-run.ts";
import { FORMS, search } from "./search.ts";

const test = suite("forensics of images with holes");
const PIN = "907182635498";
let planted: QemuImage;
let faulty: QemuImage;

test.before(async () => {
  planted = await buildPlanted(PIN);
  faulty = await buildFaulty();
});

test("a program that keeps what is typed is found out, in every form and by the comparison", () => {
  const cancelled = LONG_ENTRIES.find(({ name }) => name === "取消")!;
  const [one, other] = [PIN, otherPin(PIN)].map((typed) => tellWatched(cancelled, typed, planted));
  const missed = FORMS.filter((form, at) => {
    const found = search(one!.end, PIN, form).map(
      ({ stride, count }) => `${count} at ${plantedStride(at) - stride}`,
    );
    return !found.includes(`${form.elements([...PIN].map(Number)).length} at 0`);
  });
  equal(missed, []);
  const differing = differencesOf(one!, other!).filter((text) => text.startsWith("end: 12 bytes differ"));
  is(differing.length, 1);
});

for (const scenario of RESETS) {
  test(`nothing is left when ${scenario.name} in the middle of an entry`, () => {
    const [one, other] = [PIN, otherPin(PIN)].map((typed) => tellWatched(scenario, typed, faulty));
    is(one!.page, scenario.page);
    ok(one!.counts.filter((count) => count.startsWith("boot")).length === 2, "the board has begun anew");
    equal(differencesOf(one!, other!), []);
    const memory = [one!.steps[0]!, ...one!.end];
    equal(
      FORMS.flatMap((form) => search(memory, PIN, form)),
      [],
    );
  });
}

test.run();
