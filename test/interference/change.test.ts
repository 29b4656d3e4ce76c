/**
 * A change at the sealed line, and Secure in the same session. Same rhythm, other digits: every byte of the line and of the memory is
 * the same, at the same time; declassified are right and wrong, too easy, and not the same again. Who has come how far, in whatever
 * rhythm, looks the same up to the ending event.
 */
import { suite } from "uvu";
import { equal, ok } from "uvu/assert";
import { CHANGE_DIGITS, CHANGE_STORIES } from "./change-stories.ts";
import { tellCheck } from "./check-counter.ts";
import {
  CHECK_ENDINGS,
  CHECK_LIMIT,
  changers,
  compareTypists,
  refusedOnes,
  typedInChange,
  type CheckEnding,
} from "./check-typists.ts";
import { compareTold, SEALED_CHANNELS, somePins } from "./runs.ts";
import { tellNamed } from "./told-stories.ts";
import { NOBODY, typists, type Typist } from "./typists.ts";

const test = suite("interference-change");
const PINS = 16;
/** The last key counts at this time in every rhythm. */
const LAST_MS = 5000;
const channels = new Set<string>();
let differences = 0;
let compared = 0;

for (const story of CHANGE_STORIES) {
  test(`nothing tells which PINs were typed in a change: ${story.name}`, () => {
    const result = compareTold((pin) => tellCheck(story, pin), somePins(CHANGE_DIGITS, PINS));
    equal([...result.pages], [story.page]);
    ok(result.typed === PINS, `${result.typed} different PINs`);
    differences += result.differences.length;
    for (const channel of result.channels) channels.add(channel);
    equal(result.differences, []);
  });
}

test("what is declassified is told apart, and a change told twice is the same", () => {
  const names = ["changed", "the old PIN is wrong", "too easy three times", "three times not the same again"];
  const told = names.map((name) => tellNamed(name, "13572468"));
  equal(tellNamed(names[0]!, "13572468"), told[0]);
  const lines = told.map(({ lines: each }) => each.filter((line) => line.includes(" line-out ")).join());
  ok(new Set(lines).size === names.length);
});

function changeEnding(ending: CheckEnding, people: readonly Typist[]): void {
  const result = compareTypists((typist) => typedInChange(typist, ending), people);
  ok(result.told.endsWith(ending.page), result.told);
  ok(result.events > 100, `${result.events} events`);
  equal(result.differences, []);
  compared += result.compared;
}

for (const ending of CHECK_ENDINGS) {
  test(`however far a change has come, in any rhythm, it looks the same when ${ending.name} ends it`, () => {
    const onRefusals = ending.name === "取消" ? [] : refusedOnes(LAST_MS);
    changeEnding(ending, [NOBODY, ...typists("2468", LAST_MS), ...changers(LAST_MS), ...onRefusals]);
  });
}

// An entry that begins anew has its first digit's limit: of those whose last key was a digit the limit ends at the same instant.
test(`however far a change has come, in any rhythm, it looks the same when ${CHECK_LIMIT.name} ends it`, () => {
  const isInEntry = ({ keys }: Typist): boolean => !keys.endsWith("E");
  changeEnding(CHECK_LIMIT, [...typists("2468", LAST_MS), ...changers(LAST_MS).filter(isInEntry)]);
});

test("every channel of the world took part", () => {
  for (const channel of SEALED_CHANNELS) ok(channels.has(channel), channel);
  console.log(
    `\n${CHANGE_STORIES.length} changes x ${PINS} pairs of PINs x ${channels.size} channels, ${differences} differences`,
  );
  console.log(`\n${compared} changes of other lengths and rhythms, 0 differences`);
});

test.run();
