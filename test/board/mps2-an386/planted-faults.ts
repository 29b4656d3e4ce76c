/**
 * The bench image with a fault planted in each part: a digit key sets it off, in the step that takes it, and only in the first boot.
 * Started with the firewall's word `substitute` it fails in every boot.
 */
import { KEY_ORDER } from "../../../host-sim/chip/key-matrix.ts";
import { buildWithHoles } from "./test-images.ts";

/** Of PART_NAMES, the key that makes each run in a circle for ever. */
export const HANG_KEYS = ["1", "2", "3", "4", "5"];
/** An error of the program, and a read where nothing is, in the first part. */
export const ERROR_KEY = "6";
export const FAULT_KEY = "7";
const ERROR_PART = 4;

function codeOf(key: string): number {
  return KEY_ORDER.indexOf(key);
}

/** One line, so that all others stay where they are. */
const PLANTED = [
  "local isFirst = false",
  "local always = port.argument(2) == 'substitute'",
  "local boot = port.bus.boot",
  "port.bus.boot = function(...) local told = boot(...) isFirst = told & 255 == 0 return told end",
  "local function planted(part, key, hangs)",
  `if always and part == ${ERROR_PART} then error('planted error') end`,
  "if not isFirst then return end",
  "if key == hangs then while true do end end",
  `if key == ${codeOf(ERROR_KEY)} then error('planted error') end`,
  `if key == ${codeOf(FAULT_KEY)} then port.peek(0x70000000) end`,
  "end ",
].join(" ");

export async function buildPlanted(): Promise<string> {
  const first = "local ____modules = {}";
  return buildWithHoles("planted", [
    { from: first, to: PLANTED + first },
    ...HANG_KEYS.map((key, part) => {
      const report = `watchdog:progress(${part})`;
      return { from: report, to: `planted(${part}, key, ${codeOf(key)}) ${report}` };
    }),
  ]);
}
