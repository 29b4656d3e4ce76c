import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { AutoKeys, nextSegment } from "../../../host-sim/cli/auto-keys.ts";
import { Scheduler } from "../../../host-sim/world/scheduler.ts";

const test = suite("autokeys");

/** A terminal whose pages the test turns; every key is noted with its time. */
function terminal() {
  const scheduler = new Scheduler();
  const view = { pageName: "insert", purpose: 0, commandCount: 0, entryCount: 0 };
  const typed: string[] = [];
  const autoKeys = new AutoKeys({
    scheduler,
    view: () => view,
    press: (key) => typed.push(`${scheduler.nowNs / 1e6} ${key}`),
  });
  const show = (change: Partial<typeof view>): void => {
    Object.assign(view, change);
    autoKeys.look();
  };
  const run = (): string => {
    while (scheduler.nextNs() !== Infinity) scheduler.runNext();
    return typed
      .splice(0)
      .map((line) => line.split(" ")[1])
      .join("");
  };
  return { scheduler, autoKeys, show, run, typed };
}

test("a page takes the keys up to and with the next E or X", () => {
  equal(
    [nextSegment("12E34X5", 0), nextSegment("12E34X5", 3), nextSegment("12E34X5", 6)],
    ["12E", "34X", "5"],
  );
  is(nextSegment("12E", 3), "");
});

test("an entry is typed key by key in its rhythm", () => {
  const { autoKeys, show, run, typed, scheduler } = terminal();
  autoKeys.set("12E", 60);
  show({ pageName: "pin", commandCount: 1, entryCount: 1 });
  while (scheduler.nextNs() !== Infinity) scheduler.runNext();
  equal(typed, ["60 1", "120 2", "180 E"]);
  is(run(), "12E");
});

test("the pages of a change take one piece each", () => {
  const { autoKeys, show, run } = terminal();
  autoKeys.set("1234E5678E5678E9", 60);
  show({ pageName: "pin", purpose: 1, commandCount: 1, entryCount: 1 });
  is(run(), "1234E");
  show({ purpose: 2, entryCount: 2 });
  is(run(), "5678E");
  show({ purpose: 3, entryCount: 3 });
  is(run(), "5678E");
});

test("every command begins again at the first key", () => {
  const { autoKeys, show, run } = terminal();
  autoKeys.set("1EE2E", 60);
  show({ pageName: "pin", commandCount: 1, entryCount: 1 });
  is(run(), "1E");
  show({ pageName: "wrong" });
  show({ pageName: "pin", commandCount: 2, entryCount: 2 });
  is(run(), "1E");
});

test("the last try's question takes a piece of its own", () => {
  const { autoKeys, show, run } = terminal();
  autoKeys.set("E1234E", 60);
  show({ pageName: "last", commandCount: 1, entryCount: 1 });
  is(run(), "E");
  show({ pageName: "pin", entryCount: 2 });
  is(run(), "1234E");
});

test("what is left is dropped when the page goes", () => {
  const { autoKeys, show, run, scheduler, typed } = terminal();
  autoKeys.set("1234E", 60);
  show({ pageName: "pin", commandCount: 1, entryCount: 1 });
  scheduler.runNext();
  scheduler.runNext();
  is(typed.length, 2);
  show({ pageName: "removed" });
  is(run(), "12");
});

test("a page is typed on once, however often it is looked at and redrawn", () => {
  const { autoKeys, show, run } = terminal();
  autoKeys.set("1E2E", 60);
  show({ pageName: "pin", commandCount: 1, entryCount: 1 });
  show({});
  is(run(), "1E");
  show({});
  is(run(), "");
});

test("the same purpose asked again is a page of its own", () => {
  const { autoKeys, show, run } = terminal();
  autoKeys.set("1E2E", 60);
  show({ pageName: "pin", commandCount: 1, entryCount: 1 });
  is(run(), "1E");
  show({ entryCount: 2 });
  is(run(), "2E");
});

test("an empty text switches it off, in the middle of an entry too", () => {
  const { autoKeys, show, run } = terminal();
  autoKeys.set("1234E", 60);
  is(autoKeys.isOn(), true);
  show({ pageName: "pin", commandCount: 1, entryCount: 1 });
  autoKeys.set("", 60);
  is(run(), "");
  show({ commandCount: 2, entryCount: 2 });
  is(run(), "");
  is(autoKeys.isOn(), false);
});

test("set while a page already asks, it types there", () => {
  const { autoKeys, show, run } = terminal();
  show({ pageName: "pin", commandCount: 1, entryCount: 1 });
  autoKeys.set("7E", 60);
  show({});
  is(run(), "7E");
});

test.run();
