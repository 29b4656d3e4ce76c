import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { Language } from "../../../firmware/service/view.ts";
import { isSlotLampLit } from "../../../host-sim/scenario/scenario.ts";
import { LineHost } from "./line-host.ts";

const test = suite("card-pages");

const POWER_ON = 0x62;
const CHALLENGE = "000005008400000889";
/** VERIFY whose bTeoPrologue has a wrong length. */
const BAD_SECURE = "000082000004040201000000000009" + "00200080";
const HOLD_MS = 5000;

function remove(host: LineHost): void {
  host.counter.simulator.remove();
  host.wait(100);
}

/** Types `keys` at a prompt and waits for the result page. */
function result(keys: string): LineHost {
  const host = new LineHost("mynumber").ask();
  host.counter.simulator.keys(keys);
  host.counter.simulator.runUntil(() => host.counter.page !== "pin" && host.counter.page !== "reading", 5000);
  return host;
}

test("the pages of a session, from an empty slot to an empty slot", () => {
  const host = new LineHost();
  const seen = [host.counter.page];
  host.counter.simulator.insert("mynumber");
  host.wait(150);
  seen.push(host.counter.page);
  host.message(0x65);
  host.message(POWER_ON, "", [1, 0, 0], 700);
  seen.push(host.counter.page);
  host.message(0x6f, CHALLENGE);
  host.message(0x63);
  seen.push(host.counter.page);
  remove(host);
  seen.push(host.counter.page);
  equal(seen, ["insert", "reading", "in-use", "take", "insert"]);
});

test("the slot lamp is lit while the card is powered and speaks", () => {
  const host = new LineHost("mynumber");
  is(isSlotLampLit(host.counter), true);
  host.message(0x63);
  is(isSlotLampLit(host.counter), false);
  host.message(POWER_ON, "", [1, 0, 0], 700);
  is(isSlotLampLit(host.counter), true);
  remove(host);
  is(isSlotLampLit(host.counter), false);
});

test("each result stays for five seconds, then the slot's own page comes back", () => {
  for (const [keys, page] of [
    ["1357E", "ok"],
    ["1111E", "wrong"],
    ["13X", "cancelled"],
  ] as const) {
    const host = result(keys);
    host.wait(HOLD_MS - 50);
    is(host.counter.page, page);
    host.wait(100);
    is(host.counter.page, "in-use");
  }
});

test("確認 goes on from a page that offers it, and from no other", () => {
  const wrong = result("1111E");
  wrong.wait(500);
  wrong.counter.simulator.keys("E");
  wrong.wait(300);
  is(wrong.counter.page, "in-use");
  const right = result("1357E");
  right.wait(500);
  right.counter.simulator.keys("E");
  right.wait(300);
  is(right.counter.page, "ok");
});

test("a result is not shown to the next resident: another card ends it, an empty slot does not", () => {
  const host = result("1357E");
  remove(host);
  host.wait(400);
  is(host.counter.page, "ok");
  host.counter.simulator.insert("mynumber-family");
  host.wait(150);
  is(host.counter.page, "reading");
});

test("that the card was lost stays readable although its contact is back", () => {
  const host = new LineHost("mynumber").ask();
  host.counter.simulator.world.slot.glitch(100_000);
  host.wait(1000);
  is(host.counter.page, "removed");
});

test("a PIN command that is refused before any prompt holds no page: the card leaves and the page says so", () => {
  const host = new LineHost("mynumber");
  is(host.message(0x69, BAD_SECURE).error, 22);
  is(host.counter.page, "in-use");
  remove(host);
  is(host.counter.page, "insert");
});

test("the page of a card that cannot be used stays through every voltage the host tries", () => {
  const host = new LineHost();
  host.counter.simulator.insert("wrong-way");
  host.wait(150);
  host.message(0x65);
  const seen = new Set<string>();
  for (const volts of [1, 2, 3, 0]) {
    host.counter.host.rawMessage(Uint8Array.of(POWER_ON, 0, 0, 0, 0, 0, 1, volts, 0, 0));
    for (let ms = 0; ms < 600; ms += 10) {
      host.wait(10);
      seen.add(host.counter.page);
    }
  }
  equal([...seen], ["reading", "card-unreadable"]);
});

test("the next resident is addressed in the terminal's own language", () => {
  const host = new LineHost("mynumber");
  const language = (): Language => host.counter.simulator.view().language;
  for (const next of [Language.EasyJapanese, Language.English, Language.Japanese, Language.EasyJapanese]) {
    host.counter.simulator.keys("L");
    host.wait(200);
    is(language(), next);
  }
  host.wait(3000);
  is(language(), Language.EasyJapanese, "while the card is in the slot");
  remove(host);
  is(language(), Language.Japanese);
});

test.run();
