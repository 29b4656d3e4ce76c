/** A sealed terminal at which operators sign in: its counter, and cards whose commands are heard. */
import {
  OPERATOR_ATR,
  operatorCard,
  type OperatorCardOptions,
} from "../../../host-sim/card/apps/operator-card.ts";
import type { CardApplication } from "../../../host-sim/card/card-application.ts";
import { card } from "../../../host-sim/card/deck.ts";
import type { SimCard } from "../../../host-sim/card/sim-card.ts";
import type { Simulator, SimulatorOptions } from "../../../host-sim/world/simulator.ts";
import { CheckHost, type SignedIn } from "./check-host.ts";
import { hostAt, PAIR, sealedTerminal } from "./sealed-simulator.ts";

const PAGE_MS = 70_000;
const VERIFY = 0x20;
const INTERNAL_AUTHENTICATE = 0x88;
const CHALLENGE_AT = 5;
const CHALLENGE_BYTES = 16;

function challengeIn(command: Uint8Array): Uint8Array {
  return command.subarray(CHALLENGE_AT, CHALLENGE_AT + CHALLENGE_BYTES);
}

/** An operator's card that tells what it was asked. `answer` may replace what it says to a challenge. */
export class HeardCard implements CardApplication {
  readonly commands: Uint8Array[] = [];
  readonly answers: Uint8Array[] = [];
  readonly pins: CardApplication["pins"];
  private readonly inner: CardApplication;

  constructor(
    options: Partial<OperatorCardOptions> = {},
    private readonly answer: (right: Uint8Array, challenge: Uint8Array) => Uint8Array = (right) => right,
  ) {
    this.inner = operatorCard({ name: "OPERATOR-1", pin: "4649", ...options });
    this.pins = this.inner.pins;
  }

  reset(warm: boolean): void {
    this.inner.reset(warm);
  }

  powerDown(): void {
    this.inner.powerDown();
  }

  process(command: Uint8Array): Uint8Array | undefined {
    this.commands.push(Uint8Array.from(command));
    const said = this.inner.process(command, () => undefined);
    if (command[1] !== INTERNAL_AUTHENTICATE || said === undefined) return said;
    this.answers.push(said);
    return this.answer(said, challengeIn(command));
  }

  /** For a slot. */
  inserted(): SimCard {
    return card("heard", this, { atr: OPERATOR_ATR });
  }

  challenges(): string[] {
    const asked = this.commands.filter(([, ins]) => ins === INTERNAL_AUTHENTICATE);
    return asked.map((command) => Buffer.from(challengeIn(command)).toString("hex"));
  }

  /** VERIFY commands that carry a PIN. */
  verifies(): number {
    return this.commands.filter((command) => command[1] === VERIFY && command.length > CHALLENGE_AT).length;
  }
}

export class OperatorBench {
  readonly simulator: Simulator;
  check: CheckHost;

  constructor(options: SimulatorOptions = {}) {
    const { simulator, host } = sealedTerminal("sealed", options);
    this.simulator = simulator;
    this.check = new CheckHost(host);
    host.open();
  }

  /** Checks need an operator here. */
  static required(): OperatorBench {
    return new OperatorBench({ pair: { ...PAIR, operatorsRequired: true } });
  }

  until(page: string, limitMs = PAGE_MS): void {
    const { simulator } = this;
    if (!simulator.runUntil(() => simulator.page() === page, limitMs))
      throw new Error(`${simulator.page()} instead of ${page}`);
  }

  /** Up to the page that asks for the PIN, or for the last try. */
  toEntry(inserted: SimCard | string, page = "pin"): void {
    this.check.signIn();
    this.until("insert-operator");
    this.simulator.insert(inserted);
    this.until(page);
  }

  /** What came of the sign-in that was sent. */
  result(): SignedIn {
    const answer = this.check.signedIn();
    if (answer.step !== "signed-in") throw new Error(`refused with ${answer.result}`);
    return answer;
  }

  /** A whole sign-in; the card is taken out. */
  signIn(inserted: SimCard | string = "operator", keys = "4649E"): SignedIn {
    this.toEntry(inserted);
    this.simulator.keys(keys);
    const result = this.result();
    this.takeCard();
    return result;
  }

  takeCard(): void {
    this.simulator.remove();
    this.simulator.runFor(500);
  }

  /** Result of a check in the name of `operator`; one that begins is ended. */
  tryCheck(operator: string, id = 99): number {
    this.check.begin({ id, operator });
    const { simulator } = this;
    simulator.runFor(100);
    // On the page of a terminal at rest 取消 does nothing.
    simulator.keys("X");
    const answer = this.check.answer();
    simulator.runFor(6000);
    return answer.step === "refused" ? answer.result : 0;
  }

  /** Whether OPERATOR-1 is the one who is signed in: a check in another name is refused then alone. */
  isSignedIn(id: number): boolean {
    return this.tryCheck("SOMEBODY", id) !== 0;
  }

  /** Event and detail of each record. */
  records(): (readonly [number, number])[] {
    return this.check.journal().map(([event, detail]) => [event, detail]);
  }

  /** Another session of the counter, after a start of the terminal or a lost link. */
  openAgain(): void {
    this.check.host.isThere = false;
    const again = hostAt(this.simulator);
    again.open();
    this.check = new CheckHost(again);
  }

  close(): void {
    this.simulator.close();
  }
}
