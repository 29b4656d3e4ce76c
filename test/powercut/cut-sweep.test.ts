/** The knife itself: that it cuts where it says, in both memories, and that what is wrong is counted. */
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { countedPoints, findingsAt, sweep, type CutPoint, type Cuttable } from "./cut-sweep.ts";
import { onChip } from "./places.ts";

const test = suite("cut-sweep");

/** Two words of the backup memory that must change together, and do not; then one byte of the FRAM. */
function careless(): Cuttable {
  const place = onChip();
  const { fram, backup } = place.chips;
  return {
    chips: place.chips,
    run() {
      backup.write(0, new Uint8Array(8).fill(1));
      fram.transfer([6]);
      fram.transfer([2, 0, 0, 0xff]);
    },
    powerOff: () => place.powerOff(),
    boot: () => place.powerOn(),
    judge() {
      const [first, , , , second] = backup.read(0, 8);
      const [, , , value] = fram.transfer([3, 0, 0, 0]);
      const findings = first === second ? [] : ["half of the words"];
      return value === 0 || value === 0xff ? findings : [...findings, `byte ${value}`];
    },
  };
}

test("every word and every byte is cut, and what is wrong afterwards is told with its place", () => {
  const result = sweep(careless);
  is(result.framBytes, 5);
  is(result.backupWords, 2);
  is(result.writtenBytes, 1);
  is(result.points, countedPoints(result) + result.backupWords);
  equal(result.findings, [
    "fram 4 mask 15: byte 15",
    "fram 4 mask 240: byte 240",
    "fram 4 mask 85: byte 85",
    "fram 4 mask 254: byte 254",
    "backup 1 mask 0: half of the words",
  ]);
  is(result.bad, 5);
});

test("a cut behind the end is told as never made", () => {
  const behind: CutPoint = { chip: "fram", at: 5, tornMask: 0 };
  equal(findingsAt(careless(), behind), ["the cut was never made"]);
});

test.run();
