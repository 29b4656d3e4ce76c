import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { CardWire, type ErrorSignal, type PassedCharacter } from "../../../host-sim/chip/card-wire.ts";
import { encodeMoments } from "../../../host-sim/chip/wire-character.ts";
import { Recorder } from "../../../host-sim/world/recorder.ts";
import { Scheduler } from "../../../host-sim/world/scheduler.ts";

const test = suite("card wire");

function wireWithListeners() {
  const scheduler = new Scheduler();
  const recorder = new Recorder();
  const complaints: string[] = [];
  const wire = new CardWire({ scheduler, recorder, complain: (what) => void complaints.push(what) });
  const passed: PassedCharacter[] = [];
  const passedNs: number[] = [];
  wire.onCharacter((each) => {
    passed.push(each);
    passedNs.push(scheduler.nowNs);
  });
  return { scheduler, recorder, complaints, wire, passed, passedNs };
}

function drain(scheduler: Scheduler): void {
  while (scheduler.nextNs() < Infinity) scheduler.runNext();
}

const EDGE = (etu: number): number => Math.round((etu * 372 * 1e9) / 3_571_200);

test("one etu at 372 clocks of 3.5712 MHz is 104,167 ns", () => {
  const { wire } = wireWithListeners();
  is(wire.etuNs(1, 372), 104_167);
  is(wire.etuNs(12, 372), 1_250_000);
});

test("a character reaches both ends 10 etu after its leading edge and is recorded at the edge, by direction", () => {
  const { scheduler, recorder, wire, passed, passedNs } = wireWithListeners();
  wire.setPowered(true);
  scheduler.at(EDGE(5), () => wire.drive("card", encodeMoments(0x3b, false), 372));
  scheduler.at(EDGE(40), () => wire.drive("terminal", encodeMoments(0xc1, false), 372));
  drain(scheduler);
  equal(passedNs, [EDGE(5) + EDGE(10), EDGE(40) + EDGE(10)]);
  equal(
    passed.map((each) => each.from),
    ["card", "terminal"],
  );
  equal(recorder.all(), [
    { timeNs: EDGE(5), channel: "card-in", value: 0x3b },
    { timeNs: EDGE(40), channel: "card-out", value: 0xc1 },
  ]);
});

test("two ends sending at once damage both characters and are told", () => {
  for (let etu = 0; etu < 10; etu++) {
    const { scheduler, wire, passed, complaints } = wireWithListeners();
    wire.setPowered(true);
    scheduler.at(0, () => wire.drive("card", encodeMoments(0x55, false), 372));
    scheduler.at(EDGE(etu), () => wire.drive("terminal", encodeMoments(0xaa, false), 372));
    drain(scheduler);
    equal(
      passed.map((each) => each.character.damaged),
      [true, true],
      `${etu} etu apart`,
    );
    is(complaints.filter((each) => each.includes("both ends")).length, 1, `${etu} etu apart`);
  }
});

test("characters of two ends 10 etu apart leave each other whole", () => {
  const { scheduler, wire, passed } = wireWithListeners();
  scheduler.at(0, () => wire.drive("card", encodeMoments(0x55, false), 372));
  scheduler.at(EDGE(10), () => wire.drive("terminal", encodeMoments(0xaa, false), 372));
  drain(scheduler);
  equal(
    passed.map((each) => each.character.damaged),
    [false, false],
  );
});

test("a terminal that keeps neither its guard time nor the card's is told so", () => {
  for (const { setup, demanded, spacing, told } of [
    { setup: 12, demanded: 0, spacing: 11, told: 1 },
    { setup: 12, demanded: 0, spacing: 12, told: 0 },
    { setup: 11, demanded: 12, spacing: 11, told: 1 },
    { setup: 11, demanded: 11, spacing: 11, told: 0 },
  ]) {
    const { scheduler, wire, complaints } = wireWithListeners();
    wire.setPowered(true);
    wire.setGuard(setup);
    wire.setDemand(demanded, false);
    scheduler.at(0, () => wire.drive("terminal", 0, 372));
    scheduler.at(EDGE(spacing), () => wire.drive("terminal", 0, 372));
    drain(scheduler);
    is(complaints.length, told, `${setup} ${demanded} ${spacing}`);
  }
});

test("with T=1 the terminal must wait 22 etu after the card's last leading edge", () => {
  for (const { etu, strict, told } of [
    { etu: 21, strict: true, told: 1 },
    { etu: 22, strict: true, told: 0 },
    { etu: 21, strict: false, told: 0 },
  ]) {
    const { scheduler, wire, complaints } = wireWithListeners();
    wire.setPowered(true);
    wire.strict = strict;
    scheduler.at(0, () => wire.drive("card", 0, 372));
    scheduler.at(EDGE(etu), () => wire.drive("terminal", 0, 372));
    drain(scheduler);
    is(complaints.length, told, `${etu} etu, strict ${strict}`);
  }
});

test("sending without a powered card is told", () => {
  const { wire, complaints, passed, scheduler } = wireWithListeners();
  wire.drive("terminal", 0, 372);
  drain(scheduler);
  equal(complaints, ["card wire: terminal sends to no card"]);
  is(passed[0]!.cardPowered, false);
});

test("a character of the card is cut where its supply ends", () => {
  for (let etu = 1; etu < 10; etu++) {
    const { scheduler, wire, passed } = wireWithListeners();
    wire.setPowered(true);
    wire.drive("card", 0, 372);
    scheduler.at(EDGE(etu) + 10, () => wire.setPowered(false));
    drain(scheduler);
    is(passed[0]!.character.moments, 0x1ff & ~((1 << (etu - 1)) - 1), `${etu} etu`);
    is(passed[0]!.character.damaged, true);
  }
});

test("an error signal of either end is seen 11 etu after the leading edge", () => {
  for (const by of ["terminal", "card"] as const) {
    const { scheduler, wire } = wireWithListeners();
    const signals: ErrorSignal[] = [];
    const timesNs: number[] = [];
    wire.onCharacter(({ character }) => wire.signalError(by, character));
    wire.onErrorSignal((signal) => {
      signals.push(signal);
      timesNs.push(scheduler.nowNs);
    });
    wire.setPowered(true);
    scheduler.at(EDGE(3), () => wire.drive(by === "card" ? "terminal" : "card", 0x100, 372));
    drain(scheduler);
    equal(
      signals.map((signal) => signal.by),
      [by],
    );
    equal(timesNs, [EDGE(3) + EDGE(11)]);
  }
});

test("an unpaced run may jump over 30 etu after a character and no further", () => {
  const { scheduler, wire } = wireWithListeners();
  wire.drive("card", 0, 372);
  drain(scheduler);
  is(scheduler.mayJumpTo(EDGE(40)), true);
  is(scheduler.mayJumpTo(EDGE(40) + 2), false);
});

test.run();
