import fc from "fast-check";
import { suite } from "uvu";
import { is, ok } from "uvu/assert";
import { FrameResult, GemPcDecoder, sealFrame } from "../../firmware/protocol/gempc-frame.ts";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { checkGemPcFrame } from "../portable/gempc-frame.cases.ts";

const test = suite("gempc-frame");

function framed(data: Uint8Array): Uint8Array {
  const frame = new Uint8Array(data.length + 13);
  frame.set([0x6f, data.length & 0xff, data.length >> 8], 2);
  frame.set(data, 12);
  sealFrame(frame, 10 + data.length);
  return frame;
}

/** The first result other than Pending. */
function outcome(bytes: Iterable<number>): FrameResult {
  const decoder = new GemPcDecoder(NODE_NATIVES);
  for (const byte of bytes) {
    const result = decoder.push(byte);
    if (result !== FrameResult.Pending) return result;
  }
  return FrameResult.Pending;
}

test("frames are read and written as libccid's serial driver does", () => {
  checkGemPcFrame({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test("every frame of up to 271 bytes is accepted and given whole", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 261 }), (data) => {
      const decoder = new GemPcDecoder(NODE_NATIVES);
      const frame = framed(data);
      let last = FrameResult.Pending;
      for (const byte of frame) last = decoder.push(byte);
      is(last, FrameResult.Message);
      is(decoder.messageLength, 10 + data.length);
      ok(frame.subarray(2, -1).every((byte, i) => byte === decoder.message[i]));
    }),
  );
});

test("a frame with one byte changed outside dwLength is never accepted", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 261 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (data, at, mask) => {
        // A 03 in the data could begin an honest frame of its own when the first 03 is destroyed.
        const frame = framed(data.map((byte) => (byte === 3 ? 4 : byte)));
        const index = at % frame.length;
        if (index >= 3 && index <= 6) return;
        frame[index] = frame[index]! ^ mask;
        ok(outcome(frame) !== FrameResult.Message, `byte ${index}`);
      },
    ),
  );
});

test("no bytes make the decoder throw or keep more than 271 bytes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(0x03, 0x06, 0x15, 0x00), fc.nat(255)), { maxLength: 900 }),
      (bytes) => {
        const decoder = new GemPcDecoder(NODE_NATIVES);
        for (const byte of bytes) {
          if (decoder.push(byte) === FrameResult.Message) ok(decoder.messageLength <= 271);
        }
      },
    ),
  );
});

test.run();
