/** Scenario files that are none: what is told, with its line, and that nothing is thrown. */
import fc from "fast-check";
import { suite } from "uvu";
import { equal, is, match, not, ok } from "uvu/assert";
import { problemsOf, scenarioOf } from "./told.ts";

const test = suite("scenario files, read");

/** A whole file around `steps`, whose first line is 5. */
function withSteps(...steps: readonly string[]): string {
  return ["name: A story.", "given:", "  mode: sealed", "when:", ...steps.map((one) => `  - ${one}`)].join(
    "\n",
  );
}

/** Each field wrong once: the file, and how what is told begins. */
const WRONG: readonly (readonly [string, string, RegExp])[] = [
  ["no name", "when: []", /^story.yaml:1: name: is missing: it must be a sentence$/],
  ["an empty name", 'name: ""\nwhen: []', /^story.yaml:1: name: must be a sentence$/],
  ["a name that is a list", "name: [a]\nwhen: []", /^story.yaml:1: name: must be a sentence$/],
  ["no steps", "name: A.", /^story.yaml:1: when: is missing: it must be a list of steps$/],
  ["steps that are none", "name: A.\nwhen: soon", /^story.yaml:2: when: must be a list of steps$/],
  [
    "an unknown field",
    "name: A.\nwhne: []\nwhen: []",
    /^story.yaml:2: whne: "whne" is no field: did you mean when\?/,
  ],
  ["given, a word", "name: A.\ngiven: sealed\nwhen: []", /^story.yaml:2: given: must be fields out of mode,/],
  [
    "a mode",
    "name: A.\ngiven:\n  mode: seald\nwhen: []",
    /^story.yaml:3: given.mode: "seald" is no mode: did you mean sealed\?/,
  ],
  [
    "a language",
    "name: A.\ngiven: { language: fr }\nwhen: []",
    /^story.yaml:2: given.language: "fr" is no language: .*ja, en, easy$/,
  ],
  [
    "a seed",
    "name: A.\ngiven: { seed: -1 }\nwhen: []",
    /^story.yaml:2: given.seed: "-1": must be a whole number, 0-4294967295$/,
  ],
  [
    "a card",
    "name: A.\ngiven: { card: mynumbr }\nwhen: []",
    /given.card: "mynumbr" is no card of the deck: did you mean mynumber\? there are mynumber, mynumber-last/,
  ],
  [
    "a card with a state",
    "name: A.\ngiven:\n  cards:\n    mine: {}\nwhen: []",
    /^story.yaml:4: given.cards.mine: "mine" is no card of the deck/,
  ],
  [
    "a state",
    "name: A.\ngiven:\n  cards:\n    mynumber:\n      trys: 1\nwhen: []",
    /^story.yaml:5: given.cards.mynumber.trys: "trys" is no field: there are tries-left, pins$/,
  ],
  [
    "tries",
    "name: A.\ngiven: { cards: { mynumber: { tries-left: 4 } } }\nwhen: []",
    /given.cards.mynumber.tries-left.juki: "4": must be a whole number, 0-3$/,
  ],
  [
    "a PIN",
    "name: A.\ngiven: { cards: { mynumber: { pins: { juki: 12 } } } }\nwhen: []",
    /given.cards.mynumber.pins.juki: must be four digits$/,
  ],
  [
    "the counter",
    "name: A.\ngiven: { counter: gone }\nwhen: []",
    /given.counter: "gone" is no state of the counter: there are there, absent$/,
  ],
  [
    "a step",
    withSteps("remov"),
    /^story.yaml:5: when\[1\].remov: "remov" is no step: did you mean remove\? there are insert, /,
  ],
  [
    "a step that is a list",
    withSteps("[remove]"),
    /^story.yaml:5: when\[1\]: must be one step, as "- remove"/,
  ],
  ["a step of nothing", withSteps("{ at: 5s }"), /^story.yaml:5: when\[1\]: must be one step/],
  [
    "two steps in one",
    withSteps("remove", "{ insert: mynumber, remove: }"),
    /^story.yaml:6: when\[2\].remove: a step does one thing: insert stands here already$/,
  ],
  ["a step with more", withSteps("remove: now"), /^story.yaml:5: when\[1\].remove: takes nothing behind it$/],
  [
    "a step's time",
    withSteps("{ at: soon, remove: }"),
    /^story.yaml:5: when\[1\].at: "soon": must be a time up to 24h, such as 500ms, 2s, 1.5min$/,
  ],
  [
    "a step of another line",
    withSteps("card-on"),
    /^story.yaml:5: when\[1\].card-on: is no step in mode sealed: it belongs to open$/,
  ],
  [
    "a card put in",
    withSteps("insert: juki"),
    /^story.yaml:5: when\[1\].insert.card: "juki" is no card of the deck/,
  ],
  [
    "fresh",
    withSteps("insert: { card: mynumber, fresh: maybe }"),
    /when\[1\].insert.fresh: "maybe": must be yes or no$/,
  ],
  [
    "keys",
    withSteps("keys: 12A4"),
    /^story.yaml:5: when\[1\].keys.press: must be keys out of 0-9, E 確認, C 訂正, X 取消, L 言語, < and >$/,
  ],
  [
    "their rhythm",
    withSteps("keys: { press: 1234, every: 10ms }"),
    /when\[1\].keys.every: must be whole milliseconds between 40ms and 60s$/,
  ],
  ["a key", withSteps("hold: { key: EE, for: 1s }"), /when\[1\].hold.key: must be one key out of/],
  ["how long", withSteps("hold: { key: E }"), /when\[1\].hold.for: is missing: it must be a time/],
  ["a key that goes down", withSteps("key-down: A"), /when\[1\].key-down: must be one key/],
  ["a key that comes up", withSteps("key-up: 12"), /when\[1\].key-up: must be one key/],
  ["a wait", withSteps("wait: 5"), /when\[1\].wait: "5": must be a time/],
  ["a wait of days", withSteps("wait: 25h"), /when\[1\].wait: "25h": must be a time up to 24h/],
  ["the power", withSteps("power: cut"), /when\[1\].power: "cut" is no state: there are on, off$/],
  [
    "the case's key",
    withSteps("case-key: turned"),
    /when\[1\].case-key: "turned" is no position: there are service, back$/,
  ],
  [
    "the cable",
    withSteps("line: pulled"),
    /when\[1\].line: "pulled" is no state: there are unplugged, plugged$/,
  ],
  ["noise", withSteps("noise: loud"), /when\[1\].noise.rate: "loud": must be per cent, such as 5% or 0.1%$/],
  [
    "noise of both kinds",
    withSteps("noise: { rate: 1%, frames: 1% }"),
    /when\[1\].noise: needs rate \(of characters\) or frames/,
  ],
  ["bytes", withSteps("line-sends: 7e0"), /when\[1\].line-sends: must be bytes in hexadecimal digits$/],
  [
    "a service",
    withSteps("check-pin: { service: move }"),
    /when\[1\].check-pin.service: "move" is no service: .*there are copy-elsewhere, moving, pin-change, identity$/,
  ],
  [
    "a request",
    withSteps("check-pin: { request: xyz }"),
    /when\[1\].check-pin.request: must be a request id, up to 32 hexadecimal digits$/,
  ],
  [
    "a day",
    withSteps("check-pin: { date: 2026-13-01 }"),
    /when\[1\].check-pin.date: must be a day, YYYY-MM-DD$/,
  ],
  [
    "an operator",
    withSteps("check-pin: { operator: 田中 }"),
    /when\[1\].check-pin.operator: must be 1-16 characters out of A-Z/,
  ],
  [
    "the language of a sign-in",
    withSteps("sign-in: { language: fr }"),
    /^story.yaml:5: when\[1\].sign-in.language: "fr" is no language: .*there are ja, en, easy$/,
  ],
  [
    "a sign-in with more",
    withSteps("sign-in: { card: operator }"),
    /when\[1\].sign-in.card: "card" is no field/,
  ],
  ["a sign-out with more", withSteps("sign-out: now"), /when\[1\].sign-out: takes nothing behind it$/],
  ["a rekey with more", withSteps("rekey: now"), /when\[1\].rekey: takes nothing behind it$/],
  [
    "a jump of parts of a second",
    withSteps("jump: 1500ms"),
    /when\[1\].jump: must be whole seconds, up to 24h$/,
  ],
  ["a jump that is none", withSteps("jump: 0s"), /when\[1\].jump: must be whole seconds, up to 24h$/],
  ["a jump of days", withSteps("jump: 25h"), /when\[1\].jump: "25h": must be a time up to 24h/],
  [
    "what came of a sign-in",
    withSteps("expect: { signed-in: NOTGENUINE }"),
    /when\[1\].expect.signed-in.is: "NOTGENUINE" is no outcome: did you mean NOT_GENUINE\?/,
  ],
  [
    "the rule for operators",
    "name: A.\ngiven: { operators: all }\nwhen: []",
    /^story.yaml:2: given.operators: "all" is no rule for operators: there are optional, required$/,
  ],
  [
    "operators at the bench image",
    "name: A.\ngiven:\n  mode: open\n  operators: required\nwhen: []",
    /^story.yaml:4: given.operators: is nothing that the bench image of mode open knows$/,
  ],
  [
    "a sign-in at the bench image",
    "name: A.\ngiven: { mode: open }\nwhen:\n  - sign-in",
    /^story.yaml:4: when\[1\].sign-in: is no step in mode open: it belongs to sealed, town$/,
  ],
  ["a case", withSteps("suspend: { case: case 1 }"), /when\[1\].suspend.case: must be 1-16 characters/],
  [
    "the last try",
    withSteps("check-pin: { last-try: 1 }"),
    /when\[1\].check-pin.last-try: "1": must be yes or no$/,
  ],
  ["a birth", withSteps("change-pin: { birth: yesterday }"), /when\[1\].change-pin.birth: must be a day/],
  [
    "a verdict",
    withSteps("continue: stpo"),
    /when\[1\].continue.verdict: "stpo" is no verdict: did you mean stop\?/,
  ],
  [
    "a serial",
    withSteps("continue: { verdict: go, serial: 12 }"),
    /when\[1\].continue.serial: must be 15 digits/,
  ],
  [
    "a moment",
    withSteps("set-clock: noon"),
    /when\[1\].set-clock.to: must be a time such as 2026-11-26T09:00:00/,
  ],
  [
    "an expectation",
    withSteps("until: { pag: pin }"),
    /^story.yaml:5: when\[1\].until.pag: is no expectation: did you mean page\? there are page, seen/,
  ],
  [
    "a page",
    withSteps("until: pni"),
    /when\[1\].until.page: "pni" is no page: did you mean pin\? there are insert, reading, pin,/,
  ],
  [
    "a time limit",
    withSteps("until: { page: pin, within: long }"),
    /when\[1\].until.within: "long": must be a time/,
  ],
  ["an expectation of nothing", withSteps("expect: {}"), /when\[1\].expect: expects nothing/],
  [
    "an expectation that is a word",
    withSteps("expect: pin"),
    /when\[1\].expect: must be expectations out of page, seen/,
  ],
  [
    "a lamp",
    withSteps("expect: { lamps: { red: on } }"),
    /when\[1\].expect.lamps.red: "red" is no field: there are slot, secure-entry, status$/,
  ],
  [
    "a lamp's state",
    withSteps("expect: { lamps: { slot: lit } }"),
    /when\[1\].expect.lamps.slot: "lit" is no state: there are on, off$/,
  ],
  [
    "an entry",
    withSteps("expect: { entry: change-od }"),
    /when\[1\].expect.entry: "change-od" is no entry: did you mean change-old\?/,
  ],
  [
    "an outcome",
    withSteps("expect: { outcome: OKAY }"),
    /when\[1\].expect.outcome.is: "OKAY" is no outcome: .*there are OK, WRONG, BLOCKED/,
  ],
  [
    "an answer",
    withSteps("expect: { answer: dne }"),
    /when\[1\].expect.answer: "dne" is no answer: did you mean done\?/,
  ],
  [
    "an event",
    withSteps("expect: { journal: [BOOTS] }"),
    /when\[1\].expect.journal\[1\]: "BOOTS" is no event: did you mean BOOT\?/,
  ],
  [
    "an amount",
    withSteps("expect: { digits-on-line: few }"),
    /when\[1\].expect.digits-on-line: "few" is no amount: there are none$/,
  ],
  ["seen pages that are none", withSteps("expect: { seen: pin }"), /when\[1\].expect.seen: must be a list$/],
  [
    "a final page",
    "name: A.\nwhen: []\nthen:\n  page: oka",
    /^story.yaml:4: then.page: "oka" is no page: did you mean ok\?/,
  ],
  ["a final list", "name: A.\nwhen: []\nthen: [ok]", /^story.yaml:3: then: must be expectations out of page/],
];

for (const [what, text, expected] of WRONG) {
  test(`wrong: ${what}`, () => {
    const problems = problemsOf(text);
    is(problems.length, 1, problems.join("\n"));
    match(problems[0]!, expected);
  });
}

test("everything that is wrong is told at once, in the order of the file", () => {
  const text = [
    "nam: A story.",
    "given:",
    "  mode: opn",
    "when:",
    "  - insert: mynumbr",
    "  - keys: 12Z",
    "  - wait: 5s",
    "then:",
    "  page: okay",
    "  tones: many",
  ].join("\n");
  const lines = problemsOf(text).map((one) => Number(/^story.yaml:(\d+)/.exec(one)?.[1]));
  equal(lines, [1, 1, 3, 5, 6, 9, 10]);
});

test("keys are not repeated in what is told of them", () => {
  const [problem] = problemsOf(withSteps("keys: 4649Q"));
  not.match(problem!, /4649/);
});

const BROKEN: readonly (readonly [string, string, RegExp])[] = [
  ["nothing at all", "", /^story.yaml:1: it is empty: a scenario has a name and steps in when$/],
  ["a comment alone", "# soon\n", /^story.yaml:1: it is empty/],
  ["a word", "hello", /^story.yaml:1: must be fields/],
  ["a list", "- a\n- b", /^story.yaml:1: must be fields/],
  ["a bracket that stays open", "name: A.\nwhen: [remove", /^story.yaml:2: /],
  ["a quote that stays open", 'name: "A.\nwhen: []\n', /^story.yaml:\d: Missing closing/],
  ["a tab as indentation", "name: A.\nwhen:\n\t- remove", /^story.yaml:3: /],
  ["a field twice", "name: A.\nwhen: []\nname: B.", /^story.yaml:3: .*; each field stands once$/],
  [
    "a field twice in a step",
    "name: A.\nwhen:\n  - insert: { card: mynumber, card: iso }",
    /^story.yaml:3: .*each field stands once$/,
  ],
  ["two documents", "name: A.\nwhen: []\n---\nname: B.", /^story.yaml:3: /],
  ["a tag of another program", "name: !!js/function 'x'\nwhen: []", /^story.yaml:1: /],
  [
    "an alias",
    "name: &a A.\nabout: *a\nwhen: []",
    /^story.yaml:2: \*a: a scenario has no aliases; write it out$/,
  ],
  [
    "a merge",
    "given: &g { mode: open }\nname: A.\nwhen:\n  - <<: *g",
    /^story.yaml:4: \*g: a scenario has no aliases/,
  ],
  [
    "two in one file",
    "name: A.\nwhen: []\n---\nname: B.\nwhen: []",
    /^story.yaml:3: a file is one scenario: another one begins behind ---/,
  ],
  ["an unknown alias", "name: *nobody\nwhen: []", /^story.yaml:1: /],
  ["a character 0", "name: A\0.\nwhen: []", /^story.yaml:1: this is no text/],
  ["a key that is a mapping", "? { a: b }\n: c\nname: A.\nwhen: []", /^story.yaml:\d: /],
];

for (const [what, text, expected] of BROKEN) {
  test(`no YAML of ours: ${what}`, () => match(problemsOf(text)[0] ?? "taken", expected));
}

test("aliases that would make nine thousand million values are refused before they are one", () => {
  const levels = Array.from({ length: 10 }, (_, i) => {
    const value =
      i === 0
        ? "lol"
        : Array(9)
            .fill(`*a${i - 1}`)
            .join(", ");
    return `x${i}: &a${i} [${value}]`;
  });
  const begin = performance.now();
  match(problemsOf(`name: A.\nwhen: []\n${levels.join("\n")}`)[0]!, /a scenario has no aliases/);
  is(problemsOf(`name: A.\nwhen: []\n${levels.join("\n")}`).length, 1, "one says it for all");
  ok(performance.now() - begin < 5000);
});

test("a file that is too large, and one that is nested too deep, are refused", () => {
  match(
    problemsOf(`name: A.\n# ${"x".repeat(1_000_000)}`)[0]!,
    /^story.yaml:1: 1000011 characters are too many/,
  );
  for (const [open, close] of [
    ["[", "]"],
    ["{a: ", "}"],
  ] as const) {
    const deep = `name: A.\nwhen: ${open.repeat(3000)}${close.repeat(3000)}`;
    const [problem] = problemsOf(deep);
    match(problem!, /nested too deep/);
  }
});

test("at most fifty problems are told", () => {
  is(problemsOf(withSteps(...Array.from({ length: 200 }, () => "remov"))).length, 50);
});

test("more steps than a story has are refused", () => {
  const [problem] = problemsOf(`name: A.\nwhen: [${Array(20_001).fill("reset").join(",")}]`);
  match(problem!, /^story.yaml:2: when: at most 20000 steps$/);
});

test("whatever a file holds, nothing is thrown", () => {
  const piece = fc.constantFrom(
    ...[
      "name: A.",
      "when:",
      "  - ",
      "keys: ",
      "0123",
      "{",
      "}",
      "[",
      "]",
      ":",
      "\n",
      " ",
      "&a ",
      "*a",
      "!!x ",
    ],
    ...[
      "then:",
      "page: ",
      "at: ",
      "? ",
      "- ",
      "|",
      ">",
      '"',
      "'",
      "#",
      "%",
      "---",
      "null",
      "~",
      "__proto__: ",
    ],
  );
  const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(fc.oneof(text, fc.string()), (any) => {
      for (const one of problemsOf(any)) match(one, /^story.yaml:\d+: \S/);
    }),
    { seed: 5, numRuns: 500 },
  );
});

test("names of JavaScript's own are no steps, expectations or cards", () => {
  match(problemsOf(withSteps("constructor"))[0]!, /is no step/);
  match(problemsOf(withSteps("__proto__: x"))[0]!, /when\[1\]/);
  match(problemsOf(withSteps("expect: { toString: x }"))[0]!, /is no expectation/);
  match(problemsOf(withSteps("insert: hasOwnProperty"))[0]!, /is no card/);
});

test("digits stay as they were typed, whatever YAML makes of such a word elsewhere", () => {
  const { steps } = scenarioOf(withSteps("keys: 0123", "keys: 1E5", 'keys: "0000"'));
  equal(
    steps.map(({ written }) => written),
    ["0123", "1E5", "0000"],
  );
});

test("Japanese is allowed in every text", () => {
  const { name, about } = scenarioOf("name: 暗証番号\nabout: 説明\nwhen: []");
  equal([name, about], ["暗証番号", "説明"]);
});

test.run();
