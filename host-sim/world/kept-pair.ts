/** Whether a kept memory is that of a terminal which shares a counter's key, and how it was provisioned: looked at by the firmware's own store, on a copy. */
import { Configuration, Setting } from "../../firmware/service/configuration.ts";
import { PSK_BYTES, PairKeys } from "../../firmware/service/pair-keys.ts";
import { PSK_UNKNOWN } from "../../firmware/protocol/tls-handshake.ts";
import { StoreError } from "../../firmware/service/store.ts";
import { NODE_NATIVES } from "../engine/node-natives.ts";
import { loadMemory, type TerminalMemory } from "./terminal-memory.ts";
import { World } from "./world.ts";
import { storeOf } from "./world-store.ts";

/**
 * `fits`: the terminal has this key, or waits for its first use after a rekey; `other`: it has another, or none under this name; `opened`: the case was opened, which has
 * taken every key; `unreadable`: the memory holds no store of this firmware.
 */
export type PairFit = "fits" | "other" | "opened" | "unreadable";

/** Whether checks are for the operator who is signed in alone. */
export const OPERATOR_RULES = ["optional", "required"] as const;
export type OperatorRule = (typeof OPERATOR_RULES)[number];

/** Of a memory that fits. */
export function operatorRule(memory: TerminalMemory): OperatorRule {
  const world = new World(1);
  loadMemory(world, memory);
  const { store } = storeOf(world);
  const isRead = store.recover() === StoreError.None;
  const configuration = new Configuration(NODE_NATIVES, store);
  return isRead && configuration.isOn(Setting.OperatorsRequired) ? "required" : "optional";
}

export function pairFit(
  memory: TerminalMemory,
  pair: { readonly identity: string; readonly psk: Uint8Array },
): PairFit {
  const world = new World(1);
  loadMemory(world, memory);
  const { store, backup, ccm, hkdf } = storeOf(world);
  if (backup.wasOpened()) return "opened";
  if (store.recover() !== StoreError.None) return "unreadable";
  const keys = new PairKeys(NODE_NATIVES, { store, backup, ccm, hkdf, takesDevelopment: true });
  const identity = Buffer.from(pair.identity);
  const index = keys.find(identity, 0, identity.length);
  const psk = new Uint8Array(PSK_BYTES);
  const isSame = (isRead: boolean): boolean => isRead && Buffer.compare(psk, pair.psk) === 0;
  const fits = index !== PSK_UNKNOWN && (isSame(keys.read(index, psk)) || isSame(keys.readNext(index, psk)));
  psk.fill(0);
  return fits ? "fits" : "other";
}
