/**
 * The sealed line, timed on its wire in virtual time: what frames, acknowledgements and waits add to the characters themselves. The
 * processor takes no time in it (`handshake_cpu_ms` is that), the counter answers at once.
 */
import type { CardWire } from "../../host-sim/chip/card-wire.ts";
import { fromHex, toHex } from "../../host-sim/scenario/counter.ts";
import { byChance, LossyLine, type FrameFate } from "../../host-sim/chip/lossy-line.ts";
import { SealedLineBench, type Sender, type SentFrame } from "./sealed-line-bench.ts";
import { exchangeNs } from "./wire-model.ts";

const JUKI = "00a4040c0ad3921000310001010401";
const APDUS = [JUKI, "00a4020c02001c", "00200080"];
const EXCHANGES = 1000;
const LOSS = 0.01;
const SEEDS = 4;
/** I frames of a direction whose loss is tried, one in each run. */
const LOSSES = 24;
const READ_JOURNAL = 0x40;
const JOURNAL_RECORDS = 12;

/** From the SABM's first bit to the last of Hello's answer, over what all characters of both ends take one after the other. */
export function handshakeOverWire(): number {
  const bench = new SealedLineBench();
  const tookNs = bench.took(() => bench.host.open());
  // The last frame is the counter's acknowledgement, which begins when it has the answer.
  const wireNs = bench.lineNs(bench.frames.slice(0, -1));
  bench.simulator.close();
  return tookNs / wireNs;
}

/**
 * From the last bit of an I frame that was lost to the last of its repeat, in milliseconds; the worst of every I frame, in each
 * direction, of GetSlotStatus and long answers in a session whose round trip is known (before its first measurement a link waits 300 ms).
 */
export function lostFrameMs(): number {
  let worst = 0;
  for (const sender of ["terminal", "pc"] as const)
    for (let index = 1; index <= LOSSES; index++) worst = Math.max(worst, lostOnceMs(sender, index));
  return worst;
}

function lostOnceMs(sender: Sender, which: number): number {
  const bench = new SealedLineBench();
  bench.host.open();
  writeJournal(bench);
  // Nothing is under way: frames and what the cable sees of them are counted alike.
  bench.simulator.runFor(100);
  bench.frames.length = 0;
  const towards = sender === "terminal" ? "pc" : "terminal";
  let passed = 0;
  let lost: SentFrame | undefined;
  const isLost: FrameFate = (direction, index) => {
    if (direction !== towards || lost !== undefined) return false;
    const frame = bench.frames.filter(({ from }) => from === sender)[index - 1]!;
    if (frame.isInformation) passed++;
    if (passed === which) lost = frame;
    return passed === which;
  };
  bench.simulator.world.line.medium = new LossyLine(isLost).medium;
  while (lost === undefined) talk(bench);
  bench.simulator.runFor(500);
  bench.simulator.close();
  return (repeatOf(lost, bench.frames).lastBitNs - lost.lastBitNs) / 1e6;
}

/** Stop and wait: the next I frame of the same end. */
function repeatOf(lost: SentFrame, frames: readonly SentFrame[]): SentFrame {
  const later = frames.slice(frames.indexOf(lost) + 1);
  const repeat = later.find(({ from, isInformation }) => isInformation && from === lost.from);
  if (repeat?.number !== lost.number) throw new Error(`a lost frame of the ${lost.from} was not repeated`);
  return repeat;
}

/**
 * The time that messages take on a good line over what they take while 1 % of the frames of each direction are lost: the worse of
 * short messages and of long answers, each the mean of several seeds.
 */
export function throughputAtLoss(): number {
  const ratios = [shortMessage, longAnswer].map((exchange) => {
    const cleanNs = exchangesNs(exchange, 1, () => false);
    const lossyNs = Array.from({ length: SEEDS }, (_, i) =>
      exchangesNs(exchange, i + 1, byChance(LOSS, i + 1)),
    );
    return (cleanNs * SEEDS) / lossyNs.reduce((sum, one) => sum + one);
  });
  return Math.min(...ratios);
}

type Exchange = (bench: SealedLineBench) => void;

function exchangesNs(exchange: Exchange, seed: number, isLost: FrameFate): number {
  const bench = new SealedLineBench(seed);
  bench.host.open();
  writeJournal(bench);
  bench.simulator.world.line.medium = new LossyLine(isLost).medium;
  const tookNs = bench.took(() => {
    for (let i = 0; i < EXCHANGES; i++) exchange(bench);
  });
  bench.simulator.close();
  return tookNs;
}

/**
 * What the wires allow of an APDU's exchange, which are the I frames of command and answer and the two blocks on the card's contact,
 * over what it takes; the worst of three.
 */
export function apduOverWire(): number {
  const bench = new SealedLineBench();
  bench.host.open();
  bench.insertCard();
  const ratios = APDUS.map((apdu) => oneApdu(bench, fromHex(apdu)));
  bench.simulator.close();
  return Math.min(...ratios);
}

function oneApdu(bench: SealedLineBench, apdu: Uint8Array): number {
  const counts = countCharacters(bench.simulator.world.wire);
  bench.simulator.runFor(100);
  bench.frames.length = 0;
  const tookNs = bench.took(() => {
    const status = toHex(bench.host.transmit(apdu));
    if (!/^(9000|63c\d)$/.test(status)) throw new Error(`${toHex(apdu)} is answered ${status}`);
  });
  const lineNs = bench.lineNs(bench.frames.filter(({ isInformation }) => isInformation));
  return (lineNs + exchangeNs(counts.terminal, counts.card)) / tookNs;
}

function countCharacters(wire: CardWire): { terminal: number; card: number } {
  const counts = { terminal: 0, card: 0 };
  wire.onCharacter(({ from }) => counts[from]++);
  return counts;
}

function talk(bench: SealedLineBench): void {
  shortMessage(bench);
  longAnswer(bench);
}

function shortMessage({ host }: SealedLineBench): void {
  if (host.slotStatus().error !== 0) throw new Error("GetSlotStatus has failed");
}

function longAnswer({ host }: SealedLineBench): void {
  const { data } = host.escape(Uint8Array.of(0x4d, READ_JOURNAL, 1, 0, 0, 0));
  if (data[0] !== 0 || data.length < 100) throw new Error(`ReadJournal is answered ${toHex(data)}`);
}

/** By setting the clock, which is written down. */
function writeJournal({ host }: SealedLineBench): void {
  for (let i = 0; i < JOURNAL_RECORDS; i++) host.escape(Uint8Array.of(0x4d, 0x42, i, 0, 0, 0x65));
}
