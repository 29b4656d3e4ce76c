import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import { BOARD } from "../../../board/mps2-an386/pins.ts";
import { ResetReason } from "../../../hal/watchdog.ts";
import { parseOptions } from "../../../host-sim/cli/options.ts";
import { Station } from "../../../host-sim/cli/station.ts";

const test = suite("station");

function station(): { station: Station; told: string[] } {
  const told: string[] = [];
  const places = { line: { kind: "inproc" }, control: { kind: "none" } } as const;
  const made = new Station(
    { ...parseOptions(["--mode", "open"]), ...places },
    {
      onQuit: () => undefined,
      onFailure: (error) => told.push(String(error)),
      onRestart: (text) => told.push(text),
    },
  );
  made.simulator.runFor(100);
  return { station: made, told };
}

test("a terminal that was switched on says so, and nobody is told anything", () => {
  const { station: made, told } = station();
  equal(made.state()["lastReset"], { reason: "power-on", part: "none" });
  equal(told, []);
  made.close();
});

test("a part that nobody hears of is told by name: in the state, and in a sentence with the next step", () => {
  const { station: made, told } = station();
  const { watchdog } = made.simulator.world;
  const progress = watchdog.progress.bind(watchdog);
  watchdog.progress = (part) => (part === 3 ? undefined : progress(part));
  made.simulator.runUntil(() => told.length > 0, 1000);
  equal(made.state()["lastReset"], { reason: "watchdog", part: "sound" });
  is(made.state()["complaintCount"], 1);
  is(told.length, 1);
  match(
    told[0] ?? "",
    /^the terminal has started again: its watchdog has bitten; part sound had not come to its end\. /,
  );
  match(told[0] ?? "", /\{"do":"state"\} tells lastReset; a run with --trace FILE/);
  made.close();
});

for (const [reason, name, cause] of [
  [ResetReason.PowerOn, "power-on", "it was switched on or reset from outside"],
  [ResetReason.Fault, "fault", "the processor's fault handler has stopped it"],
  [ResetReason.Program, "program", "its program has ended with an error"],
] as const) {
  test(`a boot by ${name} is told as that`, () => {
    const { station: made, told } = station();
    made.simulator.world.boot({ reason, part: 255 });
    equal(told.length, 1);
    match(told[0] ?? "", `again: ${cause}. {"do"`);
    equal(made.simulator.world.lastReset, { reason, part: 255 });
    made.close();
  });
}

test("without power the page is off, and afterwards the terminal has been switched on", () => {
  const { station: made, told } = station();
  equal(made.power(false), { power: "off" });
  made.autoKeys("1E", 60);
  equal([made.state()["page"], made.state()["power"]], ["off", "off"]);
  is(made.simulator.world.slot.isPowered(), false);
  equal(made.power(false), { power: "off" });
  equal(made.power(true), { power: "on" });
  made.simulator.runFor(100);
  equal([made.state()["page"], made.state()["power"]], ["insert", "on"]);
  is(told.length, 1);
  made.close();
});

test("an opened case resets a terminal that runs, and one without power finds it when it comes back", () => {
  for (const isPowered of [true, false]) {
    const { station: made, told } = station();
    made.power(isPowered);
    is(made.state()["case"], "closed");
    equal(made.openCase(), { case: "opened" });
    is(made.state()["case"], "opened");
    made.power(true);
    made.simulator.runFor(100);
    is(told.length, 1);
    is(made.simulator.world.backup.wasOpened(), true);
    made.close();
  }
});

test("the case key is turned to service and back, which the terminal's input shows", () => {
  const { station: made } = station();
  const { world } = made.simulator;
  for (const service of [true, false]) {
    equal(made.turnCaseKey(service), { caseKey: service ? "service" : "off" });
    is(made.state()["caseKey"], service ? "service" : "off");
    is((world.readPins() & BOARD.caseKeyN) === 0, service);
  }
  made.close();
});

test("a line that is pulled carries nothing either way until it is put back", () => {
  const { station: made } = station();
  const { line } = made.simulator.world;
  const came: number[] = [];
  line.onTerminalReceive = (bytes) => came.push(...bytes);
  equal([made.state()["plugged"], made.plugLine(false)], [true, { plugged: false }]);
  line.send(Uint8Array.of(1));
  made.simulator.runFor(10);
  equal([made.state()["plugged"], came], [false, []]);
  made.plugLine(true);
  line.send(Uint8Array.of(2));
  made.simulator.runFor(10);
  equal([made.state()["plugged"], came], [true, [2]]);
  made.close();
});

test.run();
