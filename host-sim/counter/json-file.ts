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

/** Throws the cause. */
export function judgeJson<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  const judged = schema.safeParse(parse(text));
  if (judged.success) return judged.data;
  const [issue] = judged.error.issues;
  const where = issue!.path.length === 0 ? "" : `${issue!.path.join(".")}: `;
  throw new CounterFailure("file", `${where}${issue!.message}`);
}

/** The text of a syntax error would repeat what it found. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CounterFailure("file", "it is not JSON");
  }
}
