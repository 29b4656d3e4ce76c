/** The page ROM on the board, where it lies packed: the same bytes as everywhere else. */
import { createHash } from "node:crypto";
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { buildRom } from "../../../board/rom/build-rom.ts";
import {
  bitmapOf,
  flagsOf,
  heightOf,
  ItemFlag,
  itemCountOf,
  itemsAt,
  RomField,
  RomFormat,
  widthOf,
} from "../../../firmware/ui/page-rom.ts";
import { runImage } from "./run-image.ts";
import { buildProgram } from "./test-images.ts";

const test = suite("the page ROM on the board");

/** As rom.lua. */
const BLOCK = 40_000;
const ROM = buildRom();

function toldOf(what: string, bytes: Uint8Array): string {
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

/** As rom.lua reads the lines of every picture. */
function pictures(): string[] {
  const rom = Buffer.from(ROM);
  const version = rom.readUInt32BE(RomField.Version);
  const records = Array.from({ length: (version & 0xffff) * ((version >>> 16) & 0xff) }, (_, record) =>
    rom.readUInt32BE(RomField.Table + 4 * record),
  );
  const items = records.flatMap((record) =>
    Array.from({ length: itemCountOf(record) }, (_, item) => itemsAt(record) + RomFormat.ItemBytes * item),
  );
  return items
    .map((at) => ({ place: rom.readUInt32BE(at), picture: rom.readUInt32BE(at + 4) }))
    .filter(({ picture }) => (flagsOf(picture) & ItemFlag.Fill) === 0)
    .map(({ place, picture }, told) => {
      const [width, height] = [widthOf(place), heightOf(place)];
      const [from, stride] = [told % height, width + (told % 3)];
      const block = new Uint8Array(stride * height).fill(0x55);
      for (let row = 0; row < height - from; row++) {
        const start = bitmapOf(picture) + (from + row) * width;
        block.set(rom.subarray(start, start + width), row * stride);
      }
      return toldOf("picture", block);
    });
}

test("every byte can be read from everywhere, every picture from any of its lines on, and equal ones are told to be", async () => {
  const { log, status } = runImage(await buildProgram("rom"));
  const blocks = Array.from({ length: Math.ceil(ROM.length / BLOCK) }, (_, index) =>
    toldOf("bytes", ROM.subarray(index * BLOCK, (index + 1) * BLOCK)),
  );
  const pairs = answers();
  const share = pairs.reduce((sum, one) => sum + one, 0) / BLOCK;
  ok(share > 0.1 && share < 0.9, `${share} of the pairs are equal`);
  equal(log.trimEnd().split("\n"), [...blocks, toldOf("pairs", pairs), ...pictures(), "equals itself: 1"]);
  is(status, 0);
});

test.run();
