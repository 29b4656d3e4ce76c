/** The ledger and its token bucket at the models of the memories, with cards that are numbers. */
import { is, ok } from "uvu/assert";
import { Ledger, type Judgement, type Settlement } from "../../../firmware/service/ledger.ts";
import { MemoryMap } from "../../../firmware/service/memory-map.ts";
import { TokenBucket } from "../../../firmware/service/token-bucket.ts";
import { ServiceBench } from "./service-bench.ts";

/** A service day. */
export const TODAY = 0x20260302;
const OBJECT = 1;

export class LedgerBench extends ServiceBench {
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
