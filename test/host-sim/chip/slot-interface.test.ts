import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import type { SimCard } from "../../../host-sim/card/sim-card.ts";
import { CardWire } from "../../../host-sim/chip/card-wire.ts";
import { SlotInterface } from "../../../host-sim/chip/slot-interface.ts";
import { Recorder } from "../../../host-sim/world/recorder.ts";
import { Scheduler } from "../../../host-sim/world/scheduler.ts";

const test = suite("slot interface");
const IDLE = { commandVccN: true, reset: false, enable5V: true, enable1V8N: true };
const ON = { ...IDLE, commandVccN: false };
const RELEASED = { ...ON, reset: true };
const MS = 1e6;
const OFF_ORDER = ["RST low", "CLK low", "IO low", "VCC off"];

function slotOnWire(seed = 1) {
  const scheduler = new Scheduler();
  const recorder = new Recorder();
  const complaints: string[] = [];
  const complain = (what: string): void => void complaints.push(what);
  const wire = new CardWire({ scheduler, recorder, complain });
  const slot = new SlotInterface({ scheduler, recorder, wire, complain, seed });
  const told: string[] = [];
  const card: SimCard = {
    name: "told",
    powerUp: (_line, volts) => void told.push(`up ${volts}`),
    resetReleased: () => void told.push("released"),
    resetAsserted: () => void told.push("asserted"),
    characterReceived: () => void told.push("character"),
    powerDown: () => void told.push("down"),
  };
  const run = (forNs: number): void => {
    const endNs = scheduler.nowNs + forNs;
    while (scheduler.nextNs() <= endNs) scheduler.runNext();
    scheduler.advanceTo(endNs);
  };
  const supply = (): [number, string][] =>
    recorder
      .all()
      .flatMap((each) =>
        each.channel === "card-supply" ? [[each.timeNs, String(each.value)] as [number, string]] : [],
      );
  const contacts = (): string[] => supply().flatMap(([, what]) => (what.startsWith("OFFN") ? [] : [what]));
  const powered = (): void => {
    slot.insert(card);
    run(20 * MS);
    slot.setPins(ON);
    run(5 * MS);
    slot.setPins(RELEASED);
    run(5 * MS);
    recorder.clear();
    told.length = 0;
  };
  return { scheduler, slot, card, told, run, supply, contacts, complaints, powered, wire };
}

test("activation is VCC, I/O, CLK, and RST low until RSTIN is high", () => {
  const { slot, card, run, contacts, told, complaints } = slotOnWire();
  slot.insert(card);
  run(20 * MS);
  slot.setPins(ON);
  run(5 * MS);
  equal(contacts(), ["VCC 5 V", "IO high", "CLK on"]);
  equal(told, ["up 5"]);
  slot.setPins(RELEASED);
  equal(contacts().at(-1), "RST high");
  equal(told, ["up 5", "released"]);
  equal(complaints, []);
});

test("a RSTIN that is high too early reaches the card only after 400 clocks of low reset", () => {
  const { slot, card, run, supply, complaints } = slotOnWire();
  slot.insert(card);
  run(20 * MS);
  slot.setPins(RELEASED);
  run(5 * MS);
  const timeOf = (what: string): number => supply().find((each) => each[1] === what)![0];
  ok(timeOf("RST high") - timeOf("CLK on") >= 112_000);
  equal(complaints, []);
});

test("deactivation by CMDVCCN is RST, CLK, I/O, VCC, all within 100 µs", () => {
  const { slot, run, supply, told, powered, scheduler } = slotOnWire();
  powered();
  const startNs = scheduler.nowNs;
  slot.setPins(IDLE);
  run(5 * MS);
  equal(
    supply().map((each) => each[1]),
    OFF_ORDER,
  );
  ok(supply().every(([timeNs], at) => at === 0 || timeNs > supply()[at - 1]![0]));
  ok(supply().at(-1)![0] - startNs <= 100_000);
  equal(told, ["asserted", "down"]);
  is(slot.offN(), true);
});

test("pulling the card lowers OFFN at once and the chip deactivates in order by itself", () => {
  const { slot, run, supply, contacts, told, powered, scheduler } = slotOnWire();
  powered();
  const startNs = scheduler.nowNs;
  slot.remove();
  is(slot.offN(), false);
  is(slot.inserted(), undefined);
  run(5 * MS);
  equal(contacts(), OFF_ORDER);
  ok(supply().at(-1)![0] - startNs <= 100_000);
  equal(told, ["asserted", "down"]);
});

test("pulling the card at any moment of the activation ends with every contact off", () => {
  for (let us = 0; us <= 3000; us += 50) {
    const { slot, card, run, contacts, told } = slotOnWire();
    slot.insert(card);
    run(20 * MS);
    slot.setPins(RELEASED);
    run(us * 1000);
    slot.remove();
    run(5 * MS);
    is(slot.isPowered(), false, `${us} us`);
    const on = contacts().filter(
      (each) => each.endsWith(" V") || each.endsWith("on") || each.endsWith("high"),
    ).length;
    is(contacts().length, 2 * on, `${us} us: each contact that went on went off`);
    is(
      told.filter((each) => each.startsWith("up")).length,
      told.filter((each) => each === "down").length,
      `${us} us`,
    );
  }
});

test("after a removal OFFN stays low with a new card until CMDVCCN was high", () => {
  const { slot, card, run, powered } = slotOnWire();
  powered();
  slot.remove();
  slot.insert(card);
  run(50 * MS);
  is(slot.offN(), false);
  slot.setPins(IDLE);
  is(slot.offN(), true);
});

test("a glitch of the switch deactivates a powered card as a removal does", () => {
  const { slot, run, contacts, powered } = slotOnWire();
  powered();
  slot.glitch(1000);
  run(5 * MS);
  equal(contacts(), OFF_ORDER);
  is(slot.offN(), false);
  slot.setPins(IDLE);
  is(slot.offN(), true);
});

test("a glitch without supply is a pulse on OFFN as long as the glitch", () => {
  const { slot, card, run, supply, scheduler } = slotOnWire();
  slot.insert(card);
  run(20 * MS);
  const startNs = scheduler.nowNs;
  slot.glitch(70_000);
  run(1 * MS);
  equal(supply().slice(-2), [
    [startNs, "OFFN low"],
    [startNs + 70_000, "OFFN high"],
  ]);
});

test("a short deactivates and is latched until CMDVCCN is high", () => {
  const { slot, run, contacts, powered } = slotOnWire();
  powered();
  slot.fault();
  is(slot.offN(), false);
  run(1 * MS);
  equal(contacts(), OFF_ORDER);
  slot.setPins(IDLE);
  is(slot.offN(), true);
});

test("with a coin in the contacts every activation ends in a fault before the clock starts", () => {
  const { slot, card, run, contacts, told } = slotOnWire();
  slot.insert(card);
  slot.setShort(true);
  run(20 * MS);
  for (let attempt = 0; attempt < 2; attempt++) {
    slot.setPins(ON);
    run(5 * MS);
    is(slot.offN(), false);
    slot.setPins(IDLE);
    run(1 * MS);
  }
  equal(contacts(), ["VCC 5 V", "VCC off", "VCC 5 V", "VCC off"]);
  equal(told, []);
});

test("the class is what the pins say when CMDVCCN falls, and a change while powered is told", () => {
  for (const [pins, volts] of [
    [{ ...ON, enable5V: true }, 5],
    [{ ...ON, enable5V: false }, 3],
    [{ ...ON, enable1V8N: false }, 1.8],
  ] as const) {
    const { slot, card, run, told, complaints } = slotOnWire();
    slot.insert(card);
    run(20 * MS);
    slot.setPins(pins);
    run(5 * MS);
    equal(told, [`up ${volts}`]);
    slot.setPins({ ...pins, enable5V: !pins.enable5V });
    is(complaints.length, 1);
  }
});

test("the pull-ups of a processor's reset set the class while the card is being switched off, and a program may not", () => {
  for (const lateNs of [0, 30_000, 59_000]) {
    for (const isReset of [true, false]) {
      const { slot, run, powered, complaints } = slotOnWire();
      powered();
      slot.setPins({ ...IDLE, enable1V8N: false });
      const before = complaints.length;
      run(lateNs);
      if (isReset) slot.letGo({ ...IDLE, enable5V: false });
      else slot.setPins({ ...IDLE, enable5V: false });
      is(complaints.length - before, isReset ? 0 : 1, `${lateNs} ns`);
      run(MS);
      is(slot.isPowered(), false);
    }
  }
});

test("a processor's reset switches a powered card off in the chip's order, whatever its class", () => {
  const { slot, run, powered, complaints } = slotOnWire();
  powered();
  slot.letGo({ ...IDLE, enable5V: false });
  run(MS);
  is(slot.isPowered(), false);
  equal(complaints, []);
});

test("a warm reset tells the card and keeps the supply", () => {
  const { slot, run, contacts, told, powered } = slotOnWire();
  powered();
  slot.setPins(ON);
  run(1 * MS);
  slot.setPins(RELEASED);
  equal(told, ["asserted", "released"]);
  equal(contacts(), ["RST low", "RST high"]);
});

test("a reset shorter than 400 clocks is told", () => {
  const { slot, run, complaints, powered } = slotOnWire();
  powered();
  slot.setPins(ON);
  run(100_000);
  slot.setPins(RELEASED);
  equal(complaints, ["reset shorter than 400 clocks"]);
});

test("activation is refused without a card and does not follow by itself when one comes", () => {
  const { slot, card, run, contacts } = slotOnWire();
  slot.setPins(ON);
  run(5 * MS);
  slot.insert(card);
  run(50 * MS);
  equal(contacts(), []);
});

test("CMDVCCN falling during the deactivation activates after its end", () => {
  const { slot, run, contacts, powered } = slotOnWire();
  powered();
  slot.setPins(IDLE);
  run(10_000);
  slot.setPins(ON);
  run(5 * MS);
  equal(contacts(), [...OFF_ORDER, "VCC 5 V", "IO high", "CLK on"]);
});

test("the bounce of an insertion ends closed within 8 ms, is the same for a seed and differs between seeds", () => {
  const bounces = (seed: number): [number, string][] => {
    const { slot, card, run, supply } = slotOnWire(seed);
    slot.insert(card);
    run(8 * MS);
    is(slot.offN(), true, `seed ${seed}`);
    return supply();
  };
  for (let seed = 0; seed < 50; seed++) equal(bounces(seed), bounces(seed));
  ok(new Set(Array.from({ length: 20 }, (_, seed) => JSON.stringify(bounces(seed)))).size > 10);
});

test("pulling the card while the switch still bounces leaves OFFN low", () => {
  for (let seed = 0; seed < 50; seed++) {
    const { slot, card, run } = slotOnWire(seed);
    slot.insert(card);
    run(1 * MS);
    slot.remove();
    run(20 * MS);
    is(slot.offN(), false, `seed ${seed}`);
  }
});

test("inserting twice and removing nothing are refused and change nothing", () => {
  const { slot, card } = slotOnWire();
  throws(() => slot.remove(), /no card/);
  throws(() => slot.glitch(1), /no card/);
  slot.insert(card);
  throws(() => slot.insert(card), /is in the slot/);
  is(slot.inserted(), card);
});

test("what the card sends after it was pulled does not exist: it hears nothing more either", () => {
  const { slot, run, told, powered, wire } = slotOnWire();
  powered();
  wire.drive("terminal", 0, 372);
  run(100_000);
  slot.remove();
  run(5 * MS);
  equal(told, ["asserted", "down"]);
});

test.run();
