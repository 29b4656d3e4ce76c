import { connect, type Socket } from "node:net";
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { makeCard } from "../../../host-sim/card/deck.ts";
import type { SimCard } from "../../../host-sim/card/sim-card.ts";
import { frame, VpcdStream } from "../../../host-sim/card/vpcd-stream.ts";
import { VpcdPort } from "../../../host-sim/card/vpcd.ts";
import { CardBench } from "./card-bench.ts";

const test = suite("vpcd");
const ATR = "3b951381018073ff01000b";

/** A card elsewhere: tells its ATR, and to each APDU what `answers` says. */
class FakeCard {
  readonly received: string[] = [];
  private readonly waiting: (() => void)[] = [];
  readonly socket: Socket;

  constructor(
    port: number,
    private readonly answers: (command: string) => string | undefined,
  ) {
    this.socket = connect(port, "127.0.0.1");
    const stream = new VpcdStream((payload) => this.message(Buffer.from(payload).toString("hex")));
    this.socket.on("data", (chunk: Buffer) => stream.push(chunk));
    this.socket.on("error", () => {});
  }

  say(hex: string): void {
    this.socket.write(frame(Buffer.from(hex, "hex")));
  }

  /** Resolves when `count` messages have come. */
  async heard(count: number): Promise<void> {
    while (this.received.length < count) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private message(hex: string): void {
    this.received.push(hex);
    const answer = hex === "04" ? ATR : hex.length > 2 ? this.answers(hex) : undefined;
    if (answer !== undefined) this.say(answer);
    for (const wake of this.waiting.splice(0)) wake();
  }
}

/** A port whose events are counted, so that a test waits for them and never for time. */
async function portFor(bench: CardBench) {
  const waiting: (() => void)[] = [];
  let events = 0;
  const cards: SimCard[] = [];
  const port = new VpcdPort({
    port: 0,
    insert: (card) => {
      bench.slot.insert(card);
      cards.push(card);
    },
    remove: (card) => {
      if (bench.slot.inserted() === card) bench.slot.remove();
    },
    enter: (action) => {
      action();
      events++;
      for (const wake of waiting.splice(0)) wake();
    },
  });
  const number = await port.listen();
  const entered = async (count: number): Promise<void> => {
    while (events < count) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return { port, number, entered, cards };
}

function powerUp(bench: CardBench): number[] {
  bench.run(50e6);
  bench.uart.setup(372, 12, 0);
  return bench.powerOn();
}

test("a connecting card is asked for its ATR, is in the slot, and answers with that ATR", async () => {
  const bench = new CardBench();
  const { port, number, entered, cards } = await portFor(bench);
  const fake = new FakeCard(number, () => "9000");
  await entered(1);
  equal(fake.received, ["01", "04"]);
  is(cards.length, 1);
  equal(Buffer.from(powerUp(bench)).toString("hex"), ATR);
  fake.socket.destroy();
  await port.close();
});

test("a command goes to the peer and its answer comes over the wire in T=1", async () => {
  const bench = new CardBench();
  const { port, number, entered } = await portFor(bench);
  const fake = new FakeCard(number, (command) => (command === "00200001" ? "63c3" : "6d00"));
  await entered(1);
  powerUp(bench);
  equal(bench.block(0x00, [0x00, 0x20, 0x00, 0x01], 0.1e9), []);
  await entered(2);
  bench.run(0.1e9);
  equal(
    bench.heard.map((each) => each.value),
    [0x00, 0x00, 0x02, 0x63, 0xc3, 0xa2],
  );
  equal(fake.received.slice(2), ["00200001"]);
  fake.socket.destroy();
  await port.close();
});

test("a peer that thinks is waited for with S(WTX), its answer after the reset is dropped", async () => {
  const bench = new CardBench();
  const { port, number, entered } = await portFor(bench);
  const fake = new FakeCard(number, () => undefined);
  await entered(1);
  powerUp(bench);
  is(bench.block(0x00, [0x00, 0x84, 0x00, 0x00])[1], 0xc3);
  await fake.heard(3);
  bench.warmReset();
  await fake.heard(4);
  is(fake.received[3], "02");
  equal(bench.block(0x00, [0x00, 0x84, 0x00, 0x00], 0.1e9), []);
  await fake.heard(5);
  fake.say("9000");
  await entered(2);
  bench.run(0.1e9);
  equal(bench.heard, []);
  fake.say("6f00");
  await entered(3);
  bench.run(0.1e9);
  equal(bench.heard.map((each) => each.value).slice(3, 5), [0x6f, 0x00]);
  fake.socket.destroy();
  await port.close();
});

test("power off and on reach the peer as 00 and 01", async () => {
  const bench = new CardBench();
  const { port, number, entered } = await portFor(bench);
  const fake = new FakeCard(number, () => "9000");
  await entered(1);
  powerUp(bench);
  bench.powerOff();
  bench.powerOn();
  await fake.heard(4);
  equal(fake.received, ["01", "04", "00", "01"]);
  fake.socket.destroy();
  await port.close();
});

test("the connection's end takes the card out, and connecting again puts one in", async () => {
  const bench = new CardBench();
  const { port, number, entered, cards } = await portFor(bench);
  const first = new FakeCard(number, () => "9000");
  await entered(1);
  first.socket.end();
  await entered(2);
  is(bench.slot.inserted(), undefined);
  const second = new FakeCard(number, () => "9000");
  await entered(3);
  is(bench.slot.inserted(), cards[1]);
  second.socket.destroy();
  await port.close();
});

test("a card that finds the slot taken is turned away, and the next one is not", async () => {
  const bench = new CardBench();
  const { port, number } = await portFor(bench);
  bench.slot.insert(makeCard("mynumber"));
  const first = new FakeCard(number, () => "9000");
  await new Promise((resolve) => first.socket.on("close", resolve));
  bench.slot.remove();
  const second = new FakeCard(number, () => "9000");
  await second.heard(2);
  second.socket.destroy();
  await port.close();
});

test("a second card is turned away while one is there", async () => {
  const bench = new CardBench();
  const { port, number, entered } = await portFor(bench);
  const first = new FakeCard(number, () => "9000");
  await entered(1);
  const second = new FakeCard(number, () => "9000");
  await new Promise((resolve) => second.socket.on("close", resolve));
  equal(second.received, []);
  first.socket.destroy();
  await port.close();
});

test("messages are found however the stream is cut", () => {
  const bytes = Buffer.concat([
    frame(Buffer.from("00a4", "hex")),
    frame(Buffer.from("9000", "hex")),
    frame(new Uint8Array(0)),
  ]);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const messages: string[] = [];
    const stream = new VpcdStream((payload) => void messages.push(Buffer.from(payload).toString("hex")));
    stream.push(bytes.subarray(0, cut));
    stream.push(bytes.subarray(cut));
    equal(messages, ["00a4", "9000", ""], `cut at ${cut}`);
  }
});

test.run();
