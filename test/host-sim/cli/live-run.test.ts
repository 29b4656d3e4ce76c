import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import { LiveRun } from "../../../host-sim/cli/live-run.ts";
import { Scheduler } from "../../../host-sim/world/scheduler.ts";
import { TestClock } from "./test-clock.ts";

const test = suite("live run");
const MS = 1e6;

/** A terminal that wants to run every 4 ms and does nothing. */
class TickingWorld {
  readonly scheduler = new Scheduler();
  ticks = 0;
  private deadlineNs = 0;

  get nowNs(): number {
    return this.scheduler.nowNs;
  }

  nextNs(): number {
    return Math.min(this.scheduler.nextNs(), this.deadlineNs);
  }

  mayJumpTo(timeNs: number): boolean {
    return this.scheduler.mayJumpTo(timeNs);
  }

  advance(timeNs: number): void {
    if (this.scheduler.nextNs() <= timeNs) return this.scheduler.runNext();
    this.scheduler.advanceTo(timeNs);
    if (timeNs < this.deadlineNs) return;
    this.ticks++;
    this.deadlineNs += 4 * MS;
  }
}

function made(pace: "none" | "real") {
  const world = new TickingWorld();
  const clock = new TestClock();
  const failures: unknown[] = [];
  let rests = 0;
  const live = new LiveRun(world, {
    pace,
    clock,
    onRest: () => rests++,
    onFailure: (error) => failures.push(error),
  });
  return { world, clock, live, failures, rests: () => rests };
}

for (const pace of ["none", "real"] as const) {
  test(`waiting for the outside follows the wall clock at pace ${pace}`, () => {
    const { world, clock, live } = made(pace);
    live.start();
    clock.pass(400);
    is(world.nowNs, 400 * MS);
    is(world.ticks, 101);
  });
}

test("unpaced, what wires and chips do happens within the call that brought the input", () => {
  const { world, live } = made("none");
  let answeredNs = 0;
  live.start();
  live.enter(() => world.scheduler.after(30 * MS, () => (answeredNs = world.nowNs)));
  is(answeredNs, 30 * MS);
});

test("unpaced, time goes on from where it jumped to", () => {
  const { world, clock, live } = made("none");
  live.start();
  live.enter(() => world.scheduler.after(30 * MS, () => undefined));
  clock.pass(10);
  is(world.nowNs, 40 * MS);
});

test("at pace real nothing is jumped over", () => {
  const { world, clock, live } = made("real");
  let answered = false;
  live.start();
  live.enter(() => world.scheduler.after(30 * MS, () => (answered = true)));
  clock.pass(29);
  is(answered, false);
  clock.pass(1);
  is(answered, true);
});

test("a person's events wait for the wall clock, unpaced too", () => {
  const { world, clock, live } = made("none");
  let pressed = false;
  live.start();
  live.enter(() => world.scheduler.patientlyAt(100 * MS, () => (pressed = true)));
  clock.pass(99);
  is(pressed, false);
  clock.pass(1);
  is(pressed, true);
});

test("an input comes at the present, not at the last event", () => {
  const { world, clock, live } = made("none");
  live.start();
  clock.pass(400);
  clock.wall += 3;
  let atNs = 0;
  live.enter(() => (atNs = world.nowNs));
  is(atNs, 403 * MS);
});

test("a world that works without end lets the event loop have its turns", () => {
  const { world, clock, live } = made("none");
  const again = (): void => void world.scheduler.after(MS, again);
  clock.lookMs = 0.1;
  live.start();
  live.enter(again);
  is(clock.turns.length, 1);
  ok(clock.wall < 1050, "a signal waits for no more than a moment");
  const before = world.nowNs;
  clock.turns.shift()?.();
  ok(world.nowNs > before);
  is(clock.turns.length, 1);
});

test("time in which the machine slept is dropped", () => {
  const { world, clock, live } = made("none");
  live.start();
  clock.pass(40);
  clock.wall += 3_600_000;
  live.enter(() => undefined);
  ok(world.nowNs < 50 * MS);
});

test("after stop nothing runs and no timer is left", () => {
  const { world, clock, live } = made("none");
  live.start();
  live.stop();
  is(clock.wakeAt, undefined);
  const ticks = world.ticks;
  clock.pass(100);
  is(world.ticks, ticks);
});

test("what rest puts into the world is waited for at its own time", () => {
  const { world, clock, live, rests } = made("none");
  live.start();
  const atRests = rests();
  live.enter(() => world.scheduler.patientlyAt(2 * MS, () => undefined));
  ok(rests() > atRests);
  equal(clock.wakeAt, 1002);
});

test("a world that throws is reported and stopped", () => {
  const { world, clock, live, failures } = made("none");
  live.start();
  live.enter(() =>
    world.scheduler.after(MS, () => {
      throw new Error("the firmware spins");
    }),
  );
  is(failures.length, 1);
  is(clock.wakeAt, undefined);
});

test("an input that throws tells its caller and the world goes on", () => {
  const { world, clock, live, failures } = made("none");
  live.start();
  throws(
    () =>
      live.enter(() => {
        throw new Error("no card");
      }),
    /no card/,
  );
  clock.pass(40);
  is(world.nowNs, 40 * MS);
  is(failures.length, 0);
});

test("ten times as fast, waiting for the outside takes a tenth, and the change of speed moves no time", () => {
  const { world, clock, live } = made("none");
  live.start();
  clock.pass(100);
  live.setSpeed(10);
  is(world.nowNs, 100 * MS);
  clock.pass(100);
  is(world.nowNs, 1100 * MS);
  live.setSpeed(1);
  clock.pass(100);
  is(world.nowNs, 1200 * MS);
});

test("held, nothing happens, whatever comes from outside waits, and time goes on from where it stood", () => {
  const { world, clock, live } = made("none");
  let reached = 0;
  live.start();
  clock.pass(100);
  live.hold();
  const { ticks } = world;
  live.enter(() => world.scheduler.after(30 * MS, () => (reached = world.nowNs)));
  clock.pass(5000);
  equal([world.nowNs, world.ticks, reached], [100 * MS, ticks, 0]);
  live.release();
  equal([world.nowNs, reached], [130 * MS, 130 * MS]);
  clock.pass(10);
  is(world.nowNs, 140 * MS);
});

test("held, a change of speed and a move of the clock wait for the release as well", () => {
  const { world, clock, live } = made("none");
  live.start();
  clock.pass(100);
  live.hold();
  live.setSpeed(10);
  live.jump(1000);
  clock.pass(500);
  is(world.nowNs, 100 * MS);
  live.release();
  is(world.nowNs, 1100 * MS);
  clock.pass(10);
  is(world.nowNs, 1200 * MS);
});

test("a single step ends with the first thing that is seen, or after a minute of nothing", () => {
  const { world, clock, live, rests } = made("none");
  live.start();
  live.step(() => true);
  is(world.ticks, 1, "nothing is stepped that runs");
  live.hold();
  let seen = 0;
  world.scheduler.patientlyAt(9 * MS, () => seen++);
  world.scheduler.patientlyAt(10 * MS, () => seen++);
  const before = rests();
  live.step(() => seen > 0);
  equal([world.nowNs, seen, rests()], [9 * MS, 1, before + 1]);
  live.step(() => seen > 1);
  equal([world.nowNs, seen], [10 * MS, 2]);
  live.step(() => false);
  ok(world.nowNs > 60_000 * MS && world.nowNs <= 60_010 * MS);
  clock.pass(1000);
  ok(world.nowNs <= 60_010 * MS);
});

test("a jump of the clock lets everything between happen, and drops none of it as lost time", () => {
  const { world, clock, live } = made("none");
  const order: number[] = [];
  live.start();
  clock.pass(100);
  for (const ms of [9000, 5000]) world.scheduler.patientlyAt(ms * MS, () => order.push(world.nowNs / MS));
  live.jump(10_000);
  equal(order, [5000, 9000]);
  is(world.nowNs, 10_100 * MS);
  clock.pass(40);
  is(world.nowNs, 10_140 * MS);
});

test("a jump that takes many turns of the event loop comes to its end", () => {
  const { world, clock, live } = made("none");
  live.start();
  clock.lookMs = 1;
  live.jump(10_000);
  for (let turn = clock.turns.shift(); turn !== undefined; turn = clock.turns.shift()) turn();
  ok(world.nowNs >= 10_000 * MS, String(world.nowNs));
});

test.run();
