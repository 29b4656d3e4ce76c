/** The ledger beyond the portable cases: beside a model of it that has no memory limits, ten thousand cards, power cycling. */
import { createHmac } from "node:crypto";
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { JournalEntry, JournalEvent } from "../../../firmware/service/journal-entry.ts";
import { Journal } from "../../../firmware/service/journal.ts";
import { Judgement, Ledger, Settlement } from "../../../firmware/service/ledger.ts";
import { MemoryMap } from "../../../firmware/service/memory-map.ts";
import { TOKEN_CAPACITY, TOKEN_PERIOD_US, TokenBucket } from "../../../firmware/service/token-bucket.ts";
import { NODE_CRYPTO } from "../../../host-sim/engine/node-crypto.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { journalKey } from "../../portable/journal.cases.ts";
import { checkLedger, SLOT } from "../../portable/ledger.cases.ts";
import { ServiceBench } from "./service-bench.ts";

const test = suite("ledger");
const TODAY = 0x20260302;
const OBJECT = 1;

class LedgerBench extends ServiceBench {
  bucket!: TokenBucket;
  ledger!: Ledger;

  constructor() {
    super();
    this.start();
  }

  override boot(nowUs = 0): void {
    super.boot();
    this.start(nowUs);
  }

  look(card: number, object = OBJECT): void {
    const serial = Buffer.from(String(card).padStart(15, "0"));
    ok(this.ledger.look(Uint8Array.from(serial), serial.length, object));
  }

  judge(card: number, day = TODAY): Judgement {
    this.look(card);
    return this.ledger.judge(day);
  }

  pend(counterBefore = 3, nowUs = 0): void {
    is(
      this.commit(() => this.ledger.pend(counterBefore, nowUs)),
      0,
    );
  }

  settle(settlement: Settlement): void {
    is(
      this.commit(() => this.ledger.settle(settlement)),
      0,
    );
  }

  fillBucket(): void {
    this.commit(() => this.bucket.refill());
  }

  taken(): number {
    return this.chip.save().readUInt8(MemoryMap.TokenBucket);
  }

  private start(nowUs = 0): void {
    this.bucket = new TokenBucket(this.natives, this.store);
    this.ledger = new Ledger(this.natives, this);
    this.bucket.start(nowUs);
  }
}

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

/** What a ledger without limits of memory would say. */
class Model {
  private readonly cards = new Map<number, { wrong: number; day: number; pending: boolean }>();

  counted(card: number, day: number): number {
    const { wrong, day: of, pending } = this.cards.get(card) ?? { wrong: 0, day, pending: false };
    return (of === day ? wrong : 0) + (pending ? 1 : 0);
  }

  pend(card: number, day: number): void {
    this.cards.set(card, { wrong: this.counted(card, day), day, pending: true });
  }

  settle(card: number, settlement: Settlement): void {
    const found = this.cards.get(card)!;
    if (settlement === Settlement.Undecided) return;
    if (settlement === Settlement.Wrong) found.wrong++;
    if (settlement === Settlement.Ok) found.wrong = 0;
    found.pending = false;
  }

  isPending(card: number): boolean {
    return this.cards.get(card)?.pending ?? false;
  }

  /** Cards that must have a slot. */
  kept(day: number): number[] {
    return [...this.cards.keys()].filter((card) => this.counted(card, day) > 0);
  }
}

/** The same numbers each time (Numerical Recipes' generator). */
function makePick(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function expected(model: Model, card: number, day: number): Judgement {
  const kept = model.kept(day);
  if (model.counted(card, day) >= 2) return Judgement.LimitedCard;
  return kept.length >= MemoryMap.LedgerSlots && !kept.includes(card) ? Judgement.Full : Judgement.Allowed;
}

for (const cards of [5, 40, 10_000]) {
  test(`4,000 entries with ${cards} cards over 40 days are judged as without a limit of memory`, () => {
    const bench = new LedgerBench();
    const model = new Model();
    const pick = makePick(cards);
    const seen = new Map<Judgement, number>();
    for (let count = 0; count < 4000; count++) {
      const day = TODAY + Math.floor(count / 100);
      const card = pick(cards);
      bench.fillBucket();
      if (pick(20) === 0) bench.boot();
      bench.look(card);
      is(bench.ledger.isPending(), model.isPending(card), `entry ${count}`);
      if (model.isPending(card) && pick(2) === 0) {
        const now = pick(2) === 0 ? 3 : 2;
        bench.commit(() => bench.ledger.resolve(now));
        model.settle(card, now === 3 ? Settlement.NotCounted : Settlement.Wrong);
      }
      const judgement = bench.ledger.judge(day);
      is(judgement, expected(model, card, day), `entry ${count}`);
      seen.set(judgement, (seen.get(judgement) ?? 0) + 1);
      if (judgement !== Judgement.Allowed) continue;
      const of = [Settlement.Ok, Settlement.Ok, Settlement.NotCounted, Settlement.Wrong, Settlement.Wrong];
      const settlement = pick(120) === 0 ? Settlement.Undecided : of[pick(5)]!;
      bench.pend();
      bench.settle(settlement);
      model.pend(card, day);
      model.settle(card, settlement);
    }
    ok((seen.get(Judgement.Allowed) ?? 0) > 400, JSON.stringify([...seen]));
    if (cards === 5) ok((seen.get(Judgement.LimitedCard) ?? 0) > 100, JSON.stringify([...seen]));
    if (cards > 1000) ok((seen.get(Judgement.Full) ?? 0) > 100, JSON.stringify([...seen]));
    equal(bench.complaints, []);
  });
}

test("10,000 invented cards neither grow anything nor drive out who is pending or wrong today", () => {
  const bench = new LedgerBench();
  bench.judge(1);
  bench.pend();
  bench.judge(2);
  bench.pend();
  bench.settle(Settlement.Wrong);
  const { length } = bench.made;
  for (let card = 100; card < 10_100; card++) {
    bench.fillBucket();
    if (bench.judge(card) !== Judgement.Allowed) continue;
    bench.pend();
    bench.settle(card % 500 === 0 ? Settlement.Wrong : Settlement.Ok);
  }
  is(bench.made.length, length, "nothing was allocated");
  bench.look(1);
  ok(bench.ledger.isPending());
  bench.judge(2);
  bench.pend();
  bench.settle(Settlement.Wrong);
  is(bench.judge(2), Judgement.LimitedCard);
  const memory = bench.chip.save();
  ok(memory.subarray(MemoryMap.TokenBucket + 1, MemoryMap.Result).every((value) => value === 0));
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
