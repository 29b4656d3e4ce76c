/** One answer to reset read by the firmware and by pyscard, and in what the two differ. */
import { Atr, AtrError } from "../../firmware/protocol/atr.ts";
import type { Levels, PyscardAtr } from "./pyscard-atr.ts";

/** What the firmware makes of an ATR that a card would send. */
export interface Reading {
  readonly error: AtrError;
  /** Characters taken until it was whole, refused or at its end. */
  readonly taken: number;
  readonly sent: number;
}

/** Feeds `bytes` as the card line would. One that stops early is waited for until the character after it is late. */
export function readByFirmware(atr: Atr, bytes: Uint8Array): Reading {
  const sent = bytes.length;
  atr.reset();
  for (let i = 0; i < sent; i++) {
    const error = atr.accept(bytes[i]!);
    if (error !== AtrError.None || atr.isWhole()) return { error, taken: i + 1, sent };
  }
  return { error: AtrError.Slow, taken: sent, sent };
}

/** What the two say differently, one word or two each; empty when they agree. `name` turns a refusal into words. */
export function differences(atr: Atr, reading: Reading, other: PyscardAtr, name: string): string[] {
  if (other.error !== undefined) return reading.error === AtrError.None ? [`pyscard: ${other.error}`] : [];
  if (reading.error === AtrError.BadTck && other.tck === 0) return [];
  const isShort = other.historicalBytes < other.historicalAnnounced;
  if (reading.error === AtrError.Slow && isShort) return [];
  if (reading.error !== AtrError.None) return [name];
  const surplus = reading.sent - reading.taken;
  const found = surplus > 0 ? [`${surplus} behind its end`] : [];
  for (const [what, ours, theirs] of fields(atr, other)) if (ours !== theirs) found.push(what);
  return found;
}

type Field = readonly [what: string, ours: unknown, theirs: unknown];

function fields(atr: Atr, other: PyscardAtr): Field[] {
  const tck = atr.length - 2 - other.interfaceBytes - other.historicalBytes;
  const at = firstOfT1(other.td);
  const waiting = other.tb[at] ?? 0x4d;
  return [
    ["TS", atr.raw[0], other.ts],
    ["first T", atr.firstProtocol, (other.td[0] ?? 0) & 15],
    ["T=1", atr.offersT1, other.protocols.includes("T=1")],
    ["TA1", atr.ta1, other.ta[0] ?? 0x11],
    ["TA2", atr.negotiable, (other.ta[1] ?? null) === null],
    ["specific T", atr.specificProtocol, (other.ta[1] ?? 0) & 15],
    ["N", atr.extraGuard, other.tc[0] ?? 0],
    ["TCK", tck, other.tck === null ? 0 : 1],
    ["TCK's value", true, other.tck !== 0],
    ["IFSC", atr.ifsc, other.ta[at] ?? 32],
    ["BWI", atr.bwi, waiting >> 4],
    ["CWI", atr.cwi, waiting & 15],
    ["EDC", atr.usesCrc, ((other.tc[at] ?? 0) & 1) === 1],
  ];
}

/** Index of the first level from the third on that TD gives to T=1 (ISO/IEC 7816-3:2006, 11.4.1); beyond the end when none. */
function firstOfT1(td: Levels): number {
  for (let level = 2; level <= td.length; level++) {
    const opener = td[level - 1];
    if (typeof opener === "number" && (opener & 15) === 1) return level;
  }
  return td.length + 1;
}
