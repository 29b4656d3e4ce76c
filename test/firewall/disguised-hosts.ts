/** Frames and messages that are not what they say, hosts that do not wait, and what comes while a person types. */
import {
  ABORT,
  type AttackBench,
  ESCAPE,
  MORE,
  POWER_ON,
  RESYNCH,
  SECURE,
  SLOT_STATUS,
  XFR_BLOCK,
  xorOf,
} from "./attack-bench.ts";
import { type Disguise, HEADER, QUERY, HARMLESS } from "./disguise.ts";
import { verifyRequest } from "./secure-requests.ts";

/** Frames and messages that are not what they say, and hosts that do not wait. */
export const FRAMES: readonly Disguise[] = [
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

export const DURING_SECURE: readonly Disguise[] = [
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
