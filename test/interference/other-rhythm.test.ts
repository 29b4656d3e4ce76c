/** Other numbers of digits, other rhythms: line, card and logs are the same up to and behind the ending event. */
import { suite } from "uvu";
import { is, ok } from "uvu/assert";
import {
  END_MS,
  NOBODY,
  tap,
  typedBy,
  typists,
  waitForTimeout,
  type Ending,
  type Typist,
} from "./typists.ts";

const test = suite("other-rhythm");

/** The last key counts at this time in every rhythm: a time limit between digits starts there. */
const LAST_MS = 5000;
const KNOWN = "2468";
const UNKNOWN = "1357902468135790";

const ENDINGS: readonly Ending[] = [
  {
    name: "取消",
    seconds: 0,
    end: (counter) => tap(counter, "X", counter.simulator.nowNs),
  },
  {
    name: "abort",
    seconds: 0,
    end: (counter) => counter.host.command(0x72, [0, 0, 0], new Uint8Array(), 3e9),
  },
  { name: "removal", seconds: 0, end: (counter) => counter.simulator.remove() },
  { name: "a lost contact", seconds: 0, end: (counter) => counter.simulator.world.slot.glitch(50_000) },
  { name: "a slot fault", seconds: 0, end: (counter) => counter.simulator.world.slot.fault() },
];
const LIMITS: readonly Ending[] = [
  { name: "the terminal's own limit", seconds: 0, end: waitForTimeout },
  { name: "the host's limit", seconds: 7, end: waitForTimeout },
];

let compared = 0;

function checkEnding(ending: Ending, application: "known" | "unknown", people: readonly Typist[]): void {
  const reference = typedBy(people[0]!, ending, application);
  ok(reference.length > 100, `${reference.length} events`);
  for (const typist of people.slice(1)) {
    const seen = typedBy(typist, ending, application);
    const at = seen.findIndex((line, i) => line !== reference[i]);
    is(seen[at], at < 0 ? undefined : reference[at], `${ending.name}, ${typist.name}`);
    is(seen.length, reference.length, `${ending.name}, ${typist.name}`);
    compared++;
  }
}

for (const ending of ENDINGS) {
  test(`0 to 4 digits in any rhythm look the same when ${ending.name} ends them`, () => {
    checkEnding(ending, "known", [NOBODY, ...typists(KNOWN, LAST_MS)]);
  });
  test(`0 to 16 digits for an unknown application look the same when ${ending.name} ends them`, () => {
    checkEnding(ending, "unknown", [NOBODY, ...typists(UNKNOWN, LAST_MS)]);
  });
}

// A limit runs from the last key that counted, so only entries whose last key is the same instant end at one.
for (const limit of LIMITS) {
  test(`0 to 4 digits in any rhythm look the same when ${limit.name} ends them`, () => {
    checkEnding(limit, "known", typists(KNOWN, LAST_MS));
  });
}

test("the entries were compared", () => {
  ok(LAST_MS < END_MS);
  console.log(`\n${compared} entries of other lengths and rhythms, 0 differences`);
});

test.run();
