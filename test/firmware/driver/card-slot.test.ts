import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { CardSlot, SlotState, VoltageClass } from "../../../firmware/driver/card-slot.ts";
import { ScriptedCard, WIRING } from "./scripted-card.ts";

const test = suite("card-slot");

function slotWith(present: boolean): { card: ScriptedCard; slot: CardSlot; pass: (us: number) => void } {
  const card = new ScriptedCard();
  card.present = present;
  const slot = new CardSlot(card, WIRING);
  const pass = (us: number) => {
    card.nowUs += us;
    slot.step(card.nowUs);
  };
  pass(0);
  return { card, slot, pass };
}

/** A settled card, then `voltage` and `us` more, stepped each 100 µs. */
function startedFor(us: number, voltage = VoltageClass.A5V) {
  const made = slotWith(true);
  made.pass(30_000);
  made.slot.powerOn(voltage, made.card.nowUs);
  for (let passed = 0; passed < us; passed += 100) made.pass(100);
  return made;
}

const whats = (card: ScriptedCard) => card.pinLog.map((entry) => entry.what);

test("the first act is contacts off", () => {
  const card = new ScriptedCard();
  card.set(WIRING.commandVccN, 0);
  card.set(WIRING.reset, WIRING.reset);
  card.pinLog.length = 0;
  new CardSlot(card, WIRING);
  equal(whats(card), ["R0", "V0"]);
});

test("a card counts after 30 ms without a bounce", () => {
  const { slot, card, pass } = slotWith(false);
  card.move(true);
  pass(1000);
  for (let i = 0; i < 5; i++) {
    card.move(false);
    pass(500);
    card.move(true);
    pass(500);
  }
  pass(29_000);
  is(slot.isPresent(), false);
  pass(1_000);
  is(slot.isPresent(), true);
  is(slot.insertion, 1);
  is(slot.takeLoss(), false, "bouncing in is no loss");
});

test("a card that is in the slot at boot is found", () => {
  const { slot, pass } = slotWith(true);
  pass(30_000);
  is(slot.isPresent(), true);
});

test("activation sets the class first, then the supply, and RST after 400 clocks or more", () => {
  for (const [voltage, volts] of [
    [VoltageClass.A5V, "5"],
    [VoltageClass.B3V, "3"],
    [VoltageClass.C1V8, "1.8"],
  ] as const) {
    const { card, slot } = startedFor(20_000, voltage);
    equal(whats(card), ["V1", "R1"]);
    is(card.volts(), volts);
    const lowUs = card.pinLog[1]!.atUs - card.pinLog[0]!.atUs;
    is(lowUs >= 4_200 + 40_000 / 3.5712, true, `RST is low for ${lowUs} µs`);
    is(slot.current(), SlotState.Running);
  }
});

test("a warm reset leaves the supply alone", () => {
  const { card, slot, pass } = startedFor(20_000);
  card.pinLog.length = 0;
  slot.warmReset(card.nowUs);
  pass(11_000);
  equal(whats(card), ["R0"]);
  pass(1_000);
  equal(whats(card), ["R0", "R1"]);
  is(card.pinLog[1]!.atUs - card.pinLog[0]!.atUs >= 400 / 3.5712, true);
});

test("deactivation is RST, then the rest, and the next activation waits 10 ms", () => {
  const { card, slot, pass } = startedFor(20_000);
  card.pinLog.length = 0;
  slot.powerOff(card.nowUs);
  equal(whats(card), ["R0", "V0"]);
  pass(100);
  slot.powerOn(VoltageClass.B3V, card.nowUs);
  pass(9_800);
  equal(whats(card), ["R0", "V0"]);
  pass(100);
  equal(whats(card), ["R0", "V0", "V1"]);
});

test("powering an active card anew rests in between", () => {
  const { card, slot, pass } = startedFor(20_000);
  card.pinLog.length = 0;
  slot.powerOn(VoltageClass.B3V, card.nowUs);
  pass(10_000);
  equal(whats(card), ["R0", "V0", "V1"]);
  is(card.pinLog[2]!.atUs - card.pinLog[1]!.atUs, 10_000);
});

test("pulling the card ends every state within one step, contacts off in order", () => {
  for (let us = 0; us <= 40_000; us += 500) {
    const { card, slot, pass } = startedFor(us);
    const wasHigh = whats(card).includes("R1");
    card.pinLog.length = 0;
    card.move(false);
    pass(1);
    equal(whats(card), wasHigh ? ["R0", "V0"] : ["V0"], `pulled after ${us} µs`);
    is(slot.isPresent(), false);
    is(slot.takeLoss(), true);
    pass(1_000);
    is(slot.current(), SlotState.Empty);
  }
});

test("a loss shorter than a step is latched and makes another insertion", () => {
  for (const us of [0, 8_000, 20_000]) {
    const { card, slot, pass } = startedFor(us);
    card.move(false);
    card.move(true);
    pass(1);
    is(card.isPowered(), false, `after ${us} µs`);
    is(slot.takeLoss(), true);
    is(slot.takeLoss(), false, "once");
    is(slot.isPresent(), false);
    pass(1_000);
    pass(30_000);
    is(slot.isPresent(), true);
    is(slot.insertion, 2);
  }
});

test("a loss while the contacts are off counts as well", () => {
  const { card, slot, pass } = slotWith(true);
  pass(30_000);
  card.move(false);
  card.move(true);
  pass(1);
  is(slot.takeLoss(), true);
  pass(1_000);
  pass(30_000);
  is(slot.insertion, 2);
});

test("a fault of the interface deactivates and is told until the card goes", () => {
  const { card, slot, pass } = startedFor(20_000);
  card.move(false);
  pass(1);
  card.move(true);
  pass(1_000);
  pass(30_000);
  is(slot.hasFault(), true);
  is(slot.isPresent(), true);
  card.move(false);
  pass(1);
  pass(1_000);
  is(slot.hasFault(), false);
});

test("power without a card does nothing", () => {
  const { card, slot, pass } = slotWith(false);
  slot.powerOn(VoltageClass.A5V, card.nowUs);
  pass(50_000);
  equal(whats(card), []);
});

test.run();
