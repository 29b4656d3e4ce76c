/**
 * The sealed image on the emulated board: after every way out of a resident check nothing in its RAM depends on what was typed, and
 * after every end of a session nothing of the session's keys is there; pair key, key-encryption and journal key never are.
 */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { otherPin } from "../../host-sim/scenario/entry-cards.ts";
import { CHECK_STORIES } from "../interference/check-stories.ts";
import { tellCheckWatched } from "./check-run.ts";
import { differencesOf } from "./compare-memory.ts";
import { SEALED_IMAGE } from "./sealed-image.ts";
import { SealedSession, SESSION_ENDS } from "./sealed-sessions.ts";

const test = suite("forensics of the sealed image");
const PIN = "9071";
const counted = { ways: 0, ends: 0, secrets: 0 };
/** Without power there is no RAM; 訂正 is looked at on the bench image. */
const LEFT_OUT = /^the power goes|^訂正/;
const STORIES = CHECK_STORIES.filter(({ name }) => !LEFT_OUT.test(name));

for (const story of STORIES) {
  test(`same memory after a check: ${story.name}`, () => {
    const [one, other] = [PIN, otherPin(PIN)].map((typed) => tellCheckWatched(story, typed, SEALED_IMAGE));
    is(one!.page, story.page);
    ok(one!.steps.length > 1, `${one!.steps.length} steps`);
    equal(differencesOf(one!, other!), []);
    counted.ways++;
  });
}

/** Of both directions. */
const OPEN = ["traffic iv", "traffic iv", "traffic key", "traffic key", "traffic secret", "traffic secret"];

function namesOf(found: readonly string[]): string[] {
  return found.map((each) => each.replace(/ at .*$/, "")).sort();
}

for (const { name, end } of SESSION_ENDS) {
  test(`an open session has its application keys in memory and nothing else; none after ${name}`, () => {
    const session = new SealedSession(SEALED_IMAGE);
    session.host.open();
    const shared = session.shared();
    equal(namesOf(session.found(shared)), OPEN);
    end(session);
    equal(session.found(shared), []);
    session.close();
    counted.ends++;
    counted.secrets += shared.length;
  });
}

test("a handshake that its client does not end leaves nothing either", () => {
  const session = new SealedSession(SEALED_IMAGE);
  const { simulator, host } = session;
  host.call();
  simulator.runFor(100);
  host.say(host.tls.begin());
  const isAnswered = (): boolean => host.tls.isOpen;
  // What the client says to ServerHello is lost.
  simulator.world.line.medium = (bytes, towards) =>
    isAnswered() && towards === "terminal" ? new Uint8Array() : bytes;
  ok(simulator.runUntil(isAnswered, 2000));
  const shared = session.shared();
  ok(session.found(shared).length >= 4, "keys of the handshake are there");
  simulator.runFor(12_000);
  equal(session.found(shared), []);
  session.close();
  counted.ends++;
});

test("a key that was updated is gone while the session goes on", () => {
  const session = new SealedSession(SEALED_IMAGE);
  const { simulator, host } = session;
  host.open();
  const before = session.shared();
  host.say(host.tls.keyUpdate(1));
  simulator.runFor(500);
  is(host.slotStatus().error, 0);
  equal(session.found(before), []);
  equal(namesOf(session.found(session.shared().slice(before.length))), OPEN);
  session.close();
});

test("a key's change leaves neither key in memory, nor what the terminal has tried with the old one", () => {
  const session = new SealedSession(SEALED_IMAGE);
  session.host.open();
  const { host, secrets } = session.rekeyed();
  equal(session.found([...session.shared(), ...secrets]), [], "allowed");
  const before = session.shared().length;
  host.open();
  const shared = session.shared().slice(before);
  equal(namesOf(session.found([...shared, ...secrets])), OPEN, "replaced");
  host.close();
  equal(session.found([...shared, ...secrets]), []);
  session.close();
  counted.ends++;
});

test("every way was looked at", () => {
  is(counted.ways, STORIES.length);
  console.log(`\n${counted.ways} ways out of a resident check, 0 bytes that differ`);
  console.log(`\n${counted.ends} ends of a session, ${counted.secrets} secrets looked for, 0 found`);
});

test.run();
