/** Operators at the sealed terminal: who signs in and who does not, what a session is for, and when it is over. */
import { createHmac } from "node:crypto";
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { JournalEvent } from "../../../firmware/service/journal-entry.ts";
import { MODEL_OPERATOR_KEY, operatorKeyOf } from "../../../host-sim/card/apps/operator-card.ts";
import { makeCard, operator, resident } from "../../../host-sim/card/deck.ts";
import { T1Endpoint } from "../../../host-sim/card/t1-endpoint.ts";
import { staffNames } from "./check-host.ts";
import { HeardCard, OperatorBench } from "./operator-bench.ts";

const test = suite("operators");
const [OK, WRONG, BLOCKED, CANCELLED, TIMEOUT, REMOVED] = [0, 1, 2, 3, 4, 5];
const [UNSUPPORTED, CARD_ERROR, UNKNOWN, NOT_GENUINE] = [9, 10, 13, 15];
const [DONE, BAD_FIELD, BUSY, NO_OPERATOR, OUT_OF_SERVICE, STOPPED] = [0, 1, 2, 3, 4, 8];
const [SUSPEND, RESUME, RELEASE] = [0x30, 0x31, 0x32];
const { Attempt, Outcome, Operator } = {
  Attempt: JournalEvent.Attempt as number,
  Outcome: JournalEvent.Outcome as number,
  Operator: JournalEvent.Operator as number,
};
const OPERATOR_PIN = 6;
const [SIGNED_IN, SIGNED_OUT, ENDED, FORGED] = [1, 2, 3, 4];

/** Of sign-ins and sessions. */
function signRecords(bench: OperatorBench): (readonly [number, number])[] {
  return bench.records().filter(([event]) => event === Attempt || event === Outcome || event === Operator);
}

test("card, PIN and challenge right: signed in, on record behind its attempt, the card is off and is to be taken", () => {
  const bench = new OperatorBench();
  const { simulator } = bench;
  const card = new HeardCard();
  bench.toEntry(card.inserted());
  is(simulator.view().digits, 0);
  simulator.keys("4649E");
  equal(bench.result(), { step: "signed-in", outcome: OK, triesLeft: 3, operator: "OPERATOR-1" });
  is(simulator.page(), "signed-in");
  simulator.runFor(100);
  is(simulator.world.slot.isPowered(), false);
  bench.until("take");
  bench.takeCard();
  is(simulator.page(), "insert");
  equal(signRecords(bench), [
    [Attempt, OPERATOR_PIN],
    [Operator, SIGNED_IN],
  ]);
  is(card.verifies(), 1);
  equal(simulator.world.complaints, []);
  bench.close();
});

test("checks are for the operator who is signed in alone, until sign-out; sign-out twice is done and leaves one record", () => {
  const bench = new OperatorBench();
  is(bench.tryCheck("ANYBODY", 1), DONE, "nobody is signed in, and nobody need be");
  is(bench.signIn().outcome, OK);
  is(bench.tryCheck("OPERATOR-1", 2), DONE);
  for (const other of ["OPERATOR-2", "OPERATOR", "OPERATOR-11", "TANAKA"])
    is(bench.tryCheck(other, 3), NO_OPERATOR, other);
  bench.check.change({ id: 4, operator: "OPERATOR-2" });
  equal(bench.check.answer(), { step: "refused", result: NO_OPERATOR });
  bench.check.change({ id: 4, operator: "OPERATOR-1" });
  bench.until("insert");
  bench.check.abort();
  is(bench.check.answer().step, "result");
  is(bench.check.signOut(), DONE);
  is(bench.check.signOut(), DONE);
  is(bench.tryCheck("OPERATOR-2", 5), DONE);
  const sessions = signRecords(bench).filter(([event]) => event === Operator);
  equal(sessions, [
    [Operator, SIGNED_IN],
    [Operator, SIGNED_OUT],
  ]);
  bench.close();
});

test("a terminal where operators must sign in takes no check before one does, and none after the sign-out", () => {
  const bench = OperatorBench.required();
  is(bench.tryCheck("OPERATOR-1", 1), NO_OPERATOR);
  is(bench.signIn().outcome, OK);
  is(bench.tryCheck("OPERATOR-1", 2), DONE);
  is(bench.tryCheck("OPERATOR-2", 3), NO_OPERATOR);
  is(bench.check.signOut(), DONE);
  is(bench.tryCheck("OPERATOR-1", 4), NO_OPERATOR);
  bench.close();
});

test("another operator's sign-in takes the place of the first one's", () => {
  const bench = new OperatorBench();
  is(bench.signIn().outcome, OK);
  const second = bench.signIn("operator-2", "5963E");
  equal([second.outcome, second.operator], [OK, "OPERATOR-2"]);
  is(bench.tryCheck("OPERATOR-1", 1), NO_OPERATOR);
  is(bench.tryCheck("OPERATOR-2", 2), DONE);
  bench.close();
});

test("a sign-in that fails leaves the operator who is signed in", () => {
  const bench = new OperatorBench();
  is(bench.signIn().outcome, OK);
  is(bench.signIn("operator-2", "0000E").outcome, WRONG);
  is(bench.tryCheck("OPERATOR-1", 1), DONE);
  is(bench.tryCheck("OPERATOR-2", 2), NO_OPERATOR);
  bench.close();
});

test("a wrong PIN uses one try, says how many are left, and is on record with its outcome", () => {
  const bench = new OperatorBench();
  const card = new HeardCard();
  const wrong = bench.signIn(card.inserted(), "1234E");
  equal([wrong.outcome, wrong.triesLeft, wrong.operator], [WRONG, 2, "OPERATOR-1"]);
  equal([card.pins[0]!.left, card.verifies(), card.challenges().length], [2, 1, 0]);
  equal(signRecords(bench), [
    [Attempt, OPERATOR_PIN],
    [Outcome, WRONG],
  ]);
  is(bench.isSignedIn(1), false);
  bench.close();
});

test("the last try is asked about first: 取消 leaves it, 確認 and the right PIN fill the counter again", () => {
  const bench = new OperatorBench();
  const card = new HeardCard({ left: 1 });
  bench.toEntry(card.inserted(), "last");
  bench.simulator.keys("X");
  equal([bench.result().outcome, card.pins[0]!.left, card.verifies()], [CANCELLED, 1, 0]);
  bench.takeCard();
  bench.toEntry("operator-last", "last");
  bench.simulator.keys("E");
  bench.until("pin");
  bench.simulator.keys("4649E");
  const taken = bench.result();
  equal([taken.outcome, taken.triesLeft], [OK, 3]);
  bench.takeCard();
  const last = new HeardCard({ left: 1 });
  bench.toEntry(last.inserted(), "last");
  bench.simulator.keys("E");
  bench.until("pin");
  bench.simulator.keys("0000E");
  const blocked = bench.result();
  equal([blocked.outcome, blocked.triesLeft], [BLOCKED, 0]);
  is(bench.simulator.page(), "blocked");
  bench.close();
});

test("cards that sign nobody in are not asked for a PIN, and no try of theirs is used", () => {
  const cases = [
    ["operator-blocked", BLOCKED, "blocked", "OPERATOR-1", 0],
    ["mynumber", UNSUPPORTED, "not-operator", "", 255],
    ["mynumber-last", UNSUPPORTED, "not-operator", "", 255],
    ["iso", UNSUPPORTED, "not-operator", "", 255],
    ["t0", UNSUPPORTED, "not-operator", "", 255],
    ["juki-expired", UNSUPPORTED, "not-operator", "", 255],
  ] as const;
  for (const [name, outcome, page, owner, triesLeft] of cases) {
    const bench = new OperatorBench();
    const card = makeCard(name);
    const pins = card instanceof T1Endpoint ? card.application.pins : [];
    const before = pins.map(({ left }) => left);
    const seen = new Set<string>();
    bench.check.signIn();
    bench.until("insert-operator");
    bench.simulator.insert(card);
    bench.simulator.runUntil(() => seen.add(bench.simulator.page()).has(page), 3000);
    equal(bench.result(), { step: "signed-in", outcome, triesLeft, operator: owner }, name);
    ok(seen.has(page), `${name}: ${[...seen].join()}`);
    ok(!seen.has("pin") && !seen.has("last"), `${name}: ${[...seen].join()}`);
    equal(
      pins.map(({ left, verifyCount }) => [left, verifyCount]),
      before.map((left) => [left, 0]),
      name,
    );
    bench.simulator.runFor(6000);
    is(bench.isSignedIn(1), false, name);
    bench.close();
  }
});

test("a card that is put in the wrong way round is put in again; one that stays away is a CARD_ERROR in time", () => {
  const bench = new OperatorBench();
  bench.check.signIn();
  bench.until("insert-operator");
  bench.simulator.insert("wrong-way");
  bench.until("card-unreadable");
  bench.simulator.remove();
  bench.until("insert-operator");
  bench.simulator.insert("operator");
  bench.until("pin");
  bench.simulator.keys("4649E");
  is(bench.result().outcome, OK);
  bench.takeCard();
  bench.check.signIn();
  bench.until("insert-operator");
  bench.simulator.insert("mute");
  is(bench.result().outcome, CARD_ERROR);
  bench.close();
});

test("a card with the right name and another key signs nobody in: its own page, its own record", () => {
  const bench = new OperatorBench();
  bench.toEntry("operator-forged");
  bench.simulator.keys("4649E");
  const forged = bench.result();
  equal([forged.outcome, forged.operator], [NOT_GENUINE, "OPERATOR-1"]);
  is(bench.simulator.page(), "not-genuine");
  bench.takeCard();
  equal(signRecords(bench), [
    [Attempt, OPERATOR_PIN],
    [Operator, FORGED],
  ]);
  is(bench.isSignedIn(1), false);
  bench.close();
});

test("a genuine card with another operator's name on it signs nobody in", () => {
  const bench = new OperatorBench();
  const key = operatorKeyOf(MODEL_OPERATOR_KEY, "OPERATOR-1");
  const ofTheFirst = (_: Uint8Array, challenge: Uint8Array): Uint8Array =>
    Buffer.concat([
      createHmac("sha256", key).update("madoguchi operator 1").update(challenge).digest(),
      Buffer.of(0x90, 0x00),
    ]);
  is(bench.signIn(new HeardCard({ name: "OPERATOR-2" }, ofTheFirst).inserted()).outcome, NOT_GENUINE);
  is(bench.signIn(new HeardCard({ name: "OPERATOR-1" }, ofTheFirst).inserted()).outcome, OK, "its own");
  bench.close();
});

test("a part of an answer, a longer one, or a bit changed: nobody is signed in", () => {
  const bend = (right: Uint8Array, at: number): Uint8Array =>
    right.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const spoilt: ((right: Uint8Array) => Uint8Array)[] = [
    (right) => bend(right, 0),
    (right) => bend(right, 31),
    (right) => Uint8Array.of(...right.subarray(0, 31), 0x90, 0),
    (right) => Uint8Array.of(...right.subarray(0, 32), 0, 0x90, 0),
    () => Uint8Array.of(0x90, 0),
  ];
  for (const [i, spoil] of spoilt.entries()) {
    const bench = new OperatorBench();
    is(bench.signIn(new HeardCard({}, spoil).inserted()).outcome, NOT_GENUINE, `answer ${i}`);
    is(bench.isSignedIn(1), false, `answer ${i}`);
    bench.close();
  }
});

test("a card that refuses the challenge, and one whose name is none, are CARD_ERRORs", () => {
  const bench = new OperatorBench();
  is(bench.signIn(new HeardCard({}, () => Uint8Array.of(0x69, 0x82)).inserted()).outcome, CARD_ERROR);
  for (const name of ["", "operator", "OPERATOR-12345678", "OPERATOR 1"]) {
    const card = new HeardCard({ name });
    bench.check.signIn();
    bench.until("insert-operator");
    bench.simulator.insert(card.inserted());
    const result = bench.result();
    equal([result.outcome, result.operator, card.verifies()], [CARD_ERROR, "", 0], JSON.stringify(name));
    bench.takeCard();
  }
  is(bench.isSignedIn(1), false);
  bench.close();
});

test("a challenge never comes twice, not after a start either, and an answer that was heard once is worth nothing", () => {
  const bench = new OperatorBench();
  const heard = new HeardCard();
  for (let round = 0; round < 6; round++) {
    is(bench.signIn(heard.inserted()).outcome, OK);
    if (round % 2 === 1) {
      bench.simulator.pressReset();
      bench.simulator.runFor(300);
      bench.openAgain();
    }
  }
  const challenges = heard.challenges();
  is(challenges.length, 6);
  is(new Set(challenges).size, 6, challenges.join());
  bench.check.signOut();
  for (const answer of heard.answers)
    is(bench.signIn(new HeardCard({}, () => answer).inserted()).outcome, NOT_GENUINE);
  is(bench.isSignedIn(1), false);
  bench.close();
});

test("取消 at the prompt and in the entry, nobody who comes, nobody who types: nothing goes to the card, nothing is on record", () => {
  const bench = new OperatorBench();
  bench.check.signIn();
  bench.until("insert-operator");
  bench.simulator.keys("X");
  is(bench.result().outcome, CANCELLED);
  bench.check.signIn();
  is(bench.result().outcome, TIMEOUT);
  is(bench.simulator.page(), "timeout");
  for (const [keys, outcome] of [
    ["464X", CANCELLED],
    ["464", TIMEOUT],
  ] as const) {
    const card = new HeardCard();
    equal([bench.signIn(card.inserted(), keys).outcome, card.verifies()], [outcome, 0], keys);
  }
  equal(signRecords(bench), []);
  bench.close();
});

test("Abort ends a sign-in at the prompt and in the entry", () => {
  const bench = new OperatorBench();
  bench.check.signIn();
  bench.until("insert-operator");
  bench.check.abort();
  is(bench.result().outcome, CANCELLED);
  const card = new HeardCard();
  bench.toEntry(card.inserted());
  bench.simulator.keys("46");
  bench.simulator.runFor(500);
  bench.check.abort();
  equal([bench.result().outcome, card.verifies()], [CANCELLED, 0]);
  bench.close();
});

test("pulled at any moment up to the entry: REMOVED, no VERIFY, nobody signed in", () => {
  for (let ms = 60; ms <= 900; ms += 60) {
    const bench = new OperatorBench();
    const card = new HeardCard();
    bench.check.signIn();
    bench.until("insert-operator");
    bench.simulator.insert(card.inserted());
    bench.simulator.runFor(ms);
    bench.simulator.remove();
    // Before the contact has settled there was no card.
    bench.simulator.runFor(300);
    if (bench.simulator.page() === "insert-operator") bench.simulator.keys("X");
    const { outcome } = bench.result();
    ok(outcome === REMOVED || (outcome === CANCELLED && ms < 200), `${ms} ms: outcome ${outcome}`);
    is(card.verifies(), 0, `${ms} ms`);
    bench.close();
  }
});

test("pulled at any moment after 確認: at most one VERIFY, behind its record; signed in are exactly those who are told so", () => {
  const outcomes = new Set<number>();
  for (let ms = 1; ms <= 240; ms += 6) {
    const bench = new OperatorBench();
    const card = new HeardCard();
    bench.toEntry(card.inserted());
    bench.simulator.keys("4649E");
    bench.until("reading");
    bench.simulator.runFor(ms);
    bench.simulator.remove();
    const { outcome } = bench.result();
    bench.simulator.runFor(6000);
    const records = signRecords(bench);
    outcomes.add(outcome);
    ok(card.verifies() <= 1, `${ms} ms: ${card.verifies()} VERIFYs`);
    equal(records[0], [Attempt, OPERATOR_PIN], `${ms} ms`);
    is(bench.isSignedIn(1), outcome === OK, `${ms} ms: outcome ${outcome}`);
    is(
      records.some(([event, detail]) => event === Operator && detail === SIGNED_IN),
      outcome === OK,
      `${ms} ms`,
    );
    bench.close();
  }
  for (const outcome of [OK, REMOVED, UNKNOWN])
    ok(outcomes.has(outcome), `${outcome} of ${[...outcomes].join()}`);
});

test("the line is lost in the entry: the card has seen nothing and is off at once; while the card judges: nobody is signed in", () => {
  const bench = new OperatorBench();
  const { simulator } = bench;
  const early = new HeardCard();
  bench.toEntry(early.inserted());
  simulator.keys("46");
  simulator.runFor(500);
  simulator.world.line.unplug();
  bench.until("cancelled");
  simulator.runFor(100);
  equal([simulator.world.slot.isPowered(), early.verifies()], [false, 0]);
  simulator.world.line.plug();
  bench.takeCard();
  bench.openAgain();
  const late = new HeardCard();
  bench.toEntry(late.inserted());
  simulator.keys("4649E");
  bench.until("reading");
  bench.openAgain();
  simulator.runFor(500);
  bench.takeCard();
  equal([late.verifies(), late.challenges().length], [1, 0]);
  equal(signRecords(bench), [
    [Attempt, OPERATOR_PIN],
    [Outcome, CANCELLED],
  ]);
  simulator.runFor(6000);
  is(bench.isSignedIn(1), false);
  bench.close();
});

test("the power goes when the card has the VERIFY: its record stands, and nobody is signed in", () => {
  const bench = OperatorBench.required();
  const { simulator } = bench;
  const card = new HeardCard();
  bench.toEntry(card.inserted());
  simulator.keys("4649E");
  ok(simulator.runUntil(() => card.verifies() === 1, 5000));
  simulator.powerOff();
  simulator.remove();
  simulator.powerOn();
  simulator.runFor(300);
  bench.openAgain();
  equal(signRecords(bench), [[Attempt, OPERATOR_PIN]]);
  is(bench.tryCheck("OPERATOR-1", 1), NO_OPERATOR);
  bench.close();
});

test("a start of the terminal ends the session", () => {
  const bench = OperatorBench.required();
  is(bench.signIn().outcome, OK);
  is(bench.tryCheck("OPERATOR-1", 1), DONE);
  bench.simulator.pressReset();
  bench.simulator.runFor(300);
  bench.openAgain();
  is(bench.tryCheck("OPERATOR-1", 2), NO_OPERATOR);
  bench.close();
});

test("the emergency stop ends the session; during it an operator signs in, and resumes and releases in that name alone", () => {
  const bench = OperatorBench.required();
  const { simulator, check } = bench;
  is(bench.signIn().outcome, OK);
  is(check.staff(SUSPEND), DONE);
  is(check.staff(RESUME, staffNames("OPERATOR-1")), NO_OPERATOR);
  equal(signRecords(bench).at(-1), [Operator, ENDED]);
  bench.toEntry("operator");
  simulator.keys("4649E");
  is(bench.result().outcome, OK);
  is(simulator.page(), "signed-in");
  bench.takeCard();
  bench.until("out-of-service");
  is(bench.tryCheck("OPERATOR-1", 1), STOPPED);
  is(check.staff(RESUME, staffNames("OPERATOR-2")), NO_OPERATOR);
  is(check.staff(RELEASE, staffNames("OPERATOR-2")), NO_OPERATOR);
  is(check.staff(RELEASE, staffNames("OPERATOR-1")), DONE);
  is(check.staff(RESUME, staffNames("OPERATOR-1")), DONE);
  simulator.runFor(500);
  is(simulator.page(), "insert");
  is(bench.tryCheck("OPERATOR-1", 2), DONE, "the operator is signed in still");
  bench.close();
});

test("a stop ends a sign-in that is under way, and one while the card judges signs nobody in", () => {
  const bench = OperatorBench.required();
  const { simulator, check } = bench;
  const early = new HeardCard();
  bench.toEntry(early.inserted());
  simulator.keys("46");
  simulator.runFor(500);
  is(check.staff(SUSPEND), DONE);
  equal([bench.result().outcome, early.verifies()], [CANCELLED, 0]);
  bench.takeCard();
  const late = new HeardCard();
  bench.toEntry(late.inserted());
  simulator.keys("4649E");
  bench.until("reading");
  is(check.staff(SUSPEND), DONE);
  equal([bench.result().outcome, late.verifies(), late.challenges().length], [CANCELLED, 1, 0]);
  is(check.staff(RESUME, staffNames("OPERATOR-1")), NO_OPERATOR);
  bench.close();
});

test("sign-in and sign-out of another form are refused; beside a check, or another sign-in, they are busy, as a check beside them", () => {
  const bench = new OperatorBench();
  const { check, simulator } = bench;
  for (const data of [[], [3], [0, 0]]) {
    check.signIn(Uint8Array.from(data));
    equal(check.signedIn(), { step: "refused", result: BAD_FIELD }, data.join());
  }
  is(check.signOut(Uint8Array.of(0)), BAD_FIELD);
  check.begin({ id: 1 });
  bench.until("insert");
  check.signIn();
  equal(check.signedIn(), { step: "refused", result: BUSY });
  is(check.signOut(), BUSY);
  simulator.insert("mynumber");
  is(check.answer().step, "question");
  check.signIn();
  equal(check.signedIn(), { step: "refused", result: BUSY }, "while the counter decides");
  check.abort();
  simulator.runFor(6000);
  bench.takeCard();
  check.signIn();
  bench.until("insert-operator");
  check.signIn();
  equal(check.signedIn(), { step: "refused", result: BUSY });
  is(check.signOut(), BUSY);
  check.begin({ id: 2 });
  equal(check.answer(), { step: "refused", result: BUSY });
  is(check.staff(RESUME), BUSY);
  is(check.host.slotStatus().error, 0xe0, "what is not ours is busy as well");
  check.abort();
  is(bench.result().outcome, CANCELLED);
  bench.close();
});

test("the resident's card of the check before is to be taken out first", () => {
  const bench = new OperatorBench();
  const { check, simulator } = bench;
  check.begin({ id: 1 });
  bench.until("insert");
  simulator.insert(resident("still there", {}));
  is(check.answer().step, "question");
  check.abort();
  simulator.runFor(200);
  check.signIn();
  simulator.runFor(200);
  is(simulator.page(), "take");
  simulator.remove();
  bench.until("insert-operator");
  simulator.insert(operator("operator", {}));
  bench.until("pin");
  simulator.keys("4649E");
  is(bench.result().outcome, OK);
  bench.close();
});

test("pages in English or in easy Japanese are shown when they are asked for", () => {
  const bench = new OperatorBench();
  for (const language of [1, 2]) {
    bench.check.signIn(Uint8Array.of(language));
    bench.until("insert-operator");
    is(bench.simulator.view().language, language);
    bench.check.abort();
    is(bench.result().outcome, CANCELLED);
  }
  bench.close();
});

test("a journal that is full takes no sign-in until its records are acknowledged", () => {
  const bench = new OperatorBench();
  const { check } = bench;
  let sign = check.signOut();
  for (let i = 0; i < 320 && sign === DONE; i++) {
    check.setClock(1_700_000_000 + i);
    if (i < 300) continue;
    check.signIn();
    bench.simulator.runFor(100);
    if (bench.simulator.page() === "insert-operator") check.abort();
    const answer = check.signedIn();
    if (answer.step === "refused") sign = answer.result;
  }
  is(sign, OUT_OF_SERVICE);
  check.acknowledge(200);
  is(bench.signIn().outcome, OK);
  bench.close();
});

test.run();
