/**
 * The counter line of development and town images: reliable frames carry TLS, TLS carries the session's messages. What comes in the
 * clear is never answered.
 *
 *   Down --SABM, what the last session had begun has ended--> Handshake --Finished--> Open --close, alert--> Closing --all acknowledged--> Down
 *     ^                                                        | 10 s                  |
 *     +------------------- the link is lost, SABM, DISC: keys wiped, the entry ended, the card off
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { LinkState, type ReliableLine } from "../driver/reliable-line.ts";
import { MESSAGE_MAX_BYTES } from "../protocol/ccid.ts";
import { earlierUs, NEVER_US } from "../protocol/time.ts";
import { TlsAlert } from "../protocol/tls.ts";
import { PLAIN_AT, TlsState, type TlsServer } from "../protocol/tls-server.ts";
import type { CcidAnswers } from "./ccid-answers.ts";
import type { CounterSession } from "./counter-session.ts";
import { LinkEvent, type LinkEvents } from "./link-events.ts";
import type { Pair } from "./pair.ts";
import type { Rekey } from "./rekey.ts";

/** From SABM to the client's Finished. */
const HANDSHAKE_US = 10000000;
/** A session's keys are used no longer. */
const SESSION_US = 86400000000;

/** Tells whose key a session has. */
export interface PairNames {
  /** The names of key `index`, until the next call; undefined when it is gone. */
  namesOf(index: number): Pair | undefined;
}

/** The layers of the line, made once by the composition. */
export interface SealedParts {
  readonly line: ReliableLine;
  readonly tls: TlsServer;
  readonly session: CounterSession;
  readonly answers: CcidAnswers;
  readonly pairs: PairNames;
  readonly rekey: Rekey;
  readonly events: LinkEvents;
}

export class SealedLine {
  /** A link stands, and TLS on it lives or has its last words to say. */
  private isLive = false;
  private isOpen = false;
  /** A ClientHello was answered: whoever sent it has the key, or heard it sent. */
  private isAnswered = false;
  private deadlineUs = NEVER_US;
  /** How much has been used of the frame, of the record's data, of the answer and of TLS's output. */
  private frameAt = 0;
  private plainAt = 0;
  private answerAt = 0;
  private outputAt = 0;
  /** The answer that leaves next: the work that goes on meanwhile may bring forth another one. */
  private readonly answer: Bytes;
  private answerLength = 0;
  /** A session has ended in this step. */
  private hasEnded = false;
  /** Nothing of the last session is left. */
  private isCleared = true;

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: SealedParts,
  ) {
    this.answer = natives.allocate(MESSAGE_MAX_BYTES);
  }

  step(nowUs: number): number {
    const parts = this.parts;
    let sessionUs = NEVER_US;
    let isMoving = true;
    this.hasEnded = false;
    parts.tls.work();
    if (parts.tls.state() === TlsState.AwaitFinished) this.isAnswered = true;
    if (parts.rekey.hasWork() && !parts.rekey.work(nowUs)) parts.tls.close();
    // What leaves makes room for what has come; one frame may be under way, so that this ends.
    while (isMoving) {
      this.receive(nowUs);
      this.collect();
      sessionUs = parts.session.step(nowUs);
      this.follow(nowUs);
      isMoving = this.send();
    }
    if (parts.session.isAsking()) parts.line.watch(nowUs);
    else parts.line.unwatch();
    const lineUs = parts.line.step(nowUs);
    // The line may have found just now that nobody is there; and what a session that has ended left behind is cleared away.
    const isLost = this.isLive && parts.line.state() !== LinkState.Up;
    if (parts.tls.hasWork() || parts.rekey.hasWork() || isLost || this.hasEnded) return nowUs;
    parts.events.step(nowUs);
    return earlierUs(earlierUs(sessionUs, lineUs), earlierUs(this.deadlineUs, parts.events.dueUs));
  }

  /** Uses up what has come, as long as nothing that it brings forth stands in its way. */
  private receive(nowUs: number): void {
    const line = this.parts.line;
    const tls = this.parts.tls;
    while (!this.parts.rekey.hasWork()) {
      if (tls.plainLength > 0) {
        if (!this.takePlain(nowUs)) return;
      } else if (tls.hasWork()) return;
      else if (line.receivedLength > 0 || line.receive(nowUs)) {
        if (!this.takeFrame(nowUs)) return;
      } else return;
    }
  }

  /** Returns whether all of it is used. */
  private takeFrame(nowUs: number): boolean {
    const line = this.parts.line;
    const tls = this.parts.tls;
    this.frameAt += tls.take(line.information, this.frameAt, line.receivedLength - this.frameAt);
    if (this.frameAt === line.receivedLength) {
      line.receivedLength = 0;
      this.frameAt = 0;
    }
    if (!this.isOpen && tls.state() === TlsState.Open) this.opened(nowUs);
    return tls.outputLength === 0;
  }

  /** Returns whether all of it is used: an answer must leave, and a key's change be done, before the next message is read. */
  private takePlain(nowUs: number): boolean {
    const tls = this.parts.tls;
    while (this.plainAt < tls.plainLength) {
      if (this.hasAnswer() || this.parts.rekey.hasWork()) return false;
      const left = tls.plainLength - this.plainAt;
      this.plainAt += this.parts.session.take(tls.record, PLAIN_AT + this.plainAt, left, nowUs);
    }
    this.plainAt = 0;
    tls.plainLength = 0;
    return true;
  }

  private hasAnswer(): boolean {
    return this.answerLength > 0 || this.parts.answers.isReady();
  }

  private opened(nowUs: number): void {
    const tls = this.parts.tls;
    const index = tls.handshake.keyIndex;
    const pair = this.parts.pairs.namesOf(index);
    if (pair === undefined) {
      tls.close();
      return;
    }
    this.isOpen = true;
    this.deadlineUs = nowUs + SESSION_US;
    this.parts.rekey.begin(index);
    if (tls.handshake.isNextKey) this.parts.rekey.owe();
    this.parts.session.begin(pair, nowUs);
  }

  /** Ends a session whose link, whose TLS or whose time has ended, and begins one that is asked for. */
  private follow(nowUs: number): void {
    const line = this.parts.line;
    const tls = this.parts.tls;
    if (this.isLive && line.state() !== LinkState.Up) this.drop(nowUs);
    if (line.state() === LinkState.Asked && this.parts.session.isFree()) this.begin(nowUs);
    if (!this.isLive) return;
    const isSaid = !this.hasAnswer() && tls.outputLength === 0;
    if (nowUs >= this.deadlineUs || (isSaid && this.parts.session.isOver())) tls.close();
    if (tls.state() !== TlsState.Closed) return;
    this.endSession(nowUs);
    if (tls.outputLength > 0 || !line.canSend()) return;
    this.isLive = false;
    line.disconnect(nowUs);
  }

  private begin(nowUs: number): void {
    this.parts.line.accept(nowUs);
    this.parts.tls.start();
    this.isLive = true;
    this.isAnswered = false;
    this.isCleared = false;
    this.deadlineUs = nowUs + HANDSHAKE_US;
  }

  private drop(nowUs: number): void {
    // Without close_notify the session was cut off (RFC 8446, 6.1).
    if (this.isOpen) this.parts.events.note(LinkEvent.Lost, nowUs);
    this.parts.tls.drop();
    this.endSession(nowUs);
    this.isLive = false;
    this.outputAt = 0;
  }

  private endSession(nowUs: number): void {
    if (this.isCleared) return;
    this.isCleared = true;
    this.hasEnded = true;
    if (!this.isOpen && (this.isAnswered || this.parts.tls.alertSent !== TlsAlert.None))
      this.parts.events.note(LinkEvent.HandshakeFailed, nowUs);
    this.parts.session.end(nowUs);
    this.isOpen = false;
    this.parts.rekey.end();
    this.deadlineUs = NEVER_US;
    this.frameAt = 0;
    this.plainAt = 0;
    this.answerAt = 0;
    this.answerLength = 0;
  }

  /** Answers become records, records frames. Returns whether anything has moved. */
  private send(): boolean {
    const hasSealed = this.seal();
    const tls = this.parts.tls;
    const line = this.parts.line;
    if (tls.outputLength === 0 || !line.canSend()) return hasSealed;
    const left = tls.outputLength - this.outputAt;
    const piece = left < line.longest() ? left : line.longest();
    line.send(tls.output, this.outputAt, piece);
    this.outputAt += piece;
    if (this.outputAt < tls.outputLength) return true;
    this.outputAt = 0;
    tls.outputLength = 0;
    return true;
  }

  private seal(): boolean {
    const tls = this.parts.tls;
    this.collect();
    const room = tls.room();
    if (this.answerLength === 0 || room === 0) return false;
    const left = this.answerLength - this.answerAt;
    const piece = left < room ? left : room;
    tls.write(this.answer, this.answerAt, piece);
    this.answerAt += piece;
    if (this.answerAt === this.answerLength) this.answerLength = 0;
    return true;
  }

  private collect(): void {
    if (this.answerLength > 0) return;
    this.answerLength = this.parts.answers.take();
    this.answerAt = 0;
    this.natives.copy(this.parts.answers.message, 0, this.answer, 0, this.answerLength);
  }
}
