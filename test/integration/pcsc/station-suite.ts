/** A uvu suite around one station: started before its tests, closed after them, its logs shown when one fails. */
import { suite } from "uvu";
import type { PcscClient } from "./pcsc-client.ts";
import { PcscStation, type StationOptions } from "./pcsc-station.ts";

export interface StationSuite {
  /** A test with the station, and one pyscard client of the whole suite. */
  test(name: string, body: (station: PcscStation, client: PcscClient) => Promise<void>): void;
  run(): void;
}

/** Bytes given in hexadecimal, as libccid's log writes them. */
export function asLogged(hex: string): string {
  return (hex.toUpperCase().match(/../g) ?? []).join(" ");
}

/** `flags` of the simulator, such as `--card mynumber`. */
export function stationSuite(
  name: string,
  flags: readonly string[],
  more: Pick<StationOptions, "sealed"> = {},
): StationSuite {
  const tests = suite(name);
  let station: PcscStation | undefined;
  let client: PcscClient | undefined;
  let reason: unknown;
  // uvu says nothing of an error in `before`: each test tells it instead.
  tests.before(async () => {
    try {
      station = await PcscStation.open({ flags, log: "full", ...more });
      client = station.client();
    } catch (error) {
      reason = error;
    }
  });
  tests.after(async () => {
    await station?.close();
  });
  return {
    test(name, body) {
      tests(name, async () => {
        if (station === undefined || client === undefined) throw reason;
        try {
          await body(station, client);
        } catch (error) {
          console.log(station.tails());
          throw error;
        }
      });
    },
    run() {
      tests.run();
    },
  };
}
