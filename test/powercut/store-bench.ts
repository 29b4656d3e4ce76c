/** A store alone on its chip, with a script of commits: what must stand after a cut is computed beside it, without a log. */
import { MemoryMap } from "../../firmware/service/memory-map.ts";
import { StoreError, type Store } from "../../firmware/service/store.ts";
import { FramChip } from "../../host-sim/chip/fram.ts";
import type { Cuttable, MemoryChips } from "./cut-sweep.ts";
import { onChip, storeOn, type Place } from "./places.ts";
import type { Put, Script } from "./scripts.ts";

/** Where nothing of a script is. */
const PROBE = 0x6f00;

/** A formatted memory, with old data in all of its areas. */
function makeBase(): Buffer {
  const chip = new FramChip({ complain: () => undefined });
  const error = storeOn(chip).format();
  if (error !== StoreError.None) throw new Error(`formatting ends with error ${error}`);
  const image = chip.save();
  for (let at: number = MemoryMap.Data; at < image.length; at++) image[at] = 0xa5 ^ (at & 255);
  return image;
}

const BASE = makeBase();

function applied(image: Buffer, puts: readonly Put[]): Buffer {
  const next = Buffer.from(image);
  for (const { address, bytes } of puts) next.set(bytes, address);
  return next;
}

export class StoreBench implements Cuttable {
  readonly chips: MemoryChips;
  /** Memory before the first commit, after it, after the second, … */
  readonly images: readonly Buffer[];
  private readonly errors: string[] = [];
  private store: Store;
  /** Commits that have come back. */
  private done = 0;

  constructor(
    private readonly script: Script,
    private readonly place: Place = onChip(),
  ) {
    this.chips = place.chips;
    this.chips.fram.load(BASE);
    const images = [BASE];
    for (const puts of script.commits) images.push(applied(images.at(-1)!, puts));
    this.images = images;
    this.store = place.makeStore();
    this.expect("boot", this.store.recover());
    this.chips.fram.power();
  }

  run(): void {
    for (const puts of this.script.commits) {
      this.store.begin();
      for (const { address, bytes } of puts) this.store.put(address, bytes, 0, bytes.length);
      this.expect("commit", this.store.commit());
      this.done++;
    }
  }

  powerOff(): void {
    this.place.powerOff();
  }

  boot(): void {
    this.place.powerOn();
    this.store = this.place.makeStore();
    this.expect("recovery", this.store.recover());
  }

  /** Which of `images` stands in the memory, or -1. */
  stands(): number {
    const memory = this.chips.fram.save();
    return this.images.findIndex((image) => Buffer.compare(image, memory) === 0);
  }

  /** A commit that has come back stands, and one that has not is whole, and the store goes on. */
  judge(): readonly string[] {
    const findings = [...this.errors, ...this.place.complaints];
    const stands = this.stands();
    if (stands < 0) findings.push(`neither old nor new: ${this.strange()}`);
    else if (stands < this.done || stands > this.done + 1)
      findings.push(`${stands} commits stand after ${this.done} came back`);
    return [...findings, ...this.goesOn()];
  }

  /** The first address at which the memory is neither what it was nor what it becomes. */
  private strange(): string {
    const memory = this.chips.fram.save();
    const nearest = this.images[this.done]!;
    const at = memory.findIndex((value, address) => value !== nearest[address]);
    return `first at ${at.toString(16)}`;
  }

  private goesOn(): string[] {
    const before = this.chips.fram.save();
    const bytes = Uint8Array.of(1, 2, 3);
    const into = new Uint8Array(3);
    this.store.begin();
    this.store.put(PROBE, bytes, 0, 3);
    const error = this.store.commit();
    this.store.read(PROBE, into, 0, 3);
    const isRight =
      Buffer.compare(applied(before, [{ address: PROBE, bytes }]), this.chips.fram.save()) === 0;
    const isRead = Buffer.compare(into, bytes) === 0;
    return error === StoreError.None && isRight && isRead ? [] : [`the store does not go on: error ${error}`];
  }

  private expect(what: string, error: StoreError): void {
    if (error !== StoreError.None) this.errors.push(`${what} ends with error ${error}`);
  }
}
