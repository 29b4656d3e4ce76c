/** A simulator with its page in this process, live as `make sim` runs it. */
import type { Test } from "uvu";
import { parseOptions, type SimOptions } from "../../../host-sim/cli/options.ts";
import { Station } from "../../../host-sim/cli/station.ts";
import { TerminalChannel } from "../../../host-sim/page/terminal-channel.ts";
import { PageServer } from "../../../host-sim/page/page-server.ts";
import { TabPeer } from "./page-peer.ts";

export interface PageStation {
  readonly station: Station;
  readonly channel: TerminalChannel;
  readonly server: PageServer;
  readonly failures: unknown[];
  /** Terminals for replays: those that were made, and those that were closed. */
  readonly made: Station[];
  readonly closed: Station[];
  /** Sees each of them before it is opened. */
  onFresh: (station: Station) => void;
  tab(): Promise<TabPeer>;
  close(): void;
}

/** Starts them for the tests of `test`, and ends each behind the test that has asked for it. */
export function stationsOf(test: Test): (...flags: readonly string[]) => Promise<PageStation> {
  const open: PageStation[] = [];
  test.after.each(() => {
    for (const one of open.splice(0)) one.close();
  });
  return async (...flags) => {
    const made = await pageStation(...flags);
    open.push(made);
    return made;
  };
}

async function pageStation(...flags: readonly string[]): Promise<PageStation> {
  const options: SimOptions = parseOptions(["--mode", "open", ...flags]);
  const failures: unknown[] = [];
  const end = {
    onQuit: () => undefined,
    onFailure: (error: unknown) => failures.push(error),
    onRestart: () => undefined,
  };
  const places = { line: { kind: "inproc" }, control: { kind: "none" } } as const;
  const station = new Station({ ...options, ...places }, end);
  const fresh = (): Station => {
    const one = new Station({ ...options, ...places, card: "none" }, end);
    const close = one.close.bind(one);
    one.close = () => {
      result.closed.push(one);
      close();
    };
    result.made.push(one);
    result.onFresh(one);
    return one;
  };
  const channel = new TerminalChannel(station, { options, fresh });
  await station.open();
  const server = new PageServer({
    files: new Map(),
    channels: { terminal: channel },
    port: 0,
    onFailure: (error) => failures.push(error),
  });
  await server.open();
  const tabs: TabPeer[] = [];
  const result: PageStation = {
    station,
    channel,
    server,
    failures,
    made: [],
    closed: [],
    onFresh: () => undefined,
    tab: async () => {
      const tab = await TabPeer.open(server.address, "terminal");
      tabs.push(tab);
      return tab;
    },
    close: () => {
      for (const tab of tabs) tab.end();
      server.close();
      channel.close();
      station.close();
    },
  };
  return result;
}
