/** The ledger over thousands of entries: beside a model of it that has no limits of memory, and flooded with ten thousand cards. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { Judgement, Settlement } from "../../firmware/service/ledger.ts";
import { MemoryMap } from "../../firmware/service/memory-map.ts";
import { SeededRandom } from "../../host-sim/world/random.ts";
import { LedgerBench, TODAY } from "../firmware/service/ledger-bench.ts";

const test = suite("ledger, walks");

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

function expected(model: Model, card: number, day: number): Judgement {
  const kept = model.kept(day);
  if (model.counted(card, day) >= 2) return Judgement.LimitedCard;
  return kept.length >= MemoryMap.LedgerSlots && !kept.includes(card) ? Judgement.Full : Judgement.Allowed;
}

for (const cards of [5, 40, 10_000]) {
  test(`4,000 entries with ${cards} cards over 40 days are judged as without a limit of memory`, () => {
    const bench = new LedgerBench();
    const model = new Model();
    const random = new SeededRandom(cards);
    const seen = new Map<Judgement, number>();
    for (let count = 0; count < 4000; count++) {
      const day = TODAY + Math.floor(count / 100);
      const card = random.below(cards);
      bench.fillBucket();
      if (random.below(20) === 0) bench.boot();
      bench.look(card);
      is(bench.ledger.isPending(), model.isPending(card), `entry ${count}`);
      if (model.isPending(card) && random.below(2) === 0) {
        const now = random.below(2) === 0 ? 3 : 2;
        bench.commit(() => bench.ledger.resolve(now));
        model.settle(card, now === 3 ? Settlement.NotCounted : Settlement.Wrong);
      }
      const judgement = bench.ledger.judge(day);
      is(judgement, expected(model, card, day), `entry ${count}`);
      seen.set(judgement, (seen.get(judgement) ?? 0) + 1);
      if (judgement !== Judgement.Allowed) continue;
      const of = [Settlement.Ok, Settlement.Ok, Settlement.NotCounted, Settlement.Wrong, Settlement.Wrong];
      const settlement = random.below(120) === 0 ? Settlement.Undecided : of[random.below(5)]!;
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

test.run();
