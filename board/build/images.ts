/** The images that are built from one source, by name: what each composes stands in bench.ts and sealed.ts (design §6). */
export const IMAGE_NAMES = ["bench", "development", "town"] as const;
export type ImageName = (typeof IMAGE_NAMES)[number];

/** The file below `board` in which an image begins; the bench image's is the board's main file. */
export function entryOf(board: string, image: ImageName): string {
  return `board/${board}/${image === "bench" ? "main" : image}.ts`;
}
