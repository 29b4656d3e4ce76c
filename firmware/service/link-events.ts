/**
 * What happens without an operator, for the journal: starts, an opened case, and what is counted on the counter's line and written
 * together. Neither whoever is on the line nor whoever plays with the power can fill the journal. What was not written when the
 * power went is lost.
 */
import type { ByteNatives } from "../../hal/bytes.ts";
import { NEVER_US } from "../protocol/time.ts";
import { JournalEntry, JournalEvent } from "./journal-entry.ts";
import { type Journal, JournalError } from "./journal.ts";
import { StoreError, type Store } from "./store.ts";

export const enum LinkEvent {
  Lost = 1,
  HandshakeFailed = 2,
}

/** Of powered time between two writings (docs/protocol.md). */
const PERIOD_US = 600000000;
/** Other records keep that many places. */
const KEPT_PLACES = 64;
const MOST_COUNTED = 0xffff;

export class LinkEvents {
  /** When `step` has something to do. */
  dueUs = NEVER_US;
  private lost = 0;
  private handshakesFailed = 0;
  /** Not before: the first of a boot is written at once. */
  private earliestUs = 0;
  private readonly entry: JournalEntry;

  constructor(
    natives: ByteNatives,
    private readonly journal: Journal,
    private readonly store: Store,
  ) {
    this.entry = new JournalEntry(natives);
  }

  /** The terminal has started, for `reason` (hal/watchdog.ts): a commit of its own, while there are places for more than that. */
  started(reason: number, nowUs: number): void {
    if (this.journal.freePlaces() < KEPT_PLACES) return;
    this.store.begin();
    this.entry.restart(JournalEvent.Boot);
    this.entry.detail = reason;
    if (this.journal.put(this.entry, nowUs) === JournalError.None) this.store.commit();
    else this.store.begin();
  }

  /** The case was opened: the journal's last record, once. */
  opened(): void {
    this.store.begin();
    if (this.journal.putTamper() === JournalError.None) this.store.commit();
    else this.store.begin();
  }

  note(event: LinkEvent, nowUs: number): void {
    switch (event) {
      case LinkEvent.Lost:
        if (this.lost < MOST_COUNTED) this.lost++;
        break;
      case LinkEvent.HandshakeFailed:
        if (this.handshakesFailed < MOST_COUNTED) this.handshakesFailed++;
        break;
    }
    if (this.dueUs === NEVER_US) this.dueUs = nowUs > this.earliestUs ? nowUs : this.earliestUs;
  }

  /** Writes what was counted, in a commit of its own: never call it while another is being made. */
  step(nowUs: number): void {
    if (nowUs < this.dueUs) return;
    this.earliestUs = nowUs + PERIOD_US;
    if (this.journal.freePlaces() < KEPT_PLACES || !this.write(nowUs)) {
      this.dueUs = this.earliestUs;
      return;
    }
    this.lost = 0;
    this.handshakesFailed = 0;
    this.dueUs = NEVER_US;
  }

  private write(nowUs: number): boolean {
    this.store.begin();
    const isPut =
      this.put(LinkEvent.Lost, this.lost, nowUs) &&
      this.put(LinkEvent.HandshakeFailed, this.handshakesFailed, nowUs);
    if (isPut) return this.store.commit() === StoreError.None;
    this.store.begin();
    return false;
  }

  private put(event: LinkEvent, count: number, nowUs: number): boolean {
    if (count === 0) return true;
    this.entry.restart(JournalEvent.Link);
    this.entry.detail = event;
    this.entry.count = count;
    return this.journal.put(this.entry, nowUs) === JournalError.None;
  }
}
