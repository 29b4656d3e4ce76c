/** What frames and TLS cost on the counter line, in virtual time: the figures of `make bench`, and their goals. */
import { suite } from "uvu";
import { ok } from "uvu/assert";
import { handshakeFigures, sealedLineFigures } from "../bench/sealed-figures.ts";

const test = suite("figures of the sealed line");

function meets(value: number, goal: string): boolean {
  const [, sign, bound] = /^([<>])= ([\d.]+)$/.exec(goal) ?? [];
  if (bound === undefined) throw new Error(`${goal} is no goal`);
  return sign === "<" ? value <= Number(bound) : value >= Number(bound);
}

test("the handshake, a lost frame, one frame in a hundred lost, and an APDU cost no more than their goals", async () => {
  const figures = [...(await handshakeFigures()), ...sealedLineFigures()];
  ok(figures.length === 4);
  for (const { name, value, unit, goal } of figures) {
    console.log(`\n${name} ${value.toPrecision(3)} ${unit}, goal ${goal}`);
    ok(Number.isFinite(value) && value > 0 && meets(value, goal), `${name}: ${value}, goal ${goal}`);
  }
});

test.run();
