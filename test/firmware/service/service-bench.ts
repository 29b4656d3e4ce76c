/** What services over the store stand on, on the chips' models: store, backup memory and ciphers, made anew at each boot. */
import { FRAM } from "../../../board/mps2-an386/pins.ts";
import type { BackupMemory } from "../../../hal/backup-memory.ts";
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../../hal/bytes.ts";
import { Fram } from "../../../firmware/driver/fram.ts";
import { AesCcm } from "../../../firmware/protocol/aes-ccm.ts";
import { HkdfSha256 } from "../../../firmware/protocol/hkdf-sha256.ts";
import { HmacSha256 } from "../../../firmware/protocol/hmac-sha256.ts";
import { STORE_LAYOUT } from "../../../firmware/service/store-layout.ts";
import { Store, StoreError } from "../../../firmware/service/store.ts";
import { BackupMemoryChip } from "../../../host-sim/chip/backup-memory.ts";
import { FramChip } from "../../../host-sim/chip/fram.ts";
import { NODE_CRYPTO } from "../../../host-sim/engine/node-crypto.ts";
import { trackedNatives } from "../protocol/tracked-natives.ts";

const HMAC_MESSAGE_BYTES = 192;
const KEK = Uint8Array.from({ length: 16 }, (_, at) => 0xc0 + at);

export class ServiceBench {
  readonly complaints: string[] = [];
  readonly chip: FramChip;
  readonly backupChip: BackupMemoryChip;
  /** All bytes that the program has allocated since it was booted. */
  made: Uint8Array[] = [];
  natives!: ByteNatives;
  backup!: BackupMemory;
  ccm!: AesCcm;
  hmac!: HmacSha256;
  hkdf!: HkdfSha256;
  store!: Store;

  /** Formatted, with a key-encryption key; or with the FRAM as it was saved once. */
  constructor(memory?: Uint8Array) {
    const complain = (text: string): void => void this.complaints.push(text);
    this.chip = new FramChip({ complain });
    this.backupChip = new BackupMemoryChip({ complain });
    this.backupChip.write(0, KEK);
    this.restart();
    if (memory !== undefined) this.chip.load(memory);
    this.sound("start", memory === undefined ? this.store.format() : this.store.recover());
  }

  /** The power comes back: everything that was in RAM is gone. */
  boot(): void {
    this.restart();
    this.sound("recovery", this.store.recover());
  }

  /** A commit of what `put` puts; its error, and then nothing happens. */
  commit(put: () => number): number {
    this.store.begin();
    const error = put();
    if (error === 0) this.sound("commit", this.store.commit());
    else this.store.begin();
    return error;
  }

  private restart(): void {
    const { natives, made } = trackedNatives();
    const spi = {
      exchange: (_select: number, bytes: ReadonlyBytes, length: number, into: Bytes): void =>
        (into as Uint8Array).set(this.chip.transfer((bytes as Uint8Array).subarray(0, length))),
    };
    const chip = this.backupChip;
    this.natives = natives;
    this.made = made;
    this.backup = {
      read: (at, length, into) => (into as Uint8Array).set(chip.read(at, length)),
      write: (at, length, bytes) => chip.write(at, (bytes as Uint8Array).subarray(0, length)),
      wasOpened: () => chip.wasOpened(),
      forgetOpening: () => chip.forgetOpening(),
    };
    this.ccm = new AesCcm(natives, NODE_CRYPTO);
    this.hmac = new HmacSha256(natives, NODE_CRYPTO, HMAC_MESSAGE_BYTES);
    this.hkdf = new HkdfSha256(natives, this.hmac);
    const fram = new Fram(natives, spi, FRAM);
    this.store = new Store(natives, { fram, crypto: NODE_CRYPTO, layout: STORE_LAYOUT });
  }

  private sound(what: string, error: StoreError): void {
    if (error !== StoreError.None) throw new Error(`${what} ends with error ${error}`);
  }
}
