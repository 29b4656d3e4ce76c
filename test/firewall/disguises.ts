/** How a host could hide a command from whoever judges it: each disguise puts `apdu` (header, Lc, 4 digits) on the line its way. */
import {
  ABORT,
  AttackBench,
  CARD_CLOCK,
  ESCAPE,
  GET_PARAMETERS,
  MORE,
  POWER_OFF,
  POWER_ON,
  RESET_PARAMETERS,
  RESYNCH,
  S_ABORT,
  S_IFS,
  SECURE,
  SET_PARAMETERS,
  SLOT_STATUS,
  XFR_BLOCK,
  xorOf,
} from "./attack-bench.ts";
import { verifyRequest } from "./secure-requests.ts";

export interface Disguise {
  readonly name: string;
  readonly run: (bench: AttackBench, apdu: readonly number[]) => void;
}

const HEADER = 4;
const QUERY = [0x00, 0x20, 0x00, 0x80];
const HARMLESS = [0x00, 0xb0, 0x00, 0x00];
const T1_PARAMETERS = [0x11, 0x10, 0xff, 0x45, 0x00, 0xfe, 0x00];
/** PPS that offers T=1 at TA1 18, and one without PPS1. */
const PPS = [0xff, 0x11, 0x18, 0xf6];
const SHORT_PPS = [0xff, 0x01, 0xfe];

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

const CHAINS: readonly Disguise[] = [
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

const MID_CHAIN: readonly Disguise[] = [
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

/** One block in one message, its prologue not what it should be. */
function oneBlock(
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

const BLOCKS: readonly Disguise[] = [
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

const LEVELS: readonly Disguise[] = [1, 2, 3, 0x10, 0x100].flatMap((level) => [
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

/** One whole APDU whose bytes are more or other than the plain command. */
function oneCommand(name: string, build: (apdu: readonly number[]) => number[]): Disguise {
  return { name, run: (bench, apdu) => void bench.command(build(apdu)) };
}

const ENCODINGS: readonly Disguise[] = [
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

const PPS_LED: readonly Disguise[] = [
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

const CLASS_CHAINS: readonly Disguise[] = [
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

/** Frames and messages that are not what they say, and hosts that do not wait. */
const FRAMES: readonly Disguise[] = [
  {
    name: "a second message before the first is answered",
    run: (bench, apdu) => {
      bench.host.replies.length = 0;
      bench.host.send(XFR_BLOCK, [0, 0, 0], bench.information([...HARMLESS, 0]));
      bench.host.send(XFR_BLOCK, [0, 0, 0], bench.information(apdu));
      bench.reply();
      bench.reply();
    },
  },
  {
    name: "both halves of a chain before an answer",
    run: (bench, apdu) => {
      bench.host.replies.length = 0;
      bench.host.send(XFR_BLOCK, [0, 0, 0], bench.information(apdu.slice(0, HEADER), MORE));
      bench.host.send(XFR_BLOCK, [0, 0, 0], bench.information(apdu.slice(HEADER)));
      bench.reply();
      bench.reply();
    },
  },
  {
    name: "the other slot",
    run: (bench, apdu) => {
      bench.host.replies.length = 0;
      bench.host.send(XFR_BLOCK, [0, 0, 0], bench.information(apdu), { slot: 1 });
      bench.reply();
    },
  },
  {
    name: "a frame with a wrong LRC, then a NAK",
    run: (bench, apdu) => {
      bench.host.replies.length = 0;
      const block = [...bench.information(apdu)];
      bench.host.sendFrame([XFR_BLOCK, block.length, 0, 0, 0, 0, 1, 0, 0, 0, ...block], 0x10);
      bench.reply();
      bench.host.sendBytes([0x03, 0x15, 0x16]);
      bench.message(SLOT_STATUS);
    },
  },
  {
    name: "a frame inside the data of another",
    run: (bench, apdu) => {
      const block = [...bench.block(0, apdu)];
      const inner = [XFR_BLOCK, block.length, 0, 0, 0, 0, 1, 0, 0, 0, ...block];
      bench.message(ESCAPE, [0x03, 0x06, ...inner, 0x05 ^ xorOf(inner)]);
    },
  },
];

/** A Secure is under way: whatever else comes is refused, and the entry is aborted at the end. */
function duringSecure(
  name: string,
  hostile: (bench: AttackBench, apdu: readonly number[]) => void,
): Disguise {
  return {
    name: `${name} during Secure`,
    run: (bench, apdu) => {
      if (!beginEntry(bench)) return bench.watch.report("the entry to be disturbed did not begin");
      hostile(bench, apdu);
      bench.message(ABORT);
    },
  };
}

function beginEntry(bench: AttackBench): boolean {
  for (let attempt = 0; attempt < 2; attempt++) {
    if (attempt > 0) bench.powerOn();
    bench.host.replies.length = 0;
    bench.host.send(SECURE, [0, 0, 0], verifyRequest({ apdu: QUERY, pcb: bench.ns << 6 }));
    if (bench.isAsked()) return true;
  }
  return false;
}

const DURING_SECURE: readonly Disguise[] = [
  duringSecure("XfrBlock", (bench, apdu) => bench.transfer(bench.block(bench.ns << 6, apdu))),
  duringSecure("XfrBlock with the next N(S)", (bench, apdu) =>
    bench.transfer(bench.block((bench.ns ^ 1) << 6, apdu)),
  ),
  duringSecure("a second Secure", (bench, apdu) =>
    bench.message(SECURE, verifyRequest({ apdu: apdu.slice(0, HEADER), pcb: bench.ns << 6 })),
  ),
  duringSecure("S(RESYNCH), then XfrBlock", (bench, apdu) => {
    bench.transfer(bench.block(RESYNCH));
    bench.transfer(bench.block(0, apdu));
  }),
  duringSecure("PowerOn, then XfrBlock", (bench, apdu) => {
    bench.message(POWER_ON, [], [1, 0, 0]);
    bench.transfer(bench.block(0, apdu));
  }),
];

/** Every disguise, in the order in which they were thought of. */
export const DISGUISES: readonly Disguise[] = [
  ...CHAINS,
  ...MID_CHAIN,
  ...BLOCKS,
  ...LEVELS,
  ...ENCODINGS,
  ...PPS_LED,
  ...CLASS_CHAINS,
  ...FRAMES,
  ...DURING_SECURE,
];
