/** `npm run -s counter -- COMMAND`: the counter PC's end of the sealed line, from the command line. */
import { watchParent } from "../cli/parent-watch.ts";
import { UsageStop } from "../cli/usage-stop.ts";
import { BridgeRun } from "./bridge-run.ts";
import { CONNECT_ONCE, openTerminal, openWire, withRetries } from "./connect.ts";
import { REAL_CLOCK } from "./counter-clock.ts";
import { failureOf } from "./counter-failure.ts";
import { FramePipe } from "./frame-pipe.ts";
import { readKeyFile } from "./key-file.ts";
import { lockKeyFile } from "./key-lock.ts";
import { parseCounterOptions, type CounterOptions } from "./options.ts";

type OptionsOf<Name> = Extract<CounterOptions, { command: Name }>;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Resolves at a signal, or when whoever started this is gone. */
function stopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.on(signal, () => resolve());
    watchParent(resolve);
  });
}

function say({ json }: CounterOptions, object: object, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(object)}\n` : `${text}\n`);
}

function notice(text: string): void {
  process.stderr.write(`counter: ${text}\n`);
}

async function info(options: OptionsOf<"info">): Promise<void> {
  const key = readKeyFile(options.key);
  const unlock = lockKeyFile(options.key);
  try {
    const open = () => openTerminal(options.line, key, REAL_CLOCK);
    const terminal = await withRetries(open, CONNECT_ONCE, REAL_CLOCK);
    const found = terminal.session.info();
    await terminal.close();
    const started = found.part === "none" ? found.reason : `${found.reason}, part ${found.part}`;
    const lines = [
      `terminal  ${found.terminal}`,
      `counter   ${found.counter}`,
      `image     ${found.image}`,
      `started   ${started}`,
    ];
    say(options, found, lines.join("\n"));
  } finally {
    unlock();
  }
}

async function pipe(options: OptionsOf<"pipe">): Promise<void> {
  const wire = await openWire(options.line);
  let made: FramePipe | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      made = new FramePipe(wire, options.line, REAL_CLOCK, { onLineLost: reject, onNotice: notice });
      made.listen(options.tcp).then((address) => say(options, { address }, address), reject);
      void stopped().then(resolve);
    });
  } finally {
    made?.close();
    await wire.close();
  }
}

async function bridge(options: OptionsOf<"bridge">): Promise<void> {
  const key = readKeyFile(options.key);
  const unlock = lockKeyFile(options.key);
  const open = () => openTerminal(options.line, key, REAL_CLOCK);
  const run = new BridgeRun(options.pty, open, REAL_CLOCK, {
    onReady: (pty, terminal) => say(options, { pty, ...terminal }, pty),
    onNotice: notice,
  });
  try {
    await Promise.race([run.run(), stopped()]);
  } finally {
    await run.close();
    unlock();
  }
}

function run(options: CounterOptions): Promise<void> {
  switch (options.command) {
    case "info":
      return info(options);
    case "pipe":
      return pipe(options);
    case "bridge":
      return bridge(options);
  }
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
  let options: CounterOptions;
  try {
    options = parseCounterOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageStop)) throw error;
    (error.exitCode === 0 ? process.stdout : process.stderr).write(`${error.message}\n`);
    return end(error.exitCode);
  }
  try {
    await run(options);
    end(0);
  } catch (error) {
    const { kind, why, next, message } = failureOf(error, "link");
    if (options.json) process.stdout.write(`${JSON.stringify({ error: { kind, cause: why, next } })}\n`);
    notice(message);
    end(1);
  }
}

void main();
