import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { BusCardUart } from "../../board/bus-port.ts";
import { CharacterFlag, Convention, type CardCharacter } from "../../hal/card-uart.ts";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { WorldBus } from "../../host-sim/world/world-bus.ts";
import { World } from "../../host-sim/world/world.ts";

const test = suite("bus-port");
const RING = 512;

function makeUart(): { uart: BusCardUart; buffers: Uint8Array[] } {
  const buffers: Uint8Array[] = [];
  const natives = {
    ...NODE_NATIVES,
    allocate: (lengthBytes: number) => {
      const bytes = new Uint8Array(lengthBytes);
      buffers.push(bytes);
      return bytes;
    },
  };
  return { uart: new BusCardUart(natives, new WorldBus(new World(1))), buffers };
}

function taken(uart: BusCardUart): CardCharacter[] {
  const characters: CardCharacter[] = [];
  for (;;) {
    const character = { value: 0, flags: 0, timeUs: 0 };
    if (!uart.receive(character)) return characters;
    characters.push(character);
  }
}

test("no character stays in memory, whether it was taken or dropped", () => {
  for (const drop of [false, true]) {
    const { uart, buffers } = makeUart();
    for (const digit of [0x31, 0x33, 0x35, 0x37]) uart.received(digit, CharacterFlag.None, 1);
    if (drop) uart.configure(372, 12, Convention.Direct);
    else is(taken(uart).length, 4);
    for (const bytes of buffers)
      is(
        bytes.every((byte) => byte === 0),
        true,
        `dropped: ${drop}`,
      );
  }
});

test("a full ring keeps what came first and marks the gap", () => {
  const { uart } = makeUart();
  for (let i = 0; i < RING + 3; i++) uart.received(i & 0xff, CharacterFlag.None, i);
  const kept = taken(uart);
  is(kept.length, RING - 1);
  uart.received(9, CharacterFlag.None, 1000);
  uart.received(8, CharacterFlag.None, 1001);
  equal(
    taken(uart).map(({ flags }) => flags),
    [CharacterFlag.Overrun, CharacterFlag.None],
  );
});

test.run();
