/** Files of JSON whose every field is judged; a cause names the field and repeats nothing of what stands there. */
import { z } from "zod";
import { CounterFailure } from "./counter-failure.ts";

export const terminalName = z
  .string()
  .regex(/^[A-Z0-9-]{1,16}$/, "must be 1-16 characters out of A-Z, 0-9 and the hyphen");

export function hexOf(digits: number): z.ZodString {
  return z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`, "i"), `must be ${digits} hexadecimal digits`);
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

/** A field by which a file of another kind is known, and what that is. */
export interface OtherFile {
  readonly field: string;
  readonly what: string;
}

/** Throws the cause. */
export function judgeJson<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  other?: OtherFile,
): z.output<Schema> {
  const value = parse(text);
  const judged = schema.safeParse(value);
  if (judged.success) return judged.data;
  if (other !== undefined && typeof value === "object" && value !== null && Object.hasOwn(value, other.field))
    throw new CounterFailure("file", `it is ${other.what}`);
  const [issue] = judged.error.issues;
  const field = issue!.path.join(".");
  if (issue!.code === "invalid_type")
    throw new CounterFailure(
      "file",
      field === "" ? "it is no JSON object" : `${field}: is missing, or of another kind`,
    );
  throw new CounterFailure("file", `${field === "" ? "" : `${field}: `}${issue!.message}`);
}

/** The text of a syntax error would repeat what it found. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CounterFailure("file", "it is not JSON");
  }
}
