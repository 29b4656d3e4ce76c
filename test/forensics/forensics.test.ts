/** After every way out of an entry nothing in the board's RAM depends on what was typed, and nothing of it is found there. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { otherPin } from "../../host-sim/scenario/entry-cards.ts";
import { buildQemuImage } from "../built-images.ts";
import { differencesOf, placeOf } from "./compare-memory.ts";
import { LONG_ENTRIES } from "./long-entries.ts";
import { tellWatched, type MemoryRun } from "./memory-run.ts";
import { FORMS, search, STRIDES } from "./search.ts";

const test = suite("forensics");
const IMAGE = buildQemuImage("build/forensics/image");
/** Twelve digits without order, each digit in it. */
const PIN = "907182635498";
const counted = { ways: 0, searches: 0, findings: 0 };

/** Looks for the PIN as soon as the entry is out, and at the end. */
function findingsIn({ steps, end, symbols }: MemoryRun): string[] {
  const moments = [
    { when: "at once", memory: [steps[0]!] },
    { when: "at the end", memory: end },
  ];
  return moments.flatMap(({ when, memory }) =>
    FORMS.flatMap((form) => {
      counted.searches += STRIDES.length;
      return search(memory, PIN, form).map(({ address, stride, count }) => {
        const place = placeOf(address, symbols);
        return `${when}: ${count} in a row as ${form.name}, ${stride} bytes apart, at ${place}`;
      });
    }),
  );
}

for (const scenario of LONG_ENTRIES) {
  test(`same memory, nothing found: ${scenario.name}`, () => {
    const [one, other] = [PIN, otherPin(PIN)].map((typed) => tellWatched(scenario, typed, IMAGE));
    is(one!.page, scenario.page);
    equal(differencesOf(one!, other!), []);
    const findings = findingsIn(one!);
    counted.findings += findings.length;
    equal(findings, []);
    counted.ways++;
  });
}

test("every way out was looked at", () => {
  is(counted.ways, LONG_ENTRIES.length);
  ok(counted.searches >= 10);
  console.log(`\n${counted.ways} ways out of an entry of 12 digits, 0 bytes that differ`);
  console.log(`${counted.searches} searches, ${counted.findings} findings`);
});

test.run();
