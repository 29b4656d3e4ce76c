/** A card that sends nonsense, while a well-behaved host asks and a person types the right PIN. */
import { myNumberCard, MY_NUMBER_ATR } from "../../host-sim/card/apps/my-number-card.ts";
import { card } from "../../host-sim/card/deck.ts";
import { SeededRandom } from "../../host-sim/world/random.ts";
import {
  AttackBench,
  POWER_OFF,
  POWER_ON,
  SECURE,
  SLOT_STATUS,
  XFR_BLOCK,
} from "../firewall/attack-bench.ts";
import type { RawReply } from "../firewall/raw-host.ts";
import { verifyRequest } from "../firewall/secure-requests.ts";
import { jpkiTarget } from "../firewall/targets.ts";
import { ConfirmationWatch } from "./confirmation-watch.ts";
import { FaultyCard } from "./faulty-card.ts";
import { CALM, mischiefOf, planMischief, type Mischief } from "./mischief.ts";
import { pick } from "./pick.ts";
import { Finding, type Storm, type StormKind } from "./storm.ts";

type HostDoes = "power-on" | "power-off" | "read" | "query" | "verify" | "pull";

export interface CardAction {
  readonly mischief: Mischief;
  readonly host: HostDoes;
  /** What the person presses at each prompt. */
  readonly keys: string;
  /** The mischief begins so long after the host's message. */
  readonly afterMs: number;
}

const ACTIONS = 60;
const TYPED = "1357";
const VERIFY = [0x00, 0x20, 0x00, 0x80];
const READ = [0x00, 0xb0, 0x00, 0x00, 0x00];
const READ_BYTES = 240;
/** A command at its cap of 64 s, its third attempt, power-down and margin. */
const ANSWER_LIMIT_MS = 90_000;
/** Prompts that one Secure may show, the last-try warning included. */
const PROMPTS = 4;
const HOST: readonly HostDoes[] = [
  "power-on",
  "power-off",
  "read",
  "read",
  "read",
  "read",
  "query",
  "query",
  "verify",
  "verify",
  "verify",
  "pull",
];
const READ_ANSWER = Uint8Array.from({ length: READ_BYTES + 2 }, (_, at) =>
  at === READ_BYTES ? 0x90 : at > READ_BYTES ? 0 : at ^ 0xa5,
);

export const CARD_STORM: StormKind<CardAction> = {
  name: "card",
  begin: () => new CardStorm(),
  plan: (seed) => {
    const random = new SeededRandom(seed);
    return Array.from({ length: ACTIONS }, () => planSome(random)).flat();
  },
  describe: (action) => JSON.stringify(action),
};

/** After a strange answer to reset its waiting times are tried out. */
function planSome(random: SeededRandom): CardAction[] {
  const mischief = planMischief(random);
  if (mischief.kind !== "atr") return [planOne(random, mischief, pick(random, HOST))];
  const after = mischiefOf(pick(random, ["drip", "mute", "block", "flip", "calm", "calm"]), random);
  return [planOne(random, mischief, "power-on"), planOne(random, after, "read")];
}

function planOne(random: SeededRandom, mischief: Mischief, host: HostDoes): CardAction {
  const keys = pick(random, [`${TYPED}E`, `${TYPED}E`, `${TYPED}E`, "13X", "X"]);
  return {
    mischief,
    host,
    keys,
    afterMs: mischief.kind === "atr" ? 0 : pick(random, [0, 0, 1, 10, 40, 200]),
  };
}

class CardStorm implements Storm<CardAction> {
  private readonly watch = new ConfirmationWatch(TYPED);
  private readonly application = this.watch.around(myNumberCard(), READ_ANSWER);
  private readonly card = new FaultyCard(card("faulty", this.application, { atr: MY_NUMBER_ATR }));
  private readonly bench = new AttackBench({ card: this.card, pins: [], selects: jpkiTarget().selects });
  private readonly untouched = this.pinStates();

  constructor() {
    this.watch.attach(this.bench.simulator.world);
  }

  get bytes(): number {
    return this.card.characters;
  }

  play(action: CardAction): void {
    this.calm();
    const sequence = this.send(action.host);
    if (action.afterMs > 0) this.bench.simulator.runFor(action.afterMs);
    this.card.begin(action.mischief);
    if (action.host === "pull") this.pull();
    this.awaitReply(sequence, action.keys);
    this.judge();
  }

  recover(): void {
    this.calm();
    this.bench.powerOn();
    const data = this.awaitReply(this.send("verify"), `${TYPED}E`);
    const statusWord = Buffer.from(data.slice(3, 5)).toString("hex");
    if (statusWord !== "9000") throw new Finding(`VERIFY after the storm: ${statusWord}`);
    this.judge();
  }

  close(): void {
    this.bench.simulator.close();
  }

  /** A card that behaves again must come up whatever it did before; the host first hears of a card that was away. */
  private calm(): void {
    this.card.begin(CALM);
    this.bench.message(SLOT_STATUS);
    this.bench.resynch();
  }

  private send(what: HostDoes): number {
    const { host } = this.bench;
    host.replies.length = 0;
    if (what === "power-on") return host.send(POWER_ON, [1, 0, 0], []);
    if (what === "power-off") return host.send(POWER_OFF, [0, 0, 0], []);
    if (what === "verify") return host.send(SECURE, [0, 0, 0], verifyRequest({ apdu: VERIFY }));
    const block = this.bench.information(what === "query" ? VERIFY : READ);
    return host.send(XFR_BLOCK, [0, 0, 0], block);
  }

  /** The answer's data. The person answers each prompt once and is tired after some. */
  private awaitReply(sequence: number, keys: string): Uint8Array {
    const { simulator, host } = this.bench;
    const reply = (): RawReply | undefined => host.replies.find((one) => one.sequence === sequence);
    for (let prompts = 0; prompts <= PROMPTS; prompts++) {
      const asks = (): boolean => reply() !== undefined || this.bench.isPrompting();
      if (!simulator.runUntil(asks, ANSWER_LIMIT_MS))
        throw new Finding(`no answer, page ${simulator.page()}`);
      const found = reply();
      if (found !== undefined) return found.data;
      this.bench.type(simulator.page() === "last" ? "E" : keys);
    }
    throw new Finding(`asked more than ${PROMPTS} times, page ${simulator.page()}`);
  }

  private pull(): void {
    this.bench.simulator.remove();
    this.bench.simulator.runFor(150);
    this.bench.simulator.insert(this.card);
    this.bench.simulator.runFor(150);
  }

  /** Every try is there and every value the same: nothing wrong was ever typed. */
  private judge(): void {
    if (this.watch.breach !== undefined) throw new Finding(this.watch.breach);
    if (this.pinStates() !== this.untouched) throw new Finding("a try or a PIN was lost");
  }

  private pinStates(): string {
    return this.application.pins.map(({ left, value }) => `${left} ${value ?? ""}`).join();
  }
}
