/**
 * Says that the FRAM is ours, and in which layout.
 *
 *   check 4 | layout u8 | magic "MDGC"        check: the begin of SHA-256 over layout and magic
 *
 * The magic is last, so that a write that was cut short leaves an unformatted memory.
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { CryptoLimit, type Crypto } from "../../hal/crypto.ts";
import type { Fram, FramError } from "../driver/fram.ts";
import { MemoryMap } from "./memory-map.ts";

export const enum SuperblockState {
  /** Not ours, or the begin of a formatting. */
  Missing = 0,
  /** Ours, and changed by something else than our programs. */
  Damaged = 1,
  Present = 2,
}

export const enum SuperblockSize {
  Bytes = 9,
}

const CHECK_BYTES = 4;
const LAYOUT = 4;
const MAGIC = 5;
const MAGIC_BYTES = 4;

export class Superblock {
  /** As it will be written; `read` fills it too. */
  readonly bytes: Bytes;
  private readonly magic: Bytes;
  private readonly digest: Bytes;

  constructor(
    private readonly natives: ByteNatives,
    private readonly fram: Fram,
    private readonly crypto: Crypto,
  ) {
    this.bytes = natives.allocate(SuperblockSize.Bytes);
    this.digest = natives.allocate(CryptoLimit.DigestBytes);
    this.magic = natives.allocate(MAGIC_BYTES);
    this.magic[0] = 0x4d;
    this.magic[1] = 0x44;
    this.magic[2] = 0x47;
    this.magic[3] = 0x43;
  }

  read(): SuperblockState {
    this.fram.read(MemoryMap.Superblock, this.bytes, 0, SuperblockSize.Bytes);
    if (!this.natives.equalConstantTime(this.bytes, MAGIC, this.magic, 0, MAGIC_BYTES))
      return SuperblockState.Missing;
    this.makeDigest();
    const isRight = this.natives.equalConstantTime(this.bytes, 0, this.digest, 0, CHECK_BYTES);
    return isRight ? SuperblockState.Present : SuperblockState.Damaged;
  }

  /** 1…255; after `read` has found it. */
  layout(): number {
    return this.bytes[LAYOUT];
  }

  /** Makes `bytes` those of `layout`. */
  make(layout: number): void {
    this.bytes[LAYOUT] = layout;
    this.natives.copy(this.magic, 0, this.bytes, MAGIC, MAGIC_BYTES);
    this.makeDigest();
    this.natives.copy(this.digest, 0, this.bytes, 0, CHECK_BYTES);
  }

  /** The first act of a formatting: whatever it was, it is missing now. */
  eraseMagic(): FramError {
    const superblock: number = MemoryMap.Superblock;
    return this.fram.erase(superblock + MAGIC, MAGIC_BYTES);
  }

  private makeDigest(): void {
    this.crypto.sha256(this.bytes, LAYOUT, SuperblockSize.Bytes - LAYOUT, this.digest);
  }
}
