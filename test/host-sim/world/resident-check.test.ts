/** The resident check over the sealed line: every outcome with its page, what the card's counter says, what is stored. */
import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import { MY_NUMBER_ATR, myNumberCard } from "../../../host-sim/card/apps/my-number-card.ts";
import type { CardApplication } from "../../../host-sim/card/card-application.ts";
import { card as t1Card, makeCard, resident } from "../../../host-sim/card/deck.ts";
import type { SimCard } from "../../../host-sim/card/sim-card.ts";
import { fromHex, toHex, VERIFY_4 } from "../../../host-sim/scenario/counter.ts";
import { CheckHost, type Question, type Result } from "./check-host.ts";
import { hostAt, PAIR, sealedTerminal } from "./sealed-simulator.ts";
import { pinOf } from "../../sealed-line/check-desk.ts";

const test = suite("resident check");
const OK = 0;
const WRONG = 1;
const BLOCKED = 2;
const CANCELLED = 3;
const TIMEOUT = 4;
const REMOVED = 5;
const EXPIRED = 6;
const PIN_UNSET = 7;
const SUSPENDED = 8;
const UNSUPPORTED = 9;
const LIMITED = 12;
const UNKNOWN = 13;
const OTHER_CARD = 16;

function atTheCounter() {
  const { simulator, host } = sealedTerminal();
  host.open();
  return { simulator, check: new CheckHost(host) };
}

type Bench = ReturnType<typeof atTheCounter>;

function page(simulator: Bench["simulator"], name: string): void {
  ok(
    simulator.runUntil(() => simulator.page() === name, 70_000),
    `${simulator.page()} instead of ${name}`,
  );
}

/** Up to the question; the card is in. */
function asked(
  { simulator, check }: Bench,
  id: number,
  card: SimCard | string,
  useLastTry = false,
): Question {
  check.begin({ id, useLastTry });
  page(simulator, "insert");
  simulator.insert(card);
  const question = check.answer();
  if (question.step !== "question") throw new Error(`no question: ${JSON.stringify(question)}`);
  return question;
}

function checked(bench: Bench, id: number, card: SimCard | string, keys: string, useLastTry = false): Result {
  const question = asked(bench, id, card, useLastTry);
  bench.check.go(id, question);
  if (keys !== "") {
    page(bench.simulator, useLastTry ? "last" : "pin");
    bench.simulator.keys(keys);
  }
  return result(bench);
}

function result({ check }: Bench): Result {
  const answer = check.answer();
  if (answer.step !== "result") throw new Error(`no result: ${JSON.stringify(answer)}`);
  return answer;
}

function leave({ simulator }: Bench): void {
  page(simulator, "take");
  simulator.remove();
  simulator.runFor(500);
}

test("the right PIN: the question names the card, the result is OK, the card is off and is taken", () => {
  const bench = atTheCounter();
  const question = asked(bench, 1, "mynumber");
  ok(/^\d{15}$/.test(question.serial), question.serial);
  bench.check.go(1, question);
  page(bench.simulator, "pin");
  bench.simulator.keys("1234E");
  const done = result(bench);
  equal([done.outcome, done.serial, done.insertion], [OK, question.serial, question.insertion]);
  is(bench.simulator.page(), "ok");
  bench.simulator.runFor(100);
  is(bench.simulator.world.slot.isPowered(), false);
  leave(bench);
  equal(bench.simulator.world.complaints, []);
  bench.simulator.close();
});

test("a result is stored: the same request again, GetResult, and Continue are answered by it and ask nobody", () => {
  const bench = atTheCounter();
  const question = asked(bench, 7, "mynumber");
  bench.check.go(7, question);
  page(bench.simulator, "pin");
  bench.simulator.keys("1234E");
  const done = result(bench);
  leave(bench);
  const before = bench.simulator.page();
  equal(bench.check.getResult(7), done);
  bench.check.begin({ id: 7 });
  equal(bench.check.answer(), done);
  bench.check.go(7, question);
  equal(bench.check.answer(), done);
  equal(bench.check.getResult(8), { step: "refused", result: 5 });
  is(bench.simulator.page(), before);
  bench.simulator.close();
});

test("two wrong entries in a row, then this terminal asks no more for that card; the third try stays", () => {
  const bench = atTheCounter();
  const card = makeCard("mynumber");
  for (const [id, left] of [
    [1, 2],
    [2, 1],
  ] as const) {
    const wrong = checked(bench, id, card, "9999E");
    equal([wrong.outcome, wrong.triesLeft], [WRONG, left]);
    is(bench.simulator.page(), "wrong");
    leave(bench);
  }
  const third = checked(bench, 3, card, "");
  equal([third.outcome, third.triesLeft], [LIMITED, 1]);
  is(bench.simulator.page(), "limited-card");
  bench.simulator.close();
});

test("the last try is taken with the counter's consent and the resident's, and not without", () => {
  const bench = atTheCounter();
  const card = makeCard("mynumber-last");
  const refused = checked(bench, 1, card, "");
  equal([refused.outcome, refused.triesLeft], [LIMITED, 1]);
  leave(bench);
  const taken = checked(bench, 2, card, "E1234E", true);
  equal([taken.outcome], [OK]);
  bench.simulator.close();
});

test("a right entry fills the card's counter, and the result says so, whatever was left before", () => {
  for (const left of [1, 2, 3]) {
    const bench = atTheCounter();
    const card = resident("mynumber", { left });
    const done = checked(bench, 1, card, left === 1 ? "E1234E" : "1234E", left === 1);
    equal([done.outcome, done.triesLeft, pinOf(card).left], [OK, 3, 3], `${left} left`);
    bench.simulator.close();
  }
});

test("cards that are not asked for a PIN: blocked, unset, expired, foreign, suspended, not the one that is asked for; no try is used", () => {
  const cases: readonly [string, number, string][] = [
    ["mynumber-blocked", BLOCKED, "blocked"],
    ["mynumber-unset", PIN_UNSET, "pin-unset"],
  ];
  const bench = atTheCounter();
  cases.forEach(([card, outcome, shown], i) => {
    is(checked(bench, 10 + i, card, "").outcome, outcome, card);
    is(bench.simulator.page(), shown, card);
    leave(bench);
  });
  const early: readonly [string, number, string][] = [
    ["mynumber-expired", EXPIRED, "card-expired"],
    ["juki-expired", EXPIRED, "card-expired"],
    ["iso", UNSUPPORTED, "card-unsupported"],
    ["t0", UNSUPPORTED, "card-t0"],
  ];
  early.forEach(([card, outcome, shown], i) => {
    bench.check.begin({ id: 20 + i });
    page(bench.simulator, "insert");
    bench.simulator.insert(card);
    is(result(bench).outcome, outcome, card);
    is(bench.simulator.page(), shown, card);
    bench.simulator.runFor(5500);
    bench.simulator.remove();
    bench.simulator.runFor(500);
  });
  const refused: readonly [number, number, string][] = [
    [0, SUSPENDED, "card-suspended"],
    [2, OTHER_CARD, "other-card"],
    [3, SUSPENDED, "card-suspended"],
  ];
  for (const [verdict, outcome, shown] of refused) {
    bench.check.go(30 + verdict, asked(bench, 30 + verdict, "mynumber"), verdict);
    is(result(bench).outcome, outcome);
    is(bench.simulator.page(), shown);
    leave(bench);
  }
  bench.simulator.close();
});

test("a counter that is silent for ten seconds, and one that speaks of another card, never gets to the entry", () => {
  const bench = atTheCounter();
  const question = asked(bench, 1, "mynumber");
  bench.check.go(1, { ...question, serial: "0".repeat(15) });
  equal(bench.check.answer(), { step: "refused", result: 6 });
  bench.check.go(1, { ...question, insertion: question.insertion + 1 });
  equal(bench.check.answer(), { step: "refused", result: 6 });
  page(bench.simulator, "timeout");
  bench.simulator.runFor(100);
  const stored = bench.check.getResult(1);
  is(stored.step === "result" && stored.outcome, TIMEOUT);
  bench.simulator.close();
});

test("取消 at the prompt for the card and in the entry, no card, no digit, the card pulled", () => {
  const bench = atTheCounter();
  bench.check.begin({ id: 1 });
  page(bench.simulator, "insert");
  bench.simulator.keys("X");
  is(result(bench).outcome, CANCELLED);
  bench.check.begin({ id: 2 });
  is(result(bench).outcome, TIMEOUT);
  is(checked(bench, 3, "mynumber", "12X").outcome, CANCELLED);
  leave(bench);
  const question = asked(bench, 4, "mynumber");
  bench.check.go(4, question);
  page(bench.simulator, "pin");
  bench.simulator.keys("12");
  bench.simulator.runFor(500);
  bench.simulator.remove();
  is(result(bench).outcome, REMOVED);
  is(bench.simulator.page(), "removed");
  bench.simulator.close();
});

test("a family in a row: each card its own insertion, serial and result", () => {
  const bench = atTheCounter();
  const first = checked(bench, 1, "mynumber", "1234E");
  leave(bench);
  const second = checked(bench, 2, "mynumber-family", "8642E");
  equal([first.outcome, second.outcome], [OK, OK]);
  ok(
    first.serial !== second.serial && second.insertion > first.insertion && second.sequence > first.sequence,
  );
  bench.simulator.close();
});

test("the line is lost while the VERIFY is on the contact: the result is stored, and a new session fetches it", () => {
  const bench = atTheCounter();
  const question = asked(bench, 5, "mynumber");
  bench.check.go(5, question);
  page(bench.simulator, "pin");
  bench.simulator.keys("1234E");
  page(bench.simulator, "reading");
  bench.check.host.open();
  const stored = bench.check.getResult(5);
  is(stored.step === "result" && stored.outcome, OK);
  bench.simulator.close();
});

test("the line is lost in the entry: cancelled, and the card is off at once", () => {
  const bench = atTheCounter();
  const { simulator, check } = bench;
  check.go(8, asked(bench, 8, "mynumber"));
  page(simulator, "pin");
  simulator.keys("12");
  simulator.runFor(500);
  simulator.world.line.unplug();
  page(simulator, "cancelled");
  simulator.runFor(100);
  is(simulator.world.slot.isPowered(), false);
  simulator.world.line.plug();
  check.host.open();
  const stored = check.getResult(8);
  is(stored.step === "result" && stored.outcome, CANCELLED);
  simulator.close();
});

test("while a check works the reader's Escapes are no commands of ours, whatever stands behind their first byte", () => {
  const bench = atTheCounter();
  const question = asked(bench, 9, "mynumber");
  for (const first of [0x00, 0x01, 0x02, 0x6a, 0xb2, 0xff]) {
    const reply = bench.check.host.command(0x6b, [0, 0, 0], Uint8Array.of(first, 0x42, 1, 2, 3, 4), 5e9);
    is(reply.status & 0x40, 0x40, `first byte ${first}`);
  }
  bench.check.go(9, question);
  page(bench.simulator, "pin");
  bench.simulator.close();
});

test("a check does not begin while a PC/SC program has an entry under way, which goes on", () => {
  const { simulator, check } = atTheCounter();
  const { host } = check;
  simulator.insert("mynumber");
  simulator.runFor(100);
  host.slotStatus();
  host.powerOn();
  host.connect();
  for (const apdu of ["00a4040c0ad3921000310001010401", "00a4020c02001c"]) host.transmit(fromHex(apdu));
  host.beginSecure(fromHex(VERIFY_4));
  page(simulator, "pin");
  check.begin({ id: 10 });
  equal(check.answer(), { step: "refused", result: 2 });
  simulator.keys("1234E");
  is(toHex(host.finishSecure()), "9000");
  simulator.close();
});

test("every message gets an answer of its own, also when acknowledgements get lost while the card works", () => {
  for (let ms = 0; ms < 40; ms += 2) {
    const bench = atTheCounter();
    const { simulator, check } = bench;
    const { line } = simulator.world;
    check.go(11, asked(bench, 11, "mynumber"));
    page(simulator, "pin");
    simulator.keys("1234E");
    page(simulator, "reading");
    check.host.rawMessage(
      Buffer.concat(
        [0x40, 0x41, 0x42].map((sequence) => Buffer.from([0x65, 0, 0, 0, 0, 0, sequence, 0, 0, 0])),
      ),
    );
    simulator.runFor(ms);
    line.medium = (bytes, towards) => (towards === "terminal" ? new Uint8Array() : bytes);
    simulator.runFor(150);
    line.medium = (bytes) => bytes;
    const answers = [0, 1, 2, 3].map(() => check.host.readReply(5e9));
    const status = answers.filter(({ type }) => type === 0x81);
    equal(
      status.map(({ sequence }) => sequence),
      [0x40, 0x41, 0x42],
      `${ms} ms`,
    );
    is(answers.filter(({ type }) => type === 0x83).length, 1, `${ms} ms`);
    simulator.close();
  }
});

test("the journal has the starts, the attempt, the outcome, and what happened on the line, counted", () => {
  const bench = atTheCounter();
  const { simulator, check } = bench;
  is(checked(bench, 12, "mynumber", "1234E").outcome, OK);
  const stranger = hostAt(simulator, { ...PAIR, psk: Buffer.alloc(32, 8) });
  check.host.isThere = false;
  for (let i = 0; i < 3; i++) throws(() => stranger.open());
  stranger.isThere = false;
  check.host.open();
  const BOOT = [1, 0, 0];
  const before = [BOOT, [2, 0, 0], [3, OK, 0]];
  equal(check.journal(), [...before, [11, 1, 1]], "the session that the stranger cut off");
  simulator.runFor(601_000);
  check.host.open();
  equal(check.journal(), [...before, [11, 1, 1], [11, 2, 3]], "three handshakes that failed, in one record");
  simulator.powerOff();
  simulator.powerOn();
  simulator.runFor(100);
  check.host.open();
  is(check.journal().filter(([event]) => event === 1).length, 2);
  simulator.close();
});

/** The power goes `ms` after 確認 of a check of `card`, and comes back; the card is taken out. */
function cutAfterConfirm(bench: Bench, id: number, card: SimCard, keys: string, ms: number): void {
  const { simulator, check } = bench;
  check.go(id, asked(bench, id, card));
  page(simulator, "pin");
  simulator.keys(keys);
  page(simulator, "reading");
  simulator.runFor(ms);
  simulator.powerOff();
  simulator.runFor(1000);
  simulator.remove();
  simulator.powerOn();
  simulator.runFor(200);
  check.host.open();
  const stored = check.getResult(id);
  is(stored.step === "result" && stored.outcome, UNKNOWN);
}

test("the power goes before the VERIFY was there: UNKNOWN is stored, the card's counter says later that no try was used", () => {
  const bench = atTheCounter();
  const card = makeCard("mynumber");
  cutAfterConfirm(bench, 6, card, "9999E", 5);
  for (const [id, left] of [
    [7, 2],
    [8, 1],
  ] as const) {
    const wrong = checked(bench, id, card, "9999E");
    equal([wrong.outcome, wrong.triesLeft], [WRONG, left]);
    leave(bench);
  }
  is(checked(bench, 9, card, "").outcome, LIMITED, "two wrong ones, the cut one not among them");
  bench.simulator.close();
});

test("the power goes when the card has judged a wrong PIN: it is one of the two", () => {
  const bench = atTheCounter();
  const card = makeCard("mynumber");
  cutAfterConfirm(bench, 6, card, "9999E", 19);
  const wrong = checked(bench, 7, card, "9999E");
  equal([wrong.outcome, wrong.triesLeft], [WRONG, 1]);
  leave(bench);
  is(checked(bench, 8, card, "", true).outcome, LIMITED, "also when the counter allows the last try");
  bench.simulator.close();
});

test("a right PIN begins anew: wrong, right, wrong, wrong are four entries", () => {
  const bench = atTheCounter();
  const card = makeCard("mynumber");
  ["9999E", "1234E", "9999E", "9999E"].forEach((keys, i) => {
    is(checked(bench, 40 + i, card, keys).outcome, keys === "1234E" ? OK : WRONG, `entry ${i}`);
    leave(bench);
  });
  is(checked(bench, 50, card, "").outcome, LIMITED);
  bench.simulator.close();
});

/** What the card says after its last reset, up to the answer to VERIFY: IFS, two SELECT, the record, file, query. */
const BEFORE_VERIFY = 5 + 6 + 36 + 6 + 6 + 6;

/** Carries VERIFY out and says nothing more, until it is reset. */
function falls(left: number): SimCard {
  return resident("falls silent", { left }, { faults: { muteAfter: BEFORE_VERIFY } });
}

test("the card judges and falls silent: it is reset once, its counter decides, and nothing is sent again", () => {
  const cases: readonly [string, number, string, number, number][] = [
    ["wrong, full counter", 3, "9999E", WRONG, 2],
    ["wrong, two left", 2, "9999E", WRONG, 1],
    ["right, two left: the counter rose", 2, "1234E", OK, 3],
    ["right, full counter: nobody can tell", 3, "1234E", UNKNOWN, 3],
  ];
  for (const [what, left, keys, outcome, after] of cases) {
    const bench = atTheCounter();
    const done = checked(bench, 1, falls(left), keys);
    equal([done.outcome, done.triesLeft], [outcome, after], what);
    bench.simulator.close();
  }
});

test("a right PIN that only the counter tells of begins anew as well", () => {
  const bench = atTheCounter();
  is(checked(bench, 1, falls(2), "1234E").outcome, OK);
  leave(bench);
  const card = makeCard("mynumber");
  for (const id of [2, 3]) {
    is(checked(bench, id, card, "9999E").outcome, WRONG, `entry ${id}`);
    leave(bench);
  }
  bench.simulator.close();
});

test("a status word to VERIFY that says nothing of the PIN is not believed: the card is asked for its counter", () => {
  const bench = atTheCounter();
  const inner = myNumberCard({});
  const odd: CardApplication = {
    reset: (warm) => inner.reset(warm),
    powerDown: () => inner.powerDown(),
    process(command) {
      const answer = inner.process(command);
      return command[1] === 0x20 && command.length > 5 ? Uint8Array.of(0x6f, 0x00) : answer;
    },
    pins: inner.pins,
  };
  const done = checked(bench, 1, t1Card("odd", odd, { atr: MY_NUMBER_ATR }), "9999E");
  equal([done.outcome, done.triesLeft], [WRONG, 2]);
  bench.simulator.close();
});

test("an entry of which nobody can tell, but that no try was used, is none of the two", () => {
  const bench = atTheCounter();
  const card = makeCard("mynumber");
  is(checked(bench, 1, falls(3), "1234E").outcome, UNKNOWN);
  leave(bench);
  for (const id of [2, 3]) {
    is(checked(bench, id, card, "9999E").outcome, WRONG, `entry ${id}`);
    leave(bench);
  }
  bench.simulator.close();
});

test("a card that is pulled and put back, or swapped, within 1 to 50 ms while the counter is asked is gone", () => {
  for (let ms = 1; ms <= 50; ms += 7) {
    for (const next of ["mynumber", "mynumber-family"]) {
      const bench = atTheCounter();
      const { simulator, check } = bench;
      const question = asked(bench, 1, "mynumber");
      simulator.remove();
      simulator.runFor(ms);
      simulator.insert(next);
      simulator.runFor(300);
      check.go(1, question);
      const late = check.answer();
      is(late.step === "result" && late.outcome, REMOVED, `${next} after ${ms} ms`);
      simulator.close();
    }
  }
});

test("a full journal takes no check until its records are acknowledged", () => {
  const bench = atTheCounter();
  const { simulator, check } = bench;
  for (let i = 0; i < 310; i++) check.setClock(1_700_000_000 + i);
  check.begin({ id: 1 });
  equal(check.answer(), { step: "refused", result: 4 });
  is(simulator.page(), "insert");
  check.acknowledge(200);
  is(checked(bench, 2, "mynumber", "1234E").outcome, OK);
  simulator.close();
});

test("what the memory does not keep is not told: the case is opened while the card judges", () => {
  const bench = atTheCounter();
  const { simulator, check } = bench;
  check.go(1, asked(bench, 1, "mynumber"));
  page(simulator, "pin");
  simulator.keys("1234E");
  page(simulator, "reading");
  simulator.world.backup.openCase();
  equal(check.answer(), { step: "refused", result: 4 });
  simulator.close();
});

test("the language of the pages is the check's or the change's, and one that is none is refused", () => {
  const bench = atTheCounter();
  const { check, simulator } = bench;
  for (const language of [0, 1, 2]) {
    check.begin({ id: 1 + language, language });
    page(simulator, "insert");
    is(simulator.view().language, language);
    check.abort();
    is(result(bench).outcome, CANCELLED);
    check.change({ id: 11 + language, language });
    page(simulator, "insert");
    is(simulator.view().language, language);
    check.abort();
    is(result(bench).outcome, CANCELLED);
  }
  check.begin({ id: 20, language: 3 });
  equal(check.answer(), { step: "refused", result: 1 });
  simulator.close();
});

test.run();
