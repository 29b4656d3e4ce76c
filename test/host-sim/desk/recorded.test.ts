/** A day at the counter window, saved as a scenario: another counter does it once more, and it comes out the same. */
import { suite } from "uvu";
import { is, match, not } from "uvu/assert";
import type { Observed } from "../../../host-sim/scenario-file/recording.ts";
import { writeScenario } from "../../../host-sim/scenario-file/write.ts";
import { scenarioOf, told } from "../scenario-file/told.ts";
import { DeskBench, type Tab } from "./desk-bench.ts";

const test = suite("the counter window's day as a scenario");
const open: DeskBench[] = [];

test.after.each(() => {
  for (const bench of open.splice(0)) bench.close();
});

async function begun(): Promise<{ bench: DeskBench; tab: Tab }> {
  const bench = new DeskBench();
  open.push(bench);
  return { bench, tab: await bench.signedIn() };
}

/** The saved day; its outcome at a new terminal is the one that the register has. */
async function saved(bench: DeskBench, then: Observed = {}): Promise<string> {
  const given = { mode: "sealed", seed: 1, counter: "absent", operators: "required" };
  const session = bench.recording.finish({ name: "a day", given }, then);
  const text = writeScenario(session!);
  const run = await told(text);
  is(run.failure, undefined, `${JSON.stringify(run.failure)}\n${text}`);
  return text;
}

test("a family's cards, a wrong PIN among them, a card of somebody else, and the sign-out", async () => {
  const { bench, tab } = await begun();
  await bench.caseFor(tab, "moving", "窓口 花子");
  await bench.check(tab, "mynumber", ["0000"]);
  await bench.check(tab, "mynumber-same", []);
  await bench.check(tab, "mynumber", ["1234"]);
  await bench.check(tab, "mynumber-family", ["8642"]);
  await tab.do({ do: "sign-out" });
  const text = await saved(bench);
  for (const step of [
    "sign-in:",
    "check-pin:",
    "continue:",
    "verdict: other-card",
    "sign-out:",
    "operators: required",
  ])
    match(text, step);
  not.match(text, /madoguchi-1|花子/);
});

test("a check whose line is lost at the entry: its result is asked for there as well", async () => {
  const { bench, tab } = await begun();
  await bench.caseFor(tab, "copy-elsewhere", "窓口 花子");
  const checking = tab.begin({ do: "check", language: "ja", lastTry: false, finish: false });
  await bench.putIn("mynumber");
  await bench.shows(/^pin$/);
  const { line } = bench.simulator.world;
  bench.recording.did({ do: "line", plugged: false });
  line.unplug();
  await bench.until(() => tab.state()["phase"] === "lost", 60);
  bench.recording.did({ do: "line", plugged: true });
  line.plug();
  await bench.until(checking);
  is(tab.case().answer?.outcome, "CANCELLED");
  match(await saved(bench, { outcome: "CANCELLED" }), "get-result:");
});

test("a change of PIN, an emergency stop amid an entry, the staff's end of it, and one more check", async () => {
  const { bench, tab } = await begun();
  await bench.caseFor(tab, "pin-change", "例示 あおい");
  await bench.check(tab, "mynumber-same", ["1234", "7391", "7391"]);
  await tab.do({ do: "close" });
  await bench.caseFor(tab, "copy-elsewhere", "窓口 花子");
  const checking = tab.begin({ do: "check", language: "en", lastTry: false, finish: false });
  await bench.putIn("mynumber");
  await bench.shows(/^pin$/);
  await tab.do({ do: "stop" });
  await bench.until(checking);
  await bench.takeOut();
  const signing = tab.begin({ do: "card", language: "ja" });
  await bench.putIn("operator", "4649");
  await bench.until(signing);
  await bench.takeOut();
  await tab.do({ do: "resume" });
  await bench.check(tab, "mynumber", ["1234"]);
  is(tab.case().answer?.outcome, "OK");
  const text = await saved(bench, { outcome: "OK" });
  is(scenarioOf(text).given.operators, "required");
});

test.run();
