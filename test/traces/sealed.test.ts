/** The development image tells the same story on every engine, event for event, and what it costs the reference board. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { buildLuaImage, buildQemuImage } from "../built-images.ts";
import { tellOnBoard } from "./sealed-cost.ts";
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

const node = tellSealedStory({});
const lines = node.simulator.world.recorder.lines();
const onBoard = tellOnBoard(QEMU);

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

test("a handshake takes the board at most 150 ms in steps of at most 10, so does a key's change, and the heap stays below 448 KB", () => {
  const { handshakeMs, handshakeStepMs, rekeyStepMs, worstStepMs, heapPeakBytes } = onBoard.cost;
  console.log(
    `handshake ${handshakeMs.toFixed(1)} ms, its dearest step ${handshakeStepMs.toFixed(2)}, of a key's change ${rekeyStepMs.toFixed(2)}, of the day ${worstStepMs.toFixed(2)}; heap ${Math.ceil(heapPeakBytes / 1024)} KB`,
  );
  ok(handshakeMs > 5 && handshakeMs <= HANDSHAKE_MS, `${handshakeMs} ms`);
  ok(handshakeStepMs <= HANDSHAKE_STEP_MS, `${handshakeStepMs} ms`);
  ok(rekeyStepMs > 1 && rekeyStepMs <= HANDSHAKE_STEP_MS, `${rekeyStepMs} ms`);
  ok(worstStepMs <= STEP_MS, `${worstStepMs} ms`);
  ok(heapPeakBytes <= HEAP_BYTES, `${heapPeakBytes} bytes`);
});

test.run();
