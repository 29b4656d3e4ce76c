/** What a tab of the terminal has been told. */
import type { TabPeer } from "./page-peer.ts";

export type Entry = Record<string, unknown>;

/** All entries of that type that have come. */
export function entries(tab: TabPeer, type: string): Entry[] {
  return tab.messages.filter((one) => one["type"] === type).flatMap((one) => one["entries"] as Entry[]);
}

export function texts(tab: TabPeer, type: string): string[] {
  return entries(tab, type).map(({ text }) => String(text));
}

export async function stateWith(tab: TabPeer, isWanted: (state: Entry) => boolean): Promise<void> {
  await tab.message((one) => one["type"] === "state" && isWanted(one));
}

export function refusals(tab: TabPeer): string[] {
  return tab.messages.filter(({ type }) => type === "refused").map((one) => JSON.stringify(one));
}
