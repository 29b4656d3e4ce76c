/** Every class and instruction as a plain command in GemPC bytes: none compares, changes or unblocks a PIN. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { AttackBench, type BenchCard } from "./attack-bench.ts";
import type { RawReply } from "./raw-host.ts";
import { carelessTarget, isoTarget, jpkiTarget } from "./targets.ts";

const test = suite("plain commands");
const DIGITS = [0x31, 0x32, 0x33, 0x34];

interface Form {
  readonly name: string;
  readonly tail: readonly number[];
}

const BARE: Form = { name: "header alone", tail: [] };
const DATA: Form = { name: "Lc and digits", tail: [4, ...DIGITS] };
const DATA_LE: Form = { name: "Lc, digits and Le", tail: [4, ...DIGITS, 0] };

/** Of 65,536: 10 PIN and 2 envelope instructions in 256 classes, 4 key ones in all but 00–1F, the other 240 of class FF. */
const REFUSED = 12 * 256 + 4 * (256 - 32) + 240;

/** Sends all 65,536 in each form; returns how many and the breaches. */
function sweep(target: BenchCard, reference: number, forms: readonly Form[]): [number, string[]] {
  const bench = new AttackBench(target);
  let count = 0;
  let expected = bench.watch.tap.commands;
  for (let cla = 0; cla < 256; cla++) {
    for (let ins = 0; ins < 256; ins++) {
      for (const form of forms) {
        const reply = bench.command([cla, ins, 0, reference, ...form.tail]);
        if (!isWholeAnswer(reply)) bench.resynch();
        bench.check(`${hex(cla)} ${hex(ins)} ${form.name}`);
        count++;
      }
    }
    expected += 256 * forms.length + target.selects.length + 1;
    bench.resynch();
    for (const select of target.selects) bench.command(select);
    isAimed(bench, reference, cla);
  }
  equal(bench.simulator.world.complaints, []);
  // Bare, one of the refused is the retry query, which passes.
  const queries = forms.includes(BARE) ? 1 : 0;
  is(bench.watch.tap.commands, expected - REFUSED * forms.length + queries, "commands on the card's line");
  return [count, bench.watch.breaches];
}

/** An I-block without the more bit: both ends are in step for the next command. */
function isWholeAnswer(reply: RawReply | undefined): boolean {
  return reply !== undefined && reply.data.length >= 4 && (reply.data[1]! & 0xbf) === 0;
}

/** The card still answers, and a VERIFY there would find the PIN: the counter is asked for and full. */
function isAimed(bench: AttackBench, reference: number, cla: number): void {
  const reply = bench.command([0x00, 0x20, 0x00, reference]);
  const statusWord = Buffer.from(reply?.data.subarray(3, 5) ?? []).toString("hex");
  is(statusWord, "63c3", `after class ${hex(cla)}`);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function tell(name: string, [count, breaches]: [number, string[]]): void {
  console.log(`\n${count} commands to ${name}, ${breaches.length} breaches`);
  equal(breaches, []);
}

test("none of 65,536 headers, bare or with digits, touches a card that takes every class", () => {
  tell("a careless card", sweep(carelessTarget(), 0x80, [BARE, DATA]));
});

test("none of 65,536 commands with digits touches a 個人番号カード", () => {
  tell("a 個人番号カード", sweep(jpkiTarget(), 0x80, [DATA]));
});

test("none of 65,536 commands with digits and Le touches an ISO card", () => {
  tell("an ISO card", sweep(isoTarget(), 0x01, [DATA_LE]));
});

test("the digits of the sweep would do harm: each card lets itself be touched by them", () => {
  for (const target of [carelessTarget(), jpkiTarget(), isoTarget()]) {
    const bench = new AttackBench(target);
    const pin = target.pins.find((each) => each.file === 0x18 || each.file === 0x01);
    const left = pin?.left;
    pin?.verify(Uint8Array.from(DIGITS));
    bench.check("by hand");
    is(bench.watch.breaches.length, 1, `${target.card.name} with ${left} tries`);
    ok(bench.watch.breaches[0]!.includes("was touched"));
  }
});

test.run();
