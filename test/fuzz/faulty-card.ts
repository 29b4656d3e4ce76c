/** A T=1 card behind contacts that do mischief: what the card drives is spoiled, replaced or swallowed on its way to the wire. */
import { encodeMoments } from "../../host-sim/chip/wire-character.ts";
import type { CardLine, SimCard, WireCharacter } from "../../host-sim/card/sim-card.ts";
import { SeededRandom } from "../../host-sim/world/random.ts";
import type { Timer } from "../../host-sim/world/scheduler.ts";
import { CALM, chainBlock, hostileAnswer, hostileAtr, type Mischief } from "./mischief.ts";

const CLOCKS_PER_ETU = 372;
/** Own characters, leading edge to leading edge. */
const SPACING_ETU = 12;
/** The terminal's block is over when it was silent for so long; then an own block follows. */
const BLOCK_END_ETU = 26;
const ATR_DELAY_CLOCKS = 2000;
/** One babble is at most so long: the terminal may wait for silence, but not for ever. */
const BABBLE_CHARACTERS = 400;
/** Silence between two characters of a babble, at most. */
const BABBLE_ETU = 30;
/** The same of a drip; the longest CWT (11.4.3) is 32,779 etu. */
const DRIP_ETU = 5000;

export class FaultyCard implements SimCard {
  readonly name: string;
  /** Characters that the card has put on the wire, spoiled ones too. */
  characters = 0;
  private mischief = CALM;
  private random = new SeededRandom(0);
  private line: CardLine | undefined;
  private own: Timer | undefined;
  /** Its own answer to reset runs: the card's is swallowed until the terminal speaks. */
  private muffled = false;
  private hits = 0;

  constructor(private readonly card: SimCard) {
    this.name = card.name;
  }

  begin(mischief: Mischief): void {
    this.own?.cancel();
    this.mischief = mischief;
    this.hits = 0;
    this.random = new SeededRandom(mischief.seed);
    if (mischief.kind === "babble") this.babble(1 + this.random.below(BABBLE_CHARACTERS), BABBLE_ETU);
    if (mischief.kind === "drip") this.babble(Infinity, 1 + this.random.below(DRIP_ETU));
  }

  powerUp(line: CardLine, volts: number): void {
    this.line = line;
    this.card.powerUp(
      {
        scheduler: line.scheduler,
        etuNs: (etu, clocksPerEtu) => line.etuNs(etu, clocksPerEtu),
        drive: (moments, clocksPerEtu) => this.drive(moments, clocksPerEtu),
        demand: () => {},
      },
      volts,
    );
  }

  resetReleased(): void {
    this.card.resetReleased();
    if (this.mischief.kind !== "atr") return;
    this.muffled = true;
    const inverse = this.random.below(8) === 0;
    this.sendOwn(hostileAtr(this.random), inverse, ATR_DELAY_CLOCKS / CLOCKS_PER_ETU);
  }

  resetAsserted(): void {
    this.own?.cancel();
    this.muffled = false;
    this.card.resetAsserted();
  }

  characterReceived(character: WireCharacter): void {
    this.muffled = false;
    this.card.characterReceived(character);
    if (!this.makesBlocks()) return;
    this.own?.cancel();
    this.own = this.later(BLOCK_END_ETU, () => this.sendOwn(this.ownBlock(), false, 0));
  }

  powerDown(): void {
    this.own?.cancel();
    this.line = undefined;
    this.card.powerDown();
  }

  private makesBlocks(): boolean {
    return this.mischief.kind === "block" || this.mischief.kind === "chain";
  }

  private ownBlock(): number[] {
    this.hit();
    return this.mischief.kind === "chain" ? chainBlock(this.hits) : hostileAnswer(this.random);
  }

  private hit(): void {
    this.hits++;
    if (this.hits >= this.mischief.hits) this.mischief = CALM;
  }

  private drive(moments: number, clocksPerEtu: number): void {
    const { kind, perMille } = this.mischief;
    if (kind === "mute" || this.makesBlocks() || this.muffled) return;
    const isHit = kind !== "calm" && this.random.below(1000) < perMille;
    if (isHit) this.hit();
    if (isHit && kind === "drop") return;
    this.put(isHit && kind === "flip" ? moments ^ this.someMoments() : moments, clocksPerEtu);
    if (isHit && kind === "double") {
      this.own = this.later(12 + this.random.below(4), () => this.put(moments, clocksPerEtu));
    }
  }

  private someMoments(): number {
    const one = 1 << this.random.below(9);
    return this.random.below(3) === 0 ? one | (1 << this.random.below(9)) : one;
  }

  private babble(left: number, silenceEtu: number): void {
    if (left === 0) return;
    this.own = this.later(SPACING_ETU + this.random.below(silenceEtu), () => {
      this.put(this.random.below(512), CLOCKS_PER_ETU);
      this.babble(left - 1, silenceEtu);
    });
  }

  private sendOwn(bytes: readonly number[], inverse: boolean, delayEtu: number): void {
    const [first, ...rest] = bytes;
    if (first === undefined) return;
    this.own = this.later(delayEtu, () => {
      this.put(encodeMoments(first, inverse), CLOCKS_PER_ETU);
      this.sendOwn(rest, inverse, SPACING_ETU);
    });
  }

  private put(moments: number, clocksPerEtu: number): void {
    if (this.line === undefined) return;
    this.characters++;
    this.line.drive(moments, clocksPerEtu);
  }

  private later(etu: number, action: () => void): Timer | undefined {
    const line = this.line;
    return line?.scheduler.after(line.etuNs(etu, CLOCKS_PER_ETU), action);
  }
}
