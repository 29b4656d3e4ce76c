/** Escapes: the four that libccid's driver sends at start-up and the one of our own are answered, nothing else is. */
import type { ByteNatives } from "../../hal/bytes.ts";
import { BENCH_FIRMWARE, ESCAPE_UNKNOWN, Escapes } from "../../firmware/service/escapes.ts";
import { ResetPart, ResetReason } from "../../hal/watchdog.ts";
import type { Report } from "./report.ts";

const AT = 10;
/** gemalto_firmware_features of libccid 1.5.2 (ccid_ifdhandler.h): its size, and the driver's buffer for the firmware's name. */
const FEATURE_BYTES = 21;
const NAME_MAX_BYTES = 49;

/** What an Escape of `length` bytes beginning with `first` is answered by: a length, or `ESCAPE_UNKNOWN`. */
function expected(first: number, length: number): number {
  if (length === 0) return ESCAPE_UNKNOWN;
  if (first === 0x02 && length === 1) return 15;
  if (first === 0x6a && length === 1) return FEATURE_BYTES;
  if (first === 0x01 && length === 3) return 0;
  return first === 0xb2 ? 0 : ESCAPE_UNKNOWN;
}

export function checkEscapes(report: Report, natives: ByteNatives): void {
  const escapes = new Escapes({ reason: ResetReason.PowerOn, part: ResetPart.None }, BENCH_FIRMWARE);
  const message = natives.allocate(AT + 261);
  const into = natives.allocate(AT + 64);
  for (let first = 0; first < 256; first++) {
    message[AT] = first;
    for (const length of [0, 1, 2, 3, 4, 165, 261]) {
      const what = "Escape " + first + " of " + length + " bytes";
      report.equal(escapes.answer(message, length, into, AT), expected(first, length), what);
    }
  }
  natives.fill(into, 0, into.length, 0xa5);
  message[AT] = 0x02;
  const name = escapes.answer(message, 1, into, AT);
  report.equal(name <= NAME_MAX_BYTES ? 1 : 0, 1, "the name fits the driver's buffer");
  for (let i = 0; i < name; i++)
    report.equal(into[AT + i] >= 0x20 && into[AT + i] < 0x7f ? 1 : 0, 1, "letters");
  report.equal(into[AT + name], 0xa5, "nothing behind the name");
  report.equal(into[AT - 1], 0xa5, "nothing before it");
  message[AT] = 0x6a;
  escapes.answer(message, 1, into, AT);
  report.equal(into[AT], 2, "bLogicalLCDLineNumber");
  report.equal(into[AT + 13], 4, "bMinimumPINSize");
  report.equal(into[AT + 14], 16, "bMaximumPINSize");
  report.equal(into[AT + 16] * 256 + into[AT + 17], 0x6985, "the firewall's status word");
}

/** `4D 01` asks why the terminal started; every other Escape that begins with 4D is unknown. */
export function checkResetEscape(report: Report, natives: ByteNatives): void {
  const message = natives.allocate(AT + 8);
  const into = natives.allocate(AT + 8);
  message[AT] = 0x4d;
  for (let reason = 0; reason <= ResetReason.Program; reason++) {
    const escapes = new Escapes({ reason, part: reason === 1 ? 3 : ResetPart.None }, BENCH_FIRMWARE);
    for (let second = 0; second < 256; second++) {
      message[AT + 1] = second;
      const length = second === 1 ? 2 : ESCAPE_UNKNOWN;
      report.equal(escapes.answer(message, 2, into, AT), length, "Escape 4D " + second);
    }
    message[AT + 1] = 1;
    report.equal(escapes.answer(message, 3, into, AT), ESCAPE_UNKNOWN, "Escape 4D 01 and a byte more");
    natives.fill(into, 0, into.length, 0xa5);
    escapes.answer(message, 2, into, AT);
    report.equal(into[AT], reason, "the reason");
    report.equal(into[AT + 1], reason === 1 ? 3 : 255, "the part");
    report.equal(into[AT + 2], 0xa5, "nothing behind them");
  }
}
