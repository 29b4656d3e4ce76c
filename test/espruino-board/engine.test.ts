/** The image on a real interpreter, over the bus as bytes: its budgets, its boots, and how its end is told. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import { is, match, not, ok } from "uvu/assert";
import { BusFault } from "../../host-sim/engine/bus-decoder.ts";
import type { Engine } from "../../host-sim/engine/engine.ts";
import { startEspruino, type EspruinoImage } from "../../host-sim/engine/espruino-engine.ts";
import { Counter, VERIFY_4 } from "../../host-sim/scenario/counter.ts";
import { Simulator, type SimulatorOptions } from "../../host-sim/world/simulator.ts";
import { makeBusEvents, WorldBus } from "../../host-sim/world/world-bus.ts";
import { World } from "../../host-sim/world/world.ts";
import { buildEspruinoImage } from "../built-images.ts";
import { MOST_TO_MASK, statementCosts } from "../cost/statement-costs.ts";
import { temporaryFolder } from "../host-sim/cli/temporary.ts";
import { INTERPRETER } from "./interpreter.ts";
import { checkRomInStorage } from "./rom-in-storage.ts";
import { failureOf } from "../host-sim/engine/failure-of.ts";

const test = suite("the image on Espruino");
const IMAGE = buildEspruinoImage("build/espruino-engine");
/** Design: what a board of this class has. */
const BUNDLE_BYTES = 120 * 1024;
const BOOT_VARIABLES = 10_000;
const OPTIONS = { mode: "open", language: "ja", firewall: "refuse" } as const;
/** Bytes of requests in a program. */
const SCAN = "w.write(new Uint8Array([1,0,0x12]));r.read(4);";
const IDLE = "w.write(new Uint8Array([9,0,0x7f,0xe8,3,0,0,0,0,0,0]));";
/** An interpreter that boots cannot be ended before it has come to the end of its boot code. */
const END = "setTimeout(function(){quit();},0);";
const BUS = 'var r=E.openFile("/dev/fd/3","r"),w=E.openFile("/dev/fd/4","w");';

function withEspruino(image: Partial<EspruinoImage> = {}): SimulatorOptions {
  return { engine: "espruino", images: { espruino: { ...IMAGE, ...image } } };
}

/** The first scan of the keys ends the engine, whose log can be read then. */
class StoppingBus extends WorldBus {
  override matrixScan(): number {
    throw new BusFault("stopped");
  }
}

/** Boots a small program instead of the image. */
function boot(text: string): Engine {
  const program = join(temporaryFolder(), "program.js");
  writeFileSync(program, BUS + text);
  return startEspruino(new WorldBus(new World(1)), OPTIONS, { ...IMAGE, program, silenceMs: 1500 });
}

/** Interpreters that this process started and that still run. */
function interpreters(): number {
  const listed = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim();
  return listed.split(" ").filter((pid) => pid !== "" && isInterpreter(pid)).length;
}

function isInterpreter(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith(INTERPRETER);
  } catch {
    return false;
  }
}

test("the bundle has at most 120 KB", () => {
  const { size } = statSync(IMAGE.program);
  console.log(`\n${size} bytes of bundle, ${BUNDLE_BYTES} allowed`);
  ok(size > 0 && size <= BUNDLE_BYTES);
});

test("booted from Storage, where its program lies, it uses at most 10,000 variables", () => {
  const engine = startEspruino(new StoppingBus(new World(1)), OPTIONS, { ...IMAGE, runFrom: "storage" });
  const log = failureOf(() => engine.resume(makeBusEvents()));
  const used = Number(/booted with (\d+) variables/.exec(log)?.[1]);
  console.log(`\n${used} variables after boot from Storage, ${BOOT_VARIABLES} allowed`);
  ok(used > 0 && used <= BOOT_VARIABLES, log);
});

test("from an accepted key to its mask it runs at most 2000 statements", async () => {
  const keys = (await statementCosts()).flatMap(({ toMask }) => toMask ?? []);
  const most = Math.max(...keys);
  console.log(`\n${most} statements from key to mask, ${MOST_TO_MASK} allowed`);
  ok(keys.length >= 4 && most > 0 && most <= MOST_TO_MASK);
});

test("the page ROM reads the same from Storage and from a file, as hal/ promises", async () => {
  const output = await checkRomInStorage(IMAGE.rom);
  match(output, /^rom: [1-9]\d* right, 0 wrong$/m);
});

test("run where it lies in Storage, it shows its first page and answers the host", () => {
  const counter = new Counter(withEspruino({ runFrom: "storage" }));
  counter.start();
  is(counter.page, "insert");
  is(counter.host.slotStatus().status & 3, 2);
  counter.simulator.close();
});

test("after a power cut in an entry it boots from its own Storage, and the entry is gone", () => {
  const folder = temporaryFolder();
  const counter = new Counter(withEspruino({ folder }));
  counter.start().insert("mynumber");
  counter.host.beginSecure(Uint8Array.from(Buffer.from(VERIFY_4, "hex")));
  counter.waitForPrompt();
  counter.simulator.keys("12");
  counter.simulator.runFor(400);
  is(counter.simulator.view().digits, 2);
  counter.simulator.close();
  // What is not in its Storage it cannot run.
  const other = join(folder, "other.js");
  writeFileSync(other, 'print("another program")');
  const again = new Simulator(withEspruino({ folder, program: other }));
  again.runFor(100);
  is(again.page(), "insert");
  is(again.view().digits, 0);
  again.close();
});

test("reset in an entry: the same directory, a new process, the card off", () => {
  const counter = new Counter(withEspruino({ folder: temporaryFolder() }));
  counter.start().insert("mynumber");
  ok(counter.simulator.world.slot.isPowered());
  const before = interpreters();
  counter.simulator.pressReset();
  counter.simulator.runFor(1000);
  is(counter.simulator.world.slot.isPowered(), false);
  is(interpreters(), before);
  is(counter.page, "reading");
  counter.simulator.close();
});

test("its options arrive: English, and a host's VERIFY that becomes an entry", () => {
  const counter = new Counter({ ...withEspruino(), language: "en", firewall: "substitute" });
  counter.start();
  is(counter.simulator.view().language, 1);
  counter.simulator.close();
});

test("an idle says when it wants to run, and its answer comes back", () => {
  const engine = boot(`${IDLE}r.read(14);${IDLE}r.read(14);`);
  is(engine.resume(makeBusEvents()), 1000);
  engine.close();
});

test("an interpreter that dies is reported with its last bus request and its log", () => {
  const message = failureOf(() => boot(`${SCAN}print("planted words");${END}`));
  match(message, /engine espruino has ended; last bus request: matrixScan with 0 bytes; log:/);
  match(message, /planted words/);
});

test("an error of the program ends the image and is told with its place", () => {
  const program = join(temporaryFolder(), "broken.js");
  const text = readFileSync(IMAGE.program, "utf8");
  is(text.split("print(").length, 2, "it says one thing, when it has booted");
  writeFileSync(program, text.replace("print(", "planted("));
  const message = failureOf(() => startEspruino(new WorldBus(new World(1)), OPTIONS, { ...IMAGE, program }));
  match(message, /engine espruino has ended; last bus request: boot/);
  match(message, /planted/);
});

test("an interpreter that goes silent is reported and ended", () => {
  const before = interpreters();
  const message = failureOf(() => boot(`${SCAN}while(true);`));
  match(message, /has been silent for 1500 ms; last bus request: matrixScan/);
  while (interpreters() > before);
  is(interpreters(), before);
});

test("a request that nobody knows is a fault of the engine, and digits to the card are not told", () => {
  match(
    failureOf(() => boot("w.write(new Uint8Array([1,0,0x55]));r.read(2);")),
    /request 85 with 0 bytes is not known/,
  );
  const message = failureOf(() => boot("w.write(new Uint8Array([6,0,1,1,49,51,53,55]));" + END));
  match(message, /last bus request: uartTx with 5 bytes/);
  not.match(message, /1357|31333537/);
});

test.run();
