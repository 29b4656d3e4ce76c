/** A journal's record as a line for people, and as an object for programs. */
import { isResetReason, reasonName } from "../world/reset-name.ts";
import {
  decodeRecord,
  eventName,
  operatorEventName,
  operatorMeaning,
  outcomeName,
  type JournalRecord,
} from "./journal-record.ts";

const LINK_DETAILS: Readonly<Record<number, string>> = { 1: "lost", 2: "handshake failed" };
const KEY_DETAILS: Readonly<Record<number, string>> = { 1: "next allowed", 2: "replaced" };
const SEQUENCE_WIDTH = 6;
const TIME_WIDTH = 20;

/** `     7  2026-11-26T09:00:00Z  OUTCOME WRONG, operator TANAKA, case CASE-17, insertion 3`. */
export function recordLine(bytes: Uint8Array): string {
  const record = decodeRecord(bytes);
  const { sequence, count, insertion, operator, caseNumber } = record;
  const who = operatorMeaning(eventName(record.event));
  const more = [
    count > 0 ? `${count} times` : "",
    operator === "" ? "" : `${who} ${operator}`,
    caseNumber === "" ? "" : `case ${caseNumber}`,
    insertion === 0 ? "" : `insertion ${insertion}`,
  ];
  const what = [
    `${eventName(record.event)} ${detailOf(record)}`.trim(),
    ...more.filter((text) => text !== ""),
  ];
  const time = timeOf(record).padEnd(TIME_WIDTH);
  return `${String(sequence).padStart(SEQUENCE_WIDTH)}  ${time}  ${what.join(", ")}`;
}

/** `recordWords` with the bytes as they came: a program that keeps them can verify them. */
export function recordObject(bytes: Uint8Array): object {
  return { ...recordWords(bytes), bytes: Buffer.from(bytes).toString("hex") };
}

/** The record's fields, with the names of what they mean. */
export function recordWords(bytes: Uint8Array): object {
  const record = decodeRecord(bytes);
  const { time, event, ...rest } = record;
  const isTimed = time !== 0;
  return {
    ...rest,
    event: eventName(event),
    ...(detailOf(record) === "" ? {} : { meaning: detailOf(record) }),
    ...(isTimed ? { time: timeOf(record) } : {}),
  };
}

function timeOf({ time }: JournalRecord): string {
  return time === 0 ? "no clock" : new Date(time * 1000).toISOString().replace(".000", "");
}

/** What the detail means for this event; empty when it has none. */
function detailOf({ event, detail }: JournalRecord): string {
  const name = eventName(event);
  if (name === "BOOT") return isResetReason(detail) ? reasonName(detail) : String(detail);
  if (name === "OUTCOME") return outcomeName(detail);
  if (name === "LINK") return LINK_DETAILS[detail] ?? String(detail);
  if (name === "KEY") return KEY_DETAILS[detail] ?? String(detail);
  if (name === "OPERATOR") return operatorEventName(detail);
  if (name === "ATTEMPT") return `PIN object ${detail}`;
  return detail === 0 ? "" : String(detail);
}
