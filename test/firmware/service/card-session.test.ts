import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { VoltageClass } from "../../../firmware/driver/card-slot.ts";
import { CommandKind } from "../../../firmware/driver/t1-exchange.ts";
import { AtrError } from "../../../firmware/protocol/atr.ts";
import { SessionOutcome, SessionState } from "../../../firmware/service/card-session.ts";
import { block, MY_NUMBER_ATR, run, type Say, type ScriptedCard } from "../driver/scripted-card.ts";
import { answering, exchange, inserted, powered, ready, VERIFY } from "../driver/t1-scripts.ts";

const test = suite("card-session");

const OK: Say = { bytes: block(0x00, [0x90, 0x00]) };
const withAtr = (bytes: readonly number[]) => (card: ScriptedCard) => {
  card.atr = { bytes };
  card.reply = answering(OK);
};
const whats = (card: ScriptedCard) => card.pinLog.map((entry) => entry.what).join(" ");

test("a My Number card is ready after power-on, its ATR as it sent it", () => {
  const { session, card } = powered(withAtr(MY_NUMBER_ATR));
  is(session.state(), SessionState.Ready);
  equal([...(session.atr.raw as Uint8Array).subarray(0, session.atr.length)], MY_NUMBER_ATR);
  is(whats(card), "V1 R1");
});

test("a mute card gets one warm reset, then its contacts go off", () => {
  const { session, card } = powered((made) => (made.atr = undefined));
  is(session.state(), SessionState.Mute);
  is(whats(card), "V1 R1 R0 R1 R0 V0");
});

test("a card that answers only the warm reset is ready", () => {
  const { session } = powered((card) => {
    withAtr(MY_NUMBER_ATR)(card);
    card.atr = undefined;
    const set = card.set.bind(card);
    card.set = (mask, value) => {
      if (mask === 2 && value === 2 && card.resets === 1) card.atr = { bytes: MY_NUMBER_ATR };
      set(mask, value);
    };
  });
  is(session.state(), SessionState.Ready);
});

test("a refused ATR is told with its error after the warm reset", () => {
  const { session, card } = powered(withAtr([...MY_NUMBER_ATR.slice(0, -1), 0x15]));
  is(session.state(), SessionState.Unreadable);
  is(session.atrError(), AtrError.BadTck);
  is(card.resets, 2);
  is(card.isPowered(), false);
});

test("protocols and rates that are not ours are refused, contacts off", () => {
  const cases: [number[], SessionState][] = [
    [[0x3b, 0x00], SessionState.T0Only],
    [[0x3b, 0x90, 0x11, 0x80, 0x00], SessionState.T0Only],
    [[0x3b, 0x90, 0x11, 0x90, 0x00, 0x00], SessionState.T0Only],
    [[0x3b, 0x80, 0x80, 0x01, 0x01], SessionState.Unsupported],
    [[0x3b, 0x80, 0x0e, 0x8e], SessionState.Unsupported],
    [[0x3b, 0x90, 0x96, 0x91, 0x81, 0x01, 0x17], SessionState.Unsupported],
    [[0x3b, 0x90, 0x11, 0x91, 0x91, 0x01, 0x80], SessionState.Unsupported],
  ];
  for (const [atr, state] of cases) {
    const { session, card } = powered(withAtr(atr));
    is(session.state(), state, atr.map((byte) => byte.toString(16)).join(" "));
    is(card.isPowered(), false);
  }
});

test("T=1 in specific mode at the default rate, and another rate only on offer, are spoken to", () => {
  is(powered(withAtr([0x3b, 0x90, 0x11, 0x91, 0x81, 0x01, 0x90])).session.state(), SessionState.Ready);
  is(powered(withAtr([0x3b, 0x90, 0x96, 0x81, 0x01, 0x86])).session.state(), SessionState.Ready);
});

test("the automatic class is the lowest that answers", () => {
  for (const [classes, voltage] of [
    [["5"], VoltageClass.A5V],
    [["5", "3"], VoltageClass.B3V],
    [["5", "3", "1.8"], VoltageClass.C1V8],
  ] as const) {
    const { session } = powered((card) => {
      withAtr(MY_NUMBER_ATR)(card);
      card.classes = [...classes];
    }, VoltageClass.Automatic);
    is(session.state(), SessionState.Ready);
    is(session.suppliedClass(), voltage);
  }
});

test("a class that the ATR does not name is left, or refused when it was ordered", () => {
  const classesAb = [0x3b, 0x80, 0x81, 0x81, 0x1f, 0x03, 0x9c];
  const automatic = powered(withAtr(classesAb), VoltageClass.Automatic);
  is(automatic.session.state(), SessionState.Ready);
  is(automatic.session.suppliedClass(), VoltageClass.B3V);
  is(powered(withAtr(classesAb), VoltageClass.C1V8).session.state(), SessionState.Unsupported);
});

test("a warm reset keeps the supply and starts T=1 anew", () => {
  const { session, card } = ready(answering(OK));
  card.pinLog.length = 0;
  session.warmReset(card.nowUs);
  is(session.state(), SessionState.Starting);
  run(card, session, () => session.state() !== SessionState.Starting);
  is(session.state(), SessionState.Ready);
  is(whats(card), "R0 R1");
  equal(card.blocks[0], block(0xc1, [254]));
});

test("power-on of a card that is on is a cold reset after 10 ms", () => {
  const { session, card } = ready(answering(OK));
  card.pinLog.length = 0;
  session.powerOn(VoltageClass.B3V, card.nowUs);
  run(card, session, () => session.state() !== SessionState.Starting);
  is(session.state(), SessionState.Ready);
  is(whats(card), "R0 V0 V1 R1");
});

test("a command without a ready card is not sent", () => {
  const { session, card } = inserted();
  session.transmit(4, CommandKind.Pin, card.nowUs);
  is(session.outcome(), SessionOutcome.NotSent);
  is(card.blocks.length, 0);
});

test("wiping zeroes command and response, but not under a running command", () => {
  const { session, card } = ready(answering(OK));
  VERIFY.forEach((byte, i) => (session.command[i] = byte));
  session.transmit(VERIFY.length, CommandKind.Pin, card.nowUs);
  session.wipe();
  is(session.command[5], 0x31);
  run(card, session, () => session.outcome() !== SessionOutcome.Busy);
  is(session.statusWord(), 0x9000);
  session.wipe();
  ok((session.command as Uint8Array).every((byte) => byte === 0));
  ok((session.response as Uint8Array).every((byte) => byte === 0));
});

test("an expired card is powered down and told until it goes", () => {
  const { session, card } = ready(answering(OK));
  session.markExpired(card.nowUs);
  is(session.state(), SessionState.Expired);
  is(card.isPowered(), false);
  card.move(false);
  run(card, session, () => !session.isPresent(), 1000);
  is(session.state(), SessionState.Off);
});

/** Pulls the card `us` after `begin` and runs 50 ms more. */
function pulledAfter(us: number, made: { card: ScriptedCard; session: ReturnType<typeof ready>["session"] }) {
  const { card, session } = made;
  run(card, session, () => false, us);
  card.pinLog.length = 0;
  card.move(false);
  session.step(card.nowUs);
  is(card.isPowered(), false, `contacts off in the step of the removal at ${us} µs`);
  is(session.isPresent(), false);
  is(session.state(), SessionState.Off);
  const sentBefore = card.sentUnpowered;
  run(card, session, () => false, 50_000);
  is(card.sentUnpowered, sentBefore, "nothing is sent to an empty slot");
  is(session.takeLoss(), true);
  is(session.takeLoss(), false);
}

test("removal at every moment of the start ends it", () => {
  for (let us = 0; us < 45_000; us += 333) {
    const made = inserted(withAtr(MY_NUMBER_ATR));
    made.session.powerOn(VoltageClass.A5V, made.card.nowUs);
    pulledAfter(us, made);
  }
});

test("removal at every moment of a PIN command: not sent until its first character, then undecided, then done", () => {
  const seen = new Set<SessionOutcome>();
  for (let us = 0; us < 30_000; us += 137) {
    const made = ready(answering(OK));
    VERIFY.forEach((byte, i) => (made.session.command[i] = byte));
    made.session.transmit(VERIFY.length, CommandKind.Pin, made.card.nowUs);
    pulledAfter(us, made);
    const outcome = made.session.outcome();
    seen.add(outcome);
    const left = (made.card.blockStartsUs[0] ?? Infinity) < Infinity;
    if (!left) is(outcome, SessionOutcome.NotSent, `${us} µs`);
    else is(outcome === SessionOutcome.Undecided || outcome === SessionOutcome.Done, true, `${us} µs`);
    is(made.card.blocks.length <= 1, true);
  }
  equal([...seen].sort(), [SessionOutcome.Done, SessionOutcome.NotSent, SessionOutcome.Undecided]);
});

test("the block buffer holds no digit once a command has ended, whatever ended it", () => {
  for (const us of [0, 3_000, 8_000, 16_000, 30_000]) {
    const made = ready(answering(OK));
    exchangeStarted(made);
    pulledAfter(us, made);
    made.session.wipe();
    ok(!holdsDigits(made.session), `pulled after ${us} µs`);
  }
  const lost = ready(answering(undefined));
  exchange(lost, VERIFY, true);
  lost.session.wipe();
  ok(!holdsDigits(lost.session));
});

function exchangeStarted(made: { card: ScriptedCard; session: ReturnType<typeof ready>["session"] }): void {
  VERIFY.forEach((byte, i) => (made.session.command[i] = byte));
  made.session.transmit(VERIFY.length, CommandKind.Pin, made.card.nowUs);
}

/** Walks every byte array that the session can reach. */
function holdsDigits(root: object): boolean {
  const seen = new Set<unknown>();
  const walk = (value: unknown): boolean => {
    if (typeof value !== "object" || value === null || seen.has(value)) return false;
    seen.add(value);
    if (value instanceof Uint8Array) return String(value).includes("49,50,51,52");
    // The scripted card is the world and may remember.
    if ("blocks" in value) return false;
    return Object.values(value).some(walk);
  };
  return walk(root);
}

test("a new card after a removal has another insertion number and needs power", () => {
  const { session, card } = ready(answering(OK));
  const before = session.insertion();
  card.move(false);
  run(card, session, () => false, 5_000);
  card.move(true);
  run(card, session, () => session.isPresent());
  is(session.insertion(), before + 1);
  is(session.state(), SessionState.Off);
});

test("a slot that shuts down and keeps its card is unreadable until the card goes", () => {
  const { session, card } = ready(answering(OK));
  card.move(false);
  session.step(card.nowUs);
  card.move(true);
  run(card, session, () => session.isPresent());
  session.step(card.nowUs);
  is(session.state(), SessionState.Unreadable);
  is(session.hasSlotFault(), true);
  is(card.isPowered(), false);
});

test.run();
