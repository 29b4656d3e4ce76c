/** A sealed day as somebody at the wire records it: nothing of what is said in it is there in clear but the identity of the pair. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { AsyncFrameDecoder, FrameEvent } from "../../firmware/protocol/async-frame.ts";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { AID, Counter, fromHex, toHex, VERIFY_4 } from "../../host-sim/scenario/counter.ts";
import type { TraceEvent } from "../../host-sim/world/recorder.ts";
import { PAIR } from "../host-sim/world/sealed-simulator.ts";
import { CheckDesk, residentCard, RIGHT, WRONG_PIN } from "./check-desk.ts";

const test = suite("wire record");
/** A piece of a message that is this long does not stand in random bytes by chance. */
const WINDOW_BYTES = 6;
const APDUS = ["00a4040c0ad3921000310001010401", "00a4020c02001c", "00200080"];
const IDENTITY = Buffer.from(`madoguchi 1|${PAIR.terminal}|${PAIR.counter}`);

/** The channels of the counter line, as bytes of each direction. */
function wireOf(events: readonly TraceEvent[]): Buffer[] {
  return (["line-in", "line-out"] as const).map((wanted) =>
    Buffer.concat(events.filter(({ channel }) => channel === wanted).map(({ value }) => value as Uint8Array)),
  );
}

/** What the frames carry: escapes undone, one after the other. */
function streamOf(wire: Buffer): Buffer {
  const decoder = new AsyncFrameDecoder(NODE_NATIVES);
  const pieces: Buffer[] = [];
  for (const byte of wire)
    if (decoder.push(byte) === FrameEvent.Frame)
      pieces.push(Buffer.from((decoder.information as Uint8Array).slice(0, decoder.informationLength)));
  return Buffer.concat(pieces);
}

/** Pieces of `message` that tell something: not a run of one byte, nothing of the identity. */
function windowsOf(message: Uint8Array): Buffer[] {
  const bytes = Buffer.from(message);
  const count = Math.max(0, bytes.length - WINDOW_BYTES + 1);
  const all = Array.from({ length: count }, (_, at) => bytes.subarray(at, at + WINDOW_BYTES));
  return all.filter((one) => new Set(one).size > 2 && !IDENTITY.includes(one));
}

interface Day {
  readonly record: readonly Buffer[];
  /** Every message of either end before it was sealed, and behind. */
  readonly said: readonly Buffer[];
}

/** A session with a PC/SC entry, a right and a wrong check, a result asked for again, the journal, the clock. */
function sealedDay(): Day {
  const desk = new CheckDesk();
  const { simulator, host, check } = desk;
  const said: Buffer[] = [];
  const [raw, reply] = [host.rawMessage.bind(host), host.readReply.bind(host)];
  host.rawMessage = (message): void => {
    said.push(Buffer.from(message));
    raw(message);
  };
  host.readReply = (...limits): ReturnType<typeof reply> => {
    const answer = reply(...limits);
    const { type, slot, sequence, status, error, specific, data } = answer;
    said.push(Buffer.from([type, data.length, 0, 0, 0, slot, sequence, status, error, specific, ...data]));
    return answer;
  };
  check.setClock(1_795_000_000);
  simulator.insert("mynumber");
  simulator.runFor(100);
  host.slotStatus();
  host.powerOn();
  host.connect();
  for (const apdu of APDUS) host.transmit(fromHex(apdu));
  host.beginSecure(fromHex(VERIFY_4));
  desk.reach("pin");
  simulator.keys(RIGHT);
  host.finishSecure();
  host.powerOff();
  simulator.remove();
  simulator.runFor(500);
  [RIGHT, WRONG_PIN].forEach((keys, i) => {
    desk.atThePin(i + 1, residentCard());
    simulator.keys(keys);
    desk.result();
    desk.leave();
  });
  check.getResult(1);
  check.journal();
  host.close();
  const wires = wireOf(simulator.world.recorder.all());
  desk.close();
  return { record: [...wires, ...wires.map(streamOf)], said };
}

const day = sealedDay();
const told = Buffer.concat(day.said);

function isOnTheWire(needle: Buffer): boolean {
  return day.record.some((one) => one.includes(needle));
}

/** Whatever names the resident, the staff, the case, the card, or what came of it. */
const NEEDLES: readonly (readonly [string, Buffer])[] = [
  ...APDUS.map((apdu) => [`APDU ${apdu}`, Buffer.from(apdu, "hex")] as const),
  ["the operator", Buffer.from("TANAKA")],
  ["the case", Buffer.from("CASE-17")],
  ["the card's serial", Buffer.from("100020003000417")],
  ["its expiry", Buffer.from("20330401", "hex")],
  ["the day", Buffer.from("20261126", "hex")],
];

for (const [what, needle] of NEEDLES) {
  test(`${what} is said in the session, and is not on the wire`, () => {
    is(told.includes(needle), true, "the search finds it in what was said");
    is(isOnTheWire(needle), false);
  });
}

test("the steps with question, outcome and tries are said, and no piece of them is on the wire", () => {
  const steps = day.said.filter(
    (one) => one[0] === 0x83 && one.length > 10 + 2 + 16 && [1, 2].includes(one[11]!),
  );
  ok(steps.length >= 5, `${steps.length} steps`);
  for (const step of steps) for (const piece of windowsOf(step)) is(isOnTheWire(piece), false, toHex(piece));
});

test("no six bytes in a row of any message of either end are on the wire", () => {
  let pieces = 0;
  for (const message of day.said)
    for (const piece of windowsOf(message)) {
      pieces++;
      is(isOnTheWire(piece), false, `${toHex(piece)} of ${toHex(message)}`);
    }
  ok(pieces > 500, `${pieces} pieces`);
});

test("the identity of the pair is there in clear, and is the only place of these names", () => {
  const [toTerminal, toPc] = day.record.slice(2);
  is(toTerminal!.includes(IDENTITY), true);
  const without = Buffer.from(toTerminal!.toString("latin1").replaceAll(IDENTITY.toString(), ""), "latin1");
  for (const name of [PAIR.terminal, PAIR.counter]) {
    is(without.includes(name), false, name);
    is(toPc!.includes(name), false, name);
  }
});

test("the same search finds the same commands on the wire of a bench image", () => {
  const counter = new Counter().start().insert("mynumber").select(AID.juki, "001c");
  counter.apdu("00200080");
  const wires = wireOf(counter.simulator.world.recorder.all());
  counter.simulator.close();
  for (const apdu of APDUS)
    is(
      wires.some((wire) => wire.includes(Buffer.from(apdu, "hex"))),
      true,
      apdu,
    );
});

test("one message that is planted among the recorded bytes is found", () => {
  for (const message of day.said.filter((one) => windowsOf(one).length > 0)) {
    const leaky = Buffer.concat([day.record[0]!.subarray(0, 99), message, day.record[0]!.subarray(99)]);
    equal(
      windowsOf(message).filter((piece) => !leaky.includes(piece)),
      [],
    );
  }
});

test.run();
