import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { LineHost } from "./line-host.ts";

const test = suite("ccid-answers");

const GET_SLOT_STATUS = 0x65;
const POWER_ON = 0x62;
const CHALLENGE = "000005008400000889";
const ABSENT = 2;
const INACTIVE = 1;
const ACTIVE = 0;

function polls(host: LineHost, count: number): number[] {
  return Array.from({ length: count }, () => host.message(GET_SLOT_STATUS, "", [0, 0, 0], 20).status);
}

/** Takes the card out for `outMs` and puts another in. */
function swap(host: LineHost, outMs: number): void {
  const { simulator } = host.counter;
  simulator.remove();
  host.wait(outMs);
  simulator.insert("mynumber-family");
  host.wait(150);
}

test("a swap between two polls is told once, however quick it was", () => {
  for (const outMs of [20, 50, 100, 200, 380]) {
    const host = new LineHost("mynumber");
    equal(polls(host, 2), [ACTIVE, ACTIVE]);
    swap(host, outMs);
    equal(polls(host, 3), [ABSENT, INACTIVE, INACTIVE], `${outMs} ms`);
  }
});

test("until the loss was told nothing reaches the new card, and other messages do not tell it", () => {
  const host = new LineHost("mynumber");
  swap(host, 50);
  for (const [type, data, specific] of [
    [POWER_ON, "", [1, 0, 0]],
    [0x6f, CHALLENGE, [0, 0, 0]],
    [0x6c, "", [0, 0, 0]],
  ] as const) {
    const reply = host.message(type, data, specific);
    equal([reply.status, reply.error], [0x42, 0xfe], type.toString(16));
  }
  is(host.message(0x63).status, ABSENT);
  is(host.counter.simulator.world.slot.isPowered(), false);
  equal(polls(host, 2), [ABSENT, INACTIVE]);
  is(host.message(POWER_ON, "", [1, 0, 0], 700).status, ACTIVE);
});

test("a contact lost for an instant is a loss, and the session it voids is told", () => {
  for (const lostUs of [10, 100, 1000, 20_000]) {
    const host = new LineHost("mynumber");
    host.counter.simulator.world.slot.glitch(lostUs * 1000);
    host.wait(200);
    equal(polls(host, 2), [ABSENT, INACTIVE], `${lostUs} us`);
  }
});

test("a card that was taken out and polled for is no second loss when the next one comes", () => {
  const host = new LineHost("mynumber");
  host.counter.simulator.remove();
  host.wait(100);
  equal(polls(host, 3), [ABSENT, ABSENT, ABSENT]);
  host.counter.simulator.insert("mynumber-family");
  host.wait(150);
  equal(polls(host, 2), [INACTIVE, INACTIVE]);
});

test("a loss while a person types is told with the Secure's own answer and by the next poll", () => {
  const host = new LineHost("mynumber").ask();
  swap(host, 50);
  const heard = host.take().replace(/^(80)+(?=03)/, "");
  is(heard.slice(4, 6), "80");
  is(heard.slice(18, 22), "42fe", "absent, failed, ICC mute");
  equal(polls(host, 2), [ABSENT, INACTIVE]);
});

test.run();
