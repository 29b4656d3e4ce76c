/**
 * A resident check at the sealed line, and Secure in the same session. Same rhythm, other digits: every byte of the line and of the
 * memory is the same, at the same time; declassified is the outcome alone. Other counts and rhythms: the same up to the ending event.
 */
import { suite } from "uvu";
import { equal, ok } from "uvu/assert";
import { tellCheck } from "./check-counter.ts";
import { CHECK_STORIES } from "./check-stories.ts";
import {
  CHECK_ENDINGS,
  CHECK_LIMIT,
  compareTypists,
  typedInCheck,
  type CheckEnding,
} from "./check-typists.ts";
import { compareTold, SEALED_CHANNELS, somePins } from "./runs.ts";
import { tellNamed } from "./told-stories.ts";
import { NOBODY, typists, type Typist } from "./typists.ts";

const test = suite("interference-check");
const PINS = 30;
/** Stories in which only the first digits are typed have fewer different ones. */
const DIFFERENT = 25;
/** The last key counts at this time in every rhythm. */
const LAST_MS = 5000;
const channels = new Set<string>();
let differences = 0;
let compared = 0;

for (const story of CHECK_STORIES) {
  test(`nothing tells which PIN was typed in a check: ${story.name}`, () => {
    const result = compareTold((pin) => tellCheck(story, pin), somePins(4, PINS));
    equal([...result.pages], [story.page]);
    ok(result.typed >= DIFFERENT, `${result.typed} different PINs`);
    differences += result.differences.length;
    for (const channel of result.channels) channels.add(channel);
    equal(result.differences, []);
  });
}

test("right and wrong are told apart by the counter, and a story told twice is the same", () => {
  const [right, wrong] = ["right", "wrong"].map((name) => tellNamed(name, "1357"));
  equal(tellNamed("right", "1357"), right);
  ok(right!.lines.join() !== wrong!.lines.join());
});

function checkEnding(ending: CheckEnding, people: readonly Typist[]): void {
  const result = compareTypists((typist) => typedInCheck(typist, ending), people);
  ok(result.told.endsWith(ending.page), result.told);
  ok(result.events > 100, `${result.events} events`);
  equal(result.differences, []);
  compared += result.compared;
}

for (const ending of CHECK_ENDINGS) {
  test(`0 to 4 digits of a check in any rhythm look the same when ${ending.name} ends them`, () => {
    checkEnding(ending, [NOBODY, ...typists("2468", LAST_MS)]);
  });
}

test(`0 to 4 digits of a check in any rhythm look the same when ${CHECK_LIMIT.name} ends them`, () => {
  checkEnding(CHECK_LIMIT, typists("2468", LAST_MS));
});

test("every channel of the world took part", () => {
  for (const channel of SEALED_CHANNELS) ok(channels.has(channel), channel);
  console.log(
    `\n${CHECK_STORIES.length} resident checks x ${PINS} PINs x ${channels.size} channels, ${differences} differences`,
  );
  console.log(`\n${compared} checks of other lengths and rhythms, 0 differences`);
});

test.run();
