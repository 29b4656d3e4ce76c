/** A command in one T=1 block that is not what it should be, or at a level that is not the terminal's. */
import { type AttackBench, MORE, RESYNCH, xorOf } from "./attack-bench.ts";
import { type Disguise, HEADER, QUERY } from "./disguise.ts";

/** One block in one message, its prologue not what it should be. */
export function oneBlock(
  name: string,
  build: (bench: AttackBench, apdu: readonly number[]) => number[] | Uint8Array,
): Disguise {
  return { name, run: (bench, apdu) => void bench.transfer(build(bench, apdu)) };
}

/** NAD PCB LEN INF with a right LRC over all of it, whatever LEN says. */
function withLength(length: number, inf: readonly number[]): number[] {
  const body = [0, 0, length & 255, ...inf];
  return [...body, xorOf(body)];
}

export const BLOCKS: readonly Disguise[] = [
  ...[0x01, 0x12, 0x21, 0x88, 0xff].map((nad) =>
    oneBlock(`NAD ${nad}`, (bench, apdu) => bench.block(bench.ns << 6, apdu, nad)),
  ),
  oneBlock("LEN 4 before more", (_, apdu) => withLength(4, apdu)),
  oneBlock("LEN 0 before more", (_, apdu) => withLength(0, apdu)),
  oneBlock("LEN one too many", (_, apdu) => withLength(apdu.length + 1, apdu)),
  oneBlock("LEN 255", (_, apdu) => withLength(255, apdu)),
  oneBlock("LEN 4 of a query, LRC right, then digits", (bench, apdu) => [
    ...bench.block(0, QUERY),
    ...apdu.slice(HEADER),
  ]),
  oneBlock("two blocks in one message, the query first", (bench, apdu) => [
    ...bench.block(0, QUERY),
    ...bench.block(0x40, apdu),
  ]),
  oneBlock("two blocks in one message, the command first", (bench, apdu) => [
    ...bench.block(0, apdu),
    ...bench.block(0x40, QUERY),
  ]),
  oneBlock("two blocks of one chain in one message", (bench, apdu) => [
    ...bench.block(MORE, apdu.slice(0, HEADER)),
    ...bench.block(0x40, apdu.slice(HEADER)),
  ]),
  oneBlock("an I-block with b5–b1 of its PCB set", (bench, apdu) => bench.block(0x1f, apdu)),
  oneBlock("an R-block with data", (bench, apdu) => bench.block(0x80, apdu)),
  oneBlock("S(RESYNCH) with data", (bench, apdu) => bench.block(RESYNCH, apdu)),
  oneBlock("S(WTX) with data", (bench, apdu) => bench.block(0xc3, apdu)),
  oneBlock("a bare APDU without a block", (_, apdu) => [...apdu]),
  oneBlock("a bare APDU behind a NAD", (_, apdu) => [0, ...apdu]),
];

export const LEVELS: readonly Disguise[] = [1, 2, 3, 0x10, 0x100].flatMap((level) => [
  {
    name: `wLevelParameter ${level} with a block`,
    run: (bench, apdu) => void bench.transfer(bench.information(apdu), level),
  },
  {
    name: `wLevelParameter ${level} with the APDU, then 2 with the rest`,
    run: (bench, apdu) => {
      bench.transfer(apdu.slice(0, HEADER), level);
      bench.transfer(apdu.slice(HEADER), 2);
    },
  },
]);
