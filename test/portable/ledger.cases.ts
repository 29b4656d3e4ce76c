/** Ledger and token bucket on a small memory: the states of a slot, the limits, and who makes room. */
import type { ByteNatives } from "../../hal/bytes.ts";
import type { Crypto } from "../../hal/crypto.ts";
import { NEVER_US } from "../../firmware/protocol/time.ts";
import { Judgement, Ledger, Settlement } from "../../firmware/service/ledger.ts";
import { MemoryMap } from "../../firmware/service/memory-map.ts";
import { StoreError } from "../../firmware/service/store.ts";
import { TOKEN_CAPACITY, TOKEN_PERIOD_US, TokenBucket } from "../../firmware/service/token-bucket.ts";
import { TRIES_UNKNOWN } from "../../firmware/service/view.ts";
import { bytesOf, sameBytes } from "./bytes-of.ts";
import type { Report } from "./report.ts";
import { ServiceMemory } from "./service-memory.ts";

const TODAY = 0x20260302;
const TOMORROW = 0x20260303;
const OBJECT = 1;
/** Slot of card 1 after its first entry: computed with Node's crypto, which test/firmware/service/ledger.test.ts repeats. */
export const SLOT: readonly number[] = [
  0x01, 0x00, 0x03, 0x00, 0x02, 0x03, 0x26, 0x20, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x48, 0x6a,
  0x85, 0x90, 0xf6, 0x06, 0xe4, 0x55, 0x22, 0x46, 0xdc, 0xa9, 0x1f, 0x49, 0x5f, 0xb3, 0x00, 0x00, 0x00, 0x00,
  0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
];

class Bench {
  readonly memory: ServiceMemory;
  readonly bucket: TokenBucket;
  readonly ledger: Ledger;
  readonly natives: ByteNatives;

  constructor(natives: ByteNatives, crypto: Crypto) {
    this.natives = natives;
    this.memory = new ServiceMemory(natives, crypto);
    const memory = this.memory;
    this.bucket = new TokenBucket(natives, memory.store);
    const parts = { store: memory.store, backup: memory.backup, hmac: memory.hmac, bucket: this.bucket };
    this.ledger = new Ledger(natives, parts);
    this.bucket.start(0);
  }

  /** The card with the serial "1", "2", … */
  judge(card: number, day: number): Judgement {
    this.ledger.look(bytesOf(this.natives, [0x30 + card]), 1, OBJECT);
    return this.ledger.judge(day);
  }

  pend(): StoreError {
    this.memory.store.begin();
    this.ledger.pend(3, 0);
    return this.memory.store.commit();
  }

  settle(settlement: Settlement): StoreError {
    this.memory.store.begin();
    this.ledger.settle(settlement);
    return this.memory.store.commit();
  }

  resolve(counterNow: number): StoreError {
    this.memory.store.begin();
    this.ledger.resolve(counterNow);
    return this.memory.store.commit();
  }

  enter(card: number, settlement: Settlement): void {
    this.judge(card, TODAY);
    this.pend();
    this.settle(settlement);
  }

  taken(): number {
    return this.memory.chip.memory[MemoryMap.TokenBucket];
  }
}

function checkSlot(report: Report, bench: Bench): void {
  report.equal(bench.judge(1, TODAY), Judgement.Allowed, "a new card");
  report.equal(bench.ledger.isPending() ? 1 : 0, 0, "of which nothing is known");
  report.equal(bench.pend(), StoreError.None, "an entry begins");
  report.equal(bench.ledger.isPending() ? 1 : 0, 1, "it is pending");
  report.equal(bench.taken(), 1, "and has taken a token");
  const slot = bench.natives.allocate(SLOT.length);
  bench.natives.copy(bench.memory.chip.memory, MemoryMap.Ledger, slot, 0, SLOT.length);
  sameBytes(report, "the slot", { bytes: slot, length: MemoryMap.LedgerSlotBytes }, SLOT);
  report.equal(bench.settle(Settlement.Ok), StoreError.None, "the entry was right");
  report.equal(bench.taken(), 0, "its token is back");
  report.equal(bench.ledger.isPending() ? 1 : 0, 0, "nothing is pending");
}

function checkWrong(report: Report, bench: Bench): void {
  bench.enter(1, Settlement.Wrong);
  report.equal(bench.judge(1, TODAY), Judgement.Allowed, "one wrong entry");
  bench.enter(1, Settlement.NotCounted);
  report.equal(bench.judge(1, TODAY), Judgement.Allowed, "one that does not count");
  bench.enter(1, Settlement.Wrong);
  report.equal(bench.judge(1, TODAY), Judgement.LimitedCard, "two wrong ones in a row");
  report.equal(bench.taken(), 2, "have taken two tokens");
  report.equal(bench.judge(2, TODAY), Judgement.Allowed, "another card");
  bench.ledger.look(bytesOf(bench.natives, [0x31]), 1, OBJECT + 1);
  report.equal(bench.ledger.judge(TODAY), Judgement.Allowed, "another PIN of the same card");
  report.equal(bench.judge(1, TOMORROW), Judgement.Allowed, "another day");
  bench.pend();
  bench.settle(Settlement.Wrong);
  report.equal(bench.judge(1, TOMORROW), Judgement.Allowed, "begins anew");
  bench.pend();
  bench.settle(Settlement.Ok);
  report.equal(bench.judge(1, TOMORROW), Judgement.Allowed, "as a right one does");
}

/** The power goes between an entry and what it came to. */
function checkUndecided(report: Report, bench: Bench): void {
  bench.enter(3, Settlement.Wrong);
  bench.judge(3, TODAY);
  bench.pend();
  bench.memory.boot();
  report.equal(bench.judge(3, TODAY), Judgement.LimitedCard, "an undecided entry counts");
  report.equal(bench.judge(3, TOMORROW), Judgement.Allowed, "as one");
  bench.resolve(TRIES_UNKNOWN);
  report.equal(bench.ledger.isPending() ? 1 : 0, 1, "a card that does not say decides nothing");
  const taken = bench.taken();
  bench.resolve(3);
  report.equal(bench.ledger.isPending() ? 1 : 0, 0, "the counter is what it was");
  report.equal(bench.taken(), taken - 1, "the token is back");
  report.equal(bench.judge(3, TODAY), Judgement.Allowed, "the entry did not count");
  bench.pend();
  bench.settle(Settlement.Undecided);
  report.equal(bench.ledger.isPending() ? 1 : 0, 1, "undecided is pending");
  bench.resolve(2);
  report.equal(bench.judge(3, TODAY), Judgement.LimitedCard, "a lowered counter was a wrong entry");
  bench.memory.store.begin();
  bench.ledger.releaseCard();
  report.equal(bench.memory.store.commit(), StoreError.None, "the staff's release");
  report.equal(bench.judge(3, TODAY), Judgement.Allowed, "lets it begin anew");
}

function checkBucket(report: Report, bench: Bench): void {
  const bucket = bench.bucket;
  const period: number = TOKEN_PERIOD_US;
  bench.memory.store.begin();
  bucket.refill();
  bench.memory.store.commit();
  bucket.start(0);
  for (let count = 0; count < TOKEN_CAPACITY; count++) {
    report.equal(bucket.isEmpty() ? 1 : 0, 0, "there is a token");
    bench.memory.store.begin();
    bucket.take(5000);
    bench.memory.store.commit();
  }
  report.equal(bench.judge(9, TODAY), Judgement.LimitedTerminal, "no token for anybody");
  bucket.step(4999 + period);
  report.equal(bucket.isEmpty() ? 1 : 0, 1, "not yet");
  bucket.step(5000 + period);
  report.equal(bucket.isEmpty() ? 1 : 0, 0, "one is back");
  bench.memory.boot();
  bucket.start(7000);
  report.equal(bucket.refillUs, 7000 + period, "a new start begins the ten minutes anew");
  for (let count = 1; count < TOKEN_CAPACITY; count++) bucket.step(7000 + count * period);
  report.equal(bench.taken(), 0, "all are back");
  report.equal(bucket.refillUs, NEVER_US, "and nothing is to do");
}

function checkFull(report: Report, natives: ByteNatives, crypto: Crypto): void {
  const bench = new Bench(natives, crypto);
  const memory = bench.memory.chip.memory;
  for (let card = 0; card < MemoryMap.LedgerSlots; card++) {
    // Tokens are another matter.
    memory[MemoryMap.TokenBucket] = 0;
    bench.enter(card, card === 4 || card === 6 ? Settlement.Ok : Settlement.Undecided);
  }
  memory[MemoryMap.TokenBucket] = 0;
  bench.enter(40, Settlement.Undecided);
  report.equal(bench.judge(5, TODAY), Judgement.Allowed, "an old card that is pending stays");
  report.equal(bench.ledger.isPending() ? 1 : 0, 1, "pending");
  report.equal(bench.judge(4, TODAY), Judgement.Allowed, "one more can be resolved");
  report.equal(bench.ledger.isPending() ? 1 : 0, 0, "the oldest has made room");
  bench.enter(41, Settlement.Wrong);
  report.equal(bench.judge(42, TODAY), Judgement.Full, "no room for a new card");
  report.equal(bench.judge(41, TODAY), Judgement.Allowed, "an old one has its place");
  report.equal(bench.judge(42, TOMORROW), Judgement.Allowed, "a wrong one of another day makes room");
  bench.memory.store.begin();
  report.equal(bench.ledger.releaseTerminal(), StoreError.None, "the staff's release of everything");
  report.equal(bench.memory.store.commit(), StoreError.None, "is one commit");
  report.equal(bench.judge(42, TODAY), Judgement.Allowed, "and there is room");
}

export function checkLedger(report: Report, natives: ByteNatives, crypto: Crypto): void {
  const bench = new Bench(natives, crypto);
  checkSlot(report, bench);
  checkWrong(report, bench);
  checkUndecided(report, bench);
  checkBucket(report, bench);
  bench.memory.backup.open();
  report.equal(bench.judge(1, TODAY), Judgement.NoMemory, "an opened case");
  checkFull(report, natives, crypto);
}
