/** What may stand behind the flags of the counter client, and the flags that several commands have. */
import { z } from "zod";
import { SERIAL_BYTES } from "../../firmware/service/card-identity.ts";
import { LANGUAGE_CODES } from "../world/language-code.ts";
import type { Flag } from "./command.ts";
import type { LineAddress } from "./connect.ts";

const LONGEST_PATH = 4096;
const HIGHEST_PORT = 65535;
const HIGHEST_U32 = 0xffffffff;

export const path = z.string("needs a path").min(1, "needs a path").max(LONGEST_PATH);
const PLACE_FORM = /^(tcp|udp):(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/;

type Place = { kind: "serial"; path: string } | { kind: "tcp"; host: string; port: number };

/** Of a network: how, which host, which port. Undefined for what is none. */
function networkPlace(value: string): { kind: string; host: string; port: number } | undefined {
  const [, kind, six, name, digits] = PLACE_FORM.exec(value) ?? [];
  const port = Number(digits);
  const host = six ?? name;
  if (kind === undefined || host === undefined || port < 1 || port > HIGHEST_PORT) return undefined;
  return { kind, host, port };
}

const LINE_FORM = "needs a serial port's path, or tcp:HOST:PORT";
const line = z
  .string(LINE_FORM)
  .min(1, LINE_FORM)
  .max(LONGEST_PATH)
  .transform((value, context): Place => {
    if (value.startsWith("pty:")) {
      context.addIssue({ code: "custom", message: "name a pty by its path alone, without pty:" });
      return z.NEVER;
    }
    if (!value.startsWith("tcp:")) return { kind: "serial", path: value };
    const found = networkPlace(value);
    if (found !== undefined) return { ...found, kind: "tcp" };
    context.addIssue({ code: "custom", message: `${JSON.stringify(value)} is no tcp:HOST:PORT (1-65535)` });
    return z.NEVER;
  });

export interface Collector {
  readonly kind: "tcp" | "udp";
  readonly host: string;
  readonly port: number;
}

const COLLECTOR = "tcp:HOST:PORT or udp:HOST:PORT (1-65535)";
export const collector = z.string(`needs ${COLLECTOR}`).transform((value, context): Collector => {
  const found = networkPlace(value);
  if (found !== undefined) return { ...found, kind: found.kind === "udp" ? "udp" : "tcp" };
  context.addIssue({ code: "custom", message: `${JSON.stringify(value)} is no ${COLLECTOR}` });
  return z.NEVER;
});

export function whole(least: number, most: number) {
  const message = `must be a whole number, ${least}-${most}`;
  return z
    .string(message)
    .regex(/^\d{1,10}$/, message)
    .transform(Number)
    .pipe(z.number().min(least, message).max(most, message));
}

/** Of the terminal's pages. */
export const languageName = z
  .enum(LANGUAGE_CODES, { error: `must be ${LANGUAGE_CODES.join(", ")}` })
  .default("ja");

/** Of a record. */
export const sequence = whole(1, HIGHEST_U32);

/** Of an operator or a case. */
export const name = z
  .string("needs a name")
  .regex(/^[A-Z0-9-]{1,16}$/, "must be 1-16 characters out of A-Z, 0-9 and the hyphen");

export const requestId = z
  .string("needs the request id that check-pin has told")
  .regex(/^[0-9A-Fa-f]{32}$/, "must be 32 hexadecimal digits")
  .toLowerCase();

export const serial = z
  .string()
  .regex(new RegExp(`^\\d{${SERIAL_BYTES}}$`), `must be ${SERIAL_BYTES} digits, as a card's serial is`);

/** A day of the calendar. */
export const date = z.iso.date("must be a day, YYYY-MM-DD");

/** A moment with its offset from UTC, as seconds since 1970 in 32 bits; not 0, which is a clock that is not set. */
export const moment = z.iso
  .datetime({ offset: true, error: "must be a time such as 2026-11-26T09:00:00+09:00 or …Z" })
  .transform((value) => Math.floor(Date.parse(value) / 1000))
  .pipe(z.number().min(1, "must be after 1970-01-01").max(HIGHEST_U32, "must be before 2106-02-07"));

/** Of every command whose end is a terminal. */
export const json = z.boolean().default(false);
export const LINE_VALUES = { line, baud: whole(9600, 921600).default(115200), json };
export const TERMINAL_VALUES = { ...LINE_VALUES, key: path };

export interface LineOptions {
  readonly line: Place;
  readonly baud: number;
}

export function addressOf({ line: place, baud }: LineOptions): LineAddress {
  return { ...place, baud };
}

export const LINE: Flag = ["--line <where>", "where the terminal is: a serial device, or tcp:HOST:PORT"];
export const KEY: Flag = ["--key <file>", "the counter's half of the pairing, mode 600"];
export const BAUD: Flag = ["--baud <n>", "as the terminal is configured, 9600-921600 (default 115200)"];
export const JSON_FLAG: Flag = ["--json", "print one JSON object"];
