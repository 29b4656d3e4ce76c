/** The random bit generator's state over boots, power cuts and bad noise, on the chips' models. */
import { suite } from "uvu";
import { equal, is, not, ok } from "uvu/assert";
import { MemoryMap } from "../../firmware/service/memory-map.ts";
import { RandomBits } from "../../firmware/service/random-bits.ts";
import type { Bytes } from "../../hal/bytes.ts";
import type { Noise } from "../../hal/noise.ts";
import { PowerCut } from "../../host-sim/chip/power-cut.ts";
import { SeededRandom } from "../../host-sim/world/random.ts";
import { ServiceBench } from "../firmware/service/service-bench.ts";

const test = suite("random bits");
const SEED = Uint8Array.from({ length: 64 }, (_, i) => 0xa0 ^ (i * 5));
const STATE_AT = MemoryMap.DrbgState + 8;

/** The same samples at every boot: the worst that is not unhealthy. */
function replayed(seed = 1): Noise {
  const random = new SeededRandom(seed);
  return {
    take(into: Bytes, length: number): void {
      for (let i = 0; i < length; i++) into[i] = random.below(256);
    },
  };
}

const STUCK: Noise = {
  take(into: Bytes, length: number): void {
    for (let i = 0; i < length; i++) into[i] = 0x55;
  },
};

function seeded(seed: Uint8Array = SEED): ServiceBench {
  const bench = new ServiceBench();
  const bits = generator(bench, replayed());
  bench.commit(() => bits.putSeed(seed));
  return bench;
}

function generator(bench: ServiceBench, noise: Noise): RandomBits {
  const { natives, store, backup, hmac } = bench;
  return new RandomBits(natives, { store, backup, noise, hmac });
}

/** The first bytes that a boot gives away, in hexadecimal; undefined when it gives none. */
function outputOf(bench: ServiceBench, noise = replayed()): string | undefined {
  const bits = generator(bench, noise);
  const into = new Uint8Array(32);
  const isReady = bits.start();
  is(bits.fill(into), isReady);
  return isReady ? Buffer.from(into).toString("hex") : undefined;
}

function stored(bench: ServiceBench): string {
  return bench.chip
    .save()
    .subarray(STATE_AT, STATE_AT + 64)
    .toString("hex");
}

test("no output and no seed repeats over boots, with the same noise at each", () => {
  const bench = seeded();
  const outputs = new Set<string>();
  const seeds = new Set<string>([stored(bench)]);
  for (let i = 0; i < 300; i++) {
    bench.boot();
    outputs.add(outputOf(bench)!);
    seeds.add(stored(bench));
  }
  is(outputs.size, 300);
  is(seeds.size, 301);
  for (const seed of seeds) for (const output of outputs) is(seed.includes(output), false);
});

test("no output repeats wherever the power is cut while the generator starts", () => {
  const outputs: string[] = [];
  const whole = seeded();
  whole.boot();
  const before = whole.chip.bytes;
  outputOf(whole);
  const bytes = whole.chip.bytes - before;
  ok(bytes > 300, `${bytes}`);
  for (let cut = 0; cut < bytes; cut++) {
    const bench = seeded();
    bench.boot();
    bench.chip.cutAt(bench.chip.bytes + cut);
    let first: string | undefined;
    try {
      first = outputOf(bench);
    } catch (error) {
      ok(error instanceof PowerCut);
    }
    is(first, undefined, `cut at ${cut}: nothing was given away`);
    bench.chip.power();
    bench.boot();
    const [one, two] = [outputOf(bench), (bench.boot(), outputOf(bench))];
    ok(one !== undefined && two !== undefined && one !== two, `cut at ${cut}`);
    outputs.push(two);
  }
  is(outputs.length, bytes);
});

test("seed, key-encryption key and noise each change the output, and so does the seed of every later boot", () => {
  const base = outputOf(seeded());
  const other = Uint8Array.from(SEED);
  other[0]! ^= 1;
  not.equal(outputOf(seeded(other)), base);
  not.equal(outputOf(seeded(), replayed(2)), base);
  const bench = seeded();
  bench.backupChip.write(
    0,
    Uint8Array.from({ length: 16 }, () => 7),
  );
  not.equal(outputOf(bench), base);
  const later = [seeded(), seeded(other)].map((one) => {
    outputOf(one);
    one.boot();
    return outputOf(one);
  });
  not.equal(later[0], later[1]);
});

test("without a seed, or with noise that is stuck, nothing is given away and the seed stays", () => {
  is(outputOf(new ServiceBench()), undefined);
  const bench = seeded();
  const before = stored(bench);
  is(outputOf(bench, STUCK), undefined);
  is(stored(bench), before);
  bench.boot();
  ok(outputOf(bench) !== undefined, "a later boot with good noise");
});

test("neither the seed nor the key-encryption key stays in RAM, whether the generator starts or not", () => {
  for (const noise of [replayed(), STUCK]) {
    const bench = seeded();
    bench.boot();
    const secrets = [Buffer.from(SEED.subarray(0, 32)), Buffer.from(bench.backupChip.read(0, 16))];
    outputOf(bench, noise);
    const held = bench.made.map((bytes) => Buffer.from(bytes));
    equal(
      secrets.map((secret) => held.some((bytes) => bytes.includes(secret))),
      [false, false],
    );
  }
});

test.run();
