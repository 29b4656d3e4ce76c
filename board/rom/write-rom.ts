/** `make build`: writes the page ROM to the file named on the command line. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { buildRom } from "./build-rom.ts";

const path = process.argv[2] ?? "build/rom/rom.bin";
mkdirSync(dirname(path), { recursive: true });
const rom = buildRom();
writeFileSync(path, rom);
console.log(`${path}: ${rom.length} bytes`);
