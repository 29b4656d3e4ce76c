/**
 * hal/crypto.ts computed by the world, for the engines of the simulator that bring none: Lua on a host, Espruino's Linux build.
 * Keys cross the bus, as nothing but a simulated terminal's may.
 */
import { CryptoCall } from "../hal/bus.ts";
import type { Bytes, ReadonlyBytes } from "../hal/bytes.ts";
import type { Crypto } from "../hal/crypto.ts";
import type { BusWire } from "./bus-wire.ts";

/** Wrong lengths of a message, a key or a block are refused by the world. */
export class BusCrypto implements Crypto {
  constructor(private readonly wire: BusWire) {}

  sha256(bytes: ReadonlyBytes, from: number, length: number, into: Bytes): void {
    this.wire.beginCrypto(CryptoCall.Sha256, length);
    this.wire.add(bytes, from, length);
    this.wire.compute(into);
  }

  aesBlock(key: ReadonlyBytes, block: ReadonlyBytes, into: Bytes): void {
    this.wire.beginCrypto(CryptoCall.AesBlock, key.length + block.length);
    this.wire.add(key, 0, key.length);
    this.wire.add(block, 0, block.length);
    this.wire.compute(into);
  }
}
