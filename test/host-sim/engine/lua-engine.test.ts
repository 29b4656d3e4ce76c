import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { instance, is, match, not, ok } from "uvu/assert";
import { BOARD } from "../../../board/mps2-an386/pins.ts";
import { EngineMissing, type Engine } from "../../../host-sim/engine/engine.ts";
import { startLua } from "../../../host-sim/engine/lua-engine.ts";
import { makeBusEvents, WorldBus } from "../../../host-sim/world/world-bus.ts";
import { World } from "../../../host-sim/world/world.ts";
import { failureOf } from "./failure-of.ts";

const test = suite("lua-engine");
const IMAGE = { mode: "open", language: "ja", firewall: "refuse" } as const;
const SCAN = String.raw`io.write("\1\0\18") io.flush() io.read(4)`;
const IDLE = String.raw`io.write("\9\0\127\232\3\0\0\0\0\0\0") io.flush()`;
let folder = "";

test.before(() => {
  folder = mkdtempSync(join(tmpdir(), "madoguchi-test-"));
});
test.after(() => rmSync(folder, { recursive: true }));

/** Long enough for a busy machine. */
const PATIENT_MS = 10_000;

function boot(text: string, world = new World(1), silenceMs = PATIENT_MS): Engine {
  const program = join(folder, "program.lua");
  writeFileSync(program, text);
  return startLua(new WorldBus(world), IMAGE, { program, rom: program, silenceMs });
}

/** Children of this process that still run. */
function children(): string[] {
  const listed = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim();
  return listed.split(" ").filter((pid) => pid !== "" && !isZombie(pid));
}

function isZombie(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return true;
  }
}

test("an idle says when the engine wants to run, and its answer comes back", () => {
  const engine = boot(`${IDLE} io.read(14) ${IDLE} io.read(14)`);
  is(engine.resume(makeBusEvents()), 1000);
  engine.close();
});

test("outputs are carried out in order, in front of the request that flushes them", () => {
  const world = new World(1);
  const mask = BOARD.lamps.status;
  const bytes = [9, 0, 2, mask & 255, mask >>> 8, 0, 0, mask & 255, mask >>> 8, 0, 0];
  boot(`io.write(string.char(${bytes.join(",")})) ${IDLE} io.read(14)`, world).close();
  is(world.outputs & mask, mask);
});

test("an engine that dies is reported with its last bus request and its log", () => {
  const message = failureOf(() => boot(`${SCAN} error("planted fault")`));
  match(message, /engine lua has ended; last bus request: matrixScan with 0 bytes; log:/);
  match(message, /planted fault/);
});

test("of an engine that has said much, its last words are told", () => {
  const message = failureOf(() =>
    boot(`io.stderr:write(string.rep("much ", 2000)) error("planted at the end")`),
  );
  match(message, /much much/);
  match(message, /planted at the end/);
});

test("an engine that dies while it idles is reported when it is resumed", () => {
  const engine = boot(`${IDLE} io.read(14) error("planted later")`);
  const message = failureOf(() => engine.resume(makeBusEvents()));
  match(message, /last bus request: idle with 8 bytes/);
  match(message, /planted later/);
});

test("an engine that goes silent is reported and ended", () => {
  const before = children();
  match(
    failureOf(() => boot(`${SCAN} while true do end`, new World(1), 1000)),
    /has been silent for 1000 ms; last bus request: matr/,
  );
  while (children().some((pid) => !before.includes(pid)));
  ok(true);
});

for (const [what, bytes, message] of [
  ["a request that nobody knows", String.raw`\1\0\85`, /request 85 with 0 bytes is not known/],
  ["a request without a number", String.raw`\0\0`, /request 0 with 0 bytes is not known/],
  ["a request with too few arguments", String.raw`\2\0\127\0`, /idle with 1 bytes: the length is wrong/],
  [
    "a request with too many arguments",
    String.raw`\2\0\18\0`,
    /matrixScan with 1 bytes: the length is wrong/,
  ],
] as const) {
  test(`${what} is a fault of the engine`, () => {
    match(
      failureOf(() => boot(`io.write("${bytes}") io.flush() io.read(1)`)),
      message,
    );
  });
}

test("what the card was sent is not told when the engine dies", () => {
  const digits = String.raw`\6\0\1\1\49\51\53\55`;
  const message = failureOf(() => boot(`io.write("${digits}") io.flush() error("planted")`));
  match(message, /last bus request: uartTx with 5 bytes/);
  not.match(message, /1357|49|31333537/);
});

test("close ends the child, also twice", () => {
  const before = children();
  const engine = boot(`${IDLE} io.read(14)`);
  const started = children().filter((pid) => !before.includes(pid));
  is(started.length, 1);
  engine.close();
  engine.close();
  while (children().some((pid) => started.includes(pid)));
  ok(true);
});

test("a missing program is told with the next step", () => {
  try {
    startLua(new WorldBus(new World(1)), IMAGE, { program: "build/none.lua", rom: "build/none.bin" });
    ok(false, "it started");
  } catch (error) {
    instance(error, EngineMissing);
    match(String(error), /build\/none\.lua is missing; `make build`/);
  }
});

test.run();
