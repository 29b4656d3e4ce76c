import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import { HostFailure, SecureRefused } from "../../../host-sim/host/ccid-host.ts";
import { GemPcHost } from "../../../host-sim/host/gempc-host.ts";
import { t1ParametersOf } from "../../../host-sim/host/t1-interface-device.ts";
import { GET_SLOT_STATUS, PROMPTS, VERIFY_VARIABLE } from "../../vectors/gempc.ts";

const test = suite("gempc-host");

const JPKI_ATR = [0x3b, 0xe0, 0x00, 0xff, 0x81, 0x31, 0xfe, 0x45, 0x14];

type Reply = (message: number[]) => number[] | undefined;

function framed(message: readonly number[]): number[] {
  const frame = [0x03, 0x06, ...message];
  return [...frame, frame.reduce((lrc, byte) => lrc ^ byte, 0)];
}

/** 13 bytes: the request's header without data. */
function shortEcho(message: readonly number[]): number[] {
  return framed([message[0]!, 0, 0, 0, 0, ...message.slice(5, 10)]);
}

function answer(
  type: number,
  request: readonly number[],
  data: readonly number[],
  status = 0,
  error = 0,
): number[] {
  return framed([type, data.length, 0, 0, 0, 0, request[6]!, status, error, 0, ...data]);
}

/** A reader in a few lines: the bytes that `reply` gives reach the host one per run of the world. */
function hostWith(reply: Reply): { host: GemPcHost; messages: number[][]; clock: { ns: number } } {
  const queue: number[] = [];
  const messages: number[][] = [];
  const clock = { ns: 0 };
  let listener: (bytes: Uint8Array) => void = () => undefined;
  const line = {
    send(bytes: Uint8Array): void {
      const message = [...bytes.slice(2, -1)];
      messages.push(message);
      queue.push(...(reply(message) ?? []));
    },
    onBytes(given: (bytes: Uint8Array) => void): void {
      listener = given;
    },
  };
  const run = (until: () => boolean, limitNs: number): boolean => {
    const endNs = clock.ns + limitNs;
    while (!until()) {
      const byte = queue.shift();
      if (byte === undefined) {
        clock.ns = endNs;
        return false;
      }
      clock.ns += 95_000;
      listener(Uint8Array.of(byte));
    }
    return true;
  };
  return { host: new GemPcHost(line, run), messages, clock };
}

test("start-up sends what libccid was recorded to send", () => {
  const { host, messages } = hostWith((m) => {
    const data = m[0] === 0x6b && m[10] === 0x02 ? [...Buffer.from("GemTest")] : [];
    return [...shortEcho(m), ...answer(m[0] === 0x6b ? 0x83 : 0x81, m, data)];
  });
  is(host.startUp(), "GemTest");
  equal(messages[2], GET_SLOT_STATUS);
  equal(messages[4], PROMPTS);
  equal(
    messages.map((message) => message[0]),
    [0x6b, 0x6b, 0x65, 0x65, 0x6b, 0x6b],
  );
});

test("a whole echo of the prompts is refused, as libccid refuses it", () => {
  const { host } = hostWith((m) => [
    ...(m[10] === 0xb2 ? framed(m) : shortEcho(m)),
    ...answer(m[0] === 0x6b ? 0x83 : 0x81, m, []),
  ]);
  throws(() => host.startUp(), /frame size: 175/);
});

test("an answer without an echo before it is waited for in vain", () => {
  const { host, clock } = hostWith((m) => answer(0x81, m, []));
  throws(
    () => host.slotStatus(),
    (error: Error) => error instanceof HostFailure && error.message === "timeout",
  );
  ok(clock.ns >= 3e9, "for three seconds");
});

test("time requests and slot notices before and after the echo are taken", () => {
  const { host } = hostWith((m) => [
    0x50,
    0x03,
    0x80,
    ...shortEcho(m),
    0x85,
    0x50,
    0x02,
    ...answer(0x81, m, [], 2),
  ]);
  is(host.slotStatus().status, 2);
  equal(host.notices, [0x5003, 0x80, 0x85, 0x5002]);
});

test("any other byte before a frame is a failure", () => {
  const { host } = hostWith((m) => [0x41, ...shortEcho(m)]);
  throws(() => host.slotStatus(), /got 41/);
});

test("a wrong LRC in an answer is a failure", () => {
  const { host } = hostWith((m) => [...shortEcho(m).slice(0, -1), 0]);
  throws(() => host.slotStatus(), /wrong LRC/);
});

/** A reader whose card answers 9000 to every I-block; Secure is answered by `secure`. */
function cardReader(secure: (m: number[]) => number[]): Reply {
  return (m) => {
    if (m[0] === 0x62) return [...shortEcho(m), ...answer(0x80, m, JPKI_ATR)];
    if (m[0] === 0x61) return [...shortEcho(m), ...answer(0x82, m, m.slice(10))];
    if (m[0] === 0x69) return [...shortEcho(m), ...secure(m)];
    const pcb = m[11]!;
    const block = pcb === 0xc1 ? [0, 0xe1, 1, m[13]!] : [0, pcb, 2, 0x90, 0];
    return [...shortEcho(m), ...answer(0x80, m, [...block, block.reduce((lrc, byte) => lrc ^ byte, 0)])];
  };
}

test("Secure fills the prologue, counts, and a refusal takes the count back", () => {
  const answers = [
    (m: number[]): number[] => answer(0x80, m, [], 0x40, 0xef),
    (m: number[]): number[] => answer(0x80, m, [], 0x40, 0xf0),
    (m: number[]): number[] => answer(0x80, m, [0x64, 0x02]),
    (m: number[]): number[] => answer(0x80, m, [], 0x40, 0x0f),
    (m: number[]): number[] => answer(0x80, m, [0, 0x40, 2, 0x63, 0xc2, 0xe3]),
  ];
  const prologues: number[][] = [];
  const { host } = hostWith(
    cardReader((m) => {
      prologues.push(m.slice(22, 25));
      return answers.shift()!(m);
    }),
  );
  host.powerOn();
  host.connect();
  equal([...host.transmit(Uint8Array.of(0, 0xa4, 0, 0))], [0x90, 0]);
  const data = Uint8Array.from(VERIFY_VARIABLE.slice(10));
  equal([...host.secure(data)], [0x64, 0x01]);
  equal([...host.secure(data)], [0x64, 0x00]);
  equal([...host.secure(data)], [0x64, 0x02]);
  throws(
    () => host.secure(data),
    (error: Error) => error instanceof SecureRefused && error.reply.error === 0x0f,
  );
  equal([host.t1.ns, host.t1.nr], [1, 1], "refused four times, counted never");
  equal([...host.secure(data)], [0x63, 0xc2]);
  equal([host.t1.ns, host.t1.nr], [0, 0]);
  equal(prologues, Array(5).fill([0, 0x40, 5]));
});

test("a Secure can be begun, the world run, and its answer fetched later", () => {
  const { host, messages } = hostWith(cardReader((m) => answer(0x80, m, [0, 0, 2, 0x90, 0, 0x92])));
  host.powerOn();
  host.beginSecure(Uint8Array.from(VERIFY_VARIABLE.slice(10)));
  is(messages.at(-1)![0], 0x69);
  equal([...host.finishSecure()], [0x90, 0x00]);
});

test("IFSC and EDC are read from an ATR's bytes for T=1", () => {
  equal(t1ParametersOf(Uint8Array.from(JPKI_ATR)), { ifsc: 0xfe, checksum: "lrc" });
  equal(t1ParametersOf(Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01)), { ifsc: 32, checksum: "lrc" });
  equal(t1ParametersOf(Uint8Array.of(0x3b, 0x80, 0x81, 0x51, 0x40, 0x01, 0)), {
    ifsc: 0x40,
    checksum: "crc",
  });
});

test.run();
