/** Bytes on the board: what lies outside cannot be reached, and what was in them is gone with them. */
import { suite } from "uvu";
import { equal } from "uvu/assert";
import { buildRom } from "../../../board/rom/build-rom.ts";
import { runImage } from "./run-image.ts";
import { buildProgram } from "./test-images.ts";

const test = suite("bytes");

const ROM_BYTES = buildRom().length;
const REFUSALS = [
  "read -1: index outside the bytes: -1",
  "read 4: index outside the bytes: 4",
  "read a third of one: argument 2: no whole number",
  "read a text: bytes have a length alone",
  "read nothing: argument 2: no whole number",
  "write -1: index outside the bytes: -1",
  "write 4: index outside the bytes: 4",
  "write 256: no byte: 256",
  "write a negative: no byte: -1",
  "write a fraction: argument 3: no whole number",
  "write a text: argument 3: no whole number",
  "write the length: argument 2: no whole number",
  "allocate a negative: no length: -1",
  "allocate 65536: no length: 65536",
  "copy beyond the source: range outside the bytes: 2 + 3 of 4",
  "copy beyond the target: range outside the bytes: 2 + 3 of 4",
  "copy from before: range outside the bytes: -1 + 1 of 4",
  "copy a negative length: range outside the bytes: 0 + -1 of 4",
  "copy with numbers that wrap around: range outside the bytes: 9223372036854775807 + 1 of 4",
  "fill beyond: range outside the bytes: 0 + 5 of 4",
  "xor beyond: range outside the bytes: 3 + 2 of 4",
  "xor from beyond the source: range outside the bytes: 2 + 3 of 4",
  "xor beyond the target: range outside the bytes: 2 + 3 of 4",
  "xor a negative length: range outside the bytes: 0 + -1 of 4",
  "compare beyond: range outside the bytes: 1 + 4 of 4",
  "wipe a table: argument 2: no bytes",
  "hash beyond: range outside the bytes: 0 + 5 of 4",
  "hash into 31: argument 5: 32 bytes are wanted",
  "encipher 15: argument 3: 16 bytes are wanted",
  `read the table beyond: range outside the table: ${ROM_BYTES - 3} + 4`,
  "read rows beyond: range outside the bytes: 3 + 2 of 4",
];

test("what is outside is refused with a reason, and the bytes stay as they were; long messages are hashed", async () => {
  const { log, status } = runImage(await buildProgram("bytes"));
  const lines = log.trim().split("\n");
  equal(lines, [...REFUSALS, "hash of 65535: 110 27 66", "length: 4", "left: 10 11 12 13", "last: 13"]);
  equal(status, 0);
});

test.run();
