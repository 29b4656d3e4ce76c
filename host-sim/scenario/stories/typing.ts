/** Stories of typing: the function keys, waiting, and hands that are old, slow or in a hurry. */
import { Language } from "../../../firmware/service/view.ts";
import type { T1Endpoint } from "../../card/t1-endpoint.ts";
import type { Counter } from "../counter.ts";
import { PLACES, residentWith } from "../entry-cards.ts";
import { beginEntry, expectEnd, expectPage, expectPin, expectUntouched, type } from "../expectations.ts";
import { press, roll } from "../fingers.ts";
import { expectSame, type Scenario } from "../scenario.ts";

const place = PLACES.userAuthentication;
const KEY_HZ = 2000;

/** A resident whose PIN is 2580, asked for it. */
function asked(counter: Counter): T1Endpoint {
  const card = residentWith(place, "2580");
  counter.start().insert(card).select(place.aid, place.file);
  beginEntry(counter);
  return card;
}

function digitsShown(counter: Counter): number {
  return counter.simulator.view().digits;
}

/** The piezo's key tones since the prompt. */
function countKeyTones(counter: Counter): () => number {
  let count = 0;
  counter.simulator.world.recorder.onEvent(({ channel, value }) => {
    if (channel === "tone" && value === KEY_HZ) count++;
  });
  return () => count;
}

function expectRight(counter: Counter, card: T1Endpoint): void {
  expectEnd(counter, "9000", "ok");
  expectPin(card, place, { left: 3, verified: true, compared: 1 });
}

const KEYS: readonly Scenario[] = [
  {
    name: "訂正 after three digits",
    story: "A resident mistypes, presses 訂正, which clears all dots, types again and is right.",
    seed: 11,
    run(counter) {
      const card = asked(counter);
      type(counter, "259");
      expectSame("dots", digitsShown(counter), 3);
      type(counter, "C");
      expectSame("dots after 訂正", digitsShown(counter), 0);
      type(counter, "2580E");
      expectRight(counter, card);
    },
  },
  {
    name: "取消",
    story: "A resident gives up after all four digits; nothing goes to the card.",
    seed: 12,
    run(counter) {
      const card = asked(counter);
      type(counter, "2580X");
      expectEnd(counter, "6401", "cancelled");
      expectUntouched(card);
    },
  },
  {
    name: "確認 too early, and a fifth digit",
    story: "確認 after three digits does nothing, nor does a fifth digit; neither makes a sound.",
    seed: 13,
    run(counter) {
      const card = asked(counter);
      type(counter, "258");
      const keyTones = countKeyTones(counter);
      type(counter, "E");
      expectPage(counter, "pin");
      expectSame("key tones for 確認 too early", keyTones(), 0);
      type(counter, "09");
      expectSame("key tones for the fourth digit and a fifth", keyTones(), 1);
      expectSame("dots", digitsShown(counter), 4);
      type(counter, "E");
      expectRight(counter, card);
    },
  },
  {
    name: "nobody types for 30 s",
    story: "The resident has walked away: after 30 s the entry ends and nothing went to the card.",
    seed: 14,
    run(counter) {
      const card = asked(counter);
      counter.simulator.runFor(29_500);
      expectPage(counter, "pin");
      expectEnd(counter, "6400", "timeout");
      expectUntouched(card);
    },
  },
  {
    name: "stops typing for 15 s",
    story: "The resident looks for a note after two digits: 15 s later the entry ends.",
    seed: 15,
    run(counter) {
      const card = asked(counter);
      type(counter, "25");
      counter.simulator.runFor(14_500);
      expectPage(counter, "pin");
      counter.simulator.runFor(1000);
      expectEnd(counter, "6400", "timeout");
      expectUntouched(card);
    },
  },
];

const HANDS: readonly Scenario[] = [
  {
    name: "the language key during the entry",
    story:
      "A resident who reads English presses 言語 twice in the middle, past やさしい日本語; the dots stay, the next resident is asked in Japanese.",
    seed: 16,
    run(counter) {
      const card = asked(counter);
      type(counter, "25L");
      expectSame("language", counter.simulator.view().language, Language.EasyJapanese);
      type(counter, "L");
      expectSame("language", counter.simulator.view().language, Language.English);
      expectSame("dots", digitsShown(counter), 2);
      type(counter, "80E");
      expectRight(counter, card);
      counter.simulator.remove();
      counter.simulator.runFor(6000);
      expectPage(counter, "insert");
      expectSame("language of the next page", counter.simulator.view().language, Language.Japanese);
    },
  },
  {
    name: "long presses on worn keys",
    story:
      "An elderly resident holds each key for two seconds, its contact chattering for 10 ms: each is one digit.",
    seed: 17,
    run(counter) {
      const card = asked(counter);
      const keyTones = countKeyTones(counter);
      for (const keys of "2580") press(counter, { keys, holdMs: 2000, bounceMs: 10 });
      expectSame("key tones", keyTones(), 4);
      press(counter, { keys: "E", holdMs: 2000, bounceMs: 10 });
      expectRight(counter, card);
    },
  },
  {
    name: "two keys under one finger",
    story: "Two keys at once, and three that make a ghost of a fourth, are no digit; then the PIN is right.",
    seed: 18,
    run(counter) {
      const card = asked(counter);
      for (const keys of ["12", "258", "137", "46"]) {
        press(counter, { keys, holdMs: 200, bounceMs: 3 });
        expectSame("dots after several keys at once", digitsShown(counter), 0);
      }
      type(counter, "2580E");
      expectRight(counter, card);
    },
  },
  {
    name: "rolled keys",
    story: "Fingers that roll from one key to the next enter the first key only, never a wrong one.",
    seed: 19,
    run(counter) {
      const card = asked(counter);
      roll(counter, "2", "5");
      expectSame("dots", digitsShown(counter), 1);
      type(counter, "580E");
      expectRight(counter, card);
    },
  },
  {
    name: "a key typed before the prompt",
    story: "Keys pressed while nothing is asked do not stand in the entry that comes next.",
    seed: 20,
    run(counter) {
      const card = residentWith(place, "2580");
      counter.start().insert(card).select(place.aid, place.file);
      type(counter, "99E");
      beginEntry(counter);
      expectSame("dots", digitsShown(counter), 0);
      type(counter, "2580E");
      expectRight(counter, card);
    },
  },
];

export const TYPING: readonly Scenario[] = [...KEYS, ...HANDS];
