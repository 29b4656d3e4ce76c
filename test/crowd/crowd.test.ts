/**
 * Twenty terminals in one process for ten minutes of their time, over bad lines, with residents who err, think better of it and walk
 * away: each request that was given out has one outcome, known to the counter, the journal and the card; and no terminal hears of
 * another.
 */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { parting, runCrowd, stoodNoise, type Told } from "./crowd.ts";

const test = suite("crowd");
const TERMINALS = 20;
const SECONDS = 600;
/** Of the slices in which time goes round; alone another one, for it must not matter. */
const SLICE_MS = 50;
const ALONE_SLICE_MS = 1700;
/** Every terminal for its first two minutes, and these for their whole time. */
const ALONE_SECONDS = 120;
const WHOLE = [1, 7, 13, 20];
/** What residents and noise must have brought about, or the proof is about less than it says. */
const OUTCOMES = ["OK", "WRONG", "CANCELLED", "TIMEOUT", "REMOVED", "SUSPENDED", "LIMITED", "UNKNOWN"];

const seeds = Array.from({ length: TERMINALS }, (_, at) => at + 1);
let crowd: Told[] = [];

test.before(async () => {
  crowd = await runCrowd(seeds, { seconds: SECONDS, sliceMs: SLICE_MS });
});

function sum(figure: (told: Told) => number): number {
  return crowd.reduce((total, told) => total + figure(told), 0);
}

/** Of each request, by what came of it. */
function outcomes(): Map<string, number> {
  const found = new Map<string, number>();
  for (const { given } of crowd)
    for (const { heard } of given) {
      const [first] = heard;
      const name = first === undefined || first === "never begun" ? "never begun" : first.outcome;
      found.set(name, (found.get(name) ?? 0) + 1);
    }
  return found;
}

test("no outcome is lost or doubled: counter, journal and card tell one story of every request", () => {
  for (const { seed, findings, complaints } of crowd) {
    equal(findings, [], `terminal ${seed}`);
    equal(complaints, [], `terminal ${seed}`);
  }
  const checks = sum(({ given }) => given.length);
  const shown = [...outcomes()].map(([name, count]) => `${count} ${name}`).join(", ");
  console.log(`\n${checks} requests at ${TERMINALS} terminals: ${shown}`);
  const frames = `${sum((one) => one.damaged.terminal + one.damaged.pc)} of ${sum((one) => one.frames)} frames damaged`;
  const again = `${sum((one) => one.repeated.terminal + one.repeated.pc)} sent again`;
  const asked = `${sum((one) => one.reconnects)} reconnects, ${sum((one) => one.fetched)} results asked for again`;
  console.log(`${frames}, ${again}, ${asked}`);
  const counted = `${sum((one) => one.verifies)} VERIFY, ${sum((one) => one.records)} records`;
  console.log(`${checks} requests, ${counted}, 0 lost, 0 doubled`);
});

test("there was noise to stand: in both directions of every line frames were damaged and sent again, and links were lost", () => {
  for (const told of crowd) ok(stoodNoise(told), `terminal ${told.seed}`);
  ok(sum(({ fetched }) => fetched) >= TERMINALS, "results had to be asked for again");
});

test("there were residents of every kind: each outcome that they can bring about is there, and so are large masks and long times", () => {
  const found = outcomes();
  for (const name of [...OUTCOMES, "never begun"]) ok((found.get(name) ?? 0) > 0, name);
  const choices = sum((told) => told.choices);
  ok(choices >= TERMINALS, `${choices} times large or slow`);
  for (const { seed, given } of crowd) ok(given.length >= 40, `terminal ${seed}: ${given.length} checks`);
});

test("every terminal in the crowd does what it does alone, event for event", async () => {
  for (const told of crowd) {
    const seconds = WHOLE.includes(told.seed) ? SECONDS : ALONE_SECONDS;
    const [alone] = await runCrowd([told.seed], { seconds, sliceMs: ALONE_SLICE_MS });
    const compared = seconds === SECONDS ? told.digests.length : ALONE_SECONDS;
    is(parting(told, alone, compared), undefined, `terminal ${told.seed}`);
    if (seconds === SECONDS) equal(alone?.given, told.given);
  }
});

test("no two terminals do the same", () => {
  is(new Set(crowd.map(({ digests }) => digests.at(-1))).size, TERMINALS);
});

test.run();
