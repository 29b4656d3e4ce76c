/**
 * The sealed terminal with nonsense on every layer of its line: bytes, frames whose check sums are right, TLS records before and
 * behind the handshake, and messages and commands of a counter that holds the key; with a person at the keypad and hands at the slot.
 */
import { AsyncFrameEncoder } from "../../firmware/protocol/async-frame.ts";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { makeCard } from "../../host-sim/card/deck.ts";
import { HostFailure } from "../../host-sim/host/ccid-host.ts";
import type { SealedHost } from "../../host-sim/host/sealed-host.ts";
import { SeededRandom } from "../../host-sim/world/random.ts";
import { Simulator } from "../../host-sim/world/simulator.ts";
import { CheckHost } from "../host-sim/world/check-host.ts";
import { hostAt, PAIR } from "../host-sim/world/sealed-simulator.ts";
import { POWER_ON, SLOT_STATUS, XFR_BLOCK } from "../firewall/attack-bench.ts";
import { CardWatch } from "../firewall/card-watch.ts";
import { jukiTarget } from "../firewall/targets.ts";
import { hostileBlock, hostileSecure, lawfulSecure, messageOf, mutated, randomMessage } from "./mutations.ts";
import { between, pick, randomBytes, xorOf } from "./pick.ts";
import { HOST_DIGITS } from "./recorded-frames.ts";
import { Finding, type Storm, type StormKind } from "./storm.ts";

export type SealedAction =
  /** Bytes on the line, beside every layer. */
  | { readonly do: "bytes"; readonly bytes: readonly number[]; readonly afterMs: number }
  /** Bytes of the TLS stream. */
  | { readonly do: "stream"; readonly bytes: readonly number[]; readonly afterMs: number }
  /** A record of the session, as its type says. */
  | {
      readonly do: "record";
      readonly type: number;
      readonly bytes: readonly number[];
      readonly afterMs: number;
    }
  /** SABM and ClientHello without waiting for anything. */
  | { readonly do: "call"; readonly afterMs: number }
  /** A new session with Hello, if the terminal takes one. */
  | { readonly do: "open" }
  | { readonly do: "answer"; readonly keys: string }
  | { readonly do: "reinsert"; readonly outMs: number };

const ACTIONS = 130;
const TYPED = "1234";
const ANSWERS = [`${TYPED}E`, `${TYPED}E`, "12", "1C", "X", "E", "L", `${TYPED}E${TYPED}E`, "1234567890E"];
const PAUSES_MS = [0, 0, 5, 20, 60, 200, 700];
const APPLICATION_DATA = 23;
const CONTENT_TYPES = [20, 21, 22, APPLICATION_DATA, 24];
const UNNUMBERED = [0x3f, 0x53, 0x73, 0x1f, 0x97];
const OWN = 0x4d;
/** Each command of docs/protocol.md; those that bring a person before the keypad more often. */
const COMMANDS = [
  ...[0x10, 0x20, 0x20, 0x20, 0x21, 0x21, 0x22, 0x23, 0x23],
  ...[0x30, 0x31, 0x32, 0x33, 0x33, 0x34, 0x35, 0x40, 0x41, 0x42],
];
const RESUME = 0x31;
const CALLS = 4;

/** A message without the frame that the bench image's line puts around it. */
function unframed(frame: readonly number[]): number[] {
  return frame.slice(2, -1);
}

function named(name: string): number[] {
  return [name.length, ...Buffer.from(name)];
}

/** CheckPin and its like, of one of three requests, well-formed. */
function command(random: SeededRandom): number[] {
  const number = pick(random, COMMANDS);
  const id = [...Array<number>(15).fill(0), random.below(3)];
  const check = [2, 0x20, 0x26, 0x11, 0x26, random.below(2), 0, ...named("TANAKA"), ...named("CASE-17")];
  const goOn = [random.below(3), 0, 0, 0, random.below(2), ...named("123456789012345")];
  const staff = [...named("TANAKA"), ...named("CASE-18")];
  const data: Record<number, number[]> = {
    ...{ 0x20: [...id, ...check], 0x21: [...id, ...goOn], 0x22: id, 0x23: [...id, ...check, 0, 0, 0, 0] },
    ...{ 0x30: staff, 0x31: staff, 0x32: staff, 0x33: [random.below(3)], 0x34: [], 0x35: [] },
  };
  return unframed(messageOf(0x6b, [OWN, number, ...(data[number] ?? randomBytes(random, 4))]));
}

const LAWFUL = [
  messageOf(POWER_ON, []),
  messageOf(SLOT_STATUS, []),
  ...jukiTarget().selects.map((select, at) => {
    const block = [0, at << 6, select.length, ...select];
    return messageOf(XFR_BLOCK, [...block, xorOf(block)]);
  }),
].map(unframed);

function message(random: SeededRandom): number[] {
  const dice = random.below(12);
  if (dice < 4) return command(random);
  if (dice < 6) return pick(random, LAWFUL);
  if (dice < 7) return unframed(hostileBlock(random));
  if (dice < 8) return unframed(hostileSecure(random));
  if (dice < 9) return unframed(lawfulSecure(random));
  if (dice < 10) return unframed(randomMessage(random));
  return mutated(random, command(random), pick(random, LAWFUL));
}

function frame(random: SeededRandom): number[] {
  const information = randomBytes(random, random.below(3) === 0 ? random.below(128) : random.below(6));
  const control = random.below(2) === 0 ? pick(random, UNNUMBERED) : random.below(256);
  const encoder = new AsyncFrameEncoder(NODE_NATIVES);
  const length = encoder.encode(control, Uint8Array.from(information), information.length);
  return [...(encoder.frame as Uint8Array).subarray(0, length)];
}

function record(random: SeededRandom): number[] {
  const body = randomBytes(random, random.below(60));
  const length = random.below(4) === 0 ? random.below(0x10000) : body.length;
  return [pick(random, CONTENT_TYPES), 3, 3, length >> 8, length & 255, ...body];
}

/** A host that behaves for once: what follows reaches an open card, a command of its own or a prompt. */
function connect(random: SeededRandom): SealedAction[] {
  const digits = [...Buffer.from(HOST_DIGITS)];
  const verify = [0, 0, 9, 0x00, 0x20, 0x00, 0x80, 4, ...digits];
  const last =
    random.below(2) === 0 ? messageOf(XFR_BLOCK, [...verify, xorOf(verify)]) : lawfulSecure(random);
  const messages = [...LAWFUL, unframed(last)];
  return [
    { do: "open" },
    ...messages.map((bytes, at): SealedAction => {
      return { do: "record", type: APPLICATION_DATA, bytes, afterMs: at === 0 ? 900 : 120 };
    }),
    { do: "answer", keys: pick(random, ANSWERS) },
  ];
}

function planSome(random: SeededRandom): SealedAction[] {
  return random.below(30) === 0 ? connect(random) : [planOne(random)];
}

function planOne(random: SeededRandom): SealedAction {
  const dice = random.below(100);
  const afterMs = pick(random, PAUSES_MS);
  if (dice < 10) return { do: "answer", keys: pick(random, ANSWERS) };
  if (dice < 13) return { do: "reinsert", outMs: pick(random, [1, 20, 300]) };
  if (dice < 20) return { do: "open" };
  if (dice < 23) return { do: "call", afterMs };
  if (dice < 28) return { do: "bytes", bytes: randomBytes(random, between(random, 1, 200)), afterMs };
  if (dice < 36) return { do: "bytes", bytes: mutatedFrame(random), afterMs };
  if (dice < 42) return { do: "stream", bytes: record(random), afterMs };
  const type = random.below(20) === 0 ? pick(random, CONTENT_TYPES) : APPLICATION_DATA;
  return { do: "record", type, bytes: message(random), afterMs };
}

function mutatedFrame(random: SeededRandom): number[] {
  const bytes = frame(random);
  return random.below(2) === 0 ? bytes : mutated(random, bytes, frame(random));
}

export const SEALED_STORM: StormKind<SealedAction> = {
  name: "sealed",
  begin: () => new SealedStorm(),
  plan: (seed) => {
    const random = new SeededRandom(seed);
    return [{ do: "open" }, ...Array.from({ length: ACTIONS }, () => planSome(random)).flat()];
  },
  describe: (action) => JSON.stringify(action),
};

class SealedStorm implements Storm<SealedAction> {
  bytes = 0;
  private readonly simulator = new Simulator({ mode: "sealed", pair: PAIR, seed: 1 });
  private readonly target = jukiTarget();
  private readonly watch: CardWatch;
  private host: SealedHost;

  constructor() {
    const { simulator } = this;
    simulator.world.recorder.keep = false;
    this.watch = new CardWatch(simulator.world, this.target.pins);
    this.watch.typed = TYPED;
    this.watch.forbidden = HOST_DIGITS;
    simulator.runFor(100);
    simulator.insert(this.target.card);
    this.host = hostAt(simulator);
  }

  play(action: SealedAction): void {
    const { simulator } = this;
    switch (action.do) {
      case "bytes":
        this.sent(action.bytes, action.afterMs, (bytes) => simulator.world.line.send(bytes));
        break;
      case "stream":
        this.sent(action.bytes, action.afterMs, (bytes) => this.host.say(bytes));
        break;
      case "record":
        if (this.host.tls.isOpen)
          this.sent(action.bytes, action.afterMs, (bytes) =>
            this.host.say(this.host.tls.send(bytes, action.type)),
          );
        break;
      case "call":
        this.host.call();
        this.host.say(this.host.tls.begin());
        simulator.runFor(action.afterMs);
        break;
      case "open":
        this.open();
        break;
      case "answer":
        if (["pin", "last", "insert"].includes(simulator.page())) {
          simulator.keys(action.keys, 100);
          simulator.runFor(100 * action.keys.length + 50);
        }
        break;
      case "reinsert":
        simulator.remove();
        simulator.runFor(action.outMs);
        simulator.insert(this.target.card);
        break;
    }
    this.judge();
  }

  /** The next client is served: another resident's card is checked. */
  recover(): void {
    const { simulator } = this;
    simulator.remove();
    this.host.isThere = false;
    this.host = hostAt(simulator);
    simulator.runFor(6000);
    const failure = Array.from({ length: CALLS }, () => this.open()).at(-1);
    if (failure !== undefined) throw new Finding(`the next client: ${failure}`);
    const check = new CheckHost(this.host);
    // An emergency stop, if one was sent, is for the staff to end.
    simulator.world.turnCaseKey(true);
    simulator.runFor(200);
    if (check.staff(RESUME) !== 0) throw new Finding("Resume is not done");
    check.begin({ id: 77 });
    if (!simulator.runUntil(() => simulator.page() === "insert", 5000)) throw new Finding(simulator.page());
    simulator.insert(makeCard("mynumber-family"));
    const question = check.answer();
    if (question.step !== "question") throw new Finding(`no question: ${JSON.stringify(question)}`);
    check.go(77, question);
    if (!simulator.runUntil(() => simulator.page() === "pin", 5000)) throw new Finding(simulator.page());
    // They are the digits that hosts send, and now a person's.
    this.watch.forbidden = "";
    simulator.keys("8642E");
    const result = check.answer();
    if (result.step !== "result" || result.outcome !== 0) throw new Finding(JSON.stringify(result));
    this.judge();
  }

  close(): void {
    this.simulator.close();
  }

  private sent(numbers: readonly number[], afterMs: number, send: (bytes: Uint8Array) => void): void {
    const bytes = Uint8Array.from(numbers);
    send(bytes);
    this.bytes += bytes.length;
    this.simulator.runFor(bytes.length / 11.52 + afterMs);
  }

  /** Returns what stopped it. */
  private open(): string | undefined {
    try {
      this.host.open();
      return undefined;
    } catch (error) {
      if (error instanceof HostFailure) return error.message;
      throw error;
    }
  }

  private judge(): void {
    this.watch.check("the storm");
    const [breach] = this.watch.breaches;
    if (breach !== undefined) throw new Finding(breach);
    // Whatever was sent: a reset of its own is one.
    const reset = this.simulator.world.complaints.find((each) => each.includes("reset"));
    if (reset !== undefined) throw new Finding(reset);
  }
}
