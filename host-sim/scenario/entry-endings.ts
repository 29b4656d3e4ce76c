/** Entries and how they end: by the person, the host, time, or the card's leaving. */
import { AID, type Counter } from "./counter.ts";
import { otherPin, PLACES } from "./entry-cards.ts";
import { atResident, begin, finish, press, VERIFY_KNOWN, type EntryScenario } from "./entry-steps.ts";
import { verifyData } from "./secure-data.ts";

const ABORT = 0x72;

/** An entry at the JPKI object, with `keys` made from the PIN, that ends by itself or by `end`. */
function entry(
  name: string,
  page: string,
  keys: (pin: string) => string,
  end: (counter: Counter) => void = () => {},
): EntryScenario {
  return {
    name,
    digits: 4,
    page,
    run(counter, pin) {
      atResident(counter, PLACES.userAuthentication, pin);
      begin(counter, verifyData(VERIFY_KNOWN));
      press(counter, keys(pin));
      end(counter);
      finish(counter);
    },
  };
}

export const ENDINGS: readonly EntryScenario[] = [
  entry("取消 after three digits", "cancelled", (pin) => `${pin.slice(0, 3)}X`),
  entry("取消 after all digits", "cancelled", (pin) => `${pin}X`),
  entry("訂正 and typed again", "ok", (pin) => `${otherPin(pin).slice(0, 3)}C${pin}E`),
  entry("more digits than fit", "ok", (pin) => `${pin}${pin}E`),
  entry("確認 too early", "ok", (pin) => `${pin.slice(0, 3)}E${pin.slice(3)}E`),
  entry("the language is changed in the middle", "ok", (pin) => `${pin.slice(0, 2)}L${pin.slice(2)}LE`),
  entry("arrows between the digits", "ok", (pin) => `${pin.slice(0, 2)}<>${pin.slice(2)}E`),
  entry("nobody goes on after three digits", "timeout", (pin) => pin.slice(0, 3)),
  entry(
    "the host gives up after three digits",
    "cancelled",
    (pin) => pin.slice(0, 3),
    (counter) => {
      counter.host.command(ABORT, [0, 0, 0], new Uint8Array(), 3e9);
    },
  ),
  entry(
    "the host asks for the slot's state in the middle",
    "timeout",
    (pin) => pin,
    (counter) => {
      // Echo and answer of both messages come in the order in which they were asked for.
      counter.host.command(0x65, [0, 0, 0], new Uint8Array(), 3e9);
    },
  ),
  entry(
    "the card is pulled after three digits",
    "removed",
    (pin) => pin.slice(0, 3),
    (counter) => {
      counter.simulator.remove();
    },
  ),
  entry(
    "the card's contact is lost for an instant",
    "removed",
    (pin) => pin,
    (counter) => {
      counter.simulator.world.slot.glitch(100_000);
    },
  ),
  {
    name: "the card is pulled while the PIN is on its way",
    digits: 4,
    page: "unknown",
    run(counter, pin) {
      atResident(counter, PLACES.juki, pin);
      begin(counter, verifyData(VERIFY_KNOWN));
      press(counter, pin);
      let left = 4;
      counter.simulator.world.wire.onCharacter(() => {
        if (--left === 0) counter.simulator.remove();
      });
      press(counter, "E");
      finish(counter);
    },
  },
  {
    name: "a host's own time limit runs out",
    digits: 4,
    page: "timeout",
    run(counter, pin) {
      atResident(counter, PLACES.surfaceInput, pin);
      begin(counter, verifyData({ ...VERIFY_KNOWN, seconds: 3 }));
      press(counter, pin.slice(0, 2));
      finish(counter);
    },
  },
  {
    name: "a quick typist whose session ends and whose card leaves",
    digits: 4,
    page: "insert",
    run(counter, pin) {
      atResident(counter, PLACES.common, pin);
      begin(counter, verifyData(VERIFY_KNOWN));
      press(counter, `${pin}E`, 60);
      finish(counter);
      counter.host.powerOff();
      counter.simulator.runFor(6000);
      counter.simulator.remove();
      counter.simulator.runFor(1000);
    },
  },
  {
    name: "the PIN unlocks a signature",
    digits: 4,
    page: "ok",
    run(counter, pin) {
      atResident(counter, PLACES.userAuthentication, pin);
      begin(counter, verifyData(VERIFY_KNOWN));
      press(counter, `${pin}E`);
      finish(counter);
      counter.select(AID.jpki, "0017");
      counter.apdu(`802a0080333031300d060960864801650304020105000420${"5a".repeat(32)}00`);
    },
  },
];
