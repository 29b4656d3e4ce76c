/** A resident changes a PIN at the counter, in virtual time: the sealed line, the keypad, and a card that counts its PIN commands. */
import { equal, is, ok } from "uvu/assert";
import { MY_NUMBER_ATR, myNumberCard } from "../../../host-sim/card/apps/my-number-card.ts";
import type { JicsapCard } from "../../../host-sim/card/apps/jicsap-card.ts";
import type { PinObject } from "../../../host-sim/card/apps/pin-object.ts";
import type { CardApplication } from "../../../host-sim/card/card-application.ts";
import { card as t1Card } from "../../../host-sim/card/deck.ts";
import type { SimCard } from "../../../host-sim/card/sim-card.ts";
import { CheckHost, type ChangeAsked, type Result } from "./check-host.ts";
import { sealedTerminal } from "./sealed-simulator.ts";

export const OLD = "5678";
export const NEW = "7391";
const VERIFY = 0x20;
const CHANGE_KEY = 0x32;

/** What happens at the card's n-th PIN command, from 1 on: `before` it is carried out, a status word in its place, `then` after it. */
export interface Trouble {
  readonly at: number;
  readonly before?: () => void;
  readonly statusWord?: number;
  readonly then?: () => void;
}

/** A 個人番号カード whose two PINs are `OLD` unless told. */
export class ChangeCard implements CardApplication {
  readonly pins: readonly PinObject[];
  /** V and C with the first character of the application: j or c. */
  readonly commands: string[] = [];
  readonly juki: PinObject;
  readonly common: PinObject;
  readonly slotted: SimCard;
  /** Before each PIN command. */
  onPinCommand: () => void = () => undefined;
  /** Carries this PIN command out, and asks for more time for ever instead of answering. */
  endlessAt = 0;
  private readonly inner: JicsapCard;

  constructor(
    pins: { readonly juki?: string; readonly common?: string } = {},
    public trouble: Trouble | undefined = undefined,
    wire: Parameters<typeof t1Card>[2] = { atr: MY_NUMBER_ATR },
  ) {
    this.inner = myNumberCard({ jukiPin: pins.juki ?? OLD });
    this.pins = this.inner.pins;
    this.juki = this.pins[0]!;
    this.common = this.pins[1]!;
    this.common.value = pins.common ?? OLD;
    this.slotted = t1Card("change", this, wire);
  }

  reset(warm: boolean): void {
    this.inner.reset(warm);
  }

  powerDown(): void {
    this.inner.powerDown();
  }

  process(raw: Uint8Array): Uint8Array | undefined {
    const isPin = (raw[1] === VERIFY && raw.length > 5) || raw[1] === CHANGE_KEY;
    if (!isPin) return this.inner.process(raw);
    const where = this.inner.selectedAid() === this.juki.application ? "j" : "c";
    this.onPinCommand();
    this.commands.push((raw[1] === VERIFY ? "V" : "C") + where);
    const trouble = this.commands.length === this.trouble?.at ? this.trouble : undefined;
    trouble?.before?.();
    if (trouble?.statusWord !== undefined)
      return Uint8Array.of(trouble.statusWord >> 8, trouble.statusWord & 255);
    const answer = this.inner.process(raw);
    trouble?.then?.();
    return this.commands.length === this.endlessAt ? undefined : answer;
  }

  /** Values of 住基AP and 共通AP. */
  values(): [string | undefined, string | undefined] {
    return [this.juki.value, this.common.value];
  }
}

export const ALL = ["Vj", "Vc", "Cc", "Vj", "Cj"];

export class ChangeBench {
  readonly simulator;
  readonly check: CheckHost;
  private requests = 0;

  constructor() {
    const { simulator, host } = sealedTerminal();
    host.open();
    this.simulator = simulator;
    this.check = new CheckHost(host);
  }

  page(name: string): void {
    ok(
      this.simulator.runUntil(() => this.simulator.page() === name, 70_000),
      `${this.simulator.page()} instead of ${name}`,
    );
  }

  /** Up to what the terminal shows after the counter's go; returns the request. */
  asked(card: ChangeCard, how: Omit<ChangeAsked, "id"> = {}): number {
    const id = ++this.requests;
    this.check.change({ ...how, id });
    this.page("insert");
    this.simulator.insert(card.slotted);
    const question = this.check.answer();
    if (question.step !== "question") throw new Error(`no question: ${JSON.stringify(question)}`);
    this.check.go(id, question);
    return id;
  }

  /** One entry, when it is asked for. */
  type(purpose: "change-old" | "change-new" | "change-again", digits: string): void {
    ok(
      this.simulator.runUntil(() => this.entry() === purpose, 5000),
      `${this.entry()} instead of ${purpose}`,
    );
    this.simulator.keys(`${digits}E`);
  }

  typeAll(old = OLD, chosen = NEW): void {
    this.type("change-old", old);
    this.type("change-new", chosen);
    this.type("change-again", chosen);
  }

  result(): Result {
    const answer = this.check.answer();
    if (answer.step !== "result") throw new Error(`no result: ${JSON.stringify(answer)}`);
    return answer;
  }

  stored(id: number): number {
    const stored = this.check.getResult(id);
    return stored.step === "result" ? stored.outcome : -1;
  }

  leave(): void {
    if (this.simulator.page() !== "removed") this.page("take");
    this.simulator.remove();
    this.simulator.runFor(500);
  }

  close(): void {
    equal(this.simulator.world.complaints, []);
    is(this.simulator.world.slot.isPowered(), false, "the card is off");
    this.simulator.close();
  }

  private entry(): string {
    const purposes = ["verify", "change-old", "change-new", "change-again"];
    const page = this.simulator.page();
    return page === "pin" ? purposes[this.simulator.view().purpose]! : page;
  }
}

let before: readonly number[] | undefined;

/** How many characters behind its last answer to reset a card has sent when its `at`-th PIN command comes, from 1 on. */
export function charactersBefore(at: number): number {
  before ??= countCharacters();
  return before[at - 1]!;
}

function countCharacters(): number[] {
  const bench = new ChangeBench();
  const counted: number[] = [];
  let characters = 0;
  const { recorder, wire } = bench.simulator.world;
  recorder.onEvent(({ value }) => {
    if (value === "RST high") characters = -MY_NUMBER_ATR.length;
  });
  wire.onCharacter(({ from }) => {
    if (from === "card") characters++;
  });
  const card = new ChangeCard();
  card.onPinCommand = () => counted.push(characters);
  bench.asked(card);
  bench.typeAll();
  is(bench.result().outcome, 0);
  bench.close();
  return counted;
}
