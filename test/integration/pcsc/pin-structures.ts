/** PIN_VERIFY_STRUCTURE and PIN_MODIFY_STRUCTURE of PC/SC part 10 (v2.02.09, 2.6.2 and 2.6.3), in hexadecimal. */

/** Byte units, digits from the left at position 0, ASCII. */
const ASCII_FORMAT = 0x82;
/** The entry ends by the confirming key. */
const KEY_PRESSED = 0x02;
const ENGLISH = [0x09, 0x04];
/** NAD, PCB and LEN are the driver's to fill in. */
const NO_PROLOGUE = [0x00, 0x00, 0x00];

export interface PinRules {
  /** Seconds; 0 is the terminal's own time. */
  readonly timeOutS?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** bConfirmPIN (2.6.3). */
export const CONFIRM_NEW = 0x01;
export const ASK_OLD = 0x02;

function hex(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString("hex");
}

function littleEndian32(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24];
}

/** ulDataLength and abData. */
function command(apdu: string): string {
  const bytes = [...Buffer.from(apdu.replaceAll(" ", ""), "hex")];
  return hex([...littleEndian32(bytes.length), ...bytes]);
}

/** Digits as the data of the command `apdu`, which has none. */
export function verifyStructure(apdu: string, rules: PinRules = {}): string {
  const { timeOutS = 30, minimum = 4, maximum = 4 } = rules;
  const head = [timeOutS, timeOutS, ASCII_FORMAT, 0x00, 0x00, maximum, minimum, KEY_PRESSED, 0x01];
  return hex([...head, ...ENGLISH, 0x00, ...NO_PROLOGUE]) + command(apdu);
}

/** The new PIN, behind the old one when `confirm` has ASK_OLD, as the data of `apdu`, which has none. */
export function modifyStructure(apdu: string, confirm: number, rules: PinRules = {}): string {
  const { timeOutS = 30, minimum = 4, maximum = 4 } = rules;
  const head = [
    timeOutS,
    timeOutS,
    ASCII_FORMAT,
    0x00,
    0x00,
    0x00,
    0x00,
    maximum,
    minimum,
    confirm,
    KEY_PRESSED,
  ];
  return hex([...head, 0x03, ...ENGLISH, 0x00, 0x01, 0x02, ...NO_PROLOGUE]) + command(apdu);
}
