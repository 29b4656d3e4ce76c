/** The command line of the scenarios, a contract: what is refused is refused with its cause and the next step. */
import { Command, CommanderError } from "commander";
import { z } from "zod";
import { UsageStop } from "../cli/usage-stop.ts";
import { ENGINE_NAMES } from "../engine/engines.ts";
import { noSuch } from "./nearest.ts";

const ENGINES = [...ENGINE_NAMES, "all"] as const;
const NEXT_STEP = "`npm run -s scenario -- --help` lists what there is.";
const LONGEST_PATH = 4096;

const AFTER = `
FILES are scenarios, or folders of them (*.yaml); host-sim/scenarios unless told otherwise. README says what stands in one.
Exit codes: 0 every scenario came out as it says, 1 one did not, 2 wrong usage, a file that is no scenario, or no such engine here.`;

const schema = z.strictObject({
  engine: z
    .string()
    .default("node")
    .transform((value, context): (typeof ENGINES)[number] => {
      const found = ENGINES.find((name) => name === value);
      if (found !== undefined) return found;
      context.addIssue({ code: "custom", message: noSuch(value, "engine", ENGINES) });
      return z.NEVER;
    }),
  json: z.boolean().default(false),
  trace: z.string().min(1, "needs a path").max(LONGEST_PATH).optional(),
});

export type ScenarioOptions = z.output<typeof schema> & { readonly files: readonly string[] };

/** `arguments_` without node and script. Throws `UsageStop` for help and for what is refused. */
export function parseScenarioOptions(arguments_: readonly string[]): ScenarioOptions {
  let help = "";
  const made = new Command("scenario")
    .usage("[FILES…] [flags]   (npm run -s scenario -- [FILES…] [flags], or make scenarios ARGS='…')")
    .description("Madoguchi: stories at the terminal, told from YAML files in virtual time.")
    .argument("[files...]")
    .option(
      "--engine <name>",
      "what runs the firmware: node (default), lua, qemu, espruino, or all that are here",
    )
    .option("--json", "one JSON object a line: each scenario on each engine, then the sum")
    .option(
      "--trace <file>",
      "write what happens on every pin and wire of one scenario, digits masked; mode 0600",
    )
    .exitOverride()
    .configureOutput({ writeOut: (text) => (help += text), writeErr: () => undefined })
    .helpOption("--help", "this list")
    .addHelpText("after", AFTER);
  try {
    made.parse([...arguments_], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed") throw new UsageStop(help.trimEnd(), 0);
    throw new UsageStop(`${error.message.replace(/^error: /, "")}\n${NEXT_STEP}`, 2);
  }
  const judged = schema.safeParse(made.opts());
  if (judged.success) return { ...judged.data, files: made.args };
  const [issue] = judged.error.issues;
  throw new UsageStop(`--${issue!.path.join(".")}: ${issue!.message}\n${NEXT_STEP}`, 2);
}
