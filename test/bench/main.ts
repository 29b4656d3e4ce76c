/** `make bench`: one JSON object a line on standard output; a figure without value has no line and a reason on standard error. */
import { flashOf, totalOf } from "../../board/build/mps2-flash.ts";
import { builtQemu } from "../../host-sim/engine/qemu-engine.ts";
import { BUDGETS, figuresOf } from "../cost/board-figures.ts";
import { tellBoardStory } from "../cost/board-run.ts";
import { tellOnBoard } from "../traces/sealed-cost.ts";
import { endure } from "./board-endurance.ts";
import type { Figure } from "./figure.ts";
import { openFreshClone } from "./fresh-clone.ts";
import {
  handshakeCostFigures,
  handshakeFigures,
  powercutFigures,
  sealedLineFigures,
} from "./sealed-figures.ts";
import { simulationRates } from "./simulation-rates.ts";
import { timeVerify, worstKeyToMaskMs } from "./verify-timing.ts";
import { pcscRate } from "./pcsc-rate.ts";
import { unitSuiteSeconds } from "./unit-suite.ts";

function print(figure: Figure): void {
  const value = Number(figure.value.toPrecision(4));
  console.log(JSON.stringify({ ...figure, value }));
}

/** Prints what `measure` gives, or why it gives nothing. */
async function figures(what: string, measure: () => Promise<Figure[]> | Figure[]): Promise<void> {
  try {
    for (const figure of await measure()) print(figure);
  } catch (error) {
    console.error(`no figure for ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const VERIFY_SEEDS = 8;
const KEY_PHASES = 16;

function verifyFigures(): Figure[] {
  const all = Array.from({ length: VERIFY_SEEDS }, (_, seed) => timeVerify(seed + 1));
  const worst = (pick: (timing: (typeof all)[0]) => number): number => Math.max(...all.map(pick));
  return [
    { name: "verify_over_wire", value: worst((t) => t.overWire), unit: "ratio", goal: "<= 1.05" },
    { name: "accept_to_card_us", value: worst((t) => t.acceptToCardUs), unit: "us", goal: "<= 2000" },
    { name: "sw_to_lcd_us", value: worst((t) => t.swToLcdUs), unit: "us", goal: "<= 2000" },
    { name: "key_to_mask_ms", value: worstKeyToMaskMs(KEY_PHASES), unit: "ms", goal: "<= 25" },
  ];
}

function rateFigures(): Figure[] {
  const rates = simulationRates();
  return [
    { name: "sim_speed", value: rates.virtualOverReal, unit: "ratio", goal: ">= 200" },
    { name: "pin_checks_per_s", value: rates.checksPerSecond, unit: "1/s", goal: ">= 100" },
  ];
}

/** Of the reference board, one instruction a cycle at 125 MHz; what it waits for on the bus is not in them. */
function boardFigures(): Figure[] {
  return Object.entries(figuresOf(tellBoardStory())).map(([name, value]) => {
    const unit = name.slice(name.lastIndexOf("_") + 1);
    return { name, value, unit, goal: `<= ${BUDGETS[name as keyof typeof BUDGETS]}` };
  });
}

/** The larger one of both images. */
function imageFigures(): Figure[] {
  const bytes = (["open", "sealed"] as const).map((mode) => totalOf(flashOf(builtQemu(mode).elf)));
  return [{ name: "image_kb", value: Math.max(...bytes) / 1024, unit: "kb", goal: "<= 512" }];
}

/** The heap is the dearer one's of both images: a thousand verifications on the bench image, a sealed day on the development image. */
function enduranceFigures(): Figure[] {
  const { cost } = tellOnBoard();
  const { heapPeakBytes, heapGrowthBytes, worstStepMs, virtualOverReal } = endure();
  const heapBytes = Math.max(heapPeakBytes, cost.heapPeakBytes);
  return [
    ...handshakeCostFigures(cost),
    { name: "heap_peak_kb", value: heapBytes / 1024, unit: "kb", goal: "<= 448" },
    { name: "heap_growth_bytes", value: heapGrowthBytes, unit: "bytes", goal: "<= 0" },
    { name: "endurance_worst_step_ms", value: worstStepMs, unit: "ms", goal: "<= 10" },
    { name: "qemu_speed", value: virtualOverReal, unit: "ratio", goal: ">= 2" },
  ];
}

await figures("verify_over_wire, accept_to_card_us, sw_to_lcd_us, key_to_mask_ms", verifyFigures);
await figures("sim_speed, pin_checks_per_s", rateFigures);
await figures(Object.keys(BUDGETS).join(", "), boardFigures);
await figures("image_kb", imageFigures);
await figures("handshake_over_wire", handshakeFigures);
await figures("lost_frame_ms, throughput_at_1pct_loss, sealed_apdu_over_wire", sealedLineFigures);
await figures(
  "handshake_cpu_ms, handshake_worst_step_ms, heap_peak_kb, heap_growth_bytes, endurance_worst_step_ms, qemu_speed",
  enduranceFigures,
);
await figures("clean_cut_points", powercutFigures);
await figures("pcsc_apdu_per_s", async () => [
  { name: "pcsc_apdu_per_s", value: await pcscRate(), unit: "1/s", goal: ">= 1500" },
]);
await figures("unit_suite_s", async () => [
  { name: "unit_suite_s", value: await unitSuiteSeconds(), unit: "s", goal: "<= 20" },
]);
await figures("clone_to_page_s", async () => [
  { name: "clone_to_page_s", value: (await openFreshClone()).seconds, unit: "s", goal: "<= 60" },
]);
