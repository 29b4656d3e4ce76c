/**
 * The control commands: one JSON object in, one out, `{"ok":true,…}` or `{"ok":false,"error":"…"}` with nothing changed.
 * Every object is judged by zod before anything happens; an unknown command or field is refused.
 */
import { z } from "zod";
import { KEY_ORDER } from "../chip/key-matrix.ts";
import { AUTO_KEYS_EVERY_MS } from "./auto-keys.ts";

export const LONGEST_KEYS = 256;
const KEYS_EVERY_MS = 150;
/** Shorter, a press would not outlast bounce and two scans. */
const FASTEST_MS = 40;
const SLOWEST_MS = 60_000;

// The values are not repeated in a refusal: they may be somebody's digits.
const keys = z
  .string()
  .max(LONGEST_KEYS, `at most ${LONGEST_KEYS} keys`)
  .refine((text) => [...text].every((key) => KEY_ORDER.includes(key)), "keys are 0-9 E C X L < >");
const everyMs = z.number().int().min(FASTEST_MS).max(SLOWEST_MS);

const schema = z.discriminatedUnion("do", [
  z.strictObject({
    do: z.literal("insert"),
    card: z.string().min(1).max(64),
    fresh: z.boolean().default(false),
  }),
  z.strictObject({ do: z.literal("remove") }),
  z.strictObject({
    do: z.literal("keys"),
    keys: keys.min(1, "needs at least one key"),
    everyMs: everyMs.default(KEYS_EVERY_MS),
  }),
  z.strictObject({ do: z.literal("autokeys"), keys, everyMs: everyMs.default(AUTO_KEYS_EVERY_MS) }),
  z.strictObject({ do: z.literal("screen"), png: z.string().min(1).max(4096) }),
  z.strictObject({ do: z.literal("power"), on: z.boolean() }),
  z.strictObject({ do: z.literal("line"), plugged: z.boolean() }),
  z.strictObject({ do: z.literal("case") }),
  z.strictObject({ do: z.literal("casekey"), service: z.boolean() }),
  z.strictObject({ do: z.literal("state") }),
  z.strictObject({ do: z.literal("cards") }),
  z.strictObject({ do: z.literal("quit") }),
]);

export type ControlCommand = z.infer<typeof schema>;

const COMMANDS = schema.options.map((option) => option.shape.do.value).join(", ");

type Fields = Record<string, unknown>;

/** What the commands act on. Each throws or rejects with a sentence when it cannot, and has then changed nothing. */
export interface Controlled {
  insert(card: string, fresh: boolean): Promise<Fields>;
  remove(): Fields;
  keys(keys: string, everyMs: number): Fields;
  autoKeys(keys: string, everyMs: number): Fields;
  screen(png: string): Fields;
  /** Of the whole terminal. */
  power(on: boolean): Fields;
  /** The counter line's cable. */
  plugLine(plugged: boolean): Fields;
  openCase(): Fields;
  /** The key switch of the case: in its service position, or not. */
  turnCaseKey(service: boolean): Fields;
  state(): Fields;
  cards(): Fields;
  /** Begins to end; the answer still goes out. */
  quit(): Fields;
}

/** Reads one line. Throws with a sentence. */
export function parseCommand(line: string): ControlCommand {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error('not JSON: a command is one object on one line, as {"do":"state"}');
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error('not an object: a command is one object on one line, as {"do":"state"}');
  }
  const judged = schema.safeParse(value);
  if (judged.success) return judged.data;
  throw new Error(refusal(value, judged.error.issues[0]));
}

function refusal(value: object, issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_union") {
    const name: unknown = "do" in value ? value.do : undefined;
    const said = typeof name === "string" ? JSON.stringify(name.slice(0, 32)) : 'no "do"';
    return `${said} is no command: the commands are ${COMMANDS}`;
  }
  if (issue.code === "unrecognized_keys")
    return `unknown field ${JSON.stringify(issue.keys[0].slice(0, 32))}`;
  const field = issue.path.join(".");
  return field === "" ? issue.message : `${field}: ${issue.message}`;
}

function run(command: ControlCommand, on: Controlled): Fields | Promise<Fields> {
  switch (command.do) {
    case "insert":
      return on.insert(command.card, command.fresh);
    case "remove":
      return on.remove();
    case "keys":
      return on.keys(command.keys, command.everyMs);
    case "autokeys":
      return on.autoKeys(command.keys, command.everyMs);
    case "screen":
      return on.screen(command.png);
    case "power":
      return on.power(command.on);
    case "line":
      return on.plugLine(command.plugged);
    case "case":
      return on.openCase();
    case "casekey":
      return on.turnCaseKey(command.service);
    case "state":
      return on.state();
    case "cards":
      return on.cards();
    case "quit":
      return on.quit();
  }
}

/** Answers one line with one line, without its end. Never rejects. */
export async function answerLine(line: string, on: Controlled): Promise<string> {
  try {
    const command = parseCommand(line);
    return JSON.stringify({ ok: true, ...(await run(command, on)) });
  } catch (error) {
    return refusedLine(error instanceof Error ? error.message : String(error));
  }
}

export function refusedLine(error: string): string {
  return JSON.stringify({ ok: false, error });
}
