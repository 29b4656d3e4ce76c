/**
 * Debian's vicc, an independent card, in the slot over the vpcd protocol: its PIN is typed on the pad, and only vicc and the
 * card's wire ever see it.
 */
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { is, match } from "uvu/assert";
import { LoggedProcess } from "./pcsc/logged-process.ts";
import { VERIFY_PIN_DIRECT } from "./pcsc/pcsc-client.ts";
import type { PcscStation } from "./pcsc/pcsc-station.ts";
import { verifyStructure } from "./pcsc/pin-structures.ts";
import { stationSuite } from "./pcsc/station-suite.ts";

/** Port 0: any free one, which `state` names. */
const suite = stationSuite("vicc in the slot", ["--card", "vpcd:0"]);
const VIRTUAL_SMARTCARD = "/usr/lib/python3/site-packages/virtualsmartcard";
const CRYPTODOME = "/usr/lib/python3/dist-packages/Cryptodome";
const VERIFY = "00 20 00 01";
const ISO7816_ATR = "3b951381018073ff01000b";
let vicc: LoggedProcess | undefined;

/** Debian's vicc looks for its own modules and for `Crypto` in places where Debian does not put them. */
function startVicc(station: PcscStation, port: string): LoggedProcess {
  const shim = join(station.directory, "shim");
  mkdirSync(shim);
  symlinkSync(CRYPTODOME, join(shim, "Crypto"));
  const env = { PYTHONPATH: `${shim}:${VIRTUAL_SMARTCARD}` };
  const command = ["/usr/bin/vicc", "--type", "iso7816", "--hostname", "127.0.0.1", "--port", port];
  // It asks one question, whether to make a card; then it needs no more input.
  const started = new LoggedProcess("vicc", command, { env });
  started.child.stdin.write("yes\n\n");
  return started;
}

suite.test("vicc connects and is a card in the slot", async (station, client) => {
  const waiting = String((await station.sim.do({ do: "state" }))["waiting"]);
  const port = /^vpcd:(\d+)$/.exec(waiting)?.[1] ?? "";
  vicc = startVicc(station, port);
  is(await client.waitCard(true), ISO7816_ATR);
  match(await station.run(["opensc-tool", "-a"]), /^3b:95:13:81:01:80:73:ff:01:00:0b$/m);
});

suite.test("its PIN typed on the pad gives 9000", async (station, client) => {
  await client.connect();
  await station.types("1234E");
  is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "9000");
});

suite.test("a wrong PIN typed on the pad is refused by vicc, the host's own by the terminal", async (station, client) => {
  await station.types("4321E");
  is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "6300");
  is(await client.transmit(`${VERIFY} 04 31323334`), "6985");
  await station.types("1234E");
  is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "9000");
  match(await client.transmit("00 84 00 00 08"), /^[0-9a-f]{16}9000$/);
});

suite.test("vicc's end takes the card out, and a new one puts it in again", async (station, client) => {
  await vicc?.stop();
  await client.waitCard(false);
  is((await station.sim.do({ do: "state" }))["card"], "none");
});

suite.run();
