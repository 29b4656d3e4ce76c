/** The sealed line end to end: a terminal in its world, frames on its wire, TLS, Hello, CCID; and what must not get in. */
import { suite } from "uvu";
import { equal, is, match, not, ok, throws } from "uvu/assert";
import { HostFailure } from "../../../host-sim/host/ccid-host.ts";
import { GemPcHost } from "../../../host-sim/host/gempc-host.ts";
import { TlsAlert } from "../../../firmware/protocol/tls.ts";
import { LinkState } from "../../../firmware/driver/reliable-line.ts";
import { Simulator } from "../../../host-sim/world/simulator.ts";
import { VERIFY_4, fromHex, toHex } from "../../../host-sim/scenario/counter.ts";
import { CheckHost } from "./check-host.ts";
import { hostAt, PAIR, sealedTerminal } from "./sealed-simulator.ts";

const test = suite("sealed line");
const JUKI = "00a4040c0ad3921000310001010401";
const JUKI_PIN = "00a4020c02001c";

/** A session with a card whose 住基 PIN is selected. */
function atThePin() {
  const { simulator, host } = sealedTerminal();
  host.open();
  simulator.insert("mynumber");
  simulator.runFor(100);
  host.slotStatus();
  host.powerOn();
  host.connect();
  for (const apdu of [JUKI, JUKI_PIN]) is(toHex(host.transmit(fromHex(apdu))), "9000");
  return { simulator, host };
}

function typing(simulator: Simulator, page = "pin"): void {
  ok(
    simulator.runUntil(() => simulator.page() === page, 5000),
    `${simulator.page()} instead of ${page}`,
  );
}

test("Hello confirms both names, the image and why the terminal started", () => {
  const { simulator, host } = sealedTerminal();
  host.open();
  const names = [PAIR.terminal, PAIR.counter].map((name) => [name.length, ...Buffer.from(name)]);
  equal([...host.hello], [0, 1, 0, ...names.flat(), 1, 0, 255]);
  simulator.close();
});

test("a PIN is verified over the sealed line, and neither it nor any APDU is on the wire", () => {
  const { simulator, host } = atThePin();
  host.beginSecure(fromHex(VERIFY_4));
  typing(simulator);
  simulator.keys("1234E");
  is(toHex(host.finishSecure()), "9000");
  is(simulator.page(), "ok");
  const wire = Buffer.concat(
    simulator.world.recorder
      .all()
      .filter(isLine)
      .map(({ value }) => value as Uint8Array),
  );
  for (const clear of ["d3921000", "0020008", "31323334"])
    is(wire.toString("hex").includes(clear), false, clear);
  is(wire.includes(Buffer.from(PAIR.terminal)), true, "the identity is in clear, as docs/security.md says");
  equal(simulator.world.complaints, []);
  simulator.close();
});

function isLine({ channel }: { channel: string }): boolean {
  return channel === "line-in" || channel === "line-out";
}

test("a session ends in order, and the next one begins with a new key exchange", () => {
  const { simulator, host } = sealedTerminal();
  host.open();
  const first = Buffer.from(host.tls.serverTraffic.secret as Uint8Array);
  host.close();
  is(host.tls.alert, TlsAlert.CloseNotify);
  host.open();
  not.equal(Buffer.from(host.tls.serverTraffic.secret as Uint8Array), first);
  simulator.close();
});

test("a stranger, a wrong key and another counter's name do not get in, and the next client is served", () => {
  const { simulator } = sealedTerminal();
  const strangers: readonly [Partial<typeof PAIR>, string][] = [
    [{ psk: Buffer.alloc(32, 8) }, `alert ${TlsAlert.DecryptError}`],
    [{ counter: "C-0002" }, `alert ${TlsAlert.UnknownPskIdentity}`],
    [{ terminal: "T-0002" }, `alert ${TlsAlert.UnknownPskIdentity}`],
  ];
  for (const [changes, ending] of strangers) {
    const host = hostAt(simulator, { ...PAIR, ...changes });
    throws(
      () => host.open(),
      (error: Error) => error.message.endsWith(ending),
    );
    host.isThere = false;
  }
  hostAt(simulator).open();
  simulator.close();
});

test("a town image refuses a development pair and is out of service", () => {
  const { simulator, host } = sealedTerminal("town");
  is(simulator.page(), "out-of-service");
  throws(
    () => host.open(),
    (error: Error) => error.message.endsWith(`alert ${TlsAlert.UnknownPskIdentity}`),
  );
  simulator.close();
});

test("a town image in service says in Hello which image it is, has its allow-list, and checks a resident", () => {
  const { simulator, host } = sealedTerminal("town", { pair: { ...PAIR, forTown: true } });
  host.open();
  is(host.hello[3 + 1 + PAIR.terminal.length + 1 + PAIR.counter.length], 2);
  simulator.insert("mynumber");
  simulator.runFor(100);
  host.slotStatus();
  host.powerOn();
  host.connect();
  is(toHex(host.transmit(fromHex(JUKI))), "9000");
  is(toHex(host.transmit(fromHex("00b000000a"))), "6985");
  host.powerOff();
  simulator.remove();
  simulator.runFor(500);
  const check = new CheckHost(host);
  check.begin({ id: 1 });
  typing(simulator, "insert");
  simulator.insert("mynumber-family");
  const question = check.answer();
  if (question.step !== "question") throw new Error(JSON.stringify(question));
  check.go(1, question);
  typing(simulator);
  simulator.keys("8642E");
  const result = check.answer();
  equal(result.step === "result" && result.outcome, 0);
  simulator.close();
});

test("a terminal that was never provisioned, or whose case was opened, is out of service", () => {
  const blank = new Simulator({ mode: "sealed" });
  blank.runFor(100);
  is(blank.page(), "out-of-service");
  blank.close();
});

test("a sealed image answers GemPC frames with silence, in every state", () => {
  const quiet = (simulator: Simulator): number => {
    const before = simulator.world.recorder.all().length;
    const { line } = simulator.world;
    const driver = new GemPcHost(
      { send: (bytes) => line.send(bytes), onBytes: () => undefined },
      () => false,
    );
    for (const type of [0x62, 0x63, 0x65, 0x6b, 0x69, 0x6f, 0x72])
      driver.rawMessage(Uint8Array.of(type, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    driver.rawBytes(Uint8Array.of(0x03, 0x15, 0x16));
    simulator.runFor(2000);
    return simulator.world.recorder
      .all()
      .slice(before)
      .filter(({ channel }) => channel === "line-out").length;
  };
  const { simulator, host } = sealedTerminal();
  is(quiet(simulator), 0, "no link");
  host.call();
  simulator.runFor(100);
  is(host.link.state(), LinkState.Up);
  is(quiet(simulator), 0, "no session");
  host.open();
  is(quiet(simulator), 0, "a session");
  is(host.slotStatus().error, 0, "which goes on");
  is(new CheckHost(host).staff(0x30), 0);
  is(quiet(simulator), 0, "the emergency stop");
  simulator.openCase();
  simulator.runFor(500);
  is(simulator.page(), "tamper");
  is(quiet(simulator), 0, "an opened case");
  simulator.close();
  const town = sealedTerminal("town").simulator;
  is(town.page(), "out-of-service");
  is(quiet(town), 0, "a town image out of service");
  town.close();
});

test("who holds the key and names somebody else in Hello is told so, and the session is closed", () => {
  const { simulator, host } = sealedTerminal();
  const hello = (role: number, terminal: string, counter: string): number => {
    host.call();
    simulator.runFor(50);
    host.say(host.tls.begin());
    simulator.runFor(50);
    const names = [terminal, counter].map((name) => Buffer.from([name.length, ...Buffer.from(name)]));
    const data = Buffer.concat([Buffer.from([0x4d, 0x10, 1, role]), ...names]);
    const result = host.command(0x6b, [0, 0, 0], data, 5e9).data[0]!;
    simulator.runFor(200);
    is(host.tls.alert === TlsAlert.CloseNotify, result !== 0);
    return result;
  };
  const { terminal, counter } = PAIR;
  is(hello(0, terminal, counter), 2, "another role");
  is(hello(1, "T-0002", counter), 3, "another terminal");
  is(hello(1, terminal, "C-0002"), 3, "another counter");
  is(hello(1, counter, terminal), 3, "the names changed round");
  is(hello(1, terminal, counter), 0);
  simulator.close();
});

test("a ClientHello that is sent again by somebody who has heard it changes nothing but a count in the journal", () => {
  const { simulator, host } = sealedTerminal();
  host.call();
  const hello = host.tls.begin();
  host.say(hello);
  ok(simulator.runUntil(() => host.tls.isOpen, 5000));
  host.close();
  const replayed = (): void => {
    let heard = 0;
    host.call();
    // Whoever has only heard it can read nothing of the answer.
    host.tls.take = (bytes) => {
      heard += bytes.length;
      return Buffer.alloc(0);
    };
    simulator.runFor(50);
    host.say(hello);
    simulator.runFor(500);
    ok(heard > 100, `${heard} bytes: it is answered as the first one was`);
  };
  const page = simulator.page();
  replayed();
  replayed();
  replayed();
  simulator.runFor(11_000);
  is(host.link.state(), LinkState.Down, "nobody has finished within ten seconds");
  simulator.runFor(600_000);
  is(simulator.page(), page);
  host.open();
  equal(new CheckHost(host).journal(), [
    [1, 0, 0],
    [11, 2, 1],
    [11, 2, 2],
  ]);
  simulator.close();
});

test("before Hello nothing is done, and after ten seconds without it the session is closed", () => {
  const { simulator, host } = sealedTerminal();
  host.call();
  simulator.runFor(50);
  host.say(host.tls.begin());
  simulator.runFor(50);
  const reply = host.slotStatus();
  is(reply.status & 0x40, 0x40);
  is(reply.error, 0);
  simulator.runFor(10_100);
  is(host.tls.alert, TlsAlert.CloseNotify);
  is(host.link.state(), LinkState.Down);
  simulator.close();
});

test("a handshake that does not come to its end is given up after ten seconds", () => {
  const { simulator, host } = sealedTerminal();
  host.call();
  simulator.runFor(9_900);
  is(host.link.state(), LinkState.Up);
  simulator.runFor(300);
  is(host.link.state(), LinkState.Down);
  host.open();
  simulator.close();
});

test("a card without an application to look at is powered for a program although nothing else happens", () => {
  const { simulator, host } = sealedTerminal();
  host.open();
  simulator.insert("iso");
  simulator.runFor(100);
  host.slotStatus();
  is(host.powerOn().error, 0);
  is(host.slotStatus().error, 0);
  simulator.close();
});

test("what is not on the list of the selected application is refused, and the card hears nothing of it", () => {
  const { simulator, host } = atThePin();
  const before = simulator.world.recorder.all().length;
  for (const [apdu, answer] of [
    ["00a4040c07a0000001510000", "6a82"],
    ["00b000000a", "6985"],
    ["00d600000112", "6985"],
    ["0070000001", "6985"],
    ["00c0000010", "6985"],
    ["802a0080", "6985"],
    ["0020008004" + "31323334", "6985"],
  ] as const)
    is(toHex(host.transmit(fromHex(apdu))), answer, apdu);
  const heard = simulator.world.recorder.all().slice(before);
  equal(
    heard.filter(({ channel }) => channel === "card-out"),
    [],
  );
  is(toHex(host.transmit(fromHex("00200080"))), "63c3");
  simulator.close();
});

test("a link that is lost in the middle of an entry ends it: cancelled, wiped, the card off", () => {
  const { simulator, host } = atThePin();
  host.beginSecure(fromHex(VERIFY_4));
  typing(simulator);
  simulator.keys("12");
  simulator.runFor(500);
  is(simulator.view().digits, 2);
  const lostNs = simulator.nowNs;
  simulator.world.line.unplug();
  ok(
    simulator.runUntil(() => simulator.page() === "cancelled", 6000),
    simulator.page(),
  );
  ok(
    simulator.nowNs - lostNs >= 3e9 && simulator.nowNs - lostNs <= 5e9,
    `${(simulator.nowNs - lostNs) / 1e9} s`,
  );
  simulator.runFor(100);
  is(simulator.world.slot.isPowered(), false);
  simulator.close();
});

test("SABM in the middle of an entry ends it at once, and the new session finds the card off", () => {
  const { simulator, host } = atThePin();
  host.beginSecure(fromHex(VERIFY_4));
  typing(simulator);
  simulator.keys("123");
  simulator.runFor(500);
  host.open();
  is(simulator.page(), "cancelled");
  is(host.slotStatus().status & 3, 1);
  simulator.close();
});

test("SABM while a PIN command is on the contact is answered when the card has answered, and no try is doubled", () => {
  const { simulator, host } = atThePin();
  const before = simulator.world.recorder.all().length;
  host.beginSecure(fromHex(VERIFY_4));
  typing(simulator);
  simulator.keys("9999E");
  ok(simulator.runUntil(() => simulator.page() === "reading", 5000));
  host.call();
  ok(simulator.runUntil(() => host.link.callState === "up", 10_000));
  is(simulator.page(), "wrong");
  const sent = simulator.world.recorder
    .all()
    .slice(before)
    .filter(({ channel }) => channel === "card-out");
  ok(sent.length > 0);
  simulator.close();
});

test("a message longer than any ends the session", () => {
  const { simulator, host } = sealedTerminal();
  host.open();
  throws(
    () => host.command(0x6b, [0, 0, 0], new Uint8Array(300), 5e9),
    (error: unknown) => error instanceof HostFailure,
  );
  is(host.tls.alert, TlsAlert.CloseNotify);
  simulator.close();
});

test("the same seed gives the same wire, another one another", () => {
  const wire = (seed: number): string => {
    const { simulator, host } = sealedTerminal("sealed", { seed });
    host.open();
    simulator.close();
    return simulator.world.recorder
      .all()
      .filter(isLine)
      .map((event) => JSON.stringify(event))
      .join("\n");
  };
  is(wire(1), wire(1));
  not.equal(wire(1), wire(2));
  match(wire(1), /line-in/);
});

test.run();
