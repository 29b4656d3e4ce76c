import { readScenario } from "../../../host-sim/scenario-file/read.ts";
import { runScenario } from "../../../host-sim/scenario-file/run.ts";
import { suite } from "uvu";
import { equal, is, match, not, ok } from "uvu/assert";
import { BOARD } from "../../../board/mps2-an386/pins.ts";
import { stationsOf } from "./page-station.ts";
import { entries, refusals, stateWith, texts, type Entry } from "./tab-told.ts";

const test = suite("the terminal's tab");
const LATE_MS = 50;
const FRAME_BYTES = 12_000;
const REPLAY = "This is a replay, on a terminal of its own.";
const started = stationsOf(test);

test("a tab that comes is told the deck, the state, the picture and what has happened", async () => {
  const { station, tab } = await started("--card", "iso");
  const one = await tab();
  await stateWith(one, ({ card }) => card === "iso");
  ok((one.messages.find(({ type }) => type === "deck")?.["cards"] as unknown[]).length > 20);
  await one.until(() => one.frames.length > 0);
  const frame = one.frames.at(-1) ?? new Uint8Array();
  equal([frame[0], frame.length], [1, FRAME_BYTES + 1]);
  await one.until(
    () =>
      Buffer.compare(
        one.frames.at(-1)?.subarray(1) ?? new Uint8Array(),
        station.simulator.world.lcd.frame(),
      ) === 0,
  );
  await one.until(() => texts(one, "log").includes("display on"));
  ok(texts(one, "log").includes("card iso put in"));
});

test("the picture is at a tab within 50 ms of its bytes on the SPI wire, and only when it has changed", async () => {
  const { station, tab } = await started();
  const one = await tab();
  await one.until(() => one.frames.length > 0);
  const { world } = station.simulator;
  const lates: number[] = [];
  for (const key of ["L", "L", "L", "L", "L", "L"]) {
    const before = one.frames.length;
    let drawnMs = 0;
    const heard = world.recorder.onEvent.bind(world.recorder);
    heard(({ channel }) => {
      if (channel === "spi") drawnMs ||= performance.now();
    });
    // Not by the tab itself, which is told what comes of its own deeds at once.
    station.keys(key, 60);
    await one.until(() => one.frames.length > before);
    lates.push(performance.now() - drawnMs);
  }
  // The median: a machine that does other things beside may be late once.
  const median = [...lates].sort((a, b) => a - b)[3] ?? Infinity;
  ok(median <= LATE_MS, lates.map((late) => late.toFixed(1)).join());
  const all = one.frames.map((frame) => Buffer.from(frame).toString("latin1"));
  ok(
    all.every((frame, at) => frame !== all[at - 1]),
    "no picture is sent twice in a row",
  );
});

test("digits come back as dots, and a finger that taps as fast as it can is felt", async () => {
  const { tab } = await started();
  const one = await tab();
  for (const key of "2580E") {
    one.send({ do: "press", key });
    one.send({ do: "release", key });
  }
  await one.until(() => texts(one, "log").includes("確認 ○ up"));
  equal(
    entries(one, "log")
      .filter(({ kind }) => kind === "key")
      .map(({ text }) => text),
    [
      ...["● down", "● up"],
      ...["● down", "● up"],
      ...["● down", "● up"],
      ...["● down", "● up"],
      "確認 ○ down",
      "確認 ○ up",
    ],
  );
  // Moments of the log are numbers that depend on the machine: among them any four digits may stand.
  const told = JSON.stringify(
    one.messages.filter(({ type }) => type !== "deck"),
    (key, value: unknown) => (key === "timeMs" ? 0 : value),
  );
  not.match(told, /2580|"[0-9] (up|down)"/);
});

test("a release and the next press that come at one instant are felt as two presses", async () => {
  const { station, tab } = await started();
  const one = await tab();
  await one.until(() => texts(one, "log").includes("insert"));
  const { world } = station.simulator;
  const tones = (): number => texts(one, "log").filter((text) => text === "tone 2000 Hz").length;
  const before = tones();
  one.send({ do: "press", key: "L" });
  await one.until(() => texts(one, "log").includes("言語 ？ down"));
  await one.until(() => tones() === before + 1);
  // Longer than a tap: the release takes effect at once.
  station.live.jump(100);
  station.live.hold();
  station.release("L");
  station.press("L");
  station.live.release();
  await one.until(() => tones() === before + 2);
  is(world.complaints.length, 0);
});

test("a tab that goes lets go of its keys; two tabs see and press the same terminal", async () => {
  const { tab } = await started();
  const [one, other] = [await tab(), await tab()];
  one.send({ do: "press", key: "7" });
  await other.until(() => texts(other, "log").includes("● down"));
  not.ok(texts(other, "log").includes("● up"));
  one.end();
  await other.until(() => texts(other, "log").includes("● up"));
  other.send({ do: "insert", card: "mynumber", fresh: false });
  await stateWith(other, ({ card }) => card === "mynumber");
});

test("what cannot be done is refused by a sentence without values, and the terminal goes on", async () => {
  const { station, tab, failures } = await started();
  const one = await tab();
  const nonsense: readonly object[] = [
    {},
    { do: "explode" },
    { do: "press", key: "12" },
    { do: "press", key: "" },
    { do: "press", key: "7", pin: "1234" },
    { do: "keys", keys: "1234E" },
    { do: "insert", card: "nobody", fresh: false },
    { do: "insert", card: "vpcd:0", fresh: false },
    { do: "remove" },
    { do: "noise", rate: 0.9 },
    { do: "noise", rate: -1 },
    { do: "speed", factor: 1e9 },
    { do: "jump", seconds: 1e9 },
    { do: "jump", seconds: 0.5 },
    { do: "hex", n: 0 },
    { do: "replay", scenario: "given: x" },
  ];
  for (const message of nonsense) one.send(message);
  await one.until(() => one.messages.filter(({ type }) => type === "refused").length === nonsense.length);
  not.match(JSON.stringify(one.messages.filter(({ type }) => type === "refused")), /1234|nobody/);
  equal(failures, []);
  is(station.simulator.world.complaints.length, 0);
  one.send({ do: "insert", card: "iso", fresh: true });
  await stateWith(one, ({ card }) => card === "iso");
});

test("a card that is put into a full slot takes the place of the other", async () => {
  const { tab } = await started("--card", "iso");
  const one = await tab();
  one.send({ do: "insert", card: "mynumber-last", fresh: false });
  await stateWith(one, ({ card }) => card === "mynumber-last");
  ok(texts(one, "log").includes("card pulled"));
});

test("the bytes of a wire come when they are asked for, and nothing comes of a number that is none", async () => {
  const { station, tab } = await started("--card", "iso");
  station.simulator.world.line.terminalSends(Uint8Array.of(3, 6, 0x81, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0x83));
  const one = await tab();
  await one.until(() => texts(one, "wire").some((text) => text.startsWith("SlotStatus #7")));
  const line = entries(one, "wire").find(({ text }) => String(text).startsWith("SlotStatus #7"));
  is(line?.["hex"], undefined);
  one.send({ do: "hex", n: line?.["n"] });
  is((await one.message(({ type }) => type === "hex"))["hex"], "81 00 00 00 00 00 07 00 00 00");
  one.send({ do: "hex", n: 1_000_000 });
  is((await one.message(({ n }) => n === 1_000_000))["hex"], "");
});

test("a replay does the same at the same times on a fresh terminal, and leaves the first alone", async () => {
  const { station, tab } = await started();
  const one = await tab();
  one.send({ do: "press", key: "L" });
  one.send({ do: "release", key: "L" });
  await one.until(() => texts(one, "log").includes("言語 ？ up"));
  one.send({ do: "insert", card: "mynumber-last", fresh: false });
  await stateWith(one, ({ card, page }) => card === "mynumber-last" && page === "reading");
  one.send({ do: "power", on: false });
  await stateWith(one, ({ power }) => power === "off");
  const hands = ["key", "hand"];
  const done = (from: number): Entry[] =>
    one.messages
      .slice(from)
      .filter(({ type }) => type === "log")
      .flatMap((message) => message["entries"] as Entry[])
      .filter(({ kind }) => hands.includes(String(kind)))
      .map(({ timeMs, text }) => ({ timeMs, text }));
  const before = done(0);
  ok(before.length >= 4, JSON.stringify(before));
  const at = one.messages.length;
  one.send({ do: "replay" });
  await one.until(() =>
    one.messages
      .slice(at)
      .some(({ type, power, shows }) => type === "state" && shows === REPLAY && power === "off"),
  );
  const began = one.messages.findIndex(({ type }, index) => index >= at && type === "begin");
  equal(done(began), before);
  is(station.simulator.isPowered(), false);
  const left = one.messages.length;
  one.send({ do: "leave" });
  await one.until(() => one.messages.slice(left).some(({ type, shows }) => type === "state" && shows === ""));
});

test("glass that takes harm is told: VCOM stands still under a picture", async () => {
  const { station, tab } = await started();
  const one = await tab();
  await stateWith(one, ({ page, glassHarmed }) => page === "insert" && glassHarmed === false);
  station.enter(() => station.simulator.world.setPwm(BOARD.lcd.vcomChannel, 0));
  await stateWith(one, ({ glassHarmed }) => glassHarmed === true);
});

test("what is saved is what was done, in the words of a scenario's file, with its times", async () => {
  const { tab } = await started("--card", "iso", "--seed", "9");
  const one = await tab();
  const deeds = [
    { do: "remove" },
    { do: "insert", card: "mynumber", fresh: true },
    { do: "press", key: "<" },
    { do: "release", key: "<" },
    { do: "noise", rate: 0.001 },
    { do: "line", plugged: false },
    { do: "casekey", service: true },
    { do: "case" },
    { do: "power", on: false },
    { do: "power", on: true },
    { do: "save" },
  ];
  for (const deed of deeds) one.send(deed);
  const file = await one.message(({ type }) => type === "file");
  const text = Buffer.from(String(file["base64"]), "base64").toString();
  const read = readScenario(text, "saved");
  if ("problems" in read) throw new Error(text);
  const { failure, trace } = await runScenario(read.scenario, { keepTrace: true });
  equal(failure, undefined, "what was seen is seen again");
  const done = trace.filter(({ channel }) => channel === "world").map(({ value }) => value);
  for (const what of ["case key to service", "case opened"]) is(done.includes(what), true, what);
  const steps = text.split("\n").filter((line) => line.startsWith("  - { at: ") && !line.includes("expect:"));
  equal(
    steps.map((step) => step.replace(/at: [\d.]+ms/, "at: N")),
    [
      "  - { at: N, insert: iso }",
      '  - { at: N, remove: "" }',
      "  - { at: N, insert: { card: mynumber, fresh: yes } }",
      "  - { at: N, key-down: < }",
      "  - { at: N, key-up: < }",
      "  - { at: N, noise: 0.1% }",
      "  - { at: N, line: unplugged }",
      "  - { at: N, case-key: service }",
      '  - { at: N, open-case: "" }',
      "  - { at: N, power: off }",
      "  - { at: N, power: on }",
    ],
  );
});

test("a held terminal takes what is done to it when it goes on", async () => {
  const { station, tab } = await started();
  const one = await tab();
  one.send({ do: "hold", on: true });
  await stateWith(one, ({ held }) => held === true);
  const heldNs = station.simulator.nowNs;
  one.send({ do: "insert", card: "iso", fresh: false });
  await stateWith(one, ({ card, held }) => card === "iso" && held === true);
  is(station.simulator.nowNs, heldNs);
  one.send({ do: "step" });
  one.send({ do: "hold", on: false });
  await stateWith(one, ({ page, held }) => page === "reading" && held === false);
  one.send({ do: "speed", factor: 10 });
  await stateWith(one, ({ speed }) => speed === 10);
  is(typeof (await one.message(({ type }) => type === "time"))["timeMs"], "number");
});

test("a replay whose terminal cannot be opened leaves none behind, and the live one is shown", async () => {
  const made = await started("--card", "iso");
  const one = await made.tab();
  await stateWith(one, ({ card }) => card === "iso");
  made.onFresh = (station) => (station.open = () => Promise.reject(new Error("no line for it")));
  one.send({ do: "replay" });
  await one.until(() => refusals(one).length > 0);
  match(refusals(one)[0] ?? "", /no line for it/);
  equal([made.made.length, made.closed.length], [1, 1]);
  one.send({ do: "press", key: "1" });
  await stateWith(one, ({ shows, card }) => shows === "" && card === "iso");
});

test("a replay that is opened while the simulator ends is closed as well", async () => {
  const made = await started();
  const one = await made.tab();
  let opened: () => void = () => undefined;
  made.onFresh = (station) => (station.open = () => new Promise((resolve) => (opened = resolve)));
  one.send({ do: "replay" });
  await one.until(() => made.made.length > 0);
  made.channel.close();
  opened();
  await one.until(() => refusals(one).length > 0);
  equal([made.made.length, made.closed.length], [1, 1]);
});

interface Traced {
  readonly timeNs: number;
  readonly channel: string;
  readonly value: unknown;
}

/** What of a trace lies between two instants. */
function between(trace: readonly Traced[], fromNs: number, toNs: number): string[] {
  return trace
    .filter(({ timeNs }) => timeNs > fromNs && timeNs < toNs)
    .map(({ timeNs, channel, value }) => {
      const shown = value instanceof Uint8Array ? Buffer.from(value).toString("hex") : JSON.stringify(value);
      return `${timeNs} ${channel} ${shown}`;
    });
}

test("a saved run leaves the trace of the live one, event for event and byte for byte", async () => {
  const { tab, station } = await started("--seed", "9");
  const one = await tab();
  await stateWith(one, ({ page }) => page === "insert");
  const live: Traced[] = [];
  const fromNs = station.simulator.nowNs;
  station.simulator.world.recorder.onEvent(({ timeNs, channel, value }) =>
    live.push({ timeNs, channel, value: value instanceof Uint8Array ? Uint8Array.from(value) : value }),
  );
  const seen = async (deed: Entry, isSeen: (state: Entry) => boolean): Promise<void> => {
    one.send(deed);
    await stateWith(one, isSeen);
  };
  await seen({ do: "insert", card: "mynumber", fresh: true }, ({ page }) => page === "reading");
  one.send({ do: "press", key: "L" });
  one.send({ do: "release", key: "L" });
  await stateWith(one, ({ language }) => language === "easy");
  await seen({ do: "remove" }, ({ page }) => page === "insert");
  one.send({ do: "noise", rate: 0.01 });
  await seen({ do: "line", plugged: false }, ({ plugged }) => plugged === false);
  await seen({ do: "line", plugged: true }, ({ plugged }) => plugged === true);
  one.send({ do: "jump", seconds: 90 });
  await seen({ do: "power", on: false }, ({ power }) => power === "off");
  await seen({ do: "power", on: true }, ({ page }) => page === "insert");
  await seen({ do: "insert", card: "iso" }, ({ page }) => page === "reading");
  await seen({ do: "case" }, (state) => state["case"] === "opened");
  one.send({ do: "save" });
  const file = await one.message(({ type }) => type === "file");
  const toNs = station.simulator.nowNs;
  const read = readScenario(Buffer.from(String(file["base64"]), "base64").toString(), "saved");
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  const { failure, trace, virtualMs } = await runScenario(read.scenario, { keepTrace: true });
  equal(failure, undefined);
  const endNs = Math.min(toNs, virtualMs * 1e6);
  const [was, again] = [between(live, fromNs, endNs), between(trace, fromNs, endNs)];
  ok(was.length > 100, `${was.length} events`);
  const first = was.findIndex((event, at) => event !== again[at]);
  equal(again[first], was[first], `event ${first} of ${was.length}`);
  is(again.length, was.length);
});

test.run();
