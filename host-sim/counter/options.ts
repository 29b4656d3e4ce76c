/**
 * The command line of the counter client, a contract: commander splits it, zod judges every value, and what is refused is refused
 * with the flag's name and the next step. Commands that belong to later work are known and answered `not built yet`.
 */
import { Command, CommanderError } from "commander";
import { z } from "zod";
import { UsageStop } from "../cli/usage-stop.ts";
import type { LineAddress } from "./connect.ts";

const NOT_BUILT = "not built yet";
const LONGEST_PATH = 4096;

const path = z.string("needs a path").min(1, "needs a path").max(LONGEST_PATH);
const TCP_FORM = /^tcp:(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/;

type Place = { kind: "serial"; path: string } | { kind: "tcp"; host: string; port: number };

const line = path.transform((value, context): Place => {
  if (!value.startsWith("tcp:")) return { kind: "serial", path: value };
  const [, six, name, digits] = TCP_FORM.exec(value) ?? [];
  const port = Number(digits);
  const host = six ?? name;
  if (host !== undefined && port >= 1 && port <= 65535) return { kind: "tcp", host, port };
  context.addIssue({ code: "custom", message: `${JSON.stringify(value)} is no tcp:HOST:PORT (1-65535)` });
  return z.NEVER;
});

function whole(least: number, most: number) {
  const message = `must be a whole number, ${least}-${most}`;
  return z
    .string(message)
    .regex(/^\d{1,7}$/, message)
    .transform(Number)
    .pipe(z.number().min(least, message).max(most, message));
}

const common = { line, baud: whole(9600, 921600).default(115200), json: z.boolean().default(false) };
const SCHEMAS = {
  info: z.strictObject({ ...common, key: path }),
  pipe: z.strictObject({ ...common, tcp: whole(0, 65535) }),
  bridge: z.strictObject({ ...common, key: path, pty: path }),
};

interface Common {
  readonly line: LineAddress;
  readonly json: boolean;
}

/** A checked command line. */
export type CounterOptions = Common &
  (
    | { readonly command: "info"; readonly key: string }
    | { readonly command: "pipe"; readonly tcp: number }
    | { readonly command: "bridge"; readonly key: string; readonly pty: string }
  );
type CommandName = CounterOptions["command"];

type Flag = readonly [string, string];
const LINE: Flag = ["--line <where>", "where the terminal is: a serial device, or tcp:HOST:PORT"];
const KEY: Flag = ["--key <file>", "the counter's half of the pairing, mode 600"];
const BAUD: Flag = ["--baud <n>", "as the terminal is configured, 9600-921600 (default 115200)"];
const JSON_FLAG: Flag = ["--json", "print one JSON object"];

const COMMANDS: Readonly<Record<CommandName, { about: string; flags: readonly Flag[] }>> = {
  info: {
    about: "who the terminal is, its image, and why it started last",
    flags: [LINE, KEY, BAUD, JSON_FLAG],
  },
  pipe: {
    about: "the reliable frames as a TCP port of the loopback, for any TLS client; runs until a signal",
    flags: [LINE, ["--tcp <port>", "port, 0 for a free one; the address is printed"], BAUD, JSON_FLAG],
  },
  bridge: {
    about: "a PC/SC reader for pcscd (GemPCPinPad) on a pty of this user's alone; runs until a signal",
    flags: [LINE, KEY, ["--pty <path>", "where the pty's link is put"], BAUD, JSON_FLAG],
  },
};
const NAMES: readonly CommandName[] = ["info", "pipe", "bridge"];
const LATER = [
  ...["sign-in", "sign-out", "check-pin", "change-pin", "get-result", "read-journal", "verify-journal"],
  ...["set-clock", "suspend", "resume", "release", "rekey", "syslog"],
];

const AFTER = `
Not built yet: ${LATER.join(", ")}.
Exit codes: 0 done, 1 failed (the cause is on standard error), 2 wrong usage.
\`counter COMMAND --help\` lists the flags of a command.`;

/** `arguments_` without node and script. Throws `UsageStop` for help and for what is refused. */
export function parseCounterOptions(arguments_: readonly string[]): CounterOptions {
  let help = "";
  let parsed: CounterOptions | undefined;
  const program = new Command("counter")
    .usage("COMMAND [flags]   (npm run -s counter -- COMMAND [flags])")
    .description("Madoguchi: the counter PC's end of the sealed line.")
    .exitOverride()
    .configureOutput({ writeOut: (text) => (help += text), writeErr: () => undefined })
    .helpOption("--help", "this list")
    .helpCommand(false)
    .addHelpText("after", AFTER);
  for (const name of NAMES) {
    const command = program.command(name).description(COMMANDS[name].about).allowExcessArguments(false);
    for (const [flag, about] of COMMANDS[name].flags) command.option(flag, about);
    command.action((flags: unknown) => void (parsed = judge(name, flags)));
  }
  for (const name of LATER) addLater(program, name);
  try {
    program.parse([...arguments_], { from: "user" });
  } catch (error) {
    throw usageStop(error, help);
  }
  if (parsed === undefined) throw new UsageStop(`which command? ${nextStep("")}`, 2);
  return parsed;
}

function addLater(program: Command, name: string): void {
  const command = program.command(name, { hidden: true }).allowUnknownOption().allowExcessArguments();
  command.helpOption(false).action(() => {
    throw new UsageStop(`${name}: ${NOT_BUILT}\n${nextStep("")}`, 2);
  });
}

function judge(command: CommandName, flags: unknown): CounterOptions {
  const judged = SCHEMAS[command].safeParse(flags);
  if (!judged.success) {
    const [issue] = judged.error.issues;
    throw new UsageStop(`--${issue!.path.join(".")}: ${issue!.message}\n${nextStep(`${command} `)}`, 2);
  }
  const { baud, ...rest } = judged.data;
  return { command, ...rest, line: { ...rest.line, baud } } as CounterOptions;
}

function nextStep(command: string): string {
  return `\`npm run -s counter -- ${command}--help\` lists what there is.`;
}

function usageStop(error: unknown, help: string): unknown {
  if (!(error instanceof CommanderError)) return error;
  if (error.code === "commander.helpDisplayed") return new UsageStop(help.trimEnd(), 0);
  if (error.code === "commander.help") return new UsageStop(`which command?\n${nextStep("")}`, 2);
  return new UsageStop(`${error.message.replace(/^error: /, "")}\n${nextStep("")}`, 2);
}
