/**
 * Builds everything for the device: `tsx board/build/build.ts [lua] [espruino] [mps2-an386]`, all without a word;
 * `lua-image [PATH]` makes the bench image for a Lua interpreter alone.
 * build/mps2-an386/madoguchi.elf is the bench image of the reference board; build/lua/app.lua and build/espruino/app.js hold the whole product; the files named cases hold the portable cases,
 * build/espruino/idle.js the bench image in an empty box.
 */
import { buildBenchImage } from "./bench-image.ts";
import { buildEspruino } from "./build-espruino.ts";
import { buildLua } from "./build-lua.ts";
import { boardSources, filesBelow, productSources } from "./sources.ts";

const PORTABLE_CASES = "test/portable/main.ts";

function buildLuaImage(out = "build/lua/app.lua"): void {
  const entry = "board/lua/main.ts";
  buildLua({ roots: [entry, ...productSources(), ...boardSources()], entry, out });
}

function buildBothLua(): void {
  buildLuaImage();
  buildLua({ roots: [PORTABLE_CASES], entry: PORTABLE_CASES, out: "build/lua/cases.lua" });
}

async function buildBothEspruino(): Promise<void> {
  const roots = [...filesBelow("board/espruino", ".ts"), ...productSources(), ...boardSources()];
  await buildEspruino({ roots, out: "build/espruino/app.js" });
  await buildEspruino({ roots: ["test/espruino/port.ts", PORTABLE_CASES], out: "build/espruino/cases.js" });
  await buildEspruino({ roots: ["test/espruino/idle.ts"], out: "build/espruino/idle.js" });
}

const wanted = process.argv.slice(2);
const builds = new Map<string, () => void | Promise<void>>([
  ["lua", buildBothLua],
  ["espruino", buildBothEspruino],
  ["mps2-an386", async () => void (await buildBenchImage("build/mps2-an386"))],
]);
try {
  if (wanted[0] === "lua-image") buildLuaImage(wanted[1]);
  for (const [name, build] of builds) if (wanted.length === 0 || wanted.includes(name)) await build();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
