/** Every way out of an entry of twelve digits: so many are not in memory by chance. */
import type { Counter } from "../../host-sim/scenario/counter.ts";
import { isoWith, otherPin } from "../../host-sim/scenario/entry-cards.ts";
import { atIso, begin, finish, press, type EntryScenario } from "../../host-sim/scenario/entry-steps.ts";
import { changeData, verifyData } from "../../host-sim/scenario/secure-data.ts";

const ABORT = 0x72;
const DIGITS = 12;
const VERIFY = { apdu: "00200081", minimum: 4, maximum: 16 };
const CHANGE = { apdu: "00240081", minimum: 4, maximum: 16 };

interface Way {
  readonly name: string;
  readonly page: string;
  readonly keys: (pin: string) => string;
  readonly data?: string;
  readonly card?: (pin: string) => ReturnType<typeof isoWith>;
  /** What ends it, where no key does. */
  readonly end?: (counter: Counter) => void;
}

function entry({ name, page, keys, data = verifyData(VERIFY), card = isoWith, end }: Way): EntryScenario {
  return {
    name,
    digits: DIGITS,
    page,
    run(counter, pin) {
      atIso(counter, card(pin));
      begin(counter, data);
      press(counter, keys(pin));
      end?.(counter);
      finish(counter);
    },
  };
}

const WAYS: readonly Way[] = [
  { name: "right", page: "ok", keys: (pin) => `${pin}E` },
  { name: "wrong", page: "wrong", keys: (pin) => `${otherPin(pin)}E`, card: (pin) => isoWith(pin) },
  {
    name: "wrong at the last try",
    page: "blocked",
    keys: (pin) => `E${pin}E`,
    card: (pin) => isoWith(otherPin(pin), {}, 1),
  },
  {
    name: "as BCD in a block that no card takes",
    page: "wrong",
    keys: (pin) => `${pin}E`,
    data: verifyData({ ...VERIFY, minimum: 12, maximum: 12, format: "8100" }),
    card: () => isoWith("2468135724681357"),
  },
  {
    name: "a card that asks for time",
    page: "ok",
    keys: (pin) => `${pin}E`,
    card: (pin) => isoWith(pin, { faults: { wtx: { times: 2, multiplier: 3, instructions: [0x20] } } }),
  },
  { name: "取消", page: "cancelled", keys: (pin) => `${pin}X` },
  { name: "訂正, typed again, 取消", page: "cancelled", keys: (pin) => `${pin}C${pin}X` },
  { name: "訂正 and nothing more", page: "timeout", keys: (pin) => `${pin}C` },
  { name: "nobody goes on", page: "timeout", keys: (pin) => pin },
  {
    name: "the host's time limit",
    page: "timeout",
    keys: (pin) => pin,
    data: verifyData({ ...VERIFY, seconds: 3 }),
  },
  {
    name: "the host gives up",
    page: "cancelled",
    keys: (pin) => pin,
    end: (counter) => void counter.host.command(ABORT, [0, 0, 0], new Uint8Array(), 3e9),
  },
  {
    name: "the card is pulled",
    page: "removed",
    keys: (pin) => pin,
    end: ({ simulator }) => simulator.remove(),
  },
  {
    name: "the card's contact is lost",
    page: "removed",
    keys: (pin) => pin,
    end: ({ simulator }) => simulator.world.slot.glitch(100_000),
  },
  {
    name: "a fault of the slot",
    page: "removed",
    keys: (pin) => pin,
    end: ({ simulator }) => simulator.world.slot.fault(),
  },
  {
    name: "the card is pulled while the PIN is on its way",
    page: "unknown",
    keys: (pin) => pin,
    end(counter) {
      let left = DIGITS;
      counter.simulator.world.wire.onCharacter(() => {
        if (--left === 0) counter.simulator.remove();
      });
      press(counter, "E");
    },
  },
  {
    name: "old, new, new again",
    page: "changed",
    keys: (pin) => `${otherPin(pin)}E${pin}E${pin}E`,
    data: changeData({ ...CHANGE, confirm: 3 }),
    card: (pin) => isoWith(otherPin(pin)),
  },
  {
    name: "the new PINs differ",
    page: "change-differ",
    keys: (pin) => `${pin}E${pin}E${otherPin(pin)}E`,
    data: changeData({ ...CHANGE, confirm: 3 }),
  },
  {
    name: "a change is given up at the third page",
    page: "cancelled",
    keys: (pin) => `${pin}E${pin}E${pin}X`,
    data: changeData({ ...CHANGE, confirm: 3 }),
  },
];

export const LONG_ENTRIES: readonly EntryScenario[] = WAYS.map(entry);
