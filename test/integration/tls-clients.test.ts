/** Stock TLS clients at the terminal's TLS server: handshake, data both ways, close; and the alerts that wrong settings get. */
import { spawn } from "node:child_process";
import { constants } from "node:crypto";
import { once } from "node:events";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import { TlsAlert } from "../../firmware/protocol/tls.ts";
import { IDENTITY, PSK, TlsStation } from "../interop/tls-station.ts";

const test = suite("TLS clients");
const station = new TlsStation();
const LINE = "まど口 to and fro\n";
const GNUTLS_PRIORITY =
  "NONE:+VERS-TLS1.3:+PSK:+AES-128-CCM:+AEAD:+SHA256:+GROUP-X25519:+SIGN-ECDSA-SECP256R1-SHA256";
/** A client ends by itself well before. */
const LIMIT_MS = 30_000;
let port = 0;

test.before(async () => {
  port = await station.listen();
});

test.after(() => station.close());

interface Ended {
  readonly said: string;
  readonly code: number | null;
}

/** Runs a client, sends LINE once `ready` is said, ends its input when the line has come back. */
function runClient(command: string, args: readonly string[], ready: RegExp): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    let said = "";
    let isSent = false;
    const limit = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`${command}: no end in ${LIMIT_MS} ms\n${said}`));
    }, LIMIT_MS);
    const look = (text: string): void => {
      said += text;
      if (!isSent && ready.test(said)) {
        isSent = true;
        child.stdin.write(LINE);
      }
      if (said.includes(LINE)) child.stdin.end();
    };
    child.stdout.setEncoding("utf8").on("data", look);
    child.stderr.setEncoding("utf8").on("data", look);
    child.stdin.on("error", () => undefined);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(limit);
      resolve({ said, code });
    });
  });
}

function openssl(...more: readonly string[]): Promise<Ended> {
  const key = ["-psk", PSK.toString("hex"), "-psk_identity", IDENTITY];
  const shape = ["-tls1_3", "-allow_no_dhe_kex", "-groups", "X25519"];
  const suites = ["-ciphersuites", "TLS_AES_128_CCM_SHA256"];
  const args = ["s_client", "-connect", `127.0.0.1:${port}`, ...key, ...shape, ...suites, ...more];
  return runClient("openssl", args, /Verification|Reused/);
}

function gnutls(key: string, identity = IDENTITY): Promise<Ended> {
  const psk = ["--pskusername", identity, "--pskkey", key, "--priority", GNUTLS_PRIORITY];
  return runClient("gnutls-cli", [...psk, "-p", String(port), "127.0.0.1"], /Handshake was completed/);
}

function lastAlerts(): readonly TlsAlert[] {
  const server = station.servers.at(-1)!;
  return [server.alertSent, server.alertReceived];
}

test("openssl s_client: handshake, data both ways, close", async () => {
  const { said, code } = await openssl();
  match(said, /Reused, TLSv1.3, Cipher is TLS_AES_128_CCM_SHA256/);
  match(said, LINE);
  is(code, 0);
  equal(lastAlerts(), [TlsAlert.CloseNotify, TlsAlert.CloseNotify]);
});

test("openssl s_client without middlebox mode, and with a key update of its own", async () => {
  is((await openssl("-no_middlebox")).code, 0);
  equal(lastAlerts(), [TlsAlert.CloseNotify, TlsAlert.CloseNotify]);
});

test("gnutls-cli: handshake, data both ways, close", async () => {
  const { said, code } = await gnutls(PSK.toString("hex"));
  match(said, /TLS1\.3/);
  match(said, /AES-128-CCM/);
  match(said, LINE);
  is(code, 0);
  equal(lastAlerts(), [TlsAlert.CloseNotify, TlsAlert.CloseNotify]);
});

test("a wrong key is decrypt_error and an unknown identity unknown_psk_identity, for every client", async () => {
  const wrong = Buffer.alloc(32, 1).toString("hex");
  is((await openssl("-psk", wrong)).code, 1);
  equal(lastAlerts(), [TlsAlert.DecryptError, TlsAlert.None]);
  is((await openssl("-psk_identity", "somebody")).code, 1);
  equal(lastAlerts(), [TlsAlert.UnknownPskIdentity, TlsAlert.None]);
  is((await gnutls(wrong)).code, 1);
  equal(lastAlerts(), [TlsAlert.DecryptError, TlsAlert.None]);
  is((await gnutls(PSK.toString("hex"), "somebody")).code, 1);
  equal(lastAlerts(), [TlsAlert.UnknownPskIdentity, TlsAlert.None]);
});

const NEXT = Buffer.alloc(32, 0xa1);

test("while the next key is good as well, every client gets in with either, and with a third one with neither", async () => {
  const both = [TlsAlert.CloseNotify, TlsAlert.CloseNotify];
  station.next = NEXT;
  for (const [psk, isNext] of [
    [PSK, false],
    [NEXT, true],
  ] as const) {
    const hex = psk.toString("hex");
    is((await openssl("-psk", hex)).code, 0, "openssl");
    equal([lastAlerts(), station.isNextUsed], [both, isNext]);
    is((await gnutls(hex)).code, 0, "gnutls");
    equal([lastAlerts(), station.isNextUsed], [both, isNext]);
    station.isNextUsed = !isNext;
    const socket = node({ pskCallback: () => ({ psk, identity: IDENTITY }) });
    is(await refusalOf(socket), "connected");
    is(socket.isSessionReused(), true);
    socket.write(LINE);
    await once(socket, "data");
    socket.end();
    await once(socket, "close");
    equal([lastAlerts(), station.isNextUsed], [both, isNext], "Node");
  }
  const wrong = Buffer.alloc(32, 1);
  is((await openssl("-psk", wrong.toString("hex"))).code, 1);
  equal(lastAlerts(), [TlsAlert.DecryptError, TlsAlert.None]);
  is((await gnutls(wrong.toString("hex"))).code, 1);
  equal(lastAlerts(), [TlsAlert.DecryptError, TlsAlert.None]);
  match(
    await refusalOf(node({ pskCallback: () => ({ psk: wrong, identity: IDENTITY }) })),
    /^ERR_SSL_.*DECRYPT/,
  );
  station.next = undefined;
  is((await openssl("-psk", NEXT.toString("hex"))).code, 1, "without the mark the next key is a wrong one");
  equal(lastAlerts(), [TlsAlert.DecryptError, TlsAlert.None]);
});

function node(more: Partial<ConnectionOptions>): TLSSocket {
  return connect({
    host: "127.0.0.1",
    port,
    minVersion: "TLSv1.3",
    ciphers: "TLS_AES_128_CCM_SHA256",
    ecdhCurve: "X25519",
    secureOptions: constants.SSL_OP_ALLOW_NO_DHE_KEX,
    pskCallback: () => ({ psk: PSK, identity: IDENTITY }),
    checkServerIdentity: () => new Error("a certificate where a key is wanted"),
    ...more,
  });
}

/** Resolves with what went wrong. */
function refusalOf(socket: TLSSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.on("error", (error: Error & { code?: string }) => resolve(error.code ?? error.message));
    socket.on("secureConnect", () => resolve("connected"));
  });
}

test("Node's TLS: handshake, 3,000 bytes both ways, close", async () => {
  const sent = Buffer.alloc(3000, "mado");
  const socket = node({});
  const back = await new Promise<Buffer>((resolve, reject) => {
    const came: Buffer[] = [];
    socket.on("error", reject);
    socket.on("secureConnect", () => {
      is(socket.isSessionReused(), true);
      socket.setMaxSendFragment(512);
      socket.write(sent);
    });
    socket.on("data", (bytes: Buffer) => {
      came.push(bytes);
      if (came.reduce((sum, one) => sum + one.length, 0) === sent.length) socket.end();
    });
    socket.on("close", () => resolve(Buffer.concat(came)));
  });
  is(back.equals(sent), true);
  equal(lastAlerts(), [TlsAlert.CloseNotify, TlsAlert.CloseNotify]);
});

test("Node's TLS with settings that do not fit gets handshake_failure, and the next client is served", async () => {
  const cases: readonly [Partial<ConnectionOptions>, TlsAlert][] = [
    [{ secureOptions: 0 }, TlsAlert.HandshakeFailure],
    [{ ciphers: "TLS_AES_256_GCM_SHA384" }, TlsAlert.HandshakeFailure],
    [{ pskCallback: undefined }, TlsAlert.HandshakeFailure],
    [{ minVersion: "TLSv1.2", maxVersion: "TLSv1.2", ciphers: "PSK" }, TlsAlert.ProtocolVersion],
  ];
  for (const [settings, alert] of cases) {
    const refusal = await refusalOf(node(settings));
    match(refusal, /^ERR_SSL_/);
    equal(lastAlerts(), [alert, TlsAlert.None], JSON.stringify(Object.keys(settings)));
  }
  is((await openssl()).code, 0);
});

test.run();
