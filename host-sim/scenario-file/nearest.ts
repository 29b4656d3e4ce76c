/** The name that somebody meant who wrote another one. */

/** Insertions, deletions, replacements and swapped neighbours from one to the other (optimal string alignment). */
function distance(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + Number(one[i - 1] !== other[j - 1]);
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const swapped = isSwap ? rows[i - 2]![j - 2]! + 1 : Infinity;
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, replaced, swapped));
    }
    rows.push(row);
  }
  return rows[one.length]![other.length]!;
}

const LONGEST = 40;

/** The nearest of `names`, if it is near enough to be meant. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined;
  const ranked = names
    .map((name) => ({ name, far: distance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((one, other) => one.far - other.far);
  const best = ranked[0];
  return best !== undefined && best.far <= Math.max(1, Math.floor(best.name.length / 3))
    ? best.name
    : undefined;
}

/** `"pni" is no page: did you mean pin? Pages: …`. */
export function noSuch(word: string, what: string, names: readonly string[]): string {
  const meant = nearest(word, names);
  const guess = meant === undefined ? "" : `did you mean ${meant}? `;
  return `${JSON.stringify(word.slice(0, LONGEST))} is no ${what}: ${guess}there are ${names.join(", ")}`;
}
