/** What the engine says where there is no interpreter; what it does with one: test/espruino-board/. */
import { suite } from "uvu";
import { instance, match } from "uvu/assert";
import { EngineMissing } from "../../../host-sim/engine/engine.ts";
import { startEspruino, type EspruinoImage } from "../../../host-sim/engine/espruino-engine.ts";
import { WorldBus } from "../../../host-sim/world/world-bus.ts";
import { World } from "../../../host-sim/world/world.ts";

const test = suite("espruino-engine");
const IMAGE = { program: "package.json", rom: "package.json" };

function missing(image: EspruinoImage): string {
  try {
    startEspruino(new WorldBus(new World(1)), { mode: "open", language: "ja", firewall: "refuse" }, image);
  } catch (error) {
    instance(error, EngineMissing);
    return String(error);
  }
  throw new Error("it started");
}

test("without an interpreter it tells the variable to set", () => {
  match(missing({ ...IMAGE, interpreter: "" }), /no interpreter; set ESPRUINO to the path of a Linux build/);
});

test("an interpreter that is not there is told by its path", () => {
  match(missing({ ...IMAGE, interpreter: "/nowhere/espruino" }), /\/nowhere\/espruino, which is missing/);
});

test("a missing bundle is told with the next step", () => {
  const image = { ...IMAGE, interpreter: process.execPath, program: "build/none.js" };
  match(missing(image), /build\/none\.js is missing; `make build`/);
});

test.run();
