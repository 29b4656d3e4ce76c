/** Judges a value of a scenario file by a schema, and tells every field that is wrong in the words of the file. */
import type { z } from "zod";
import { noSuch } from "./nearest.ts";
import type { FieldPath } from "./problem.ts";

/** Without its file and line. */
export interface Fault {
  readonly path: FieldPath;
  readonly text: string;
}

export type Judged<T> = { readonly value: T } | { readonly faults: readonly Fault[] };

export function isFaulty<T>(judged: Judged<T>): judged is { readonly faults: readonly Fault[] } {
  return "faults" in judged;
}

export function judge<T>(schema: z.ZodType<T>, value: unknown, path: FieldPath = []): Judged<T> {
  const judged = schema.safeParse(value);
  if (judged.success) return { value: judged.data };
  return { faults: judged.error.issues.flatMap((issue) => faultsOf(issue, value, path)) };
}

function faultsOf(issue: z.core.$ZodIssue, value: unknown, above: FieldPath): Fault[] {
  const inside = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
  const path = [...above, ...inside];
  if (issue.code === "unrecognized_keys") {
    const allowed = issue.message.split(", ");
    return issue.keys.map((key) => ({ path: [...path, key], text: noSuch(key, "field", allowed) }));
  }
  if (issue.code === "invalid_key") return [{ path, text: issue.issues[0]?.message ?? issue.message }];
  const isMissing = issue.code === "invalid_type" && valueAt(value, inside) === undefined;
  return [{ path, text: isMissing ? `is missing: it ${issue.message}` : issue.message }];
}

function valueAt(value: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (at, part) =>
      typeof at === "object" && at !== null ? (at as Record<string | number, unknown>)[part] : undefined,
    value,
  );
}
