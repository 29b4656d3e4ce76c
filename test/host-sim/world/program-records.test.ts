/** What a PC/SC program lets residents try over the sealed line stands in the journal, and where nothing can stand nobody is asked. */
import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import { JournalEvent } from "../../../firmware/service/journal-entry.ts";
import { Outcome } from "../../../firmware/service/outcome.ts";
import { PinName } from "../../../firmware/service/view.ts";
import type { SealedHost } from "../../../host-sim/host/sealed-host.ts";
import { fromHex, toHex, VERIFY_4 } from "../../../host-sim/scenario/counter.ts";
import type { Simulator } from "../../../host-sim/world/simulator.ts";
import { pinOf, residentCard } from "../../sealed-line/check-desk.ts";
import { CheckHost } from "./check-host.ts";
import { sealedTerminal } from "./sealed-simulator.ts";

const test = suite("records of a program's entries");
const SELECTS = ["00a4040c0ad3921000310001010401", "00a4020c02001c"];
const BOOT = [JournalEvent.Boot, 0];
const ATTEMPT = [JournalEvent.Attempt, PinName.Juki];
const PLACES = 310;

interface Bench {
  readonly simulator: Simulator;
  readonly host: SealedHost;
  readonly card: ReturnType<typeof residentCard>;
}

function outcome(number: Outcome): number[] {
  return [JournalEvent.Outcome, number];
}

/** A program has the card, and its 住基 PIN is selected. */
function withCard(): Bench {
  const { simulator, host } = sealedTerminal();
  host.open();
  const card = residentCard();
  simulator.insert(card);
  simulator.runFor(100);
  const bench = { simulator, host, card };
  ready(bench);
  return bench;
}

function ready({ host }: Bench): void {
  host.slotStatus();
  host.powerOn();
  host.connect();
  for (const apdu of SELECTS) is(toHex(host.transmit(fromHex(apdu))), "9000");
}

function reaches({ simulator }: Bench, page: string): void {
  ok(
    simulator.runUntil(() => simulator.page() === page, 40_000),
    `${simulator.page()} instead of ${page}`,
  );
}

function asked(bench: Bench, page = "pin"): void {
  bench.host.beginSecure(fromHex(VERIFY_4));
  reaches(bench, page);
}

function tried(bench: Bench, keys: string): string {
  asked(bench);
  bench.simulator.keys(keys);
  return toHex(bench.host.finishSecure());
}

/** Without what happened on the line. */
function records({ host }: Bench): number[][] {
  return new CheckHost(host)
    .journal()
    .filter(([event]) => event !== (JournalEvent.Link as number))
    .map(([event, detail]) => [event, detail]);
}

test("each attempt stands before its command, and behind it what the card made of it", () => {
  const bench = withCard();
  is(tried(bench, "1234E"), "9000");
  is(tried(bench, "9999E"), "63c2");
  is(tried(bench, "9999E"), "63c1");
  asked(bench, "last");
  bench.simulator.keys("E");
  reaches(bench, "pin");
  bench.simulator.keys("9999E");
  is(toHex(bench.host.finishSecure()), "63c0");
  const told = [Outcome.Ok, Outcome.Wrong, Outcome.Wrong, Outcome.Blocked];
  equal(records(bench), [BOOT, ...told.flatMap((each) => [ATTEMPT, outcome(each)])]);
  is(pinOf(bench.card).verifyCount, 4);
  bench.simulator.close();
});

test("an entry that sends nothing leaves no record: 取消, time, a card that is pulled", () => {
  const bench = withCard();
  is(tried(bench, "12X"), "6401");
  asked(bench);
  bench.simulator.runFor(60_000);
  is(toHex(bench.host.finishSecure()), "6400");
  asked(bench);
  bench.simulator.keys("12");
  bench.simulator.runFor(500);
  bench.simulator.remove();
  throws(() => bench.host.finishSecure());
  equal(records(bench), [BOOT]);
  is(pinOf(bench.card).verifyCount, 0);
  bench.simulator.close();
});

test("a card that is pulled while it judges: nobody can tell, and the record says so", () => {
  const bench = withCard();
  asked(bench);
  bench.simulator.keys("9999E");
  reaches(bench, "reading");
  bench.simulator.runFor(8);
  bench.simulator.remove();
  throws(() => bench.host.finishSecure());
  equal(records(bench), [BOOT, ATTEMPT, outcome(Outcome.Unknown)]);
  bench.simulator.close();
});

test("the power goes while the card judges: the attempt is on record", () => {
  const bench = withCard();
  asked(bench);
  bench.simulator.keys("9999E");
  reaches(bench, "reading");
  bench.simulator.powerOff();
  bench.simulator.runFor(1000);
  bench.simulator.powerOn();
  bench.simulator.runFor(500);
  bench.host.open();
  equal(records(bench), [BOOT, ATTEMPT, BOOT]);
  bench.simulator.close();
});

test("a full journal lets no program ask anybody, until its records are acknowledged", () => {
  const bench = withCard();
  const check = new CheckHost(bench.host);
  for (let at = 0; at < PLACES; at++) check.setClock(1_700_000_000 + at);
  bench.host.beginSecure(fromHex(VERIFY_4));
  throws(() => bench.host.finishSecure());
  is(bench.simulator.page(), "out-of-service");
  is(pinOf(bench.card).verifyCount, 0);
  check.acknowledge(200);
  is(tried(bench, "1234E"), "9000");
  bench.simulator.close();
});

test.run();
