/** A quick pass over all attacks: what a build with a hole is tried with. Runs in the bundle that `hole-build.ts` makes. */
import { card } from "../../host-sim/card/deck.ts";
import { MY_NUMBER_ATR } from "../../host-sim/card/apps/my-number-card.ts";
import { AttackBench, SECURE, type BenchCard } from "./attack-bench.ts";
import { CarelessCard } from "./careless-card.ts";
import { DISGUISES } from "./disguises.ts";
import { attackBySecure, HOSTILE_FORMS, LAWFUL_FORMS } from "./secure-attacks.ts";
import { verifyRequest } from "./secure-requests.ts";
import { substituted } from "./substituted.ts";
import { carelessTarget, jpkiTarget } from "./targets.ts";

const CLASSES = [0x00, 0x10, 0x80, 0xff];
const INSTRUCTIONS = [0x20, 0x21, 0x24, 0x26, 0x28, 0x2c, 0x2d, 0x32, 0xb0, 0xc2];
const DISGUISED = [
  [0x00, 0x20],
  [0x80, 0x32],
];
const WRITERS = [0xd6, 0xd0, 0xda, 0xdb, 0xe2, 0x88, 0x2a, 0xc2];
const REFERENCES = [0x80, 0x81, 0x98, 0x9b];
const DIGITS = [4, 0x31, 0x32, 0x33, 0x34];

/** Every breach of a pass over plain and disguised commands, Secure, the substitute and a card whose answer is lost. */
export function findBreaches(): string[] {
  return [
    ...byCommands(),
    ...bySecure(),
    ...byReferences(),
    ...byParts(),
    ...bySubstitute(),
    ...byLostAnswer(),
  ];
}

function byCommands(): string[] {
  const bench = new AttackBench(carelessTarget());
  for (const cla of CLASSES) {
    for (const ins of INSTRUCTIONS) {
      bench.resynch();
      bench.command([cla, ins, 0x00, 0x80, ...DIGITS]);
      bench.check("plain");
    }
  }
  for (const head of DISGUISED) {
    for (const disguise of DISGUISES) {
      bench.resynch();
      disguise.run(bench, [...head, 0x00, 0x80, ...DIGITS]);
      bench.check(disguise.name);
    }
  }
  return bench.watch.breaches;
}

/** The disguises that carry a VERIFY to the card: in a build whose firewall passes all, those that are worth refusing. */
export function carryingDisguises(): string[] {
  const bench = new AttackBench(carelessTarget());
  return DISGUISES.filter((disguise) => {
    const before = bench.watch.breaches.length;
    bench.resynch();
    disguise.run(bench, [0x00, 0x20, 0x00, 0x80, ...DIGITS]);
    bench.check(disguise.name);
    return bench.watch.breaches.length > before;
  }).map((disguise) => disguise.name);
}

/** An entry may begin for VERIFY of the selected object alone. */
function bySecure(): string[] {
  const bench = new AttackBench(jpkiTarget());
  for (const form of [...LAWFUL_FORMS.slice(0, 3), ...HOSTILE_FORMS]) {
    for (const ins of [0x20, ...WRITERS]) {
      const isLawful = ins === 0x20 && LAWFUL_FORMS.includes(form);
      const began = attackBySecure(bench, form, [0x00, ins, 0x00, 0x80], "1357");
      if (began && !isLawful) bench.watch.report("an entry began");
      bench.check(`Secure ${ins.toString(16)} ${form.name}`);
    }
  }
  return bench.watch.breaches;
}

/** P2 81 names nothing, 9B the 署名用 password. */
function byReferences(): string[] {
  const bench = new AttackBench(jpkiTarget());
  for (const reference of REFERENCES) {
    const began = attackBySecure(bench, LAWFUL_FORMS[0]!, [0x00, 0x20, 0x00, reference], "1357");
    if (began && reference !== 0x80 && reference !== 0x98) bench.watch.report("an entry began");
    bench.check(`reference ${reference.toString(16)}`);
  }
  return bench.watch.breaches;
}

/** The AID of the 住基AP in two commands, the first chained by its class: the terminal can no longer name what is selected. */
function byParts(): string[] {
  const bench = new AttackBench(carelessTarget());
  bench.command([0x10, 0xa4, 0x04, 0x0c, 5, 0xd3, 0x92, 0x10, 0x00, 0x31]);
  bench.command([0x00, 0xa4, 0x04, 0x0c, 5, 0x00, 0x01, 0x01, 0x04, 0x01]);
  const began = attackBySecure(bench, LAWFUL_FORMS[0]!, [0x00, 0x20, 0x00, 0x9c], "1234");
  if (began) bench.watch.report("an entry began");
  bench.check("a selection in parts");
  return bench.watch.breaches;
}

function bySubstitute(): string[] {
  const bench = new AttackBench(jpkiTarget(), "substitute");
  for (const ins of INSTRUCTIONS)
    substituted(bench, [0x00, ins, 0x00, 0x80, 4, 0x39, 0x39, 0x39, 0x39], "1357");
  return bench.watch.breaches;
}

/** Blocks 2 to 4 of the card are the answer to VERIFY and its repetitions: after the third the command must not begin anew. */
function byLostAnswer(): string[] {
  const application = new CarelessCard();
  const silent = card("silent", application, { atr: MY_NUMBER_ATR, faults: { badEdc: [2, 3, 4] } });
  const target: BenchCard = { card: silent, pins: application.pins, selects: [] };
  const bench = new AttackBench(target);
  const sequence = bench.host.send(SECURE, [0, 0, 0], verifyRequest({ apdu: [0x00, 0x20, 0x00, 0x80] }));
  if (bench.isAsked()) bench.type("1234E");
  bench.replyTo(sequence);
  bench.simulator.runFor(5000);
  bench.check("lost answer");
  return bench.watch.breaches;
}
