/** The terminal's TLS server against clients that do not keep to the rules: the right alert, and nothing else changes. */
import { createHmac } from "node:crypto";
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { ContentType, HandshakeType, TlsAlert } from "../../firmware/protocol/tls.ts";
import { PSK_UNKNOWN } from "../../firmware/protocol/tls-handshake.ts";
import { TlsState, type TlsServer } from "../../firmware/protocol/tls-server.ts";
import { record, TlsClient, vector, type HelloShape } from "../../host-sim/host/tls-client.ts";
import { echo, IDENTITY, makeTlsServer, PSK } from "../interop/tls-station.ts";

const test = suite("tls-server");

function fresh(): { server: TlsServer; client: TlsClient } {
  const server = makeTlsServer();
  server.start();
  return { server, client: new TlsClient(PSK, IDENTITY) };
}

function opened(): { server: TlsServer; client: TlsClient } {
  const pair = fresh();
  const finished = pair.client.take(echo(pair.server, pair.client.begin()));
  echo(pair.server, finished);
  is(pair.server.state(), TlsState.Open);
  return pair;
}

/** The alert that `bytes` get from a fresh server, and that it can serve the next client. */
function alertTo(bytes: Uint8Array, what: string): TlsAlert {
  const { server, client } = fresh();
  const answer = echo(server, bytes);
  is(server.state(), TlsState.Closed, `${what}: closed`);
  client.take(answer);
  is(client.alert, server.alertSent, `${what}: the alert is said`);
  server.start();
  const next = new TlsClient(PSK, IDENTITY, 2);
  echo(server, next.take(echo(server, next.begin())));
  is(server.state(), TlsState.Open, `${what}: the next client is served`);
  return client.alert;
}

function alertToHello(shape: Partial<HelloShape>, what: string, psk: Uint8Array = PSK): TlsAlert {
  return alertTo(new TlsClient(psk, IDENTITY).begin(shape), what);
}

test("handshake, data both ways and close_notify", () => {
  const { server, client } = opened();
  client.take(echo(server, client.send(Buffer.from("to and fro"))));
  equal(Buffer.concat(client.received).toString(), "to and fro");
  client.take(echo(server, client.closeNotify()));
  is(client.alert, TlsAlert.CloseNotify, "answered in kind");
  is(server.state(), TlsState.Closed);
});

test("a hello that offers too little or the wrong thing gets the standard's alert", () => {
  const wrongKey = Buffer.alloc(32, 9);
  is(alertToHello({}, "wrong key", wrongKey), TlsAlert.DecryptError);
  is(
    alertToHello({ identities: ["madoguchi 1|T-0001|C-0002"] }, "wrong identity"),
    TlsAlert.UnknownPskIdentity,
  );
  is(alertToHello({ identities: [`${IDENTITY} `] }, "longer identity"), TlsAlert.UnknownPskIdentity);
  is(alertToHello({ modes: [1] }, "no psk_ke"), TlsAlert.HandshakeFailure);
  is(alertToHello({ modes: [] }, "no modes"), TlsAlert.MissingExtension);
  is(alertToHello({ suites: [0x1301, 0x1303, 0x1305] }, "no CCM"), TlsAlert.HandshakeFailure);
  is(alertToHello({ versions: [] }, "no versions"), TlsAlert.ProtocolVersion);
  is(alertToHello({ versions: [0x0303] }, "TLS 1.2 alone"), TlsAlert.ProtocolVersion);
  is(alertToHello({ identities: [], modes: [] }, "certificate only"), TlsAlert.HandshakeFailure);
  is(alertToHello({ extensions: [[42, Buffer.alloc(0)]] }, "early data"), TlsAlert.HandshakeFailure);
  is(alertToHello({ extensions: [[28, Buffer.from([0, 63])]] }, "record size 63"), TlsAlert.IllegalParameter);
  is(alertToHello({ binderBytes: 33 }, "a binder of 33 bytes"), TlsAlert.DecryptError);
  is(alertToHello({ binderBytes: 31 }, "a binder of 31 bytes"), TlsAlert.DecodeError);
  is(alertToHello({ late: [[10, Buffer.alloc(4)]] }, "something behind the key"), TlsAlert.IllegalParameter);
  const five = [...Array(5).keys()].map((i) => `other-${i}`);
  is(alertToHello({ identities: five }, "five identities"), TlsAlert.IllegalParameter);
  const twice: HelloShape["extensions"] = [
    [10, Buffer.from([0, 2, 0, 29])],
    [10, Buffer.from([0, 2, 0, 29])],
  ];
  is(alertToHello({ extensions: twice }, "an extension twice"), TlsAlert.IllegalParameter);
});

test("the key is found at every place among four identities, and the binder of that place counts", () => {
  for (let place = 0; place < 4; place++) {
    const { server } = fresh();
    const identities = [...Array(4).keys()].map((i) => (i === place ? IDENTITY : `other-${i}`));
    const client = new TlsClient(PSK, IDENTITY);
    const hello = client.begin({ identities });
    const binderAt = hello.length - (4 - place) * 33 + 1;
    const bent = Buffer.from(hello);
    bent[binderAt + 31]! ^= 1;
    echo(server, client.take(echo(server, hello)));
    is(server.state(), TlsState.Open, `place ${place}`);
    is(alertTo(bent, `bent binder ${place}`), TlsAlert.DecryptError);
  }
});

test("every byte of a hello may be wrong: an alert, or the client does not get in", () => {
  const hello = new TlsClient(PSK, IDENTITY).begin({ sessionId: Buffer.alloc(32, 5) });
  for (let at = 0; at < hello.length; at++) {
    const bent = Buffer.from(hello);
    bent[at]! ^= 0x41;
    const { server, client } = fresh();
    client.begin({ sessionId: Buffer.alloc(32, 5) });
    const answer = echo(server, bent);
    const isWaiting = server.state() === TlsState.AwaitHello;
    // Versions of records are not looked at (5.1); a length that grew waits for more.
    const mayPass = at === 1 || at === 2;
    if (mayPass) is(server.state(), TlsState.AwaitFinished, `byte ${at}`);
    else
      ok(
        isWaiting || (server.state() === TlsState.Closed && answer.length === 7),
        `byte ${at}: ${server.state()}`,
      );
  }
});

test("a hello cut anywhere is waited for, in records of any size", () => {
  const hello = new TlsClient(PSK, IDENTITY).begin();
  const message = hello.subarray(5);
  for (let at = 1; at < message.length; at++) {
    const { server } = fresh();
    echo(server, record(ContentType.Handshake, message.subarray(0, at)));
    is(server.state(), TlsState.AwaitHello, `${at} bytes`);
    echo(server, record(ContentType.Handshake, message.subarray(at)));
    is(server.state(), TlsState.AwaitFinished, `${at} bytes and the rest`);
  }
});

test("a hello whose inner lengths are cut is a decode error", () => {
  const message = new TlsClient(PSK, IDENTITY).begin().subarray(5);
  for (let length = 4; length < message.length; length++) {
    const cut = Buffer.from(message.subarray(0, length));
    cut.writeUIntBE(length - 4, 1, 3);
    const alert = alertTo(record(ContentType.Handshake, cut), `${length} bytes`);
    // Cut right behind the compression methods it is a hello of an older version.
    ok(alert === TlsAlert.DecodeError || alert === TlsAlert.ProtocolVersion, `${length} bytes: ${alert}`);
  }
});

test("what is no hello gets unexpected_message, and too much record_overflow", () => {
  is(alertTo(Buffer.from("GET / HTTP/1.1\r\n"), "garbage"), TlsAlert.UnexpectedMessage);
  is(
    alertTo(record(ContentType.ChangeCipherSpec, Buffer.from([1])), "CCS first"),
    TlsAlert.UnexpectedMessage,
  );
  is(
    alertTo(record(ContentType.ApplicationData, Buffer.alloc(40)), "data first"),
    TlsAlert.UnexpectedMessage,
  );
  is(alertTo(record(ContentType.Handshake, Buffer.alloc(0)), "empty handshake"), TlsAlert.UnexpectedMessage);
  const finished = Buffer.concat([Buffer.from([HandshakeType.Finished]), vector(3, Buffer.alloc(32))]);
  is(alertTo(record(ContentType.Handshake, finished), "Finished first"), TlsAlert.UnexpectedMessage);
  is(alertTo(record(ContentType.Handshake, Buffer.alloc(1025, 1)), "1,025 bytes"), TlsAlert.RecordOverflow);
  const long = Buffer.from([HandshakeType.ClientHello, 0, 4, 0]);
  is(alertTo(record(ContentType.Handshake, long), "a hello of 1,028 bytes"), TlsAlert.RecordOverflow);
});

test("every bit of the client's Finished counts", () => {
  for (let bit = 0; bit < 8 * 58; bit++) {
    const { server, client } = fresh();
    const finished = client.take(echo(server, client.begin()));
    is(finished.length, 58);
    finished[bit >> 3]! ^= 1 << (bit & 7);
    const isVersion = bit >= 8 && bit < 24;
    echo(server, finished);
    // The header is what is authenticated, so that a bent version of the record is a wrong tag too.
    ok(server.state() !== TlsState.Open, `bit ${bit}${isVersion ? ", version" : ""}`);
  }
});

test("records that are bent, doubled or left out end the session with bad_record_mac", () => {
  const crooked: readonly ((client: TlsClient) => Buffer)[] = [
    (client) => {
      const one = client.send(Buffer.from("a"));
      return Buffer.concat([one, one]);
    },
    (client) => {
      client.send(Buffer.from("a"));
      return client.send(Buffer.from("b"));
    },
    (client) => {
      const [one, two] = [client.send(Buffer.from("a")), client.send(Buffer.from("b"))];
      return Buffer.concat([two, one]);
    },
    (client) => {
      const one = client.send(Buffer.from("a"));
      one[one.length - 1]! ^= 1;
      return one;
    },
  ];
  crooked.forEach((make, i) => {
    const { server, client } = opened();
    client.take(echo(server, make(client)));
    is(client.alert, TlsAlert.BadRecordMac, `case ${i}`);
    is(server.state(), TlsState.Closed);
  });
});

test("inner content that has no place ends the session", () => {
  const cases: readonly [string, Uint8Array, number, TlsAlert][] = [
    ["only padding", Buffer.alloc(0), 0, TlsAlert.UnexpectedMessage],
    ["change_cipher_spec", Buffer.from([1]), 20, TlsAlert.UnexpectedMessage],
    ["a second hello", Buffer.from([1, 0, 0, 0]), 22, TlsAlert.UnexpectedMessage],
    ["KeyUpdate 2", Buffer.from([24, 0, 0, 1, 2]), 22, TlsAlert.IllegalParameter],
    ["KeyUpdate of two bytes", Buffer.from([24, 0, 0, 2, 0, 0]), 22, TlsAlert.DecodeError],
    ["KeyUpdate and more", Buffer.from([24, 0, 0, 1, 0, 24]), 22, TlsAlert.UnexpectedMessage],
    ["an alert of three bytes", Buffer.from([2, 0, 0]), 21, TlsAlert.DecodeError],
  ];
  for (const [what, content, type, alert] of cases) {
    const { server, client } = opened();
    client.take(echo(server, client.send(content, type)));
    is(client.alert, alert, what);
  }
});

test("a handshake message in pieces is put together, and nothing may come in between", () => {
  const whole = opened();
  for (const byte of [24, 0, 0, 1, 0]) {
    is(echo(whole.server, whole.client.send(Buffer.from([byte]), ContentType.Handshake)).length, 0);
  }
  whole.client.clientTraffic.update();
  whole.client.take(echo(whole.server, whole.client.send(Buffer.from("on"))));
  equal(Buffer.concat(whole.client.received).toString(), "on");
  const { server, client } = opened();
  echo(server, client.send(Buffer.from([24]), ContentType.Handshake));
  client.take(echo(server, client.send(Buffer.from("in between"))));
  is(client.alert, TlsAlert.UnexpectedMessage);
});

test("one change_cipher_spec may come before Finished, as it must be, and no second one", () => {
  const spec = (...body: readonly number[]): Buffer =>
    record(ContentType.ChangeCipherSpec, Buffer.from(body));
  const cases: readonly [string, readonly Buffer[], TlsState][] = [
    ["one", [spec(1)], TlsState.AwaitFinished],
    ["two", [spec(1), spec(1)], TlsState.Closed],
    ["another value", [spec(2)], TlsState.Closed],
    ["two bytes", [spec(1, 1)], TlsState.Closed],
    ["none at all", [spec()], TlsState.Closed],
  ];
  for (const [what, records, state] of cases) {
    const { server, client } = fresh();
    echo(server, client.begin());
    for (const one of records) echo(server, one);
    is(server.state(), state, what);
    if (state === TlsState.Closed) is(server.alertSent, TlsAlert.UnexpectedMessage, what);
  }
});

test("a session ends with close_notify after 2^20 records in one direction", () => {
  for (const side of ["client", "server"] as const) {
    const { server, client } = opened();
    const traffic = server as unknown as Record<typeof side, { total: number }>;
    traffic[side].total = 0xffffe;
    client.take(echo(server, client.send(Buffer.from("a"))));
    is(server.state(), TlsState.Open, side);
    client.take(echo(server, client.send(Buffer.from("b"))));
    is(client.alert, TlsAlert.CloseNotify, side);
    is(server.state(), TlsState.Closed, side);
  }
});

test("a plain record behind the handshake is unexpected", () => {
  for (const type of [ContentType.ChangeCipherSpec, ContentType.Alert, ContentType.Handshake]) {
    const { server, client } = opened();
    client.take(echo(server, record(type, Buffer.from([1, 0]))));
    is(client.alert, TlsAlert.UnexpectedMessage, `type ${type}`);
  }
});

test("KeyUpdate changes the keys, one way or both, and a flood of them ends the session", () => {
  const { server, client } = opened();
  for (const request of [0, 1, 1]) {
    client.take(echo(server, client.keyUpdate(request)));
    client.take(echo(server, client.send(Buffer.from([request]))));
  }
  equal(Buffer.concat(client.received), Buffer.from([0, 1, 1]));
  for (let i = 3; i < 8; i++) echo(server, client.keyUpdate(0));
  is(server.state(), TlsState.Open, "eight are allowed");
  client.take(echo(server, client.keyUpdate(0)));
  is(client.alert, TlsAlert.UnexpectedMessage, "the ninth is too much");
});

test("a replayed hello gets an answer that nobody can finish", () => {
  const first = fresh();
  const hello = first.client.begin();
  const finished = first.client.take(echo(first.server, hello));
  const { server } = fresh();
  echo(server, hello);
  is(server.state(), TlsState.AwaitFinished);
  echo(server, finished);
  is(server.alertSent, TlsAlert.BadRecordMac);
});

test("without random bytes nobody is served", () => {
  const server = makeTlsServer(() => false);
  server.start();
  const client = new TlsClient(PSK, IDENTITY);
  client.take(echo(server, client.begin()));
  is(client.alert, TlsAlert.InternalError);
});

test("nothing of a key is left in the server when the session has ended", () => {
  const ends: readonly ((server: TlsServer, client: TlsClient) => void)[] = [
    (server) => server.drop(),
    (server) => server.close(),
    (server, client) => void echo(server, client.closeNotify()),
    (server) => void echo(server, record(ContentType.ApplicationData, Buffer.alloc(40))),
  ];
  for (const end of ends) {
    const { server, client } = opened();
    const secrets = [client.clientTraffic.secret, client.serverTraffic.secret].map((one) =>
      Buffer.from(one as Uint8Array),
    );
    ok(
      secrets.every((secret) => holds(server, secret)),
      "they are there before",
    );
    end(server, client);
    ok(!secrets.some((secret) => holds(server, secret)), "they are gone");
  }
});

const NEXT = Buffer.alloc(32, 0xa1);

/** What a client with `psk` comes to at a server that takes the next key as well; and the server. */
function withNext(psk: Uint8Array): { server: TlsServer; client: TlsClient } {
  const server = makeTlsServer(undefined, NEXT);
  server.start();
  const client = new TlsClient(psk, IDENTITY);
  const finished = client.take(echo(server, client.begin()));
  is(server.handshake.isNextKey, server.state() !== TlsState.Closed && psk === NEXT);
  echo(server, finished);
  return { server, client };
}

test("a server that takes the next key as well serves both, and tells which one it was", () => {
  for (const [psk, isNext] of [
    [PSK, false],
    [NEXT, true],
  ] as const) {
    const { server, client } = withNext(psk);
    equal(
      [server.state(), server.handshake.keyIndex, server.handshake.isNextKey],
      [TlsState.Open, 0, isNext],
    );
    client.take(echo(server, client.send(Buffer.from("to and fro"))));
    equal(Buffer.concat(client.received).toString(), "to and fro");
    server.drop();
    is(server.handshake.isNextKey, false, "forgotten with the session");
  }
});

test("a key that is neither is decrypt_error, and no key without its mark is taken", () => {
  const { server, client } = withNext(Buffer.alloc(32, 9));
  equal(
    [server.state(), server.alertSent, client.alert],
    [TlsState.Closed, TlsAlert.DecryptError, TlsAlert.DecryptError],
  );
  is(server.handshake.keyIndex, PSK_UNKNOWN);
  is(alertToHello({}, "the next key, not allowed", NEXT), TlsAlert.DecryptError);
});

test("every bit of a binder counts by the next key, too", () => {
  const hello = new TlsClient(NEXT, IDENTITY).begin();
  for (let bit = 0; bit < 256; bit++) {
    const server = makeTlsServer(undefined, NEXT);
    server.start();
    const bent = Buffer.from(hello);
    bent[hello.length - 32 + (bit >> 3)]! ^= 1 << (bit & 7);
    echo(server, bent);
    equal([server.state(), server.alertSent], [TlsState.Closed, TlsAlert.DecryptError], `bit ${bit}`);
  }
});

test("the next key is judged in a step of its own", () => {
  for (const [psk, steps] of [
    [PSK, 2],
    [NEXT, 3],
    [Buffer.alloc(32, 9), 1],
  ] as const) {
    const server = makeTlsServer(undefined, NEXT);
    server.start();
    const hello = new TlsClient(psk, IDENTITY).begin();
    is(server.take(hello, 0, hello.length), hello.length);
    let taken = 0;
    for (; server.hasWork(); taken++) server.work();
    is(taken, steps);
  }
});

test("nothing of either key is left in a server that has refused a client", () => {
  const { server } = withNext(Buffer.alloc(32, 9));
  for (const secret of [PSK, NEXT])
    is(holds(server, secret, new Set([NEXT])), false, "but in the test's own table");
  // Early Secret of the key that was tried last.
  const early = createHmac("sha256", Buffer.alloc(32)).update(NEXT).digest();
  is(holds(server, early), false);
});

/** Whether `secret` stands in any bytes that can be reached from `from`. */
function holds(from: unknown, secret: Buffer, seen = new Set<unknown>()): boolean {
  if (typeof from !== "object" || from === null || seen.has(from)) return false;
  seen.add(from);
  if (from instanceof Uint8Array) return Buffer.from(from).includes(secret);
  return Object.values(from).some((one) => holds(one, secret, seen));
}

test.run();
