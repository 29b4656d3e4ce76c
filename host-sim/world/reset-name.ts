/** Names of reset reasons and of the firmware's parts for people, control answers and traces. */
import { Part } from "../../firmware/terminal.ts";
import { ResetPart, ResetReason, type ResetRecord } from "../../hal/watchdog.ts";

const REASONS: Readonly<Record<ResetReason, string>> = {
  [ResetReason.PowerOn]: "power-on",
  [ResetReason.Watchdog]: "watchdog",
  [ResetReason.Fault]: "fault",
  [ResetReason.Program]: "program",
};

const PARTS: Readonly<Record<Part, string>> = {
  [Part.Keypad]: "keypad",
  [Part.Card]: "card",
  [Part.Line]: "line",
  [Part.Sound]: "sound",
  [Part.Screen]: "screen",
};

const CAUSES: Readonly<Record<ResetReason, string>> = {
  [ResetReason.PowerOn]: "it was switched on or reset from outside",
  [ResetReason.Watchdog]: "its watchdog has bitten",
  [ResetReason.Fault]: "the processor's fault handler has stopped it",
  [ResetReason.Program]: "its program has ended with an error",
};

export function isResetReason(value: number): value is ResetReason {
  return value in REASONS;
}

export function reasonName(reason: ResetReason): string {
  return REASONS[reason];
}

/** A part without a name is told by its number. */
export function partName(part: number): string {
  if (part === ResetPart.None) return "none";
  return part in PARTS ? PARTS[part as Part] : String(part);
}

/** What has happened, as the rest of a sentence. */
export function resetText({ reason, part }: ResetRecord): string {
  const who = part === ResetPart.None ? "" : `; part ${partName(part)} had not come to its end`;
  return `the terminal has started again: ${CAUSES[reason]}${who}`;
}
