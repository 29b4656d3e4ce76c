/** The sealed image whose memory this process looks at, compiled once. */
import path from "node:path";
import { buildQemuImage } from "../built-images.ts";

export const SEALED_FOLDER = `build/forensics/${path.basename(process.argv[1] ?? "none").replace(/\.[jt]s$/, "")}-sealed`;

export const SEALED_IMAGE = buildQemuImage(SEALED_FOLDER, "development");
