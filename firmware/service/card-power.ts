/**
 * Powers a card up for the host, and finds out first whether it is one that may be used: the host never meets a card that
 * the terminal has not looked at since it was put in.
 *
 *   Idle --begin--> Starting --first time for this insertion--> Looking --touched--> Starting (a cold reset again)
 *                      +--> Ready | Refused                        +--> Ready | Refused
 */
import { AtrError } from "../protocol/atr.ts";
import { SlotError } from "../protocol/ccid.ts";
import type { VoltageClass } from "../driver/card-slot.ts";
import { CardKind, type CardKindCheck } from "./card-kind.ts";
import { SessionState, type CardSession } from "./card-session.ts";

export const enum PowerState {
  Idle = 0,
  /** Contacts, ATR and T=1 are on their way. */
  Starting = 1,
  /** The terminal reads what kind of card it is. */
  Looking = 2,
  /** The host may use the card. */
  Ready = 3,
  /** `error` tells the host why. */
  Refused = 4,
}

export class CardPower {
  private state = PowerState.Idle;
  /** The insertion whose card was looked at and may be used. */
  private known = 0;

  constructor(
    private readonly session: CardSession,
    private readonly kind: CardKindCheck,
  ) {}

  /** Cold reset of a card that is in the slot. */
  begin(voltageClass: VoltageClass, nowUs: number): void {
    this.session.powerOn(voltageClass, nowUs);
    this.state = PowerState.Starting;
  }

  step(nowUs: number): PowerState {
    // First, for a card that was looked at and is as it was after its reset is ready at once: nothing else will happen to it.
    if (this.state === PowerState.Looking) this.stepLook(nowUs);
    if (this.state === PowerState.Starting) this.stepStart(nowUs);
    return this.state;
  }

  /** What the host is told of a card that cannot be used (CCID rev 1.1, table 6.2-2). */
  error(): SlotError {
    switch (this.session.state()) {
      case SessionState.T0Only:
      case SessionState.Unsupported:
        return SlotError.ProtocolNotSupported;
      case SessionState.Unreadable:
        return this.session.hasSlotFault() ? SlotError.HardwareError : atrFault(this.session.atrError());
      case SessionState.Off:
      case SessionState.Starting:
      case SessionState.Ready:
      case SessionState.Mute:
      case SessionState.Expired:
        return SlotError.IccMute;
    }
  }

  private stepStart(nowUs: number): void {
    const session = this.session.state();
    if (session === SessionState.Starting) return;
    if (session !== SessionState.Ready) {
      this.state = PowerState.Refused;
    } else if (this.session.insertion() === this.known) {
      this.state = PowerState.Ready;
    } else {
      this.state = PowerState.Looking;
      this.kind.begin(nowUs);
    }
  }

  private stepLook(nowUs: number): void {
    const kind = this.kind.step(nowUs);
    if (kind === CardKind.Unknown) return;
    this.state = PowerState.Starting;
    if (kind === CardKind.ExpiredJuki) {
      // Not known: a host that tries again, libccid at two more voltages, finds the same and never gets to use the card.
      this.session.markExpired(nowUs);
      return;
    }
    this.known = this.session.insertion();
    if (kind === CardKind.Touched) this.session.powerOn(this.session.suppliedClass(), nowUs);
  }
}

/** CCID has no number for most faults of an ATR: they are told as a bad one. With a good ATR it is T=1 that is mute. */
function atrFault(error: AtrError): SlotError {
  if (error === AtrError.None) return SlotError.IccMute;
  if (error === AtrError.BadTs) return SlotError.BadAtrTs;
  return error === AtrError.Parity ? SlotError.XfrParityError : SlotError.BadAtrTck;
}
