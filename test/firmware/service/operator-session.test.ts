/** How long an operator is signed in, and that nobody is without a record. */
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { Configuration, Setting, Switch } from "../../../firmware/service/configuration.ts";
import { JournalEvent } from "../../../firmware/service/journal-entry.ts";
import { Journal } from "../../../firmware/service/journal.ts";
import { MemoryMap } from "../../../firmware/service/memory-map.ts";
import { OperatorEvent, OperatorRecords } from "../../../firmware/service/operator-records.ts";
import { OperatorSession } from "../../../firmware/service/operator-session.ts";
import { Name } from "../../../firmware/service/pair.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { ServiceBench } from "./service-bench.ts";

const test = suite("operator session");
const HOUR_US = 3_600_000_000;
const NEVER_US = 2 ** 53 - 1;

function named(text: string): Name {
  const name = new Name(NODE_NATIVES);
  name.set(Buffer.from(text), 0, text.length);
  return name;
}

const ONE = named("OPERATOR-1");
const OTHER = named("OPERATOR-2");

class SessionBench extends ServiceBench {
  readonly journal = new Journal(this.natives, this);
  readonly configuration = new Configuration(this.natives, this.store);
  readonly records = new OperatorRecords(this.natives, this.journal);
  readonly session = new OperatorSession(this.natives, this.records, this.configuration);

  constructor(isProvisioned = true) {
    super();
    if (isProvisioned) this.commit(() => this.journal.putFirst(new Uint8Array(32).fill(9)));
  }

  signIn(name: Name, nowUs: number): boolean {
    this.records.about(name, 5);
    return this.session.signIn(name, nowUs);
  }

  /** Event, detail, insertion and operator of each record. */
  found(): (number | string)[][] {
    return Array.from({ length: this.journal.sequence() }, (_, i) => {
      const bytes = Buffer.alloc(64);
      is(this.journal.read(i + 1, bytes), true);
      const operator = bytes.toString("latin1", 16, 32).replace(/\0+$/, "");
      return [bytes[8]!, bytes[9]!, bytes.readUInt32LE(12), operator];
    });
  }
}

test("an operator is signed in for exactly 12 hours of powered time, and the end is on record", () => {
  const bench = new SessionBench();
  const { session } = bench;
  const startUs = 77;
  is(bench.signIn(ONE, startUs), true);
  const endUs = startUs + 12 * HOUR_US;
  is(session.step(startUs), endUs);
  is(session.isSignedIn(ONE, endUs - 1), true);
  is(session.isSignedIn(OTHER, startUs), false);
  is(session.isSignedIn(ONE, endUs), false, "before anybody has looked");
  is(session.mayCheck(OTHER, endUs - 1), false);
  is(session.mayCheck(OTHER, endUs), true);
  is(session.step(endUs), NEVER_US);
  equal(bench.found(), [
    [JournalEvent.Operator, OperatorEvent.SignedIn, 5, "OPERATOR-1"],
    [JournalEvent.Operator, OperatorEvent.Ended, 0, "OPERATOR-1"],
  ]);
  is(session.step(endUs + 1), NEVER_US);
  is(bench.found().length, 2, "once");
});

test("without a record nobody is signed in, neither the one who was before", () => {
  const bench = new SessionBench();
  is(bench.signIn(ONE, 0), true);
  const head = bench.chip.save();
  head.fill(0, MemoryMap.JournalHead, MemoryMap.JournalHead + MemoryMap.JournalHeadBytes);
  bench.chip.load(head);
  is(bench.signIn(OTHER, 1), false);
  is(bench.session.isSignedIn(OTHER, 1), false);
  is(bench.session.isSignedIn(ONE, 1), false);
});

test("the end is an end although it cannot be put on record", () => {
  const bench = new SessionBench();
  is(bench.signIn(ONE, 0), true);
  const head = bench.chip.save();
  head.fill(0, MemoryMap.JournalHead, MemoryMap.JournalHead + MemoryMap.JournalHeadBytes);
  bench.chip.load(head);
  is(bench.session.end(OperatorEvent.SignedOut, 1), false);
  is(bench.session.isSignedIn(ONE, 1), false);
  is(bench.session.end(OperatorEvent.SignedOut, 2), true, "there is nobody any more");
});

test("where operators are required nobody makes a check before one is signed in", () => {
  const bench = new SessionBench();
  bench.commit(() => bench.configuration.put(Setting.OperatorsRequired, Switch.On));
  is(bench.session.mayCheck(ONE, 0), false);
  is(bench.signIn(ONE, 0), true);
  is(bench.session.mayCheck(ONE, 0), true);
  is(bench.session.mayCheck(OTHER, 0), false);
});

test("each setting is a byte of its own, off in a new store; what it does not say plainly, or cannot say, is on", () => {
  const bench = new SessionBench(false);
  const { configuration } = bench;
  const both = [Setting.Suspended, Setting.OperatorsRequired];
  equal(
    both.map((each) => configuration.isOn(each)),
    [false, false],
  );
  bench.commit(() => configuration.put(Setting.OperatorsRequired, Switch.On));
  equal(
    both.map((each) => configuration.isOn(each)),
    [false, true],
  );
  bench.commit(() => configuration.put(Setting.Suspended, Switch.On));
  bench.commit(() => configuration.put(Setting.OperatorsRequired, Switch.Off));
  equal(
    both.map((each) => configuration.isOn(each)),
    [true, false],
  );
  is(configuration.stands(Setting.Suspended, Switch.On), true);
  const memory = bench.chip.save();
  memory[MemoryMap.Configuration + Setting.OperatorsRequired] = 7;
  bench.chip.load(memory);
  is(configuration.isOn(Setting.OperatorsRequired), true);
});

test.run();
