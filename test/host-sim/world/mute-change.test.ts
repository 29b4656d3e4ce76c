/** A card that falls silent in a change, from any character of the answer to any of its five commands on, or asks for time for ever. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { MY_NUMBER_ATR } from "../../../host-sim/card/apps/my-number-card.ts";
import { ALL, ChangeBench, ChangeCard, charactersBefore, NEW, OLD } from "./change-bench.ts";

const test = suite("mute change");
const CARD_ERROR = 10;
const UNKNOWN = 13;
const CHANGE_PARTIAL = 14;
const FULL = 3;
/** A block with a status word: NAD, PCB, LEN, SW1, SW2, LRC. */
const ANSWER_CHARACTERS = 6;
/** No command takes longer, however often the card asks for time (t1-exchange.ts). */
const COMMAND_S = 64;

/** What the card's PINs, outcome, object and page are when command `at`, which the card has carried out, was the last. */
const AFTER: readonly (readonly [number, number, readonly string[], number, string])[] = [
  [1, UNKNOWN, [OLD, OLD], 0, "unknown"],
  [2, UNKNOWN, [OLD, OLD], 1, "unknown"],
  [3, CHANGE_PARTIAL, [OLD, NEW], 1, "change-partial"],
  [4, CHANGE_PARTIAL, [OLD, NEW], 0, "change-partial"],
  [5, CHANGE_PARTIAL, [NEW, NEW], 0, "change-partial"],
];

function ended(
  card: ChangeCard,
  [at, outcome, values, object, page]: (typeof AFTER)[number],
  what: string,
): void {
  const bench = new ChangeBench();
  const id = bench.asked(card);
  bench.typeAll();
  const fromNs = bench.simulator.nowNs;
  const done = bench.result();
  const seconds = (bench.simulator.nowNs - fromNs) / 1e9;
  ok(seconds < COMMAND_S + 6, `${what}: ${seconds} s`);
  equal([done.outcome, done.object], [outcome, object], what);
  is(bench.simulator.page(), page, what);
  equal([card.commands, card.values()], [ALL.slice(0, at), values], what);
  equal([card.juki.left, card.common.left], [FULL, FULL], what);
  equal(bench.check.getResult(id), done, what);
  bench.leave();
  bench.close();
}

for (const after of AFTER) {
  const [at] = after;
  test(`silent from any character of the answer to command ${at} on: no command more, the cautious outcome, no try gone`, () => {
    for (let said = 0; said < ANSWER_CHARACTERS; said++) {
      const wire = { atr: MY_NUMBER_ATR, faults: { muteAfter: charactersBefore(at) + said } };
      ended(new ChangeCard({}, undefined, wire), after, `${said} characters of answer ${at}`);
    }
  });

  test(`a card that asks for time for ever at command ${at}: the same, in bounded time`, () => {
    const card = new ChangeCard();
    card.endlessAt = at;
    ended(card, after, `endless at command ${at}`);
  });
}

test("a card that falls silent when it is asked for a counter, or at a selection: nobody typed, or no command more", () => {
  const cases: readonly (readonly [number, number, readonly string[], number, boolean])[] = [
    // The three answers before the first command are select, select, counter of the 住基AP.
    [1, CARD_ERROR, [], ANSWER_CHARACTERS, false],
    // The VERIFY of the 住基AP was answered, and nothing is undecided.
    [2, CARD_ERROR, ["Vj"], 2 * ANSWER_CHARACTERS, true],
    [4, CHANGE_PARTIAL, ["Vj", "Vc", "Cc"], 2 * ANSWER_CHARACTERS, true],
  ];
  for (const [at, outcome, commands, before, isTyped] of cases) {
    const muteAfter = charactersBefore(at) - before;
    const bench = new ChangeBench();
    const card = new ChangeCard({}, undefined, { atr: MY_NUMBER_ATR, faults: { muteAfter } });
    const id = bench.asked(card);
    if (isTyped) bench.typeAll();
    const done = bench.result();
    is(done.outcome, outcome, `before command ${at}`);
    equal(card.commands, commands, `before command ${at}`);
    is(bench.stored(id), outcome, `before command ${at}`);
    equal([card.juki.left, card.common.left], [FULL, FULL]);
    bench.leave();
    bench.close();
  }
});

test.run();
