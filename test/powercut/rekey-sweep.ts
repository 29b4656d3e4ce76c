/**
 * A key's change under the knife: terminal and counter, each with what it has kept, through Rekey and the first use of the next key.
 * The counter's file goes on as soon as the terminal has answered, and is never taken back.
 */
import { AesCcm } from "../../firmware/protocol/aes-ccm.ts";
import type { RandomSource } from "../../firmware/protocol/tls-handshake.ts";
import { TlsServer, TlsState } from "../../firmware/protocol/tls-server.ts";
import { CommandResult } from "../../firmware/service/command-result.ts";
import { Journal } from "../../firmware/service/journal.ts";
import { MemoryMap } from "../../firmware/service/memory-map.ts";
import { Pair } from "../../firmware/service/pair.ts";
import { PairKeys } from "../../firmware/service/pair-keys.ts";
import { Rekey } from "../../firmware/service/rekey.ts";
import { identityOf } from "../../host-sim/counter/key-file.ts";
import { nextPskOf } from "../../host-sim/counter/next-key.ts";
import { NODE_CRYPTO } from "../../host-sim/engine/node-crypto.ts";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { TlsClient } from "../../host-sim/host/tls-client.ts";
import { ServiceBench } from "../firmware/service/service-bench.ts";
import { echo } from "../interop/tls-station.ts";
import { dataPointsOf, findingsAt, type Cuttable, type MemoryChips } from "./cut-sweep.ts";
import { chainFindings, FIRST_KEY } from "./journal-chain.ts";

const NAMES = { terminal: "T-0001", counter: "C-0001" };
const OTHER_NAMES = { terminal: "T-0001", counter: "C-0002" };
const FIRST = Uint8Array.from({ length: 32 }, (_, at) => 0x20 + at);
const OTHER = Uint8Array.from({ length: 32 }, (_, at) => 0x90 - at);
const [NEXT, NEXT_BUT_ONE] = [nextPskOf(FIRST, NAMES), nextPskOf(nextPskOf(FIRST, NAMES), NAMES)];
/** In a record: nonce, wrapped key, tag. */
const NONCE_AT = 36;
const NONCE_BYTES = 12;

function claim(isTrue: boolean, what: string): string[] {
  return isTrue ? [] : [what];
}

function pairOf({ terminal, counter }: typeof NAMES): Pair {
  const pair = new Pair(NODE_NATIVES);
  pair.terminal.set(Buffer.from(terminal), 0, terminal.length);
  pair.counter.set(Buffer.from(counter), 0, counter.length);
  return pair;
}

/** A terminal after its boot, and a counter with its file. */
class KeyBench extends ServiceBench {
  keys!: PairKeys;
  journal!: Journal;
  rekey!: Rekey;
  /** Every nonce that any program of this terminal was given. */
  private given = 0;

  constructor(memory: Uint8Array | undefined) {
    super(memory);
    this.start();
    // Provisioning had the first two.
    if (memory !== undefined) this.given = 2;
    if (memory !== undefined) return;
    this.commit(() => {
      this.keys.put(0, pairOf(NAMES), FIRST, this.nonce());
      this.keys.put(1, pairOf(OTHER_NAMES), OTHER, this.nonce());
      return this.journal.putFirst(FIRST_KEY);
    });
  }

  override boot(): void {
    super.boot();
    this.start();
  }

  /** A handshake with `psk`, and what follows it. */
  connects(psk: Uint8Array): boolean {
    const { natives, hmac, hkdf, keys } = this;
    const random: RandomSource = { fill: (into) => (into as Uint8Array).fill(7).length > 0 };
    const ccm = new AesCcm(natives, NODE_CRYPTO);
    const server = new TlsServer(natives, { crypto: NODE_CRYPTO, hmac, hkdf, ccm, random, psks: keys });
    server.start();
    const client = new TlsClient(psk, identityOf(NAMES));
    echo(server, client.take(echo(server, client.begin())));
    if (server.state() !== TlsState.Open) return false;
    return this.opens(server.handshake.isNextKey);
  }

  /** What the line does behind a handshake with key 0, or with the next one. Whether the session stands. */
  opens(isNext: boolean): boolean {
    this.rekey.begin(0);
    if (isNext) this.rekey.owe();
    return this.rekey.work(0);
  }

  /** Command Rekey in the session that stands. Whether it is done. */
  allows(): boolean {
    this.rekey.ask();
    this.rekey.work(0);
    return this.rekey.result === CommandResult.Done;
  }

  private start(): void {
    const { natives, store, backup, ccm, hkdf } = this;
    this.keys = new PairKeys(natives, { store, backup, ccm, hkdf, takesDevelopment: true });
    this.journal = new Journal(natives, this);
    const random: RandomSource = {
      fill: (into) => {
        (into as Uint8Array).set(this.nonce());
        return true;
      },
    };
    this.rekey = new Rekey(natives, { store, journal: this.journal, keys: this.keys, random });
  }

  /** A key, without the handshake that shows the same and takes its time. */
  takes(psk: Uint8Array, index = 0): boolean {
    const into = new Uint8Array(32);
    const isSame = (isRead: boolean): boolean => isRead && Buffer.compare(into, psk) === 0;
    return isSame(this.keys.read(index, into)) || isSame(this.keys.readNext(index, into));
  }

  /** Another one each time; what keeps real ones apart over power cuts is random-bits.ts. */
  private nonce(): Uint8Array {
    this.given++;
    return Uint8Array.from({ length: NONCE_BYTES }, (_, at) => (at * 29 + this.given * 67) & 255);
  }
}

const BASE = new KeyBench(undefined).chip.save();

function wrapped(memory: Buffer): Buffer {
  return memory.subarray(MemoryMap.Keys + NONCE_AT, MemoryMap.Keys + MemoryMap.KeyBytes);
}

/** Memory before the change, with the mark, and after it. */
function makeImages(): Buffer[] {
  const bench = new KeyBench(BASE);
  const images = [bench.chip.save()];
  bench.connects(FIRST);
  bench.allows();
  images.push(bench.chip.save());
  bench.connects(NEXT);
  images.push(bench.chip.save());
  return images;
}

const IMAGES = makeImages();

class CutRekey implements Cuttable {
  readonly chips: MemoryChips;
  private readonly bench = new KeyBench(BASE);
  /** What the counter's file holds. */
  private file: Uint8Array = FIRST;
  private isNextUsed = false;
  private readonly errors: string[] = [];

  constructor() {
    this.chips = { fram: this.bench.chip, backup: this.bench.backupChip };
    this.chips.fram.power();
    this.chips.backup.power();
  }

  run(): void {
    this.bench.opens(false);
    this.errors.push(...claim(this.bench.allows(), "Rekey is not done"));
    this.file = NEXT;
    this.errors.push(...claim(this.bench.opens(true), "no session with the next key"));
    this.isNextUsed = true;
  }

  powerOff(): void {
    this.chips.fram.powerOff();
    this.chips.backup.powerOff();
  }

  boot(): void {
    this.chips.fram.power();
    this.chips.backup.power();
    this.bench.boot();
  }

  judge(): readonly string[] {
    const { bench } = this;
    const memory = bench.chip.save();
    const stands = IMAGES.findIndex((image) => image.equals(memory));
    if (stands < 0) return ["neither old nor new"];
    const isMarked = stands === 1;
    const isReplaced = stands === 2;
    const { journal, keys } = bench;
    return [
      ...bench.complaints,
      ...this.errors,
      ...claim(this.file === FIRST || stands > 0, "the counter was told what does not stand"),
      ...claim(!this.isNextUsed || isReplaced, "the next key was used and the old one stays"),
      ...claim(journal.start() && journal.sequence() === stands, "key and record are not one"),
      ...chainFindings(journal, 1),
      ...claim(keys.isNextGood(0) === isMarked && !keys.isNextGood(1), "another mark"),
      ...restsIn(memory, stands),
      ...this.goesOn(isReplaced),
    ];
  }

  /** The file is good as it is; the change comes to its end, and once more; the other pair has not noticed. */
  private goesOn(isReplaced: boolean): string[] {
    const { bench } = this;
    const wasOldGood = bench.takes(FIRST);
    const opens = bench.connects(this.file);
    const findings = [
      ...claim(
        wasOldGood !== isReplaced,
        "the old key is good behind the new one's first use, or not before",
      ),
      ...claim(opens, "the file's key is refused"),
    ];
    if (!opens) return findings;
    // Whatever came of the first change, a client that has no answer asks again.
    if (this.file === FIRST) {
      findings.push(...claim(bench.allows(), "Rekey again is not done"));
      findings.push(...claim(bench.takes(NEXT) && bench.opens(true), "the next key is refused"));
    }
    findings.push(...claim(!bench.takes(FIRST), "the old key is good after all"));
    const isDone = bench.allows() && bench.opens(true);
    return [
      ...findings,
      ...claim(isDone && bench.takes(NEXT_BUT_ONE) && !bench.takes(NEXT), "no second change"),
      ...claim(bench.takes(OTHER, 1), "the other pair's key is gone"),
      ...claim(bench.journal.sequence() === 4, `${bench.journal.sequence()} records of two changes`),
      ...chainFindings(bench.journal, 1),
    ];
  }
}

/** What of wrapped keys is left beside the one that stands: eight bytes in a row would be a rest. */
function restsIn(memory: Buffer, stands: number): string[] {
  return IMAGES.slice(0, stands).flatMap((image) => {
    const old = wrapped(image);
    const starts = Array.from({ length: old.length - 7 }, (_, at) => at);
    return claim(!starts.some((at) => memory.includes(old.subarray(at, at + 8))), "a rest of the old key");
  });
}

export interface RekeySweep {
  readonly framBytes: number;
  /** Those of them that were stored. */
  readonly writtenBytes: number;
  readonly points: number;
  /** Cuts after which something was not as it must be. */
  readonly bad: number;
  readonly findings: readonly string[];
}

/** Every point, or each `step`-th. As one program that can be patched. */
export function sweepRekey(step = 1): RekeySweep {
  const uncut = new CutRekey();
  const points = dataPointsOf(uncut).filter((_, at) => at % step === 0);
  const all = points.map((point) => ({ point, found: findingsAt(new CutRekey(), point) }));
  const bad = all.filter(({ found }) => found.length > 0);
  const findings = bad.map(
    ({ point, found }) => `byte ${point.at} mask ${point.tornMask}: ${found.join("; ")}`,
  );
  const { bytes: framBytes, written: writtenBytes } = uncut.chips.fram;
  return { framBytes, writtenBytes, points: points.length, bad: bad.length, findings };
}
