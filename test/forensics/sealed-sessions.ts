/** A sealed session of the emulated board, up to an end of it; what both ends share is searched for in its memory. */
import { MODEL_OPERATOR_KEY, operatorKeyOf } from "../../host-sim/card/apps/operator-card.ts";
import type { QemuImage } from "../../host-sim/engine/qemu-engine.ts";
import type { QemuMemory } from "../../host-sim/engine/qemu-memory.ts";
import type { SealedHost } from "../../host-sim/host/sealed-host.ts";
import { journalKeyOf, SECRET_BYTES } from "../../host-sim/world/provision.ts";
import { SeededRandom } from "../../host-sim/world/random.ts";
import { Simulator } from "../../host-sim/world/simulator.ts";
import { CheckHost } from "../host-sim/world/check-host.ts";
import { hostAt } from "../host-sim/world/sealed-simulator.ts";
import { placeOf } from "./compare-memory.ts";
import { placesOf, SecretEar, type Secret } from "./session-secrets.ts";

const KEK_BYTES = 16;
const IDLE_MS = 301_000;
const LOST_MS = 15_000;

function random(count: number, seed: number): Buffer {
  const source = new SeededRandom(seed);
  return Buffer.from(Array.from({ length: count }, () => source.below(256)));
}

/** Without order, so that nothing in memory is like it by chance. */
const PAIR = {
  terminal: "T-0001",
  counter: "C-0001",
  psk: random(32, 1),
  secrets: random(SECRET_BYTES, 2),
} as const;

/** What the terminal keeps for good, outside of its RAM. */
const KEPT: readonly Secret[] = [
  { name: "pair key", bytes: PAIR.psk },
  { name: "key-encryption key", bytes: PAIR.secrets.subarray(0, KEK_BYTES) },
  { name: "first journal key", bytes: Buffer.from(journalKeyOf(PAIR.secrets)) },
  { name: "operator key", bytes: Buffer.from(MODEL_OPERATOR_KEY) },
  { name: "operator's own key", bytes: Buffer.from(operatorKeyOf(MODEL_OPERATOR_KEY, "OPERATOR-1")) },
];

export interface SessionEnd {
  readonly name: string;
  end(session: SealedSession): void;
}

const ear = new SecretEar();

export class SealedSession {
  readonly simulator: Simulator;
  readonly host: SealedHost;
  private memory: QemuMemory | undefined;

  constructor(image: QemuImage) {
    ear.heard.length = 0;
    const observe = (memory: QemuMemory): void => void (this.memory = memory);
    const images = { qemu: { ...image, observe } };
    this.simulator = new Simulator({ mode: "sealed", engine: "qemu", seed: 3, pair: PAIR, images });
    this.simulator.runFor(200);
    this.host = hostAt(this.simulator, PAIR);
  }

  /** Everything shared so far. */
  shared(): Secret[] {
    return [...ear.heard];
  }

  /** Which of `secrets`, and of what is kept, lie in memory now, each with its first place. */
  found(secrets: readonly Secret[]): string[] {
    const { memory } = this;
    if (memory === undefined) throw new Error("the board was never seen");
    const now = memory.snapshot();
    return [...KEPT, ...secrets].flatMap((secret) => {
      const [place] = placesOf(now, secret);
      return place === undefined ? [] : [`${secret.name} at ${placeOf(place, memory.symbols)}`];
    });
  }

  close(): void {
    this.simulator.close();
    this.memory?.close();
  }
}

/** A person is asked for a card, so that the terminal looks whether its counter is still there. */
function beginCheck({ simulator, host }: SealedSession): void {
  new CheckHost(host).begin({ id: 1 });
  simulator.runFor(500);
}

export const SESSION_ENDS: readonly SessionEnd[] = [
  { name: "close_notify of the counter", end: ({ host }) => host.close() },
  {
    name: "a whole check, its journal, and close_notify",
    end({ simulator, host }) {
      const check = new CheckHost(host);
      check.begin({ id: 1 });
      simulator.runFor(500);
      simulator.insert("mynumber");
      const question = check.answer();
      if (question.step === "question") check.go(1, question);
      simulator.runUntil(() => simulator.page() === "pin", 5000);
      simulator.keys("1234E");
      const { step } = check.answer();
      if (step !== "result" || check.journal().length < 3) throw new Error(`no check: ${step}`);
      host.close();
    },
  },
  {
    name: "an operator's sign-in, and close_notify",
    end({ simulator, host }) {
      const check = new CheckHost(host);
      check.signIn();
      simulator.runUntil(() => simulator.page() === "insert-operator", 5000);
      simulator.insert("operator");
      simulator.runUntil(() => simulator.page() === "pin", 5000);
      simulator.keys("4649E");
      const signed = check.signedIn();
      if (signed.step !== "signed-in" || signed.outcome !== 0) throw new Error(JSON.stringify(signed));
      host.close();
    },
  },
  {
    name: "the link is lost while a person is asked",
    end(session) {
      beginCheck(session);
      session.simulator.world.line.unplug();
      session.simulator.runFor(LOST_MS);
    },
  },
  { name: "nobody says anything for five minutes", end: ({ simulator }) => simulator.runFor(IDLE_MS) },
  {
    name: "a record whose tag is wrong",
    end({ simulator, host }) {
      const record = host.tls.send(Uint8Array.of(1, 2, 3));
      record[record.length - 1]! ^= 1;
      host.say(record);
      simulator.runFor(1000);
    },
  },
  {
    name: "a message longer than any",
    end({ simulator, host }) {
      host.rawMessage(Uint8Array.of(0x6b, 255, 255, 0, 0, 0, 0, 0, 0, 0));
      simulator.runFor(1000);
    },
  },
  {
    name: "another link asks for a session of its own",
    end({ simulator, host }) {
      host.call();
      simulator.runFor(1000);
    },
  },
  {
    name: "reset",
    end({ simulator }) {
      simulator.pressReset();
      simulator.runFor(500);
    },
  },
];
