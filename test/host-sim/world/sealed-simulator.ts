/** A terminal with a sealed image and a counter that shares its key, in virtual time. */
import type { ImageMode } from "../../../host-sim/engine/engine.ts";
import { SealedHost, type HostPair } from "../../../host-sim/host/sealed-host.ts";
import { Simulator, type SimulatorOptions } from "../../../host-sim/world/simulator.ts";

export const PAIR: HostPair = { terminal: "T-0001", counter: "C-0001", psk: Buffer.alloc(32, 7) };

/** A counter at the simulator's line; `pair` is what it has, whatever the terminal has. */
export function hostAt(simulator: Simulator, pair: HostPair = PAIR, mtu = 128): SealedHost {
  const { line, scheduler } = simulator.world;
  return new SealedHost(
    { send: (bytes) => line.send(bytes), onBytes: (listener) => line.onBytes((bytes) => listener(bytes)) },
    (until, limitNs) => simulator.runUntil(until, limitNs / 1e6),
    {
      pair,
      mtu,
      clock: { nowNs: () => scheduler.nowNs, at: (timeNs, action) => scheduler.at(timeNs, action) },
    },
  );
}

/** Booted; the host has not called yet. */
export function sealedTerminal(
  mode: ImageMode = "sealed",
  options: SimulatorOptions = {},
): { simulator: Simulator; host: SealedHost } {
  const simulator = new Simulator({ mode, pair: PAIR, ...options });
  simulator.runFor(100);
  return { simulator, host: hostAt(simulator) };
}
