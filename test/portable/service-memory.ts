/** A formatted store on a small memory, a backup memory, and the ciphers that services share, for engines without a world. */
import type { BackupMemory } from "../../hal/backup-memory.ts";
import { BackupSize } from "../../hal/backup-memory.ts";
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { Crypto } from "../../hal/crypto.ts";
import { Fram } from "../../firmware/driver/fram.ts";
import { AesCcm } from "../../firmware/protocol/aes-ccm.ts";
import { HmacSha256 } from "../../firmware/protocol/hmac-sha256.ts";
import { MemoryMap } from "../../firmware/service/memory-map.ts";
import { STORE_LAYOUT } from "../../firmware/service/store-layout.ts";
import { Store, type StoreError } from "../../firmware/service/store.ts";
import { Superblock, SuperblockSize } from "../../firmware/service/superblock.ts";
import { FramDouble } from "./fram-double.ts";

const WIRING = { spiSelect: 0, spiHz: 8000000 };
const HMAC_MESSAGE_BYTES = 192;
/** What is above belongs to records of the journal that no portable case reaches. */
const MEMORY_BYTES = MemoryMap.Journal + 8 * MemoryMap.JournalRecordBytes;

export class BackupDouble implements BackupMemory {
  readonly memory: Bytes;
  private isOpened = false;

  constructor(private readonly natives: ByteNatives) {
    this.memory = natives.allocate(BackupSize.Bytes);
    for (let i = 0; i < BackupSize.Bytes; i++) this.memory[i] = (i * 11 + 3) & 255;
  }

  read(at: number, length: number, into: Bytes): void {
    this.natives.copy(this.memory, at, into, 0, length);
  }

  write(at: number, length: number, bytes: ReadonlyBytes): void {
    this.natives.copy(bytes, 0, this.memory, at, length);
  }

  wasOpened(): boolean {
    return this.isOpened;
  }

  forgetOpening(): void {
    this.isOpened = false;
  }

  open(): void {
    this.natives.wipe(this.memory);
    this.isOpened = true;
  }
}

export class ServiceMemory {
  readonly chip: FramDouble;
  readonly backup: BackupDouble;
  readonly ccm: AesCcm;
  readonly hmac: HmacSha256;
  readonly store: Store;

  constructor(natives: ByteNatives, crypto: Crypto) {
    this.chip = new FramDouble(natives, MEMORY_BYTES);
    this.backup = new BackupDouble(natives);
    this.ccm = new AesCcm(natives, crypto);
    this.hmac = new HmacSha256(natives, crypto, HMAC_MESSAGE_BYTES);
    const fram = new Fram(natives, this.chip, WIRING);
    const superblock = new Superblock(natives, fram, crypto);
    superblock.make(STORE_LAYOUT.version);
    fram.write(MemoryMap.Superblock, superblock.bytes, 0, SuperblockSize.Bytes);
    this.store = new Store(natives, { fram, crypto, layout: STORE_LAYOUT });
    this.store.recover();
  }

  /** The power comes back. */
  boot(): StoreError {
    this.chip.bytesLeft = 0x7fffffff;
    return this.store.recover();
  }
}
