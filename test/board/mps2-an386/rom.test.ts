/** The page ROM on the board, where it lies packed: the same bytes as everywhere else. */
import { createHash } from "node:crypto";
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { buildRom } from "../../../board/rom/build-rom.ts";
import { runImage } from "./run-image.ts";
import { buildProgram } from "./test-images.ts";

const test = suite("the page ROM on the board");

/** As rom.lua. */
const BLOCK = 40_000;
const ROM = buildRom();

function told(what: string, bytes: Uint8Array): string {
  return `${what}: ${[...createHash("sha256").update(bytes).digest()].join(" ")} `;
}

function answers(): Uint8Array {
  let [one, other] = [1, 1];
  return Uint8Array.from({ length: BLOCK }, (_, pair) => {
    one = (one * 75 + 74) % 65537;
    other = (other * 75 + 74 + pair) % 65537;
    const [offset, further] = [(one * 4) % (ROM.length - 100), (other * 4) % (ROM.length - 100)];
    const length = pair % 9;
    const isSame = Buffer.compare(
      ROM.subarray(offset, offset + length),
      ROM.subarray(further, further + length),
    );
    return isSame === 0 ? 1 : 0;
  });
}

test("every byte can be read from everywhere, and is told equal to those that it equals", async () => {
  const { log, status } = runImage(await buildProgram("rom"));
  const blocks = Array.from({ length: Math.ceil(ROM.length / BLOCK) }, (_, index) =>
    told("bytes", ROM.subarray(index * BLOCK, (index + 1) * BLOCK)),
  );
  const pairs = answers();
  const share = pairs.reduce((sum, one) => sum + one, 0) / BLOCK;
  ok(share > 0.1 && share < 0.9, `${share} of the pairs are equal`);
  equal(log.trimEnd().split("\n"), [...blocks, told("pairs", pairs), "equals itself: 1"]);
  is(status, 0);
});

test.run();
