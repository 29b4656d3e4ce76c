/** Where a store under test lives: on its chip alone, which is fast, or in a world, behind bus and wire. */
import { BusDuplexSpi } from "../../board/bus-memory.ts";
import { FRAM } from "../../board/mps2-an386/pins.ts";
import type { Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { DuplexSpi } from "../../hal/spi.ts";
import { Fram } from "../../firmware/driver/fram.ts";
import { Store, StoreError, type StoreLayout } from "../../firmware/service/store.ts";
import { BackupMemoryChip } from "../../host-sim/chip/backup-memory.ts";
import { FramChip } from "../../host-sim/chip/fram.ts";
import { NODE_CRYPTO } from "../../host-sim/engine/node-crypto.ts";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { WorldBus } from "../../host-sim/world/world-bus.ts";
import { World } from "../../host-sim/world/world.ts";
import type { MemoryChips } from "./cut-sweep.ts";

export const LAYOUT: StoreLayout = { version: 1, migrate: () => StoreError.OutOfRange };

export interface Place {
  readonly chips: MemoryChips;
  readonly complaints: readonly string[];
  /** As a board composes it; what ran before is forgotten. */
  makeStore(): Store;
  powerOff(): void;
  powerOn(): void;
}

function makeStore(spi: DuplexSpi, layout: StoreLayout): Store {
  const fram = new Fram(NODE_NATIVES, spi, FRAM);
  return new Store(NODE_NATIVES, { fram, crypto: NODE_CRYPTO, layout });
}

export function storeOn(chip: FramChip, layout: StoreLayout = LAYOUT): Store {
  const spi = {
    exchange(_select: number, bytes: ReadonlyBytes, length: number, into: Bytes): void {
      (into as Uint8Array).set(chip.transfer((bytes as Uint8Array).subarray(0, length)));
    },
  };
  return makeStore(spi, layout);
}

export function storeInWorld(world: World, layout: StoreLayout = LAYOUT): Store {
  return makeStore(new BusDuplexSpi(NODE_NATIVES, new WorldBus(world), 1), layout);
}

export function onChip(): Place {
  const complaints: string[] = [];
  const complain = (text: string): void => void complaints.push(text);
  const chips = { fram: new FramChip({ complain }), backup: new BackupMemoryChip({ complain }) };
  return {
    chips,
    complaints,
    makeStore: () => storeOn(chips.fram),
    powerOff() {
      chips.fram.powerOff();
      chips.backup.powerOff();
    },
    powerOn() {
      chips.fram.power();
      chips.backup.power();
    },
  };
}

export function inWorld(): Place {
  const world = new World(1);
  const { fram, backup, complaints } = world;
  return {
    chips: { fram, backup },
    complaints,
    makeStore: () => storeInWorld(world),
    powerOff: () => world.powerOff(),
    powerOn: () => world.powerOn(),
  };
}
