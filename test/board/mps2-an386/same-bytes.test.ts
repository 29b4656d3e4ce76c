/** Anybody who builds the image gets the same bytes. */
import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { suite } from "uvu";
import { is, ok } from "uvu/assert";
import { buildReferenceImage, ROM } from "../../../board/build/reference-image.ts";

const test = suite("the same bytes");
const FOLDERS = ["build/board-tests/same/one", "build/board-tests/same/other/below"];

/** Everything is compiled anew. */
async function digestOfBuild(folder: string): Promise<string> {
  rmSync(folder, { recursive: true, force: true });
  const elf = await buildReferenceImage("bench", folder, ROM, `${folder}/objects`);
  return createHash("sha256").update(readFileSync(elf)).digest("hex");
}

test("two builds in different folders give the same image", async () => {
  const [one, other] = [await digestOfBuild(FOLDERS[0]!), await digestOfBuild(FOLDERS[1]!)];
  is(one, other);
});

test("no path of this machine is in it", () => {
  const image = readFileSync(`${FOLDERS[0]}/madoguchi.elf`, "latin1");
  ok(!image.includes(process.cwd()));
  ok(!image.includes("board-tests"));
});

test.run();
