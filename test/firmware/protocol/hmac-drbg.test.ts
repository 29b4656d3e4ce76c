/** HMAC_DRBG beside a second implementation, which was written from SP 800-90A Rev. 1, 10.1.2, on Node's HMAC. */
import { createHmac } from "node:crypto";
import { suite } from "uvu";
import { equal, is, not, ok, throws } from "uvu/assert";
import { HmacDrbg } from "../../../firmware/protocol/hmac-drbg.ts";
import { HmacSha256 } from "../../../firmware/protocol/hmac-sha256.ts";
import { NODE_CRYPTO } from "../../../host-sim/engine/node-crypto.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkHmacDrbg } from "../../portable/hmac-drbg.cases.ts";
import { DRBG_VECTORS } from "../../vectors/hmac-drbg.ts";
import { trackedNatives } from "./tracked-natives.ts";

const test = suite("hmac-drbg");
const MESSAGE_BYTES = 161;

class Second {
  private key: Buffer = Buffer.alloc(32, 0);
  private value: Buffer = Buffer.alloc(32, 1);

  constructor(material: Uint8Array) {
    this.update(material);
  }

  get state(): Uint8Array {
    return Uint8Array.from([...this.key, ...this.value]);
  }

  update(material: Uint8Array): void {
    for (const separator of material.length > 0 ? [0, 1] : [0]) {
      this.key = this.hmac(Buffer.concat([this.value, Uint8Array.of(separator), material]));
      this.value = this.hmac(this.value);
    }
  }

  generate(length: number): Uint8Array {
    const blocks: Buffer[] = [];
    for (let done = 0; done < length; done += 32) blocks.push((this.value = this.hmac(this.value)));
    this.update(new Uint8Array(0));
    return Uint8Array.from(Buffer.concat(blocks).subarray(0, length));
  }

  private hmac(message: Uint8Array): Buffer {
    return createHmac("sha256", this.key).update(message).digest();
  }
}

function make(natives = NODE_NATIVES): HmacDrbg {
  return new HmacDrbg(natives, new HmacSha256(natives, NODE_CRYPTO, MESSAGE_BYTES));
}

function pattern(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 89 + seed) & 255);
}

test("the portable cases hold in Node", () => {
  const same = (actual: number, expected: number, what: string): void => is(actual, expected, what);
  checkHmacDrbg({ equal: same }, NODE_NATIVES, NODE_CRYPTO);
});

test("the vectors are right by the second implementation", () => {
  for (const { what, material, reseed, returned } of DRBG_VECTORS) {
    const second = new Second(Uint8Array.from(material));
    if (reseed.length > 0) second.update(Uint8Array.from(reseed));
    second.generate(returned.length);
    equal([...second.generate(returned.length)], returned, what);
  }
});

test("output and state are those of the second implementation for every length of material and output", () => {
  for (let length = 0; length <= 128; length++) {
    const [drbg, second] = [make(), new Second(pattern(length, 1))];
    drbg.instantiate(pattern(length, 1), length);
    equal(drbg.state, second.state, `started with ${length}`);
    for (const bytes of [length, 3 * length]) {
      const output = new Uint8Array(bytes);
      drbg.generate(output);
      equal(output, second.generate(bytes), `${bytes} bytes`);
      equal(drbg.state, second.state);
    }
    drbg.reseed(pattern(length, 2), length);
    second.update(pattern(length, 2));
    equal(drbg.state, second.state, `reseeded with ${length}`);
  }
});

test("no state and no output comes twice in a thousand", () => {
  const drbg = make();
  drbg.instantiate(pattern(48, 1), 48);
  const seen = new Set<string>();
  const output = new Uint8Array(32);
  for (let i = 0; i < 1000; i++) {
    drbg.generate(output);
    seen.add(Buffer.from(output).toString("hex"));
    seen.add(Buffer.from(drbg.state as Uint8Array).toString("hex"));
  }
  is(seen.size, 2000);
});

test("a start forgets what was before, a reseeding does not", () => {
  const [one, other] = [make(), make()];
  one.instantiate(pattern(48, 1), 48);
  other.instantiate(pattern(48, 2), 48);
  for (const drbg of [one, other]) drbg.reseed(pattern(32, 3), 32);
  not.equal(one.state, other.state);
  for (const drbg of [one, other]) drbg.instantiate(pattern(32, 3), 32);
  equal(one.state, other.state);
});

test("more material than was said is refused", () => {
  throws(() => make().instantiate(new Uint8Array(129), 129), /lies outside/);
});

test("nothing but the state stays with it", () => {
  const { natives, made } = trackedNatives();
  const drbg = make(natives);
  const check = (): void => {
    for (const bytes of made) if (bytes !== drbg.state) ok(bytes.every((value) => value === 0));
  };
  drbg.instantiate(pattern(80, 1), 80);
  check();
  drbg.reseed(pattern(32, 1), 32);
  check();
  drbg.generate(new Uint8Array(70));
  check();
  is(made.length, 6);
});

test.run();
