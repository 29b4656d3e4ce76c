import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { AtrReceiver, AtrState, turnedRound } from "../../../firmware/driver/atr-receiver.ts";
import { CardLine } from "../../../firmware/driver/card-line.ts";
import { AtrError } from "../../../firmware/protocol/atr.ts";
import { Convention } from "../../../hal/card-uart.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { ETU_US, MY_NUMBER_ATR, run, ScriptedCard, WIRING, type Say } from "./scripted-card.ts";

const test = suite("atr-receiver");

interface Options {
  readonly say?: Say | undefined;
  readonly afterClocks?: number;
  readonly inverse?: boolean;
  /** The receiver is only asked at the end. */
  readonly late?: boolean;
}

function received(options: Options) {
  const card = new ScriptedCard();
  card.atr = "say" in options ? options.say : { bytes: MY_NUMBER_ATR };
  card.atrAfterClocks = options.afterClocks ?? 1000;
  card.inverse = options.inverse ?? false;
  const receiver = new AtrReceiver(NODE_NATIVES, new CardLine(NODE_NATIVES, card, WIRING.clockHz));
  card.set(WIRING.commandVccN, 0);
  receiver.begin(0);
  card.set(WIRING.reset, WIRING.reset);
  if (options.late === true) card.advance(100_000);
  const isOver = () =>
    receiver.current() !== AtrState.WaitingForTs && receiver.current() !== AtrState.Receiving;
  is(run(card, receiver, isOver), true, "the receiver comes to an end");
  return { card, receiver, bytes: [...(receiver.atr.raw as Uint8Array).subarray(0, receiver.atr.length)] };
}

const INVERSE_ATR = [0x3f, ...MY_NUMBER_ATR.slice(1)];

test("a direct ATR is read whole", () => {
  const { receiver, bytes } = received({});
  is(receiver.current(), AtrState.Whole);
  is(receiver.convention, Convention.Direct);
  equal(bytes, MY_NUMBER_ATR);
});

test("TS 3F, seen in direct convention, is 03 with the other parity", () => {
  // The line after the start bit: HHLLLLLLH (7816-3, 8.1). Direct: 11000000 is 03, with parity 1 three ones, which is odd.
  const moments = [1, 1, 0, 0, 0, 0, 0, 0, 1];
  const value = moments.slice(0, 8).reduce((sum, level, i) => sum | (level << i), 0);
  is(value, 0x03);
  is(moments.reduce((sum, level) => sum + level, 0) % 2, 1, "a parity error for a direct reader");
  is(turnedRound(0x03), 0x3f);
});

test("an inverse ATR is read whole and named inverse", () => {
  const { receiver, bytes } = received({ say: { bytes: INVERSE_ATR }, inverse: true });
  is(receiver.current(), AtrState.Whole);
  is(receiver.convention, Convention.Inverse);
  equal(bytes, INVERSE_ATR);
});

test("an inverse ATR is read whole by a receiver that is asked long after its end", () => {
  equal(received({ say: { bytes: INVERSE_ATR }, inverse: true, late: true }).bytes, INVERSE_ATR);
});

test("a wrong parity is refused at every character, in both conventions", () => {
  for (const inverse of [false, true]) {
    const bytes = inverse ? INVERSE_ATR : MY_NUMBER_ATR;
    for (let at = 0; at < bytes.length; at++) {
      const { receiver } = received({ say: { bytes, badParityAt: at }, inverse });
      is(receiver.current(), AtrState.Refused, `character ${at}`);
      // An inverse TS with wrong parity looks like a direct 03, which is no TS.
      is(receiver.error, inverse && at === 0 ? AtrError.BadTs : AtrError.Parity, `character ${at}`);
    }
  }
});

test("a card that is silent is mute", () => {
  const { receiver, card } = received({ say: undefined });
  is(receiver.current(), AtrState.Mute);
  is(card.nowUs < 15_000, true, "after 42,000 clocks and one character");
});

test("the ATR may begin up to 42,000 clocks after the reset", () => {
  is(received({ afterClocks: 400 }).receiver.current(), AtrState.Whole);
  is(received({ afterClocks: 41_990 }).receiver.current(), AtrState.Whole);
  is(received({ afterClocks: 42_020 }).receiver.current(), AtrState.Mute);
});

test("10,080 etu between two characters are waited for, not more", () => {
  is(received({ say: { bytes: [0x3b, 0x00], gapEtu: 10_079 } }).receiver.current(), AtrState.Whole);
  const { receiver } = received({ say: { bytes: [0x3b, 0x00], gapEtu: 10_082 } });
  is(receiver.error, AtrError.Slow);
});

test("the whole ATR must be there within 20,160 etu", () => {
  const bytes = [0x3b, 0x03, 1, 2, 3];
  is(received({ say: { bytes, gapEtu: 5_039 } }).receiver.current(), AtrState.Whole);
  const { receiver } = received({ say: { bytes, gapEtu: 5_042 } });
  is(receiver.error, AtrError.TotalTime);
});

test("an ATR that breaks off is refused after 10,080 etu", () => {
  const { receiver, card } = received({ say: { bytes: MY_NUMBER_ATR.slice(0, 5) } });
  is(receiver.error, AtrError.Slow);
  is(card.nowUs < (10_080 + 200) * ETU_US, true);
});

test("what the parser refuses ends the reception with its error", () => {
  is(
    received({ say: { bytes: [0x3b, 0xe0, 0x00, 0xff, 0x81, 0x31, 0xfe, 0x45, 0x15] } }).receiver.error,
    AtrError.BadTck,
  );
  is(received({ say: { bytes: [0x23] } }).receiver.error, AtrError.BadTs);
});

test.run();
