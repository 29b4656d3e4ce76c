import { suite } from "uvu";
import { buildLuaImage } from "../built-images.ts";
import { compareScenarioFiles } from "./scenario-files.ts";

const test = suite("scenario files on lua");
const FOLDER = "build/scenario-files/lua";
const BENCH = buildLuaImage(`${FOLDER}/bench`);
const DEVELOPMENT = buildLuaImage(`${FOLDER}/development`, "development");
const LEAST = 12;

test("each comes out as it says, with the same trace as on node", () =>
  compareScenarioFiles("lua", (mode) => ({ lua: mode === "open" ? BENCH : DEVELOPMENT }), LEAST));

test.run();
