/** The commits of the staff's commands and of a change, by the services that make them on the device. */
import { JournalEvent } from "../../firmware/service/journal-entry.ts";
import { Judgement } from "../../firmware/service/ledger.ts";
import { Outcome } from "../../firmware/service/outcome.ts";
import { StaffCommand } from "../../firmware/service/staff-commands.ts";
import type { CheckBench } from "./check-bench.ts";
import type { CheckScript } from "./check-sweep.ts";

const DONE = 0;
const EVENT_AT = 8;
const FULL = 3;

function claim(isTrue: boolean, what: string): string[] {
  return isTrue ? [] : [what];
}

function perform(command: number): (bench: CheckBench) => void {
  return (bench) => {
    const result = bench.perform(command);
    if (result !== DONE) throw new Error(`command ${command}: result ${result}`);
  };
}

const suspend = perform(StaffCommand.Suspend);
const resume = perform(StaffCommand.Resume);
const release = perform(StaffCommand.Release);

/** How many records of `event` there are among the newest. */
function count(bench: CheckBench, event: JournalEvent): number {
  const record = new Uint8Array(64);
  let found = 0;
  for (let back = 0; back < 8; back++) {
    const isThere = bench.journal.read(bench.journal.sequence() - back, record);
    if (isThere && record[EVENT_AT] === (event as number)) found++;
  }
  return found;
}

/** Every command is taken, and does what it says, in whichever state the cut has left. */
function usable(bench: CheckBench): string[] {
  const isStopped = (): boolean => bench.staff.isSuspended() && !bench.isServing;
  resume(bench);
  const isResumed = !bench.staff.isSuspended() && bench.isServing;
  release(bench);
  suspend(bench);
  const holds = isStopped();
  bench.boot();
  return [...claim(isResumed, "cannot be resumed"), ...claim(holds && isStopped(), "cannot be stopped")];
}

export const COMMAND_SCRIPTS: readonly CheckScript[] = [
  {
    name: "an emergency stop, by its command",
    prepare: () => undefined,
    steps: [suspend],
    judge: (bench, stands) => [
      ...claim(bench.staff.isSuspended() === (stands === 1), "a stop that does not hold, or was not given"),
      ...claim(bench.isServing !== bench.staff.isSuspended(), "the page says something else"),
      ...claim(count(bench, JournalEvent.Suspend) === stands, "stop and record are not one"),
      ...usable(bench),
    ],
  },
  {
    name: "the end of a stop, by its command",
    prepare: suspend,
    steps: [resume],
    judge: (bench, stands) => [
      ...claim(bench.staff.isSuspended() === (stands === 0), "a stop that does not hold, or does not end"),
      ...claim(bench.isServing !== bench.staff.isSuspended(), "the page says something else"),
      ...claim(count(bench, JournalEvent.Resume) === stands, "end and record are not one"),
      ...usable(bench),
    ],
  },
  {
    name: "a release, by its command, while the stop holds",
    prepare(bench) {
      bench.attempt();
      suspend(bench);
    },
    steps: [release],
    judge: (bench, stands) => [
      ...claim(bench.staff.isSuspended(), "the stop is gone"),
      ...claim(count(bench, JournalEvent.Release) === stands, "release and record are not one"),
      ...claim(
        bench.judgeAgain() === (stands === 1 ? Judgement.Allowed : Judgement.LimitedCard),
        "released without a record, or not with one",
      ),
      ...usable(bench),
    ],
  },
  {
    name: "a change's second commit, that the first of two PINs is about to be changed",
    prepare(bench) {
      bench.memory.look();
      bench.memory.admit(FULL, 0);
      if (!bench.memory.attempt(FULL, 0)) throw new Error("no attempt");
    },
    steps: [
      (bench) => {
        bench.memory.look();
        if (!bench.memory.changing(0)) throw new Error("no change");
      },
    ],
    judge(bench, stands) {
      const stored = bench.storedOutcome();
      const wanted = stands === 1 ? Outcome.ChangePartial : Outcome.Unknown;
      return [
        ...claim(stored === wanted, `whoever asks is told ${stored}`),
        ...claim(count(bench, JournalEvent.Attempt) === 2 + stands, "attempts and records differ"),
        ...claim(bench.isFirstPending() === (stands === 0), "the ledger says something else than the result"),
      ];
    },
  },
];
