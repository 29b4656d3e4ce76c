/** The bench image on a bus and a ROM that are lent to it, as a script: test/cost/statement-costs.ts counts its statements. */
import { Language } from "../../firmware/service/view.ts";
import type { BusEvents, PeripheralBus } from "../../hal/bus.ts";
import type { Rom } from "../../hal/rom.ts";
import { bootBench } from "../../board/bus-bench.ts";
import { EspruinoNatives } from "../../board/espruino/natives.ts";

declare const global: { bus: PeripheralBus; rom: Rom; step: (events: BusEvents) => number };

const platform = { natives: new EspruinoNatives(), rom: global.rom, bus: global.bus };
const bench = bootBench(platform, { language: Language.Japanese, substitute: false });
global.step = (events: BusEvents) => bench.step(events);
