import { buildLuaImage } from "../built-images.ts";
import { testScenarioFiles } from "./scenario-files.ts";

const FOLDER = "build/scenario-files/lua";
const BENCH = buildLuaImage(`${FOLDER}/bench`);
const DEVELOPMENT = buildLuaImage(`${FOLDER}/development`, "development");

testScenarioFiles("lua", (mode) => ({ lua: mode === "open" ? BENCH : DEVELOPMENT }));
