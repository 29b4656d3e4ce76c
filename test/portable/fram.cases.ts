/** The FRAM's driver: pieces, read back, identity. */
import type { ByteNatives } from "../../hal/bytes.ts";
import { Fram, FramError } from "../../firmware/driver/fram.ts";
import { FramDouble } from "./fram-double.ts";
import type { Report } from "./report.ts";

const BYTES = 512;
const WIRING = { spiSelect: 0, spiHz: 8000000 };

export function checkFram(report: Report, natives: ByteNatives): void {
  const chip = new FramDouble(natives, BYTES);
  const fram = new Fram(natives, chip, WIRING);
  report.equal(fram.identify(), FramError.None, "the chip is who it should be");
  chip.version = 8;
  report.equal(fram.identify(), FramError.NotThere, "another chip");
  chip.version = 0;
  report.equal(fram.identify(), FramError.NotThere, "nobody");

  const source = natives.allocate(300);
  for (let i = 0; i < 300; i++) source[i] = (7 * i + 1) & 255;
  report.equal(fram.write(100, source, 10, 200), FramError.None, "200 bytes are written");
  const into = natives.allocate(300);
  natives.fill(into, 0, 300, 0xee);
  fram.read(100, into, 5, 200);
  report.equal(natives.equalConstantTime(into, 5, source, 10, 200) ? 1 : 0, 1, "and read");
  report.equal(into[4] + into[205], 2 * 0xee, "no byte beside them");
  report.equal(chip.memory[99] + chip.memory[300], 0, "nor in the memory");
  report.equal(fram.erase(101, 198), FramError.None, "198 bytes are erased");
  report.equal(chip.memory[100], source[10], "the byte before stands");
  report.equal(chip.memory[101] + chip.memory[298], 0, "the first and the last are gone");
  report.equal(chip.memory[299], source[209], "the byte behind stands");

  chip.bytesLeft = 70;
  report.equal(fram.write(0, source, 0, 71), FramError.NotWritten, "a byte that does not stay");
  chip.bytesLeft = 0;
  report.equal(fram.erase(0, 1), FramError.NotWritten, "an erased byte that does not stay");
}
