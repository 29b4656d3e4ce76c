/**
 * The counter's half of a pairing, in a file that its owner alone may read. In use it is locked: two programs with one key would
 * cut each other's sessions.
 */
import { z } from "zod";
import type { PairNames } from "./hello.ts";
import { fileRefusal, readPrivate, writePrivate } from "./private-file.ts";
import type { PairKey } from "./sealed-stream.ts";

export interface CounterKey extends PairNames, PairKey {
  /** Made for development: town images refuse it. */
  readonly development: boolean;
}

const name = z.string().regex(/^[A-Z0-9-]{1,16}$/, "must be 1-16 characters out of A-Z, 0-9 and the hyphen");
const schema = z
  .strictObject({
    terminal: name,
    counter: name,
    identity: z.string(),
    psk: z.string().regex(/^[0-9a-f]{64}$/i, "must be 64 hexadecimal digits"),
    development: z.boolean(),
  })
  .refine((key) => key.identity === identityOf(key), {
    path: ["identity"],
    message: "must be made of the names: madoguchi 1|TERMINAL|COUNTER",
  });

/** What a PC names the pair by (docs/protocol.md). */
export function identityOf({ terminal, counter }: PairNames): string {
  return `madoguchi 1|${terminal}|${counter}`;
}

/** Reads and judges a key file. Throws the cause; no text of an error holds anything of the key. */
export function readKeyFile(path: string): CounterKey {
  const judged = schema.safeParse(parse(path, readPrivate(path, "the file that the pairing wrote")));
  if (!judged.success) {
    const [issue] = judged.error.issues;
    const where = issue!.path.length === 0 ? "" : `${issue!.path.join(".")}: `;
    // The text of an issue may repeat what it found; of unknown names and of our own rules it does not.
    throw fileRefusal(path, `${where}${issue!.message}`, "take the file as the pairing wrote it");
  }
  const { psk, ...rest } = judged.data;
  return { ...rest, psk: Uint8Array.from(Buffer.from(psk, "hex")) };
}

/** Writes the file in one step, readable by its owner alone from the first byte. */
export function writeKeyFile(path: string, key: CounterKey): void {
  const { terminal, counter, identity, psk, development } = key;
  const hex = Buffer.from(psk).toString("hex");
  writePrivate(path, `${JSON.stringify({ terminal, counter, identity, psk: hex, development })}\n`);
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message repeats what it read.
    throw fileRefusal(path, "this is no JSON", "take the file as the pairing wrote it");
  }
}
