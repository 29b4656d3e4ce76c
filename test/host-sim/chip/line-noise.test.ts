import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { LineNoise } from "../../../host-sim/chip/line-noise.ts";

const test = suite("line noise");
const SENT = Uint8Array.from({ length: 20_000 }, (_, at) => at & 0xff);

test("a quiet cable changes nothing", () => {
  const noise = new LineNoise(1);
  is(noise.medium(SENT, "pc"), SENT);
  is(noise.hits, 0);
});

test("its rate is the share of characters that come out as others or not at all", () => {
  const noise = new LineNoise(1);
  noise.setRate(0.01);
  const heard = noise.medium(SENT, "terminal");
  ok(noise.hits > 150 && noise.hits < 250, String(noise.hits));
  ok(heard.length < SENT.length && heard.length > SENT.length - 50);
  noise.setRate(1);
  const all = noise.medium(Uint8Array.of(7), "pc");
  ok(all.length === 0 || all[0] !== 7, "a hit never leaves a character as it was");
});

test("the same seed is the same luck, in each direction its own", () => {
  const heard = (towards: "pc" | "terminal", seed: number): Uint8Array => {
    const noise = new LineNoise(seed);
    noise.setRate(0.01);
    return noise.medium(SENT, towards);
  };
  equal(heard("pc", 5), heard("pc", 5));
  ok(Buffer.compare(heard("pc", 5), heard("terminal", 5)) !== 0);
  ok(Buffer.compare(heard("pc", 5), heard("pc", 6)) !== 0);
});

test.run();
