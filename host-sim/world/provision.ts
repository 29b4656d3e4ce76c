/**
 * A terminal's non-volatile memory as provisioning leaves it: formatted, with a key-encryption key, the generator's first seed, an
 * empty journal, one pair's key and the operator key of the deck's cards, both marked as made for development unless told otherwise. By
 * the firmware's own store, on the world's chips, before the first boot.
 */
import { CCM_NONCE_BYTES } from "../../firmware/protocol/aes-ccm.ts";
import { DRBG_STATE_BYTES } from "../../firmware/protocol/hmac-drbg.ts";
import { BackupMap } from "../../firmware/service/backup-map.ts";
import { Configuration, Setting, Switch } from "../../firmware/service/configuration.ts";
import { Journal } from "../../firmware/service/journal.ts";
import { JOURNAL_KEY_BYTES } from "../../firmware/service/journal-key.ts";
import { OperatorKey } from "../../firmware/service/operator-key.ts";
import { Pair } from "../../firmware/service/pair.ts";
import { PairKeys } from "../../firmware/service/pair-keys.ts";
import { RandomBits } from "../../firmware/service/random-bits.ts";
import { StoreError } from "../../firmware/service/store.ts";
import { MODEL_OPERATOR_KEY } from "../card/apps/operator-card.ts";
import { NODE_NATIVES } from "../engine/node-natives.ts";
import type { World } from "./world.ts";
import { storeOf } from "./world-store.ts";

/** Names of `[A-Z0-9-]{1,16}`, a key of 32 bytes. */
export interface ProvisionedPair {
  readonly terminal: string;
  readonly counter: string;
  readonly psk: Uint8Array;
  /** `SECRET_BYTES` that only this terminal has; without them the world's seed makes them. */
  readonly secrets?: Uint8Array;
  /** Checks are for the operator who is signed in alone. */
  readonly operatorsRequired?: boolean;
  /** Its keys have no mark of development, so that a town image takes them: tests alone have such. */
  readonly forTown?: boolean;
}

const KEK_BYTES = 16;
/** Key-encryption key, generator's seed, nonce of the pair's key, the journal's first key, nonce of the operator key. */
const SECRETS = [KEK_BYTES, DRBG_STATE_BYTES, CCM_NONCE_BYTES, JOURNAL_KEY_BYTES, CCM_NONCE_BYTES];
const JOURNAL_KEY = 3;
export const SECRET_BYTES = SECRETS.reduce((sum, length) => sum + length);

/** K(1) among `secrets`, which the auditor keeps outside of the terminal: whoever has it can verify the journal, and write one. */
export function journalKeyOf(secrets: Uint8Array): Uint8Array {
  return cut(secrets, SECRETS)[JOURNAL_KEY]!;
}

export function provision(world: World, pair: ProvisionedPair): void {
  const { store, backup, noise, ccm, hmac, hkdf } = storeOf(world);
  const secrets = pair.secrets ?? madeUp(world);
  const [kek, seed, nonce, journalKey, operatorNonce] = cut(secrets, SECRETS);
  backup.forgetOpening();
  backup.write(BackupMap.KeyEncryptionKey, KEK_BYTES, kek!);
  sound(store.format());
  const wrap = { store, backup, ccm, hkdf, takesDevelopment: pair.forTown !== true };
  store.begin();
  new RandomBits(NODE_NATIVES, { store, backup, noise, hmac }).putSeed(seed!);
  new PairKeys(NODE_NATIVES, wrap).put(0, named(pair), pair.psk, nonce!);
  new OperatorKey(NODE_NATIVES, { ...wrap, hkdf, hmac }).put(MODEL_OPERATOR_KEY, operatorNonce!);
  if (pair.operatorsRequired === true)
    new Configuration(NODE_NATIVES, store).put(Setting.OperatorsRequired, Switch.On);
  new Journal(NODE_NATIVES, { store, backup, ccm, hmac }).putFirst(journalKey!);
  sound(store.commit());
}

function named({ terminal, counter }: ProvisionedPair): Pair {
  const made = new Pair(NODE_NATIVES);
  made.terminal.set(Buffer.from(terminal), 0, terminal.length);
  made.counter.set(Buffer.from(counter), 0, counter.length);
  return made;
}

function cut(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  let at = 0;
  return lengths.map((length) => bytes.slice(at, (at += length)));
}

/** A function of the world's seed, so that scenarios give the same trace again. */
function madeUp(world: World): Uint8Array {
  return world.noise(SECRET_BYTES);
}

function sound(error: StoreError): void {
  if (error !== StoreError.None)
    throw new Error(`the terminal's memory cannot be provisioned: error ${error}`);
}
