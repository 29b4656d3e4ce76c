/** What the day at the sealed line costs the reference board: counted instructions, at one a cycle of 125 MHz, and its heap. */
import { INSTRUCTIONS_PER_MS, readCost, type BoardCost } from "../../host-sim/engine/board-meter.ts";
import { builtQemu, type QemuImage } from "../../host-sim/engine/qemu-engine.ts";
import type { Simulator, SimulatorOptions } from "../../host-sim/world/simulator.ts";
import { tellSealedStory, type Span, type Told } from "./sealed-story.ts";

export interface SealedCost {
  /** From SABM to Hello's answer, waits for the bus and the line not counted; and its dearest step. */
  readonly handshakeMs: number;
  readonly handshakeStepMs: number;
  /** The dearest step of a key's change: Rekey, a handshake with a wrong key and one with the next. */
  readonly rekeyStepMs: number;
  /** The dearest step of the day, starts left out. */
  readonly worstStepMs: number;
  readonly heapPeakBytes: number;
}

interface Asked extends BoardCost {
  readonly name: string;
  readonly nowNs: number;
}

/** Tells the story on `image`, the development image. */
export function tellOnBoard(image: QemuImage = builtQemu("sealed")): Told & { readonly cost: SealedCost } {
  const asked: Asked[] = [];
  let running: Simulator | undefined;
  const observe: QemuImage["observe"] = (memory, request) =>
    asked.push({ name: request.split(" ", 1)[0]!, nowNs: running?.nowNs ?? 0, ...readCost(memory) });
  const options: SimulatorOptions = { engine: "qemu", images: { qemu: { ...image, observe } } };
  const told = tellSealedStory(options, (simulator) => (running = simulator));
  return { ...told, cost: costOf(asked, told) };
}

function costOf(asked: readonly Asked[], told: Told): SealedCost {
  const idle = asked.filter(({ name }) => name === "idle");
  // Each boot counts anew.
  const steps = idle
    .slice(1)
    .map((one, i) => ({ ...one, ms: (one.instructions - idle[i]!.instructions) / INSTRUCTIONS_PER_MS }))
    .filter(({ ms }) => ms >= 0);
  const within = ({ fromNs, toNs }: Span): number[] =>
    steps.filter(({ nowNs }) => nowNs > fromNs && nowNs <= toNs).map(({ ms }) => ms);
  const handshake = within(told.handshake);
  return {
    handshakeMs: handshake.reduce((sum, ms) => sum + ms, 0),
    handshakeStepMs: Math.max(...handshake),
    rekeyStepMs: Math.max(...within(told.rekey)),
    worstStepMs: Math.max(...steps.map(({ ms }) => ms)),
    heapPeakBytes: Math.max(...asked.map(({ heapPeakBytes }) => heapPeakBytes)),
  };
}
