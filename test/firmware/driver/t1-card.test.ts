import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { COMMAND_CAP_US, T1Fault } from "../../../firmware/driver/t1-exchange.ts";
import { SessionOutcome, SessionState } from "../../../firmware/service/card-session.ts";
import { block, crc, ETU_US, run, type Say } from "./scripted-card.ts";
import { answering, exchange, powered, ready, VERIFY, type Reply } from "./t1-scripts.ts";

const test = suite("t1-card");

const OK = { bytes: block(0x00, [0x90, 0x00]) };
const OK_ONE = { bytes: block(0x40, [0x90, 0x00]) };
const SELECT = [0x00, 0xa4, 0x04, 0x0c, 0x02, 0x3f, 0x00];
const say = (pcb: number, inf: number[] = []): Say => ({ bytes: block(pcb, inf) });
const badLrc = (pcb: number, inf: number[] = []): Say => ({ bytes: [...block(pcb, inf).slice(0, -1), 0x55] });
const pcbs = (blocks: number[][]) => blocks.map((sent) => sent[1]);

test("the protocol begins with S(IFS request) of 254", () => {
  const { card } = powered((made) => (made.reply = answering(OK)));
  equal(card.blocks, [[0x00, 0xc1, 0x01, 0xfe, 0x3e]]);
});

test("S(IFS) without a valid answer is sent three times, then the card is given up", () => {
  for (const reply of [undefined, badLrc(0xe1, [254]), say(0xe1, [32]), say(0x80), say(0xc3, [1])]) {
    const { card, session } = powered((made) => (made.reply = () => reply));
    equal(pcbs(card.blocks), [0xc1, 0xc1, 0xc1]);
    is(session.state(), SessionState.Unreadable);
    is(card.isPowered(), false);
  }
});

test("the first character of a command leaves in the call that starts it when the block guard time is over", () => {
  const made = ready(answering(OK));
  run(made.card, made.session, () => false, 10_000);
  const startUs = made.card.nowUs;
  exchange(made, SELECT, false);
  is(made.card.blockStartsUs[0], startUs);
});

test("a command that follows at once waits for 22 etu after the card's last character", () => {
  const made = ready(answering(OK, OK_ONE));
  exchange(made, SELECT, false);
  const lastEdgeUs = made.card.nowUs - 10 * ETU_US;
  exchange(made, SELECT, false);
  const gapEtu = (made.card.blockStartsUs[1]! - lastEdgeUs) / ETU_US;
  is(gapEtu >= 22 && gapEtu < 22.1, true, `${gapEtu} etu`);
});

test("TC1 sets the guard time: FF is 11 etu, N is 12 + N", () => {
  is(ready(answering(OK)).card.guardEtu, 11);
  const slow = ready(answering(OK), (card) => (card.atr = { bytes: [0x3b, 0xc0, 0x05, 0x81, 0x01, 0x45] }));
  is(slow.card.guardEtu, 17);
});

test("N(S) alternates from command to command", () => {
  const made = ready(answering(OK, OK_ONE, OK));
  for (let i = 0; i < 3; i++) is(exchange(made, SELECT, false).outcome, SessionOutcome.Done);
  equal(pcbs(made.card.blocks), [0x00, 0x40, 0x00]);
});

/** A card that takes a chain and answers with one, `sizes` bytes each, of its own number. */
function chainingCard(answer: readonly number[], ifs: number): Reply {
  let at = 0;
  let ns = 0;
  const next = (): Say => {
    const inf = answer.slice(at, at + ifs);
    at += ifs;
    const pcb = (ns << 6) | (at < answer.length ? 0x20 : 0);
    ns ^= 1;
    return say(pcb, inf);
  };
  return answering((sent) => {
    const pcb = sent[1]!;
    if (pcb < 0x80 && (pcb & 0x20) !== 0) return say(0x80 | ((1 - (pcb >> 6)) << 4));
    return next();
  });
}

test("4,096 bytes go out in a chain and come back in one", () => {
  const apdu = Array.from({ length: 4_105 }, (_, i) => (i * 7) & 255);
  const answer = Array.from({ length: 4_098 }, (_, i) => (i * 5) & 255);
  const made = ready(chainingCard(answer, 200));
  const { outcome, response } = exchange(made, apdu, false);
  is(outcome, SessionOutcome.Done);
  equal(response, answer);
  const sent = made.card.blocks.filter((one) => one[1]! < 0x80);
  equal(
    sent.flatMap((one) => one.slice(3, -1)),
    apdu,
  );
  is(sent.length, Math.ceil(4_105 / 254));
  is(
    sent.every((one, i) => one[1]! >> 6 === (i & 1)),
    true,
  );
  is(
    sent.every((one, i) => ((one[1]! & 0x20) !== 0) === i < sent.length - 1),
    true,
  );
});

test("an answer one byte longer than the host's side takes ends the command", () => {
  const { outcome, fault } = exchange(ready(chainingCard(new Array(4_099).fill(1), 254)), SELECT, false);
  is(outcome, SessionOutcome.Undecided);
  is(fault, T1Fault.BadAnswer);
});

test("an answer without a status word ends the command", () => {
  for (const inf of [[], [0x90]]) {
    is(exchange(ready(answering(say(0x00, inf))), SELECT, false).fault, T1Fault.BadAnswer);
  }
});

test("IFSC of the ATR bounds the blocks, and S(IFS) of the card changes it in mid-chain", () => {
  const reply = answering(say(0x90), say(0xc1, [5]), say(0x80), OK);
  const made = ready(reply, (card) => (card.atr = { bytes: [0x3b, 0x80, 0x81, 0x31, 0x10, 0x45, 0x65] }));
  is(
    exchange(
      made,
      Array.from({ length: 36 }, (_, i) => i),
      false,
    ).outcome,
    SessionOutcome.Done,
  );
  const sent = made.card.blocks.filter((one) => one[1]! < 0x80);
  equal(
    sent.map((one) => one[2]),
    [16, 16, 4],
  );
  equal(made.card.blocks[2], block(0xe1, [5]));
});

test("a smaller IFSC holds from the next block on", () => {
  const reply = answering(say(0xc1, [5]), say(0x90), say(0x80), OK);
  const made = ready(reply, (card) => (card.atr = { bytes: [0x3b, 0x80, 0x81, 0x31, 0x10, 0x45, 0x65] }));
  exchange(
    made,
    Array.from({ length: 26 }, (_, i) => i),
    false,
  );
  const sent = made.card.blocks.filter((one) => one[1]! < 0x80);
  equal(
    sent.map((one) => one[2]),
    [16, 5, 5],
  );
});

for (const isPin of [false, true]) {
  const kind = isPin ? "a PIN command" : "an ordinary command";

  test(`${kind}: a block that the card asks for again is sent again, the same`, () => {
    for (const reason of [0x80, 0x81, 0x82]) {
      const made = ready(answering(say(reason), say(reason), OK));
      is(exchange(made, VERIFY, isPin).outcome, SessionOutcome.Done);
      equal(made.card.blocks, [block(0, VERIFY), block(0, VERIFY), block(0, VERIFY)]);
    }
  });

  test(`${kind}: a bad answer is asked for by R with its reason, twice the same`, () => {
    const bad: [Say, number][] = [
      [badLrc(0x00, [0x90, 0]), 0x81],
      [{ ...OK, badParityAt: 3 }, 0x81],
      [{ ...OK, badParityAt: 0 }, 0x81],
      [{ bytes: block(0, [0x90, 0]).slice(0, 4) }, 0x82],
      [{ bytes: [0x21, 0x00, 2, 0x90, 0, 0xb3] }, 0x82],
      [{ bytes: [0, 0, 0xff, 1, 2, 3, 4] }, 0x82],
      [OK_ONE, 0x82],
      [say(0x90), 0x82],
      [say(0x85), 0x82],
      [say(0xc0), 0x82],
      [say(0xe3, [1]), 0x82],
      [say(0xc3, [0]), 0x82],
      [say(0xc1, [0xff]), 0x82],
      [say(0xc4), 0x82],
    ];
    for (const [first, pcb] of bad) {
      const made = ready(answering(first, first, OK));
      is(exchange(made, VERIFY, isPin).outcome, SessionOutcome.Done, `${first.bytes}`);
      equal(pcbs(made.card.blocks), [0x00, pcb, pcb], `${first.bytes}`);
    }
  });

  test(`${kind}: silence is asked through by R(other) after BWT`, () => {
    const made = ready(answering(undefined, OK));
    is(exchange(made, VERIFY, isPin).outcome, SessionOutcome.Done);
    equal(pcbs(made.card.blocks), [0x00, 0x82]);
    const waitedUs = made.card.blockStartsUs[1]! - made.card.blockStartsUs[0]!;
    is(waitedUs > 1_600_000 && waitedUs < 1_800_000, true, `${waitedUs} µs`);
  });

  test(`${kind}: an answer just within BWT is taken`, () => {
    const made = ready(answering({ ...OK, afterEtu: 11 + 16 * 960 - 1 }));
    is(exchange(made, VERIFY, isPin).outcome, SessionOutcome.Done);
    is(made.card.blocks.length, 1);
  });

  test(`${kind}: S(WTX) is granted and lengthens the next wait alone`, () => {
    const late = 5 * 16 * 960;
    const made = ready(answering(say(0xc3, [5]), { ...OK, afterEtu: late }));
    is(exchange(made, VERIFY, isPin).outcome, SessionOutcome.Done);
    equal(made.card.blocks[1], block(0xe3, [5]));
    is(made.card.blocks.length, 2);
    const again = ready(answering(say(0xc3, [5]), say(0xc3, [1]), { ...OK, afterEtu: late }, undefined));
    exchange(again, VERIFY, isPin);
    is(again.card.blocks.length > 3, true, "the second grant was for one BWT");
  });

  test(`${kind}: a card that asks for time for ever is given up within the cap`, () => {
    for (const factor of [1, 5, 39]) {
      const made = ready(
        answering(say(0xc3, [factor]), { ...say(0xc3, [factor]), afterEtu: factor * 15_000 }),
      );
      const startUs = made.card.nowUs;
      const { outcome, fault } = exchange(made, VERIFY, isPin);
      is(outcome, SessionOutcome.Undecided);
      is(fault, T1Fault.TooLong);
      is(made.card.nowUs - startUs <= COMMAND_CAP_US, true);
      is(made.card.isPowered(), false);
    }
    is(exchange(ready(answering(say(0xc3, [255]))), VERIFY, isPin).fault, T1Fault.TooLong);
  });

  test(`${kind}: a card that changes its IFSC for ever is given up soon after the cap`, () => {
    const made = ready(answering(say(0xc1, [32])));
    is(exchange(made, VERIFY, isPin).fault, T1Fault.TooLong);
  });

  test(`${kind}: S(ABORT) of the card is answered and ends it, with a PIN the session too`, () => {
    const made = ready(answering(say(0xc2), say(0x90), OK));
    const { outcome, fault } = exchange(made, VERIFY, isPin);
    equal(pcbs(made.card.blocks), [0x00, 0xe2]);
    is(outcome, SessionOutcome.Undecided);
    is(fault, T1Fault.Aborted);
    is(made.session.state(), isPin ? SessionState.Off : SessionState.Ready);
    if (isPin) return;
    is(exchange(made, SELECT, false).outcome, SessionOutcome.Done);
    is(made.card.blocks[2]![1], 0x40, "the next I-block is the one that R asked for");
  });

  test(`${kind}: S(ABORT) in mid-chain ends it as not sent`, () => {
    const made = ready(answering(say(0xc2), say(0x80)));
    is(exchange(made, new Array(300).fill(1), isPin).outcome, SessionOutcome.NotSent);
  });

  test(`${kind}: silence after the abort needs a reset`, () => {
    const made = ready(answering(say(0xc2), undefined));
    is(exchange(made, VERIFY, isPin).outcome, SessionOutcome.Undecided);
    is(made.session.state(), SessionState.Off);
    is(made.card.isPowered(), false);
  });
}

test("three failures lead an ordinary command to S(RESYNCH) and again from its first block", () => {
  for (const failure of [undefined, badLrc(0, [0x90, 0]), say(0x80), say(0x90)]) {
    const made = ready(answering(failure, failure, failure, say(0xe0), OK));
    is(exchange(made, SELECT, false).outcome, SessionOutcome.Done);
    is(made.card.blocks.length, 5);
    is(made.card.blocks[3]![1], 0xc0);
    equal(made.card.blocks[4], block(0x00, SELECT));
  }
});

test("after S(RESYNCH) both numbers are 0, IFSC is the ATR's and the answer begins anew", () => {
  const made = ready(
    answering(OK, say(0xc1, [3]), say(0x60, [1, 2]), badLrc(0x00), badLrc(0x00), badLrc(0x00), say(0xe0), OK),
  );
  exchange(made, SELECT, false);
  const { response } = exchange(made, SELECT, false);
  equal(made.card.blocks.at(-1), block(0x00, SELECT));
  equal(response, [0x90, 0x00]);
});

test("three S(RESYNCH) in one command, granted or not, and the card is given up", () => {
  const deaf = ready(answering(undefined));
  is(exchange(deaf, SELECT, false).fault, T1Fault.NoResynch);
  equal(pcbs(deaf.card.blocks), [0x00, 0x82, 0x82, 0xc0, 0xc0, 0xc0]);
  const eager = ready(answering((sent) => (sent[1] === 0xc0 ? say(0xe0) : undefined)));
  const { outcome, fault } = exchange(eager, SELECT, false);
  is(fault, T1Fault.NoResynch);
  is(outcome, SessionOutcome.Undecided);
  is(pcbs(eager.card.blocks).filter((pcb) => pcb === 0xc0).length, 3);
  is(eager.session.state(), SessionState.Off);
});

/** What a card can do wrong for ever; each must end a PIN command after three attempts. */
const FAULTS: [string, Reply][] = [
  ["silence", () => undefined],
  ["a bad LRC", () => badLrc(0, [0x90, 0])],
  ["wrong parity", () => ({ ...OK, badParityAt: 2 })],
  ["a wrong number", () => OK_ONE],
  ["its wish for the block", () => say(0x81)],
  ["R with the next number", () => say(0x90)],
  ["S(RESYNCH)", () => say(0xc0)],
  ["half a block", () => ({ bytes: [0, 0, 2, 0x90] })],
  ["LEN FF", () => ({ bytes: [0, 0, 255, 0x90, 0] })],
  ["NAD 21", () => ({ bytes: [0x21, 0, 2, 0x90, 0, 0xb3] })],
  ["one byte", () => ({ bytes: [0] })],
];

test("a PIN command is never begun again: no S(RESYNCH), its I-block only on the card's own wish, three attempts", () => {
  for (const [what, fault] of FAULTS) {
    const made = ready(answering(fault));
    const { outcome } = exchange(made, VERIFY, true);
    is(outcome, SessionOutcome.Undecided, what);
    is(made.card.blocks.length, 3, what);
    is(pcbs(made.card.blocks).includes(0xc0), false, what);
    const again = made.card.blocks.filter((sent) => sent[1]! < 0x80).length;
    is(again, what === "its wish for the block" ? 3 : 1, what);
    is(made.card.isPowered(), false, what);
  }
});

test("a PIN command whose wishes and garbage alternate still ends after three failures", () => {
  const made = ready(answering(say(0x81), badLrc(0), say(0x81), badLrc(0), OK));
  is(exchange(made, VERIFY, true).outcome, SessionOutcome.Undecided);
  is(made.card.blocks.length, 3);
});

test("a long PIN command that fails before its last block is not sent, after it undecided", () => {
  const long = [0x00, 0x24, 0x00, 0x80, ...new Array(300).fill(0x31)];
  for (const [what, fault] of FAULTS) {
    is(
      exchange(ready(answering(fault)), long, true).outcome,
      what === "R with the next number" ? 4 : 3,
      what,
    );
    is(exchange(ready(answering(say(0x90), fault)), long, true).outcome, SessionOutcome.Undecided, what);
  }
});

test("a chained answer to a PIN command that breaks off is undecided and asked for three times", () => {
  const made = ready(answering(say(0x20, [1, 2]), undefined));
  is(exchange(made, VERIFY, true).outcome, SessionOutcome.Undecided);
  equal(pcbs(made.card.blocks), [0x00, 0x90, 0x92, 0x92]);
});

test("a card that lost our R in its chain gets it again", () => {
  const made = ready(answering(say(0x20, [1]), say(0x81), say(0x40, [0x90, 0x00])));
  equal(exchange(made, VERIFY, true).response, [1, 0x90, 0x00]);
  equal(pcbs(made.card.blocks), [0x00, 0x90, 0x90]);
});

test("6Cxx and 61xx to a PIN command are the answer", () => {
  for (const sw1 of [0x61, 0x6c]) {
    const made = ready(answering(say(0x00, [sw1, 4])));
    is(exchange(made, VERIFY, true).outcome, SessionOutcome.Done);
    is(made.session.statusWord(), sw1 * 256 + 4);
    is(made.card.blocks.length, 1);
  }
});

test("a card that asks for CRC is spoken to in CRC", () => {
  const made = ready(
    (sent) => ({ bytes: sent[1] === 0xc1 ? crc([0, 0xe1, 1, 254]) : crc([0, 0, 2, 0x90, 0]) }),
    (card) => {
      card.atr = { bytes: [0x3b, 0x80, 0x81, 0x71, 0x20, 0x45, 0x01, 0x14] };
      card.edcBytes = 2;
    },
  );
  is(exchange(made, SELECT, false).outcome, SessionOutcome.Done);
  equal(made.card.blocks, [crc([0, 0, SELECT.length, ...SELECT])]);
});

test("an inverse card is spoken to in inverse convention", () => {
  const made = ready(answering(OK), (card) => {
    card.inverse = true;
    card.atr = { bytes: [0x3f, 0x80, 0x81, 0x31, 0xfe, 0x45, 0x8b] };
  });
  is(made.card.convention, 1);
  is(exchange(made, SELECT, false).outcome, SessionOutcome.Done);
});

test("one garbled echo is the card's to complain about; three blocks of them end the command", () => {
  const once = ready(answering(say(0x81), OK), (card) => (card.garble = (i, value) => (i === 9 ? 0 : value)));
  is(exchange(once, VERIFY, true).outcome, SessionOutcome.Done);
  const held = ready(answering(undefined));
  held.card.garble = () => 0;
  const { outcome, fault } = exchange(held, VERIFY, true);
  is(outcome, SessionOutcome.Undecided);
  is(fault, T1Fault.Line);
});

test("a garbled echo now and then never ends a command", () => {
  const made = ready(answering(OK, OK_ONE, OK, OK_ONE));
  for (let i = 0; i < 4; i++) {
    const at = i;
    let index = 0;
    made.card.garble = (_, value) => (index++ === at && at !== 1 ? value ^ 1 : value);
    is(exchange(made, SELECT, false).outcome, SessionOutcome.Done, `command ${i}`);
  }
});

test("CWT bounds the pauses inside an answer", () => {
  is(exchange(ready(answering({ ...OK, gapEtu: 42 })), VERIFY, true).outcome, SessionOutcome.Done);
  const made = ready(answering({ ...OK, gapEtu: 70 }));
  is(exchange(made, VERIFY, true).outcome, SessionOutcome.Undecided);
});

test("what the card says out of turn is dropped", () => {
  const made = ready(answering({ bytes: [...OK.bytes, 1, 2, 3] }, OK_ONE));
  exchange(made, SELECT, false);
  run(made.card, made.session, () => false, 100_000);
  is(exchange(made, SELECT, false).outcome, SessionOutcome.Done);
  equal(pcbs(made.card.blocks), [0x00, 0x40], "no block was asked for twice");
});

test.run();
