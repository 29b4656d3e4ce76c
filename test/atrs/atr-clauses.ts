/** Names and clauses of the refusals, read from the source, where each member of AtrError states its condition. */
import { readFileSync } from "node:fs";

export interface Refusal {
  readonly name: string;
  /** Clause of ISO/IEC 7816-3:2006, or of EMV Book 1 where it says so; empty when the comment has none. */
  readonly clause: string;
}

/** By number. `None` has no clause. */
export function readRefusals(): Map<number, Refusal> {
  const source = readFileSync("firmware/protocol/atr.ts", "utf8");
  const members = /export const enum AtrError \{([^}]*)\}/.exec(source)?.[1] ?? "";
  const found = new Map<number, Refusal>();
  for (const [, comment, name, number] of members.matchAll(/(?:\/\*\*([^/]*)\*\/\s*)?(\w+) = (\d+),/g)) {
    const clause = /\(([^)]*\d\.\d[^)]*)\)/.exec(comment ?? "")?.[1] ?? "";
    found.set(Number(number), { name: name!, clause });
  }
  return found;
}
