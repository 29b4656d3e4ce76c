/** What happens at most once in a memory's life, under the same knife: a migration at boot, and a formatting. */
import { MemoryMap } from "../../firmware/service/memory-map.ts";
import { StoreError, type Store, type StoreLayout } from "../../firmware/service/store.ts";
import { FramChip } from "../../host-sim/chip/fram.ts";
import type { Cuttable, MemoryChips } from "./cut-sweep.ts";
import { LAYOUT, onChip, storeOn } from "./places.ts";

const AT = MemoryMap.Configuration;
const NEW = Uint8Array.from({ length: 100 }, (_, at) => 200 - at);

/** From 1 to 3: the second step adds one to every byte that the first has put. */
const MIGRATING: StoreLayout = {
  version: 3,
  migrate(from: number, store: Store): StoreError {
    if (from === 1) return store.put(AT, NEW, 0, NEW.length);
    const bytes = new Uint8Array(NEW.length);
    store.read(AT, bytes, 0, bytes.length);
    const next = bytes.map((value) => value + 1);
    return store.put(AT, next, 0, next.length);
  },
};

abstract class StartBench implements Cuttable {
  readonly chips: MemoryChips;
  protected error = StoreError.Closed;
  protected readonly place = onChip();

  constructor(memory: Buffer) {
    this.chips = this.place.chips;
    this.chips.fram.load(memory);
  }

  powerOff(): void {
    this.place.powerOff();
  }

  abstract run(): void;
  abstract boot(): void;
  abstract judge(): readonly string[];

  protected isMemory(image: Buffer): boolean {
    return Buffer.compare(this.chips.fram.save(), image) === 0;
  }
}

function memoryAfter(memory: Buffer | undefined, work: (chip: FramChip) => StoreError): Buffer {
  const chip = new FramChip({ complain: () => undefined });
  if (memory !== undefined) chip.load(memory);
  const error = work(chip);
  if (error !== StoreError.None) throw new Error(`error ${error}`);
  return chip.save();
}

const FORMATTED = memoryAfter(undefined, (chip) => storeOn(chip).format());
const MIGRATED = memoryAfter(FORMATTED, (chip) => storeOn(chip, MIGRATING).recover());
const USED = memoryAfter(FORMATTED, (chip) => {
  const store = storeOn(chip);
  store.recover();
  store.begin();
  store.put(AT, NEW, 0, NEW.length);
  return store.commit();
});

/** Whenever it is cut, the next boot migrates, and once. */
export class MigrationBench extends StartBench {
  constructor() {
    super(FORMATTED);
  }

  run(): void {
    this.error = storeOn(this.chips.fram, MIGRATING).recover();
  }

  boot(): void {
    this.place.powerOn();
    this.run();
  }

  judge(): readonly string[] {
    const findings = [...this.place.complaints];
    if (this.error !== StoreError.None) findings.push(`recovery ends with error ${this.error}`);
    if (!this.isMemory(MIGRATED)) findings.push("the store is not the migrated one");
    return findings;
  }
}

/** The old store, or none; never a part of one that passes for a store. */
export class FormatBench extends StartBench {
  constructor() {
    super(USED);
  }

  run(): void {
    this.error = storeOn(this.chips.fram).format();
  }

  boot(): void {
    this.place.powerOn();
    this.error = storeOn(this.chips.fram, LAYOUT).recover();
  }

  judge(): readonly string[] {
    const findings = [...this.place.complaints];
    const isStore = this.error === StoreError.None;
    if (isStore && !this.isMemory(USED) && !this.isMemory(FORMATTED))
      findings.push("a part of a store passes for one");
    if (!isStore && this.error !== StoreError.Unformatted)
      findings.push(`boot ends with error ${this.error}`);
    this.run();
    if (this.error !== StoreError.None || !this.isMemory(FORMATTED))
      findings.push("it cannot be formatted again");
    return findings;
  }
}
