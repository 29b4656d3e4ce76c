/** Every answer to reset that pcsc-tools knows: whole or refused by a clause, and as pyscard reads it but for a reviewed list. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { Atr, AtrError } from "../../firmware/protocol/atr.ts";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { ATR_DIFFERENCES } from "../vectors/atr-differences.ts";
import { readRefusals } from "./atr-clauses.ts";
import { countWildcards, knownAtrs } from "./card-list.ts";
import { differences, readByFirmware } from "./compare.ts";
import { readByPyscard } from "./pyscard-atr.ts";

const test = suite("known answers to reset");
const REFUSALS = readRefusals();
const ATRS = knownAtrs();

interface Result {
  readonly atr: string;
  readonly error: AtrError;
  readonly differs: string;
}

function readAll(): Result[] {
  const others = readByPyscard(ATRS);
  is(others.length, ATRS.length, "pyscard answers each line");
  const atr = new Atr(NODE_NATIVES);
  return ATRS.map((text, index) => {
    const reading = readByFirmware(atr, Buffer.from(text.replaceAll(" ", ""), "hex"));
    const found = differences(atr, reading, others[index]!, REFUSALS.get(reading.error)?.name ?? "");
    return { atr: text, error: reading.error, differs: found.join(", ") };
  });
}

const RESULTS = readAll();

function reviewed(): Map<string, string> {
  return new Map(ATR_DIFFERENCES.map(({ atr, differs }) => [atr, differs]));
}

test("the list is the whole list", () => {
  ok(ATRS.length > 3000, `${ATRS.length} lines without wildcards`);
  ok(countWildcards() < ATRS.length / 10, "few lines have wildcards");
});

test("each refusal of the decoder names its clause", () => {
  ok(REFUSALS.size > 10);
  for (const [number, { name, clause }] of REFUSALS) {
    is(clause === "", number === (AtrError.None as number), `${name}: "${clause}"`);
  }
});

test("each line is whole or refused by a clause", () => {
  const counts = new Map<AtrError, number>();
  for (const { atr, error } of RESULTS) {
    ok(REFUSALS.has(error), `${atr}: error ${error}`);
    counts.set(error, (counts.get(error) ?? 0) + 1);
  }
  ok((counts.get(AtrError.None) ?? 0) > 0.95 * ATRS.length, "nearly all cards are accepted");
  for (const [error, count] of [...counts].sort()) {
    const { name, clause } = REFUSALS.get(error)!;
    console.log(`\n${count} ${error === AtrError.None ? "whole" : `refused: ${name} (${clause})`}`);
  }
});

test("whatever pyscard reads differently is in the reviewed list, as it is there", () => {
  const known = reviewed();
  const unexplained = RESULTS.filter(({ atr, differs }) => (known.get(atr) ?? "") !== differs);
  const agreed = RESULTS.filter(({ differs }) => differs === "").length;
  console.log(`\n${agreed} read alike by pyscard, ${ATRS.length - agreed} differences reviewed`);
  console.log(`${ATRS.length} ATRs, ${unexplained.length} unexplained`);
  equal(unexplained, []);
});

test("no entry of the reviewed list is unused or stands twice", () => {
  const differing = new Map(RESULTS.map(({ atr, differs }) => [atr, differs]));
  const unused = ATR_DIFFERENCES.filter(({ atr, differs }) => differing.get(atr) !== differs);
  equal(unused, []);
  is(reviewed().size, ATR_DIFFERENCES.length);
});

test("the comparison notices a field that is read differently", () => {
  const bytes = Buffer.from("3be000ff8131fe4514", "hex");
  const other = readByPyscard([bytes.toString("hex")])[0]!;
  const atr = new Atr(NODE_NATIVES);
  const reading = readByFirmware(atr, bytes);
  equal(differences(atr, reading, other, ""), []);
  equal(differences(atr, reading, { ...other, ts: 0x3f }, ""), ["TS"]);
  equal(differences(atr, reading, { ...other, ta: [0x18, ...other.ta.slice(1)] }, ""), ["TA1"]);
  equal(differences(atr, reading, { ...other, protocols: ["T=0"] }, ""), ["T=1"]);
  equal(differences(atr, reading, { ...other, historicalBytes: 1 }, ""), ["TCK"]);
});

test.run();
