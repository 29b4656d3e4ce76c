/**
 * Every random byte in use: an HMAC_DRBG (SP 800-90A) whose seed is set at provisioning and kept in the store. A boot takes the
 * seed, mixes the boot's number, the key-encryption key and the platform's noise in, and puts another seed in its place before it
 * gives anything away: no output repeats, wherever the power is cut, and noise that is worth nothing makes none predictable.
 *
 *   Closed --start(): the next seed is stored and read back--> Ready --fill()--> Ready
 *      +-- no seed, the store fails, the noise fails its health tests: stays Closed, nothing is given away
 */
import type { BackupMemory } from "../../hal/backup-memory.ts";
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CryptoLimit } from "../../hal/crypto.ts";
import type { Noise } from "../../hal/noise.ts";
import { NOISE_START_SAMPLES, NoiseHealth } from "../driver/noise-health.ts";
import { DRBG_STATE_BYTES, HmacDrbg } from "../protocol/hmac-drbg.ts";
import type { HmacSha256 } from "../protocol/hmac-sha256.ts";
import type { RandomSource } from "../protocol/tls-handshake.ts";
import { BackupMap } from "./backup-map.ts";
import { MemoryMap } from "./memory-map.ts";
import { StoreError, type Store } from "./store.ts";

/** A seeded area: 1, boots u32, the generator's state. */
const SEEDED_AT = 0;
const BOOTS_AT = 4;
const STATE_AT = 8;
const AREA_BYTES = STATE_AT + DRBG_STATE_BYTES;
const SEEDED = 1;
/** Samples of a boot; at one bit of entropy a sample 64 are what a nonce of SP 800-90A wants, the seed being secret already. */
const NOISE_BYTES = 64;
/** Boot's number, key-encryption key, noise. */
const MATERIAL_BYTES = 4 + CryptoLimit.AesBytes + NOISE_BYTES;

export interface RandomParts {
  readonly store: Store;
  readonly backup: BackupMemory;
  readonly noise: Noise;
  readonly hmac: HmacSha256;
}

export class RandomBits implements RandomSource {
  private isReady = false;
  private readonly drbg: HmacDrbg;
  private readonly health = new NoiseHealth();
  private readonly area: Bytes;
  private readonly material: Bytes;
  private readonly kek: Bytes;
  private readonly samples: Bytes;
  private readonly nextState: Bytes;

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: RandomParts,
  ) {
    this.drbg = new HmacDrbg(natives, parts.hmac);
    this.area = natives.allocate(AREA_BYTES);
    this.material = natives.allocate(MATERIAL_BYTES);
    this.kek = natives.allocate(CryptoLimit.AesBytes);
    this.samples = natives.allocate(NOISE_BYTES);
    this.nextState = natives.allocate(DRBG_STATE_BYTES);
  }

  /** Once a boot. Returns whether `fill` will give anything. */
  start(): boolean {
    this.isReady = this.load() && this.gather() && this.advance();
    this.natives.wipe(this.nextState);
    this.natives.wipe(this.material);
    this.natives.wipe(this.area);
    return this.isReady;
  }

  private load(): boolean {
    const error = this.parts.store.read(MemoryMap.DrbgState, this.area, 0, AREA_BYTES);
    return error === StoreError.None && this.area[SEEDED_AT] === SEEDED;
  }

  /** Puts the next seed into the store and leaves the generator in a state that has nothing to do with it. */
  private advance(): boolean {
    const store = this.parts.store;
    const area = this.area;
    this.natives.copy(area, STATE_AT, this.drbg.state, 0, DRBG_STATE_BYTES);
    this.drbg.reseed(this.material, MATERIAL_BYTES);
    this.drbg.generate(this.nextState);
    this.natives.copy(this.nextState, 0, area, STATE_AT, DRBG_STATE_BYTES);
    store.begin();
    store.put(MemoryMap.DrbgState, area, 0, AREA_BYTES);
    return store.commit() === StoreError.None;
  }

  fill(into: Bytes): boolean {
    if (this.isReady) this.drbg.generate(into);
    return this.isReady;
  }

  /** Puts the first seed, `DRBG_STATE_BYTES` that come from outside, into the store's commit: provisioning's business. */
  putSeed(seed: ReadonlyBytes): StoreError {
    this.natives.wipe(this.area);
    this.area[SEEDED_AT] = SEEDED;
    this.natives.copy(seed, 0, this.area, STATE_AT, DRBG_STATE_BYTES);
    const error = this.parts.store.put(MemoryMap.DrbgState, this.area, 0, AREA_BYTES);
    this.natives.wipe(this.area);
    return error;
  }

  /** Counts the boot in `area` and fills `material`. Returns whether the noise is healthy. */
  private gather(): boolean {
    const area = this.area;
    let carry = 1;
    for (let i = BOOTS_AT + 3; i >= BOOTS_AT; i--) {
      const sum = area[i] + carry;
      area[i] = sum & 255;
      carry = sum >>> 8;
    }
    this.natives.copy(area, BOOTS_AT, this.material, 0, 4);
    this.parts.backup.read(BackupMap.KeyEncryptionKey, CryptoLimit.AesBytes, this.kek);
    this.natives.copy(this.kek, 0, this.material, 4, CryptoLimit.AesBytes);
    this.natives.wipe(this.kek);
    const isHealthy = this.listen();
    this.natives.copy(this.samples, 0, this.material, 4 + CryptoLimit.AesBytes, NOISE_BYTES);
    this.natives.wipe(this.samples);
    return isHealthy;
  }

  /** Leaves the last of the samples in `samples`. Returns whether the source has passed its start-up test on all of them. */
  private listen(): boolean {
    let isHealthy = true;
    this.health.restart();
    for (let taken = 0; taken < NOISE_START_SAMPLES; taken += NOISE_BYTES) {
      this.parts.noise.take(this.samples, NOISE_BYTES);
      for (let i = 0; i < NOISE_BYTES; i++) isHealthy = this.health.take(this.samples[i]);
    }
    return isHealthy;
  }
}
