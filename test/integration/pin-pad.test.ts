/** FEATURE_VERIFY_PIN_DIRECT and FEATURE_MODIFY_PIN_DIRECT of PC/SC part 10 through pyscard, with every way an entry ends. */
import { is, not, ok } from "uvu/assert";
import { AUTH_PIN, CHANGE, connectJpki, MY_NUMBER_ATR, QUERY, VERIFY } from "./pcsc/jpki.ts";
import { MODIFY_PIN_DIRECT, VERIFY_PIN_DIRECT } from "./pcsc/pcsc-client.ts";
import { ASK_OLD, CONFIRM_NEW, modifyStructure, verifyStructure } from "./pcsc/pin-structures.ts";
import { asLogged, stationSuite } from "./pcsc/station-suite.ts";

const suite = stationSuite("PIN pad features", ["--card", "mynumber"]);
const TYPED = [AUTH_PIN, "1234", "2222", "4680", "4681", "24681357", "86420975"];
const HOST_DIGITS = "39393939";

suite.test("the card is there with its ATR", async (_station, client) => {
  is(await client.waitCard(true), MY_NUMBER_ATR);
  await connectJpki(client);
  is(await client.transmit(QUERY), "63c3");
});

suite.test("a right PIN gives 9000", async (station, client) => {
  await station.types(`${AUTH_PIN}E`);
  is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "9000");
});

suite.test("a template without Lc is completed as well", async (station, client) => {
  await station.types(`${AUTH_PIN}E`);
  is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(QUERY)), "9000");
});

suite.test("a wrong PIN gives 63C2, and the next command works at once", async (station, client) => {
  await station.types("2222E");
  is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "63c2");
  is(await client.transmit(QUERY), "63c2");
});

suite.test("取消 gives 6401 and uses no try", async (station, client) => {
  await station.types("13X");
  is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "6401");
  is(await client.transmit(QUERY), "63c2");
});

suite.test("nothing typed within bTimerOut gives 6400 and uses no try", async (station, client) => {
  await station.types("");
  is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY, { timeOutS: 2 })), "6400");
  is(await client.transmit(QUERY), "63c2");
});

suite.test("two different new PINs give 6402 and change nothing", async (station, client) => {
  await station.types(`${AUTH_PIN}E`);
  is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "9000");
  await station.types("4680E4681E");
  is(await client.pin(MODIFY_PIN_DIRECT, modifyStructure(CHANGE, CONFIRM_NEW)), "6402");
  await station.types(`${AUTH_PIN}E`);
  is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "9000");
});

suite.test("a new PIN typed twice gives 9000 and holds from then on", async (station, client) => {
  await station.types("4680E4680E");
  is(await client.pin(MODIFY_PIN_DIRECT, modifyStructure(CHANGE, CONFIRM_NEW)), "9000");
  await station.types("4680E");
  is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "9000");
});

suite.test(
  "a VERIFY with the host's own digits is refused with 6985 and uses no try",
  async (_station, client) => {
    const before = await client.transmit(QUERY);
    is(await client.transmit(`00 20 00 80 04 ${HOST_DIGITS}`), "6985");
    is(await client.transmit(QUERY), before);
    is(await client.transmit(`80 20 00 80 04 ${HOST_DIGITS}`), "6985");
    is(await client.transmit(`00 24 01 80 04 ${HOST_DIGITS}`), "6985");
    is(await client.transmit(QUERY), before);
  },
);

suite.test("a blocked PIN gives 6984 without a prompt", async (station, client) => {
  await client.disconnect();
  await station.changeCard("mynumber-blocked", client);
  await connectJpki(client);
  await station.types("");
  is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "6984");
  is(await client.transmit(QUERY), "63c0");
});

suite.test(
  "the last try needs a confirmation of its own, and blocks when it is wrong",
  async (station, client) => {
    await client.disconnect();
    await station.changeCard("mynumber-last", client);
    await connectJpki(client);
    await station.types("X");
    is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "6401");
    is(await client.transmit(QUERY), "63c1");
    await station.types("E2222E");
    is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "63c0");
    is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure(VERIFY)), "6984");
  },
);

suite.test("old, new and new PIN again change the PIN of a plain ISO card", async (station, client) => {
  await client.disconnect();
  await station.changeCard("iso", client);
  await client.connect();
  const rules = { minimum: 4, maximum: 16 };
  await station.types("24681357E86420975E86420975E");
  const change = modifyStructure("00 24 00 81 00", CONFIRM_NEW | ASK_OLD, rules);
  is(await client.pin(MODIFY_PIN_DIRECT, change), "9000");
  await station.types("86420975E");
  is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure("00 20 00 81 00", rules)), "9000");
});

suite.test(
  "a card that asks for time is waited for, and the next command works at once",
  async (station, client) => {
    await client.disconnect();
    await station.changeCard("wtx", client);
    await client.connect();
    await station.types("1234E");
    is(await client.pin(VERIFY_PIN_DIRECT, verifyStructure("00 20 00 01 00")), "9000");
    is(await client.transmit("00 84 00 00 08"), `${"5a".repeat(8)}9000`);
    is(await client.transmit("00 A4 02 0C 02 2002"), "9000");
    is((await client.transmit("00 B0 00 00 04")).slice(-4), "9000");
    is(await client.transmit("00 84 00 00 08"), `${"5a".repeat(8)}9000`);
  },
);

suite.test("no digit typed shows in the log of pcscd and its driver", async (station) => {
  const log = station.driverLog();
  ok(log.includes(asLogged(HOST_DIGITS)), "the log has every byte the host itself sent");
  for (const digits of TYPED) {
    not.ok(log.includes(asLogged(Buffer.from(digits).toString("hex"))), "typed digits are in the log");
  }
});

suite.run();
