/**
 * The command line of the counter client, a contract: commander splits it, zod judges every value, and what is refused is refused
 * with the flag's name and the next step.
 */
import { Command, CommanderError, Option } from "commander";
import { UsageStop } from "../cli/usage-stop.ts";
import { ExitCode, FlagRefused, type CounterCommand, type Flag, type Ready } from "./command.ts";
import { COMMANDS } from "./commands.ts";

const AFTER = `
Exit codes: 0 done, 1 failed (the cause is on standard error), 2 wrong usage, 3 a check's outcome is another than OK.
\`counter COMMAND --help\` lists the flags of a command.`;

/** `arguments_` without node and script. Throws `UsageStop` for help and for what is refused. */
export function parseCounterOptions(arguments_: readonly string[]): Ready {
  let help = "";
  let parsed: Ready | undefined;
  const program = new Command("counter")
    .usage("COMMAND [flags]   (npm run -s counter -- COMMAND [flags])")
    .description("Madoguchi: the counter PC's end of the sealed line.")
    .exitOverride()
    .configureOutput({ writeOut: (text) => (help += text), writeErr: () => undefined })
    .helpOption("--help", "this list")
    .helpCommand(false)
    .addHelpText("after", AFTER);
  for (const [name, command] of COMMANDS)
    add(program, name, command).action(() => void (parsed = judge(name, command, program)));
  try {
    program.parse([...arguments_], { from: "user" });
  } catch (error) {
    throw usageStop(error, help);
  }
  if (parsed === undefined) throw new UsageStop(`which command? ${nextStep("")}`, ExitCode.Usage);
  return parsed;
}

function add(program: Command, name: string, { about, more, argument, flags }: CounterCommand): Command {
  const made = program.command(name).description(about).allowExcessArguments(false);
  if (argument !== undefined) made.argument(argument[0], argument[1]);
  for (const flag of flags) made.addOption(optionOf(flag));
  return more === "" ? made : made.addHelpText("after", `\n${more}`);
}

function optionOf([words, about, many]: Flag): Option {
  const option = new Option(words, about);
  if (many === undefined) return option;
  return option.argParser((value: string, before: readonly string[] = []) => [...before, value]);
}

function judge(name: string, command: CounterCommand, program: Command): Ready {
  const made = program.commands.find((one) => one.name() === name)!;
  const word = command.argument === undefined ? {} : { [made.registeredArguments[0]!.name()]: made.args[0] };
  try {
    return command.judge({ ...made.opts(), ...word });
  } catch (error) {
    if (!(error instanceof FlagRefused)) throw error;
    throw new UsageStop(`--${error.flag}: ${error.message}\n${nextStep(`${name} `)}`, ExitCode.Usage);
  }
}

function nextStep(command: string): string {
  return `\`npm run -s counter -- ${command}--help\` lists what there is.`;
}

function usageStop(error: unknown, help: string): unknown {
  if (!(error instanceof CommanderError)) return error;
  if (error.code === "commander.helpDisplayed") return new UsageStop(help.trimEnd(), ExitCode.Done);
  if (error.code === "commander.help")
    return new UsageStop(`which command?\n${nextStep("")}`, ExitCode.Usage);
  return new UsageStop(`${error.message.replace(/^error: /, "")}\n${nextStep("")}`, ExitCode.Usage);
}
