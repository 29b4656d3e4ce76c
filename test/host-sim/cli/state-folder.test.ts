/** What `--state` keeps, and every directory that it refuses. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import { MEMORY_FILE, StateFolder } from "../../../host-sim/cli/state-folder.ts";
import { terminalStart, type StartOptions } from "../../../host-sim/cli/terminal-start.ts";
import { UsageStop } from "../../../host-sim/cli/usage-stop.ts";
import { AUDITOR_FILE, readAuditorKey } from "../../../host-sim/counter/auditor-key.ts";
import { KEY_FILE, makeDevelopmentPair } from "../../../host-sim/counter/development-pair.ts";
import { readKeyFile, writeKeyFile } from "../../../host-sim/counter/key-file.ts";
import type { ImageMode } from "../../../host-sim/engine/engine.ts";
import { Simulator } from "../../../host-sim/world/simulator.ts";
import {
  BLANK_MEMORY,
  loadMemory,
  saveMemory,
  type TerminalMemory,
} from "../../../host-sim/world/terminal-memory.ts";
import { World } from "../../../host-sim/world/world.ts";
import { hostAt } from "../world/sealed-simulator.ts";
import { temporaryFolder } from "./temporary.ts";

const test = suite("state folder");
const folder = temporaryFolder();
let count = 0;

function place(): string {
  return join(folder, `state-${++count}`);
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

/** `memory` with another first byte in each chip. */
function changed({ fram, backup }: TerminalMemory, value: number): TerminalMemory {
  const copy = { fram: Uint8Array.from(fram), backup: Uint8Array.from(backup) };
  copy.fram[0] = value;
  copy.backup[0] = value;
  return copy;
}

function refusalOf(action: () => unknown): UsageStop {
  try {
    action();
  } catch (error) {
    if (error instanceof UsageStop) return error;
    throw error;
  }
  throw new Error("it is accepted");
}

/** A terminal of `path` that has booted; what it remembers stands there when it has been let go. */
function runIn(
  path: string,
  options: ImageMode | StartOptions,
  look: (simulator: Simulator, key: string) => void,
): void {
  const kept = new StateFolder(path);
  const start = typeof options === "string" ? { mode: options } : options;
  const { mode } = start;
  try {
    const { holds, key = "" } = terminalStart(start, path, kept);
    const simulator = new Simulator({ mode, ...holds });
    simulator.runFor(100);
    look(simulator, key);
    simulator.close();
    kept.write(saveMemory(simulator.world));
  } finally {
    kept.close();
  }
}

test("memory is kept whole: mode 700 for the directory, 600 for the file, whatever the umask", () => {
  const path = place();
  const mask = process.umask(0o777);
  const kept = new StateFolder(path);
  const memory = changed(BLANK_MEMORY, 7);
  kept.write(memory);
  kept.close();
  process.umask(mask);
  equal([modeOf(path), modeOf(join(path, MEMORY_FILE))], [0o700, 0o600]);
  const again = new StateFolder(path);
  const read = again.read();
  is(Buffer.compare(read?.fram ?? Buffer.of(), memory.fram), 0);
  is(Buffer.compare(read?.backup ?? Buffer.of(), memory.backup), 0);
  again.close();
});

test("what has not changed is not written again, and a terminal that remembers nothing leaves no file", () => {
  const path = place();
  const kept = new StateFolder(path);
  const file = join(path, MEMORY_FILE);
  kept.write(BLANK_MEMORY);
  is(existsSync(file), false);
  kept.write(changed(BLANK_MEMORY, 1));
  rmSync(file);
  kept.write(changed(BLANK_MEMORY, 1));
  is(existsSync(file), false);
  kept.write(changed(BLANK_MEMORY, 2));
  is(existsSync(file), true);
  kept.close();
});

test("a second simulator is refused with the first one's process number, and comes in when that has ended", () => {
  const path = place();
  const kept = new StateFolder(path);
  match(refusalOf(() => new StateFolder(path)).message, new RegExp(`process number ${process.pid} uses it`));
  kept.close();
  new StateFolder(path).close();
});

test("a directory that others may write, and one that cannot be made, are refused", () => {
  const path = place();
  mkdirSync(path);
  chmodSync(path, 0o770);
  match(refusalOf(() => new StateFolder(path)).message, /nobody else may write it/);
  writeFileSync(join(folder, "file"), "");
  match(
    refusalOf(() => new StateFolder(join(folder, "file", "state"))).message,
    /^--state .*\/file\/state: /,
  );
});

test("a file that is cut, longer, or changed in any place is refused by its name and stays as it is", () => {
  const path = place();
  const first = new StateFolder(path);
  first.write(changed(BLANK_MEMORY, 9));
  first.close();
  const file = join(path, MEMORY_FILE);
  const whole = readFileSync(file);
  const flipped = (at: number): Buffer =>
    Buffer.from(whole.map((value, i) => (i === at ? value ^ 1 : value)));
  const ends = [0, 18, 19, 19 + 0x8000, whole.length - 33, whole.length - 32, whole.length - 1];
  const damages = [
    Buffer.of(),
    whole.subarray(0, 100),
    whole.subarray(0, -1),
    Buffer.concat([whole, Buffer.of(0)]),
    ...ends.map(flipped),
  ];
  for (const damaged of damages) {
    writeFileSync(file, damaged);
    const kept = new StateFolder(path);
    const { message, exitCode } = refusalOf(() => kept.read());
    is(exitCode, 2);
    match(message, /memory\.bin is damaged; it was left as it is; put a whole copy/);
    kept.close();
    is(readFileSync(file).equals(damaged), true);
  }
});

test("a fresh directory gets a pair, and the terminal that is started there again knows it", () => {
  const path = place();
  const auditors = new Set<string>();
  for (let run = 1; run <= 3; run++) {
    runIn(path, "sealed", (simulator, key) => {
      auditors.add(Buffer.from(readAuditorKey(join(path, AUDITOR_FILE)).journalKey).toString("hex"));
      is(key, join(path, KEY_FILE));
      is(readKeyFile(key).development, true);
      hostAt(simulator, readKeyFile(key)).open();
      is(simulator.page(), "insert");
    });
  }
  equal(
    [KEY_FILE, AUDITOR_FILE, MEMORY_FILE].map((name) => modeOf(join(path, name))),
    [0o600, 0o600, 0o600],
  );
  is(auditors.size, 1, "the journal's key is made with the terminal's memory");
});

test("two terminals have other secrets under the same seed", () => {
  const saved = [place(), place()].map((path) => {
    let memory = BLANK_MEMORY;
    runIn(path, "sealed", ({ world }) => (memory = saveMemory(world)));
    return memory;
  });
  is(Buffer.compare(saved[0]!.backup, saved[1]!.backup) === 0, false);
  is(Buffer.compare(saved[0]!.fram, saved[1]!.fram) === 0, false);
});

test("a town image has the pair of its directory and refuses it", () => {
  const path = place();
  runIn(path, "town", (simulator) => is(simulator.page(), "out-of-service"));
  runIn(path, "sealed", (simulator) => is(simulator.page(), "insert"));
  runIn(path, "town", (simulator) => is(simulator.page(), "out-of-service"));
});

test("what a terminal was provisioned with is kept, and a flag that says otherwise is refused with what to do", () => {
  for (const [operators, other] of [
    ["required", "optional"],
    ["optional", "required"],
  ] as const) {
    const path = place();
    for (const rule of [operators, undefined, operators])
      runIn(path, { mode: "sealed", operators: rule }, (simulator) => is(simulator.page(), "insert"));
    match(
      refusalOf(() => runIn(path, { mode: "sealed", operators: other }, () => undefined)).message,
      new RegExp(`provisioned otherwise than --operators ${other}; leave the flag away, or choose another`),
    );
  }
});

test("memory without its key, with another pair's key, or with a key that cannot be read, is told", () => {
  const path = place();
  const key = join(path, KEY_FILE);
  runIn(path, "sealed", () => undefined);
  const start = (): void => runIn(path, "sealed", () => undefined);
  const right = readFileSync(key);
  rmSync(key);
  match(refusalOf(start).message, /a terminal's memory is there, but no counter\.key; put it back/);
  makeDevelopmentPair(path);
  match(
    refusalOf(start).message,
    /counter\.key is not of the pair that this terminal has; put the right one/,
  );
  makeDevelopmentPair(path, { terminal: "OTHER", counter: "COUNTER-1" });
  match(refusalOf(start).message, /counter\.key is not of the pair/);
  writeFileSync(key, "{");
  match(refusalOf(start).message, /counter\.key: it is not JSON/);
  writeFileSync(key, right);
  start();
});

test("a key without memory is the one that a new terminal gets, unless it is not for development", () => {
  const path = place();
  mkdirSync(path, { mode: 0o700 });
  makeDevelopmentPair(path, { terminal: "T-7", counter: "C-7" });
  const key = readFileSync(join(path, KEY_FILE));
  runIn(path, "sealed", (simulator) => void hostAt(simulator, readKeyFile(join(path, KEY_FILE))).open());
  is(readFileSync(join(path, KEY_FILE)).equals(key), true);
  const real = place();
  mkdirSync(real, { mode: 0o700 });
  writeKeyFile(join(real, KEY_FILE), { ...readKeyFile(join(path, KEY_FILE)), development: false });
  match(refusalOf(() => runIn(real, "sealed", () => undefined)).message, /a key that is not for development/);
});

test("a memory of something else is told, and an opened case is the terminal's own to tell", () => {
  const path = place();
  mkdirSync(path, { mode: 0o700 });
  makeDevelopmentPair(path);
  const strange = new StateFolder(path);
  strange.write(changed(BLANK_MEMORY, 3));
  strange.close();
  match(
    refusalOf(() => runIn(path, "sealed", () => undefined)).message,
    /not that of a provisioned terminal/,
  );
  const opened = place();
  runIn(opened, "sealed", (simulator) => simulator.world.backup.openCase());
  runIn(opened, "sealed", (simulator) => is(simulator.page(), "tamper"));
});

test("the bench image keeps a directory's memory and leaves it alone", () => {
  const path = place();
  runIn(path, "open", () => undefined);
  is(existsSync(join(path, MEMORY_FILE)), false);
  runIn(path, "sealed", () => undefined);
  const before = readFileSync(join(path, MEMORY_FILE));
  runIn(path, "open", (simulator, key) => equal([simulator.page(), key], ["insert", ""]));
  is(readFileSync(join(path, MEMORY_FILE)).equals(before), true);
});

test("both chips come back as they were, the latch too", () => {
  const world = new World(1);
  world.backup.write(8, Uint8Array.of(1, 2, 3));
  world.fram.transfer([6]);
  world.fram.transfer([2, 0, 9, 77]);
  const copy = new World(2);
  loadMemory(copy, saveMemory(world));
  equal([...copy.backup.read(8, 3)], [1, 2, 3]);
  is(copy.fram.save()[9], 77);
  world.backup.openCase();
  world.powerOff();
  loadMemory(copy, saveMemory(world));
  equal([copy.backup.isCaseOpened(), [...copy.backup.read(8, 3)]], [true, [0, 0, 0]]);
});

test.run();
