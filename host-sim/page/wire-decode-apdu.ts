/**
 * APDUs for people to read (ISO/IEC 7816-3:2006, 12.1; 7816-4). The data of a command is masked unless its instruction is one that
 * never carries a PIN or a key: a list of what may be seen, for one that is forgotten in a list of secrets would be shown.
 */
import { ApduError, CommandApdu, decodeCommandApdu } from "../../firmware/protocol/command-apdu.ts";
import { hexNumber, maskedHex, type Stretch } from "./masked-hex.ts";

/** Names of instructions (ISO/IEC 7816-4:2013, table 4; 26 and 28 as 7816-4:2005 has them). */
const NAMES: Readonly<Record<number, string>> = {
  0x20: "VERIFY",
  0x21: "VERIFY",
  0x22: "MANAGE SECURITY ENVIRONMENT",
  0x24: "CHANGE REFERENCE DATA",
  0x25: "CHANGE REFERENCE DATA",
  0x26: "DISABLE VERIFICATION REQUIREMENT",
  0x28: "ENABLE VERIFICATION REQUIREMENT",
  0x2a: "PERFORM SECURITY OPERATION",
  0x2c: "RESET RETRY COUNTER",
  0x32: "CHANGE KEY",
  0x70: "MANAGE CHANNEL",
  0x82: "EXTERNAL AUTHENTICATE",
  0x84: "GET CHALLENGE",
  0x88: "INTERNAL AUTHENTICATE",
  0xa4: "SELECT",
  0xb0: "READ BINARY",
  0xb2: "READ RECORD",
  0xc0: "GET RESPONSE",
  0xc2: "ENVELOPE",
  0xca: "GET DATA",
  0xd6: "UPDATE BINARY",
};

/** Instructions whose data may be seen. */
const SHOWN: ReadonlySet<number> = new Set([0x22, 0x2a, 0x70, 0x84, 0x88, 0xa4, 0xb0, 0xb2, 0xc0, 0xca]);
const HEADER_BYTES = 4;
const CHANGE_KEY = 0x32;

export interface ReadApdu {
  readonly text: string;
  readonly hex: string;
}

/** Where the secret of a command stands, or undefined; `start` may be the first bytes of a longer one. */
export function secretOf(start: ArrayLike<number>): Stretch | undefined {
  const isShown = start.length >= 2 && SHOWN.has(start[1]!);
  // A header alone carries nothing: the empty VERIFY, or case 2 with its Le.
  if (isShown) return undefined;
  return { from: start.length < 2 ? 0 : HEADER_BYTES + 1, to: Infinity };
}

function nameOf(cla: number, ins: number): string {
  // JICSAP V1.1 has it in its own class; elsewhere 32 is not that.
  if (ins === CHANGE_KEY && (cla & 0x80) === 0) return "INS 32";
  return NAMES[ins] ?? `INS ${hexNumber(ins, 2)}`;
}

/** A whole command. */
export function readCommand(bytes: Uint8Array): ReadApdu {
  const apdu = new CommandApdu();
  const error = decodeCommandApdu(bytes, bytes.length, apdu);
  const hex = maskedHex(bytes, secretOf(bytes));
  if (error === ApduError.TooShort)
    return { text: `${bytes.length} bytes, no command`, hex: maskedHex(bytes, { from: 0, to: Infinity }) };
  const parameters = `${hexNumber(apdu.p1, 2)} ${hexNumber(apdu.p2, 2)}`;
  const words = [nameOf(apdu.cla, apdu.ins), parameters];
  if (error !== ApduError.None) words.push("· its lengths contradict each other");
  else {
    if (apdu.dataLength > 0) words.push(`· ${apdu.dataLength} bytes`);
    if (apdu.expectedLength > 0) words.push(`· asks for ${apdu.expectedLength}`);
    if (bytes.length === HEADER_BYTES && apdu.ins === 0x20) words.push("· asks for the tries left");
  }
  return { text: words.join(" "), hex };
}

function statusText(sw: number): string {
  if (sw === 0x9000) return "done";
  if (sw >> 4 === 0x63c) return `${sw & 15} tries left`;
  if (sw >> 8 === 0x61) return "more to fetch";
  const known: Readonly<Record<number, string>> = {
    0x6283: "file invalidated",
    0x6581: "memory failure",
    0x6700: "wrong length",
    0x6982: "security status not satisfied",
    0x6983: "blocked",
    0x6984: "reference data unusable",
    0x6985: "conditions not satisfied",
    0x6a80: "wrong data",
    0x6a81: "not supported",
    0x6a82: "not found",
    0x6a86: "wrong P1 P2",
    0x6b00: "wrong P1 P2",
    0x6d00: "unknown instruction",
    0x6e00: "unknown class",
    0x6f00: "no precise cause",
  };
  return known[sw] ?? "";
}

/** A whole response. */
export function readResponse(bytes: Uint8Array): ReadApdu {
  const hex = maskedHex(bytes);
  if (bytes.length < 2) return { text: `${bytes.length} bytes, no response`, hex };
  const sw = bytes[bytes.length - 2]! * 256 + bytes[bytes.length - 1]!;
  const data = bytes.length > 2 ? ` · ${bytes.length - 2} bytes` : "";
  const meaning = statusText(sw);
  return { text: `${hexNumber(sw, 4)}${meaning === "" ? "" : ` ${meaning}`}${data}`, hex };
}
