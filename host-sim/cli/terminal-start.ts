/**
 * What the terminal has in its memory when it starts, and where the counter's half of its pairing is. A sealed image without kept
 * memory is provisioned with a pair for development, and its journal's key is put beside the counter's; a kept memory must be of the
 * pair whose key lies beside it.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { AUDITOR_FILE } from "../counter/auditor-key.ts";
import { CounterFailure } from "../counter/counter-failure.ts";
import { keepAuditorKey, KEY_FILE, makeDevelopmentPair } from "../counter/development-pair.ts";
import { readKeyFile, type CounterKey } from "../counter/key-file.ts";
import type { ImageMode } from "../engine/engine.ts";
import { operatorRule, pairFit, type PairFit, type OperatorRule } from "../world/kept-pair.ts";
import { journalKeyOf, SECRET_BYTES, type ProvisionedPair } from "../world/provision.ts";
import type { TerminalMemory } from "../world/terminal-memory.ts";
import { refusal, type StateFolder } from "./state-folder.ts";

export interface TerminalStart {
  /** At most one of both. */
  readonly holds: { readonly memory?: TerminalMemory; readonly pair?: ProvisionedPair };
  /** The counter's key file; sealed images have one. */
  readonly key?: string;
  /** The auditor's, of the journal, when it is there. */
  readonly auditor?: string;
  /** Of sealed images, as the terminal was provisioned. */
  readonly operators?: OperatorRule;
}

const MISFITS: Readonly<Record<Exclude<PairFit, "fits" | "opened">, string>> = {
  other: `${KEY_FILE} is not of the pair that this terminal has`,
  unreadable: "the memory there is not that of a provisioned terminal",
};

/** What the command line says of a terminal. `operators` is written when it is provisioned, and never again. */
export interface StartOptions {
  readonly mode: ImageMode;
  readonly operators?: OperatorRule | undefined;
}

/** `folder` is where a key is made without a kept memory. Throws `UsageStop` for a directory that does not fit together. */
export function terminalStart(
  { mode, operators }: StartOptions,
  folder: string,
  kept?: StateFolder,
): TerminalStart {
  const memory = kept?.read();
  if (mode === "open") return { holds: memory === undefined ? {} : { memory } };
  const key = join(kept?.path ?? folder, KEY_FILE);
  const auditor = join(kept?.path ?? folder, AUDITOR_FILE);
  if (kept === undefined || memory === undefined) {
    const pair = { ...newPair(kept?.path ?? folder), operatorsRequired: operators === "required" };
    return { holds: { pair }, key, auditor, operators: operators ?? "optional" };
  }
  const fit = pairFit(memory, keyOf(kept, key));
  // An opened case is what somebody may want to see: the terminal itself is out of service.
  const rule = fit === "fits" ? operatorRule(memory) : (operators ?? "optional");
  if (operators !== undefined && operators !== rule)
    throw refusal(
      kept.path,
      `the terminal there was provisioned otherwise than --operators ${operators}`,
      "leave the flag away, or choose another directory",
    );
  if (fit === "fits" || fit === "opened")
    return { holds: { memory }, key, operators: rule, ...(existsSync(auditor) ? { auditor } : {}) };
  throw refusal(kept.path, MISFITS[fit], "put the right one back, or choose another directory");
}

/** The counter's key that lies there already, or a new one; the journal's is always new. Only this terminal will ever have the secrets: nobody's seed makes them. */
function newPair(folder: string): ProvisionedPair {
  try {
    const path = join(folder, KEY_FILE);
    const found = existsSync(path) ? readKeyFile(path) : undefined;
    const { terminal, counter, psk } = found?.development === true ? found : makeDevelopmentPair(folder);
    const secrets = randomBytes(SECRET_BYTES);
    keepAuditorKey(folder, terminal, journalKeyOf(secrets));
    return { terminal, counter, psk, secrets };
  } catch (error) {
    throw told(folder, error);
  }
}

function keyOf({ path }: StateFolder, key: string): CounterKey {
  if (!existsSync(key))
    throw refusal(
      path,
      `a terminal's memory is there, but no ${KEY_FILE}`,
      "put it back, or choose another directory",
    );
  try {
    return readKeyFile(key);
  } catch (error) {
    throw told(path, error);
  }
}

function told(folder: string, error: unknown): unknown {
  return error instanceof CounterFailure ? refusal(folder, error.why, error.next) : error;
}
