/** A part that hangs resets the board on Lua as on Node: the compiled program with holes, over the bus as bytes. */
import { readFileSync, writeFileSync } from "node:fs";
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { BOARD } from "../../board/mps2-an386/pins.ts";
import { Counter } from "../../host-sim/scenario/counter.ts";
import { buildLuaImage } from "../built-images.ts";
import {
  BITTEN,
  PART_NAMES,
  restartNs,
  runUntilRestart,
  toldReset,
} from "../host-sim/world/watched-terminal.ts";

const test = suite("watchdog on lua");
const FOLDER = "build/watchdog";
/** The part is silent for longer than the watchdog waits; afterwards it is as it was. */
const SILENT_US = { from: 4_000_000, until: 4_600_000 };
const { commandVccN, reset } = BOARD.slot;

const IMAGE = buildLuaImage(FOLDER);
const PROGRAM = readFileSync(IMAGE.program, "utf8");

/** A terminal that runs the program with `from`, which stands there once, replaced. */
function withHole(name: string, from: string, to: string): Counter {
  is(PROGRAM.split(from).length, 2, `${from} stands once in the program`);
  const program = `${FOLDER}/${name}.lua`;
  writeFileSync(program, PROGRAM.replace(from, to));
  return new Counter({ seed: 1, engine: "lua", images: { lua: { ...IMAGE, program } } });
}

function checkCaught(counter: Counter, part: number): void {
  counter.start().insert("mynumber");
  ok(counter.simulator.nowNs < SILENT_US.from * 1000, "the story is told before the part is silent");
  is(runUntilRestart(counter, 4000), true);
  const lateUs = restartNs(counter) / 1000 - SILENT_US.from;
  ok(lateUs <= BOARD.watchdogUs && lateUs >= BOARD.watchdogUs - 2 * BOARD.scanUs, `${lateUs} us`);
  const [first, second] = counter.simulator.world.recorder
    .all()
    .filter(({ timeNs }) => timeNs === restartNs(counter));
  is(first?.channel, "pins");
  is(Number(first?.value) & (commandVccN | reset), commandVccN);
  equal([second?.channel, second?.value], ["card-supply", "RST low"]);
  counter.simulator.runFor(1000);
  is(counter.simulator.world.slot.isPowered(), false);
  is(counter.page, "reading");
  equal(toldReset(counter), [BITTEN, part]);
  counter.simulator.close();
}

for (const [part, name] of PART_NAMES.entries()) {
  test(`${name} stops reporting: the board resets in its time, the card is off, the part is told`, () => {
    const report = `watchdog:progress(${part})`;
    const { from, until } = SILENT_US;
    checkCaught(withHole(name, report, `if nowUs < ${from} or nowUs > ${until} then ${report} end`), part);
  });
}

test("a part that always has more to do at once is not fed", () => {
  const spins = `(nowUs >= ${SILENT_US.from} and nowUs < ${SILENT_US.until}) and nowUs or`;
  const from = "local screenUs = ";
  checkCaught(withHole("spin", from, `${from}${spins} `), 4);
});

test.run();
