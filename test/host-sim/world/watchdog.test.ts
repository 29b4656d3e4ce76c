/** A part that hangs resets the board: told with a patched copy of the firmware on Node. */
import { suite } from "uvu";
import { equal, is, match, ok, throws } from "uvu/assert";
import { BOARD } from "../../../board/mps2-an386/pins.ts";
import { AID, VERIFY_4 } from "../../../host-sim/scenario/counter.ts";
import {
  BITTEN,
  faults,
  importWatched,
  PART_NAMES,
  restartNs,
  runUntilRestart,
  toldReset,
  type Counters,
} from "./watched-terminal.ts";

const test = suite("watchdog");
const { commandVccN, reset } = BOARD.slot;
const WATCHDOG_MS = BOARD.watchdogUs / 1000;
const SCAN_MS = BOARD.scanUs / 1000;
const OFF_WITHIN_NS = 100_000;
let counters: Counters;

type Watched = InstanceType<Counters["Counter"]>;

test.before(async () => {
  counters = await importWatched();
});
test.before.each(() => {
  delete faults.hung;
  delete faults.spinning;
});

/** A terminal in whose slot a card is powered. */
function powered(): Watched {
  const counter = new counters.Counter().start().insert("mynumber");
  is(counter.simulator.world.slot.isPowered(), true);
  return counter;
}

/** Everything that happened from the reset on. */
function sinceRestart(counter: Watched) {
  const events = counter.simulator.world.recorder.all();
  const atNs = restartNs(counter);
  const first = events.findIndex(({ timeNs }) => timeNs === atNs);
  return events.slice(first);
}

/** At the reset's instant the contacts go off before anything else happens, and all of them in order. */
function checkCardOff(counter: Watched): void {
  const [first, ...rest] = sinceRestart(counter);
  is(first?.channel, "pins");
  is(Number(first?.value) & (commandVccN | reset), commandVccN);
  const supply = rest.filter(
    ({ channel, value }) => channel === "card-supply" && !String(value).startsWith("OFFN"),
  );
  equal(
    supply.map(({ value }) => value),
    ["RST low", "CLK low", "IO low", "VCC off"],
  );
  ok((supply.at(-1)?.timeNs ?? Infinity) - restartNs(counter) <= OFF_WITHIN_NS);
}

for (const [part, name] of PART_NAMES.entries()) {
  test(`${name} stops reporting: the board resets in its time, the card goes off first, the part is told`, () => {
    const counter = powered();
    const hungNs = counter.simulator.nowNs;
    faults.hung = part;
    is(runUntilRestart(counter, 2 * WATCHDOG_MS), true);
    delete faults.hung;
    const lateMs = (restartNs(counter) - hungNs) / 1e6;
    ok(lateMs > WATCHDOG_MS - 2 * SCAN_MS && lateMs <= WATCHDOG_MS + SCAN_MS, `after ${lateMs} ms`);
    counter.simulator.runFor(1000);
    checkCardOff(counter);
    is(counter.page, "reading");
    equal(toldReset(counter), [BITTEN, part]);
    const { complaints } = counter.simulator.world;
    is(complaints.length, 1);
    match(complaints[0] ?? "", `its watchdog has bitten; part ${name} had not come to its end`);
  });

  test(`${name} that always has more to do at once is not fed`, () => {
    const counter = powered();
    faults.spinning = part;
    // Card and line take their turn when there is something to do: a key is.
    counter.simulator.keys("1");
    is(runUntilRestart(counter, 2 * WATCHDOG_MS), true);
    delete faults.spinning;
    counter.simulator.runFor(1000);
    checkCardOff(counter);
    equal(toldReset(counter), [BITTEN, part]);
  });
}

test("after a reset the same card works at once", () => {
  const counter = powered();
  faults.hung = 2;
  runUntilRestart(counter, 2 * WATCHDOG_MS);
  delete faults.hung;
  counter.simulator.runFor(1000);
  counter.host.discard();
  counter.host.powerOn();
  counter.select(AID.jpki, "0018");
  is(counter.secure(VERIFY_4, "1357E"), "9000");
});

test("without a card the terminal comes back with the page that asks for one", () => {
  const counter = new counters.Counter().start();
  faults.hung = 4;
  runUntilRestart(counter, 2 * WATCHDOG_MS);
  delete faults.hung;
  counter.simulator.runFor(1000);
  is(counter.page, "insert");
  equal(toldReset(counter), [BITTEN, 4]);
});

test("a part that hangs for ever resets the board again and again", () => {
  const counter = new counters.Counter();
  faults.hung = 0;
  counter.simulator.runFor(10 * WATCHDOG_MS + 1);
  const boots = counter.simulator.world.recorder.all().filter(({ channel }) => channel === "world");
  equal(
    boots.map(({ value }) => value),
    new Array<string>(10).fill("boot watchdog keypad"),
  );
});

test("a part that is late, but not too late, resets nothing", () => {
  const counter = powered();
  faults.hung = 3;
  counter.simulator.runFor(WATCHDOG_MS - 2 * SCAN_MS);
  delete faults.hung;
  counter.simulator.runFor(3 * WATCHDOG_MS);
  is(restartNs(counter), 0);
  is(counter.page, "in-use");
});

test("a terminal that was just switched on tells power-on and no part", () => {
  equal(toldReset(new counters.Counter().start()), [0, 255]);
});

test("a terminal that was reset from outside tells power-on, and the card is off", () => {
  const counter = powered();
  counter.simulator.pressReset();
  counter.simulator.runFor(1000);
  checkCardOff(counter);
  equal(toldReset(counter), [0, 255]);
  equal(counter.simulator.world.complaints, []);
});

test("a spin is an error of its own where no watchdog runs", () => {
  const counter = new counters.Counter();
  counter.simulator.world.watchdog.start = () => undefined;
  counter.simulator.pressReset();
  faults.spinning = 1;
  throws(() => counter.simulator.runFor(100), /the firmware spins at 0 us/);
});

test.run();
