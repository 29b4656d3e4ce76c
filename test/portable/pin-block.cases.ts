/** PIN layouts of CCID 1.1: what is written, and each refusal by the field it tells. */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { PIN_APDU_MAX_BYTES, PinBlock } from "../../firmware/protocol/pin-block.ts";
import { SECURE_OK, SecureRequest, decodeSecureRequest } from "../../firmware/protocol/secure-request.ts";
import { PIN_LAYOUTS, PIN_REFUSALS } from "../vectors/pin-block.ts";
import type { PinLayout } from "../vectors/pin-block.ts";
import { bytesOf, sameBytes } from "./bytes-of.ts";
import type { Report } from "./report.ts";

/** A whole message of a case's fields. Verification if `offsets` is empty, else [old, new, bConfirmPIN]. */
function messageOf(natives: ByteNatives, layout: PinLayout): Bytes {
  const isModify = layout.offsets.length > 0;
  const apduAt = isModify ? 28 : 25;
  const message = natives.allocate(apduAt + layout.template.length);
  message[10] = isModify ? 1 : 0;
  for (let i = 0; i < 3; i++) message[12 + i] = layout.format[i];
  if (isModify) for (let i = 0; i < 2; i++) message[15 + i] = layout.offsets[i];
  const digitsAt = isModify ? 17 : 15;
  message[digitsAt] = layout.digits[1];
  message[digitsAt + 1] = layout.digits[0];
  if (isModify) message[19] = layout.offsets[2];
  message[isModify ? 20 : 17] = 2;
  message[apduAt - 1] = layout.template.length;
  natives.copy(bytesOf(natives, layout.template), 0, message, apduAt, layout.template.length);
  return message;
}

function prepare(natives: ByteNatives, layout: PinLayout, block: PinBlock): number {
  const message = messageOf(natives, layout);
  const request = new SecureRequest();
  const wrong = decodeSecureRequest(message, message.length, request);
  return wrong === SECURE_OK ? block.prepare(request, message) : -wrong;
}

export function checkPinBlock(report: Report, natives: ByteNatives): void {
  const into = natives.allocate(PIN_APDU_MAX_BYTES);
  const block = new PinBlock(natives);
  for (const layout of PIN_LAYOUTS) {
    report.equal(prepare(natives, layout, block), SECURE_OK, layout.what);
    natives.fill(into, 0, into.length, 0xa5);
    let length = 0;
    const pin = bytesOf(natives, layout.pin);
    if (layout.offsets.length === 0) {
      length = block.placeNew(pin, pin.length, into);
    } else {
      const old = bytesOf(natives, layout.oldPin);
      if (old.length > 0)
        report.equal(block.placeOld(old, old.length, into) > 0 ? 1 : 0, 1, layout.what + ": old");
      length = block.placeNew(pin, pin.length, into);
    }
    sameBytes(report, layout.what, { bytes: into, length }, layout.apdu);
    report.equal(length < into.length ? into[length] : 0xa5, 0xa5, layout.what + ": nothing behind it");
  }
  for (const refusal of PIN_REFUSALS) {
    // A good one before, so that nothing of it is left behind.
    prepare(natives, PIN_LAYOUTS[1], block);
    report.equal(prepare(natives, refusal.layout, block), refusal.told, refusal.layout.what);
    const pin = bytesOf(natives, [1, 2, 3, 4, 5, 6]);
    report.equal(block.placeNew(pin, 6, into), 0, refusal.layout.what + ": nothing can be built");
  }
  checkCounts(report, natives, into);
}

function checkCounts(report: Report, natives: ByteNatives, into: Bytes): void {
  const block = new PinBlock(natives);
  const pin = bytesOf(natives, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  report.equal(block.placeNew(pin, 4, into), 0, "nothing is built before prepare");
  prepare(natives, PIN_LAYOUTS[1], block);
  report.equal(block.placeNew(pin, 3, into), 0, "fewer than min");
  report.equal(block.placeNew(pin, 9, into), 0, "more than max");
  report.equal(block.placeOld(pin, 4, into), 0, "a verification has no old PIN");
  report.equal(block.placeNew(pin, 4, into), 13, "min itself");
  for (const layout of PIN_LAYOUTS) {
    if (layout.oldPin.length > 0) {
      prepare(natives, layout, block);
      report.equal(block.placeNew(pin, layout.pin.length, into), 0, "no new PIN before the old");
      report.equal(block.placeNew(pin, layout.pin.length, into), 0, "a modification is not built at once");
    }
  }
}
