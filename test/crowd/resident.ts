/**
 * Whoever stands at one terminal of the crowd: puts a card in when one is asked for, types right or wrong, thinks better of it, pulls the
 * card, or walks away. By a seed, and by what the display shows.
 */
import { JUKI_AID } from "../../host-sim/card/apps/my-number-card.ts";
import type { PinObject } from "../../host-sim/card/apps/pin-object.ts";
import { resident } from "../../host-sim/card/deck.ts";
import type { T1Endpoint } from "../../host-sim/card/t1-endpoint.ts";
import { SeededRandom } from "../../host-sim/world/random.ts";
import type { Station } from "./station.ts";

const JUKI_FILE = 0x001c;
const CARDS = 12;
const STREAM = 0x7265736964;
const KEY_S = 0.15;

/** What somebody is about to do, and how many of a hundred do. */
const MANNERS = {
  right: 52,
  wrong: 14,
  corrected: 6,
  "gives up": 8,
  "pulls the card while typing": 6,
  "pulls the card behind 確認": 6,
  "walks away": 4,
  "never comes": 1,
  "comes with another language": 3,
} as const;
export type Manner = keyof typeof MANNERS;

export interface Visitor {
  readonly serial: string;
  readonly pin: string;
  readonly card: T1Endpoint;
  readonly juki: PinObject;
}

function visitor(at: number): Visitor {
  const serial = String(200_000_000_000_000 + at * 1009);
  const pin = String(2000 + at * 613);
  const card = resident(`visitor ${at}`, { serial, jukiPin: pin });
  const juki = card.application.pins.find(
    ({ application, file }) => application === JUKI_AID && file === JUKI_FILE,
  );
  if (juki === undefined) throw new Error("the card has no such PIN");
  return { serial, pin, card, juki };
}

export class Resident {
  /** Everybody who comes to this terminal, each with a card of their own. */
  readonly visitors: readonly Visitor[] = Array.from({ length: CARDS }, (_, at) => visitor(at));
  readonly manners = new Map<Manner, number>();
  /** How often the large mask or the long times were chosen. */
  choices = 0;
  private readonly random: SeededRandom;
  private visitor = this.visitors[0]!;
  private manner: Manner = "right";

  constructor(private readonly station: Station) {
    this.random = new SeededRandom(station.seed ^ STREAM);
    station.onPage = (page) => this.sees(page);
  }

  /** Comparisons that all the cards have made. */
  verifies(): number {
    return this.visitors.reduce((sum, { juki }) => sum + juki.verifyCount, 0);
  }

  private sees(page: string): void {
    if (page === "insert") this.isCalled();
    else if (page === "pin") this.later(0.4, 2, () => this.types());
    else if (page === "last") this.later(0.5, 2, () => this.keys(this.random.next() < 0.6 ? "E" : "X"));
    else if (page === "take" || page === "idle") this.later(0.2, 1.5, () => this.takesCard());
  }

  private isCalled(): void {
    this.visitor = this.visitors[this.random.below(CARDS)]!;
    this.manner = this.anyManner();
    this.manners.set(this.manner, (this.manners.get(this.manner) ?? 0) + 1);
    if (this.manner === "never comes") return;
    const { simulator } = this.station;
    this.later(0.4, 3, () => {
      if (simulator.page() === "insert" && simulator.world.slot.inserted() === undefined)
        simulator.insert(this.visitor.card);
    });
  }

  private types(): void {
    if (this.station.simulator.page() !== "pin") return;
    const { pin } = this.visitor;
    const chosen = this.chosen();
    switch (this.manner) {
      case "right":
      case "never comes":
        return this.keys(`${chosen}${pin}E`);
      case "comes with another language":
        return this.keys(`L${chosen}${pin}E`);
      case "wrong":
        return this.keys(`${chosen}0000E`);
      case "corrected":
        return this.keys(`${chosen}99CC${pin}E`);
      case "gives up":
        return this.keys(`${chosen}${pin.slice(0, this.random.below(5))}X`);
      case "walks away":
        return this.keys(`${pin.slice(0, this.random.below(4))}`);
      case "pulls the card while typing":
        this.keys(pin);
        return this.later(0, 4 * KEY_S, () => this.takesCard());
      case "pulls the card behind 確認":
        this.keys(`${pin}E`);
        return this.later(4 * KEY_S, 4 * KEY_S + 0.25, () => this.takesCard());
    }
  }

  private chosen(): string {
    const keys = (this.random.next() < 0.1 ? "<" : "") + (this.random.next() < 0.05 ? ">" : "");
    this.choices += keys.length;
    return keys;
  }

  private keys(keys: string): void {
    if (keys !== "") this.station.simulator.keys(keys, KEY_S * 1000);
  }

  private takesCard(): void {
    const { simulator } = this.station;
    if (simulator.world.slot.inserted() !== undefined) simulator.remove();
  }

  private later(fromS: number, toS: number, action: () => void): void {
    const delayS = fromS + this.random.next() * (toS - fromS);
    this.station.clock.after(Math.round(delayS * 1e6), action);
  }

  private anyManner(): Manner {
    let left = this.random.below(100);
    for (const [manner, share] of Object.entries(MANNERS)) {
      left -= share;
      if (left < 0) return manner as Manner;
    }
    return "right";
  }
}
