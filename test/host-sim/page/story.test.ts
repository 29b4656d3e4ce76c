/** A scenario's file on the page: told to a terminal of its own, at the pace of whoever watches it. */
import { suite } from "uvu";
import { equal, is, match, not, ok } from "uvu/assert";
import { stationsOf } from "./page-station.ts";
import { refusals, stateWith, texts, type Entry } from "./tab-told.ts";

const test = suite("a story on the page");
const LATE_MS = 50;
/** From a press to its page: debounce, two scans and the display's bytes. */
const KEY_MS = 120;
const started = stationsOf(test);

/** The bench image's terminal takes a card, and gives it back after `waited`. */
function story(waited: string, page = "reading"): string {
  const steps = ["insert: iso", `until: ${page}`, `wait: ${waited}`, "remove", "until: insert"];
  const when = steps.map((step) => `  - ${step}\n`).join("");
  return `name: a story\ngiven: { mode: open }\nwhen:\n${when}then: { page: insert }\n`;
}

test("a scenario's file is judged before anything happens: every problem with its line", async () => {
  const { tab } = await started("--card", "iso");
  const one = await tab();
  one.send({ do: "replay", scenario: "name: a story\nwhen:\n  - juggle: 1s\n  - jump: 1ms\n" });
  await one.until(() => refusals(one).length > 0);
  match(refusals(one)[0] ?? "", /3.*juggle[^]*4.*whole seconds/);
  not.ok(one.messages.some(({ type }) => type === "begin"));
});

test("a scenario is shown on a terminal of its own, step for step, until it has come out; the live one stands behind it", async () => {
  const { tab, station } = await started("--card", "iso", "--lang", "en");
  const one = await tab();
  await stateWith(one, ({ card }) => card === "iso");
  one.send({ do: "replay", scenario: story("1s") });
  await stateWith(one, ({ shows }) => shows === "Scenario “a story”, on a terminal of its own.");
  one.send({ do: "speed", factor: 10 });
  await stateWith(
    one,
    ({ shows, isTouchable, card, page }) =>
      String(shows).endsWith("It came out as it says.") &&
      isTouchable === false &&
      card === "none" &&
      page === "insert",
  );
  const begun = one.messages.findIndex(({ type }) => type === "begin");
  const shown = one.messages.slice(begun).filter(({ type }) => type === "state");
  ok(
    shown.some(({ page, card, language }) => page === "reading" && card === "iso" && language === "ja"),
    "the picture goes along",
  );
  // The live terminal has told of its own card before.
  const said = one.messages
    .slice(begun)
    .filter(({ type }) => type === "log")
    .flatMap((message) => message["entries"] as Entry[])
    .map(({ text }) => String(text));
  const steps = ["line 4: insert", "line 5: until", "reading", "line 7: remove", "It came out as it says."];
  const places = steps.map((step) => said.indexOf(step));
  equal(
    [...places].sort((a, b) => a - b),
    places,
    said.join("\n"),
  );
  ok(!places.includes(-1), said.join("\n"));
  is(station.tray.inserted(), "iso", "the live terminal has nothing to do with it");
  one.send({ do: "leave" });
  await one.until(() => one.messages.filter(({ type }) => type === "begin").length === 2);
  const left = one.messages.findLastIndex(({ type }) => type === "begin");
  await one.until(() =>
    one.messages
      .slice(left)
      .some(({ type, card, isTouchable }) => type === "state" && card === "iso" && isTouchable),
  );
});

test("a scenario that does not come out says where, and stays as it is then", async () => {
  const { tab } = await started();
  const one = await tab();
  one.send({ do: "replay", scenario: story("1s", "{ page: blocked, within: 300ms }") });
  one.send({ do: "speed", factor: 10 });
  await stateWith(
    one,
    ({ shows, card }) => /line 5: until: page: .*blocked/.test(String(shows)) && card === "iso",
  );
  ok(texts(one, "log").some((text) => text.startsWith("It did not come out as it says: line 5")));
});

test("a story waits as a person would have to, is held, stepped and moved ahead, and nobody else touches its terminal", async () => {
  const { tab, station } = await started();
  const one = await tab();
  one.send({ do: "replay", scenario: story("1h") });
  one.send({ do: "speed", factor: 10 });
  await one.until(() => texts(one, "log").includes("line 6: wait"));
  for (const deed of [{ do: "press", key: "1" }, { do: "insert", card: "iso", fresh: false }, { do: "save" }])
    one.send(deed);
  await one.until(() => refusals(one).length === 3);
  for (const refusal of refusals(one)) match(refusal, /a scenario is told to this terminal: go back/);
  one.send({ do: "hold", on: true });
  await stateWith(one, ({ held, shows }) => held === true && shows !== "");
  is(station.live.isHeld(), false);
  one.send({ do: "step" });
  one.send({ do: "speed", factor: 1 });
  one.send({ do: "hold", on: false });
  await stateWith(one, ({ held, speed }) => held === false && speed === 1);
  one.send({ do: "speed", factor: 10 });
  one.send({ do: "jump", seconds: 3600 });
  await stateWith(one, ({ shows }) => String(shows).endsWith("It came out as it says."));
});

test("the live terminal is not late while a story is told, and a story that is left or replaced ends", async () => {
  const made = await started();
  const { station } = made;
  const [one, other] = [await made.tab(), await made.tab()];
  await stateWith(one, ({ page }) => page === "insert");
  one.send({ do: "replay", scenario: story("2h") });
  one.send({ do: "speed", factor: 10 });
  await one.until(() => texts(one, "log").includes("line 6: wait"));
  one.send({ do: "jump", seconds: 3600 });
  const lates: number[] = [];
  for (const key of ["L", "L", "L"]) {
    const language = station.language();
    const sentMs = performance.now();
    station.keys(key, 60);
    while (station.language() === language) await new Promise((resolve) => setImmediate(resolve));
    lates.push(performance.now() - sentMs);
  }
  // The keypad's own time included.
  const median = [...lates].sort((a, b) => a - b)[1] ?? Infinity;
  ok(median <= LATE_MS + KEY_MS, lates.map((late) => late.toFixed(1)).join());
  const toldMs = Number(one.messages.findLast(({ type }) => type === "time")?.["timeMs"]);
  ok(toldMs < 3_600_000, "it is told all the while");
  other.send({ do: "replay", scenario: story("0s").replace("a story", "another") });
  other.send({ do: "speed", factor: 10 });
  await stateWith(other, ({ shows }) => /“another”.*It came out/.test(String(shows)));
  not.ok(texts(one, "log").includes("line 7: remove") && !texts(other, "log").includes("line 7: remove"));
  other.send({ do: "leave" });
  await one.until(() => one.messages.filter(({ type }) => type === "begin").length === 3);
  equal(made.failures, []);
});

test.run();
