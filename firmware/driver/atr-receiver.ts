/**
 * Receives an answer to reset (ISO/IEC 7816-3:2006, 6.2 and 8.1) after RST went high.
 *
 *   Waiting for TS --in 42,000 clocks--> Receiving, each in 10,080 etu, all in 20,160 etu --> Whole | Refused
 *        +-- nothing --> Mute
 * The whole ATR is read in direct convention and turned round here: between TS and T0 there are 2 etu (208 µs), and a
 * step that came later would lose T0 to the reconfiguration. Inverse characters, being odd as direct reads them, are the
 * good ones when the hardware reports wrong parity: TS 3F arrives as 03 with that flag.
 */
import type { ByteNatives } from "../../hal/bytes.ts";
import { Convention } from "../../hal/card-uart.ts";
import { Atr, AtrError } from "../protocol/atr.ts";
import { NEVER_US } from "../protocol/time.ts";
import { ARRIVAL_ETU, type CardLine } from "./card-line.ts";

/** First character: 40,000 clocks (6.2.2); a terminal waits for 42,000 (EMV Book 1, 6.1.3.1). */
const START_CLOCKS = 42000;
/** Between leading edges: 9,600 etu (8.1); waited for 10,080 (EMV Book 1, 8.1). */
const CHARACTER_ETU = 10080;
/** From TS to the end (EMV Book 1, 8.1). */
const TOTAL_ETU = 20160;
/** TS 3F seen in direct convention (8.1). */
const INVERSE_TS = 0x03;

export const enum AtrState {
  Idle = 0,
  WaitingForTs = 1,
  Receiving = 2,
  Whole = 3,
  Mute = 4,
  Refused = 5,
}

export class AtrReceiver {
  readonly atr: Atr;
  convention = Convention.Direct;
  error = AtrError.None;
  private state = AtrState.Idle;
  /** Leading edges after this are late. */
  limitUs = NEVER_US;
  private endUs = NEVER_US;

  constructor(
    natives: ByteNatives,
    private readonly line: CardLine,
  ) {
    this.atr = new Atr(natives);
  }

  current(): AtrState {
    return this.state;
  }

  /** RST goes high now. */
  begin(nowUs: number): void {
    this.line.configure(12, Convention.Direct);
    this.atr.reset();
    this.convention = Convention.Direct;
    this.error = AtrError.None;
    this.endUs = NEVER_US;
    this.limitUs = nowUs + this.line.usOfClocks(START_CLOCKS);
    this.state = AtrState.WaitingForTs;
  }

  /** Forgets a reception under way. */
  stop(): void {
    this.state = AtrState.Idle;
  }

  step(nowUs: number): number {
    while (this.isReceiving() && this.line.take()) this.accept();
    if (!this.isReceiving()) return NEVER_US;
    const deadlineUs = this.limitUs + this.line.usOfEtu(ARRIVAL_ETU);
    if (nowUs < deadlineUs) return deadlineUs;
    this.late();
    return NEVER_US;
  }

  private isReceiving(): boolean {
    return this.state === AtrState.WaitingForTs || this.state === AtrState.Receiving;
  }

  private accept(): void {
    const edgeUs = this.line.lastEdgeUs;
    if (edgeUs > this.limitUs) {
      this.late();
      return;
    }
    if (this.state === AtrState.WaitingForTs) this.start(edgeUs);
    const isInverse = this.convention === Convention.Inverse;
    if (this.line.hasError !== isInverse) {
      this.refuse(AtrError.Parity);
      return;
    }
    const error = this.atr.accept(isInverse ? turnedRound(this.line.value) : this.line.value);
    if (error !== AtrError.None) this.refuse(error);
    else if (this.atr.isWhole()) this.state = AtrState.Whole;
    this.limitUs = edgeUs + this.line.usOfEtu(CHARACTER_ETU);
    if (this.limitUs > this.endUs) this.limitUs = this.endUs;
  }

  private start(edgeUs: number): void {
    this.state = AtrState.Receiving;
    this.endUs = edgeUs + this.line.usOfEtu(TOTAL_ETU);
    if (this.line.value === INVERSE_TS && this.line.hasError) this.convention = Convention.Inverse;
  }

  private late(): void {
    if (this.state === AtrState.WaitingForTs) this.state = AtrState.Mute;
    else this.refuse(this.limitUs === this.endUs ? AtrError.TotalTime : AtrError.Slow);
  }

  private refuse(error: AtrError): void {
    this.error = error;
    this.state = AtrState.Refused;
  }
}

/** The inverse-convention value of a byte read in direct convention: bits reversed and inverted. */
export function turnedRound(value: number): number {
  let turned = 0;
  for (let bit = 0; bit < 8; bit++) {
    if (((value >>> bit) & 1) === 0) turned |= 0x80 >>> bit;
  }
  return turned;
}
