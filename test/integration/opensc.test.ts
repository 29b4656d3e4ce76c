/** Debian's OpenSC and pcsc-tools, unmodified, see the terminal as a PC/SC reader with a PIN pad and the card in it. */
import { X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { is, match, not, ok } from "uvu/assert";
import { MODEL_CERTIFICATES } from "../../host-sim/card/apps/model-credentials.ts";
import { AUTH_PIN } from "./pcsc/jpki.ts";
import type { PcscStation } from "./pcsc/pcsc-station.ts";
import { asLogged, stationSuite } from "./pcsc/station-suite.ts";

/** opensc-explorer's exit code after a failed command. */
const FAILED = 255;

const suite = stationSuite("stock OpenSC and pcsc-tools", ["--card", "mynumber"]);

/** `verify` of opensc-explorer asks the reader's pad when no PIN is given. */
async function explore(station: PcscStation, exitCode: number): Promise<string> {
  const script = join(station.directory, "script");
  writeFileSync(script, "apdu 00A4020C020018\nverify CHV128\n");
  const jpki = "aid:D392F000260100000001";
  return station.run(["opensc-explorer", "-c", "default", "-m", jpki, script], {}, exitCode);
}

suite.test("opensc-tool -l lists a reader with a PIN pad", async (station) => {
  match(await station.run(["opensc-tool", "-l"]), /^0 +Yes +PIN pad +Madoguchi 00 00$/m);
});

suite.test("opensc-tool -a shows the ATR of the card", async (station) => {
  match(await station.run(["opensc-tool", "-a"]), /^3b:e0:00:ff:81:31:fe:45:14$/m);
});

suite.test("opensc-tool -n knows the card as jpki", async (station) => {
  match(await station.run(["opensc-tool", "-n"]), /jpki/i);
});

suite.test("pcsc_scan -c names the reader and the ATR", async (station) => {
  const output = await station.run(["pcsc_scan", "-c"]);
  match(output, /Madoguchi 00 00/);
  match(output, /ATR: 3B E0 00 FF 81 31 FE 45 14/);
});

suite.test("pkcs15-tool -D dumps the JPKI application", async (station) => {
  const output = await station.run(["pkcs15-tool", "-D"]);
  match(output, /JPKI/);
  match(output, /User Authentication Certificate/);
});

suite.test("pkcs15-tool --list-pins lists the user authentication PIN with its tries", async (station) => {
  const output = await station.run(["pkcs15-tool", "--list-pins"]);
  match(output, /User Authentication PIN/);
  match(output, /Tries left +: 3/);
});

suite.test("pkcs15-tool --read-certificate reads the authentication certificate", async (station) => {
  const output = await station.run(["pkcs15-tool", "--read-certificate", "01"]);
  const pem = /-----BEGIN CERTIFICATE-----[^]*-----END CERTIFICATE-----/.exec(output)?.[0] ?? "";
  const certificate = new X509Certificate(pem);
  is(certificate.raw.toString("base64"), MODEL_CERTIFICATES.auth);
  const file = join(station.directory, "auth.pem");
  writeFileSync(file, pem);
  match(await station.run(["openssl", "x509", "-in", file, "-noout", "-subject"]), /CN = Model user 0001/);
});

suite.test("opensc-explorer verify asks the pad, and the typed PIN is right", async (station) => {
  await station.types(`${AUTH_PIN}E`);
  const output = await explore(station, 0);
  match(output, /Please enter PIN on the reader's pin pad/);
  match(output, /Code correct/);
});

suite.test("a wrong PIN typed on the pad is told with the tries left", async (station) => {
  await station.types("9999E");
  const output = await explore(station, FAILED);
  match(output, /2 tries left/i);
  await station.types(`${AUTH_PIN}E`);
  match(await explore(station, 0), /Code correct/);
});

suite.test("取消 on the pad ends the command without a try", async (station) => {
  await station.types("13X");
  const output = await explore(station, FAILED);
  not.match(output, /Code correct|tries left/);
  match(await station.run(["pkcs15-tool", "--list-pins"]), /Tries left +: 3/);
});

suite.test("no digit typed shows in the log of pcscd and its driver", async (station) => {
  const log = station.driverLog();
  ok(log.includes(asLogged("00200080")), "the log has the bytes of commands");
  for (const typed of [AUTH_PIN, "9999"]) {
    not.ok(log.includes(asLogged(Buffer.from(typed).toString("hex"))), "typed digits are in the log");
  }
});

suite.run();
