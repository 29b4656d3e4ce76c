/** The card's contact, character by character: the ATR (ISO/IEC 7816-3:2006, 8.2), PPS (9), then T=1 blocks. */
import { Atr, AtrError } from "../../firmware/protocol/atr.ts";
import { edcBytes, T1_LEN } from "../../firmware/protocol/t1-block.ts";
import { decodeMoments } from "../chip/wire-character.ts";
import { NODE_NATIVES } from "../engine/node-natives.ts";
import { maskedHex, type Stretch } from "./masked-hex.ts";
import { T1Follower } from "./wire-decode-t1.ts";
import type { WireEnd, WireListener } from "./wire-entry.ts";

const ALL: Stretch = { from: 0, to: Infinity };
const PPSS = 0xff;
const PROLOGUE_BYTES = 3;

export class CardWireDecoder {
  private readonly atr = new Atr(NODE_NATIVES);
  private readonly t1: T1Follower;
  private isAtrOver = false;
  private isInverse = false;
  private from: WireEnd = "card";
  private bytes: number[] = [];
  private beganNs = 0;

  constructor(private readonly listener: WireListener) {
    this.t1 = new T1Follower({ asks: "terminal", answers: "card" }, listener);
  }

  /** The card's supply or reset has changed: `shown` as the recorder has it. */
  supply(timeNs: number, shown: string): void {
    this.flush();
    this.listener({ timeNs, layer: "contacts", from: "terminal", text: shown, hex: "" });
    this.atr.reset();
    this.isAtrOver = false;
    this.isInverse = false;
    this.t1.reset();
  }

  /** The eight data moments of a character, as they are on the wire. */
  character(timeNs: number, from: "terminal" | "card", moments: number): void {
    if (from !== this.from) this.flush();
    if (this.bytes.length === 0) this.begin(timeNs, from, moments);
    this.bytes.push(decodeMoments(moments, this.isInverse).value);
    if (!this.isAtrOver && from === "card") this.takeAtr();
    else if (this.isBlockWhole()) this.flush();
  }

  /** What there is of a block is all that will come of it. */
  flush(): void {
    if (this.bytes.length === 0) return;
    const bytes = Uint8Array.from(this.bytes);
    this.bytes = [];
    const { from, beganNs } = this;
    if (!this.isAtrOver) return this.tellAtr(bytes, "ATR broken off", true);
    if (bytes[0] !== PPSS) return this.t1.block(beganNs, from, bytes, this.atr.usesCrc);
    // A PPS has at most 6 characters, and nobody types while there is one.
    const hex = bytes.length <= 6 ? maskedHex(bytes) : maskedHex(bytes, ALL);
    this.listener({ timeNs: beganNs, layer: "atr", from, text: "PPS", hex });
  }

  private begin(timeNs: number, from: WireEnd, moments: number): void {
    this.from = from;
    this.beganNs = timeNs;
    // What the terminal says before it has heard an ATR is nothing to follow.
    if (from === "terminal") this.isAtrOver = true;
    else if (!this.isAtrOver) this.isInverse = decodeMoments(moments, true).value === 0x3f;
  }

  private takeAtr(): void {
    const value = this.bytes[this.bytes.length - 1]!;
    const error = this.atr.accept(value);
    if (error === AtrError.None && !this.atr.isWhole()) return;
    const bytes = Uint8Array.from(this.bytes);
    this.bytes = [];
    this.isAtrOver = true;
    const convention = this.isInverse ? ", inverse convention" : "";
    if (error === AtrError.None) this.tellAtr(bytes, `ATR ${bytes.length} characters${convention}`, false);
    else this.tellAtr(bytes, `ATR refused, error ${error}`, true);
  }

  private tellAtr(bytes: Uint8Array, text: string, bad: boolean): void {
    const entry = { timeNs: this.beganNs, layer: "atr", from: "card", text, hex: maskedHex(bytes) } as const;
    this.listener(bad ? { ...entry, bad } : entry);
  }

  private isBlockWhole(): boolean {
    if (this.bytes[0] === PPSS) return this.isPpsWhole();
    const length = this.bytes[T1_LEN];
    return length !== undefined && this.bytes.length >= PROLOGUE_BYTES + length + edcBytes(this.atr.usesCrc);
  }

  /** PPSS, PPS0, as many as PPS0 says, PCK (9.2). */
  private isPpsWhole(): boolean {
    const pps0 = this.bytes[1];
    if (pps0 === undefined) return false;
    const optional = ((pps0 >> 4) & 1) + ((pps0 >> 5) & 1) + ((pps0 >> 6) & 1);
    return this.bytes.length >= 3 + optional;
  }
}
