/** A journal's record as a line of RFC 5424, for whoever collects logs. The codes stay in the journal: a line proves nothing. */
import { eventName, operatorEventName, outcomeName, type JournalRecord } from "./journal-record.ts";

/** RFC 5424, 6.2.1, table 1: log audit. */
const FACILITY = 13;
/** Table 2. */
const ALERT = 1;
const WARNING = 4;
const NOTICE = 5;
/** The number that is set aside for examples (RFC 5612): the town puts its own, if it has one. */
const ENTERPRISE = 32473;
const NIL = "-";
/** Detail of OPERATOR: a card whose answer to the challenge was wrong. */
const FORGED_CARD = 4;

/** `terminal` is a name of A–Z, 0–9 and the hyphen. */
export function toSyslog(terminal: string, record: JournalRecord): string {
  const name = eventName(record.event);
  const priority = `<${FACILITY * 8 + severityOf(name, record.detail)}>`;
  return `${priority}1 ${timestamp(record.time)} ${terminal} madoguchi ${NIL} ${name} ${dataOf(name, record)}`;
}

function severityOf(name: string, detail: number): number {
  if (name === "TAMPER") return ALERT;
  if (name === "OPERATOR" && detail === FORGED_CARD) return WARNING;
  return name === "LINK" ? WARNING : NOTICE;
}

/** 6.2.3; a clock that was not set is the NILVALUE. */
function timestamp(time: number): string {
  return time === 0 ? NIL : new Date(time * 1000).toISOString().replace(".000", "");
}

/** 6.3. No value needs an escape (6.3.3): they are numbers, names of ours, and names of A–Z, 0–9, hyphen and question mark. */
function dataOf(name: string, record: JournalRecord): string {
  const { sequence, detail, count, insertion, operator, caseNumber } = record;
  const values: [string, string | number | undefined][] = [
    ["sequence", sequence],
    ["detail", detail],
    ["outcome", name === "OUTCOME" ? outcomeName(detail) : undefined],
    ["session", name === "OPERATOR" ? operatorEventName(detail) : undefined],
    ["count", count > 0 ? count : undefined],
    ["insertion", insertion > 0 ? insertion : undefined],
    ["operator", operator === "" ? undefined : operator],
    ["case", caseNumber === "" ? undefined : caseNumber],
  ];
  const shown = values.filter(([, value]) => value !== undefined).map(([key, value]) => `${key}="${value}"`);
  return `[journal@${ENTERPRISE} ${shown.join(" ")}]`;
}
