/** What is wrong with a scenario file: where, in which field, why, and what is allowed. */

/** Of the file's structure; `[3]` is the fourth element of a list. */
export type FieldPath = readonly (string | number)[];

export interface Problem {
  readonly file: string;
  /** From 1 on. */
  readonly line: number;
  /** As `when[3].keys`; empty = the file as a whole. */
  readonly field: string;
  /** The cause, and what is allowed. Never a key that was to be pressed. */
  readonly text: string;
}

export function fieldName(path: FieldPath): string {
  const words = path.map((part) => (typeof part === "number" ? `[${part + 1}]` : `.${part}`));
  return words.join("").replace(/^\./, "");
}

export function problemLine({ file, line, field, text }: Problem): string {
  return `${file}:${line}: ${field === "" ? "" : `${field}: `}${text}`;
}
