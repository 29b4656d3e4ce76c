/** A host that sends nonsense, with a person at the keypad and hands at the slot. */
import { SeededRandom } from "../../host-sim/world/random.ts";
import { AttackBench, POWER_ON, SECURE, SLOT_STATUS, XFR_BLOCK } from "../firewall/attack-bench.ts";
import { verifyRequest } from "../firewall/secure-requests.ts";
import { jpkiTarget } from "../firewall/targets.ts";
import { hostileBlock, hostileSecure, lawfulSecure, messageOf, mutated, randomMessage } from "./mutations.ts";
import { between, pick, randomBytes, xorOf } from "./pick.ts";
import { HOST_DIGITS, recordFrames } from "./recorded-frames.ts";
import { Finding, type Storm, type StormKind } from "./storm.ts";

export type LineAction =
  | { readonly do: "send"; readonly bytes: readonly number[]; readonly afterMs: number }
  /** Keys that a person presses only when asked for a PIN. */
  | { readonly do: "answer"; readonly keys: string }
  | { readonly do: "reinsert"; readonly outMs: number };

const ACTIONS = 130;
/** The PIN that a person types: 利用者証明用 of the model. */
const TYPED = "1357";
const ANSWERS = [
  `${TYPED}E`,
  `${TYPED}E`,
  "13",
  "1C",
  "X",
  "E",
  "L",
  `${TYPED}E${TYPED}E${TYPED}E`,
  "1234567890E",
];
const PAUSES_MS = [0, 0, 0, 0, 1, 5, 5, 20, 60, 700];
/** A time request comes each second while the terminal works: silence for longer means that it rests. */
const QUIET_MS = 1200;
/** The longest that anything may take after the last byte: one command (64 s) and its power-down. */
const REST_LIMIT_MS = 80_000;
const NAK = [0x03, 0x15, 0x16];

const FRAMES = recordFrames().map((frame) => [...frame]);

export const LINE_STORM: StormKind<LineAction> = {
  name: "line",
  begin: () => new LineStorm(),
  plan: (seed) => {
    const random = new SeededRandom(seed);
    return Array.from({ length: ACTIONS }, () => planSome(random)).flat();
  },
  describe: (action) =>
    action.do === "send"
      ? `send ${Buffer.from(action.bytes).toString("hex")}, then ${action.afterMs} ms`
      : JSON.stringify(action),
};

function planSome(random: SeededRandom): LineAction[] {
  const dice = random.below(100);
  if (dice < 8) return [{ do: "answer", keys: pick(random, ANSWERS) }];
  if (dice < 10) return [{ do: "reinsert", outMs: pick(random, [1, 20, 300]) }];
  if (dice < 16) return connect(random);
  return [sendSome(random)];
}

/** A host that behaves for once: what follows reaches an open card, and often a prompt. */
function connect(random: SeededRandom): LineAction[] {
  const blocks = jpkiTarget().selects.map((select, at) => [0, at << 6, select.length, ...select]);
  const transfers = blocks.map((block) => messageOf(XFR_BLOCK, [...block, xorOf(block)]));
  const orderly = [messageOf(POWER_ON, []), ...transfers];
  if (random.below(2) === 0) orderly.push(lawfulSecure(random));
  const sends = orderly.map((bytes, at): LineAction => ({
    do: "send",
    bytes,
    afterMs: at === 0 ? 900 : 120,
  }));
  const keys = pick(random, ANSWERS);
  return [
    { do: "send", bytes: [], afterMs: 600 },
    ...sends,
    ...(random.below(2) === 0 ? [{ do: "answer", keys } as const] : []),
  ];
}

function sendSome(random: SeededRandom): LineAction {
  const bytes: number[] = [];
  for (let left = between(random, 1, 3); left > 0; left--) bytes.push(...piece(random));
  return { do: "send", bytes, afterMs: pick(random, PAUSES_MS) };
}

function piece(random: SeededRandom): readonly number[] {
  const dice = random.below(20);
  if (dice < 4) return pick(random, FRAMES);
  if (dice < 11) return mutated(random, pick(random, FRAMES), pick(random, FRAMES));
  if (dice < 13) return randomMessage(random);
  if (dice < 15) return hostileSecure(random);
  if (dice < 18) return hostileBlock(random);
  return dice < 19 ? NAK : randomBytes(random, between(random, 1, 60));
}

class LineStorm implements Storm<LineAction> {
  bytes = 0;
  private readonly bench = new AttackBench(jpkiTarget());
  private lastOutputNs = 0;

  constructor() {
    const { simulator, watch } = this.bench;
    watch.typed = TYPED;
    watch.forbidden = HOST_DIGITS;
    simulator.world.line.onBytes(() => (this.lastOutputNs = simulator.nowNs));
  }

  play(action: LineAction): void {
    const { simulator, host } = this.bench;
    if (action.do === "send") {
      host.sendBytes(action.bytes);
      this.bytes += action.bytes.length;
      // 115200 baud: the bytes themselves take their time.
      simulator.runFor(action.bytes.length / 11.52 + action.afterMs);
    } else if (action.do === "answer") {
      if (this.bench.isPrompting()) this.bench.type(action.keys);
    } else {
      simulator.remove();
      simulator.runFor(action.outMs);
      simulator.insert(this.bench.target.card);
    }
    host.replies.length = 0;
    this.judge();
  }

  recover(): void {
    const { bench } = this;
    this.rest();
    bench.simulator.remove();
    bench.simulator.runFor(500);
    this.judge();
    const target = jpkiTarget();
    bench.simulator.insert(target.card);
    bench.simulator.runFor(200);
    if (bench.message(SLOT_STATUS) === undefined) throw new Finding("no answer to GetSlotStatus");
    bench.powerOn();
    for (const select of target.selects) bench.command(select);
    const sequence = bench.host.send(SECURE, [0, 0, 0], verifyRequest({ apdu: [0x00, 0x20, 0x00, 0x80] }));
    if (!bench.isAsked()) throw new Finding("no prompt after the storm");
    bench.type(`${TYPED}E`);
    const data = bench.replyTo(sequence)?.data ?? [];
    const statusWord = Buffer.from(data.slice(3, 5)).toString("hex");
    if (statusWord !== "9000") throw new Finding(`VERIFY after the storm: ${statusWord}`);
    this.judge();
  }

  close(): void {
    this.bench.simulator.close();
  }

  /** Waits until nothing is said for a while; a person who is still asked presses 取消. */
  private rest(): void {
    const { simulator } = this.bench;
    const limitNs = simulator.nowNs + REST_LIMIT_MS * 1e6;
    const isQuiet = (): boolean => simulator.nowNs - this.lastOutputNs > QUIET_MS * 1e6;
    this.lastOutputNs = simulator.nowNs;
    while (!isQuiet()) {
      if (simulator.nowNs > limitNs)
        throw new Finding(`no rest in ${REST_LIMIT_MS} ms, page ${simulator.page()}`);
      if (this.bench.isPrompting()) this.bench.type("X");
      simulator.runFor(100);
    }
    if (this.bench.isPrompting()) throw new Finding("a prompt without time requests");
  }

  private judge(): void {
    const { watch, simulator } = this.bench;
    watch.check("storm");
    if (watch.breaches.length > 0) throw new Finding(watch.breaches[0]!);
    if (simulator.world.complaints.length > 0) throw new Finding(simulator.world.complaints[0]!);
  }
}
