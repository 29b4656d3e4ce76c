/** The ledger beyond the portable cases: its keys, its tokens over power cycles, undecided entries. The walks: test/sealed-line/ledger-walks. */
import { createHmac } from "node:crypto";
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { JournalEntry, JournalEvent } from "../../../firmware/service/journal-entry.ts";
import { Journal } from "../../../firmware/service/journal.ts";
import { Judgement, Settlement } from "../../../firmware/service/ledger.ts";
import { MemoryMap } from "../../../firmware/service/memory-map.ts";
import { TOKEN_CAPACITY, TOKEN_PERIOD_US } from "../../../firmware/service/token-bucket.ts";
import { NODE_CRYPTO } from "../../../host-sim/engine/node-crypto.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { journalKey } from "../../portable/journal.cases.ts";
import { checkLedger, SLOT } from "../../portable/ledger.cases.ts";
import { LedgerBench } from "./ledger-bench.ts";

const test = suite("ledger");

test("the portable cases hold in Node", () => {
  const report = { equal: (actual: number, expected: number, what: string) => is(actual, expected, what) };
  checkLedger(report, NODE_NATIVES, NODE_CRYPTO);
});

test("a slot's key is HMAC of serial and object under a key that HMAC derives from the key-encryption key", () => {
  const kek = Uint8Array.from({ length: 16 }, (_, at) => (at * 11 + 3) & 255);
  const ledgerKey = createHmac("sha256", kek).update("ledger").digest();
  const card = Buffer.concat([Uint8Array.of(1, 0x31), new Uint8Array(15), Uint8Array.of(1)]);
  const key = createHmac("sha256", ledgerKey).update(card).digest();
  equal([...key.subarray(0, 16)], SLOT.slice(16, 32));
});

test("no serial stands in the memory, nor stays in RAM", () => {
  const bench = new LedgerBench();
  bench.judge(123_456_789);
  bench.pend();
  bench.settle(Settlement.Wrong);
  is(bench.chip.save().includes("123456789"), false);
  is(
    bench.made.some((bytes) => Buffer.from(bytes).includes("123456789")),
    false,
  );
});

test("a hundred wrong entries with a hundred cards: the bucket says no after 12, and lets 6 an hour through", () => {
  const bench = new LedgerBench();
  let allowed = 0;
  for (let minute = 0; minute < 300; minute++) {
    const nowUs = minute * 60e6;
    bench.bucket.step(nowUs);
    if (bench.judge(minute) !== Judgement.Allowed) continue;
    allowed++;
    bench.pend(3, nowUs);
    bench.settle(Settlement.Wrong);
    if (allowed === MemoryMap.LedgerSlots) bench.commit(() => bench.ledger.releaseCard());
  }
  ok(allowed >= TOKEN_CAPACITY + 19 && allowed <= TOKEN_CAPACITY + 30, `${allowed} entries in five hours`);
  is(bench.judge(1), Judgement.Allowed, "and it never locks for ever");
});

test("who switches the power off and on every nine minutes gets no token back", () => {
  const bench = new LedgerBench();
  for (let card = 0; card < TOKEN_CAPACITY; card++) {
    is(bench.judge(card), Judgement.Allowed);
    bench.pend();
    bench.settle(Settlement.Wrong);
  }
  for (let cycle = 0; cycle < 100; cycle++) {
    bench.bucket.step(TOKEN_PERIOD_US - 1);
    is(bench.judge(50), Judgement.LimitedTerminal, `cycle ${cycle}`);
    bench.boot();
  }
  bench.bucket.step(TOKEN_PERIOD_US);
  is(bench.judge(50), Judgement.Allowed, "but ten minutes with power do");
});

test("a token comes back once: from a right entry, from one that did not count, never from a wrong or undecided one", () => {
  for (const [settlement, taken] of [
    [Settlement.Ok, 1],
    [Settlement.NotCounted, 1],
    [Settlement.Wrong, 2],
    [Settlement.Undecided, 2],
  ] as const) {
    const bench = new LedgerBench();
    bench.judge(1);
    bench.pend();
    bench.settle(Settlement.Wrong);
    bench.judge(2);
    bench.pend();
    is(bench.taken(), 2);
    for (let count = 0; count < 3; count++) bench.settle(settlement);
    is(bench.taken(), taken, `settlement ${settlement}`);
  }
});

test("a second entry over an undecided one makes that a wrong one for good", () => {
  const bench = new LedgerBench();
  bench.judge(1);
  bench.pend();
  is(bench.judge(1), Judgement.Allowed);
  bench.pend();
  bench.settle(Settlement.NotCounted);
  is(bench.judge(1), Judgement.Allowed);
  bench.pend();
  is(bench.judge(1), Judgement.LimitedCard, "one wrong, one undecided");
});

test("without a counter before, an undecided entry was a wrong one", () => {
  const bench = new LedgerBench();
  bench.judge(1);
  bench.pend(255);
  bench.commit(() => bench.ledger.resolve(3));
  is(bench.ledger.isPending(), false);
  bench.judge(1);
  bench.pend();
  is(bench.judge(1), Judgement.LimitedCard);
});

test("a release of a full ledger and its record are one commit", () => {
  const bench = new LedgerBench();
  const journal = new Journal(bench.natives, bench);
  bench.commit(() => journal.putFirst(journalKey(NODE_NATIVES)));
  for (let card = 0; card < MemoryMap.LedgerSlots; card++) {
    bench.fillBucket();
    bench.judge(card);
    bench.pend();
  }
  is(bench.judge(99), Judgement.Full);
  const entry = new JournalEntry(NODE_NATIVES);
  entry.restart(JournalEvent.Release);
  is(
    bench.commit(() => Math.max(bench.ledger.releaseTerminal(), journal.put(entry, 0))),
    0,
  );
  is(bench.judge(99), Judgement.Allowed);
  is(bench.taken(), 0);
  is(journal.sequence(), 1);
});

test.run();
