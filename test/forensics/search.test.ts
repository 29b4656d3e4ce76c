/** A PIN that is put into memory on purpose is found: every form, every stride, both directions, and the greater part of it. */
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import type { Snapshot } from "../../host-sim/engine/qemu-memory.ts";
import { differingAddresses, placeOf } from "./compare-memory.ts";
import { FORMS, search, STRIDES, type Form } from "./search.ts";

const test = suite("search");
const PIN = "907182635498";
const BASE = 0x20000000;
const BYTES = 16384;
/** Near the end of a page, so that a run crosses it. */
const PLANTED_AT = 8180;

function plant(form: Form, pin: string, stride: number): Snapshot {
  const bytes = Buffer.alloc(BYTES);
  const elements = form.elements([...pin].map(Number));
  elements.forEach((element, index) => element.copy(bytes, PLANTED_AT + index * stride));
  return { base: BASE, bytes };
}

for (const form of FORMS) {
  test(`a whole PIN as ${form.name} is found at each stride, upwards and downwards`, () => {
    const whole = form.elements([...PIN].map(Number));
    // Closer than they are long, elements stand on one another.
    const strides = STRIDES.filter((stride) => stride >= whole[0]!.length);
    for (const stride of [...strides, ...strides.map((each) => -each)]) {
      const found = search([plant(form, PIN, stride)], PIN, form);
      equal(
        found.filter(({ count }) => count === whole.length).map((each) => each.stride),
        [stride],
      );
    }
  });
  test(`another PIN as ${form.name} is not found`, () => {
    for (const stride of STRIDES) equal(search([plant(form, "615240937826", stride)], PIN, form), []);
  });
}

test("the first and the last eight digits alone are found", () => {
  const [first, last] = [`${PIN.slice(0, 8)}1111`, `5555${PIN.slice(4)}`];
  for (const form of FORMS.filter(({ name }) => !name.startsWith("BCD")))
    for (const pin of [first, last]) is(search([plant(form, pin, 16)], PIN, form).length, 1, form.name);
});

test("two memories differ where they differ", () => {
  const [one, other] = [Buffer.alloc(BYTES, 7), Buffer.alloc(BYTES, 7)].map((bytes) => ({
    base: BASE,
    bytes,
  }));
  for (const at of [0, 4095, 4096, BYTES - 1]) other!.bytes[at] = 8;
  equal(differingAddresses(one!, one!), []);
  equal(
    differingAddresses(one!, other!),
    [0, 4095, 4096, BYTES - 1].map((at) => BASE + at),
  );
});

test("a place is told by the nearest symbol before it, heap and stack by their own names", () => {
  const symbols = new Map([
    ["answer", BASE],
    ["__bss_end", BASE + 64],
    ["__heap_start", BASE + 64],
    ["__stack_limit", BASE + 128],
  ]);
  equal(
    [BASE - 1, BASE + 7, BASE + 65, BASE + 200].map((address) => placeOf(address, symbols)),
    ["1fffffff", "20000007 (answer+7)", "20000041 (heap+1)", "200000c8 (stack+72)"],
  );
});

test.run();
