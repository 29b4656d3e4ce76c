/**
 * Where the firmware and pyscard 2.0.5 read an answer to reset of pcsc-tools' list differently, each reviewed, and why the
 * firmware is right. Clauses are those of ISO/IEC 7816-3:2006. `differs` is what test/atrs/compare.ts says.
 */
export interface AtrDifference {
  readonly atr: string;
  readonly differs: string;
  readonly why: string;
}

const BEHIND =
  "the line goes on behind the last historical character, and T=0 alone has no TCK (8.2.5); pyscard ignores the rest";
const T0_HAS_NO_TCK =
  "T=0 alone is named, so TCK is absent (8.2.5); pyscard takes the character behind the end for one";
const T15_FIRST = "TD1 names T=15, which is no transmission protocol (8.2.3); pyscard does not judge";
const BEHIND_TCK = "the line goes on behind TCK; pyscard looks for TCK at the line's end and finds none";
const MISSING_TCK =
  "a TD names another T than 0, so TCK must follow (8.2.5); the line ends before it, and pyscard does not ask for it";
const TCK_PLACE =
  "pyscard looks for TCK at the line's end alone; at its own place, behind the historical characters (8.2.5), it is wrong";
const RESERVED_RATE =
  "TA2 makes TA1 binding, and its Fi or Di is reserved (8.3, tables 7 and 8); pyscard does not judge";
const RESERVED_IFSC = "IFSC FF is reserved (11.4.2); pyscard does not judge";

export const ATR_DIFFERENCES: readonly AtrDifference[] = [
  { atr: "3B 00 3B 28 00 34 41 45 41 30 32 30 30", differs: "11 behind its end", why: BEHIND },
  { atr: "3B 02 30 92 01 24 00 16 07 00 00", differs: "7 behind its end", why: BEHIND },
  {
    atr: "3B 65 00 00 80 31 E0 6B 04 52 05 02 BF 55 55 55 55 55 55",
    differs: "10 behind its end",
    why: BEHIND,
  },
  { atr: "3B 78 18 00 00 00 73 C8 40 00 00 00 00 90 00", differs: "2 behind its end", why: BEHIND },
  { atr: "3B 7A 96 00 00 80 65 A2 01 20 01 00 30 3D 72 D6 41", differs: "2 behind its end", why: BEHIND },
  {
    atr: "3B EC 00 00 40 32 42 4C 55 45 20 44 52 41 47 4F 4E 20 43 00 01",
    differs: "3 behind its end",
    why: BEHIND,
  },
  { atr: "3B F7 11 00 01 40 96 54 30 04 0E 6C B6 D6 90 00", differs: "2 behind its end", why: BEHIND },
  { atr: "3B F7 11 00 01 40 96 70 70 07 0E 6C B6 D6 90 00", differs: "2 behind its end", why: BEHIND },
  { atr: "3B F7 11 00 01 40 96 70 70 0A 0E 6C B6 D6 90 00", differs: "2 behind its end", why: BEHIND },
  {
    atr: "3B FF 95 00 01 50 80 1C 44 4E 41 53 50 34 32 30 20 52 65 76 53 34 30 F1 5D",
    differs: "2 behind its end",
    why: BEHIND,
  },
  { atr: "3B 02 14 50 11", differs: "1 behind its end, TCK, TCK's value", why: T0_HAS_NO_TCK },
  { atr: "3B 10 14 50", differs: "1 behind its end, TCK, TCK's value", why: T0_HAS_NO_TCK },
  { atr: "3B 23 00 00 36 41 81", differs: "1 behind its end, TCK, TCK's value", why: T0_HAS_NO_TCK },
  {
    atr: "3B 3F 96 00 80 12 00 91 31 C0 64 0E 47 44 FA 72 F7 41 05 2F",
    differs: "1 behind its end, TCK, TCK's value",
    why: T0_HAS_NO_TCK,
  },
  { atr: "3B 65 00 00 20 63 CB 68 00 26", differs: "1 behind its end, TCK, TCK's value", why: T0_HAS_NO_TCK },
  { atr: "3B 67 00 FF C5 00 00 FF FF FF FF 5D", differs: "1 behind its end, TCK", why: T0_HAS_NO_TCK },
  {
    atr: "3B 6B 00 00 00 00 31 C0 64 3F 68 01 00 07 90 00",
    differs: "1 behind its end, TCK, TCK's value",
    why: T0_HAS_NO_TCK,
  },
  {
    atr: "3B 6D 00 00 00 80 31 80 65 B0 89 35 01 F1 83 00 90 00",
    differs: "1 behind its end, TCK, TCK's value",
    why: T0_HAS_NO_TCK,
  },
  {
    atr: "3B 6F 00 00 80 5A 28 11 42 10 10 12 2B 26 0C D4 5A 82 90 00",
    differs: "1 behind its end, TCK, TCK's value",
    why: T0_HAS_NO_TCK,
  },
  {
    atr: "3B 8B 00 52 75 74 6F 6B 65 6E 6C 74 53 44 E3",
    differs: "1 behind its end, TCK, TCK's value",
    why: T0_HAS_NO_TCK,
  },
  {
    atr: "3B 9F 11 40 60 49 52 44 45 54 4F 20 41 43 53 20 56 35 2E 38 00",
    differs: "1 behind its end, TCK, TCK's value",
    why: T0_HAS_NO_TCK,
  },
  {
    atr: "3B F8 13 00 FF 10 80 53 43 06 63 01 0F 90 00 00",
    differs: "1 behind its end, TCK, TCK's value",
    why: T0_HAS_NO_TCK,
  },
  {
    atr: "3B FF 95 00 01 50 80 1C 44 4E 41 53 50 34 32 30 20 52 65 76 53 34 30 F1",
    differs: "1 behind its end, TCK, TCK's value",
    why: T0_HAS_NO_TCK,
  },
  {
    atr: "3B 80 1F C7 80 31 E0 73 FE 21 11 63 40 71 63 83 07 90 00 9A",
    differs: "NoProtocol",
    why: T15_FIRST,
  },
  { atr: "3B 81 1F 00 CC 52", differs: "NoProtocol", why: T15_FIRST },
  {
    atr: "3F FF 3F 3F 3F 3F 00 3F 3F FF 3F 3F 3F 3F 3F FF 3F FF 95 3F FF 95 3F FF",
    differs: "NoProtocol",
    why: T15_FIRST,
  },
  { atr: "3B 84 80 01 01 11 20 03 36 90 00", differs: "2 behind its end, TCK", why: BEHIND_TCK },
  {
    atr: "3B 87 80 01 77 43 32 53 01 00 01 53 77 43 32 53 01 00 01",
    differs: "7 behind its end, TCK",
    why: BEHIND_TCK,
  },
  {
    atr: "3B 8E 80 01 80 31 80 66 B1 84 0C 01 6E 01 83 00 90 00 1C 02 14 50",
    differs: "3 behind its end, TCK",
    why: BEHIND_TCK,
  },
  {
    atr: "3B 96 18 80 01 80 51 00 61 10 30 9F 00 61 10 30 9E",
    differs: "5 behind its end, TCK",
    why: BEHIND_TCK,
  },
  {
    atr: "3B 9F 96 80 1F C7 80 31 E0 73 FE 21 1B 64 07 59 51 00 82 90 00 CE 00 00 00 00 00 00 00 00 00 00",
    differs: "10 behind its end, TCK",
    why: BEHIND_TCK,
  },
  {
    atr: "3B BA 96 00 81 31 86 5D 00 64 05 60 02 03 31 80 90 00 66 70 01 04 05 30 C9",
    differs: "6 behind its end, TCK",
    why: BEHIND_TCK,
  },
  {
    atr: "3B FE 96 00 00 81 31 FE 45 80 31 80 66 40 90 A5 10 2E 03 83 01 90 00 6E 90 00",
    differs: "2 behind its end, TCK",
    why: BEHIND_TCK,
  },
  { atr: "3B 8C 80 01 50 27 52 31 81 00 00 00 00 00 71 81", differs: "Slow", why: MISSING_TCK },
  { atr: "3B 8D 01 80 FB A0 00 00 03 97 42 54 46 59 04 01", differs: "Slow", why: MISSING_TCK },
  { atr: "3B 95 96 C0 F0 1F C2 0F 10 0A 0A 16", differs: "Slow", why: MISSING_TCK },
  { atr: "3B 9E 95 80 1F C7 80 31 E0 73 FE 21 1B 66 D0 02 19 15 13 00", differs: "Slow", why: MISSING_TCK },
  { atr: "3B 9E 96 80 1F C7 80 31 E0 73 FE 21 1B 66 D0 01 77 97 0D 00", differs: "Slow", why: MISSING_TCK },
  {
    atr: "3B 9F 95 80 1F C7 80 31 E0 73 FE 21 13 57 4A 33 05 2E 32 34 00",
    differs: "Slow",
    why: MISSING_TCK,
  },
  {
    atr: "3B 9F 97 81 31 FE 45 80 65 54 43 12 21 08 31 C0 73 F6 21 80 81 05",
    differs: "Slow",
    why: MISSING_TCK,
  },
  { atr: "3B BA 14 00 81 31 86 5D 00 64 05 7B 02 03 31 80 90 00", differs: "Slow", why: MISSING_TCK },
  { atr: "3B BA 14 00 81 31 86 5D 00 64 05 7B 02 03 31 90 00 FF", differs: "Slow", why: MISSING_TCK },
  {
    atr: "3B BF 96 00 81 31 FE 5D 00 64 04 11 00 00 31 C0 73 F7 01 D0 00 90 00",
    differs: "Slow",
    why: MISSING_TCK,
  },
  {
    atr: "3B BF 96 00 81 31 FE 5D 00 64 04 11 03 01 31 C0 73 01 D0 00 90 00 00",
    differs: "Slow",
    why: MISSING_TCK,
  },
  {
    atr: "3B BF 96 00 81 31 FE 5D 00 64 04 11 03 01 31 C0 73 F7 01 D0 00 90 00",
    differs: "Slow",
    why: MISSING_TCK,
  },
  {
    atr: "3B ED 00 00 81 31 FE 45 00 31 C0 71 C6 64 4D 35 35 4D 0F 90 00",
    differs: "Slow",
    why: MISSING_TCK,
  },
  {
    atr: "3B EE 00 00 81 31 80 43 80 31 80 66 B1 A1 11 01 00 F6 83 00 90 00",
    differs: "Slow",
    why: MISSING_TCK,
  },
  {
    atr: "3B EE 00 00 81 31 80 43 80 31 80 66 B1 A1 11 01 A0 F6 83 00 90 00",
    differs: "Slow",
    why: MISSING_TCK,
  },
  {
    atr: "3B EF 00 FF 81 31 66 45 65 63 20 20 49 42 4D 20 33 2E 31 20 20 20 20",
    differs: "Slow",
    why: MISSING_TCK,
  },
  { atr: "3B F8 13 00 00 81 31 FE 45 4A 4F 50 76 32 34 31 B7", differs: "Slow", why: MISSING_TCK },
  { atr: "3B F9 96 00 00 80 31 FE 45 53 43 45 37 20 47 4E 33 5E", differs: "Slow", why: MISSING_TCK },
  {
    atr: "3B FD 96 00 00 81 31 20 43 80 31 80 65 B0 83 11 48 C8 83 00 90 00",
    differs: "Slow",
    why: MISSING_TCK,
  },
  {
    atr: "3B FD 96 00 00 81 31 48 42 80 31 80 65 B0 84 01 00 C8 83 00 90 00",
    differs: "Slow",
    why: MISSING_TCK,
  },
  { atr: "3B 96 00 41 21 92 00 00 62 24 33 33 90 00", differs: "BadTck", why: TCK_PLACE },
  { atr: "3B E6 00 00 80 31 80 66 B1 A3 04 01 11 0B 83 00 90 00", differs: "BadTck", why: TCK_PLACE },
  {
    atr: "3B DE 86 FF 91 01 F1 FB 34 00 1F 07 44 45 53 46 69 72 65 53 41 4D 56 31 2E 30 5D",
    differs: "ReservedRate",
    why: RESERVED_RATE,
  },
  { atr: "3B F5 71 00 FF FE 24 00 01 1E 0F 33 39 32 01 03", differs: "ReservedRate", why: RESERVED_RATE },
  {
    atr: "3F FD FF 25 02 50 80 0F 54 B0 04 69 FF 4A 50 D0 80 00 49 54 03",
    differs: "ReservedRate",
    why: RESERVED_RATE,
  },
  {
    atr: "3B EF 00 FF 81 31 FF 65 49 42 4D 20 4D 46 43 39 32 32 39 32 38 39 30 17",
    differs: "BadIfsc",
    why: RESERVED_IFSC,
  },
  {
    atr: "3F FF 95 00 FF 91 81 71 FF 47 00 44 4E 41 53 50 53 30 31 20 44 73 68 36 30 39 16",
    differs: "BadIfsc",
    why: RESERVED_IFSC,
  },
  {
    atr: "3F FF 95 00 FF 91 81 71 FF 47 00 44 4E 41 53 50 53 30 31 20 52 65 76 36 34 37 02",
    differs: "BadIfsc",
    why: RESERVED_IFSC,
  },
  {
    atr: "3F FF 95 00 FF 91 81 71 FF 47 00 54 49 47 45 52 30 30 33 20 52 65 76 32 35 30 64",
    differs: "BadIfsc",
    why: RESERVED_IFSC,
  },
];
