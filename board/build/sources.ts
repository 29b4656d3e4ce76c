/** Lists the project's source files by their part of the tree. Paths are relative to the root, with `/`, sorted. */
import { existsSync, readdirSync } from "node:fs";

/** Every file below `folder` whose name ends in `ending`. */
export function filesBelow(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const paths = entries.map((entry) => `${folder}/${entry.replaceAll("\\", "/")}`);
  return paths.filter((path) => path.endsWith(ending) && !path.includes("/node_modules/")).sort();
}

/** The portable product: hal/ and firmware/. */
export function productSources(): string[] {
  return [...filesBelow("hal", ".ts"), ...filesBelow("firmware", ".ts")];
}

/** Device code of board/ that every engine shares: neither the scripts of the build nor the entry of one platform. */
export function boardSources(): string[] {
  const platforms = ["board/build/", "board/rom/", "board/lua/", "board/espruino/"];
  const isShared = (path: string): boolean =>
    !path.endsWith("/main.ts") && !platforms.some((folder) => path.startsWith(folder));
  return filesBelow("board", ".ts").filter(isShared);
}
