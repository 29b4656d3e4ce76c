/** ChangePin over the sealed line: what reaches the card, what its two PINs are after every story, what is told and stored. */
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { ALL, ChangeBench, ChangeCard, NEW, OLD, type Trouble } from "./change-bench.ts";

const test = suite("pin change");
const OK = 0;
const WRONG = 1;
const BLOCKED = 2;
const CANCELLED = 3;
const TIMEOUT = 4;
const REMOVED = 5;
const PIN_UNSET = 7;
const CARD_ERROR = 10;
const LIMITED = 12;
const UNKNOWN = 13;
const CHANGE_PARTIAL = 14;
const JUKI = 0;
const COMMON = 1;

/** A whole change with the right entries; `check` looks at the card afterwards. */
function changed(trouble: Trouble | undefined, finish = false, pins = {}) {
  const bench = new ChangeBench();
  const card = new ChangeCard(pins, trouble);
  const id = bench.asked(card, { finish });
  bench.typeAll();
  return { bench, card, id, done: bench.result() };
}

test("old, new, new again: both PINs are the new one, by five commands", () => {
  const { bench, card, id, done } = changed(undefined);
  equal([done.outcome, done.object], [OK, JUKI]);
  is(bench.simulator.page(), "changed");
  equal(card.commands, ALL);
  equal(card.values(), [NEW, NEW]);
  equal([card.juki.left, card.common.left], [3, 3]);
  equal(bench.check.getResult(id), done);
  bench.leave();
  equal(bench.check.journal(), [
    [1, 0, 0],
    [2, JUKI, 0],
    [2, COMMON, 0],
    [3, OK, 0],
  ]);
  bench.close();
});

test("the old PIN is wrong: one VERIFY, WRONG as a check says it, and the terminal counts it", () => {
  const bench = new ChangeBench();
  const card = new ChangeCard();
  bench.asked(card);
  bench.typeAll("9999");
  const wrong = bench.result();
  equal([wrong.outcome, wrong.object, wrong.triesLeft], [WRONG, JUKI, 2]);
  is(bench.simulator.page(), "wrong");
  equal([card.commands, card.values()], [["Vj"], [OLD, OLD]]);
  bench.leave();
  bench.asked(card);
  const limited = bench.result();
  equal([limited.outcome, limited.object, limited.triesLeft], [LIMITED, JUKI, 2], "only from full counters");
  equal(card.commands, ["Vj"]);
  bench.leave();
  bench.close();
});

test("two wrong old PINs are this terminal's limit for a day, also when the card's counter was filled elsewhere in between", () => {
  const bench = new ChangeBench();
  const card = new ChangeCard();
  for (let entry = 0; entry < 2; entry++) {
    bench.asked(card);
    bench.typeAll("9999");
    is(bench.result().outcome, WRONG);
    bench.leave();
    card.juki.left = 3;
  }
  bench.asked(card);
  const limited = bench.result();
  equal([limited.outcome, limited.triesLeft], [LIMITED, 3]);
  equal(card.commands, ["Vj", "Vj"]);
  bench.leave();
  bench.close();
});

test("a field that is wrong: another service, flags of CheckPin, a language that is none, a date of birth that is none, one that is missing", () => {
  const bench = new ChangeBench();
  for (const wrong of [
    { service: 2 },
    { flags: 1 },
    { flags: 3 },
    { language: 3 },
    { birth: "1945120a" },
    { birth: "194512" },
  ]) {
    bench.check.change({ id: 1, ...wrong });
    equal(bench.check.answer(), { step: "refused", result: 1 }, JSON.stringify(wrong));
  }
  is(bench.simulator.page(), "insert");
  bench.close();
});

test("CheckPin takes every service but a change's", () => {
  const bench = new ChangeBench();
  for (const service of [0, 3, 5]) {
    bench.check.begin({ id: 1, service });
    equal(bench.check.answer(), { step: "refused", result: 1 }, `service ${service}`);
  }
  for (const service of [1, 2, 4]) {
    bench.check.begin({ id: service, service });
    bench.page("insert");
    bench.check.abort();
    is(bench.result().outcome, CANCELLED, `service ${service}`);
    bench.simulator.runFor(10_000);
  }
  bench.close();
});

test("the two PINs of the card differ: WRONG with the 共通AP's object, and nothing is changed", () => {
  const { bench, card, done } = changed(undefined, false, { common: "4321" });
  equal([done.outcome, done.object, done.triesLeft], [WRONG, COMMON, 2]);
  equal(
    [card.commands, card.values()],
    [
      ["Vj", "Vc"],
      [OLD, "4321"],
    ],
  );
  bench.leave();
  bench.close();
});

test("a counter that is not full, blocked or of an unset PIN: nobody is asked, no try is used", () => {
  const cases: readonly [number, number, number, number, string][] = [
    [3, 2, LIMITED, COMMON, "change-not-full"],
    [2, 3, LIMITED, JUKI, "change-not-full"],
    [1, 3, LIMITED, JUKI, "change-not-full"],
    [3, 0, BLOCKED, COMMON, "blocked"],
    [0, 3, BLOCKED, JUKI, "blocked"],
  ];
  for (const [juki, common, outcome, object, page] of cases) {
    const bench = new ChangeBench();
    const card = new ChangeCard();
    card.juki.left = juki;
    card.common.left = common;
    bench.asked(card);
    const done = bench.result();
    equal([done.outcome, done.object, done.triesLeft], [outcome, object, object === JUKI ? juki : common]);
    is(bench.simulator.page(), page);
    equal([card.commands, card.values()], [[], [OLD, OLD]]);
    bench.leave();
    bench.close();
  }
  const bench = new ChangeBench();
  const card = new ChangeCard();
  card.common.value = undefined;
  bench.asked(card);
  is(bench.result().outcome, PIN_UNSET);
  equal(card.commands, []);
  bench.leave();
  bench.close();
});

test("a new PIN that is easy to guess, or typed differently, is asked again; nothing goes to the card before it is good", () => {
  const bench = new ChangeBench();
  const card = new ChangeCard();
  bench.asked(card, { birth: "19451208" });
  bench.type("change-old", OLD);
  bench.type("change-new", "1208");
  bench.page("change-weak");
  bench.simulator.keys("E");
  bench.type("change-new", NEW);
  bench.type("change-again", "7390");
  bench.page("change-differ");
  equal(card.commands, []);
  bench.simulator.keys("E");
  bench.type("change-new", "2580");
  bench.type("change-again", "2580");
  is(bench.result().outcome, OK);
  equal([card.commands, card.values()], [ALL, ["2580", "2580"]]);
  bench.leave();
  bench.close();
});

test("after three refusals the change ends as cancelled, its page stays, nothing went to the card", () => {
  for (const finishWith of ["change-weak", "change-differ"]) {
    const bench = new ChangeBench();
    const card = new ChangeCard();
    bench.asked(card);
    bench.type("change-old", OLD);
    for (const weak of ["0000", "1234"]) {
      bench.type("change-new", weak);
      bench.page("change-weak");
      bench.simulator.keys("E");
    }
    bench.type("change-new", finishWith === "change-weak" ? "0000" : NEW);
    if (finishWith === "change-differ") bench.type("change-again", "8888");
    is(bench.result().outcome, CANCELLED);
    is(bench.simulator.page(), finishWith);
    equal([card.commands, card.values()], [[], [OLD, OLD]]);
    bench.leave();
    bench.close();
  }
});

/** Up to the n-th question of the change: old, new, new again, and the page of a refusal. */
function upTo(bench: ChangeBench, question: number): void {
  if (question > 0) bench.type("change-old", OLD);
  if (question === 3) bench.type("change-new", "0000");
  else if (question > 1) bench.type("change-new", NEW);
  bench.simulator.runFor(200);
}

test("取消, time, the card pulled, an Abort, a lost line at each question: nothing goes to the card", () => {
  const ways: readonly [string, number, (bench: ChangeBench) => void][] = [
    ["取消", CANCELLED, ({ simulator }) => simulator.keys("12X")],
    ["time", TIMEOUT, ({ simulator }) => simulator.keys("12")],
    ["removal", REMOVED, ({ simulator }) => (simulator.keys("12"), simulator.remove())],
    ["abort", CANCELLED, ({ simulator, check }) => (simulator.keys("12"), check.abort())],
    ["line", CANCELLED, ({ simulator }) => (simulator.keys("12"), simulator.world.line.unplug())],
  ];
  for (const [what, outcome, act] of ways) {
    for (let question = 0; question <= 3; question++) {
      // 取消 does nothing on the page of a refusal, which does not show it.
      if (what === "取消" && question === 3) continue;
      const bench = new ChangeBench();
      const card = new ChangeCard();
      const id = bench.asked(card);
      upTo(bench, question);
      act(bench);
      if (what === "line") {
        bench.simulator.runFor(10_000);
        bench.simulator.world.line.plug();
        bench.check.host.open();
      } else is(bench.result().outcome, outcome, `${what} at question ${question}`);
      is(bench.stored(id), outcome, `${what} at question ${question}, stored`);
      equal([card.commands, card.values()], [[], [OLD, OLD]], `${what} at question ${question}`);
      bench.simulator.runFor(100);
      bench.close();
    }
  }
});

/** The n-th command is the last that the card saw, and what its PINs and the stored result are then. */
const AFTER: readonly [number, number, string[], number][] = [
  [1, UNKNOWN, [OLD, OLD], JUKI],
  [2, UNKNOWN, [OLD, OLD], COMMON],
  [3, CHANGE_PARTIAL, [OLD, NEW], COMMON],
  [4, CHANGE_PARTIAL, [OLD, NEW], JUKI],
  [5, CHANGE_PARTIAL, [NEW, NEW], JUKI],
];

test("the card is pulled when it has carried out a command, or just before it: no command more, the cautious outcome", () => {
  for (const [at, outcome, values, object] of AFTER) {
    for (const isDone of [true, false]) {
      const bench = new ChangeBench();
      const pull = { remove: () => bench.simulator.remove() };
      const trouble = isDone
        ? { at, then: () => pull.remove() }
        : { at, statusWord: 0x6f00, before: () => pull.remove() };
      const card = new ChangeCard({}, trouble);
      bench.asked(card);
      bench.typeAll();
      const done = bench.result();
      equal([done.outcome, done.object], [outcome, object], `command ${at}`);
      equal(card.commands, ALL.slice(0, at), `command ${at}`);
      const before = at === 3 ? [OLD, OLD] : at === 5 ? [OLD, NEW] : values;
      equal(card.values(), isDone ? values : before, `command ${at}`);
      is(bench.simulator.page(), outcome === UNKNOWN ? "unknown" : "change-partial");
      bench.close();
    }
  }
});

test("the power goes at each command: what is stored says how far it may have come", () => {
  for (const [at, outcome, values] of AFTER) {
    const bench = new ChangeBench();
    let isReached = false;
    const card = new ChangeCard({}, { at, then: () => (isReached = true) });
    const id = bench.asked(card);
    bench.typeAll();
    bench.simulator.runUntil(() => isReached, 20_000);
    bench.simulator.powerOff();
    bench.simulator.runFor(1000);
    bench.simulator.remove();
    bench.simulator.powerOn();
    bench.simulator.runFor(200);
    bench.check.host.open();
    is(bench.stored(id), outcome, `command ${at}`);
    equal([card.commands, card.values()], [ALL.slice(0, at), values], `command ${at}`);
    bench.close();
  }
});

test("the card refuses a command: before the first change nothing has happened, after it the change is partial", () => {
  const cases: readonly [number, number, number, string, [string, string]][] = [
    [1, 0x6f00, UNKNOWN, "unknown", [OLD, OLD]],
    [1, 0x6984, BLOCKED, "blocked", [OLD, OLD]],
    [2, 0x6700, UNKNOWN, "unknown", [OLD, OLD]],
    [2, 0x63c2, WRONG, "wrong", [OLD, OLD]],
    [3, 0x6982, CARD_ERROR, "card-unreadable", [OLD, OLD]],
    [3, 0x6400, CARD_ERROR, "card-unreadable", [OLD, OLD]],
    [3, 0x6581, CHANGE_PARTIAL, "change-partial", [OLD, OLD]],
    [4, 0x63c2, CHANGE_PARTIAL, "change-partial", [OLD, NEW]],
    [4, 0x6f00, CHANGE_PARTIAL, "change-partial", [OLD, NEW]],
    [5, 0x6982, CHANGE_PARTIAL, "change-partial", [OLD, NEW]],
    [5, 0x63c0, CHANGE_PARTIAL, "change-partial", [OLD, NEW]],
  ];
  for (const [at, statusWord, outcome, page, values] of cases) {
    const what = `command ${at} answers ${statusWord.toString(16)}`;
    const { bench, card, id, done } = changed({ at, statusWord });
    is(done.outcome, outcome, what);
    is(bench.simulator.page(), page, what);
    equal([card.commands, card.values()], [ALL.slice(0, at), values], what);
    is(bench.stored(id), outcome, what);
    bench.leave();
    bench.close();
  }
});

test("a partial change is finished: the 共通AP is proved by the new PIN and left alone, the 住基AP follows", () => {
  const { bench, card, done } = changed({ at: 5, statusWord: 0x6982 });
  is(done.outcome, CHANGE_PARTIAL);
  bench.leave();
  card.commands.length = 0;
  card.trouble = undefined;
  card.common.left = 2;
  bench.asked(card, { finish: true });
  bench.typeAll();
  is(bench.result().outcome, OK);
  equal(
    [card.commands, card.values()],
    [
      ["Vj", "Vc", "Vj", "Cj"],
      [NEW, NEW],
    ],
  );
  is(card.common.changeCount, 1);
  equal([card.juki.left, card.common.left], [3, 3]);
  bench.leave();
  bench.close();
});

test("a PIN that the 共通AP has already is not judged when it is finished", () => {
  const bench = new ChangeBench();
  const card = new ChangeCard({ common: "1234" });
  bench.asked(card, { finish: true });
  bench.typeAll(OLD, "1234");
  is(bench.result().outcome, OK);
  equal(card.values(), ["1234", "1234"]);
  bench.leave();
  bench.close();
});

test("to finish a card whose first change had not happened: WRONG at the 共通AP, then the old PIN in all three fills its counter", () => {
  const bench = new ChangeBench();
  const card = new ChangeCard();
  bench.asked(card, { finish: true });
  bench.typeAll();
  const wrong = bench.result();
  equal([wrong.outcome, wrong.object, wrong.triesLeft], [WRONG, COMMON, 2]);
  equal(card.values(), [OLD, OLD]);
  bench.leave();
  bench.asked(card, { finish: true });
  bench.typeAll(OLD, OLD);
  is(bench.result().outcome, OK);
  equal([card.values(), card.common.left], [[OLD, OLD], 3]);
  bench.leave();
  bench.asked(card);
  bench.typeAll();
  is(bench.result().outcome, OK);
  equal(card.values(), [NEW, NEW]);
  bench.leave();
  bench.close();
});

test("the last try of either PIN is never used to finish", () => {
  for (const [juki, common, object] of [
    [3, 1, COMMON],
    [1, 3, JUKI],
  ] as const) {
    const bench = new ChangeBench();
    const card = new ChangeCard();
    card.juki.left = juki;
    card.common.left = common;
    bench.asked(card, { finish: true });
    const done = bench.result();
    equal([done.outcome, done.object], [LIMITED, object]);
    equal(card.commands, []);
    bench.leave();
    bench.close();
  }
});

test("an Abort, or a lost line, once a PIN command is on the contact: the change goes on to its end and its result is stored", () => {
  for (const isLine of [false, true]) {
    for (let at = 1; at <= 5; at++) {
      const bench = new ChangeBench();
      let isReached = false;
      const card = new ChangeCard({}, { at, then: () => (isReached = true) });
      const id = bench.asked(card);
      bench.typeAll();
      bench.simulator.runUntil(() => isReached, 20_000);
      if (isLine) {
        bench.check.host.open();
        bench.simulator.runFor(3000);
      } else {
        bench.check.abort();
        is(bench.result().outcome, OK, `command ${at}`);
        bench.simulator.runFor(100);
      }
      is(bench.stored(id), OK, `command ${at}`);
      equal([card.commands, card.values()], [ALL, [NEW, NEW]], `command ${at}`);
      bench.close();
    }
  }
});

test.run();
