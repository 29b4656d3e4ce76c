import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { StoryClock } from "../../../host-sim/page/story-clock.ts";
import { TestClock } from "../cli/test-clock.ts";

const test = suite("a story's clock");
const MS = 1e6;
const EVENT_MS = 4;

/** A world in which something happens every 4 ms, told by `clock`. */
class Told {
  readonly wall = new TestClock();
  readonly clock = new StoryClock(this.wall);
  nowMs = 0;
  failure = "";
  rests = 0;

  constructor() {
    this.clock.onRest = () => this.rests++;
    this.tell().catch((error: unknown) => (this.failure = String(error)));
  }

  /** `ms` go by on the wall. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed++) {
      this.wall.pass(1);
      await this.settle();
    }
  }

  /** What is due now happens, and what the event loop had put off. */
  async settle(): Promise<void> {
    do {
      this.wall.turns.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.wall.turns.length > 0);
  }

  private async tell(): Promise<void> {
    for (;;) {
      const nextMs = this.nowMs + EVENT_MS;
      await this.clock.pause(nextMs * MS);
      this.nowMs = nextMs;
    }
  }
}

test("it goes with the wall's clock, however fast it is told to go", async () => {
  const told = new Told();
  await told.pass(40);
  is(told.nowMs, 40);
  told.clock.setSpeed(10);
  await told.pass(40);
  is(told.nowMs, 440);
  is(told.clock.speed(), 10);
});

test("held it stands still, and goes on from where it stood", async () => {
  const told = new Told();
  await told.pass(10);
  told.clock.hold();
  await told.pass(1000);
  equal([told.nowMs, told.clock.isHeld()], [8, true]);
  told.clock.release();
  await told.pass(1);
  is(told.nowMs, 8, "two of four milliseconds were over");
  await told.pass(1);
  is(told.nowMs, 12);
});

test("a step goes to the next thing that is seen, or for a minute when nothing is", async () => {
  const told = new Told();
  await told.pass(8);
  told.clock.step(() => true);
  await told.pass(4);
  is(told.nowMs, 12, "not held: nothing to step");
  told.clock.hold();
  told.clock.step(() => told.nowMs >= 100);
  await told.settle();
  is(told.nowMs, 100);
  await told.pass(100);
  is(told.nowMs, 100);
  told.clock.step(() => false);
  await told.settle();
  is(told.nowMs, 60_100 + EVENT_MS);
  told.clock.release();
  await told.pass(EVENT_MS);
  is(told.nowMs, 60_100 + 2 * EVENT_MS);
});

test("moved ahead, nobody waits for what lies between, and everybody for what comes then", async () => {
  const told = new Told();
  await told.pass(8);
  told.clock.jump(1000);
  told.clock.jump(1000);
  await told.settle();
  is(told.nowMs, 2008);
  await told.pass(40);
  is(told.nowMs, 2048);
});

test("where the machine slept, the lost time is not made up for", async () => {
  const told = new Told();
  await told.pass(8);
  told.wall.wall += 3_600_000;
  await told.pass(EVENT_MS);
  is(told.nowMs, 8 + EVENT_MS);
  await told.pass(40);
  is(told.nowMs, 48 + EVENT_MS);
});

test("a long story gives the event loop its turns, and tells when it rests", async () => {
  const told = new Told();
  await told.pass(8);
  told.wall.lookMs = 1;
  told.clock.jump(10_000);
  await new Promise((resolve) => setImmediate(resolve));
  is(told.wall.turns.length, 1);
  is(told.nowMs < 100, true);
  is(told.rests > 0, true);
});

for (const state of ["waiting", "held"] as const)
  test(`closed while it is ${state}, whoever tells it is told so`, async () => {
    const told = new Told();
    await told.pass(8);
    if (state === "held") told.clock.hold();
    told.clock.close();
    await told.settle();
    is(told.failure, "Error: nobody watches the story any more");
    is(told.nowMs, 8);
  });

test.run();
