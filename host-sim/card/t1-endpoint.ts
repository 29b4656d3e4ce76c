/**
 * A contact card that speaks T=1, character by character (ISO/IEC 7816-3:2006, clauses 8 and 11).
 *
 *   Off --powerUp--> Reset --RST high--> AtrDelay --> SendingAtr --> Listening --block--> Running --answer--> Sending --> Listening
 *
 * It answers the block guard time plus the processing time after the terminal's last leading edge, characters as close as its
 * ATR allows: with no processing time it is the fastest legal card. An application that answers from outside waits on the
 * wall clock, with S(WTX) as a real card sends it.
 */
import { decodeMoments, sampleMoments } from "../chip/wire-character.ts";
import type { Timer } from "../world/scheduler.ts";
import { BlockReader } from "./block-reader.ts";
import { BlockWriter } from "./block-writer.ts";
import { readAtrTerms, type AtrTerms } from "./card-atr.ts";
import type { CardApplication } from "./card-application.ts";
import { CharacterSender } from "./character-sender.ts";
import type { CardLine, SimCard, WireCharacter } from "./sim-card.ts";
import { isListed, type T1Faults } from "./t1-faults.ts";
import { T1Link, type Reaction, type T1CardBlock } from "./t1-link.ts";

export interface T1Options {
  /** Sent as it is, TS first, as bytes by the convention of TS. */
  readonly atr: Uint8Array;
  /** From RST high to the first leading edge, in clocks; legal are 400…40,000. 2000 when left out. */
  readonly atrDelayClocks?: number;
  /** Spacing of the ATR's leading edges in etu, at least 12. */
  readonly atrSpacingEtu?: number;
  /** Supply voltages at which the card answers; all when left out. */
  readonly volts?: readonly number[];
  readonly faults?: T1Faults;
}

const ATR_CLOCKS_PER_ETU = 372;
const BLOCK_GUARD_ETU = 22;
/** Part of the block waiting time after which a card that works on asks for more. */
const WAITING_PART = 0.75;

export class T1Endpoint implements SimCard {
  private readonly terms: AtrTerms;
  private readonly faults: T1Faults;
  private readonly link: T1Link;
  private readonly reader: BlockReader;
  private readonly writer: BlockWriter;
  private readonly sender: CharacterSender;
  private line: CardLine | undefined;
  private warm = false;
  private listening = false;
  private running = false;
  private readyNs = 0;
  private response: Uint8Array | undefined;
  private awaitsGrant = false;
  private waitsToAsk = 0;
  private multiplier = 1;
  /** Grows with everything that makes a late answer void. */
  private generation = 0;
  private lastEdgeNs = 0;
  private silence: Timer | undefined;
  private turn: Timer | undefined;

  constructor(
    readonly name: string,
    readonly application: CardApplication,
    private readonly options: T1Options,
  ) {
    this.terms = readAtrTerms(options.atr);
    this.faults = options.faults ?? {};
    this.link = new T1Link(this.terms.ifsc, this.faults);
    this.reader = new BlockReader(this.terms.crc);
    this.writer = new BlockWriter(this.terms.crc, this.faults);
    this.sender = new CharacterSender(this.terms.inverse, this.faults);
  }

  /** The bytes of its answer to reset. */
  get atr(): Uint8Array {
    return this.options.atr;
  }

  powerUp(line: CardLine, volts: number): void {
    this.stop();
    this.warm = false;
    this.line = this.options.volts?.includes(volts) === false ? undefined : line;
  }

  resetReleased(): void {
    const line = this.line;
    if (line === undefined) return;
    this.application.reset(this.warm);
    this.warm = true;
    const delayNs = line.etuNs(1, this.options.atrDelayClocks ?? 2000);
    this.turn = line.scheduler.after(delayNs, () => this.sendAtr(line));
  }

  resetAsserted(): void {
    this.stop();
  }

  powerDown(): void {
    this.stop();
    this.line = undefined;
    this.application.powerDown();
  }

  characterReceived(character: WireCharacter): void {
    const line = this.line;
    if (line === undefined || !this.listening || this.terms.protocol !== 1) return;
    this.lastEdgeNs = character.startNs;
    const moments = sampleMoments(character, this.terms.clocksPerEtu);
    const { value, parityOk } = decodeMoments(moments, this.terms.inverse);
    if (this.reader.take(value, parityOk && !character.damaged)) this.blockReceived(line);
    else this.watchSilence(line);
  }

  private sendAtr(line: CardLine): void {
    const pacing = { clocksPerEtu: ATR_CLOCKS_PER_ETU, spacingEtu: this.options.atrSpacingEtu ?? 12 };
    this.sender.sendAtr(line, this.options.atr, pacing, () => {
      line.demand(this.terms.terminalGuardEtu, this.terms.protocol === 1);
      this.link.reset();
      this.listenAfter(line, ATR_CLOCKS_PER_ETU);
    });
  }

  private listenAfter(line: CardLine, clocksPerEtu: number): void {
    this.turn = line.scheduler.after(line.etuNs(10, clocksPerEtu), () => {
      this.turn = undefined;
      this.reader.clear();
      this.listening = true;
    });
  }

  /** A block that stops in the middle is over after the character waiting time (11.4.3). */
  private watchSilence(line: CardLine): void {
    if (this.silence !== undefined) return;
    const endNs = this.lastEdgeNs + this.etu(line, 11 + 2 ** this.terms.cwi);
    this.silence = line.scheduler.at(endNs, () => this.silenceChecked(line));
  }

  private silenceChecked(line: CardLine): void {
    this.silence = undefined;
    if (this.reader.isEmpty()) return;
    const passed = line.scheduler.nowNs - this.lastEdgeNs;
    if (passed < this.etu(line, 11 + 2 ** this.terms.cwi)) return this.watchSilence(line);
    this.blockReceived(line);
  }

  private blockReceived(line: CardLine): void {
    this.silence?.cancel();
    this.silence = undefined;
    const block = this.reader.finish();
    if (this.running && !this.awaitsGrant && !isResynch(block)) return;
    if (isResynch(block)) this.forgetRun();
    this.react(line, typeof block === "number" ? this.link.unusable(block) : this.link.received(block));
  }

  private react(line: CardLine, reaction: Reaction): void {
    switch (reaction.kind) {
      case "send":
        this.listening = false;
        this.sendAt(line, this.turnNs(line), reaction.block);
        break;
      case "run":
        this.run(line, reaction.command);
        break;
      case "waited":
        this.awaitsGrant = false;
        this.goOn(line);
        break;
    }
  }

  private run(line: CardLine, command: Uint8Array): void {
    this.forgetRun();
    this.running = true;
    const generation = this.generation;
    const costNs = this.application.processingNs?.(command) ?? 0;
    this.planWaiting(line, command, costNs);
    this.readyNs = line.scheduler.nowNs + costNs;
    const answer = this.application.process(command, (late) => {
      if (generation === this.generation) this.answeredLate(line, late);
    });
    this.response = answer;
    this.goOn(line);
  }

  private planWaiting(line: CardLine, command: Uint8Array, costNs: number): void {
    const wtx = this.faults.wtx;
    const asks = wtx !== undefined && (wtx.instructions?.includes(command[1] ?? -1) ?? true);
    const waitingNs = this.waitingNs(line);
    this.waitsToAsk = asks ? wtx.times : costNs > waitingNs * WAITING_PART ? 1 : 0;
    this.multiplier = asks ? wtx.multiplier : Math.min(255, Math.ceil(costNs / waitingNs) + 1);
  }

  private answeredLate(line: CardLine, response: Uint8Array): void {
    this.response = response;
    if (this.awaitsGrant || this.sender.isSending()) return;
    this.turn?.cancel();
    this.goOn(line);
  }

  /** The next thing a running command does: ask for time, answer, or wait for the outside. */
  private goOn(line: CardLine): void {
    if (this.waitsToAsk > 0) {
      this.waitsToAsk--;
      return this.askForTime(line);
    }
    if (this.response === undefined) return this.waitForOutside(line);
    const startNs = Math.max(this.readyNs, this.turnNs(line), this.lateNs(line, this.writer.nextOrdinal()));
    this.turn = line.scheduler.at(startNs, () => this.answer(line));
  }

  /** Until the outside answers nothing is queued but a patient event, so that a live run follows the wall clock. */
  private waitForOutside(line: CardLine): void {
    const askNs = this.lastEdgeNs + Math.round(this.waitingNs(line) * WAITING_PART);
    this.multiplier = 1;
    this.turn = line.scheduler.patientlyAt(askNs, () => this.askForTime(line));
  }

  private askForTime(line: CardLine): void {
    this.awaitsGrant = true;
    this.react(line, this.link.requestWaiting(this.multiplier));
  }

  private answer(line: CardLine): void {
    const response = this.response ?? new Uint8Array(0);
    this.forgetRun();
    const reaction = this.link.answerWith(response);
    if (reaction.kind === "send") this.sendAt(line, line.scheduler.nowNs, reaction.block);
  }

  private sendAt(line: CardLine, timeNs: number, block: T1CardBlock): void {
    const ordinal = this.writer.nextOrdinal();
    const aborts = isListed(this.faults.abort, ordinal) && block.pcb < 0xc0;
    const reaction = aborts ? this.link.requestAbort(block) : undefined;
    const sent = reaction?.kind === "send" ? reaction.block : block;
    const startNs = Math.max(timeNs, this.lateNs(line, ordinal));
    this.turn = line.scheduler.at(startNs, () => this.sendBlock(line, this.writer.write(sent)));
  }

  private sendBlock(line: CardLine, bytes: Uint8Array): void {
    this.listening = false;
    const pacing = { clocksPerEtu: this.terms.clocksPerEtu, spacingEtu: this.terms.cardGuardEtu };
    this.sender.send(line, bytes, pacing, () => this.listenAfter(line, this.terms.clocksPerEtu));
  }

  /** The earliest own leading edge after the terminal's last one. */
  private turnNs(line: CardLine): number {
    return Math.max(line.scheduler.nowNs, this.lastEdgeNs + this.etu(line, BLOCK_GUARD_ETU));
  }

  /** When the faults let this block begin. */
  private lateNs(line: CardLine, ordinal: number): number {
    const late = this.faults.late;
    if (late === undefined || late.block !== ordinal) return 0;
    return this.lastEdgeNs + this.waitingNs(line) + this.etu(line, late.etu);
  }

  /** Block waiting time (11.4.3): 11 etu and 2^BWI · 960 · 372 clocks. */
  private waitingNs(line: CardLine): number {
    return this.etu(line, 11) + line.etuNs(2 ** this.terms.bwi * 960, 372);
  }

  private etu(line: CardLine, etu: number): number {
    return line.etuNs(etu, this.terms.clocksPerEtu);
  }

  private forgetRun(): void {
    this.generation++;
    this.turn?.cancel();
    this.turn = undefined;
    this.running = false;
    this.awaitsGrant = false;
    this.response = undefined;
    this.waitsToAsk = 0;
  }

  private stop(): void {
    this.forgetRun();
    this.silence?.cancel();
    this.silence = undefined;
    this.sender.restart();
    this.reader.clear();
    this.listening = false;
    this.writer.restart();
  }
}

function isResynch(block: T1CardBlock | number): boolean {
  return typeof block !== "number" && block.pcb === 0xc0;
}
