/** Secure requests: well-formed ones, asked for with every header, and hostile ones, which no header makes acceptable. */
import { AttackBench, MORE, SECURE } from "./attack-bench.ts";
import { modifyRequest, verifyRequest, type SecureFields } from "./secure-requests.ts";

export interface SecureForm {
  readonly name: string;
  readonly operation: "verify" | "modify";
  /** The request's fields for a header of four bytes. */
  readonly fields: (header: readonly number[]) => SecureFields;
  /** wLevelParameter. */
  readonly level?: number;
  /** A chain is opened before it. */
  readonly opensChain?: boolean;
}

const PADDING = [0xff, 0xff, 0xff, 0xff];
const DIGITS = [0x39, 0x39, 0x39, 0x39];

function verify(name: string, fields: (header: readonly number[]) => SecureFields): SecureForm {
  return { name, operation: "verify", fields };
}

function modify(name: string, fields: (header: readonly number[]) => SecureFields): SecureForm {
  return { name, operation: "modify", fields };
}

/** Whether one of these begins an entry is for its header alone to decide. */
export const LAWFUL_FORMS: readonly SecureForm[] = [
  verify("no Lc", (apdu) => ({ apdu })),
  verify("Lc 0", (header) => ({ apdu: [...header, 0], block: 0 })),
  verify("Lc and padding", (header) => ({ apdu: [...header, 4, ...PADDING] })),
  modify("the new PIN alone", (header) => ({ apdu: [...header, 4, ...PADDING] })),
  modify("the new PIN twice", (header) => ({ apdu: [...header, 4, ...PADDING], confirm: 1 })),
  modify("old and new", (header) => ({ apdu: [...header, 8, ...PADDING, ...PADDING], newAt: 4, confirm: 2 })),
];

/** A value of one field; the rest is lawful. */
function field(name: string, changed: Omit<SecureFields, "apdu">): SecureForm[] {
  return [
    verify(name, (apdu) => ({ apdu, ...changed })),
    modify(name, (header) => ({ apdu: [...header, 4, ...PADDING], ...changed })),
  ];
}

/** A template behind the header; the rest is lawful. */
function template(
  name: string,
  behind: readonly number[],
  changed: Omit<SecureFields, "apdu"> = {},
): SecureForm[] {
  return [
    verify(name, (header) => ({ apdu: [...header, ...behind], ...changed })),
    modify(name, (header) => ({ apdu: [...header, ...behind], ...changed })),
  ];
}

const FIELDS: readonly SecureForm[] = [
  ...field("max 0", { max: 0, min: 0 }),
  ...field("min 0", { min: 0, block: 0 }),
  ...field("min 1", { min: 1, block: 0 }),
  ...field("min 3", { min: 3, block: 0 }),
  ...field("min above max", { min: 5 }),
  ...field("max 17", { max: 17, block: 0 }),
  ...[0, 1, 4, 5, 8].flatMap((condition) => field(`bEntryValidationCondition ${condition}`, { condition })),
  ...[2, 3, 4, 5, 0x10, 0x80].flatMap((operation) => field(`bPINOperation ${operation}`, { operation })),
  ...field("bTeoPrologue with the more bit", { pcb: MORE }),
  ...field("bTeoPrologue with the other N(S)", { pcb: 0x40 }),
  ...field("bTeoPrologue of an R-block", { pcb: 0x80 }),
  ...field("bTeoPrologue of S(RESYNCH)", { pcb: 0xc0 }),
  ...field("bTeoPrologue with NAD 1", { nad: 1 }),
  ...field("bTeoPrologue with LEN 0", { length: 0 }),
  ...field("bTeoPrologue with LEN 255", { length: 255 }),
  ...field("the PIN 15 bytes behind Lc", { format: 0xfa }),
  ...field("a format that does not exist", { format: 0x83 }),
  ...field("a length of 8 bits behind the data", { block: 0x84, lengthFormat: 0x1f }),
  ...field("a length of 8 bits over the digits", { block: 0x84, lengthFormat: 0x10 }),
];

const TEMPLATES: readonly SecureForm[] = [
  ...template("digits of the host's", [4, ...DIGITS]),
  ...template("digits of the host's before those typed", [8, ...DIGITS, ...PADDING], { format: 0xa2 }),
  ...template("digits of the host's behind those typed", [8, ...PADDING, ...DIGITS]),
  ...template("one digit of the host's", [5, ...PADDING, 0x39], { block: 4 }),
  ...template("digits of the host's as BCD", [4, 0x12, 0x34, 0xff, 0xff], { format: 0x91, block: 2 }),
  ...template("digits of the host's as numbers", [8, 9, 9, 9, 9, ...PADDING], { format: 0xa0 }),
  ...template("Lc above the data", [9, ...PADDING]),
  ...template("Lc below the data", [2, ...PADDING]),
  ...template("Lc without data", [4], { min: 4, max: 6, block: 0 }),
  ...template("an extended Lc", [0, 0, 4, ...PADDING]),
  ...template("Le behind the data", [4, ...PADDING, 0]),
  ...template("another command behind the data", [4, ...PADDING, 0x00, 0xd6, 0x00, 0x00, 4, ...PADDING]),
  modify("an insertion offset beyond the data", (header) => ({
    apdu: [...header, 4, ...PADDING],
    newAt: 255,
  })),
  modify("old and new at one place", (header) => ({ apdu: [...header, 4, ...PADDING], confirm: 2 })),
  modify("bConfirmPIN 4", (header) => ({ apdu: [...header, 4, ...PADDING], confirm: 4 })),
  verify("a template of three bytes", (header) => ({ apdu: header.slice(0, 3) })),
  verify("no template", () => ({ apdu: [] })),
  verify("ENVELOPE around it", (header) => ({
    apdu: [0, 0xc2, 0, 0, 9, ...header, 4, ...PADDING],
    format: 0xaa,
  })),
];

const AROUND: readonly SecureForm[] = [
  ...[1, 2, 3].map((level) => ({ ...verify(`wLevelParameter ${level}`, (apdu) => ({ apdu })), level })),
  { ...verify("an open chain before it", (apdu) => ({ apdu, pcb: 0x40 })), opensChain: true },
  { ...verify("an open chain before it, N(S) as before", (apdu) => ({ apdu })), opensChain: true },
];

/** None of these may begin an entry, whatever the header. */
export const HOSTILE_FORMS: readonly SecureForm[] = [...FIELDS, ...TEMPLATES, ...AROUND];

/** Sends a Secure and, when an entry begins, types `pin` as often as it is asked for. Returns whether it began. */
export function attackBySecure(
  bench: AttackBench,
  form: SecureForm,
  header: readonly number[],
  pin: string,
): boolean {
  bench.resynch();
  if (form.opensChain === true) bench.transfer(bench.information(header, MORE));
  const fields = form.fields(header);
  const data = form.operation === "verify" ? verifyRequest(fields) : modifyRequest(fields);
  bench.host.replies.length = 0;
  const level = form.level ?? 0;
  bench.watch.typed = pin;
  const sequence = bench.host.send(SECURE, [0, level & 255, level >> 8], data);
  const began = bench.isAsked();
  for (let entries = 0; entries < 3 && bench.isPrompting(); entries++) bench.type(`${pin}E`);
  if (bench.isPrompting()) bench.type("X");
  const reply = bench.replyTo(sequence);
  bench.watch.typed = "";
  if (reply !== undefined && reply.data.length > 6) bench.watch.report("more than SW1 SW2 came back");
  return began;
}
