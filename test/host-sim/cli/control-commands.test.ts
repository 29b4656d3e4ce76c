import { suite } from "uvu";
import { equal, is, match, not } from "uvu/assert";
import { answerLine, type Controlled } from "../../../host-sim/cli/control-commands.ts";
import { LineReader, LONGEST_LINE_BYTES } from "../../../host-sim/cli/line-reader.ts";

const test = suite("control commands");

/** Notes what it is told. */
function recorder() {
  const calls: unknown[][] = [];
  const note =
    (name: string) =>
    (...values: unknown[]): Record<string, unknown> => {
      calls.push([name, ...values]);
      return { did: name };
    };
  const on: Controlled = {
    insert: async (card, fresh) => note("insert")(card, fresh),
    remove: note("remove"),
    keys: note("keys"),
    autoKeys: note("autokeys"),
    screen: note("screen"),
    power: note("power"),
    plugLine: note("plugLine"),
    openCase: note("openCase"),
    turnCaseKey: note("turnCaseKey"),
    state: note("state"),
    cards: note("cards"),
    quit: note("quit"),
  };
  return { on, calls };
}

const ACCEPTED: readonly (readonly [string, unknown[]])[] = [
  ['{"do":"insert","card":"mynumber"}', ["insert", "mynumber", false]],
  ['{"do":"insert","card":"vpcd:0","fresh":true}', ["insert", "vpcd:0", true]],
  ['{"do":"remove"}', ["remove"]],
  ['{"do":"keys","keys":"0123456789ECXL<>"}', ["keys", "0123456789ECXL<>", 150]],
  ['{"do":"keys","keys":"1","everyMs":40}', ["keys", "1", 40]],
  ['{"do":"autokeys","keys":"1234E"}', ["autokeys", "1234E", 60]],
  ['{"do":"autokeys","keys":""}', ["autokeys", "", 60]],
  ['{"do":"screen","png":"a.png"}', ["screen", "a.png"]],
  [' {"do":"state"} ', ["state"]],
  ['{"do":"power","on":false}', ["power", false]],
  ['{"do":"line","plugged":true}', ["plugLine", true]],
  ['{"do":"case"}', ["openCase"]],
  ['{"do":"casekey","service":true}', ["turnCaseKey", true]],
  ['{"do":"cards"}', ["cards"]],
  ['{"do":"quit"}', ["quit"]],
];
for (const [line, call] of ACCEPTED) {
  test(`${line} is done`, async () => {
    const { on, calls } = recorder();
    equal(JSON.parse(await answerLine(line, on)), { ok: true, did: call[0] });
    equal(calls, [call]);
  });
}

const REFUSED: readonly (readonly [string, RegExp])[] = [
  ["{", /not JSON/],
  ["insert mynumber", /not JSON/],
  ["[]", /not an object/],
  ["null", /not an object/],
  ['"state"', /not an object/],
  ["{}", /no "do".*the commands are insert/],
  ['{"do":7}', /the commands are insert/],
  ['{"do":"explode"}', /"explode" is no command/],
  ['{"do":"__proto__"}', /is no command/],
  ['{"do":"insert"}', /^card: /],
  ['{"do":"insert","card":""}', /^card: /],
  ['{"do":"insert","card":7}', /^card: /],
  ['{"do":"insert","card":"mynumber","slot":1}', /unknown field "slot"/],
  ['{"do":"remove","card":"mynumber"}', /unknown field "card"/],
  ['{"do":"keys"}', /^keys: /],
  ['{"do":"keys","keys":""}', /^keys: needs at least one key/],
  ['{"do":"keys","keys":"12a4"}', /^keys: keys are 0-9 E C X L < >/],
  ['{"do":"keys","keys":1234}', /^keys: /],
  ['{"do":"keys","keys":"1","everyMs":39}', /^everyMs: /],
  ['{"do":"keys","keys":"1","everyMs":60001}', /^everyMs: /],
  ['{"do":"keys","keys":"1","everyMs":"100"}', /^everyMs: /],
  [`{"do":"keys","keys":"${"1".repeat(257)}"}`, /^keys: at most 256/],
  ['{"do":"autokeys"}', /^keys: /],
  ['{"do":"autokeys","keys":"12{"}', /^keys: /],
  ['{"do":"screen"}', /^png: /],
  ['{"do":"screen","png":""}', /^png: /],
  ['{"do":"power"}', /^on: /],
  ['{"do":"power","on":"yes"}', /^on: /],
  ['{"do":"line"}', /^plugged: /],
  ['{"do":"line","plugged":1}', /^plugged: /],
  ['{"do":"casekey"}', /^service: /],
  ['{"do":"case","open":true}', /unknown field "open"/],
  ['{"do":"state","x":1}', /unknown field "x"/],
  ['{"do":"cards","x":1}', /unknown field "x"/],
  ['{"do":"quit","x":1}', /unknown field "x"/],
];
for (const [line, error] of REFUSED) {
  test(`${line.slice(0, 60)} is refused and changes nothing`, async () => {
    const { on, calls } = recorder();
    const answer = JSON.parse(await answerLine(line, on)) as { ok: boolean; error: string };
    is(answer.ok, false);
    match(answer.error, error);
    equal(calls, []);
  });
}

test("a refusal does not repeat keys, which may be digits", async () => {
  const { on } = recorder();
  not.match(await answerLine('{"do":"keys","keys":"9182a"}', on), /9182/);
});

test("what a command throws becomes its answer", async () => {
  const { on } = recorder();
  const failing: Controlled = {
    ...on,
    remove: () => {
      throw new Error("no card is in the slot");
    },
    insert: () => Promise.reject(new Error("a card is in the slot")),
  };
  is(await answerLine('{"do":"remove"}', failing), '{"ok":false,"error":"no card is in the slot"}');
  is(
    await answerLine('{"do":"insert","card":"iso"}', failing),
    '{"ok":false,"error":"a card is in the slot"}',
  );
});

test("lines are cut wherever the pieces end", () => {
  const reader = new LineReader();
  const text = Buffer.from('{"a":"あ"}\n\n  \nsecond\r\nlast');
  const lines = [...text].flatMap((byte) => reader.push(Buffer.of(byte)));
  equal([...lines, ...reader.end()], [{ text: '{"a":"あ"}' }, { text: "second" }, { text: "last" }]);
});

test("a line of the full length passes, one byte more is told once and skipped", () => {
  const reader = new LineReader();
  const full = "x".repeat(LONGEST_LINE_BYTES);
  equal(reader.push(Buffer.from(`${full}\n`)), [{ text: full }]);
  equal(reader.push(Buffer.from(`${full}x`)), ["too long"]);
  for (let i = 0; i < 100; i++) equal(reader.push(Buffer.alloc(65536, 0x78)), []);
  equal(reader.push(Buffer.from("x\nnext\n")), [{ text: "next" }]);
});

test.run();
