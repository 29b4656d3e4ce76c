/** What the tests of this folder run on: the Linux build of Espruino's interpreter that ESPRUINO names, and its flash. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The runner does not start these tests without it. */
export const INTERPRETER = resolve(process.env["ESPRUINO"] ?? "");

const folders: string[] = [];
process.once("exit", () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A directory that is a device's flash; gone with the process. */
export function deviceFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "madoguchi-device-"));
  folders.push(folder);
  return folder;
}
