/**
 * Debian's vicc, an independent card, in the slot over the vpcd protocol: its PIN is typed on the pad, and only vicc and the
 * card's wire ever see it.
 */
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { is, match } from "uvu/assert";
import type { LoggedProcess } from "./pcsc/logged-process.ts";
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
async function startVicc(station: PcscStation): Promise<LoggedProcess> {
  const shim = join(station.directory, "shim");
  mkdirSync(shim, { recursive: true });
  const crypto = join(shim, "Crypto");
  if (!existsSync(crypto)) symlinkSync(CRYPTODOME, crypto);
  const env = { PYTHONPATH: `${shim}:${VIRTUAL_SMARTCARD}` };
  const { waiting } = await station.sim.do({ do: "state" });
  const port = /^vpcd:(\d+)$/.exec(String(waiting))?.[1] ?? "none";
  const command = ["/usr/bin/vicc", "--type", "iso7816", "--hostname", "127.0.0.1", "--port", port];
  // Its one question is whether to make a card.
  return station.start(command, { env, stdin: "yes\n\n" });
}

suite.test("vicc connects and is a card in the slot", async (station, client) => {
  vicc = await startVicc(station);
  is(await client.waitCard(true), ISO7816_ATR);
  match(await station.run(["opensc-tool", "-a"]), /^3b:95:13:81:01:80:73:ff:01:00:0b$/m);
});

suite.test("its PIN typed on the pad gives 9000", async (station, client) => {
  await client.connect();
  await station.types("1234E");
  is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "9000");
});

suite.test(
  "a wrong PIN typed on the pad is refused by vicc, the host's own by the terminal",
  async (station, client) => {
    await station.types("4321E");
    is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "6300");
    is(await client.transmit(`${VERIFY} 04 31323334`), "6985");
    await station.types("1234E");
    is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "9000");
    match(await client.transmit("00 84 00 00 08"), /^[0-9a-f]{16}9000$/);
  },
);

suite.test("vicc's end takes the card out, and a new one puts it in again", async (station, client) => {
  await vicc?.stop();
  await client.waitCard(false);
  is((await station.sim.do({ do: "state" }))["card"], "none");
  await startVicc(station);
  is(await client.waitCard(true), ISO7816_ATR);
});

suite.run();
