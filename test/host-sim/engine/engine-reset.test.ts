/** Resets that an engine reports by itself, told with small programs instead of the image. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { BOARD } from "../../../board/mps2-an386/pins.ts";
import { Simulator } from "../../../host-sim/world/simulator.ts";

const test = suite("resets that an engine reports");
const VIEW = String.raw`io.write("\6\0\7\0\0\0\0\0") `;
const IDLE = String.raw`io.write("\9\0\127\232\3\0\0\0\0\0\0") io.flush() io.read(14) `;
const WATCH = String.raw`io.write("\2\0\8\2") `;
/** CMDVCCN low, classes and lamps high, both square waves on, the counter line at 115200 baud and a byte to it. */
const DRIVE = String.raw`io.write("\9\0\2\255\0\0\0\236\0\0\0" .. "\6\0\3\0\208\7\0\0" .. "\6\0\3\1\60\0\0\0" .. "\6\0\4\0\0\194\1\0" .. "\3\0\1\0\65") `;
let folder = "";

test.before(() => {
  folder = mkdtempSync(join(tmpdir(), "madoguchi-test-"));
});
test.after(() => rmSync(folder, { recursive: true }));

/** Boots and says what it is answered, as the first two notes of the piezo. */
function boot(reason: number, part: number): string {
  return (
    `io.write("\\3\\0\\22\\${reason}\\${part}") io.flush() ` +
    `do local told = { io.read(4):byte(3, 4) } ` +
    `for _, one in ipairs(told) do io.write("\\6\\0\\3\\0" .. string.char(one) .. "\\0\\0\\0") end end ${VIEW}`
  );
}

function started(program: string): Simulator {
  const path = join(folder, "program.lua");
  writeFileSync(path, program);
  const simulator = new Simulator({
    engine: "lua",
    images: { lua: { program: path, rom: path, silenceMs: 2000 } },
  });
  return simulator;
}

/** What was seen: the levels and frequencies, and the boots. */
function seen(simulator: Simulator): unknown[] {
  return simulator.world.recorder.all().map(({ channel, value }) => [channel, value]);
}

const RESET_LEVELS = BOARD.slot.commandVccN | BOARD.slot.enable1V8N;
const OFF = [
  ["pins", RESET_LEVELS],
  ["tone", 0],
  ["vcom", 0],
];

for (const [reason, part, name] of [
  [1, 2, "watchdog line"],
  [2, 255, "fault none"],
  [3, 255, "program none"],
  [255, 255, "power-on none"],
] as const) {
  test(`boot ${name}: everything goes off at that instant, the reason is told back, the engine is kept`, () => {
    const simulator = started(`${boot(255, 255)} ${DRIVE} ${IDLE} ${boot(reason, part)} ${IDLE}`);
    simulator.world.recorder.clear();
    simulator.runFor(0.5);
    const told = reason === 255 ? [0, 255] : [reason, part];
    equal(seen(simulator), [...OFF, ["world", `boot ${name}`], ["tone", told[0]], ["tone", told[1]]]);
    equal(simulator.world.lastReset, { reason: told[0], part: told[1] });
    is(simulator.world.complaints.length, reason === 255 ? 0 : 1);
    simulator.close();
  });
}

test("the first boot leaves nothing in the trace but what it drives", () => {
  const simulator = started(`${boot(255, 255)} ${IDLE}`);
  equal(seen(simulator), [
    ["tone", 0],
    ["tone", 255],
  ]);
  simulator.close();
});

test("a program that goes on without progress is ended by the world, and started again in a process of its own", () => {
  const simulator = started(`${boot(255, 255)} ${WATCH} ${IDLE} while true do ${IDLE} end`);
  const restarts: unknown[] = [];
  simulator.world.onRestart = (reset) => restarts.push({ ...reset, atUs: simulator.world.nowUs() });
  simulator.runUntil(() => restarts.length > 0, 2000);
  equal(restarts, [{ reason: 1, part: 0, atUs: BOARD.watchdogUs }]);
  simulator.close();
});

test.run();
