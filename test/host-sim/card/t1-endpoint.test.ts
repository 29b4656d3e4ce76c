import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import type { CardApplication } from "../../../host-sim/card/card-application.ts";
import { iso, resident } from "../../../host-sim/card/deck.ts";
import { edcOf } from "../../../host-sim/card/t1-edc.ts";
import { T1Endpoint } from "../../../host-sim/card/t1-endpoint.ts";
import type { T1Faults } from "../../../host-sim/card/t1-faults.ts";
import { CardBench, ETU_NS } from "./card-bench.ts";

const test = suite("T=1 card");

const GET_CHALLENGE = [0x00, 0x84, 0x00, 0x00, 0x08];
const SELECT_BIG = [0x00, 0xa4, 0x00, 0x0c, 0x02, 0x20, 0x02];
const READ_100 = [0x00, 0xb0, 0x00, 0x00, 0x64];
const MY_NUMBER_BWT_ETU = 11 + 16 * 960;
const MY_NUMBER_CWT_ETU = 11 + 32;

function started(faults: T1Faults = {}): CardBench {
  const bench = new CardBench();
  bench.start(iso("iso", { faults }));
  return bench;
}

/** Leading edge of the card's first character after the last of `sent` characters, in etu from that one's. */
function turnEtu(bench: CardBench): number {
  const events = bench.recorder
    .all()
    .filter((each) => each.channel === "card-in" || each.channel === "card-out");
  const lastOut = events.map((each) => each.channel).lastIndexOf("card-out");
  return (events[lastOut + 1]!.timeNs - events[lastOut]!.timeNs) / ETU_NS;
}

test("the card answers exactly 22 etu after the terminal's last leading edge, at 11 etu when TC1 is FF", () => {
  const bench = new CardBench();
  bench.start(resident("resident", {}));
  equal(bench.block(0xc1, [0xfe]), [0, 0xe1, 1, 0xfe, 0x1e]);
  is(Math.round(turnEtu(bench) * 1000), 22_000);
  const edges = bench.heard.map((each) => each.timeNs);
  ok(edges.slice(1).every((edge, at) => Math.abs((edge - edges[at]!) / ETU_NS - 11) < 0.001));
  equal(bench.complaints, []);
});

test("without TC1 its characters are 12 etu apart", () => {
  const bench = started();
  bench.block(0xc1, [0xfe]);
  const edges = bench.heard.map((each) => each.timeNs);
  ok(edges.slice(1).every((edge, at) => Math.abs((edge - edges[at]!) / ETU_NS - 12) < 0.001));
});

test("N(S) goes 0, 1, 0 on both sides and a wrong one is asked for again", () => {
  const bench = started();
  is(bench.block(0x00, GET_CHALLENGE)[1], 0x00);
  is(bench.block(0x40, GET_CHALLENGE)[1], 0x40);
  is(bench.block(0x40, GET_CHALLENGE)[1], 0x82);
  is(bench.block(0x00, GET_CHALLENGE)[1], 0x00);
});

test("a wrong LRC or a parity error is answered by R(EDC error) with the expected number", () => {
  const bench = started();
  equal(bench.raw([0x00, 0x00, 0x01, 0x84, 0x00]), [0x00, 0x81, 0x00, 0x81]);
  is(bench.block(0x00, GET_CHALLENGE)[1], 0x00);
  equal(bench.raw([0x00, 0x40, 0x01, 0x84, 0x00]), [0x00, 0x91, 0x00, 0x91]);
});

test("LEN FF, another NAD and an unknown PCB are answered by R(other error)", () => {
  for (const bytes of [
    [0x00, 0x00, 0xff, 0x00, 0xff],
    [0x12, 0x00, 0x01, 0x84, 0x97],
    [0x00, 0xc7, 0x00, 0xc7],
    [0x00, 0x01, 0x00, 0x01],
  ]) {
    is(started().raw(bytes)[1], 0x82, bytes.join());
  }
});

test("a block that stops in the middle is over after the character waiting time", () => {
  const bench = new CardBench();
  bench.start(resident("resident", {}));
  equal(bench.raw([0x00, 0x00, 0x05, 0x00]), [0x00, 0x82, 0x00, 0x82]);
  const turn = turnEtu(bench);
  ok(turn >= MY_NUMBER_CWT_ETU && turn < MY_NUMBER_CWT_ETU + 23, `${turn} etu`);
});

test("R(N(R)) repeats the last I-block and the command is not run again", () => {
  let runs = 0;
  const application: CardApplication = {
    reset() {},
    powerDown() {},
    process: () => Uint8Array.of(++runs, 0x90, 0x00),
    pins: [],
  };
  const bench = new CardBench();
  bench.start(new T1Endpoint("counting", application, { atr: resident("atr", {}).atr }));
  equal(bench.block(0x00, GET_CHALLENGE).slice(1, 6), [0x00, 3, 1, 0x90, 0x00]);
  for (let again = 0; again < 5; again++) equal(bench.block(0x81).slice(1, 6), [0x00, 3, 1, 0x90, 0x00]);
  is(runs, 1);
});

test("RESYNCH starts the numbers anew, and a command sent again after it runs a second time", () => {
  let runs = 0;
  const application: CardApplication = {
    reset() {},
    powerDown() {},
    process: () => Uint8Array.of(++runs, 0x90, 0x00),
    pins: [],
  };
  const bench = new CardBench();
  bench.start(new T1Endpoint("counting", application, { atr: resident("atr", {}).atr }));
  bench.block(0x00, GET_CHALLENGE);
  equal(bench.block(0xc0), [0, 0xe0, 0, 0xe0]);
  is(bench.block(0x00, GET_CHALLENGE)[3], 2);
});

test("a chain from the terminal is acknowledged block by block and answered at its end", () => {
  const bench = started();
  equal(bench.block(0x20, [0x00, 0x84]), [0, 0x90, 0, 0x90]);
  equal(bench.block(0x60, [0x00]), [0, 0x80, 0, 0x80]);
  is(bench.block(0x00, [0x00, 0x08])[2], 10);
});

test("S(ABORT) in a chain is answered and the rest of the chain is forgotten", () => {
  const bench = started();
  bench.block(0x20, [0x00, 0x84]);
  equal(bench.block(0xc2), [0, 0xe2, 0, 0xe2]);
  is(bench.block(0x40, GET_CHALLENGE)[2], 10);
});

test("answers travel in blocks no longer than the terminal's IFSD, 32 before it says more", () => {
  const bench = started();
  bench.block(0x00, SELECT_BIG);
  is(bench.block(0x40, READ_100)[2], 32);
  const wide = started();
  wide.block(0xc1, [0x50]);
  wide.block(0x00, SELECT_BIG);
  is(wide.block(0x40, READ_100)[2], 80);
});

test("4 KB written and read back by extended lengths come back byte for byte", () => {
  const bench = new CardBench();
  bench.start("iso");
  bench.block(0xc1, [0xfe]);
  is(bench.apdu("00A4000C022001"), "9000");
  const data = Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 31) & 255)).toString("hex");
  is(bench.apdu(`00D60000001000${data}`), "9000");
  is(bench.apdu("00B00000001000"), `${data}9000`);
});

test("a card with CRC ends its blocks with two bytes and checks the terminal's", () => {
  const bench = new CardBench();
  bench.start("crc");
  const good = [0x00, 0xc1, 0x01, 0xfe];
  const answer = bench.raw([...good, ...edcOf(Uint8Array.from(good), true)]);
  equal(answer.slice(0, 4), [0x00, 0xe1, 0x01, 0xfe]);
  equal(answer.slice(4), [...edcOf(Uint8Array.from(answer.slice(0, 4)), true)]);
  is(bench.raw([...good, 0, 0])[1], 0x81);
});

test("CRC-16 of 123456789 is 6F91 (MCRF4XX, catalogue check value: what libccid computes)", () => {
  equal([...edcOf(Uint8Array.from(Buffer.from("123456789")), true)], [0x6f, 0x91]);
});

test("fault: a bad EDC in the second block only, or in every block", () => {
  const sumOf = (block: number[]): number => block.reduce((sum, byte) => sum ^ byte, 0);
  const once = started({ badEdc: [2] });
  equal(
    [0x00, 0x40, 0x00, 0x40].map((pcb) => sumOf(once.block(pcb, GET_CHALLENGE)) === 0),
    [true, false, true, true],
  );
  const always = started({ badEdc: "always" });
  equal(
    [0x00, 0x40, 0x00].map((pcb) => sumOf(always.block(pcb, GET_CHALLENGE)) === 0),
    [false, false, false],
  );
});

test("fault: a wrong N(S), right again when repeated", () => {
  const bench = started({ wrongSequence: [1] });
  is(bench.block(0x00, GET_CHALLENGE)[1], 0x40);
  is(bench.block(0x82)[1], 0x00);
});

test("fault: a good block is asked for again", () => {
  const bench = started({ askRepeat: [1] });
  is(bench.block(0x00, GET_CHALLENGE)[1], 0x81);
  is(bench.block(0x00, GET_CHALLENGE)[1], 0x00);
});

test("fault: LEN FF", () => {
  const bench = started({ badLength: [1] });
  is(bench.block(0x00, GET_CHALLENGE)[2], 0xff);
});

test("fault: the k-th character has a parity error, counted after the ATR", () => {
  for (let k = 1; k <= 13; k++) {
    const bench = started({ badParity: [k] });
    bench.block(0x00, GET_CHALLENGE);
    equal(
      bench.heard.flatMap((each, at) => (each.flags === 0 ? [] : [at + 1])),
      [k],
    );
  }
});

test("fault: mute after k characters", () => {
  for (let k = 0; k <= 13; k++) {
    const bench = started({ muteAfter: k });
    is(bench.block(0x00, GET_CHALLENGE).length, k);
    is(bench.block(0x81).length, 0);
  }
});

test("fault: S(ABORT request) in place of a chained block, then the terminal has the turn", () => {
  const bench = started({ abort: [3], answerBytes: 16 });
  bench.block(0x00, SELECT_BIG);
  is(bench.block(0x40, READ_100)[1], 0x60);
  equal(bench.block(0x80), [0, 0xc2, 0, 0xc2]);
  equal(bench.block(0xe2), [0, 0x80, 0, 0x80]);
  is(bench.block(0x00, GET_CHALLENGE)[1], 0x00);
});

test("fault: S(IFS request) in the middle of a chain, either way, and the chain goes on", () => {
  const answering = started({ ifsInChain: 64, answerBytes: 16 });
  answering.block(0x00, SELECT_BIG);
  answering.block(0x40, READ_100);
  equal(answering.block(0x80), [0, 0xc1, 1, 64, 0x80]);
  is(answering.block(0xe1, [64])[1], 0x20);
  const asking = started({ ifsInChain: 64 });
  equal(asking.block(0x20, [0x00, 0x84]), [0, 0xc1, 1, 64, 0x80]);
  equal(asking.block(0xe1, [64]), [0, 0x90, 0, 0x90]);
});

test("fault: answers in blocks of 16 bytes", () => {
  const bench = new CardBench();
  bench.start("chained");
  is(bench.block(0x00, SELECT_BIG)[2], 2);
  const first = bench.block(0x40, READ_100);
  equal(first.slice(1, 3), [0x60, 16]);
});

test("fault: a block begins before or after the end of the block waiting time", () => {
  for (const etu of [-100, 0, 100]) {
    const bench = new CardBench();
    bench.start(resident("late", {}, { faults: { late: { block: 1, etu } } }));
    is(bench.block(0x00, GET_CHALLENGE).length, 14);
    is(Math.round(turnEtu(bench)), MY_NUMBER_BWT_ETU + etu);
  }
});

test("fault: S(WTX request) n times with its multiplier, and only for the instructions listed", () => {
  const bench = started({ wtx: { times: 2, multiplier: 3, instructions: [0x84] } });
  is(bench.block(0x00, SELECT_BIG)[1], 0x00);
  for (let times = 0; times < 2; times++) {
    equal(times === 0 ? bench.block(0x40, GET_CHALLENGE) : bench.block(0xe3, [3]), [0, 0xc3, 1, 3, 0xc1]);
  }
  is(bench.block(0xe3, [3])[1], 0x40);
});

test("a WTX response with another multiplier is not taken", () => {
  const bench = started({ wtx: { times: 1, multiplier: 3 } });
  bench.block(0x00, GET_CHALLENGE);
  is(bench.block(0xe3, [4])[1], 0xc3);
  is(bench.block(0xe3, [3])[1], 0x00);
});

test("an application that works longer than the block waiting time asks for as much as it needs", () => {
  const application: CardApplication = {
    reset() {},
    powerDown() {},
    process: () => Uint8Array.of(0x90, 0x00),
    processingNs: () => 4e9,
    pins: [],
  };
  const bench = new CardBench();
  bench.start(new T1Endpoint("slow", application, { atr: resident("atr", {}).atr }));
  equal(bench.block(0x00, GET_CHALLENGE, 1e9).slice(1, 4), [0xc3, 1, 4]);
  const grantedNs = bench.scheduler.nowNs;
  equal(bench.block(0xe3, [4], 6e9).slice(3, 5), [0x90, 0x00]);
  ok(bench.heard[0]!.timeNs - grantedNs < 4e9 && bench.heard[0]!.timeNs - grantedNs > 2e9);
});

test("an application that answers later is waited for on the wall clock, with S(WTX) before the waiting time ends", () => {
  const later: ((response: Uint8Array) => void)[] = [];
  const application: CardApplication = {
    reset() {},
    powerDown() {},
    process: (_command, answerLater) => void later.push(answerLater),
    pins: [],
  };
  const bench = new CardBench();
  bench.start(new T1Endpoint("elsewhere", application, { atr: resident("atr", {}).atr }));
  equal(bench.block(0x00, GET_CHALLENGE, 0.5e9), []);
  is(bench.scheduler.mayJumpTo(bench.scheduler.nowNs + 1), false);
  bench.run(1.2e9);
  equal(
    bench.heard.map((each) => each.value),
    [0, 0xc3, 1, 1, 0xc3],
  );
  ok(turnEtu(bench) < MY_NUMBER_BWT_ETU);
  equal(bench.block(0xe3, [1], 0.1e9), []);
  later[0]!(Uint8Array.of(0x90, 0x00));
  bench.run(0.1e9);
  equal(
    bench.heard.map((each) => each.value),
    [0, 0x00, 2, 0x90, 0x00, 0x92],
  );
  equal(bench.complaints, []);
});

test("waiting for the outside leaves no wire event behind, however long the character waiting time is", () => {
  const application: CardApplication = { reset() {}, powerDown() {}, process: () => undefined, pins: [] };
  const bench = new CardBench();
  const atr = Uint8Array.from(Buffer.from("3b951381018073ff01000b", "hex"));
  bench.start(new T1Endpoint("elsewhere", application, { atr }));
  bench.block(0x00, GET_CHALLENGE, 30e6);
  is(bench.scheduler.mayJumpTo(bench.scheduler.nowNs + 1), false);
});

/** A card that works `workMs` on the second command and later ones. */
function workingCard(workMs: number): CardBench {
  let runs = 0;
  const application: CardApplication = {
    reset() {},
    powerDown() {},
    process: () => Uint8Array.of(++runs, 0x90, 0x00),
    processingNs: () => (runs === 0 ? 0 : workMs * 1e6),
    pins: [],
  };
  const bench = new CardBench();
  bench.start(new T1Endpoint("working", application, { atr: resident("atr", {}).atr }));
  bench.block(0x00, GET_CHALLENGE);
  return bench;
}

test("an R-block while the card works does not bring back the answer before", () => {
  const bench = workingCard(500);
  equal(bench.block(0x40, GET_CHALLENGE, 100e6), []);
  equal(bench.block(0x90, [], 100e6), []);
  bench.run(1e9);
  equal(bench.heard.map((each) => each.value).slice(0, 4), [0x00, 0x40, 3, 2]);
});

test("RESYNCH while the card works is answered, and the answer in work never comes", () => {
  const bench = workingCard(500);
  equal(bench.block(0x40, GET_CHALLENGE, 100e6), []);
  equal(bench.block(0xc0, [], 2e9), [0, 0xe0, 0, 0xe0]);
});

test("an answer that comes while the card waits for its S(WTX response) is sent after it", () => {
  const later: ((response: Uint8Array) => void)[] = [];
  const application: CardApplication = {
    reset() {},
    powerDown() {},
    process: (_command, answerLater) => void later.push(answerLater),
    pins: [],
  };
  const bench = new CardBench();
  bench.start(new T1Endpoint("elsewhere", application, { atr: resident("atr", {}).atr }));
  is(bench.block(0x00, GET_CHALLENGE, 1.5e9)[1], 0xc3);
  later[0]!(Uint8Array.of(0x90, 0x00));
  bench.run(0.1e9);
  is(bench.heard.length, 5);
  equal(bench.block(0xe3, [1], 0.1e9).slice(3, 5), [0x90, 0x00]);
});

test("an answer that comes after a reset is nobody's", () => {
  const later: ((response: Uint8Array) => void)[] = [];
  const application: CardApplication = {
    reset() {},
    powerDown() {},
    process: (_command, answerLater) => void later.push(answerLater),
    pins: [],
  };
  const bench = new CardBench();
  bench.start(new T1Endpoint("elsewhere", application, { atr: resident("atr", {}).atr }));
  bench.block(0x00, GET_CHALLENGE, 0.1e9);
  const atr = bench.warmReset();
  is(atr.length, 9);
  bench.heard.length = 0;
  later[0]!(Uint8Array.of(0x90, 0x00));
  bench.run(1e9);
  is(bench.heard.length, 0);
});

test("the supply's end in the middle of an answer stops the card at that character", () => {
  for (let etu = 40; etu < 300; etu += 20) {
    const bench = started();
    bench.block(0x00, GET_CHALLENGE, 0);
    bench.run(Math.round(etu * ETU_NS));
    const atEnd = bench.recorder.all().filter((each) => each.channel === "card-in").length;
    bench.slot.remove();
    bench.run(1e9);
    is(bench.recorder.all().filter((each) => each.channel === "card-in").length, atEnd, `${etu} etu`);
  }
});

test.run();
