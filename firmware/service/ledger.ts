/**
 * What entries at this terminal came to, for each card and PIN object: the terminal's own limit beside the card's counter.
 *
 *   Empty --pend--> Pending --settle(Ok)--> Resolved
 *                    ^  |  |---settle(NotCounted)--> Wrong when there were wrong ones before, else Resolved
 *                    |  |  +---settle(Wrong)--> Wrong
 *   Wrong, Resolved -+  +--power cut, settle(Undecided)--> Pending, a wrong one until `resolve` has the card's counter again
 *
 * A slot: state u8 | wrong in a row u8 | counter before u8 | 0 | service day u32 | stamp u32 | 4 spare | key 16 | 16 spare
 */
import type { BackupMemory } from "../../hal/backup-memory.ts";
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CryptoLimit } from "../../hal/crypto.ts";
import type { HmacSha256 } from "../protocol/hmac-sha256.ts";
import { putU32, readU32 } from "../protocol/little-endian.ts";
import { BackupMap } from "./backup-map.ts";
import { MemoryMap } from "./memory-map.ts";
import { StoreError, type Store } from "./store.ts";
import type { TokenBucket } from "./token-bucket.ts";
import { TRIES_UNKNOWN } from "./view.ts";

/** What `judge` says of the next entry. */
export const enum Judgement {
  Allowed = 0,
  /** `MOST_WRONG` wrong ones in a row on this service day. */
  LimitedCard = 1,
  /** The token bucket is empty. */
  LimitedTerminal = 2,
  /** Every slot says something that today's limits need: new cards are refused. */
  Full = 3,
  /** The store does not read, or the case was opened. */
  NoMemory = 4,
}

/** What an entry came to. */
export const enum Settlement {
  Ok = 0,
  /** The card has not counted it: nothing was sent, or its counter is what it was. */
  NotCounted = 1,
  Wrong = 2,
  /** Nobody knows. */
  Undecided = 3,
}

/**
 * Of a card's three tries two; the third stays for the staff to allow. Another service day begins anew, as an OK does: a card
 * that was found is not guessed at here faster than at two tries a day, and is blocked by its own counter on the second.
 */
export const MOST_WRONG = 2;

/** Longest serial of a card. */
export const SERIAL_MAX_BYTES = 16;

const enum SlotState {
  Empty = 0,
  Pending = 1,
  Wrong = 2,
  Resolved = 3,
}

/** Offsets in a slot. */
const enum SlotPart {
  State = 0,
  Wrong = 1,
  CounterBefore = 2,
  Day = 4,
  Stamp = 8,
  Key = 16,
  KeyBytes = 16,
}

/** Of state and wrong entries, which is all that a release of everything changes: so that it fits into one commit. */
const RELEASED_BYTES = 2;
const MOST_COUNTED = 255;
const NOWHERE = -1;
/** "ledger": what the slots' key is derived by. */
const LABEL: readonly number[] = [0x6c, 0x65, 0x64, 0x67, 0x65, 0x72];
/** Length and characters of the serial, filled up with zeros, and the PIN object. */
const CARD_BYTES = 1 + SERIAL_MAX_BYTES + 1;

export interface LedgerParts {
  readonly store: Store;
  readonly backup: BackupMemory;
  /** Shared: every use begins with its key. */
  readonly hmac: HmacSha256;
  readonly bucket: TokenBucket;
}

export class Ledger {
  private readonly slot: Bytes;
  /** Of the card that was looked for: the begin of an HMAC, so that a memory that was taken out names nobody. */
  private readonly key: Bytes;
  private readonly label: Bytes;
  private readonly card: Bytes;
  private readonly kek: Bytes;
  /** The card's slot, or the one that it may take, or `NOWHERE`. */
  private at = NOWHERE;
  /** The slot is the card's. */
  private isKnown = false;
  /** There is a card that was looked for. */
  private hasKey = false;
  private day = 0;

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: LedgerParts,
  ) {
    this.slot = natives.allocate(MemoryMap.LedgerSlotBytes);
    this.key = natives.allocate(CryptoLimit.DigestBytes);
    this.label = natives.allocate(LABEL.length);
    for (let i = 0; i < LABEL.length; i++) this.label[i] = LABEL[i];
    this.card = natives.allocate(CARD_BYTES);
    this.kek = natives.allocate(CryptoLimit.AesBytes);
  }

  /**
   * Looks for the card whose serial is `serial[0…length-1]`, at most `SERIAL_MAX_BYTES`, and its PIN object, u8: what is asked and
   * done from here on is about them. False when the memory does not answer, or the case was opened.
   */
  look(serial: ReadonlyBytes, length: number, object: number): boolean {
    this.at = NOWHERE;
    this.hasKey = !this.parts.backup.wasOpened();
    if (!this.hasKey) return false;
    this.makeKey(serial, length, object);
    return this.find();
  }

  /** The card's last entry is undecided: ask its counter and `resolve`. */
  isPending(): boolean {
    return this.loadCard() && this.slot[SlotPart.State] === SlotState.Pending;
  }

  /**
   * Adds to the store's commit what the undecided entry was, now that the card says `counterNow` tries. Not known decides nothing;
   * without a counter before it was a wrong one.
   */
  resolve(counterNow: number): StoreError {
    if (!this.isPending() || counterNow === TRIES_UNKNOWN) return StoreError.None;
    const before = this.slot[SlotPart.CounterBefore];
    const isLowered = before === TRIES_UNKNOWN || counterNow < before;
    return this.settle(isLowered ? Settlement.Wrong : Settlement.NotCounted);
  }

  /** Whether there may be an entry on service day `day`, a u32 of any form that differs from day to day. */
  judge(day: number): Judgement {
    this.day = day;
    this.at = NOWHERE;
    if (!this.find()) return Judgement.NoMemory;
    if (!this.isKnown) this.at = this.placeOn(day);
    else if (!this.load(this.at)) return Judgement.NoMemory;
    else if (this.countedOn(day) >= MOST_WRONG) return Judgement.LimitedCard;
    if (this.parts.bucket.isEmpty()) return Judgement.LimitedTerminal;
    return this.at === NOWHERE ? Judgement.Full : Judgement.Allowed;
  }

  /**
   * Adds to the store's commit that an entry is about to be sent to a card that says `counterBefore` tries, and takes its token.
   * After `judge` has allowed it; nothing is sent before the commit stands.
   */
  pend(counterBefore: number, nowUs: number): StoreError {
    const stamp = this.nextStamp();
    if (!this.hasKey || this.at === NOWHERE || !this.load(this.at)) return StoreError.Closed;
    const wrong = this.isKnown ? this.countedOn(this.day) : 0;
    const slot = this.slot;
    this.natives.wipe(slot);
    slot[SlotPart.State] = SlotState.Pending;
    slot[SlotPart.Wrong] = wrong < MOST_COUNTED ? wrong : MOST_COUNTED;
    slot[SlotPart.CounterBefore] = counterBefore;
    putU32(this.day, slot, SlotPart.Day);
    putU32(stamp, slot, SlotPart.Stamp);
    this.natives.copy(this.key, 0, slot, SlotPart.Key, SlotPart.KeyBytes);
    const error = this.putSlot(this.at, MemoryMap.LedgerSlotBytes);
    return error === StoreError.None ? this.parts.bucket.take(nowUs) : error;
  }

  /** Adds to the store's commit what the pending entry came to. Without a pending entry there is nothing to add. */
  settle(settlement: Settlement): StoreError {
    if (!this.loadCard()) return StoreError.Closed;
    if (this.slot[SlotPart.State] !== SlotState.Pending) return StoreError.None;
    const wrong = this.slot[SlotPart.Wrong];
    switch (settlement) {
      case Settlement.Ok:
        return this.acquit(SlotState.Resolved, 0);
      case Settlement.NotCounted:
        return this.acquit(wrong > 0 ? SlotState.Wrong : SlotState.Resolved, wrong);
      case Settlement.Wrong:
        return this.mark(SlotState.Wrong, wrong < MOST_COUNTED ? wrong + 1 : wrong);
      case Settlement.Undecided:
        return StoreError.None;
    }
  }

  /** Adds to the store's commit that the card that was looked for begins anew. The staff's, with a record of the journal. */
  releaseCard(): StoreError {
    return this.loadCard() ? this.mark(SlotState.Resolved, 0) : StoreError.None;
  }

  /**
   * Adds to the store's commit that every card begins anew, and all tokens are back; a record of the journal fits in beside. The
   * staff's: else somebody with forged cards who pulls them at the right moment could keep every slot pending.
   */
  releaseTerminal(): StoreError {
    let error = this.parts.bucket.refill();
    for (let slot = 0; slot < MemoryMap.LedgerSlots && error === StoreError.None; slot++) {
      if (!this.load(slot)) return StoreError.Closed;
      const isUsed = this.slot[SlotPart.State] !== SlotState.Empty;
      this.slot[SlotPart.State] = SlotState.Resolved;
      this.slot[SlotPart.Wrong] = 0;
      if (isUsed) error = this.putSlot(slot, RELEASED_BYTES);
    }
    return error;
  }

  /** The token of the entry is back too. */
  private acquit(state: SlotState, wrong: number): StoreError {
    const error = this.mark(state, wrong);
    return error === StoreError.None ? this.parts.bucket.giveBack() : error;
  }

  private mark(state: SlotState, wrong: number): StoreError {
    this.slot[SlotPart.State] = state;
    this.slot[SlotPart.Wrong] = wrong;
    return this.putSlot(this.at, MemoryMap.LedgerSlotBytes);
  }

  /** Wrong entries in a row of the slot that is loaded, as `day` sees them: an undecided one counts on every day. */
  private countedOn(day: number): number {
    const wrong = readU32(this.slot, SlotPart.Day) === day ? this.slot[SlotPart.Wrong] : 0;
    return this.slot[SlotPart.State] === SlotState.Pending ? wrong + 1 : wrong;
  }

  /**
   * The oldest of the slots that say nothing on `day`: never a pending one, never a wrong one of that day. A wrong one of any other
   * day limits nothing; were later days excepted, a date that was wrong once would keep its slots for ever.
   */
  private placeOn(day: number): number {
    let place = NOWHERE;
    let oldest = 0;
    for (let slot = 0; slot < MemoryMap.LedgerSlots; slot++) {
      if (!this.load(slot)) return NOWHERE;
      const stamp = readU32(this.slot, SlotPart.Stamp);
      if (this.countedOn(day) > 0 || (place !== NOWHERE && stamp >= oldest)) continue;
      place = slot;
      oldest = stamp;
    }
    return place;
  }

  /** Stamps say which slot is older: one more than all that stand. */
  private nextStamp(): number {
    let latest = 0;
    for (let slot = 0; slot < MemoryMap.LedgerSlots; slot++) {
      if (!this.load(slot)) continue;
      const stamp = readU32(this.slot, SlotPart.Stamp);
      if (stamp > latest) latest = stamp;
    }
    return latest + 1;
  }

  /** Finds the card's slot, when there is one; false when that cannot be known. */
  private find(): boolean {
    this.isKnown = false;
    if (!this.hasKey) return false;
    for (let slot = 0; slot < MemoryMap.LedgerSlots; slot++) {
      if (!this.load(slot)) return false;
      if (!this.isOfCard()) continue;
      this.at = slot;
      this.isKnown = true;
    }
    return true;
  }

  private loadCard(): boolean {
    return this.find() && this.isKnown && this.load(this.at);
  }

  private load(slot: number): boolean {
    const length = MemoryMap.LedgerSlotBytes;
    return this.parts.store.read(addressOf(slot), this.slot, 0, length) === StoreError.None;
  }

  private isOfCard(): boolean {
    if (this.slot[SlotPart.State] === SlotState.Empty) return false;
    return this.natives.equalConstantTime(this.slot, SlotPart.Key, this.key, 0, SlotPart.KeyBytes);
  }

  private putSlot(slot: number, length: number): StoreError {
    return this.parts.store.put(addressOf(slot), this.slot, 0, length);
  }

  private makeKey(serial: ReadonlyBytes, length: number, object: number): void {
    const hmac = this.parts.hmac;
    this.natives.wipe(this.card);
    this.card[0] = length;
    this.natives.copy(serial, 0, this.card, 1, length);
    this.card[CARD_BYTES - 1] = object;
    this.parts.backup.read(BackupMap.KeyEncryptionKey, CryptoLimit.AesBytes, this.kek);
    hmac.setKey(this.kek, CryptoLimit.AesBytes);
    this.natives.wipe(this.kek);
    hmac.compute(this.label, 0, LABEL.length, this.key);
    hmac.setKey(this.key, CryptoLimit.DigestBytes);
    hmac.compute(this.card, 0, CARD_BYTES, this.key);
    hmac.wipe();
    this.natives.wipe(this.card);
  }
}

function addressOf(slot: number): number {
  const ledger: number = MemoryMap.Ledger;
  return ledger + slot * MemoryMap.LedgerSlotBytes;
}
