/** Answers to reset and what ISO/IEC 7816-3:2006, 8.2 says of them. Refused ones fail by the one rule named in `why`. */
export interface AtrVector {
  readonly why: string;
  readonly bytes: readonly number[];
  /** `AtrError` by number. */
  readonly error: number;
  /** Of a whole one: firstProtocol, offersT1, negotiable, ta1, extraGuard, ifsc, bwi, cwi, usesCrc, classByte. */
  readonly fields: readonly number[];
}

export const ATR_VECTORS: readonly AtrVector[] = [
  {
    why: "個人番号カード (OpenSC card-jpki.c)",
    bytes: [0x3b, 0xe0, 0x00, 0xff, 0x81, 0x31, 0xfe, 0x45, 0x14],
    error: 0,
    fields: [1, 1, 1, 0x11, 255, 254, 4, 5, 0, 0],
  },
  {
    why: "the shortest: T=0 alone",
    bytes: [0x3b, 0x00],
    error: 0,
    fields: [0, 0, 1, 0x11, 0, 32, 4, 13, 0, 0],
  },
  {
    why: "the same in inverse convention",
    bytes: [0x3f, 0x00],
    error: 0,
    fields: [0, 0, 1, 0x11, 0, 32, 4, 13, 0, 0],
  },
  {
    why: "T=0 with historical bytes has no TCK",
    bytes: [0x3b, 0x02, 0x14, 0x50],
    error: 0,
    fields: [0, 0, 1, 0x11, 0, 32, 4, 13, 0, 0],
  },
  {
    why: "TA1 as the default, T=1 named twice",
    bytes: [0x3b, 0x90, 0x11, 0x81, 0x01, 0x01],
    error: 0,
    fields: [1, 1, 1, 0x11, 0, 32, 4, 13, 0, 0],
  },
  {
    why: "T=0 first, then T=1: TCK is there",
    bytes: [0x3b, 0x80, 0x80, 0x01, 0x01],
    error: 0,
    fields: [0, 1, 1, 0x11, 0, 32, 4, 13, 0, 0],
  },
  {
    why: "T=1 with CRC",
    bytes: [0x3b, 0x80, 0x81, 0x71, 0x20, 0x45, 0x01, 0x14],
    error: 0,
    fields: [1, 1, 1, 0x11, 0, 32, 4, 5, 1, 0],
  },
  {
    why: "only the first level of T=1 beyond the second counts",
    bytes: [0x3b, 0x80, 0x81, 0xb1, 0x40, 0x45, 0x71, 0x00, 0xff, 0x01, 0x3a],
    error: 0,
    fields: [1, 1, 1, 0x11, 0, 64, 4, 5, 0, 0],
  },
  {
    why: "class indicator after T=15",
    bytes: [0x3b, 0x80, 0x81, 0x9f, 0x03, 0x1f, 0x03, 0x81],
    error: 0,
    fields: [1, 1, 1, 0x11, 0, 32, 4, 13, 0, 3],
  },
  {
    why: "specific mode, T=1 at the default rate",
    bytes: [0x3b, 0x90, 0x11, 0x91, 0x81, 0x01, 0x90],
    error: 0,
    fields: [1, 1, 0, 0x11, 0, 32, 4, 13, 0, 0],
  },
  {
    why: "specific mode with implicit rate does not ask TA1",
    bytes: [0x3b, 0x90, 0x7f, 0x91, 0x91, 0x01, 0xee],
    error: 0,
    fields: [1, 1, 0, 0x7f, 0, 32, 4, 13, 0, 0],
  },
  {
    why: "a reserved rate is only an offer in negotiable mode",
    bytes: [0x3b, 0x10, 0x7f],
    error: 0,
    fields: [0, 0, 1, 0x7f, 0, 32, 4, 13, 0, 0],
  },
  {
    why: "33 characters, the longest",
    bytes: [
      0x3b, 0x8f, 0xe1, 0x00, 0x00, 0xf1, 0x20, 0x45, 0x00, 0xf1, 0x20, 0x45, 0x00, 0x71, 0x20, 0x45, 0x00,
      0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x7a,
    ],
    error: 0,
    fields: [1, 1, 1, 0x11, 0, 32, 4, 5, 0, 0],
  },
  {
    why: "34 characters announced",
    bytes: [0x3b, 0x8f, 0xe1, 0x00, 0x00, 0xf1, 0x20, 0x45, 0x00, 0xf1, 0x20, 0x45, 0x00, 0xf1],
    error: 2,
    fields: [],
  },
  { why: "TS 03 with good parity", bytes: [0x03], error: 1, fields: [] },
  { why: "TS C0", bytes: [0xc0], error: 1, fields: [] },
  {
    why: "an endless TD chain",
    bytes: [
      0x3b, 0x80, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81,
      0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81,
    ],
    error: 2,
    fields: [],
  },
  {
    why: "TCK one bit wrong",
    bytes: [0x3b, 0xe0, 0x00, 0xff, 0x81, 0x31, 0xfe, 0x45, 0x15],
    error: 3,
    fields: [],
  },
  { why: "TD1 says T=15", bytes: [0x3b, 0x80, 0x0f], error: 4, fields: [] },
  { why: "T=1 before T=0", bytes: [0x3b, 0x80, 0x81, 0x00], error: 5, fields: [] },
  { why: "specific mode at Fi 7", bytes: [0x3b, 0x90, 0x71, 0x91, 0x01], error: 6, fields: [] },
  { why: "specific mode at Fi 8", bytes: [0x3b, 0x90, 0x81, 0x91, 0x01], error: 6, fields: [] },
  { why: "specific mode at Fi 14", bytes: [0x3b, 0x90, 0xe1, 0x91, 0x01], error: 6, fields: [] },
  { why: "specific mode at Di 0", bytes: [0x3b, 0x90, 0x10, 0x91, 0x01], error: 6, fields: [] },
  { why: "specific mode at Di 10", bytes: [0x3b, 0x90, 0x1a, 0x91, 0x01], error: 6, fields: [] },
  { why: "IFSC 00", bytes: [0x3b, 0x80, 0x81, 0x11, 0x00], error: 7, fields: [] },
  { why: "IFSC FF", bytes: [0x3b, 0x80, 0x81, 0x11, 0xff], error: 7, fields: [] },
  { why: "BWI 10", bytes: [0x3b, 0x80, 0x81, 0x21, 0xa5], error: 8, fields: [] },
];
