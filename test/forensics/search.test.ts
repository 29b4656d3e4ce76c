/** What would be left is found: in every form, at every stride, in both directions, and with most of it alone. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import type { Snapshot } from "../../host-sim/engine/qemu-memory.ts";
import { SeededRandom } from "../../host-sim/world/random.ts";
import { FORMS, search, STRIDES, type Form } from "./search.ts";

const test = suite("search");
const PIN = "907182635498";
const BASE = 0x20000000;
const BYTES = 0x10000;
/** In the middle, across a page. */
const AT = 0x8000 - 9;

const random = new SeededRandom(1);
const NOISE = Buffer.from(Array.from({ length: BYTES }, () => random.below(256)));

/** Memory in which there is nothing but noise. */
function memory(): Snapshot {
  return { base: BASE, bytes: Buffer.from(NOISE) };
}

function plant({ bytes }: Snapshot, form: Form, stride: number, count = Infinity): void {
  const elements = form.elements([...PIN].map(Number));
  elements.slice(0, count).forEach((element, index) => element.copy(bytes, AT + index * stride));
}

for (const form of FORMS) {
  // A neighbour must not stand in the place of an element's second byte.
  const strides = STRIDES.filter((stride) => stride >= form.elements([0, 1, 2])[0]!.length);

  test(`${form.name} is found at every stride, upwards and downwards`, () => {
    for (const stride of [...strides, ...strides.map((each) => -each)]) {
      const snapshot = memory();
      plant(snapshot, form, stride);
      const found = search([snapshot], PIN, form);
      ok(
        found.some((finding) => finding.stride === stride),
        `${stride} bytes apart`,
      );
    }
  });

  test(`most of ${form.name} is found`, () => {
    const snapshot = memory();
    const length = form.elements([...PIN].map(Number)).length;
    const count = length > 6 ? 7 : length - 1;
    plant(snapshot, form, 16, count);
    const found = search([snapshot], PIN, form);
    // The next element may stand there by chance.
    ok(found.some((finding) => finding.stride === 16 && finding.count >= count));
  });

  test(`${form.name} is not found where it is not`, () => {
    equal(search([memory()], PIN, form), []);
  });
}

test("a page that nobody has touched is passed over, what stands across its edge is not", () => {
  const bytes = Buffer.alloc(BYTES);
  const form = FORMS[0]!;
  plant({ base: BASE, bytes }, form, 1);
  is(search([{ base: BASE, bytes }], PIN, form).length, 1);
});

test.run();
