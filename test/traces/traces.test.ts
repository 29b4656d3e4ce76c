/** Every scenario on every engine that is here: the same image must leave the same trace, event for event, in each of them. */
import { readFileSync, writeFileSync } from "node:fs";
import { suite } from "uvu";
import { is, ok } from "uvu/assert";
import { buildMps2 } from "../../board/build/build-mps2.ts";
import type { EngineImages } from "../../host-sim/engine/engines.ts";
import { SCENARIOS } from "../../host-sim/scenario/all.ts";
import { buildLuaImage, buildQemuImage } from "../built-images.ts";
import { differencesOn, expectCaught } from "./told-on.ts";

const test = suite("traces");
const LUA = buildLuaImage("build/traces/lua");
const QEMU = buildQemuImage("build/traces/qemu");
const IMAGES: EngineImages = { lua: LUA, qemu: QEMU };
/** Each is compared with node. */
const OTHERS = ["lua", "qemu"] as const;

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

test("every scenario leaves the same trace on every engine", () => {
  const differences = SCENARIOS.flatMap((scenario) =>
    OTHERS.flatMap((engine) => differencesOn(engine, scenario, IMAGES)),
  );
  const engines = 1 + OTHERS.length;
  console.log(`\n${SCENARIOS.length} scenarios x ${engines} engines, ${differences.length} differences`);
  is(differences.join("\n\n"), "");
  ok(SCENARIOS.length >= 20 && engines >= 3);
});

/** The program with a hole, as a file. */
function programWith(from: string, to: string): string {
  const text = readFileSync(LUA.program, "utf8");
  is(text.split(from).length, 2, `${from} stands once in the program`);
  const program = "build/traces/lua/different.lua";
  writeFileSync(program, text.replace(from, to));
  return program;
}

for (const { what, from, to } of HOLES) {
  test(`a different build is caught: ${what}`, () => {
    expectCaught("lua", { lua: { ...LUA, program: programWith(from, to) } });
  });
}

test("a different build for the board is caught", async () => {
  const text = readFileSync(QEMU.program, "utf8");
  const { from, to } = HOLES[0];
  is(text.split(from).length, 2, `${from} stands once in the program`);
  const program = "build/traces/qemu/different.lua";
  writeFileSync(program, text.replace(from, to));
  const elf = "build/traces/qemu/different.elf";
  await buildMps2({ program, rom: LUA.rom, elf });
  expectCaught("qemu", { qemu: { elf } });
});

test.run();
