/** Other numbers of digits, other rhythms: line, card and logs are the same up to and behind the ending event. */
import { suite } from "uvu";
import { is, ok } from "uvu/assert";
import { END_MS, tap, typedBy, waitForTimeout, type Ending, type Typist } from "./typists.ts";

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

/** Digits at even distances, hasty ones, a slow start, a pause in the middle; the last key at `lastMs`. */
function rhythms(keys: string, lastMs: number): Typist[] {
  const back = (stepMs: number): number[] => [...keys].map((_, i) => lastMs - (keys.length - 1 - i) * stepMs);
  const paused = back(120).map((atMs, i) => (i < Math.floor(keys.length / 2) ? atMs - 1500 : atMs));
  return [
    { name: `${keys}, even`, keys, atMs: back(290) },
    { name: `${keys}, hasty`, keys, atMs: back(80) },
    { name: `${keys}, paused`, keys, atMs: paused },
  ];
}

/** The first `count` digits; also with 訂正, 確認 too early and arrows; the last key always counts. */
function typists(digits: string, lastMs: number): Typist[] {
  const counts = digits.length <= 4 ? [1, 2, 3, 4] : [1, 2, 3, 4, 5, 8, 12, 16];
  const plain = counts.flatMap((count) => rhythms(digits.slice(0, count), lastMs));
  const cleared = ["1C", "123C", "1C2C3C", "12C34"].flatMap((keys) => rhythms(keys, lastMs));
  const others = ["1E2E3", "1<2>3", `C>${digits}`].flatMap((keys) => rhythms(keys, lastMs));
  return [...plain, ...cleared, ...others];
}

const NOBODY: Typist = { name: "nothing", keys: "", atMs: [] };
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
