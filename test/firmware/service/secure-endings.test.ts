/** How a PIN command ends when something else comes first, and what is known afterwards. */
import { suite } from "uvu";
import { is } from "uvu/assert";
import { AID, Counter, fromHex, VERIFY_4 } from "../../../host-sim/scenario/counter.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { TrackedMemory } from "../../every-byte/tracked-memory.ts";
import { framed, LineHost, request } from "./line-host.ts";

const test = suite("secure-endings");

const ABORT = framed(request(0x72));
/** 4–16 digits for reference 81 and 01 of an application that the terminal does not know. */
const VERIFY_81 = "000082000010040201000000000004" + "00200081";
const VERIFY_01 = "000082000004040201000000000004" + "00200001";
/** The ring of characters in board/bus-port.ts. */
const RING_BYTES = 512;
const ISO_AID = "a0000009994d4701";

test("an Abort at any time before the prompt or at it ends the command, and nobody is asked after it", () => {
  for (let ms = 0; ms <= 120; ms += 3) {
    const host = new LineHost("mynumber");
    const { counter } = host;
    counter.select(AID.jpki, "0018");
    counter.host.beginSecure(fromHex(VERIFY_4));
    host.wait(ms);
    host.take();
    host.send(ABORT, 200);
    const answers = host.take();
    is(answers.includes("030681" + "000000000007000000"), true, `the Abort is answered after ${ms} ms`);
    is(/030680000000000.{3}40ff/.test(answers), true, `the Secure failed with CMD_ABORTED after ${ms} ms`);
    is(counter.page, "cancelled", `aborted after ${ms} ms`);
    counter.simulator.keys("1357E");
    host.wait(1000);
    counter.host.discard();
    counter.host.t1.rollBackSecure();
    is(counter.apdu("00200080"), "63c3", `aborted after ${ms} ms`);
  }
});

test("the card pulled at any time of its power-on leaves an answer to the host and the page that asks for a card", () => {
  for (let ms = 0; ms <= 700; ms += 7) {
    const host = new LineHost();
    host.counter.simulator.insert("mynumber");
    host.wait(100);
    host.message(0x65);
    host.send(framed(request(0x62, "", [1, 0, 0])), ms);
    host.counter.simulator.remove();
    host.wait(200);
    is(host.take().includes("030680"), true, `pulled after ${ms} ms`);
    is(host.counter.page, "insert", `pulled after ${ms} ms`);
    is(host.message(0x65).status, 0x02, `pulled after ${ms} ms`);
  }
});

/** A card of an unknown application with one try of each `reference` left, as its own answers said. */
function warned(...wrong: readonly string[]): Counter {
  const counter = new Counter({ seed: 1 }).start().insert("iso");
  counter.apdu(`00a4040c08${ISO_AID}`);
  for (const verify of wrong) counter.secure(verify, "9999E");
  return counter;
}

function pageOf(counter: Counter, verify: string): string {
  counter.host.beginSecure(fromHex(verify));
  counter.waitForPrompt();
  const page = counter.page;
  counter.simulator.keys("X");
  counter.host.finishSecure();
  return page;
}

test("that the last try is reached is known of each PIN of an unknown application, and after a power-off", () => {
  const counter = warned(VERIFY_81, VERIFY_81, VERIFY_01);
  is(pageOf(counter, VERIFY_81), "last");
  is(pageOf(counter, VERIFY_01), "pin");
  counter.host.powerOff();
  counter.host.powerOn();
  is(pageOf(counter, VERIFY_81), "pin", "no application is selected: another object");
  counter.apdu(`00a4040c08${ISO_AID}`);
  is(pageOf(counter, VERIFY_81), "last");
});

test("another insertion knows nothing of the tries of the card before", () => {
  const counter = warned(VERIFY_81, VERIFY_81);
  counter.simulator.remove();
  counter.simulator.runFor(200);
  counter.host.slotStatus();
  counter.insert("iso");
  counter.apdu(`00a4040c08${ISO_AID}`);
  is(pageOf(counter, VERIFY_81), "pin");
});

test("no digit stays in any memory of the terminal after any ending", () => {
  for (const [keys, ending] of [
    ["1357E", "accepted"],
    ["7531E", "wrong"],
    ["1357X", "cancelled"],
    ["1357C", "cleared"],
    ["1357", "timed out"],
  ] as const) {
    const memory = new TrackedMemory();
    const counter = memory
      .follow(() => new Counter({ seed: 1 }))
      .start()
      .insert("mynumber");
    counter.select(AID.jpki, "0018");
    counter.host.beginSecure(fromHex(VERIFY_4));
    counter.waitForPrompt();
    counter.simulator.keys(keys);
    counter.simulator.runFor(16000);
    is(memory.holding(keys.slice(0, 4)), 0, ending);
  }
});

/** The characters that the UART of a new terminal has received and still holds. */
function withRing(): { counter: Counter; held(): number } {
  const rings: Uint8Array[] = [];
  const allocate = NODE_NATIVES.allocate;
  NODE_NATIVES.allocate = (lengthBytes) => {
    const bytes = new Uint8Array(lengthBytes);
    if (lengthBytes === RING_BYTES) rings.push(bytes);
    return bytes;
  };
  const counter = new Counter({ seed: 1 });
  NODE_NATIVES.allocate = allocate;
  return { counter, held: () => rings.flatMap((ring) => [...ring]).filter((byte) => byte !== 0).length };
}

test("a card lost at any moment of the VERIFY leaves not one of its characters behind", () => {
  for (let us = 500; us <= 12_500; us += 250) {
    const { counter, held } = withRing();
    counter.start().insert("mynumber").select(AID.jpki, "0018");
    counter.host.beginSecure(fromHex(VERIFY_4));
    counter.waitForPrompt();
    counter.simulator.keys("1357E");
    counter.simulator.runUntil(() => counter.page === "reading", 2000);
    counter.simulator.runFor(us / 1000);
    counter.simulator.remove();
    counter.simulator.runFor(20);
    is(counter.page, "unknown", `lost after ${us} us`);
    is(held(), 0, `lost after ${us} us`);
  }
});

test.run();
