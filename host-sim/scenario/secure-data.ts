/** Data of PC_to_RDR_Secure, from bPINOperation on (CCID rev 1.1, 6.1.11 and 6.1.12); the host fills in bTeoPrologue. */

export interface SecureShape {
  /** CLA INS P1 P2 and whatever follows, in hexadecimal. */
  readonly apdu: string;
  readonly minimum: number;
  readonly maximum: number;
  /** bTimeOut in seconds; the terminal's own when left out. */
  readonly seconds?: number;
  /** bmFormatString and bmPINBlockString in hexadecimal; ASCII from the first data byte on when left out. */
  readonly format?: string;
}

export interface ChangeShape extends SecureShape {
  /** bConfirmPIN: 1 the new PIN is typed twice, 2 the old one is asked for. */
  readonly confirm: number;
}

const ASCII = "8200";
const PROLOGUE = "000000";

export function verifyData(shape: SecureShape): string {
  const head = `00${byte(shape.seconds ?? 0)}${shape.format ?? ASCII}00`;
  return `${head}${byte(shape.maximum)}${byte(shape.minimum)}0201000000${PROLOGUE}${shape.apdu}`;
}

export function changeData(shape: ChangeShape): string {
  const head = `01${byte(shape.seconds ?? 0)}${shape.format ?? ASCII}000000`;
  const digits = `${byte(shape.maximum)}${byte(shape.minimum)}${byte(shape.confirm)}`;
  return `${head}${digits}02030000000102${PROLOGUE}${shape.apdu}`;
}

function byte(value: number): string {
  return value.toString(16).padStart(2, "0");
}
