/**
 * `--firewall substitute`: OpenSC's jpki driver cannot use a PIN pad and sends a PIN of the host. The terminal holds that
 * VERIFY, asks the person, and sends the typed digits instead: unmodified software works and still sees no PIN.
 */
import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { is, match, not, ok } from "uvu/assert";
import { MODEL_CERTIFICATES } from "../../host-sim/card/apps/model-credentials.ts";
import { AUTH_PIN, connectJpki, QUERY } from "./pcsc/jpki.ts";
import type { PcscStation } from "./pcsc/pcsc-station.ts";
import { asLogged, stationSuite } from "./pcsc/station-suite.ts";

const suite = stationSuite("keypad substitution", ["--card", "mynumber", "--firewall", "substitute"]);
/** The PIN that the host sends: anything of the right length, and not the card's. */
const HOST_PIN = "0000";
const TEXT = "窓口で署名する文\n";

/** The pad hidden, so that OpenSC sends the PIN of its command line. */
function withoutPad(station: PcscStation): { OPENSC_CONF: string } {
  const path = join(station.directory, "opensc.conf");
  writeFileSync(path, "app default {\n  reader_driver pcsc {\n    enable_pinpad = false;\n  }\n}\n");
  return { OPENSC_CONF: path };
}

/** DigestInfo of SHA-256 (RFC 8017, 9.2), which RSA-PKCS of PKCS #11 expects, made by openssl. */
async function writeDigestInfo(station: PcscStation): Promise<string> {
  const text = join(station.directory, "text");
  writeFileSync(text, TEXT);
  const digest = join(station.directory, "digest");
  await station.run(["openssl", "dgst", "-sha256", "-binary", "-out", digest, text]);
  const prefix = Buffer.from("3031300d060960864801650304020105000420", "hex");
  const info = join(station.directory, "digest-info");
  writeFileSync(info, Buffer.concat([prefix, readFileSync(digest)]));
  return info;
}

function sign(input: string, output: string): string[] {
  const login = ["pkcs11-tool", "--module", "opensc-pkcs11.so", "-l", "--pin", HOST_PIN];
  return [...login, "--sign", "-m", "RSA-PKCS", "--id", "01", "-i", input, "-o", output];
}

suite.test("pkcs11-tool signs with the typed PIN, and openssl verifies it", async (station) => {
  await station.types(`${AUTH_PIN}E`);
  const info = await writeDigestInfo(station);
  const signature = join(station.directory, "signature");
  await station.run(sign(info, signature), { env: withoutPad(station) });
  is(readFileSync(signature).length, 256);
  const der = Buffer.from(MODEL_CERTIFICATES.auth, "base64");
  const key = join(station.directory, "key.pem");
  writeFileSync(key, new X509Certificate(der).publicKey.export({ type: "spki", format: "pem" }));
  const text = join(station.directory, "text");
  const verify = ["openssl", "dgst", "-sha256", "-verify", key, "-signature", signature, text];
  match(await station.run(verify), /Verified OK/);
});

suite.test("a wrong typed PIN is told as PKCS #11 tells it", async (station) => {
  await station.types("2222E");
  const info = await writeDigestInfo(station);
  const output = await station.run(
    sign(info, join(station.directory, "none")),
    { env: withoutPad(station) },
    1,
  );
  match(output, /CKR_PIN_INCORRECT/);
});

suite.test("取消 on the pad refuses the host's VERIFY and uses no try", async (station, client) => {
  await connectJpki(client);
  const before = await client.transmit(QUERY);
  await station.types("X");
  is(await client.transmit("00 20 00 80 04 30303030"), "6401");
  is(await client.transmit(QUERY), before);
});

suite.test(
  "digits of the host are never verified: the card's own PIN sent by a host asks as well",
  async (station, client) => {
    const before = await client.transmit(QUERY);
    await station.types("2222E");
    const own = Buffer.from(AUTH_PIN).toString("hex");
    const left = Number.parseInt(before.slice(3), 16) - 1;
    is(await client.transmit(`00 20 00 80 04 ${own}`), `63c${left}`);
    // The first E is the last try's confirmation.
    await station.types(`E${AUTH_PIN}E`);
    is(await client.transmit("00 20 00 80 04 30303030"), "9000");
  },
);

suite.test("the host's VERIFY is in the driver's log, the typed digits are not", async (station) => {
  const log = station.driverLog();
  ok(log.includes(asLogged("0020008004")), "the log has the commands");
  not.ok(log.includes(asLogged(Buffer.from("2222").toString("hex"))), "typed digits are in the log");
});

suite.run();
