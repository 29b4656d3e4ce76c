/** What staff do to the terminal over the sealed line: the emergency stop and its end, the release; and what an opened case leaves. */
import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import { BOARD } from "../../../board/mps2-an386/pins.ts";
import { JournalEvent } from "../../../firmware/service/journal-entry.ts";
import { Journal } from "../../../firmware/service/journal.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { makeCard } from "../../../host-sim/card/deck.ts";
import { SecureRefused } from "../../../host-sim/host/ccid-host.ts";
import { fromHex, toHex, VERIFY_4 } from "../../../host-sim/scenario/counter.ts";
import type { Simulator } from "../../../host-sim/world/simulator.ts";
import { storeOf } from "../../../host-sim/world/world-store.ts";
import { CheckHost } from "./check-host.ts";
import { hostAt, sealedTerminal } from "./sealed-simulator.ts";

const test = suite("staff commands");
const [SUSPEND, RESUME, RELEASE] = [0x30, 0x31, 0x32];
const [DONE, BAD_FIELD, BUSY, NO_OPERATOR, STOPPED] = [0, 1, 2, 3, 8];
const [OK, WRONG, CANCELLED, LIMITED] = [0, 1, 3, 12];
const HARDWARE_ERROR = 0xfb;
const COMMAND_ABORTED = 0xff;
const JUKI = "00a4040c0ad3921000310001010401";
const JUKI_PIN = "00a4020c02001c";

function atTheCounter() {
  const { simulator, host } = sealedTerminal();
  host.open();
  return { simulator, host, check: new CheckHost(host) };
}

type Bench = ReturnType<typeof atTheCounter>;

function page(simulator: Simulator, name: string): void {
  ok(
    simulator.runUntil(() => simulator.page() === name, 70_000),
    `${simulator.page()} instead of ${name}`,
  );
}

function isStatusLit({ world }: Simulator): boolean {
  return (world.outputs & BOARD.lamps.status) !== 0;
}

/** Up to the page on which the PIN is asked for. */
function toEntry({ simulator, check }: Bench, id: number): void {
  check.begin({ id });
  page(simulator, "insert");
  simulator.insert("mynumber");
  const question = check.answer();
  if (question.step !== "question") throw new Error(`no question: ${JSON.stringify(question)}`);
  check.go(id, question);
  page(simulator, "pin");
}

function outcome({ check }: Bench): number {
  const answer = check.answer();
  if (answer.step !== "result") throw new Error(`no result: ${JSON.stringify(answer)}`);
  return answer.outcome;
}

function events({ check }: Bench): number[] {
  return check.journal().map(([event]) => event);
}

test("a stop shows 使用中止, darkens the lamp, refuses checks and cards, outlasts the power, and ends by the case key alone", () => {
  const bench = atTheCounter();
  const { simulator, check, host } = bench;
  is(isStatusLit(simulator), true);
  is(check.staff(SUSPEND), DONE);
  page(simulator, "out-of-service");
  is(isStatusLit(simulator), false);
  check.begin({ id: 1 });
  equal(check.answer(), { step: "refused", result: STOPPED });
  simulator.insert("mynumber");
  simulator.runFor(500);
  is(host.powerOn().error, HARDWARE_ERROR);
  is(simulator.world.slot.isPowered(), false);
  is(check.staff(RESUME), NO_OPERATOR);

  simulator.powerOff();
  host.isThere = false;
  simulator.powerOn();
  simulator.runFor(200);
  is(simulator.page(), "out-of-service");
  is(isStatusLit(simulator), false);

  const again = hostAt(simulator);
  again.open();
  const after = { simulator, host: again, check: new CheckHost(again) };
  is(after.check.staff(RESUME), NO_OPERATOR);
  simulator.world.turnCaseKey(true);
  is(after.check.staff(RESUME), DONE);
  simulator.world.turnCaseKey(false);
  is(isStatusLit(simulator), true);
  simulator.remove();
  simulator.runFor(500);
  is(simulator.page(), "insert");
  toEntry(after, 2);
  simulator.keys("1234E");
  is(outcome(after), OK);
  const told = events(after).filter(
    (event) => event === JournalEvent.Suspend || event === JournalEvent.Resume,
  );
  equal(told, [JournalEvent.Suspend, JournalEvent.Resume]);
  equal(simulator.world.complaints, []);
  simulator.close();
});

test("a stop ends an entry: nothing goes to the card, the check is told as cancelled", () => {
  const bench = atTheCounter();
  const { simulator, check } = bench;
  toEntry(bench, 1);
  simulator.keys("12");
  simulator.runFor(500);
  is(check.staff(SUSPEND), DONE);
  is(outcome(bench), CANCELLED);
  page(simulator, "out-of-service");
  simulator.runFor(200);
  is(simulator.world.slot.isPowered(), false);
  is(events(bench).includes(JournalEvent.Attempt), false);
  simulator.close();
});

test("a stop while the card judges waits for its word, which is stored and told", () => {
  const bench = atTheCounter();
  const { simulator, check } = bench;
  toEntry(bench, 1);
  simulator.keys("1234E");
  page(simulator, "reading");
  is(check.staff(SUSPEND), DONE);
  is(outcome(bench), OK);
  const stored = check.getResult(1);
  is(stored.step === "result" && stored.outcome, OK);
  page(simulator, "out-of-service");
  simulator.close();
});

test("a stop ends a PC/SC program's use of the card: what it waits for fails, the card is off", () => {
  const { simulator, host, check } = atTheCounter();
  simulator.insert("mynumber");
  simulator.runFor(500);
  is(host.powerOn().error, 0);
  is(simulator.world.slot.isPowered(), true);
  is(check.staff(SUSPEND), DONE);
  simulator.runFor(100);
  is(simulator.world.slot.isPowered(), false);
  is(host.slotStatus().error, 0);
  const before = simulator.world.recorder.all().length;
  is(host.powerOn().error, HARDWARE_ERROR);
  const since = simulator.world.recorder.all().slice(before);
  equal(
    since.filter(({ channel }) => channel === "card-supply"),
    [],
  );
  simulator.close();
});

test("a stop ends an entry for a PC/SC program: the program is told, the card has seen no PIN and is off", () => {
  const { simulator, host, check } = atTheCounter();
  simulator.insert("mynumber");
  simulator.runFor(500);
  host.slotStatus();
  host.powerOn();
  host.connect();
  for (const apdu of [JUKI, JUKI_PIN]) is(toHex(host.transmit(fromHex(apdu))), "9000");
  host.beginSecure(fromHex(VERIFY_4));
  page(simulator, "pin");
  simulator.keys("12");
  simulator.runFor(500);
  is(check.staff(SUSPEND), DONE);
  throws(
    () => host.finishSecure(),
    (error: unknown) => error instanceof SecureRefused && error.reply.error === COMMAND_ABORTED,
  );
  simulator.runFor(100);
  is(simulator.world.slot.isPowered(), false);
  page(simulator, "out-of-service");
  simulator.close();
});

test("stops and resumptions that change nothing are done and leave no record", () => {
  const bench = atTheCounter();
  const { check, simulator } = bench;
  simulator.world.turnCaseKey(true);
  is(check.staff(RESUME), DONE);
  const before = events(bench).length;
  for (let i = 0; i < 3; i++) is(check.staff(SUSPEND), DONE);
  is(events(bench).length, before + 1);
  for (let i = 0; i < 3; i++) is(check.staff(RESUME), DONE);
  is(events(bench).length, before + 2);
  simulator.close();
});

test("names that are none are refused and change nothing", () => {
  const { check, simulator } = atTheCounter();
  simulator.world.turnCaseKey(true);
  const bad = [
    "",
    "\x01",
    "\x00\x00",
    "\x01A",
    "\x01A\x00",
    "\x01a\x01B",
    "\x01A\x01b",
    "\x01A\x01BC",
    "\x02A\x01B",
  ];
  for (const names of bad) {
    for (const command of [SUSPEND, RESUME, RELEASE])
      is(check.staff(command, Buffer.from(names, "latin1")), BAD_FIELD, JSON.stringify(names));
  }
  is(simulator.page(), "insert");
  simulator.close();
});

test("a release lets a limited card be asked again, with the case key alone, and is journalled", () => {
  const bench = atTheCounter();
  const { simulator, check } = bench;
  const card = makeCard("mynumber");
  const tried = (id: number, keys: string): number => {
    check.begin({ id, useLastTry: true });
    page(simulator, "insert");
    simulator.insert(card);
    const question = check.answer();
    if (question.step !== "question") throw new Error("no question");
    check.go(id, question);
    if (keys !== "") {
      ok(simulator.runUntil(() => /^(pin|last)$/.test(simulator.page()), 5000));
      simulator.keys(simulator.page() === "last" ? `E${keys}` : keys);
    }
    const came = outcome(bench);
    page(simulator, "take");
    simulator.remove();
    simulator.runFor(500);
    return came;
  };
  is(tried(1, "9999E"), WRONG);
  is(tried(2, "9999E"), WRONG);
  is(tried(3, ""), LIMITED);
  is(check.staff(RELEASE), NO_OPERATOR);
  is(tried(4, ""), LIMITED);
  simulator.world.turnCaseKey(true);
  is(check.staff(RELEASE), DONE);
  is(tried(5, "1234E"), OK);
  is(events(bench).filter((event) => event === JournalEvent.Release).length, 1);
  simulator.close();
});

test("resume and release are refused while a check is under way", () => {
  const bench = atTheCounter();
  const { check, simulator } = bench;
  simulator.world.turnCaseKey(true);
  check.begin({ id: 2 });
  page(simulator, "insert");
  simulator.insert("mynumber");
  is(check.answer().step, "question");
  is(check.staff(RELEASE), BUSY, "while the counter decides");
  check.abort();
  simulator.runFor(200);
  simulator.remove();
  simulator.runFor(500);
  toEntry(bench, 1);
  is(bench.check.staff(RELEASE), BUSY);
  is(bench.check.staff(RESUME), BUSY);
  bench.simulator.keys("1234E");
  is(outcome(bench), OK);
  bench.simulator.close();
});

for (const isPowered of [true, false]) {
  test(`an opened case is shown and put on record once, with power ${isPowered ? "on" : "off"}`, () => {
    const { simulator, host } = atTheCounter();
    simulator.insert("mynumber");
    simulator.runFor(500);
    is(host.powerOn().error, 0);
    host.isThere = false;
    if (!isPowered) simulator.powerOff();
    simulator.openCase();
    if (isPowered) {
      simulator.runFor(10);
      is(simulator.world.slot.isPowered(), false, "the boot's first act");
      simulator.runFor(300);
      is(simulator.page(), "tamper", "before anybody touches its power");
    }
    for (let boots = 1; boots <= 3; boots++) {
      simulator.powerOff();
      simulator.powerOn();
      simulator.runFor(300);
      is(simulator.page(), "tamper");
      is(isStatusLit(simulator), false);
      is(simulator.world.slot.isPowered(), false);
    }
    const { store, backup, ccm, hmac } = storeOf(simulator.world);
    is(store.recover(), 0);
    const journal = new Journal(NODE_NATIVES, { store, backup, ccm, hmac });
    const record = NODE_NATIVES.allocate(64);
    const tampers: number[] = [];
    for (let sequence = 1; sequence <= journal.sequence(); sequence++) {
      is(journal.read(sequence, record), true);
      if (record[8] === JournalEvent.Tamper) tampers.push(sequence);
    }
    equal(tampers, [journal.sequence()]);
    simulator.close();
  });
}

test.run();
