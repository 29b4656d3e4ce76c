/** What the tests of this folder run on. */
import { resolve } from "node:path";

/** The Linux build of Espruino's interpreter. The runner does not start these tests without it. */
export const INTERPRETER = resolve(process.env["ESPRUINO"] ?? "");
