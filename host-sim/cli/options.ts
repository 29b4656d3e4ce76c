/**
 * The command line of the simulator, a contract: commander splits it, zod judges every value, and what is refused is refused
 * with the flag's name and the next step. Values that belong to later work are known and answered `not built yet`.
 */
import { Command, CommanderError } from "commander";
import { z } from "zod";
import { isInDeck } from "../card/deck.ts";
import { ENGINE_NAMES } from "../engine/engines.ts";
import { OPERATOR_RULES } from "../world/kept-pair.ts";
import { LANGUAGE_CODES } from "../world/language-code.ts";
import { UsageStop } from "./usage-stop.ts";

export { UsageStop };

const NEXT_STEP = "`npm run -s sim -- --help` lists every flag and its values.";
const NOT_BUILT = "not built yet";
const LONGEST_PATH = 4096;

function choice<T extends string>(names: readonly T[]) {
  return z.string().transform((value, context): T => {
    const found = names.find((one) => one === value);
    if (found !== undefined) return found;
    const message = `${JSON.stringify(value)} is none of ${names.join(", ")}`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
}

const path = z.string().min(1, "needs a path").max(LONGEST_PATH);
const port = z.coerce.number().int().min(0).max(65535);

/** Where the PC's end of the counter line is. */
export type LineChoice =
  | { readonly kind: "inproc" }
  | { readonly kind: "pty"; readonly path: string }
  | { readonly kind: "tcp"; readonly port: number };

export type ControlChoice =
  { readonly kind: "stdio" } | { readonly kind: "unix"; readonly path: string } | { readonly kind: "none" };

function prefixed(value: string, prefix: string): string | undefined {
  return value.startsWith(prefix) && value.length > prefix.length ? value.slice(prefix.length) : undefined;
}

function portOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,5}$/.test(text) ? port.safeParse(text).data : undefined;
}

const line = z.string().transform((value, context): LineChoice => {
  if (value === "inproc") return { kind: "inproc" };
  const ptyPath = prefixed(value, "pty:");
  if (ptyPath !== undefined && ptyPath.length <= LONGEST_PATH) return { kind: "pty", path: ptyPath };
  const tcpPort = portOf(prefixed(value, "tcp:"));
  if (tcpPort !== undefined) return { kind: "tcp", port: tcpPort };
  const message = `${JSON.stringify(value)} is none of inproc, pty:PATH, tcp:PORT (0-65535)`;
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

const control = z.string().transform((value, context): ControlChoice => {
  if (value === "stdio") return { kind: "stdio" };
  const socket = prefixed(value, "unix:");
  if (socket !== undefined) return { kind: "unix", path: socket };
  context.addIssue({ code: "custom", message: `${JSON.stringify(value)} is none of unix:PATH, stdio` });
  return z.NEVER;
});

const card = z
  .string()
  .refine(
    (name) => name === "none" || isInDeck(name) || portOf(prefixed(name, "vpcd:")) !== undefined,
    "is no card of the deck, vpcd:PORT or none; the control command `cards` lists the deck",
  );

const seed = z
  .string()
  .regex(/^\d{1,10}$/, "must be a whole number, 0-4294967295")
  .transform(Number)
  .pipe(z.number().max(0xffffffff, "must be a whole number, 0-4294967295"));

const pagePort = z
  .string()
  .refine((text) => portOf(text) !== undefined, "is a port, 0-65535; 0 takes any that is free")
  .transform(Number);

const flags = z.strictObject({
  headless: z.boolean().default(false),
  text: z.boolean().default(false),
  port: pagePort.optional(),
  engine: choice(ENGINE_NAMES).default("node"),
  mode: choice(["open", "sealed", "town"]).optional(),
  line: line.optional(),
  pace: choice(["none", "real"]).default("none"),
  card: card.default("none"),
  lang: choice(LANGUAGE_CODES).default("ja"),
  firewall: choice(["refuse", "substitute"]).default("refuse"),
  operators: choice(OPERATOR_RULES).optional(),
  seed: seed.default(1),
  trace: path.optional(),
  state: path.optional(),
  control: control.optional(),
});

/** People sit at the page, with a counter window that needs the sealed line; programs at a reader. Espruino has the bench image alone. */
function usualMode({ headless, engine }: { headless: boolean; engine: string }): "open" | "sealed" {
  return headless || engine === "espruino" ? "open" : "sealed";
}

/** What one flag says of another. */
const schema = flags
  .transform((given) => ({ ...given, mode: given.mode ?? usualMode(given) }))
  .refine(({ engine, mode }) => engine !== "espruino" || mode === "open", {
    path: ["mode"],
    message: `sealed and town: ${NOT_BUILT} for --engine espruino; node, lua and qemu have them`,
  })
  .refine(({ headless, text }) => !headless || !text, {
    path: ["text"],
    message: "--headless is without it: leave one of both out",
  })
  .refine(({ headless, port: wanted }) => !headless || wanted === undefined, {
    path: ["port"],
    message: "--headless serves no page: leave one of both out",
  })
  .refine(({ firewall, mode }) => firewall === "refuse" || mode === "open", {
    path: ["firewall"],
    message: "substitute belongs to the bench image alone: leave it out, or take --mode open",
  })
  .refine(({ operators, mode }) => operators !== "required" || mode !== "open", {
    path: ["operators"],
    message: "required belongs to terminals with a sealed line: take --mode sealed or town",
  });

/** Checked flags. `line` and `control` are undefined when not given: the caller makes a place for them. */
export type SimOptions = z.infer<typeof schema>;

const FLAGS: readonly (readonly [string, string])[] = [
  ["--headless", "neither page nor text view"],
  ["--text", "the text view in this terminal, beside the page"],
  ["--port <n>", "the page's port (default: the first free from 8650 on)"],
  ["--engine <name>", "what runs the firmware: node (default), lua, qemu, espruino"],
  [
    "--mode <name>",
    "image: open = bench, sealed = development, town; the last two speak TLS alone (default: sealed, for the counter window; open with --headless)",
  ],
  ["--line <where>", "the counter line: inproc, pty:PATH or tcp:PORT (default: a pty in a new directory)"],
  ["--pace <name>", "none (default) jumps over the time wires and buses take, real lets them take it"],
  ["--card <card>", "card in the slot at the start: a name of the deck, vpcd:PORT, or none (default)"],
  ["--lang <code>", "language of the pages: ja (default), en, easy (やさしい日本語)"],
  [
    "--firewall <name>",
    "a host's VERIFY: refuse it (default) or, in open mode, substitute an entry on the keypad",
  ],
  [
    "--operators <what>",
    "optional, or required: checks need an operator who is signed in; set when the terminal is provisioned (default: optional, or as it was)",
  ],
  ["--seed <n>", "seed of everything random in the world, 0-4294967295 (default 1)"],
  ["--trace <file>", "write what happens on every pin and wire, digits masked; mode 0600"],
  [
    "--state <dir>",
    "keep memory, counter.key and auditor.key there: written when the terminal rests, and at the end",
  ],
  ["--control <where>", "JSON commands: unix:PATH or stdio (default: a socket in a new directory)"],
];

const AFTER = `
Control, one JSON object a line: {"do":"insert","card":"mynumber"}, remove, {"do":"keys","keys":"1234E","everyMs":150},
{"do":"autokeys","keys":"1234E"}, {"do":"screen","png":"page.png"}, {"do":"power","on":false}, {"do":"line","plugged":false},
case (somebody opens it), {"do":"casekey","service":true}, state, cards, quit.
Keys: 0-9, E 確認, C 訂正, X 取消, L 言語, < and >.`;

function command(): Command {
  const made = new Command("sim")
    .usage("[flags]   (npm run -s sim -- [flags], or make sim ARGS='[flags]')")
    .description("Madoguchi: the card-reader PIN terminal in its simulated world.")
    .exitOverride()
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
    .allowExcessArguments(false)
    .helpOption("--help", "this list")
    .addHelpText("after", AFTER);
  for (const [flag, about] of FLAGS) made.option(flag, about);
  return made;
}

/** `arguments_` without node and script. Throws `UsageStop` for help and for what is refused. */
export function parseOptions(arguments_: readonly string[]): SimOptions {
  const made = command();
  try {
    made.parse([...arguments_], { from: "user" });
  } catch (error) {
    throw usageStop(error, made);
  }
  const judged = schema.safeParse(made.opts());
  if (judged.success) return judged.data;
  const issue = judged.error.issues[0];
  throw new UsageStop(`--${issue.path.join(".")}: ${issue.message}\n${NEXT_STEP}`, 2);
}

function usageStop(error: unknown, made: Command): UsageStop {
  if (!(error instanceof CommanderError)) throw error;
  if (error.code === "commander.helpDisplayed") return new UsageStop(helpText(made), 0);
  return new UsageStop(`${error.message.replace(/^error: /, "")}\n${NEXT_STEP}`, 2);
}

function helpText(made: Command): string {
  return `${made.helpInformation()}${AFTER}\n`;
}
