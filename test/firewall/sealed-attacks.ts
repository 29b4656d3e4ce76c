/** What a counter that holds the key tries against a sealed terminal: the PC/SC path, a check's card, and a session without Hello. */
import { makeCard } from "../../host-sim/card/deck.ts";
import { HostFailure } from "../../host-sim/host/ccid-host.ts";
import { CheckHost } from "../host-sim/world/check-host.ts";
import { hostAt, PAIR, sealedTerminal } from "../host-sim/world/sealed-simulator.ts";
import {
  ESCAPE,
  POWER_OFF,
  POWER_ON,
  SECURE,
  SET_PARAMETERS,
  SLOT_STATUS,
  XFR_BLOCK,
} from "./attack-bench.ts";
import { CardTap } from "../../host-sim/scenario/card-tap.ts";
import { CLASSES } from "./classes.ts";
import { DISGUISES } from "./disguises.ts";
import { sealedBench } from "./sealed-bench.ts";
import { attackBySecure, HOSTILE_FORMS, LAWFUL_FORMS } from "./secure-attacks.ts";
import { verifyRequest } from "./secure-requests.ts";
import { carelessTarget, jpkiTarget } from "./targets.ts";

export interface Attacked {
  readonly count: number;
  readonly breaches: readonly string[];
}

const DIGITS = [4, 0x31, 0x32, 0x33, 0x34];
const WRITERS = [0xd6, 0xd0, 0xda, 0xdb, 0xe2, 0x88, 0x2a, 0xc2];
const DISGUISED = [
  [0x00, 0x20],
  [0x00, 0x24],
  [0x80, 0x32],
];

/** The card's own PIN and others, as VERIFY and both CHANGEs. */
const UNKNOWN_OBJECTS = [0x00, 0x01, 0x80, 0x81, 0x9c].flatMap((reference) => [
  [0x20, 0x00, reference] as const,
  [0x24, 0x00, reference] as const,
  [0x24, 0x01, reference] as const,
]);
const UNKNOWN_SELECT = Uint8Array.of(0x00, 0xa4, 0x04, 0x0c, 6, 0xd2, 0x76, 0x00, 0x01, 0x24, 0x01);

/** Every instruction in sixteen classes, with digits, to the card that takes them all. */
export function byPlainCommands(classes = CLASSES): Attacked {
  const bench = sealedBench(carelessTarget());
  let count = 0;
  for (const cla of classes) {
    for (let ins = 0; ins < 256; ins++) {
      const reply = bench.command([cla, ins, 0x00, 0x80, ...DIGITS]);
      if (reply === undefined || reply.data.length < 4 || (reply.data[1]! & 0xbf) !== 0) bench.resynch();
      bench.check(`${cla.toString(16)} ${ins.toString(16)}`);
      count++;
    }
  }
  bench.simulator.close();
  return { count, breaches: bench.watch.breaches };
}

/** With an object selected that the terminal knows, for entries that are to be disturbed. */
export function byDisguises(): Attacked {
  const bench = sealedBench({ ...carelessTarget(), selects: jpkiTarget().selects });
  for (const head of DISGUISED) {
    for (const disguise of DISGUISES) {
      bench.resynch();
      disguise.run(bench, [...head, 0x00, 0x80, ...DIGITS]);
      bench.check(disguise.name);
    }
  }
  bench.simulator.close();
  return { count: DISGUISED.length * DISGUISES.length, breaches: bench.watch.breaches };
}

/** An entry may begin for VERIFY of the selected object alone. */
export function bySecure(): Attacked {
  const bench = sealedBench(jpkiTarget());
  let count = 0;
  for (const form of [...LAWFUL_FORMS.slice(0, 3), ...HOSTILE_FORMS]) {
    for (const ins of [0x20, ...WRITERS]) {
      const isLawful = ins === 0x20 && LAWFUL_FORMS.includes(form);
      const began = attackBySecure(bench, form, [0x00, ins, 0x00, 0x80], "1357");
      if (began !== isLawful) bench.watch.report(began ? "an entry began" : "no entry began");
      bench.check(`Secure ${ins.toString(16)} ${form.name}`);
      count++;
    }
  }
  bench.simulator.close();
  return { count, breaches: bench.watch.breaches };
}

/** Before the first SELECT, and behind one that the list refuses: no page may ask for a PIN without a name. */
export function bySecureUnselected(): Attacked {
  let count = 0;
  const breaches: string[] = [];
  const targets = [jpkiTarget(), carelessTarget()];
  for (const [target, selects] of targets.flatMap((one) => [
    [one, []] as const,
    [one, [UNKNOWN_SELECT]] as const,
  ])) {
    const bench = sealedBench({ ...target, selects });
    for (const form of LAWFUL_FORMS) {
      for (const [ins, p1, reference] of UNKNOWN_OBJECTS) {
        const began = attackBySecure(bench, form, [0x00, ins, p1, reference], "1234");
        if (began) bench.watch.report("an entry began");
        bench.check(`Secure ${ins.toString(16)} ${form.name}`);
        count++;
      }
    }
    bench.simulator.close();
    breaches.push(...bench.watch.breaches);
  }
  return { count, breaches };
}

/** Whole blocks and messages that would all do something to a card of the sender's own. */
function intrusions(): (readonly [number, readonly number[], readonly number[]])[] {
  const block = (apdu: readonly number[]): number[] => {
    const body = [0, 0, apdu.length, ...apdu];
    return [...body, body.reduce((sum, byte) => sum ^ byte, 0)];
  };
  const commands = [
    [0x00, 0x20, 0x00, 0x80],
    [0x00, 0x20, 0x00, 0x80, ...DIGITS],
    [0x00, 0xa4, 0x02, 0x0c, 0x02, 0x00, 0x1c],
    [0x00, 0xb0, 0x00, 0x00, 0x00],
  ];
  const whole = [0x61, 0x62, 0x63, 0x65, 0x6a, 0x6c, 0x6d, 0x6e, 0x71, 0x73].map(
    (type) => [type, [1, 0, 0], []] as const,
  );
  return [
    ...whole,
    [SET_PARAMETERS, [1, 0, 0], [0x11, 0x10, 0xff, 0x45, 0, 0xfe, 0]],
    [SECURE, [0, 0, 0], verifyRequest({ apdu: [0x00, 0x20, 0x00, 0x80] })],
    ...commands.map((apdu) => [XFR_BLOCK, [0, 0, 0], block(apdu)] as const),
    ...[0x00, 0x01, 0x02, 0x6a].map((first) => [ESCAPE, [0, 0, 0], [first, 1, 2, 3]] as const),
  ];
}

/** Undefined when no answer has come. */
function attempted<Answer>(ask: () => Answer): Answer | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof HostFailure) return undefined;
    throw error;
  }
}

/** What the card hears in a check, with attacks or without: commands, how often it is reset, and the result. */
function heardInCheck(isAttacked: boolean): { heard: string[]; count: number; passed: string[] } {
  const { simulator, host } = sealedTerminal();
  const check = new CheckHost(host);
  const tap = new CardTap(simulator.world);
  const heard: string[] = [];
  const passed: string[] = [];
  let count = 0;
  tap.onCommand = (apdu) => heard.push(Buffer.from(apdu).toString("hex"));
  simulator.world.recorder.onEvent(({ channel, value }) => {
    if (channel === "card-supply") heard.push(String(value));
  });
  host.open();
  const attack = (when: string): void => {
    if (!isAttacked) return;
    for (const [type, specific, data] of intrusions()) {
      const [a = 0, b = 0, c = 0] = specific;
      const reply = attempted(() => host.command(type, [a, b, c], Uint8Array.from(data), 5e9));
      count++;
      if (reply === undefined || (reply.status & 0x40) === 0)
        passed.push(`${when}: message ${type.toString(16)} is not refused`);
    }
  };
  const until = (page: string): void => void simulator.runUntil(() => simulator.page() === page, 70_000);
  check.begin({ id: 1 });
  until("insert");
  attack("before the card");
  simulator.insert(makeCard("mynumber"));
  const question = attempted(() => check.answer());
  if (question?.step !== "question") return { heard, count, passed: [...passed, "no question"] };
  attack("while the counter is asked");
  check.go(1, question);
  until("pin");
  attack("at the entry");
  simulator.keys("12");
  simulator.runFor(500);
  attack("in the entry");
  simulator.keys("34E");
  heard.push(JSON.stringify(check.answer()));
  simulator.runFor(200);
  // The card is the check's no more, and off.
  if (isAttacked && (host.slotStatus().status & 3) !== 1) passed.push("the card is on after the check");
  simulator.close();
  return { heard, count, passed };
}

export function byMessagesInCheck(): Attacked {
  const quiet = heardInCheck(false);
  const attacked = heardInCheck(true);
  const isSame = quiet.heard.join() === attacked.heard.join();
  const different = isSame ? [] : [`the card hears ${attacked.heard.join()}`];
  return { count: attacked.count, breaches: [...attacked.passed, ...different] };
}

/** Every own command, and messages of the reader, before Hello: nothing is shown, powered or written down. */
export function bySessionWithoutHello(): Attacked {
  const { simulator } = sealedTerminal();
  const host = hostAt(simulator, PAIR);
  simulator.insert("mynumber");
  simulator.runFor(2000);
  const breaches: string[] = [];
  const before = simulator.page();
  let count = 0;
  const powered: string[] = [];
  simulator.world.recorder.onEvent(({ channel, value }) => {
    if (channel === "card-supply") powered.push(String(value));
  });
  const memory = (): string => simulator.world.fram.save().toString("hex");
  host.call();
  simulator.runFor(50);
  host.say(host.tls.begin());
  simulator.runFor(50);
  const was = memory();
  const attack = (what: string, type: number, data: readonly number[]): void => {
    count++;
    const reply = attempted(() => host.command(type, [1, 0, 0], Uint8Array.from(data), 5e9));
    if (reply === undefined || (reply.status & 0x40) === 0) breaches.push(`${what} is not refused`);
  };
  for (const type of [POWER_ON, POWER_OFF, SLOT_STATUS, XFR_BLOCK, SECURE])
    attack(`message ${type}`, type, []);
  for (let number = 0; number < 256; number++)
    if (number !== 0x10)
      attack(`command ${number.toString(16)}`, ESCAPE, [0x4d, number, ...Array<number>(40).fill(1)]);
  if (memory() !== was) breaches.push("the memory was written");
  if (powered.length > 0) breaches.push(`the card: ${powered.join()}`);
  if (simulator.page() !== before) breaches.push(`page ${simulator.page()}`);
  simulator.close();
  return { count, breaches };
}
