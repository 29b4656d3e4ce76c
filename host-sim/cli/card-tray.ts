/**
 * Which card is in the slot, by the names that `--card` and `insert` take: a name of the deck, or `vpcd:PORT`.
 * A card of the deck is the same object each time, so that it keeps its retry counters when it is taken out and put back.
 */
import { describeDeck, isInDeck, makeCard } from "../card/deck.ts";
import type { SimCard } from "../card/sim-card.ts";
import { VpcdPort } from "../card/vpcd.ts";

/** The contacts, as the tray needs them. */
export interface Slot {
  insert(card: SimCard): void;
  remove(): void;
  inserted(): SimCard | undefined;
}

/** What somebody does with a card of the deck; one of vpcd comes and goes when its program does. */
export type CardAction =
  { readonly do: "insert"; readonly card: string; readonly fresh: boolean } | { readonly do: "remove" };

export interface Inserted {
  readonly card: string;
  /** Listening; the card is in once a program connects. */
  readonly waiting?: true;
}

const VPCD = /^vpcd:(\d{1,5})$/;
const LAST_PORT = 65535;

export class CardTray {
  private readonly used = new Map<string, SimCard>();
  private vpcd: { readonly name: string; readonly port: VpcdPort } | undefined;

  /** `enter` runs what comes from outside at the world's present time; `told` is called then, before it has any effect. */
  constructor(
    private readonly slot: Slot,
    private readonly enter: (action: () => void) => void,
    private readonly told: (action: CardAction) => void = () => undefined,
  ) {}

  /** The name of the card in the slot. */
  inserted(): string | undefined {
    return this.slot.inserted() === undefined ? undefined : (this.vpcdIn() ?? this.slot.inserted()?.name);
  }

  /** The vpcd port that waits for its card. */
  waiting(): string | undefined {
    return this.slot.inserted() === undefined ? this.vpcd?.name : undefined;
  }

  /** Puts a card in; `fresh` makes a new one. Rejects, with nothing changed, when that cannot be. */
  async insert(name: string, fresh: boolean): Promise<Inserted> {
    const there = this.inserted();
    if (there !== undefined) throw new Error(`remove ${there} first: it is in the slot`);
    const port = VPCD.exec(name)?.[1];
    if (port !== undefined) return this.listen(Number(port));
    if (!isInDeck(name)) throw new Error(unknownCard(name));
    const card = (fresh ? undefined : this.used.get(name)) ?? makeCard(name);
    this.used.set(name, card);
    this.enter(() => {
      this.told({ do: "insert", card: name, fresh });
      this.slot.insert(card);
    });
    return { card: name };
  }

  /** Takes the card out, or stops waiting for one. Returns its name. Throws when there is neither. */
  remove(): string {
    const name = this.inserted() ?? this.waiting();
    if (name === undefined) throw new Error("no card is in the slot");
    if (this.slot.inserted() !== undefined) this.enter(() => this.pull());
    if (name === this.vpcd?.name) this.close();
    return name;
  }

  /** Ends the vpcd port. */
  close(): void {
    void this.vpcd?.port.close();
    this.vpcd = undefined;
  }

  private pull(): void {
    this.told({ do: "remove" });
    this.slot.remove();
  }

  private vpcdIn(): string | undefined {
    return this.slot.inserted()?.name.startsWith("vpcd:") === true ? this.vpcd?.name : undefined;
  }

  private async listen(number: number): Promise<Inserted> {
    if (number > LAST_PORT) throw new Error(`vpcd:${number}: a port is 0-${LAST_PORT}`);
    if (this.vpcd !== undefined)
      throw new Error(`${this.vpcd.name} is waiting for its card: remove it first`);
    const port = this.vpcdPort(number);
    // Taken before the wait: another connection's insert must not come in between.
    this.vpcd = { name: `vpcd:${number}`, port };
    try {
      this.vpcd = { name: `vpcd:${await port.listen()}`, port };
    } catch (error) {
      this.vpcd = undefined;
      throw new Error(`vpcd:${number}: ${error instanceof Error ? error.message : String(error)}`);
    }
    return { card: this.vpcd.name, waiting: true };
  }

  private vpcdPort(number: number): VpcdPort {
    return new VpcdPort({
      port: number,
      insert: (card) => this.slot.insert(card),
      remove: (card) => {
        if (this.slot.inserted() === card) this.slot.remove();
      },
      enter: this.enter,
    });
  }
}

function unknownCard(name: string): string {
  const names = describeDeck().map((card) => card.name);
  return `no card ${JSON.stringify(name)}: the deck has ${names.join(", ")}; or vpcd:PORT`;
}
