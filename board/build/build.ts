/**
 * Builds everything for the device: `tsx board/build/build.ts [lua] [espruino] [mps2-an386]`, all without a word. Images (bench,
 * development, town) alone: `lua-image [IMAGE] [PATH]` for a Lua interpreter, `mps2-image [IMAGE] [FOLDER] [ROM]` for the reference
 * board; bench images: `espruino-image [FOLDER]` for Espruino's Linux build, `espruino-firmware` for the board that runs it.
 * build/lua/modules and build/espruino/everything.js hold the whole product, build/lua/app.lua, build/mps2-an386/madoguchi.elf and
 * build/espruino/app.js bench images; the files named cases hold the portable cases, build/espruino/idle.js the bench image in an
 * empty box.
 */
import { entryOf, IMAGE_NAMES, type ImageName } from "./images.ts";
import { buildEspruino } from "./build-espruino.ts";
import { minify } from "./espruino-minifier.ts";
import { buildLua } from "./build-lua.ts";
import { flashReport } from "./mps2-flash.ts";
import { buildReferenceImage, ROM } from "./reference-image.ts";
import { boardSources, productSources } from "./sources.ts";

const PORTABLE_CASES = "test/portable/main.ts";
const LUA_CASES = "test/lua/cases.ts";

/** @throws Error for a name that is none. */
function imageNamed(name: string): ImageName {
  const found = IMAGE_NAMES.find((one) => one === name);
  if (found === undefined) throw new Error(`no image ${name}: one of ${IMAGE_NAMES.join(", ")}`);
  return found;
}

function buildLuaImage(name = "bench", out?: string): void {
  const image = imageNamed(name);
  const entry = entryOf("lua", image);
  buildLua({ roots: [entry], entry, out: out ?? `build/lua/${image === "bench" ? "app" : image}.lua` });
}

function buildAllLua(): void {
  buildLua({ roots: [...productSources(), ...boardSources()], out: "build/lua/modules" });
  for (const image of IMAGE_NAMES) buildLuaImage(image);
  buildLua({ roots: [LUA_CASES], entry: LUA_CASES, out: "build/lua/cases.lua" });
}

/** The bench image for Espruino's Linux build, on the bus; shortened, which takes the tools below board/espruino/. */
async function buildEspruinoImage(folder = "build/espruino"): Promise<void> {
  await buildEspruino({ roots: ["board/espruino/bus-main.ts"], out: `${folder}/bus.js` });
  minify(`${folder}/bus.js`, `${folder}/bus.min.js`);
}

/** The image of the Espruino board, shortened likewise. */
async function buildEspruinoFirmware(): Promise<void> {
  await buildEspruino({ roots: ["board/espruino/main.ts"], out: "build/espruino/app.js" });
  const { before, after } = minify("build/espruino/app.js", "build/espruino/app.min.js");
  console.log(`build/espruino/app.min.js: ${after} of ${before} bytes`);
}

async function buildAllEspruino(): Promise<void> {
  const everything = [...productSources(), ...boardSources()];
  await buildEspruino({ roots: everything, out: "build/espruino/everything.js" });
  await buildEspruino({ roots: ["board/espruino/main.ts"], out: "build/espruino/app.js" });
  await buildEspruino({ roots: ["board/espruino/bus-main.ts"], out: "build/espruino/bus.js" });
  await buildEspruino({ roots: ["test/espruino/port.ts", PORTABLE_CASES], out: "build/espruino/cases.js" });
  await buildEspruino({ roots: ["test/espruino/idle.ts"], out: "build/espruino/idle.js" });
}

async function buildReferenceBoard(): Promise<void> {
  for (const image of IMAGE_NAMES) {
    const elf = await buildReferenceImage(image, "build/mps2-an386");
    console.log(`${image} image\n${flashReport(elf)}`);
  }
}

const wanted = process.argv.slice(2);
const images = new Map<string, (...places: string[]) => void | Promise<void>>([
  ["lua-image", buildLuaImage],
  [
    "mps2-image",
    async (name = "bench", folder = "build/mps2-an386", rom = ROM) =>
      void (await buildReferenceImage(imageNamed(name), folder, rom)),
  ],
  ["espruino-image", buildEspruinoImage],
  ["espruino-firmware", buildEspruinoFirmware],
]);
const builds = new Map<string, () => void | Promise<void>>([
  ["lua", buildAllLua],
  ["espruino", buildAllEspruino],
  ["mps2-an386", buildReferenceBoard],
]);
const image = images.get(wanted[0] ?? "");
const unknown = image === undefined ? wanted.find((name) => !builds.has(name)) : undefined;
try {
  if (unknown !== undefined)
    throw new Error(`no board ${unknown}: BOARD is mps2-an386 or espruino, or left out for everything`);
  if (image === undefined)
    for (const [name, build] of builds) if (wanted.length === 0 || wanted.includes(name)) await build();
  await image?.(...wanted.slice(1));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
