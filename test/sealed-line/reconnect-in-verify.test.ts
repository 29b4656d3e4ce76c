/** The counter connects anew at every character of a VERIFY on the card's contact: one VERIFY, and its result waits for the new session. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { CheckDesk, Outcome, pinOf, residentCard, RIGHT, WRONG_PIN } from "./check-desk.ts";

const test = suite("reconnect in VERIFY");
const ID = 3;
/** NAD, PCB, LEN, the header, Lc, four digits, LRC; the answer has a prologue, SW1, SW2, LRC. */
const COMMAND_CHARACTERS = 13;
const ANSWER_CHARACTERS = 6;
/** Control of UA with F (docs/protocol.md, Frames). */
const UA = 0x73;
/** When the fifth key is pressed (`Simulator.keys`). */
const CONFIRM_MS = 4 * 150;
/** CLA INS P1 P2 Lc of the VERIFY; the query before it has no Lc. */
const VERIFY = "0020008004";

/** Counts the characters of the card's contact from its last answer before the entry on; both ends'. */
class Contact {
  readonly sent: number[] = [];
  count = 0;

  constructor(desk: CheckDesk) {
    desk.simulator.world.wire.onCharacter(({ from, character }) => {
      this.count++;
      if (from === "terminal") this.sent.push(character.moments & 0xff);
    });
  }

  /** How many VERIFY with digits have begun. */
  get verifies(): number {
    return Buffer.from(this.sent).toString("hex").split(VERIFY).length - 1;
  }
}

/** The page at each UA, as it comes. */
function pagesAtUa({ simulator }: CheckDesk): readonly string[] {
  const pages: string[] = [];
  simulator.world.recorder.onEvent(({ channel, value }) => {
    if (channel === "line-out" && (value as Uint8Array)[1] === UA) pages.push(simulator.page());
  });
  return pages;
}

function reconnectAt(character: number, keys: string, again: number): void {
  const desk = new CheckDesk();
  const { simulator, host } = desk;
  const card = residentCard();
  const pin = pinOf(card);
  const where = `character ${character}, ${keys}`;
  desk.atThePin(ID, card);
  const contact = new Contact(desk);
  simulator.keys(keys);
  ok(
    simulator.runUntil(() => contact.count === character, 5000),
    where,
  );
  is(
    pin.verifyCount,
    character < COMMAND_CHARACTERS ? 0 : 1,
    `the card judges behind the last character: ${where}`,
  );
  const pages = pagesAtUa(desk);
  for (let i = 0; i < again; i++) {
    host.call();
    simulator.runFor(1);
  }
  const { outcome, triesLeft, insertion } = desk.storedAfterReconnect(ID);
  const isRight = keys === RIGHT;
  equal([outcome, insertion], [isRight ? Outcome.Ok : Outcome.Wrong, 1], where);
  equal([pin.verifyCount, pin.left, contact.verifies], [1, isRight ? 3 : 2, 1], where);
  if (!isRight) is(triesLeft, 2, where);
  is(pages[0], isRight ? "ok" : "wrong", `nothing is answered before the result: ${where}`);
  is(simulator.page(), isRight ? "ok" : "wrong", where);
  simulator.runFor(100);
  is(simulator.world.slot.isPowered(), false, "the card is off");
  is(contact.verifies, 1, where);
  equal(desk.check.getResult(ID), desk.check.getResult(ID));
  desk.close();
}

for (const [what, keys] of [
  ["a right PIN", RIGHT],
  ["a wrong one", WRONG_PIN],
] as const) {
  test(`SABM at every character of the VERIFY of ${what}: exactly one VERIFY, and the new session finds its result`, () => {
    for (let at = 1; at <= COMMAND_CHARACTERS + ANSWER_CHARACTERS; at++) reconnectAt(at, keys, 1);
  });
}

test("a counter that calls again and again during the VERIFY changes nothing", () => {
  for (let at = 1; at <= COMMAND_CHARACTERS; at += 4) reconnectAt(at, WRONG_PIN, 30);
});

test("SABM at every millisecond from before 確認 to the card's answer: either nothing was sent and it is cancelled, or it is judged", () => {
  const outcomes = new Set<number>();
  for (let ms = CONFIRM_MS - 5; ms < CONFIRM_MS + 45; ms++) {
    const desk = new CheckDesk();
    const card = residentCard();
    desk.atThePin(ID, card);
    const contact = new Contact(desk);
    desk.simulator.keys(WRONG_PIN);
    desk.simulator.runFor(ms);
    const { outcome } = desk.storedAfterReconnect(ID);
    const isJudged = outcome === Outcome.Wrong;
    ok(isJudged || outcome === Outcome.Cancelled, `${outcome} after ${ms} ms`);
    equal([pinOf(card).verifyCount, contact.verifies], isJudged ? [1, 1] : [0, 0], `${ms} ms`);
    outcomes.add(outcome);
    desk.close();
  }
  is(outcomes.size, 2, [...outcomes].join());
});

test.run();
