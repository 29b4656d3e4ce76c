/**
 * The counter line made reliable: numbered frames, one under way in each direction (stop and wait), repeated until they are
 * acknowledged, delivered once. This is the end that is called: the other one begins with SABM and may do so at any time.
 *
 *   Down --SABM--> Asked --accept()--> Up --SABM--> Asked
 *     ^                                 |
 *     +-- DISC, DM, no answer to LONGEST_TRIES sendings, three polls missed --+
 *
 * While Asked nothing is answered: whoever must first finish something with the old link does so and then accepts.
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { INFORMATION_MAX_BYTES } from "../protocol/async-frame.ts";
import {
  ControlKind,
  controlKind,
  informationControl,
  LINK_OFFER_BYTES,
  LINK_VERSION,
  LINK_VERSION_BYTES,
  nextNumber,
  POLL_FINAL,
  receiveNumber,
  receiveReadyControl,
  sendNumber,
  SHORTEST_MTU,
  Unnumbered,
} from "../protocol/link-control.ts";
import { earlierUs, NEVER_US } from "../protocol/time.ts";
import type { FrameLine } from "./frame-line.ts";
import { LinkTimer } from "./link-timer.ts";

export const enum LinkState {
  Down = 0,
  /** SABM has come and is not accepted yet. */
  Asked = 1,
  Up = 2,
}

/** Sendings of one frame before the link is given up; with the waits in between some 6 s. */
const LONGEST_TRIES = 10;
const POLL_US = 1000000;
const POLLS_MISSED = 3;

export class ReliableLine {
  /** What came last: `information[0…receivedLength-1]`, valid while `receivedLength` is not 0. */
  readonly information: Bytes;
  receivedLength = 0;
  protected linkState = LinkState.Down;
  private readonly timer = new LinkTimer();
  private readonly outgoing: Bytes;
  private outgoingLength = 0;
  private readonly offer: Bytes;
  private mtu = SHORTEST_MTU;
  /** Of the call that is answered, or made: u16. */
  protected callNumber = 0;
  /** V(S) of the frame under way or of the next, and V(R). */
  private sendVariable = 0;
  private receiveVariable = 0;
  private owesAnswer = false;
  /** The frame under way: how often it was sent, when its last bit leaves, when it is sent again. */
  private tries = 0;
  private sentUs = 0;
  private repeatUs = 0;
  private pollUs = NEVER_US;
  private missed = 0;

  constructor(
    private readonly natives: ByteNatives,
    protected readonly line: FrameLine,
  ) {
    this.information = line.frame.information;
    this.outgoing = natives.allocate(INFORMATION_MAX_BYTES);
    this.offer = natives.allocate(LINK_OFFER_BYTES);
  }

  state(): LinkState {
    return this.linkState;
  }

  /** Longest information of one frame that the two ends have agreed on, 64…512. */
  longest(): number {
    return this.mtu;
  }

  /**
   * Takes what has come up to the next frame with information, for which `receivedLength` tells; whoever has used that sets it to
   * 0 and calls again. Returns whether there may be more at once.
   */
  receive(nowUs: number): boolean {
    while (this.receivedLength === 0) {
      if (!this.line.receive()) return false;
      this.frame(nowUs);
    }
    return true;
  }

  /** Whether `send` may be called. */
  canSend(): boolean {
    return this.linkState === LinkState.Up && this.outgoingLength === 0;
  }

  /** Sends `bytes[from…from+length-1]`, 1 to `longest()` bytes, which are taken over; they arrive once and in order. */
  send(bytes: ReadonlyBytes, from: number, length: number): void {
    this.natives.copy(bytes, from, this.outgoing, 0, length);
    this.outgoingLength = length;
    this.tries = 0;
    this.repeatUs = 0;
  }

  /** Sends what is due: call it when everything that has come was used. Returns when it is due again. */
  step(nowUs: number): number {
    if (this.linkState !== LinkState.Up) return NEVER_US;
    this.pollWhenDue(nowUs);
    if (this.outgoingLength > 0 && nowUs >= this.repeatUs) this.sendInformation(nowUs);
    if (this.owesAnswer) this.answer(0, nowUs);
    return earlierUs(this.outgoingLength > 0 ? this.repeatUs : NEVER_US, this.pollUs);
  }

  /** Starts anew with what SABM offered. Only while `Asked`. */
  accept(nowUs: number): void {
    this.start();
    this.line.write(Unnumbered.Ua | POLL_FINAL, this.offerOf(this.mtu), LINK_OFFER_BYTES, nowUs);
  }

  /** Ends the link; the other end is told. */
  disconnect(nowUs: number): void {
    if (this.linkState === LinkState.Up) this.line.write(Unnumbered.Disc | POLL_FINAL, this.offer, 0, nowUs);
    this.end();
  }

  /** From now on the other end is asked each second whether it is there: three misses end the link. */
  watch(nowUs: number): void {
    if (this.pollUs !== NEVER_US) return;
    this.missed = 0;
    this.pollUs = nowUs;
  }

  unwatch(): void {
    this.pollUs = NEVER_US;
  }

  /** A frame without number has come; `kind` is its control without the poll bit. Another end may want another answer. */
  protected unnumbered(kind: number, nowUs: number): void {
    if (kind === Unnumbered.Sabm) this.asked(nowUs);
    else if (kind === Unnumbered.Disc) {
      this.end();
      this.line.write(Unnumbered.Ua | POLL_FINAL, this.offer, 0, nowUs);
    } else if (kind === Unnumbered.Dm) this.end();
  }

  /** The other end wants to know that this one is there: said to the calling end alone, so that no poll is taken for an answer. */
  protected polled(_nowUs: number): void {}

  /** Says which number is wanted next. */
  protected answer(pollFinal: number, nowUs: number): void {
    this.owesAnswer = false;
    this.line.write(receiveReadyControl(this.receiveVariable) | pollFinal, this.outgoing, 0, nowUs);
  }

  /** Numbers start at 0 and the link is up. */
  protected start(): void {
    this.linkState = LinkState.Up;
    this.forget();
    this.timer.reset();
  }

  protected end(): void {
    this.linkState = LinkState.Down;
    this.forget();
  }

  /** The smaller of what the other end offers, in the frame just read, and of what fits here; 0 when its version is another. */
  protected offeredMtu(): number {
    const information = this.information;
    if (this.line.frame.informationLength < LINK_OFFER_BYTES || information[0] !== LINK_VERSION) return 0;
    const offered = information[1] + 256 * information[2];
    if (offered < SHORTEST_MTU) return 0;
    return offered < INFORMATION_MAX_BYTES ? offered : INFORMATION_MAX_BYTES;
  }

  protected agree(mtu: number): void {
    this.mtu = mtu;
  }

  /** The call's number in the offer just read. */
  protected offeredCall(): number {
    return this.information[LINK_VERSION_BYTES] + 256 * this.information[LINK_VERSION_BYTES + 1];
  }

  /** The information of SABM and UA. */
  protected offerOf(mtu: number): Bytes {
    this.offer[0] = LINK_VERSION;
    this.offer[1] = mtu & 255;
    this.offer[2] = mtu >>> 8;
    this.offer[LINK_VERSION_BYTES] = this.callNumber & 255;
    this.offer[LINK_VERSION_BYTES + 1] = this.callNumber >>> 8;
    return this.offer;
  }

  private forget(): void {
    this.natives.wipe(this.outgoing);
    this.sendVariable = 0;
    this.receiveVariable = 0;
    this.owesAnswer = false;
    this.outgoingLength = 0;
    this.receivedLength = 0;
    this.pollUs = NEVER_US;
  }

  private asked(nowUs: number): void {
    const mtu = this.offeredMtu();
    if (mtu === 0) {
      const offer = this.offerOf(INFORMATION_MAX_BYTES);
      this.line.write(Unnumbered.Dm | POLL_FINAL, offer, LINK_VERSION_BYTES, nowUs);
      return;
    }
    this.mtu = mtu;
    this.callNumber = this.offeredCall();
    this.forget();
    this.linkState = LinkState.Asked;
  }

  private frame(nowUs: number): void {
    const control = this.line.frame.control;
    const kind = controlKind(control);
    if (kind === ControlKind.Unnumbered) {
      this.unnumbered(control & ~POLL_FINAL, nowUs);
      return;
    }
    const isPoll = (control & POLL_FINAL) !== 0;
    if (this.linkState === LinkState.Down && (isPoll || kind === ControlKind.Information)) {
      this.line.write(Unnumbered.Dm | POLL_FINAL, this.offer, 0, nowUs);
      return;
    }
    if (this.linkState !== LinkState.Up || kind === ControlKind.Other) return;
    this.missed = 0;
    this.acknowledged(receiveNumber(control), nowUs);
    if (kind === ControlKind.Information) this.takeInformation(control);
    else if (isPoll) this.polled(nowUs);
  }

  private acknowledged(number: number, nowUs: number): void {
    if (this.tries === 0 || this.outgoingLength === 0) return;
    if (number !== nextNumber(this.sendVariable)) return;
    // Of a frame that was sent twice nobody knows which one is answered (RFC 6298, 3).
    if (this.tries === 1) this.timer.measured(nowUs - this.sentUs);
    this.sendVariable = number;
    this.outgoingLength = 0;
  }

  /** A frame that came before is acknowledged again and not delivered. */
  private takeInformation(control: number): void {
    this.owesAnswer = true;
    if (sendNumber(control) !== this.receiveVariable) return;
    this.receiveVariable = nextNumber(this.receiveVariable);
    this.receivedLength = this.line.frame.informationLength;
  }

  private sendInformation(nowUs: number): void {
    if (this.tries === LONGEST_TRIES) {
      this.end();
      return;
    }
    if (this.tries > 0) this.timer.missed();
    this.tries++;
    this.owesAnswer = false;
    const control = informationControl(this.sendVariable, this.receiveVariable);
    this.line.write(control, this.outgoing, this.outgoingLength, nowUs);
    this.sentUs = this.line.freeUs;
    this.repeatUs = this.sentUs + this.timer.patienceUs(this.line.frameUs(this.mtu));
  }

  private pollWhenDue(nowUs: number): void {
    if (nowUs < this.pollUs) return;
    if (this.missed === POLLS_MISSED) {
      this.end();
      return;
    }
    this.missed++;
    this.pollUs = nowUs + POLL_US;
    this.answer(POLL_FINAL, nowUs);
  }
}
