/** Escapes: the four that libccid's driver sends at start-up are answered, nothing else is. */
import type { ByteNatives } from "../../hal/bytes.ts";
import { answerEscape, ESCAPE_UNKNOWN } from "../../firmware/service/escapes.ts";
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
  const message = natives.allocate(AT + 261);
  const into = natives.allocate(AT + 64);
  for (let first = 0; first < 256; first++) {
    message[AT] = first;
    for (const length of [0, 1, 2, 3, 4, 165, 261]) {
      const what = "Escape " + first + " of " + length + " bytes";
      report.equal(answerEscape(message, length, into, AT), expected(first, length), what);
    }
  }
  natives.fill(into, 0, into.length, 0xa5);
  message[AT] = 0x02;
  const name = answerEscape(message, 1, into, AT);
  report.equal(name <= NAME_MAX_BYTES ? 1 : 0, 1, "the name fits the driver's buffer");
  for (let i = 0; i < name; i++)
    report.equal(into[AT + i] >= 0x20 && into[AT + i] < 0x7f ? 1 : 0, 1, "letters");
  report.equal(into[AT + name], 0xa5, "nothing behind the name");
  report.equal(into[AT - 1], 0xa5, "nothing before it");
  message[AT] = 0x6a;
  answerEscape(message, 1, into, AT);
  report.equal(into[AT], 2, "bLogicalLCDLineNumber");
  report.equal(into[AT + 13], 4, "bMinimumPINSize");
  report.equal(into[AT + 14], 16, "bMaximumPINSize");
  report.equal(into[AT + 16] * 256 + into[AT + 17], 0x6985, "the firewall's status word");
}
