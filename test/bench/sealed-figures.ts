/** The figures of the sealed line: on its wire, where sealed-timing.ts defines them, and on the reference board. */
import { existsSync, readFileSync } from "node:fs";
import { importPatched } from "../patched-terminal.ts";
import { FIGURE_FILE, type CleanCuts } from "../powercut/figure-file.ts";
import type { SealedCost } from "../traces/sealed-cost.ts";
import type { Figure } from "./figure.ts";
import { apduOverWire, handshakeOverWire, lostFrameMs, throughputAtLoss } from "./sealed-timing.ts";

const TIMING = "test/bench/sealed-timing.ts";
const SLOWEST_LINE = {
  file: "board/mps2-an386/pins.ts",
  from: "lineBaud: 115200",
  to: "lineBaud: 9600",
} as const;

/** The worse of the usual line, 115200 baud, and of the slowest. */
export async function handshakeFigures(): Promise<Figure[]> {
  const slow = await importPatched<{ handshakeOverWire(): number }>("bench-9600", TIMING, [SLOWEST_LINE]);
  const value = Math.max(handshakeOverWire(), slow.handshakeOverWire());
  return [{ name: "handshake_over_wire", value, unit: "ratio", goal: "<= 1.15" }];
}

export function sealedLineFigures(): Figure[] {
  return [
    { name: "lost_frame_ms", value: lostFrameMs(), unit: "ms", goal: "<= 60" },
    { name: "throughput_at_1pct_loss", value: throughputAtLoss(), unit: "ratio", goal: ">= 0.8" },
    { name: "sealed_apdu_over_wire", value: apduOverWire(), unit: "ratio", goal: ">= 0.9" },
  ];
}

export function handshakeCostFigures({ handshakeMs, handshakeStepMs }: SealedCost): Figure[] {
  return [
    { name: "handshake_cpu_ms", value: handshakeMs, unit: "ms", goal: "<= 150" },
    { name: "handshake_worst_step_ms", value: handshakeStepMs, unit: "ms", goal: "<= 10" },
  ];
}

/** Of the last `make powercut` that has come to its end. Throws when there was none here. */
export function powercutFigures(): Figure[] {
  if (!existsSync(FIGURE_FILE)) throw new Error(`${FIGURE_FILE} is missing; make powercut writes it`);
  const { clean } = JSON.parse(readFileSync(FIGURE_FILE, "utf8")) as CleanCuts;
  return [{ name: "clean_cut_points", value: clean, unit: "points", goal: ">= 5000" }];
}
