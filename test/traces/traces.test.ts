/** Every scenario on every engine: the same image must leave the same trace, event for event, in each of them. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { suite } from "uvu";
import { is, match, ok } from "uvu/assert";
import { buildRom } from "../../board/rom/build-rom.ts";
import type { LuaImage } from "../../host-sim/engine/lua-engine.ts";
import { SCENARIOS } from "../../host-sim/scenario/all.ts";
import { play, type Scenario } from "../../host-sim/scenario/scenario.ts";
import type { SimulatorOptions } from "../../host-sim/world/simulator.ts";
import { firstDifference, type NamedTrace } from "./compare.ts";

const test = suite("traces");
const FOLDER = "build/traces";
/** Places of the compiled program, each a text that stands there once, and what makes it a little different. */
const HOLES = [
  { what: "a note lasts a microsecond longer", from: "return 120000", to: "return 120001" },
  { what: "the slot rests a microsecond longer", from: "REST_US = 10000", to: "REST_US = 10001" },
  {
    what: "a bit to the display that it ignores",
    from: "self.buffer[____end] = 0",
    to: "self.buffer[____end] = 1",
  },
] as const;

/** Compiled here, so that it is never older than the sources that this process runs. */
function buildImage(): LuaImage {
  mkdirSync(FOLDER, { recursive: true });
  const tsx = "node_modules/tsx/dist/cli.mjs";
  const program = `${FOLDER}/app.lua`;
  execFileSync(process.execPath, [tsx, "board/build/build.ts", "lua-image", program], { stdio: "inherit" });
  const rom = `${FOLDER}/rom.bin`;
  writeFileSync(rom, buildRom());
  return { program, rom };
}

const IMAGE = buildImage();

function traceOf(scenario: Scenario, name: string, options: SimulatorOptions): NamedTrace {
  const played = play(scenario, scenario.seed, options);
  return { name, events: played.counter.simulator.world.recorder.all() };
}

test("every scenario leaves the same trace on node and on lua", () => {
  const differences: string[] = [];
  for (const scenario of SCENARIOS) {
    const node = traceOf(scenario, "node", {});
    const lua = traceOf(scenario, "lua", { engine: "lua", images: { lua: IMAGE } });
    const difference = firstDifference(node, lua);
    if (difference !== undefined) differences.push(`${scenario.name}: ${difference}`);
  }
  console.log(`\n${SCENARIOS.length} scenarios x 2 engines, ${differences.length} differences`);
  is(differences.join("\n\n"), "");
  ok(SCENARIOS.length >= 20);
});

for (const { what, from, to } of HOLES) {
  test(`a different build is caught: ${what}`, () => {
    const text = readFileSync(IMAGE.program, "utf8");
    is(text.split(from).length, 2, `${from} stands once in the program`);
    const program = `${FOLDER}/different.lua`;
    writeFileSync(program, text.replace(from, to));
    const scenario = SCENARIOS[0];
    const lua = traceOf(scenario, "lua", { engine: "lua", images: { lua: { ...IMAGE, program } } });
    const difference = firstDifference(traceOf(scenario, "node", {}), lua) ?? "no difference";
    match(difference, /^event \d+ differs\nnode:\n[^]*\n> \d+ [^]*\nlua:\n[^]*\n> \d+ /);
  });
}

test.run();
