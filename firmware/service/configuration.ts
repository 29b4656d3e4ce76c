/** What a terminal is set to, one byte each in the store; provisioning and staff's commands change it. Zeros are what a new store has. */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { MemoryMap } from "./memory-map.ts";
import { StoreError, type Store } from "./store.ts";

/** Which byte. */
export const enum Setting {
  /** The emergency stop. */
  Suspended = 0,
  /** Checks are for the operator who is signed in alone. */
  OperatorsRequired = 1,
}

export const enum Switch {
  Off = 0,
  On = 1,
}

export class Configuration {
  private readonly value: Bytes;

  constructor(
    natives: ByteNatives,
    private readonly store: Store,
  ) {
    this.value = natives.allocate(1);
  }

  /** What cannot be read is on: of each setting that is the safer side. */
  isOn(setting: Setting): boolean {
    return !this.stands(setting, Switch.Off);
  }

  /** Whether the store says exactly this. */
  stands(setting: Setting, to: Switch): boolean {
    const error = this.store.read(MemoryMap.Configuration + setting, this.value, 0, 1);
    return error === StoreError.None && this.value[0] === to;
  }

  /** Puts it into the store's commit. */
  put(setting: Setting, to: Switch): StoreError {
    this.value[0] = to;
    return this.store.put(MemoryMap.Configuration + setting, this.value, 0, 1);
  }
}
