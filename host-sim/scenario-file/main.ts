/** `npm run -s scenario -- [FILES…]`: the process around the scenarios' command. */
import { UsageStop } from "../cli/usage-stop.ts";
import { EngineFailure, EngineMissing } from "../engine/engine.ts";
import { runScenarios, ScenarioExit } from "./command.ts";
import { parseScenarioOptions } from "./options.ts";

const OUTPUT = {
  say: (line: string): void => void process.stdout.write(`${line}\n`),
  complain: (line: string): void => void process.stderr.write(`${line}\n`),
};

async function run(): Promise<number> {
  try {
    return await runScenarios(parseScenarioOptions(process.argv.slice(2)), OUTPUT);
  } catch (error) {
    if (error instanceof UsageStop) {
      (error.exitCode === 0 ? process.stdout : process.stderr).write(`${error.message}\n`);
      return error.exitCode;
    }
    if (!(error instanceof EngineMissing || error instanceof EngineFailure)) throw error;
    process.stderr.write(`scenario: ${error.message}\n`);
    return ScenarioExit.Usage;
  }
}

// A pipe that nobody reads any more is no reason to end.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);
void run().then((exitCode) => {
  process.exitCode = exitCode;
  // What was written to a pipe goes out before `exit` cuts it off.
  process.stdout.write("", () => process.exit(exitCode));
});
