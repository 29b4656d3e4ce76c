/**
 * Unmodified pcscd, OpenSC and PC/SC part 10 over the sealed line: the bridge of the counter client before the development image;
 * and what of such a day can be read on the wire.
 */
import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { is, match, not, ok } from "uvu/assert";
import { MODEL_CERTIFICATES } from "../../host-sim/card/apps/model-credentials.ts";
import {
  COMMON_AID,
  JPKI_AID,
  JUKI_AID,
  SURFACE_INPUT_AID,
} from "../../host-sim/card/apps/my-number-card.ts";
import { AUTH_PIN, connectJpki, MY_NUMBER_ATR, QUERY, VERIFY } from "./pcsc/jpki.ts";
import { VERIFY_PIN_DIRECT } from "./pcsc/pcsc-client.ts";
import type { PcscStation } from "./pcsc/pcsc-station.ts";
import { verifyStructure } from "./pcsc/pin-structures.ts";
import { asLogged, stationSuite } from "./pcsc/station-suite.ts";
import { cardBytes, carried, lineBytes, windowsOf } from "./pcsc/wire-record.ts";

/** opensc-explorer's exit code after a failed command. */
const FAILED = 255;
/** The driver asks for the slot every second or so: then the bridge notices, and calls again. */
const RECOVERY_LIMIT_MS = 30_000;
const IDENTITY = "madoguchi 1|SIMULATOR|COUNTER-1";
/** What the shared files hold: 券面事項入力補助 number and name, and the serial of 共通AP. */
const RESIDENT = ["123456789018", "窓口　花子", "Model user 0001", "100020003000417"];
const SURFACE_PIN = "2468";
const NOBODY = 65534;
const TYPED = [AUTH_PIN, SURFACE_PIN, "9999", "2222"];

const suite = stationSuite("sealed line before stock PC/SC software", ["--card", "mynumber"], {
  sealed: true,
});

async function explore(station: PcscStation, exitCode: number): Promise<string> {
  const script = join(station.directory, "script");
  writeFileSync(script, "apdu 00A4020C020018\nverify CHV128\n");
  return station.run(["opensc-explorer", "-c", "default", "-m", `aid:${JPKI_AID}`, script], {}, exitCode);
}

suite.test("the reader's pty is this user's alone, in a directory that nobody else may enter", (station) => {
  const tty = statSync(join(station.directory, "tty"));
  is(tty.isCharacterDevice(), true);
  is(tty.mode & 0o777, 0o600);
  is(tty.uid, process.getuid?.());
  is(statSync(station.directory).mode & 0o077, 0);
  return Promise.resolve();
});

// Root alone can become somebody else; for everybody else the permissions above say it.
if (process.getuid?.() === 0)
  suite.test("another user cannot open the reader's pty, wherever its name is known", (station) => {
    const [device, open] = [realpathSync(join(station.directory, "tty")), ': <> "$1"'];
    const asUser = (uid: number) => {
      const become = [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"];
      return spawnSync("setpriv", [...become, "sh", "-c", open, "sh", device], { encoding: "utf8" });
    };
    is(asUser(0).status, 0);
    const other = asUser(NOBODY);
    not.equal(other.status, 0);
    match(other.stderr, /[Pp]ermission denied/);
    return Promise.resolve();
  });

suite.test("opensc-tool lists a reader with a PIN pad and shows the card's ATR", async (station) => {
  match(await station.run(["opensc-tool", "-l"]), /^0 +Yes +PIN pad +Madoguchi 00 00$/m);
  match(await station.run(["opensc-tool", "-a"]), /^3b:e0:00:ff:81:31:fe:45:14$/m);
});

suite.test("pkcs15-tool reads the authentication certificate", async (station) => {
  const output = await station.run(["pkcs15-tool", "--read-certificate", "01"]);
  const pem = /-----BEGIN CERTIFICATE-----[^]*-----END CERTIFICATE-----/.exec(output)?.[0] ?? "";
  is(new X509Certificate(pem).raw.toString("base64"), MODEL_CERTIFICATES.auth);
});

suite.test("opensc-explorer verify asks the pad: right, wrong with the tries left, 取消", async (station) => {
  await station.types(`${AUTH_PIN}E`);
  const right = await explore(station, 0);
  match(right, /Please enter PIN on the reader's pin pad/);
  match(right, /Code correct/);
  await station.types("9999E");
  match(await explore(station, FAILED), /2 tries left/i);
  await station.types("13X");
  not.match(await explore(station, FAILED), /Code correct|tries left/);
  await station.types(`${AUTH_PIN}E`);
  match(await explore(station, 0), /Code correct/);
});

suite.test(
  "FEATURE_VERIFY_PIN_DIRECT: right, wrong, cancelled, and after its time",
  async (station, client) => {
    is(await client.waitCard(true), MY_NUMBER_ATR);
    await connectJpki(client);
    await station.types(`${AUTH_PIN}E`);
    is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "9000");
    await station.types("2222E");
    is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "63c2");
    await station.types("13X");
    is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "6401");
    await station.types("");
    is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY, { timeOutS: 2 })), "6400");
    is(await client.transmit(QUERY), "63c2");
    await station.types(`${AUTH_PIN}E`);
    is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "9000");
  },
);

suite.test("a VERIFY with the host's own digits is refused and uses no try", async (_station, client) => {
  is(await client.transmit("00 20 00 80 04 39393939"), "6985");
  is(await client.transmit("00 24 01 80 04 39393939"), "6985");
});

suite.test("a resident's number and name are read after their PIN was typed", async (station, client) => {
  await client.disconnect();
  await client.connect();
  is(await client.transmit(`00 A4 04 0C 0A ${SURFACE_INPUT_AID}`), "9000");
  is(await client.transmit("00 A4 02 0C 02 0011"), "9000");
  await station.types(`${SURFACE_PIN}E`);
  is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "9000");
  for (const [file, held] of [
    ["0001", RESIDENT[0]],
    ["0002", RESIDENT[1]],
  ]) {
    is(await client.transmit(`00 A4 02 0C 02 ${file}`), "9000");
    const answer = Buffer.from(await client.transmit("00 B0 00 00 20"), "hex").toString("utf8");
    ok(answer.includes(held ?? ""), `file ${file}`);
  }
  await client.transmit(`00 A4 04 0C 0A ${JUKI_AID}`);
  await client.transmit(`00 A4 04 0C 0A ${COMMON_AID}`);
  is(await client.transmit("00 A4 02 0C 02 0001"), "9000");
  await client.transmit("00 B2 01 04 00");
  await client.disconnect();
});

suite.test(
  "a terminal that loses its power is a card that was pulled, and then the reader goes on",
  async (station) => {
    const { bridge } = station;
    if (bridge === undefined) throw new Error("no bridge");
    const from = bridge.output().length;
    const driverFrom = station.driverLog().length;
    await station.sim.do({ do: "power", on: false });
    await station.sim.do({ do: "power", on: true });
    await bridge.waitFor(/session lost: .*started again.*\n[^]*session open again/, RECOVERY_LIMIT_MS, from);
    await station.driverSays(/Card Removed From [^]*Card inserted into [^]*Card ATR: /, driverFrom);
    match(await station.run(["opensc-tool", "-a"]), /^3b:e0:00:ff:81:31:fe:45:14$/m);
    await station.types(`${AUTH_PIN}E`);
    match(await explore(station, 0), /Code correct/);
  },
);

/** What nobody on the wire may read, by name. */
function secrets(): (readonly [string, Buffer])[] {
  const selects = [JUKI_AID, COMMON_AID, SURFACE_INPUT_AID, JPKI_AID].map((aid) => `00a4040c0a${aid}`);
  const verifies = TYPED.map((pin) => `0020008004${Buffer.from(pin).toString("hex")}`);
  return [
    ...TYPED.map((pin) => ["digits of a PIN", Buffer.from(pin)] as const),
    ...[...selects, ...verifies].map((hex) => [hex, Buffer.from(hex, "hex")] as const),
    ...RESIDENT.map((held) => [held, Buffer.from(held, "utf8")] as const),
  ];
}

function hasPieceOf(certificate: Set<string>, bytes: Buffer): boolean {
  return [...windowsOf(bytes)].some((window) => certificate.has(window));
}

suite.test("the wire of this day shows who speaks, and nothing of what was said", async (station) => {
  const driver = station.driverLog();
  await station.sim.stop();
  const trace = readFileSync(join(station.directory, "trace"), "utf8");
  const wires = (["line-in", "line-out"] as const).map((direction) => lineBytes(trace, direction));
  const [fromPc = Buffer.alloc(0), toPc = Buffer.alloc(0)] = wires.map(carried);
  ok(fromPc.length > 3000 && toPc.length > 3000, `${fromPc.length} and ${toPc.length} bytes`);
  is(fromPc.includes(IDENTITY), true, "the pair's names are in the clear, as docs/security.md says");
  const certificate = windowsOf(Buffer.from(MODEL_CERTIFICATES.auth, "base64"));
  for (const bytes of [...wires, fromPc, toPc]) {
    for (const [name, secret] of secrets()) is(bytes.includes(secret), false, name);
    is(hasPieceOf(certificate, bytes), false, "a piece of a certificate");
  }
  // The same search finds what it looks for where it is in the clear: at the driver, and on the card's contact.
  for (const aid of [JPKI_AID, SURFACE_INPUT_AID])
    ok(driver.includes(asLogged(`00a4040c0a${aid}`)), `the driver has sent SELECT ${aid}`);
  const card = cardBytes(trace);
  is(hasPieceOf(certificate, card), true, "the card has sent its certificate");
  for (const held of RESIDENT) is(card.includes(held), true, held);
});

suite.run();
