import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import { WatchdogChip } from "../../../host-sim/chip/watchdog.ts";
import { Scheduler } from "../../../host-sim/world/scheduler.ts";

const test = suite("watchdog chip");
const TIMEOUT_NS = 500_000;

function made() {
  const scheduler = new Scheduler();
  const complaints: string[] = [];
  const bites: { part: number; atNs: number }[] = [];
  const chip = new WatchdogChip(scheduler, TIMEOUT_NS, (what) => complaints.push(what));
  chip.onBite = (part) => bites.push({ part, atNs: scheduler.nowNs });
  /** Goes to `timeNs` and lets happen what is due until then. */
  const pass = (timeNs: number): void => {
    while (scheduler.nextNs() <= timeNs) scheduler.runNext();
    scheduler.advanceTo(timeNs);
  };
  return { scheduler, chip, bites, complaints, pass };
}

test("before it is started it does not bite, whatever is reported", () => {
  const { chip, bites, pass, complaints } = made();
  chip.progress(0);
  pass(10 * TIMEOUT_NS);
  equal([bites, complaints], [[], []]);
  is(chip.isRunning(), false);
});

test("it bites exactly its time after the start when nobody reports", () => {
  const { chip, bites, pass } = made();
  pass(1234);
  chip.start(3);
  pass(1234 + TIMEOUT_NS - 1);
  equal(bites, []);
  pass(1234 + TIMEOUT_NS);
  equal(bites, [{ part: 0, atNs: 1234 + TIMEOUT_NS }]);
});

test("it is fed by the last part that was missing, in whatever order they report", () => {
  for (const order of [
    [0, 1, 2],
    [2, 0, 1],
    [1, 1, 2, 2, 0],
  ]) {
    const { chip, bites, pass } = made();
    chip.start(3);
    pass(400_000);
    for (const part of order.slice(0, -1)) chip.progress(part);
    pass(TIMEOUT_NS - 1);
    for (const part of order.slice(-1)) chip.progress(part);
    pass(2 * TIMEOUT_NS - 2);
    equal(bites, [], order.join());
    pass(2 * TIMEOUT_NS);
    const next = ((order.at(-1) ?? 0) + 1) % 3;
    equal(bites, [{ part: next, atNs: 2 * TIMEOUT_NS - 1 }], order.join());
  }
});

test("for every part: one that is silent is not made up for by the others, and is told", () => {
  for (let silent = 0; silent < 5; silent++) {
    const { chip, bites, pass } = made();
    chip.start(5);
    for (let timeNs = 0; timeNs <= 100 * TIMEOUT_NS && bites.length === 0; timeNs += 4000) {
      pass(timeNs);
      for (let part = 0; part < 5; part++)
        if (part !== silent || timeNs < 7 * TIMEOUT_NS) chip.progress(part);
    }
    equal(bites, [{ part: silent, atNs: 7 * TIMEOUT_NS - 4000 + TIMEOUT_NS }]);
  }
});

test("of several silent parts the next one behind the last report is told", () => {
  for (const [last, told] of [
    [16, 17],
    [17, 30],
    [28, 30],
    [30, 17],
  ] as const) {
    const { chip, bites, pass } = made();
    chip.start(31);
    for (let part = 0; part < 31; part++) if (part !== 17 && part !== 30) chip.progress(part);
    chip.progress(last);
    pass(TIMEOUT_NS);
    is(bites[0]?.part, told);
  }
});

test("after a bite it has stopped, and it can be started again for other parts", () => {
  const { chip, bites, pass } = made();
  chip.start(2);
  pass(3 * TIMEOUT_NS);
  is(bites.length, 1);
  is(chip.isRunning(), false);
  chip.start(1);
  pass(3.5 * TIMEOUT_NS);
  chip.progress(0);
  pass(4.4 * TIMEOUT_NS);
  is(bites.length, 1);
  pass(4.5 * TIMEOUT_NS);
  is(bites.length, 2);
});

test("nobody waits for it: it is no work that a live run jumps over", () => {
  const { scheduler, chip } = made();
  chip.start(2);
  is(scheduler.mayJumpTo(1), false);
  is(scheduler.nextNs(), TIMEOUT_NS);
});

test("parts that do not exist are complained of and feed nothing", () => {
  const { chip, bites, complaints, pass } = made();
  for (const parts of [0, 32, 255]) chip.start(parts);
  is(chip.isRunning(), false);
  chip.start(2);
  for (const part of [2, 31, 32, 255]) chip.progress(part);
  is(complaints.length, 7);
  match(complaints[0] ?? "", /started for 0 parts/);
  match(complaints[3] ?? "", /no part 2/);
  chip.progress(1);
  pass(TIMEOUT_NS);
  is(bites[0]?.part, 0);
});

test.run();
