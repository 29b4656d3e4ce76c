/** `--pace real`: stock software works with wires that take their time as it does unpaced. */
import { performance } from "node:perf_hooks";
import { is, match, ok } from "uvu/assert";
import { MODEL_CERTIFICATES } from "../../host-sim/card/apps/model-credentials.ts";
import { AUTH_PIN, connectJpki, VERIFY } from "./pcsc/jpki.ts";
import { VERIFY_PIN_DIRECT } from "./pcsc/pcsc-client.ts";
import { verifyStructure } from "./pcsc/pin-structures.ts";
import { stationSuite } from "./pcsc/station-suite.ts";

const suite = stationSuite("stock software at real pace", ["--card", "mynumber", "--pace", "real"]);
/** 11 etu of 372 clocks at 3.5712 MHz: the fewest that T=1 allows (ISO/IEC 7816-3:2006, 11.2). */
const CHARACTER_MS = (11 * 372) / 3571.2;

suite.test("a certificate takes at least the time of its characters on the card's wire", async (station) => {
  const begin = performance.now();
  match(await station.run(["pkcs15-tool", "--read-certificate", "01"]), /END CERTIFICATE/);
  const characters = Buffer.from(MODEL_CERTIFICATES.auth, "base64").length;
  ok(performance.now() - begin >= characters * CHARACTER_MS);
});

suite.test("a PIN typed on the pad gives 9000", async (station, client) => {
  await connectJpki(client);
  await station.types(`${AUTH_PIN}E`);
  is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "9000");
});

suite.run();
