/** The firmware's own store and what reads it, on a world's chips while no program runs. */
import { FRAM } from "../../board/mps2-an386/pins.ts";
import { BusBackupMemory, BusDuplexSpi, BusNoise } from "../../board/bus-memory.ts";
import { Fram } from "../../firmware/driver/fram.ts";
import { AesCcm } from "../../firmware/protocol/aes-ccm.ts";
import { HkdfSha256 } from "../../firmware/protocol/hkdf-sha256.ts";
import { HmacSha256 } from "../../firmware/protocol/hmac-sha256.ts";
import { STORE_LAYOUT } from "../../firmware/service/store-layout.ts";
import { Store } from "../../firmware/service/store.ts";
import { NODE_CRYPTO } from "../engine/node-crypto.ts";
import { NODE_NATIVES } from "../engine/node-natives.ts";
import type { World } from "./world.ts";
import { WorldBus } from "./world-bus.ts";

const MEMORY_SPI = 1;
const HMAC_MESSAGE_BYTES = 192;

export interface WorldStore {
  readonly store: Store;
  readonly backup: BusBackupMemory;
  readonly noise: BusNoise;
  readonly ccm: AesCcm;
  readonly hmac: HmacSha256;
  readonly hkdf: HkdfSha256;
}

/** The store is closed still: `recover` or `format` opens it. */
export function storeOf(world: World): WorldStore {
  const bus = new WorldBus(world);
  const hmac = new HmacSha256(NODE_NATIVES, NODE_CRYPTO, HMAC_MESSAGE_BYTES);
  const fram = new Fram(NODE_NATIVES, new BusDuplexSpi(NODE_NATIVES, bus, MEMORY_SPI), FRAM);
  return {
    store: new Store(NODE_NATIVES, { fram, crypto: NODE_CRYPTO, layout: STORE_LAYOUT }),
    backup: new BusBackupMemory(bus),
    noise: new BusNoise(bus),
    ccm: new AesCcm(NODE_NATIVES, NODE_CRYPTO),
    hmac,
    hkdf: new HkdfSha256(NODE_NATIVES, hmac),
  };
}
