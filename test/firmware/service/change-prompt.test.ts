/** The three entries of a change: every way out leaves no digit in any byte of the program; which new PINs are refused. */
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { digitOf, Key } from "../../../firmware/driver/keypad.ts";
import { Lamp } from "../../../firmware/driver/lamps.ts";
import { ChangePin, ChangePrompt, ChangePromptState } from "../../../firmware/service/change-prompt.ts";
import { CheckRequest } from "../../../firmware/service/check-request.ts";
import { PinEntry } from "../../../firmware/service/pin-entry.ts";
import { View } from "../../../firmware/service/view.ts";
import { isWeakPin } from "../../../firmware/service/weak-pin.ts";
import { trackedNatives } from "../protocol/tracked-natives.ts";

const test = suite("change prompt");
const BIRTH = Uint8Array.of(0x19, 0x45, 0x12, 0x08);

function desk() {
  const { natives, made } = trackedNatives();
  const view = new View();
  const pins = { set: () => undefined, read: () => 0, takeEdges: () => 0 };
  const prompt = new ChangePrompt(natives, new PinEntry(natives, view, new Lamp(pins, 0)), view);
  prompt.prepare(new CheckRequest(natives));
  prompt.begin(0);
  return { prompt, made };
}

const KEYS = Array.from({ length: 16 }, (_, key) => key as Key);

function press(prompt: ChangePrompt, digits: string): void {
  for (const digit of digits)
    prompt.press(
      KEYS.find((key) => digitOf(key) === Number(digit))!,
      0,
    );
}

function type(prompt: ChangePrompt, digits: string): void {
  press(prompt, digits);
  prompt.press(Key.Confirm, 0);
  prompt.step(0);
}

const NINES = "9997";

test("whatever ended it, no byte of the program holds a digit once it is wiped", () => {
  const steps = [[], [NINES], [NINES, NINES], [NINES, NINES, NINES], [NINES, "0000"], [NINES, NINES, "9998"]];
  for (const entries of steps) {
    for (const way of ["wipe", "cancel", "time"]) {
      const { prompt, made } = desk();
      for (const digits of entries) type(prompt, digits);
      press(prompt, "99");
      if (way === "cancel") prompt.press(Key.Cancel, 0);
      prompt.step(way === "time" ? 60_000_000 : 0);
      prompt.wipe();
      is(prompt.current(), ChangePromptState.Idle);
      is(
        made.every((bytes) => bytes.every((byte) => byte === 0)),
        true,
        `${entries.length} entries, ${way}`,
      );
    }
  }
});

test("complete: both PINs as ASCII digits, and the entry's own buffer is empty", () => {
  const { prompt, made } = desk();
  for (const digits of ["5678", "7391", "7391"]) type(prompt, digits);
  is(prompt.current(), ChangePromptState.Complete);
  const into = new Uint8Array(8);
  prompt.place(ChangePin.Old, into, 0);
  prompt.place(ChangePin.New, into, 4);
  is(Buffer.from(into).toString("latin1"), "56787391");
  is(made.filter((bytes) => bytes.some((byte) => byte !== 0)).length, 1);
});

test("0000, 1234, and the birthday's year, year and month, month and day, day and month; nothing else of 10,000", () => {
  const weak: string[] = [];
  const withoutBirth: string[] = [];
  for (let number = 0; number < 10_000; number++) {
    const pin = String(number).padStart(4, "0");
    const digits = Uint8Array.from(pin, Number);
    if (isWeakPin(digits, 0, BIRTH)) weak.push(pin);
    if (isWeakPin(digits, 0, new Uint8Array(4))) withoutBirth.push(pin);
  }
  equal(weak, ["0000", "0812", "1208", "1234", "1945", "4512"]);
  equal(withoutBirth, ["0000", "1234"]);
});

test.run();
