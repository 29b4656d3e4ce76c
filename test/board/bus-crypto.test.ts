/** hal/crypto.ts over the bus, both ends in one process. That the engines compute the same: their portable cases. */
import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import { BusCrypto } from "../../board/bus-crypto.ts";
import { BusWire } from "../../board/bus-wire.ts";
import { BusDecoder } from "../../host-sim/engine/bus-decoder.ts";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { NullBus } from "../espruino/null-bus.ts";
import { checkCrypto } from "../portable/crypto.cases.ts";

const test = suite("bus-crypto");

class Ends {
  readonly buffers: Uint8Array[] = [];
  readonly requests: string[] = [];
  readonly wire: BusWire;
  readonly crypto: BusCrypto;

  constructor() {
    const decoder = new BusDecoder(new NullBus());
    const allocate = (lengthBytes: number): Uint8Array => {
      const bytes = new Uint8Array(lengthBytes);
      this.buffers.push(bytes);
      return bytes;
    };
    this.wire = new BusWire(
      { ...NODE_NATIVES, allocate },
      {
        exchange: (request, length, answer) => {
          decoder.take((request as Uint8Array).subarray(0, length));
          const asked = decoder.obey();
          if (asked?.kind !== "answer") throw new Error("nothing is answered");
          this.requests.push(decoder.lastRequest);
          (answer as Uint8Array).set(asked.bytes);
          return asked.bytes.length;
        },
      },
    );
    this.crypto = new BusCrypto(this.wire);
  }
}

test("the portable cases hold over the bus", () => {
  const same = (actual: number, expected: number, what: string): void => is(actual, expected, what);
  checkCrypto({ equal: same }, NODE_NATIVES, new Ends().crypto);
});

test("nothing of a key, a message or an answer stays in a buffer", () => {
  const { crypto, buffers } = new Ends();
  const [ones, digest] = [new Uint8Array(16).fill(1), new Uint8Array(32)];
  is(buffers.length, 2);
  crypto.sha256(ones, 0, 16, digest);
  for (const bytes of buffers) ok(bytes.every((value) => value === 0));
  crypto.aesBlock(ones, ones, new Uint8Array(16));
  for (const bytes of buffers) ok(bytes.every((value) => value === 0));
});

test("outputs that wait go ahead of it, also where both together are too long for the buffer", () => {
  const { wire, crypto, requests } = new Ends();
  const long = new Uint8Array(2048);
  wire.uartTx(0, long, 0, 2048);
  crypto.sha256(long, 0, 2048, new Uint8Array(32));
  equal(requests, ["pinsRead with 0 bytes", "crypto with 2049 bytes"]);
});

const BYTES = new Uint8Array(2049);
const REFUSED: readonly (readonly [string, (crypto: BusCrypto) => void, RegExp])[] = [
  [
    "a message that is too long",
    (crypto) => crypto.sha256(BYTES, 0, 2049, new Uint8Array(32)),
    /length is wrong/,
  ],
  ["a range outside", (crypto) => crypto.sha256(BYTES, 2040, 10, new Uint8Array(32)), /lies outside/],
  ["a digest that is too short", (crypto) => crypto.sha256(BYTES, 0, 1, new Uint8Array(31)), /lies outside/],
  [
    "a short key",
    (crypto) => crypto.aesBlock(new Uint8Array(15), new Uint8Array(16), new Uint8Array(16)),
    /call 1 is not known or its length is wrong/,
  ],
  [
    "a long block",
    (crypto) => crypto.aesBlock(new Uint8Array(16), new Uint8Array(17), new Uint8Array(16)),
    /length is wrong/,
  ],
];

for (const [what, call, message] of REFUSED)
  test(`${what} is refused`, () => {
    const { crypto } = new Ends();
    throws(() => call(crypto), message);
  });

for (const [what, bytes, message] of [
  ["no call", [1, 0, 0x14], /crypto with 0 bytes: the length is wrong/],
  ["a call that nobody knows", [2, 0, 0x14, 2], /call 2 is not known/],
] as const)
  test(`the decoder refuses ${what}`, () => {
    const decoder = new BusDecoder(new NullBus());
    decoder.take(Uint8Array.from(bytes));
    throws(() => decoder.obey(), message);
  });

test.run();
