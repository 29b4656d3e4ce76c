/** SetClock forward and back in the middle of a day: the journal's sequence and chain go on, and the limits follow the request's date. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import type { SealedHost } from "../../host-sim/host/sealed-host.ts";
import { CheckDesk, Outcome, pinOf, residentCard, RIGHT, WRONG_PIN } from "./check-desk.ts";

const test = suite("moved clock");
const DAY_S = 86_400;
/** 2026-11-26, 09:00 in Japan. */
const MORNING = Date.UTC(2026, 10, 26) / 1000;
const TODAY = "20261126";
const TOMORROW = "20261127";
const CLOCKS = [MORNING, MORNING + 3 * DAY_S, MORNING - 400 * DAY_S, 0, 0xffffff00, MORNING + 60];
const READ_JOURNAL = 0x40;
const RECORD_BYTES = 64;
const RECORDS_AT = 13;
const EVENT_AT = 8;
const OUTCOME_EVENT = 3;
const CLOCK_EVENT = 10;

interface JournalRecord {
  readonly sequence: number;
  readonly time: number;
  readonly event: number;
  readonly detail: number;
}

function journalOf(host: SealedHost): JournalRecord[] {
  const records: JournalRecord[] = [];
  for (;;) {
    const ask = Buffer.from([0x4d, READ_JOURNAL, 0, 0, 0, 0]);
    ask.writeUInt32LE(records.length + 1, 2);
    const data = Buffer.from(host.escape(ask).data);
    for (let at = RECORDS_AT; at < data.length; at += RECORD_BYTES)
      records.push({
        sequence: data.readUInt32LE(at),
        time: data.readUInt32LE(at + 4),
        event: data[at + EVENT_AT]!,
        detail: data[at + EVENT_AT + 1]!,
      });
    if (records.length + 1 >= data.readUInt32LE(5)) return records;
  }
}

/** Types `keys` in a check of `card` on `date`; none when the check must not ask. */
function checked(
  desk: CheckDesk,
  id: number,
  card: ReturnType<typeof residentCard>,
  how: { keys: string; date?: string; useLastTry?: boolean },
): number {
  const { keys, date = TODAY, useLastTry = false } = how;
  desk.check.go(id, desk.askedAbout(id, card, { date, useLastTry }));
  if (keys !== "") {
    desk.reach(useLastTry ? "last" : "pin");
    desk.simulator.keys(keys);
  }
  const { outcome } = desk.result();
  desk.leave();
  return outcome;
}

test("every record has the next number, whatever the clock said, and its time is what the clock said", () => {
  const desk = new CheckDesk();
  const outcomes = CLOCKS.map((seconds, i) => {
    desk.check.setClock(seconds);
    return checked(desk, i + 1, residentCard(), { keys: RIGHT });
  });
  equal(
    outcomes,
    CLOCKS.map(() => Outcome.Ok),
  );
  const records = journalOf(desk.host);
  equal(
    records.map(({ sequence }) => sequence),
    records.map((_, i) => i + 1),
  );
  const outcomesAt = records.filter(({ event }) => event === OUTCOME_EVENT);
  is(outcomesAt.length, CLOCKS.length);
  is(records.filter(({ event }) => event === CLOCK_EVENT).length, CLOCKS.length);
  outcomesAt.forEach(({ time }, i) => {
    const passed = time - CLOCKS[i]!;
    ok(passed >= 0 && passed < 30, `${CLOCKS[i]}: ${time}`);
  });
  desk.close();
});

test("the journal goes on behind a power cut with the clock set back", () => {
  const desk = new CheckDesk();
  desk.check.setClock(MORNING);
  checked(desk, 1, residentCard(), { keys: WRONG_PIN });
  const before = journalOf(desk.host);
  desk.simulator.powerOff();
  desk.simulator.runFor(500);
  desk.simulator.powerOn();
  desk.simulator.runFor(200);
  desk.host.open();
  desk.check.setClock(MORNING - 10 * DAY_S);
  checked(desk, 2, residentCard(), { keys: RIGHT });
  const after = journalOf(desk.host);
  equal(after.slice(0, before.length), before);
  equal(
    after.map(({ sequence }) => sequence),
    after.map((_, i) => i + 1),
  );
  desk.close();
});

for (const [what, seconds] of [
  ["a day forward", MORNING + DAY_S],
  ["a year back", MORNING - 365 * DAY_S],
  ["to zero", 0],
] as const) {
  test(`two wrong ones on a service day are two, also when the clock is set ${what} in between and after`, () => {
    const desk = new CheckDesk();
    const card = residentCard();
    desk.check.setClock(MORNING);
    is(checked(desk, 1, card, { keys: WRONG_PIN }), Outcome.Wrong);
    desk.check.setClock(seconds);
    is(checked(desk, 2, card, { keys: WRONG_PIN }), Outcome.Wrong);
    [seconds, MORNING, MORNING + 2 * DAY_S].forEach((again, i) => {
      desk.check.setClock(again);
      is(checked(desk, 3 + i, card, { keys: "", useLastTry: true }), Outcome.Limited);
    });
    equal([pinOf(card).verifyCount, pinOf(card).left], [2, 1]);
    desk.close();
  });
}

test("another date of the request is another service day, though the clock stands still", () => {
  const desk = new CheckDesk();
  const card = residentCard();
  desk.check.setClock(MORNING);
  for (const id of [1, 2]) is(checked(desk, id, card, { keys: WRONG_PIN }), Outcome.Wrong);
  is(checked(desk, 3, card, { keys: "", useLastTry: true }), Outcome.Limited);
  is(
    checked(desk, 4, card, { keys: "", date: TOMORROW }),
    Outcome.Limited,
    "the last try is the staff's to allow",
  );
  is(checked(desk, 5, card, { keys: `E${RIGHT}`, date: TOMORROW, useLastTry: true }), Outcome.Ok);
  is(checked(desk, 6, card, { keys: WRONG_PIN }), Outcome.Wrong, "and an OK begins anew, on every day");
  desk.close();
});

test.run();
