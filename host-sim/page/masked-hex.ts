/** Bytes for people to read, a secret stretch as dots: neither its digits nor what could be reckoned back from a checksum. */

/** From `from` up to but without `to`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

const DOTS = "••";

export function maskedHex(bytes: ArrayLike<number>, secret?: Stretch): string {
  return Array.from(bytes, (byte, at) => {
    const isSecret = secret !== undefined && at >= secret.from && at < secret.to;
    return isSecret ? DOTS : byte.toString(16).padStart(2, "0").toUpperCase();
  }).join(" ");
}

/** One byte, or two, as the standards write them. */
export function hexNumber(value: number, digits: 2 | 4): string {
  return value.toString(16).padStart(digits, "0").toUpperCase();
}
