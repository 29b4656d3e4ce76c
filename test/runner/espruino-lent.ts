type ByteMap = (value: number, index: number) => number;

/** What the ports of Espruino take from its interpreter, for their script to run in a plain JavaScript engine. */
export const LENT_E = {
  convolve(one: Uint8Array, other: Uint8Array): number {
    return one.reduce((sum, value, i) => sum + value * (other[i] ?? Number.NaN), 0);
  },
  mapInPlace(from: Uint8Array, to: Uint8Array, map: Uint8Array | ByteMap): void {
    from.forEach((value, i) => (to[i] = typeof map === "function" ? map(value, i) : (map[value] ?? 0)));
  },
};
