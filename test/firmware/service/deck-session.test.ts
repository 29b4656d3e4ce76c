import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { BOARD } from "../../../board/mps2-an386/pins.ts";
import { BusPort } from "../../../board/bus-port.ts";
import { VoltageClass } from "../../../firmware/driver/card-slot.ts";
import { CommandKind } from "../../../firmware/driver/t1-exchange.ts";
import { CardSession, SessionOutcome, SessionState } from "../../../firmware/service/card-session.ts";
import { describeDeck, makeCard } from "../../../host-sim/card/deck.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { makeBusEvents, WorldBus } from "../../../host-sim/world/world-bus.ts";
import { World } from "../../../host-sim/world/world.ts";

const test = suite("deck-session");

const SELECT_MF = [0x00, 0xa4, 0x00, 0x00, 0x02, 0x3f, 0x00];
const REFUSED: Record<string, SessionState> = {
  t0: SessionState.T0Only,
  "bad-tck": SessionState.Unreadable,
  "endless-td": SessionState.Unreadable,
  "bad-ts": SessionState.Unreadable,
  mute: SessionState.Mute,
  "wrong-way": SessionState.Mute,
  "specific-fast": SessionState.Unsupported,
  "bad-lrc": SessionState.Unreadable,
};

/** The session alone on the world's chips. */
class SlotBench {
  readonly world = new World(7);
  readonly session: CardSession;
  private readonly port = new BusPort(NODE_NATIVES, new WorldBus(this.world));
  private readonly events = makeBusEvents();

  constructor() {
    this.session = new CardSession(NODE_NATIVES, this.port.pins, this.port.card, BOARD.slot);
  }

  /** Steps at every deadline and news until `done`, at most `limitS` of virtual time. */
  run(done: () => boolean, limitS: number): boolean {
    const { scheduler } = this.world;
    const endNs = scheduler.nowNs + limitS * 1e9;
    while (scheduler.nowNs <= endNs) {
      this.world.collect(this.events);
      this.port.dispatch(this.events);
      const deadlineNs = this.session.step(this.events.nowUs) * 1000;
      if (done()) return true;
      while (!this.world.wakes() && scheduler.nextNs() <= deadlineNs) scheduler.runNext();
      if (!this.world.wakes()) scheduler.advanceTo(Math.min(deadlineNs, endNs + 1));
    }
    return false;
  }

  powerOn(name: string, voltage: VoltageClass): SessionState {
    this.world.slot.insert(makeCard(name));
    is(
      this.run(() => this.session.isPresent(), 1),
      true,
    );
    this.session.powerOn(voltage, this.events.nowUs);
    is(
      this.run(() => this.session.state() !== SessionState.Starting, 60),
      true,
      "the start ends",
    );
    return this.session.state();
  }

  exchange(apdu: readonly number[], kind: CommandKind): SessionOutcome {
    apdu.forEach((byte, i) => (this.session.command[i] = byte));
    this.session.transmit(apdu.length, kind, this.events.nowUs);
    this.run(() => this.session.outcome() !== SessionOutcome.Busy, 120);
    return this.session.outcome();
  }
}

for (const { name } of describeDeck()) {
  test(`${name} of the deck starts, or is refused, as it should, and the wire has nothing to complain about`, () => {
    const bench = new SlotBench();
    const wanted = REFUSED[name] ?? SessionState.Ready;
    is(bench.powerOn(name, VoltageClass.Automatic), wanted);
    bench.run(() => false, 0.001);
    is(bench.world.slot.isPowered(), wanted === SessionState.Ready);
    if (wanted === SessionState.Ready) {
      is(bench.exchange(SELECT_MF, CommandKind.Ordinary), SessionOutcome.Done);
      is(bench.session.statusWord() >= 0x6000, true, "a status word came");
    }
    equal(bench.world.complaints, []);
  });
}

test("a wrong PIN lowers the card's counter by one, over the simulated wire", () => {
  const bench = new SlotBench();
  bench.powerOn("mynumber", VoltageClass.A5V);
  const jpki = [0x00, 0xa4, 0x04, 0x0c, 0x0a, 0xd3, 0x92, 0xf0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
  is(bench.exchange(jpki, CommandKind.Ordinary), SessionOutcome.Done);
  bench.exchange([0x00, 0xa4, 0x02, 0x0c, 0x02, 0x00, 0x18], CommandKind.Ordinary);
  bench.exchange([0x00, 0x20, 0x00, 0x80, 0x04, 0x30, 0x30, 0x30, 0x30], CommandKind.Pin);
  is(bench.session.statusWord(), 0x63c2);
  equal(bench.world.complaints, []);
});

test.run();
