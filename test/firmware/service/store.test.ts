/** The store's errors, each with its condition; migrations. That power cuts leave it whole: test/powercut. */
import { createHash } from "node:crypto";
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { MemoryMap } from "../../../firmware/service/memory-map.ts";
import { Store, StoreError, type StoreLayout } from "../../../firmware/service/store.ts";
import { FRAM_BYTES, FramChip } from "../../../host-sim/chip/fram.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { World } from "../../../host-sim/world/world.ts";
import { checkStore } from "../../portable/store.cases.ts";
import { storeInWorld, storeOn } from "../../powercut/places.ts";

const test = suite("store");
const AT = MemoryMap.Configuration;

interface Bench {
  readonly chip: FramChip;
  readonly complaints: string[];
}

function makeChip(): Bench {
  const complaints: string[] = [];
  return { chip: new FramChip({ complain: (text) => void complaints.push(text) }), complaints };
}

function layoutOf(
  version: number,
  migrate: StoreLayout["migrate"] = () => StoreError.OutOfRange,
): StoreLayout {
  return { version, migrate };
}

function formatted(version = 1): Bench & { readonly store: Store } {
  const bench = makeChip();
  const store = storeOn(bench.chip, layoutOf(version));
  is(store.format(), StoreError.None);
  return { ...bench, store };
}

function commit(store: Store, address: number, bytes: Uint8Array): StoreError {
  store.begin();
  store.put(address, bytes, 0, bytes.length);
  return store.commit();
}

/** Changes bytes behind the store's back. */
function patch(chip: FramChip, address: number, bytes: Uint8Array): void {
  const memory = chip.save();
  memory.set(bytes, address);
  chip.load(memory);
}

/** A log as a firmware would have written it. */
function logOf(layout: number, entries: Uint8Array): Buffer {
  const hashed = Buffer.concat([Uint8Array.of(entries.length & 255, entries.length >> 8, layout), entries]);
  const check = createHash("sha256").update(hashed).digest().subarray(0, 4);
  return Buffer.concat([check, hashed]);
}

test("the portable cases hold in Node", () => {
  checkStore({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test("a store in the world, over the bus, leaves the same bytes as one on the chip alone", () => {
  const world = new World(1);
  const inWorld = storeInWorld(world);
  const { store, chip } = formatted();
  is(inWorld.format(), StoreError.None);
  for (const each of [inWorld, store]) is(commit(each, AT, Uint8Array.of(1, 2, 3)), StoreError.None);
  is(Buffer.compare(world.fram.save(), chip.save()), 0);
  equal(world.complaints, []);
});

for (const [what, fill] of [
  ["zeros", () => 0],
  ["FF", () => 0xff],
  ["anything", (at: number) => (at * 73 + (at >> 5)) & 255],
] as const) {
  test(`a memory of ${what} is unformatted, and not touched until somebody formats it`, () => {
    const { chip, complaints } = makeChip();
    const before = Buffer.from(Array.from({ length: FRAM_BYTES }, (_, at) => fill(at)));
    chip.load(before);
    const store = storeOn(chip);
    is(store.recover(), StoreError.Unformatted);
    is(commit(store, AT, Uint8Array.of(1)), StoreError.Closed);
    is(store.read(AT, new Uint8Array(1), 0, 1), StoreError.Closed);
    is(Buffer.compare(chip.save(), before), 0);
    is(store.format(), StoreError.None);
    is(commit(store, AT, Uint8Array.of(1)), StoreError.None);
    ok(
      chip
        .save()
        .subarray(AT + 1)
        .every((value) => value === 0),
    );
    equal(complaints, []);
  });
}

test("a store of a newer layout is refused, and not touched", () => {
  const { chip } = formatted(2);
  patch(chip, MemoryMap.Log + 50, Uint8Array.of(1));
  const before = chip.save();
  is(storeOn(chip, layoutOf(1)).recover(), StoreError.NewerLayout);
  is(Buffer.compare(chip.save(), before), 0);
});

test("so is a log of a newer layout, although the superblock is of ours", () => {
  const { chip } = formatted(1);
  patch(chip, MemoryMap.Log, logOf(2, Uint8Array.of(AT & 255, AT >> 8, 1, 9)));
  const before = chip.save();
  is(storeOn(chip, layoutOf(1)).recover(), StoreError.NewerLayout);
  is(Buffer.compare(chip.save(), before), 0);
  is(
    storeOn(
      chip,
      layoutOf(2, () => StoreError.None),
    ).recover(),
    StoreError.None,
  );
  is(chip.save()[AT], 9);
});

for (let at = 0; at < 5; at++) {
  test(`a superblock whose byte ${at} is wrong is damaged, and not touched`, () => {
    const { chip } = formatted();
    patch(chip, MemoryMap.Superblock + at, Uint8Array.of(chip.save()[MemoryMap.Superblock + at]! ^ 0x40));
    const before = chip.save();
    is(storeOn(chip).recover(), StoreError.Damaged);
    is(Buffer.compare(chip.save(), before), 0);
  });
}

for (const [what, entries] of [
  ["goes on behind its entries", [AT & 255, AT >> 8, 2, 9]],
  ["ends in an entry's head", [AT & 255, AT >> 8, 1, 9, 5, 5]],
  ["changes the log", [0x7f, 0x01, 1, 9]],
  ["goes beyond the end", [0xff, 0x7f, 2, 9, 9]],
  ["has an entry of nothing", [AT & 255, AT >> 8, 0, AT & 255, AT >> 8, 1, 9]],
] as const) {
  test(`a log with a right check that ${what} is damaged, and nothing of it happens`, () => {
    const { chip } = formatted();
    patch(chip, MemoryMap.Log, logOf(1, Uint8Array.from(entries)));
    const before = chip.save();
    is(storeOn(chip).recover(), StoreError.Damaged);
    is(Buffer.compare(chip.save(), before), 0);
  });
}

test("a length beyond the log area is a torn log, and cleared", () => {
  const { chip } = formatted();
  patch(chip, MemoryMap.Log + 4, Uint8Array.of(0xff, 0xff));
  is(storeOn(chip).recover(), StoreError.None);
  ok(
    chip
      .save()
      .subarray(0, MemoryMap.LogBytes)
      .every((value) => value === 0),
  );
});

test("ranges: the first byte of the data and the last of the memory, and none outside", () => {
  const { store } = formatted();
  const bytes = new Uint8Array(4);
  for (const [address, length, expected] of [
    [MemoryMap.Data, 1, StoreError.None],
    [MemoryMap.Data - 1, 1, StoreError.OutOfRange],
    [MemoryMap.End - 1, 1, StoreError.None],
    [MemoryMap.End - 1, 2, StoreError.OutOfRange],
    [MemoryMap.Data, -1, StoreError.OutOfRange],
  ] as const) {
    store.begin();
    is(store.put(address, bytes, 0, length), expected, `put ${length} at ${address}`);
    is(store.commit(), expected);
    is(store.read(address, bytes, 0, length), expected, `read ${length} at ${address}`);
  }
});

test("what does not fit is refused as a whole, and the next commit is a new one", () => {
  const { chip, store } = formatted();
  const most = MemoryMap.LogBytes - 7 - 2 * 3;
  is(commit(store, AT, new Uint8Array(most).fill(1)), StoreError.None);
  store.begin();
  is(store.put(AT, Uint8Array.of(5), 0, 1), StoreError.None);
  is(store.put(AT, new Uint8Array(most).fill(2), 0, most), StoreError.Full);
  is(store.put(AT, Uint8Array.of(6), 0, 1), StoreError.None);
  is(store.commit(), StoreError.Full);
  is(chip.save()[AT], 1);
  is(commit(store, AT, Uint8Array.of(7)), StoreError.None);
  is(chip.save()[AT], 7);
});

test("a chip that does not answer is told at boot and before a formatting, and nothing is written", () => {
  const { chip } = formatted();
  const before = chip.save();
  const said: number[][] = [];
  const deaf = {
    transfer(bytes: Uint8Array): Uint8Array {
      said.push([...bytes]);
      return new Uint8Array(bytes.length);
    },
  };
  const store = storeOn(deaf as unknown as FramChip);
  is(store.recover(), StoreError.Memory);
  is(store.format(), StoreError.Memory);
  equal(
    said.map(([command]) => command),
    [0x9f, 0x9f],
  );
  is(Buffer.compare(chip.save(), before), 0);
});

test("a memory that keeps nothing closes the store, and the next boot finds it as it was", () => {
  const { chip, store } = formatted();
  is(commit(store, AT, Uint8Array.of(1)), StoreError.None);
  chip.transfer([6]);
  chip.transfer([1, 0x0c]);
  is(commit(store, AT, Uint8Array.of(2)), StoreError.Memory);
  is(commit(store, AT, Uint8Array.of(2)), StoreError.Closed);
  chip.transfer([6]);
  chip.transfer([1, 0x00]);
  is(store.recover(), StoreError.None);
  is(chip.save()[AT], 1);
});

test("an address that keeps nothing: the commit stands in the log until the memory is right again", () => {
  const { chip, store } = formatted();
  chip.transfer([6]);
  chip.transfer([1, 0x04]);
  is(commit(store, 0x6000, Uint8Array.of(2)), StoreError.Memory);
  is(storeOn(chip).recover(), StoreError.Memory);
  chip.transfer([6]);
  chip.transfer([1, 0x00]);
  is(storeOn(chip).recover(), StoreError.None);
  is(chip.save()[0x6000], 2);
});

test("no byte of a commit stays in the log or in a buffer", () => {
  const { chip, store } = formatted();
  const secret = new Uint8Array(300).fill(0x77);
  is(commit(store, 0x1000, secret), StoreError.None);
  ok(
    chip
      .save()
      .subarray(0, MemoryMap.LogBytes)
      .every((value) => value === 0),
  );
  const inside = Buffer.from(Object.values(bytesIn(store)).flatMap((bytes) => [...bytes]));
  is(inside.indexOf(Buffer.alloc(4, 0x77)), -1);
});

/** Every byte buffer that an object holds, however deep. */
function bytesIn(object: object, found: Uint8Array[] = []): Uint8Array[] {
  for (const value of Object.values(object) as unknown[]) {
    if (value instanceof Uint8Array) found.push(value);
    else if (typeof value === "object" && value !== null) bytesIn(value, found);
  }
  return found;
}

test("a migration of two steps is one commit, and the second step sees the first", () => {
  const { chip, store } = formatted(1);
  is(commit(store, AT, Uint8Array.of(5)), StoreError.None);
  const steps: number[] = [];
  const migrating = layoutOf(3, (from, older) => {
    steps.push(from);
    const value = new Uint8Array(1);
    older.read(AT, value, 0, 1);
    value[0] = value[0]! * 2 + 1;
    return older.put(AT, value, 0, 1);
  });
  is(storeOn(chip, migrating).recover(), StoreError.None);
  equal(steps, [1, 2]);
  is(chip.save()[AT], 23);
  is(storeOn(chip, migrating).recover(), StoreError.None);
  equal(steps, [1, 2], "once");
  is(storeOn(chip, layoutOf(2)).recover(), StoreError.NewerLayout);
});

test("a migration that fails changes nothing and leaves the store closed", () => {
  const { chip } = formatted(1);
  const before = chip.save();
  for (const migrate of [
    (from: number, older: Store): StoreError => {
      older.put(AT, Uint8Array.of(from), 0, 1);
      return from === 2 ? StoreError.Damaged : StoreError.None;
    },
    (_from: number, older: Store): StoreError => {
      older.put(MemoryMap.End, Uint8Array.of(1), 0, 1);
      return StoreError.None;
    },
  ]) {
    const store = storeOn(chip, layoutOf(3, migrate));
    not(store.recover());
    is(commit(store, AT, Uint8Array.of(1)), StoreError.Closed);
    is(Buffer.compare(chip.save(), before), 0);
  }
});

function not(error: StoreError): void {
  ok(error === StoreError.Damaged || error === StoreError.OutOfRange, `error ${error}`);
}

test.run();
