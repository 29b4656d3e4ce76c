/** A command spread over T=1 blocks, and what a host could do between them. */
import {
  ABORT,
  type AttackBench,
  CARD_CLOCK,
  ESCAPE,
  GET_PARAMETERS,
  MORE,
  POWER_OFF,
  RESET_PARAMETERS,
  RESYNCH,
  S_ABORT,
  S_IFS,
  SET_PARAMETERS,
} from "./attack-bench.ts";
import { type Disguise, HEADER, QUERY, HARMLESS, T1_PARAMETERS, PPS } from "./disguise.ts";

/** Sends the parts as one chain, its last block without the more bit. */
function chain(bench: AttackBench, parts: readonly (readonly number[])[]): void {
  parts.forEach((part, i) => bench.transfer(bench.information(part, i < parts.length - 1 ? MORE : 0)));
}

function splits(): Disguise[] {
  const after = (bytes: number): Disguise => ({
    name: `a block ends after byte ${bytes}`,
    run: (bench, apdu) => chain(bench, [apdu.slice(0, bytes), apdu.slice(bytes)]),
  });
  return [1, 2, 3, 4, 5].map(after);
}

export const CHAINS: readonly Disguise[] = [
  ...splits(),
  {
    name: "every byte in a block of its own",
    run: (bench, apdu) =>
      chain(
        bench,
        apdu.map((byte) => [byte]),
      ),
  },
  { name: "an empty block first", run: (bench, apdu) => chain(bench, [[], apdu]) },
  { name: "an empty block last", run: (bench, apdu) => chain(bench, [apdu, []]) },
  {
    name: "00 20 00 80 with the more bit, then the command",
    run: (bench, apdu) => chain(bench, [QUERY, apdu]),
  },
  {
    name: "00 20 00 80 with the more bit, then Lc and digits",
    run: (bench, apdu) => chain(bench, [QUERY, apdu.slice(HEADER)]),
  },
];

/** Opens a chain with a part of `apdu`, does `between`, then goes on as if nothing had been. */
function inMidChain(name: string, between: (bench: AttackBench) => void): Disguise[] {
  const goOn = (bench: AttackBench, first: readonly number[], rest: readonly number[]): void => {
    bench.transfer(bench.information(first, MORE));
    between(bench);
    bench.transfer(bench.information(rest));
  };
  return [
    {
      name: `${name} between header and data`,
      run: (bench, apdu) => goOn(bench, apdu.slice(0, HEADER), apdu.slice(HEADER)),
    },
    {
      name: `${name} between another header and the command`,
      run: (bench, apdu) => goOn(bench, HARMLESS, apdu),
    },
  ];
}

function spoiled(bench: AttackBench, pcb: number, inf: readonly number[]): Uint8Array {
  const block = bench.block(pcb, inf);
  block[block.length - 1]! ^= 0x55;
  return block;
}

export const MID_CHAIN: readonly Disguise[] = [
  ...inMidChain("a bad EDC", (bench) => bench.transfer(spoiled(bench, bench.ns << 6, [0x04, 0x31]))),
  ...inMidChain("a wrong N(S)", (bench) => bench.transfer(bench.block((bench.ns ^ 1) << 6, [0x04, 0x31]))),
  ...inMidChain("the first block again", (bench) =>
    bench.transfer(bench.block(((bench.ns ^ 1) << 6) | MORE, HARMLESS)),
  ),
  ...inMidChain("an R-block", (bench) => bench.transfer(bench.block(0x80 | (bench.ns << 4)))),
  ...inMidChain("SetParameters", (bench) => bench.message(SET_PARAMETERS, T1_PARAMETERS, [1, 0, 0])),
  ...inMidChain("SetParameters for T=0", (bench) => bench.message(SET_PARAMETERS, [0x11, 0, 0, 0x0a, 0])),
  ...inMidChain("ResetParameters", (bench) => bench.message(RESET_PARAMETERS)),
  ...inMidChain("GetParameters", (bench) => bench.message(GET_PARAMETERS)),
  ...inMidChain("an Abort message", (bench) => bench.message(ABORT)),
  ...inMidChain("an Escape", (bench) => bench.message(ESCAPE, [0x02])),
  ...inMidChain("IccClock", (bench) => bench.message(CARD_CLOCK)),
  ...inMidChain("S(ABORT)", (bench) => bench.transfer(bench.block(S_ABORT))),
  ...inMidChain("S(IFS)", (bench) => bench.transfer(bench.block(S_IFS, [0x01]))),
  ...inMidChain("S(RESYNCH)", (bench) => {
    bench.transfer(bench.block(RESYNCH));
    bench.ns = 0;
  }),
  ...inMidChain("PowerOn", (bench) => bench.powerOn()),
  ...inMidChain("PowerOff", (bench) => bench.message(POWER_OFF)),
  ...inMidChain("a PPS", (bench) => bench.transfer(PPS)),
];
