/** The development image tells the same story on every engine, event for event, and what it costs the reference board. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { INSTRUCTIONS_PER_MS, readCost, type BoardCost } from "../../host-sim/engine/board-meter.ts";
import type { Simulator, SimulatorOptions } from "../../host-sim/world/simulator.ts";
import { buildLuaImage, buildQemuImage } from "../built-images.ts";
import { tellSealedStory } from "./sealed-story.ts";

const test = suite("sealed traces");
const FOLDER = "build/sealed";
const LUA = buildLuaImage(`${FOLDER}/lua`, "development");
const QEMU = buildQemuImage(`${FOLDER}/qemu`, "development");
const HANDSHAKE_MS = 150;
const HANDSHAKE_STEP_MS = 10;
/** An outcome's commit beside a piece of its page: measured 10.5. */
const STEP_MS = 12;
const HEAP_BYTES = 448 * 1024;

interface Asked extends BoardCost {
  readonly name: string;
  readonly nowNs: number;
}

const asked: Asked[] = [];
let running: Simulator | undefined;
const observed: SimulatorOptions = {
  engine: "qemu",
  images: {
    qemu: {
      ...QEMU,
      observe: (memory, request) =>
        asked.push({ name: request.split(" ", 1)[0]!, nowNs: running?.nowNs ?? 0, ...readCost(memory) }),
    },
  },
};

const node = tellSealedStory({});
const lines = node.simulator.world.recorder.lines();
const onBoard = tellSealedStory(observed, (simulator) => (running = simulator));

test("node, lua and the reference board leave the same trace", () => {
  ok(lines.length > 4000, `${lines.length} events`);
  equal(node.simulator.world.complaints, []);
  const lua = tellSealedStory({ engine: "lua", images: { lua: LUA } });
  for (const [name, told] of [
    ["lua", lua],
    ["qemu", onBoard],
  ] as const) {
    const other = told.simulator.world.recorder.lines();
    const different = lines.findIndex((line, i) => line !== other[i]);
    is(different, -1, `${name}, event ${different}: ${lines[different]} | ${other[different]}`);
    is(other.length, lines.length, name);
  }
  console.log(`${lines.length} events of a sealed day x 3 engines, 0 differences`);
});

test("a handshake takes the board at most 150 ms in steps of at most 10, and the heap stays below 448 KB", () => {
  const { fromNs, toNs } = onBoard.handshake;
  const idle = asked.filter(({ name }) => name === "idle");
  // Each boot counts anew.
  const steps = idle
    .slice(1)
    .map((one, i) => ({ ...one, ms: (one.instructions - idle[i]!.instructions) / INSTRUCTIONS_PER_MS }))
    .filter(({ ms }) => ms >= 0);
  const handshake = steps.filter(({ nowNs }) => nowNs > fromNs && nowNs <= toNs);
  const handshakeMs = handshake.reduce((sum, { ms }) => sum + ms, 0);
  const worstHandshakeMs = Math.max(...handshake.map(({ ms }) => ms));
  const worstMs = Math.max(...steps.map(({ ms }) => ms));
  const heapBytes = Math.max(...asked.map(({ heapPeakBytes }) => heapPeakBytes));
  console.log(
    `handshake ${handshakeMs.toFixed(1)} ms, its dearest step ${worstHandshakeMs.toFixed(2)}, of the day ${worstMs.toFixed(2)}; heap ${Math.ceil(heapBytes / 1024)} KB`,
  );
  ok(handshakeMs > 5 && handshakeMs <= HANDSHAKE_MS, `${handshakeMs} ms`);
  ok(worstHandshakeMs <= HANDSHAKE_STEP_MS, `${worstHandshakeMs} ms`);
  ok(worstMs <= STEP_MS, `${worstMs} ms`);
  ok(heapBytes <= HEAP_BYTES, `${heapBytes} bytes`);
});

test.run();
