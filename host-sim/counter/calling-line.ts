/**
 * The PC's end of the reliable counter line: the one that calls, by SABM, and that answers polls (docs/protocol.md).
 *
 *   Down --call()--> Calling --UA--> Up
 *     ^                 |            |
 *     +-- no answer, DM +-- DM, DISC, no acknowledgement
 */
import { LinkState, ReliableLine } from "../../firmware/driver/reliable-line.ts";
import {
  LINK_OFFER_BYTES,
  LINK_VERSION_BYTES,
  POLL_FINAL,
  Unnumbered,
} from "../../firmware/protocol/link-control.ts";

/** Between two SABM; the terminal may be in the middle of something that it must finish first. */
const CALL_US = 500_000;

export type CallState = "idle" | "calling" | "up" | "refused";

/** How a link that was up has ended: by the terminal's DISC, by its DM (it has started again), or because it acknowledged nothing. */
export type LinkEnding = "disconnected" | "forgotten" | "silent";

export class CallingLine extends ReliableLine {
  /** `refused`: the terminal speaks another version of this protocol. */
  callState: CallState = "idle";
  /** Means something once the link was up and is not any more. */
  ending: LinkEnding = "silent";
  private wantedMtu = 0;
  private callUs = 0;

  /**
   * Ends the link that there was and asks for a new one, until `hangUp`. `mtu` is 64…512; `number` (u16) is another than that of the call
   * before, also where another program made it: the answer to that one may still be on its way.
   */
  call(mtu: number, number: number, nowUs: number): void {
    this.end();
    this.callNumber = number;
    // What still comes of an old link is not answered: a DM behind the SABM would end the new one.
    this.linkState = LinkState.Asked;
    this.callState = "calling";
    this.ending = "silent";
    this.wantedMtu = mtu;
    this.callUs = nowUs;
  }

  hangUp(nowUs: number): void {
    this.disconnect(nowUs);
    this.callState = "idle";
  }

  override step(nowUs: number): number {
    if (this.callState !== "calling") return super.step(nowUs);
    if (nowUs >= this.callUs) {
      this.line.write(Unnumbered.Sabm | POLL_FINAL, this.offerOf(this.wantedMtu), LINK_OFFER_BYTES, nowUs);
      this.callUs = nowUs + CALL_US;
    }
    return this.callUs;
  }

  protected override polled(nowUs: number): void {
    this.answer(POLL_FINAL, nowUs);
  }

  protected override unnumbered(kind: number, nowUs: number): void {
    if (kind === Unnumbered.Ua && this.callState === "calling") this.answered();
    else if (kind === Unnumbered.Dm) this.refused();
    else if (kind === Unnumbered.Disc) {
      this.lose("disconnected");
      this.line.write(Unnumbered.Ua | POLL_FINAL, this.offerOf(0), 0, nowUs);
    }
  }

  private answered(): void {
    const mtu = this.offeredMtu();
    if (mtu === 0 || this.offeredCall() !== this.callNumber) return;
    this.agree(mtu);
    this.start();
    this.callState = "up";
  }

  /** A DM with an offer answers our SABM: no such version. One without answers a frame of a link that the terminal has forgotten. */
  private refused(): void {
    if (this.callState === "calling") {
      if (this.line.frame.informationLength >= LINK_VERSION_BYTES) this.callState = "refused";
      return;
    }
    this.lose("forgotten");
  }

  /** While calling the old link's end changes nothing. */
  private lose(ending: LinkEnding): void {
    if (this.callState === "calling") return;
    if (this.callState === "up") {
      this.callState = "idle";
      this.ending = ending;
    }
    this.end();
  }
}
