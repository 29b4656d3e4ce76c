import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { is, throws } from "uvu/assert";
import { mapLog } from "../../../host-sim/engine/board-log.ts";

const test = suite("the log of a board");
let folder = "";
let lines = "";

test.before(() => {
  folder = mkdtempSync(join(tmpdir(), "madoguchi-test-"));
  lines = join(folder, "image.lines");
  const files = ["firmware/a.ts", "board/b.ts"];
  // Function 1 has three instructions, the second without a known line.
  writeFileSync(
    lines,
    JSON.stringify({
      files,
      functions: [
        [1, 7],
        [0, 12, 0, 0, 1, 30],
      ],
    }),
  );
});
test.after(() => rmSync(folder, { recursive: true }));

test("places of the program become lines of its source", () => {
  is(
    mapLog("error: boom\n  at 1+0\n  at 1+2\n  at 0+0\n", lines),
    "error: boom\n  at firmware/a.ts:12\n  at board/b.ts:30\n  at board/b.ts:7\n",
  );
});

test("what is not in the map stays: another function, another instruction, a line that is not known", () => {
  const log = "  at 2+0\n  at 1+3\n  at 1+1\n";
  is(mapLog(log, lines), log);
});

test("everything else stays: natives, and texts that look alike", () => {
  const log = "  in a native\n at 1+0\n  at 1+0 and more\nit is  at 1+0\n";
  is(mapLog(log, lines), log);
});

test("an image without a map keeps its log", () => {
  is(mapLog("  at 1+0\n", join(folder, "none.lines")), "  at 1+0\n");
});

test("a map of another kind is a fault, not a guess", () => {
  const other = join(folder, "other.lines");
  writeFileSync(other, JSON.stringify({ files: [], lines: [] }));
  throws(() => mapLog("  at 1+0\n", other));
});

test.run();
