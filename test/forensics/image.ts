/** The image whose memory this process looks at, compiled once; the folder has the process's name, for others may run beside it. */
import path from "node:path";
import { buildQemuImage } from "../built-images.ts";

export const FOLDER = `build/forensics/${path.basename(process.argv[1] ?? "none").replace(/\.[jt]s$/, "")}`;

export const IMAGE = buildQemuImage(FOLDER);
