/** The commits of a resident check under the knife: scripts, and what must hold wherever one is cut. */
import { JournalEvent } from "../../firmware/service/journal-entry.ts";
import { JournalError } from "../../firmware/service/journal.ts";
import { Judgement, Settlement } from "../../firmware/service/ledger.ts";
import { MemoryMap } from "../../firmware/service/memory-map.ts";
import { Outcome } from "../../firmware/service/outcome.ts";
import { CheckBench, TODAY } from "./check-bench.ts";
import { COMMAND_SCRIPTS } from "./command-scripts.ts";
import { dataPointsOf, findingsAt, type Cuttable, type MemoryChips } from "./cut-sweep.ts";

export interface CheckScript {
  readonly name: string;
  /** From the memory that `makeBase` makes to the one that the script begins with. */
  prepare(bench: CheckBench): void;
  /** One step is one commit. */
  readonly steps: readonly ((bench: CheckBench) => void)[];
  /** What is wrong with the services, `stands` of the steps being in the memory. */
  judge(bench: CheckBench, stands: number): string[];
}

function claim(isTrue: boolean, what: string): string[] {
  return isTrue ? [] : [what];
}

const attempt = (bench: CheckBench): void => bench.attempt();
const wrong = (bench: CheckBench): void => bench.outcome(Settlement.Wrong, Outcome.Wrong);
const nothing = (): void => undefined;

/** One wrong entry of today is there: a lost second one would be a try given back. */
const COMMIT_SCRIPTS: readonly CheckScript[] = [
  {
    name: "an attempt, its outcome and result",
    prepare: nothing,
    steps: [attempt, wrong],
    judge(bench, stands) {
      const isSent = bench.counter === 1;
      const isPending = bench.ledger.isPending();
      const wanted = isSent ? Judgement.LimitedCard : Judgement.Allowed;
      return [
        ...claim(isPending === (stands === 1), "attempt and outcome are not those of the ledger"),
        ...claim(bench.hasResult() === (stands === 2), "result and outcome are not one"),
        ...claim(!isSent || stands > 0, "the card has the PIN and the terminal does not know"),
        ...claim(!isPending || bench.ledger.judge(TODAY) === Judgement.LimitedCard, "pending does not count"),
        ...claim(bench.judgeAgain() === wanted, "a try is given back or taken"),
        ...claim(!bench.ledger.isPending(), "what the card has told is not decided"),
      ];
    },
  },
  {
    name: "an undecided attempt, decided by the card's counter",
    prepare: attempt,
    steps: [(bench) => void bench.commit(() => bench.ledger.resolve(bench.counter))],
    judge: (bench, stands) => [
      ...claim(bench.ledger.isPending() === (stands === 0), "neither pending nor decided"),
      ...claim(bench.judgeAgain() === Judgement.LimitedCard, "a try is given back"),
    ],
  },
  {
    name: "an acknowledgement",
    prepare(bench) {
      attempt(bench);
      wrong(bench);
    },
    steps: [(bench) => void bench.journal.acknowledge(bench.journal.sequence())],
    judge(bench, stands) {
      const waiting = bench.journal.sequence() - bench.journal.acknowledged();
      // One that shows that the journal goes on.
      return claim(waiting === (stands === 1 ? 1 : 3), `${waiting} records wait`);
    },
  },
  {
    name: "the staff's release of everything, with its record",
    prepare: attempt,
    steps: [
      (bench) =>
        void bench.commit(
          () => bench.ledger.releaseTerminal() + bench.journal.put(bench.record(JournalEvent.Release), 0),
        ),
    ],
    judge: (bench, stands) =>
      claim(
        bench.judgeAgain() === (stands === 1 ? Judgement.Allowed : Judgement.LimitedCard),
        "released without a record, or not with one",
      ),
  },
  {
    name: "the record of an opened case",
    prepare: attempt,
    steps: [
      (bench) => {
        bench.backupChip.openCase();
        bench.commit(() => bench.journal.putTamper());
      },
    ],
    judge: (bench, stands) => {
      if (!bench.backupChip.wasOpened()) return [];
      bench.store.begin();
      const again = bench.journal.putTamper();
      bench.store.begin();
      return claim(again === (stands === 1 ? JournalError.NoKey : JournalError.None), "not once");
    },
  },
];

export const CHECK_SCRIPTS: readonly CheckScript[] = [...COMMIT_SCRIPTS, ...COMMAND_SCRIPTS];

export function checkScriptNamed(name: string): CheckScript {
  const found = CHECK_SCRIPTS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no script ${name}`);
  return found;
}

/** One place before the ring begins anew, so that the scripts cross its end; the card has one wrong entry of today. */
function makeBase(): Buffer {
  const bench = new CheckBench(undefined, 3);
  const clock = bench.record(JournalEvent.Clock);
  for (let sequence = 1; sequence <= 316; sequence++) bench.commit(() => bench.journal.put(clock, 0));
  bench.journal.acknowledge(316);
  bench.attempt();
  bench.outcome(Settlement.Wrong, Outcome.Wrong);
  bench.journal.acknowledge(318);
  const memory = bench.chip.save();
  // So that a result that is found is the script's.
  memory.fill(0, MemoryMap.Result, MemoryMap.Result + MemoryMap.ResultBytes);
  return memory;
}

const BASE = makeBase();

interface Prepared {
  readonly counter: number;
  /** The memory before the first step, after it, … */
  readonly images: readonly Buffer[];
}

function prepared(base: Buffer, script: CheckScript): Prepared {
  const bench = new CheckBench(base, 2);
  script.prepare(bench);
  const { counter } = bench;
  const images = [bench.chip.save()];
  bench.boot();
  for (const step of script.steps) {
    step(bench);
    images.push(bench.chip.save());
  }
  // A memory after a cut is one of these, so the whole chain is judged here.
  const findings = bench.chainFindings(1);
  if (findings.length > 0) throw new Error(findings.join("; "));
  return { counter, images };
}

/** All or nothing, byte for byte; the journal is whole and goes on; and what the script claims. */
class CutCheck implements Cuttable {
  readonly chips: MemoryChips;
  private readonly bench: CheckBench;
  private done = 0;

  constructor(
    private readonly script: CheckScript,
    private readonly prepared: Prepared,
  ) {
    this.bench = new CheckBench(prepared.images[0], prepared.counter);
    this.chips = { fram: this.bench.chip, backup: this.bench.backupChip };
    this.chips.fram.power();
    this.chips.backup.power();
  }

  run(): void {
    for (const step of this.script.steps) {
      step(this.bench);
      this.done++;
    }
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
    const { bench, script } = this;
    const memory = bench.chip.save();
    const stands = this.prepared.images.findIndex((image) => image.equals(memory));
    if (stands < 0) return ["neither old nor new"];
    const isOpened = bench.backupChip.wasOpened();
    return [
      ...bench.complaints,
      ...claim(stands >= this.done, "what came back does not stand"),
      ...claim(isOpened || bench.journal.start(), "the journal does not start"),
      ...(isOpened ? [] : this.goesOn()),
      ...script.judge(bench, stands),
    ];
  }

  /** The next record has the next sequence, and is of the chain. */
  private goesOn(): string[] {
    const { bench } = this;
    const before = bench.journal.sequence();
    const error = bench.commit(() => bench.journal.put(bench.record(JournalEvent.Boot), 0));
    return [
      ...claim(error === 0, `the next record ends with error ${error}`),
      ...claim(bench.journal.sequence() === before + 1, "the next record has another sequence"),
      ...bench.chainFindings(before + 1),
    ];
  }
}

export interface CheckSweep {
  readonly framBytes: number;
  /** Those of them that were stored. */
  readonly writtenBytes: number;
  readonly points: number;
  /** Cuts after which something was not as it must be. */
  readonly bad: number;
  readonly findings: readonly string[];
}

/** As one program that can be patched. */
export function sweepCheck(name: string): CheckSweep {
  const script = checkScriptNamed(name);
  const images = prepared(BASE, script);
  const uncut = new CutCheck(script, images);
  const points = dataPointsOf(uncut);
  const all = points.map((point) => ({ point, found: findingsAt(new CutCheck(script, images), point) }));
  const bad = all.filter(({ found }) => found.length > 0);
  const findings = bad.map(
    ({ point, found }) => `byte ${point.at} mask ${point.tornMask}: ${found.join("; ")}`,
  );
  const { bytes: framBytes, written: writtenBytes } = uncut.chips.fram;
  return { framBytes, writtenBytes, points: points.length, bad: bad.length, findings };
}
