/** Commands that carry another, or their own data, in another encoding; data that look like a PPS; chains by class. */
import { POWER_ON } from "./attack-bench.ts";
import { type Disguise, HEADER, QUERY, HARMLESS, PPS, SHORT_PPS } from "./disguise.ts";
import { oneBlock } from "./disguised-blocks.ts";

/** One whole APDU whose bytes are more or other than the plain command. */
function oneCommand(name: string, build: (apdu: readonly number[]) => number[]): Disguise {
  return { name, run: (bench, apdu) => void bench.command(build(apdu)) };
}

export const ENCODINGS: readonly Disguise[] = [
  oneCommand("P1 01", ([cla, ins, , ...rest]) => [cla!, ins!, 1, ...rest]),
  oneCommand("P1 FF", ([cla, ins, , ...rest]) => [cla!, ins!, 0xff, ...rest]),
  oneCommand("Lc 00 alone", (apdu) => [...apdu.slice(0, HEADER), 0]),
  oneCommand("Lc alone", (apdu) => apdu.slice(0, 5)),
  oneCommand("Lc greater than the data", (apdu) => [...apdu.slice(0, HEADER), 9, ...apdu.slice(5)]),
  oneCommand("Lc less than the data", (apdu) => [...apdu.slice(0, HEADER), 1, ...apdu.slice(5)]),
  oneCommand("Lc 00 before data", (apdu) => [...apdu.slice(0, HEADER), 0, ...apdu.slice(5)]),
  oneCommand("no Lc before the digits", (apdu) => [...apdu.slice(0, HEADER), ...apdu.slice(5)]),
  oneCommand("extended Lc", (apdu) => [...apdu.slice(0, HEADER), 0, 0, ...apdu.slice(HEADER)]),
  oneCommand("extended Lc and Le", (apdu) => [...apdu.slice(0, HEADER), 0, 0, ...apdu.slice(HEADER), 0, 0]),
  oneCommand("Le behind the digits", (apdu) => [...apdu, 0]),
  oneCommand("behind a READ BINARY, as bytes of T=0", (apdu) => [...HARMLESS, 0, ...apdu]),
  oneCommand("behind a SELECT with data", (apdu) => [0x00, 0xa4, 0x02, 0x0c, 2, 0x00, 0x18, ...apdu]),
  oneCommand("behind 00 20 00 80", (apdu) => [...QUERY, ...apdu]),
  oneCommand("behind 00 20 00 80 00", (apdu) => [...QUERY, 0, ...apdu]),
  oneCommand("a command behind it", (apdu) => [...apdu, ...QUERY]),
  oneCommand("in an ENVELOPE of its class", (apdu) => [apdu[0]!, 0xc2, 0, 0, apdu.length, ...apdu]),
  oneCommand("in an ENVELOPE of class 00", (apdu) => [0x00, 0xc2, 0, 0, apdu.length, ...apdu]),
  oneCommand("in an ENVELOPE C3", (apdu) => [apdu[0]!, 0xc3, 0, 0, apdu.length, ...apdu]),
  oneCommand("behind FF", (apdu) => [0xff, ...apdu]),
  oneCommand("behind a PPS", (apdu) => [...PPS, ...apdu]),
];

export const PPS_LED: readonly Disguise[] = [
  oneBlock("FF before the APDU", (_, apdu) => [0xff, ...apdu]),
  oneBlock("a PPS, then the APDU, in one message", (_, apdu) => [...PPS, ...apdu]),
  oneBlock("a PPS, then a block, in one message", (bench, apdu) => [...PPS, ...bench.block(0, apdu)]),
  {
    name: "a PPS directly after power-on, then the APDU without a block",
    run: (bench, apdu) => {
      bench.message(POWER_ON, [], [1, 0, 0]);
      bench.ns = 0;
      bench.transfer(PPS);
      bench.transfer(apdu);
    },
  },
  {
    name: "a PPS with the APDU behind it directly after power-on",
    run: (bench, apdu) => {
      bench.message(POWER_ON, [], [1, 0, 0]);
      bench.ns = 0;
      bench.transfer([...SHORT_PPS, ...apdu]);
    },
  },
  {
    name: "a second PPS, then the command",
    run: (bench, apdu) => {
      bench.message(POWER_ON, [], [1, 0, 0]);
      bench.ns = 0;
      bench.transfer(PPS);
      bench.transfer(SHORT_PPS);
      bench.command(apdu);
    },
  },
];

export const CLASS_CHAINS: readonly Disguise[] = [
  {
    name: "command chaining by class, digits in the last",
    run: (bench, apdu) => {
      bench.command([apdu[0]! | 0x10, ...apdu.slice(1, HEADER), 2, ...apdu.slice(5, 7)]);
      bench.command([apdu[0]! & 0xef, ...apdu.slice(1, HEADER), 2, ...apdu.slice(7)]);
    },
  },
  {
    name: "a harmless command chained before it",
    run: (bench, apdu) => {
      bench.command([apdu[0]! | 0x10, 0xa4, 4, 0, 2, 0xd3, 0x92]);
      bench.command(apdu);
    },
  },
  {
    name: "a query before it",
    run: (bench, apdu) => {
      bench.command(QUERY);
      bench.command(apdu);
    },
  },
];
