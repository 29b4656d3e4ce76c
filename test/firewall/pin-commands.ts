/** The test's own list of what carries or changes a PIN, written from the standards and not from the firmware. */

/** Why `apdu` must not reach a card from a host, or undefined when it may (ISO/IEC 7816-4, JICSAP V1.1, design §7.3). */
export function forbiddenReason(apdu: Uint8Array): string | undefined {
  const [cla, ins] = [apdu[0]!, apdu[1]!];
  if (apdu.length < 4) return "shorter than a header";
  if (cla === 0xff) return "class FF is a PPS";
  if (isPinCommand(cla, ins)) return isRetryQuery(apdu) ? undefined : "a PIN command";
  if (ins === 0xc2 || ins === 0xc3) return "ENVELOPE";
  return hasOneMeaning(apdu) ? undefined : "bytes behind the command";
}

/** Whether a card could take class and instruction for one that compares, replaces or unblocks a PIN. */
export function isPinCommand(cla: number, ins: number): boolean {
  const everywhere = [0x20, 0x21, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2c, 0x2d];
  const proprietary = [0x32, 0x50, 0x52, 0x54];
  return everywhere.includes(ins) || (cla >= 0x80 && proprietary.includes(ins));
}

function isRetryQuery(apdu: Uint8Array): boolean {
  return apdu.length === 4 && apdu[0] === 0 && apdu[1] === 0x20 && apdu[2] === 0;
}

/** Lengths that agree with each other in one of the seven cases, so that no tail is left to be taken for another command. */
function hasOneMeaning(apdu: Uint8Array): boolean {
  const body = apdu.subarray(4);
  if (body.length <= 1) return true;
  if (body[0] !== 0) return body.length === 1 + body[0]! || body.length === 2 + body[0]!;
  if (body.length === 3) return true;
  const data = body[1]! * 256 + body[2]!;
  return body.length > 3 && data > 0 && (body.length === 3 + data || body.length === 5 + data);
}
