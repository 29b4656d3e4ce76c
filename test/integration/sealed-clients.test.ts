/** Stock TLS clients before the sealed simulator, through `counter pipe`: handshake, Hello, a CCID message, close; and who is refused. */
import { constants } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from "node:tls";
import { suite } from "uvu";
import { is, match } from "uvu/assert";
import { readKeyFile, type CounterKey } from "../../host-sim/counter/key-file.ts";
import { TlsAlert } from "../../firmware/protocol/tls.ts";
import { LoggedProcess } from "./pcsc/logged-process.ts";
import { runCounter, startPipe, startSealedSim, type SealedSim } from "./pcsc/sealed-sim.ts";

const LIMIT_MS = 30_000;
/** Hello as role counter under the names of a pair, and GetSlotStatus: docs/protocol.md, "First message each way". */
const HELLO = message(0x6b, 1, Buffer.from("\x4d\x10\x01\x01\x09SIMULATOR\x09COUNTER-1", "latin1"));
const HELLO_DONE = "\x00\x01\x00\x09SIMULATOR\x09COUNTER-1\x01\x00\xff";
const SLOT_STATUS = message(0x65, 2);
/** RDR_to_PC_SlotStatus: no card. */
const NO_CARD = "\x81\0\0\0\0\0\x02\x02\0\0";
const GNUTLS_PRIORITY =
  "NONE:+VERS-TLS1.3:+PSK:+AES-128-CCM:+AEAD:+SHA256:+GROUP-X25519:+SIGN-ECDSA-SECP256R1-SHA256";

function message(type: number, sequence: number, data = Buffer.alloc(0)): Buffer {
  const head = Buffer.from([type, data.length, 0, 0, 0, 0, sequence, 0, 0, 0]);
  return Buffer.concat([head, data]);
}

const test = suite("stock TLS clients before a sealed terminal");
const directory = mkdtempSync(join(tmpdir(), "madoguchi-sealed-"));
const started: LoggedProcess[] = [];
let terminal: SealedSim;
let key: CounterKey;
let port = 0;
let problem: unknown;

test.before(async () => {
  try {
    terminal = await startSealedSim(directory);
    key = readKeyFile(terminal.key);
    const made = await startPipe(terminal);
    started.push(made.pipe);
    port = made.port;
  } catch (error) {
    problem = error;
  }
});
test.before.each(() => {
  if (problem !== undefined) throw problem;
});
test.after(async () => {
  for (const one of started) await one.stop();
  await terminal?.sim.stop();
  rmSync(directory, { recursive: true, force: true });
});

function hex(psk: Uint8Array): string {
  return Buffer.from(psk).toString("hex");
}

/** A stock client as a process; `more` comes last and wins. */
function openssl(...more: readonly string[]): LoggedProcess {
  const keyFlags = ["-psk", hex(key.psk), "-psk_identity", key.identity];
  // Without -nocommands the first byte of a message, k, would be a command of s_client.
  const shape = ["-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256", "-groups", "X25519", "-nocommands"];
  const words = ["openssl", "s_client", "-connect", `127.0.0.1:${port}`, ...keyFlags, ...shape, ...more];
  return kept(new LoggedProcess("openssl", words));
}

const PSK_KE = "-allow_no_dhe_kex";

function gnutls(psk = hex(key.psk), identity = key.identity, priority = GNUTLS_PRIORITY): LoggedProcess {
  return bareGnutls(priority, "--pskusername", identity, "--pskkey", psk);
}

function bareGnutls(priority: string, ...more: readonly string[]): LoggedProcess {
  const words = [...more, "--priority", priority, "-p", String(port), "127.0.0.1"];
  return kept(new LoggedProcess("gnutls-cli", ["gnutls-cli", ...words]));
}

/** Without a key: such a client wants a certificate. */
function bareOpenssl(): LoggedProcess {
  const shape = ["-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256", "-groups", "X25519"];
  return kept(
    new LoggedProcess("openssl", ["openssl", "s_client", "-connect", `127.0.0.1:${port}`, ...shape]),
  );
}

function kept(client: LoggedProcess): LoggedProcess {
  started.push(client);
  return client;
}

/** What a client says whom the pipe has closed at once. */
const CLOSED_AT_ONCE =
  /has read 0 bytes|non-properly terminated|pull function|before secure TLS connection|ECONNRESET|EPIPE/;
const TRIES = 50;

/**
 * A client that has said `what`. The pipe takes one at a time, and closes one that comes before it has seen the last one's end: that
 * one is started again.
 */
async function served(make: () => LoggedProcess, what: RegExp): Promise<LoggedProcess> {
  for (let tried = 1; ; tried++) {
    const client = make();
    const hasSaid = (): boolean => what.test(client.output());
    await client.until(() => hasSaid() || CLOSED_AT_ONCE.test(client.output()), String(what), LIMIT_MS);
    if (hasSaid() || tried === TRIES) return client;
    await client.stop();
  }
}

/** Sends and waits for the answer. */
async function asks(client: LoggedProcess, request: Buffer, answer: string): Promise<void> {
  client.child.stdin.write(request);
  await client.until(() => client.output().includes(answer), "wait for the answer", LIMIT_MS);
}

async function ends(client: LoggedProcess, code: number): Promise<void> {
  client.child.stdin.end();
  await client.waitFor(new RegExp(`ended with ${code}\\n`), LIMIT_MS);
}

test("openssl s_client: handshake, Hello, GetSlotStatus, close", async () => {
  const client = await served(() => openssl(PSK_KE), /Reused, TLSv1\.3, Cipher is TLS_AES_128_CCM_SHA256/);
  await asks(client, HELLO, HELLO_DONE);
  await asks(client, SLOT_STATUS, NO_CARD);
  await ends(client, 0);
});

test("gnutls-cli: handshake, Hello, GetSlotStatus, close", async () => {
  const client = await served(() => gnutls(), /Handshake was completed/);
  match(client.output(), /TLS1\.3.*AES-128-CCM/);
  await asks(client, HELLO, HELLO_DONE);
  await asks(client, SLOT_STATUS, NO_CARD);
  await ends(client, 0);
});

function node(more: Partial<ConnectionOptions> = {}): TLSSocket {
  return connectTls({
    host: "127.0.0.1",
    port,
    minVersion: "TLSv1.3",
    ciphers: "TLS_AES_128_CCM_SHA256",
    ecdhCurve: "X25519",
    secureOptions: constants.SSL_OP_ALLOW_NO_DHE_KEX,
    pskCallback: () => ({ psk: key.psk, identity: key.identity }),
    checkServerIdentity: () => new Error("a certificate where a key is wanted"),
    ...more,
  });
}

/** Resolves with all that came when it holds `answer`. */
function heard(socket: TLSSocket, answer: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let came = "";
    const look = (bytes: Buffer): void => {
      came += bytes.toString("latin1");
      if (!came.includes(answer)) return;
      socket.off("data", look);
      resolve();
    };
    socket.on("data", look).on("error", reject);
  });
}

/** The session, or what went wrong. */
async function nodeOutcome(more: Partial<ConnectionOptions> = {}): Promise<TLSSocket | string> {
  for (let tried = 1; ; tried++) {
    const socket = node(more);
    const outcome = await once(socket, "secureConnect").then(
      () => socket,
      (error: Error) => error.message,
    );
    if (typeof outcome !== "string" || !CLOSED_AT_ONCE.test(outcome) || tried === TRIES) return outcome;
  }
}

async function nodeSession(): Promise<void> {
  const socket = await nodeOutcome();
  if (typeof socket === "string") throw new Error(socket);
  is(socket.isSessionReused(), true);
  const [greeted, told] = [heard(socket, HELLO_DONE), heard(socket, NO_CARD)];
  socket.write(HELLO);
  await greeted;
  socket.write(SLOT_STATUS);
  await told;
  socket.end();
  await once(socket, "close");
  is(socket.readableEnded, true);
}

test("Node's TLS: handshake, Hello, GetSlotStatus, close", nodeSession);

const STRANGERS: readonly (readonly [string, TlsAlert, () => LoggedProcess])[] = [
  ["a wrong key", TlsAlert.DecryptError, () => openssl(PSK_KE, "-psk", "01".repeat(32))],
  [
    "another pair's identity",
    TlsAlert.UnknownPskIdentity,
    () => openssl(PSK_KE, "-psk_identity", "madoguchi 1|SIMULATOR|COUNTER-2"),
  ],
  ["no psk_ke", TlsAlert.HandshakeFailure, () => openssl()],
  ["no CCM", TlsAlert.HandshakeFailure, () => openssl(PSK_KE, "-ciphersuites", "TLS_AES_128_GCM_SHA256")],
  ["whoever wants a certificate", TlsAlert.HandshakeFailure, bareOpenssl],
];
for (const [who, alert, stranger] of STRANGERS) {
  test(`${who} is alert ${alert} for openssl s_client, and the next client is served`, async () => {
    const said = new RegExp(`SSL alert number ${alert}\\b`);
    const client = await served(stranger, said);
    match(client.output(), said);
    await ends(client, 1);
    await nodeSession();
  });
}

test("gnutls-cli is told the same of a wrong key, an unknown identity, no psk_ke, no CCM, and no key", async () => {
  const right = hex(key.psk);
  const strangers: readonly (readonly [TlsAlert, () => LoggedProcess])[] = [
    [TlsAlert.DecryptError, () => gnutls("01".repeat(32))],
    [TlsAlert.UnknownPskIdentity, () => gnutls(right, "madoguchi 1|SIMULATOR|COUNTER-2")],
    [
      TlsAlert.HandshakeFailure,
      () => gnutls(right, key.identity, GNUTLS_PRIORITY.replace("+PSK", "+ECDHE-PSK")),
    ],
    [
      TlsAlert.HandshakeFailure,
      () => gnutls(right, key.identity, GNUTLS_PRIORITY.replace("+AES-128-CCM", "+AES-128-GCM")),
    ],
    [
      TlsAlert.HandshakeFailure,
      () => bareGnutls(GNUTLS_PRIORITY.replace("+PSK", "+ECDHE-ECDSA"), "--insecure"),
    ],
  ];
  for (const [alert, stranger] of strangers) {
    const said = new RegExp(`Received alert \\[${alert}\\]`);
    const client = await served(stranger, said);
    match(client.output(), said);
    await ends(client, 1);
  }
  await nodeSession();
});

/** All that comes in answer to `bytes`, in hexadecimal digits; a connection that the pipe closes at once is made again. */
async function rawAnswer(bytes: Buffer): Promise<string> {
  for (let tried = 1; ; tried++) {
    const socket = connect(port, "127.0.0.1");
    const came: Buffer[] = [];
    socket.on("error", () => undefined).on("data", (piece: Buffer) => came.push(piece));
    socket.write(bytes);
    await once(socket, "close");
    if (came.length > 0 || tried === TRIES) return Buffer.concat(came).toString("hex");
  }
}

const HELLO_RECORD = "16030100";
for (const [what, bytes, alert] of [
  ["garbage", Buffer.from("GET / HTTP/1.1\r\n\r\n"), TlsAlert.UnexpectedMessage],
  ["a record that is too long", Buffer.from("1603034001", "hex"), TlsAlert.RecordOverflow],
  ["application data before a hello", Buffer.from("170303000100", "hex"), TlsAlert.UnexpectedMessage],
  ["Finished before a hello", Buffer.from("160303000414000000", "hex"), TlsAlert.UnexpectedMessage],
  ["a hello that ends too soon", Buffer.from(`${HELLO_RECORD}0501000001ff`, "hex"), TlsAlert.DecodeError],
] as const)
  test(`${what} is alert ${alert}, and the next client is served`, async () => {
    is(await rawAnswer(bytes), `150303000202${alert.toString(16).padStart(2, "0")}`);
    await nodeSession();
  });

test("Node's TLS is told the same of a wrong key, an unknown identity, no CCM, and of TLS 1.2 protocol_version", async () => {
  const stranger = { pskCallback: () => ({ psk: key.psk, identity: "madoguchi 1|SIMULATOR|COUNTER-2" }) };
  const wrongKey = { pskCallback: () => ({ psk: new Uint8Array(32), identity: key.identity }) };
  const old: Partial<ConnectionOptions> = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2", ciphers: "PSK" };
  const strangers = [
    [TlsAlert.DecryptError, wrongKey],
    [TlsAlert.UnknownPskIdentity, stranger],
    [TlsAlert.HandshakeFailure, { ciphers: "TLS_AES_128_GCM_SHA256" }],
    [TlsAlert.ProtocolVersion, old],
  ] as const;
  for (const [alert, more] of strangers)
    match(String(await nodeOutcome(more)), new RegExp(`SSL alert number ${alert}\\b`));
  await nodeSession();
});

test("one client at a time: others are closed at once, at the pipe and at the line, and the first goes on", async () => {
  const first = await served(() => openssl(PSK_KE), /Reused/);
  await asks(first, HELLO, HELLO_DONE);
  const second = connect(port, "127.0.0.1");
  second.on("error", () => undefined).resume();
  await once(second, "close");
  is(second.bytesRead, 0);
  const info = await runCounter("info", "--line", terminal.line, "--key", terminal.key);
  is(info.code, 1);
  match(info.stderr, /the other end has closed the connection; is another counter connected/);
  await asks(first, SLOT_STATUS, NO_CARD);
  await ends(first, 0);
  await nodeSession();
});

test("a cable that is pulled and put back while frames are repeated costs the session nothing", async () => {
  const client = await served(() => openssl(PSK_KE), /Reused/);
  await asks(client, HELLO, HELLO_DONE);
  await terminal.sim.do({ do: "line", plugged: false });
  client.child.stdin.write(SLOT_STATUS);
  is((await terminal.sim.do({ do: "state" }))["plugged"], false);
  await terminal.sim.do({ do: "line", plugged: true });
  await client.until(() => client.output().includes(NO_CARD), "wait for the answer", LIMIT_MS);
  await ends(client, 0);
});

test.run();
