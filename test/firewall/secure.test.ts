/** Secure with every header and every hostile field: an entry begins for known PIN commands on known objects alone. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { IsoCard } from "../../host-sim/card/apps/iso-card.ts";
import { card } from "../../host-sim/card/deck.ts";
import { ABORT, AttackBench, POWER_ON, RESYNCH, SECURE, type BenchCard } from "./attack-bench.ts";
import { CLASSES } from "./classes.ts";
import { attackBySecure, HOSTILE_FORMS, LAWFUL_FORMS, type SecureForm } from "./secure-attacks.ts";
import { verifyRequest } from "./secure-requests.ts";
import { carelessTarget, ISO_ATR, isoTarget, jpkiTarget, jukiTarget } from "./targets.ts";

const test = suite("Secure");

interface Aim {
  readonly name: string;
  readonly target: () => BenchCard;
  readonly reference: number;
  readonly pin: string;
  /** Class, instruction and P1 that may be asked for, as hexadecimal, by form. */
  readonly verify: readonly string[];
  readonly newAlone: readonly string[];
  readonly oldAndNew: readonly string[];
}

const AIMS: readonly Aim[] = [
  {
    name: "利用者証明用",
    target: jpkiTarget,
    reference: 0x80,
    pin: "1357",
    verify: ["002000"],
    newAlone: ["002401"],
    oldAndNew: [],
  },
  {
    name: "住基",
    target: jukiTarget,
    reference: 0x80,
    pin: "1234",
    verify: ["002000"],
    newAlone: ["803200"],
    oldAndNew: [],
  },
  {
    name: "an unknown application",
    target: isoTarget,
    reference: 0x01,
    pin: "1234",
    verify: ["002000"],
    newAlone: ["002401"],
    oldAndNew: ["002400"],
  },
];

function allowed(aim: Aim, form: SecureForm): readonly string[] {
  if (form.operation === "verify") return aim.verify;
  return form.name === "old and new" ? aim.oldAndNew : aim.newAlone;
}

function* headers(aim: Aim): Generator<number[]> {
  for (const cla of CLASSES) {
    for (let ins = 0; ins < 256; ins++) {
      for (const p1 of [0, 1]) yield [cla, ins, p1, aim.reference];
    }
  }
}

/** For what no header makes acceptable: P1 01 for CHANGE alone, where it means something. */
function* hostileHeaders(aim: Aim): Generator<number[]> {
  for (const header of headers(aim)) if (header[2] === 0 || header[1] === 0x24) yield header;
}

function hex(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString("hex");
}

for (const aim of AIMS) {
  test(`an entry for ${aim.name} begins with the commands of that object alone`, () => {
    const bench = new AttackBench(aim.target());
    let count = 0;
    for (const form of LAWFUL_FORMS) {
      const begun: string[] = [];
      for (const header of headers(aim)) {
        if (attackBySecure(bench, form, header, aim.pin)) begun.push(hex(header.slice(0, 3)));
        bench.check(`${hex(header)} ${form.name}`);
        count++;
      }
      equal(begun, allowed(aim, form), form.name);
    }
    tell(`by Secure for ${aim.name}`, count, bench);
  });

  test(`no hostile field begins an entry for ${aim.name}`, () => {
    const bench = new AttackBench(aim.target());
    let count = 0;
    for (const form of HOSTILE_FORMS) {
      for (const header of hostileHeaders(aim)) {
        if (attackBySecure(bench, form, header, aim.pin)) bench.watch.report("an entry began");
        bench.check(`${hex(header)} ${form.name}`);
        count++;
      }
    }
    tell(`by hostile Secure for ${aim.name}`, count, bench);
  });
}

function tell(name: string, count: number, bench: AttackBench): void {
  console.log(`\n${count} commands ${name}, ${bench.watch.breaches.length} breaches`);
  equal(bench.watch.breaches.slice(0, 5), []);
}

/** Tries every P2 for VERIFY; returns those that begin an entry. */
function references(bench: AttackBench, pin: string): number[] {
  const found: number[] = [];
  for (let p2 = 0; p2 < 256; p2++) {
    if (attackBySecure(bench, LAWFUL_FORMS[0]!, [0x00, 0x20, 0x00, p2], pin)) found.push(p2);
    bench.check(`P2 ${p2}`);
  }
  return found;
}

test("of 256 references in the JPKI AP only the current file and 0018 are asked for", () => {
  const bench = new AttackBench(jpkiTarget());
  equal(references(bench, "1357"), [0x80, 0x98]);
  equal(bench.watch.breaches, []);
});

test("the 署名用 password is never asked for, by selection or by short identifier, and no try is used", () => {
  const target = jpkiTarget();
  const bench = new AttackBench({
    ...target,
    selects: [target.selects[0]!, Uint8Array.of(0, 0xa4, 2, 12, 2, 0, 0x1b)],
  });
  equal(references(bench, "1357"), [0x98]);
  is(target.pins.find((pin) => pin.file === 0x1b)?.verifyCount, 0);
  equal(bench.watch.breaches, []);
});

test("a selection given in parts by command chaining leaves nothing that may be asked for, until the next whole one", () => {
  const bench = new AttackBench(carelessTarget());
  const asks = (): boolean => {
    const began = attackBySecure(bench, LAWFUL_FORMS[0]!, [0x00, 0x20, 0x00, 0x80], "1234");
    bench.resynch();
    return began;
  };
  ok(asks(), "nothing selected");
  bench.command([0x10, 0xa4, 0x04, 0x0c, 5, 0xd3, 0x92, 0x10, 0x00, 0x31]);
  is(asks(), false, "a part is open");
  bench.command([0x00, 0xa4, 0x04, 0x0c, 5, 0x00, 0x01, 0x01, 0x04, 0x01]);
  is(asks(), false, "its end names no application");
  bench.command([0x00, 0xa4, 0x04, 0x0c, 5, 0xa0, 0x00, 0x00, 0x00, 0x01]);
  ok(asks(), "another one is selected whole");
  bench.command([0x10, 0xdb, 0x3f, 0xff, 1, 0x00]);
  is(asks(), false, "any command is half given");
  bench.check("chained selection");
  equal(bench.watch.breaches, []);
});

test("nothing that comes while the card works on the typed PIN reaches it or begins the command again", () => {
  const application = Object.assign(new IsoCard(), { processingNs: () => 3e9 });
  const slow = card("slow", application, { atr: ISO_ATR });
  const bench = new AttackBench({ card: slow, pins: application.pins, selects: [] });
  const data = verifyRequest({ apdu: [0x00, 0x20, 0x00, 0x01] });
  const sequence = bench.host.send(SECURE, [0, 0, 0], data);
  ok(bench.isAsked());
  const before = bench.watch.tap.commands;
  bench.type("9999E");
  bench.transfer(bench.block(0x40, [0x00, 0x20, 0x00, 0x01, 4, 0x31, 0x32, 0x33, 0x34]));
  bench.transfer(bench.block(RESYNCH));
  bench.message(SECURE, data);
  bench.message(POWER_ON, [], [1, 0, 0]);
  bench.message(ABORT);
  is(bench.watch.tap.commands - before, 1);
  equal([...(bench.replyTo(sequence)?.data ?? [])], [0, 0, 2, 0x63, 0xc2, 0xa3]);
  bench.check("while the card works");
  is(bench.watch.tap.commands - before, 1);
  is(application.pins[0]!.verifyCount, 1);
  equal(bench.watch.breaches, []);
});

test("a Secure directly after power-on and PPS is answered by the card's status word, and later PPS-looking data are refused", () => {
  for (const sendsPps of [true, false]) {
    const bench = new AttackBench(isoTarget());
    if (sendsPps) bench.transfer([0xff, 0x11, 0x18, 0xf6]);
    const data = verifyRequest({ apdu: [0x00, 0x20, 0x00, 0x01] });
    const sequence = bench.host.send(SECURE, [0, 0, 0], data);
    ok(bench.isAsked());
    bench.type("1234E");
    equal([...(bench.replyTo(sequence)?.data ?? [])], [0, 0, 2, 0x90, 0, 0x92]);
    is(bench.transfer([0xff, 0x01, 0xfe])?.data[1]! & 0xc0, 0x80, "an R-block");
  }
});

test.run();
