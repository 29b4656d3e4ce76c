/** A day at the sealed line, as one story: handshake, a PC/SC entry, two checks, a stranger, a power cut, the journal, another key. */
import { is, throws } from "uvu/assert";
import { nextPskOf } from "../../host-sim/counter/next-key.ts";
import { fromHex, VERIFY_4 } from "../../host-sim/scenario/counter.ts";
import { Simulator, type SimulatorOptions } from "../../host-sim/world/simulator.ts";
import { CheckHost } from "../host-sim/world/check-host.ts";
import { hostAt, PAIR } from "../host-sim/world/sealed-simulator.ts";

export interface Span {
  readonly fromNs: number;
  readonly toNs: number;
}

export interface Told {
  readonly simulator: Simulator;
  /** The first one, with Hello. */
  readonly handshake: Span;
  /** Command Rekey, and the first handshake with the next key, with Hello. */
  readonly rekey: Span;
}

/** Tells the story and closes the simulator. `prepare` sees it before time begins. */
export function tellSealedStory(options: SimulatorOptions, prepare?: (simulator: Simulator) => void): Told {
  const simulator = new Simulator({ mode: "sealed", pair: PAIR, seed: 7, ...options });
  prepare?.(simulator);
  const host = hostAt(simulator);
  const check = new CheckHost(host);
  simulator.runFor(200);
  const fromNs = simulator.nowNs;
  host.open();
  const toNs = simulator.nowNs;
  pcscEntry(simulator, host);
  oneCheck(simulator, check, 1, "mynumber", "1234E");
  oneCheck(simulator, check, 2, "mynumber-family", "9999E");
  const stranger = hostAt(simulator, { ...PAIR, counter: "C-0002" });
  stranger.call();
  simulator.runFor(50);
  stranger.say(stranger.tls.begin());
  simulator.runFor(100);
  stranger.isThere = false;
  simulator.powerOff();
  simulator.runFor(500);
  simulator.powerOn();
  simulator.runFor(200);
  host.open();
  is(check.journal().length >= 6, true);
  const rekey = anotherKey(simulator, check);
  simulator.runFor(1000);
  simulator.close();
  return { simulator, handshake: { fromNs, toNs }, rekey };
}

/** A wrong key in between is judged by both. */
function anotherKey(simulator: Simulator, check: CheckHost): Span {
  const fromNs = simulator.nowNs;
  is(check.staff(0x35, new Uint8Array()), 0);
  check.host.close();
  check.host.isThere = false;
  const stranger = hostAt(simulator, { ...PAIR, psk: Buffer.alloc(32, 8) });
  throws(() => stranger.open(), /alert 51$/);
  stranger.isThere = false;
  const next = hostAt(simulator, { ...PAIR, psk: nextPskOf(PAIR.psk, PAIR) });
  next.open();
  const toNs = simulator.nowNs;
  next.close();
  return { fromNs, toNs };
}

function until(simulator: Simulator, page: string): void {
  is(
    simulator.runUntil(() => simulator.page() === page, 70_000),
    true,
    `${simulator.page()} instead of ${page}`,
  );
}

function pcscEntry(simulator: Simulator, host: CheckHost["host"]): void {
  simulator.insert("mynumber");
  simulator.runFor(100);
  host.slotStatus();
  host.powerOn();
  host.connect();
  for (const apdu of ["00a4040c0ad3921000310001010401", "00a4020c02001c"]) host.transmit(fromHex(apdu));
  host.beginSecure(fromHex(VERIFY_4));
  until(simulator, "pin");
  simulator.keys("1234E");
  host.finishSecure();
  host.powerOff();
  simulator.remove();
  simulator.runFor(500);
}

function oneCheck(simulator: Simulator, check: CheckHost, id: number, card: string, keys: string): void {
  check.begin({ id });
  until(simulator, "insert");
  simulator.insert(card);
  const question = check.answer();
  if (question.step !== "question") throw new Error("no question");
  check.go(id, question);
  until(simulator, "pin");
  simulator.keys(keys);
  is(check.answer().step, "result");
  until(simulator, "take");
  simulator.remove();
  simulator.runFor(500);
}
