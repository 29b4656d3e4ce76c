/** `npm run -s counter -- COMMAND`: the counter PC's end of the sealed line, from the command line. */
import { UsageStop } from "../cli/usage-stop.ts";
import { ExitCode, type Desk, type Ready } from "./command.ts";
import { failureOf } from "./counter-failure.ts";
import { parseCounterOptions } from "./options.ts";

function notice(text: string): void {
  process.stderr.write(`counter: ${text}\n`);
}

function deskOf(json: boolean): Desk {
  return {
    say: (object, text) => void process.stdout.write(json ? `${JSON.stringify(object)}\n` : `${text}\n`),
    notice,
  };
}

/** Ends the process when what was written has gone out. */
function end(exitCode: number): void {
  process.exitCode = exitCode;
  process.stdout.write("", () => process.exit(exitCode));
}

async function main(): Promise<void> {
  // A pipe that nobody reads any more is no reason to end.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  let ready: Ready;
  try {
    ready = parseCounterOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageStop)) throw error;
    (error.exitCode === 0 ? process.stdout : process.stderr).write(`${error.message}\n`);
    return end(error.exitCode);
  }
  const { json } = ready.options;
  try {
    end(await ready.run(deskOf(json)));
  } catch (error) {
    const { kind, why, next, message } = failureOf(error, "link");
    if (json) process.stdout.write(`${JSON.stringify({ error: { kind, cause: why, next } })}\n`);
    notice(message);
    end(ExitCode.Failed);
  }
}

void main();
