import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { toHex } from "../../../host-sim/scenario/counter.ts";
import { framed, LineHost, request } from "./line-host.ts";

const test = suite("ccid-reader");

const PARAMETERS = "1110ff4500fe00";
/** GET CHALLENGE in the first I-block. */
const CHALLENGE = "000005008400000889";
const SECURE = "000082000004040201000000000004" + "00200080";
const ATR = "3be000ff8131fe4514";
/** bStatus of a command that was done or failed, and bError. */
const DONE = 0x00;
const FAILED = 0x40;
const MUTE = 0xfe;
const BUSY = 0xe0;

type State = "absent" | "inactive" | "active" | "busy";

function hostIn(state: State): LineHost {
  const host = new LineHost(state === "absent" ? undefined : "mynumber");
  if (state === "inactive") host.message(0x63);
  return state === "busy" ? host.ask() : host;
}

const ICC: Readonly<Record<State, number>> = { active: 0, busy: 0, inactive: 1, absent: 2 };

interface Row {
  readonly name: string;
  readonly type: number;
  readonly answer: number;
  readonly data?: string;
  readonly specific?: readonly number[];
  /** [bmCommandStatus, bError] without a card, with an unpowered and with a powered one. */
  readonly absent: readonly [number, number];
  readonly inactive: readonly [number, number];
  readonly active: readonly [number, number];
  /** bmICCStatus after the command when it is another than before. */
  readonly iccAfter?: Partial<Record<State, number>>;
}

const everywhere = (result: readonly [number, number]) => ({
  absent: result,
  inactive: result,
  active: result,
});
const NOT_SUPPORTED = everywhere([FAILED, 0]);
const NEEDS_CARD = { absent: [FAILED, MUTE], inactive: [DONE, 0], active: [DONE, 0] } as const;
const NEEDS_POWER = { absent: [FAILED, MUTE], inactive: [FAILED, MUTE], active: [DONE, 0] } as const;

const ROWS: readonly Row[] = [
  { name: "SetParameters", type: 0x61, answer: 0x82, data: PARAMETERS, specific: [1, 0, 0], ...NEEDS_CARD },
  { name: "SetParameters T=0", type: 0x61, answer: 0x82, data: "1100000a00", ...everywhere([FAILED, 7]) },
  {
    name: "IccPowerOn",
    type: 0x62,
    answer: 0x80,
    specific: [1, 0, 0],
    ...NEEDS_CARD,
    iccAfter: { inactive: 0 },
  },
  { name: "IccPowerOn 4", type: 0x62, answer: 0x80, specific: [4, 0, 0], ...everywhere([FAILED, 7]) },
  { name: "IccPowerOff", type: 0x63, answer: 0x81, ...everywhere([DONE, 0]), iccAfter: { active: 1 } },
  { name: "GetSlotStatus", type: 0x65, answer: 0x81, ...everywhere([DONE, 0]) },
  { name: "T0APDU", type: 0x6a, answer: 0x81, ...NOT_SUPPORTED },
  { name: "Escape", type: 0x6b, answer: 0x83, data: "02", ...everywhere([DONE, 0]) },
  { name: "Escape unknown", type: 0x6b, answer: 0x83, data: "77", ...NOT_SUPPORTED },
  { name: "GetParameters", type: 0x6c, answer: 0x82, ...NEEDS_CARD },
  { name: "ResetParameters", type: 0x6d, answer: 0x82, ...NEEDS_CARD },
  { name: "IccClock", type: 0x6e, answer: 0x81, ...NOT_SUPPORTED },
  { name: "XfrBlock", type: 0x6f, answer: 0x80, data: CHALLENGE, ...NEEDS_POWER },
  { name: "Mechanical", type: 0x71, answer: 0x81, specific: [1, 0, 0], ...NOT_SUPPORTED },
  { name: "Abort", type: 0x72, answer: 0x81, ...everywhere([DONE, 0]) },
  { name: "SetDataRate", type: 0x73, answer: 0x84, data: "00".repeat(8), ...NOT_SUPPORTED },
  { name: "no message of CCID", type: 0x00, answer: 0x81, ...NOT_SUPPORTED },
  { name: "an answer's type", type: 0x80, answer: 0x81, ...NOT_SUPPORTED },
  { name: "type FF", type: 0xff, answer: 0x81, ...NOT_SUPPORTED },
];

for (const state of ["absent", "inactive", "active"] as const) {
  test(`each message is answered as CCID 1.1 says: ${state}`, () => {
    let host = hostIn(state);
    for (const row of ROWS) {
      const reply = host.message(row.type, row.data, row.specific, row.type === 0x62 ? 700 : 50);
      if (row.iccAfter !== undefined) host = hostIn(state);
      const [commandStatus, error] = row[state];
      const icc = row.iccAfter?.[state] ?? ICC[state];
      is(reply.type, row.answer, `${row.name}: type`);
      equal([reply.status, reply.error], [commandStatus | icc, error], row.name);
      is(reply.sequence, 7, `${row.name}: bSeq`);
      if (commandStatus === FAILED) is(reply.data, "", `${row.name}: a failure has no data`);
    }
  });
}

test("while a person types every message but Abort is answered busy, and the entry goes on", () => {
  const host = hostIn("busy");
  for (const row of ROWS.filter(({ type }) => type !== 0x72)) {
    const reply = host.message(row.type, row.data, row.specific, 20);
    equal([reply.type, reply.status, reply.error], [row.answer, FAILED, BUSY], row.name);
    is(host.counter.page, "pin", row.name);
  }
  host.counter.simulator.keys("1357E");
  host.wait(1500);
  is(host.counter.page, "ok");
});

test("Abort during an entry is answered, then the Secure as aborted", () => {
  const host = hostIn("busy");
  const heard = host.send(framed(request(0x72))).take();
  const [echo, abort, secure] = heard.match(/0306.{22}/g) ?? [];
  is(echo, toHex(framed(request(0x72))));
  is(abort?.slice(4, 24), "81000000000007000000");
  ok(/^800000000000..40ff00$/.test(secure?.slice(4, 24) ?? ""), heard);
  is(host.counter.page, "cancelled");
});

test("a powered card gives its ATR, and its parameters are those of the ATR", () => {
  const host = hostIn("inactive");
  is(host.message(0x62, "", [0, 0, 0], 700).data, ATR);
  is(host.message(0x6c).data, PARAMETERS);
});

test("another slot than 0 is refused by the offset of bSlot", () => {
  for (const state of ["absent", "active"] as const) {
    const host = hostIn(state);
    const heard = host.send(framed([0x65, 0, 0, 0, 0, 1, 9, 0, 0, 0])).take();
    const status = (FAILED | ICC[state]).toString(16);
    is(heard.slice(30, 50), `81000000000109${status}0500`);
  }
});

test("wLevelParameter other than 0 is refused by its offset, before the card or a person is asked", () => {
  for (const level of [
    [1, 0],
    [2, 0],
    [3, 0],
    [0x10, 0],
    [0, 1],
  ]) {
    for (const [type, data] of [
      [0x6f, CHALLENGE],
      [0x69, SECURE],
    ] as const) {
      const host = hostIn("active");
      const reply = host.message(type, data, [0, ...level]);
      equal([reply.status, reply.error], [FAILED, 8], `${type.toString(16)} level ${level.join(" ")}`);
      is(host.counter.page, "in-use");
    }
  }
});

test("without XfrBlock or Secure the card is switched off after 60 s and not before", () => {
  const host = hostIn("active");
  host.message(0x6f, CHALLENGE);
  host.wait(59_000);
  is(host.message(0x65).status, 0);
  host.wait(1000);
  is(host.message(0x65).status, 1);
});

test.run();
