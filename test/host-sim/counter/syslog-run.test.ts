/** The journal sent again and again: what the collector has at last, whatever fails on the way. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import { CounterFailure, type FailureKind } from "../../../host-sim/counter/counter-failure.ts";
import { JournalPlace } from "../../../host-sim/counter/journal-place.ts";
import { SyslogRun, type Sent } from "../../../host-sim/counter/syslog-run.ts";
import { temporaryFolder } from "../cli/temporary.ts";
import { FakeJournal } from "./fake-journal.ts";
import { ManualClock } from "./manual-clock.ts";
import { failure } from "./terminal-peer.ts";

const test = suite("syslog again and again");
const folder = temporaryFolder();
const EVERY_US = 10_000_000;
let files = 0;

function file(): string {
  return join(folder, `place-${++files}`);
}

class Bench {
  readonly clock = new ManualClock();
  readonly journal = new FakeJournal(1, 2);
  terminal = "T-1";
  /** What the next turns fail by, before the session, or at the collector. */
  readonly noSession: CounterFailure[] = [];
  readonly noCollector: CounterFailure[] = [];
  /** Sequences that the collector has. */
  readonly collected: number[] = [];
  readonly notices: string[] = [];
  readonly sent: Sent[] = [];
  sessions = 0;
  open = 0;
  stop: () => void = () => undefined;

  run(place = new JournalPlace(undefined, undefined)): SyslogRun {
    return new SyslogRun({
      place,
      atTerminal: async (work) => {
        const failed = this.noSession.shift();
        if (failed !== undefined) throw failed;
        this.sessions++;
        this.open++;
        const escape = this.journal.escape.bind(this.journal);
        try {
          return await work({ escape, info: () => ({ terminal: this.terminal }) });
        } finally {
          this.open--;
        }
      },
      send: (lines) => {
        const failed = this.noCollector.shift();
        if (failed !== undefined) return Promise.reject(failed);
        for (const line of lines) this.collected.push(Number(/sequence="(\d+)"/.exec(line)?.[1]));
        return Promise.resolve();
      },
      onNotice: (text) => this.notices.push(text),
    });
  }

  /** Follows; every turn has begun when it resolves. */
  async follow(run = this.run()): Promise<{ ended: Promise<void> }> {
    const stop = new Promise<void>((resolve) => (this.stop = resolve));
    const ended = run.follow(EVERY_US, this.clock, stop, (sent) => this.sent.push(sent));
    ended.catch(() => undefined);
    await this.clock.quiet();
    return { ended };
  }

  turn(): Promise<void> {
    return this.clock.pass(EVERY_US);
  }
}

function failed(kind: FailureKind): CounterFailure {
  return new CounterFailure(kind, `failed by ${kind}`);
}

function upTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

test("each record is sent once, whenever it comes, and no session is open between turns", async () => {
  const bench = new Bench();
  const { ended } = await bench.follow();
  equal(bench.collected, [1, 2]);
  for (const more of [0, 1, 0, 5, 1]) {
    is(bench.open, 0);
    bench.journal.last += more;
    await bench.turn();
    equal(bench.collected, upTo(bench.journal.last));
  }
  is(bench.sessions, 6);
  equal(
    bench.sent.map(({ sent, last }) => [sent, last]),
    [
      [2, 2],
      [1, 3],
      [5, 8],
      [1, 9],
    ],
  );
  equal(bench.notices, []);
  bench.stop();
  await ended;
  is(bench.sessions, 6);
});

test("the first turn must succeed; later a turn that fails is told once and made up for", async () => {
  const early = new Bench();
  early.noSession.push(failed("no-answer"));
  is((await failure<CounterFailure>((await early.follow()).ended)).kind, "no-answer");

  const bench = new Bench();
  const { ended } = await bench.follow();
  for (const kind of ["wire", "no-answer", "link", "cut", "closed", "unknown", "refused", "file"] as const) {
    bench.noSession.push(failed(kind), failed(kind));
    bench.journal.last += 2;
    await bench.turn();
    await bench.turn();
    bench.noCollector.push(failed("wire"));
    await bench.turn();
    await bench.turn();
    equal(bench.collected, upTo(bench.journal.last), kind);
    equal(bench.notices.splice(0).length, kind === "wire" ? 1 : 2, kind);
  }
  bench.stop();
  await ended;
});

test("another key, another terminal or another speech ends it", async () => {
  for (const kind of ["key", "peer", "tls"] as const) {
    const bench = new Bench();
    const { ended } = await bench.follow();
    bench.noSession.push(failed(kind));
    await bench.turn();
    is((await failure<CounterFailure>(ended)).kind, kind);
  }
});

test("a stop ends it at once between turns, and after the turn that it comes into", async () => {
  const bench = new Bench();
  const { ended } = await bench.follow();
  bench.stop();
  await ended;
  is(bench.sessions, 1);

  const busy = new Bench();
  let release: () => void = () => undefined;
  const run = busy.run();
  const { ended: done } = await busy.follow(run);
  busy.journal.last = 3;
  const escape = busy.journal.escape.bind(busy.journal);
  busy.journal.escape = async (command, data) => {
    await new Promise<void>((resolve) => (release = resolve));
    return escape(command, data);
  };
  await busy.turn();
  is(busy.open, 1);
  busy.stop();
  await busy.clock.quiet();
  busy.journal.escape = escape;
  release();
  await busy.clock.quiet();
  await done;
  equal(busy.collected, [1, 2, 3]);
});

test("records that were overwritten before they were fetched are told, and what is left is sent", async () => {
  const bench = new Bench();
  const { ended } = await bench.follow();
  bench.journal.first = 3;
  bench.journal.last = 4;
  await bench.turn();
  equal(bench.notices, []);
  bench.journal.first = 8;
  bench.journal.last = 9;
  await bench.turn();
  equal(bench.notices, ["records 5 to 7 were overwritten before they were fetched"]);
  equal(bench.collected, [1, 2, 3, 4, 8, 9]);
  bench.stop();
  await ended;
});

test("the journal of a terminal that was provisioned anew is sent from its first record on", async () => {
  for (const last of [1, 2, 7]) {
    const bench = new Bench();
    const { ended } = await bench.follow();
    bench.journal.mark = 1;
    bench.journal.last = last;
    await bench.turn();
    equal(bench.collected, [1, 2, ...upTo(last)]);
    match(bench.notices.join(), /provisioned anew/);
    bench.stop();
    await ended;
  }
});

test("the file keeps the place over an end of the program, and goes before --from", async () => {
  const path = file();
  const bench = new Bench();
  equal(await bench.run(new JournalPlace(2, path)).once(), { terminal: "T-1", sent: 1, last: 2 });
  equal(await bench.run(new JournalPlace(1, path)).once(), { terminal: "T-1", sent: 0 });
  bench.journal.last = 5;
  bench.noCollector.push(failed("wire"));
  is((await failure<CounterFailure>(bench.run(new JournalPlace(1, path)).once())).kind, "wire");
  equal(await bench.run(new JournalPlace(undefined, path)).once(), { terminal: "T-1", sent: 3, last: 5 });
  equal(bench.collected, [2, 3, 4, 5]);
});

test("a file that cannot be written is told, and written later; no record is sent twice for it", async () => {
  const directory = join(folder, "not-there");
  const path = join(directory, "place");
  const bench = new Bench();
  const place = new JournalPlace(undefined, path);
  const run = bench.run(place);
  is((await failure<CounterFailure>(run.once())).kind, "file");
  writeFileSync(directory, "");
  is((await failure<CounterFailure>(run.once())).kind, "file");
  equal(bench.collected, [1, 2]);
  rmSync(directory);
  const good = file();
  const kept = new JournalPlace(undefined, good);
  await bench.run(kept).once();
  match(readFileSync(good, "utf8"), /^\{"terminal":"T-1","record":"02000000[0-9a-f]{120}"\}\n$/);
});

test("a file of another terminal, or none of ours, is refused by name and left as it is", async () => {
  const path = file();
  const bench = new Bench();
  await bench.run(new JournalPlace(undefined, path)).once();
  const before = readFileSync(path, "utf8");
  bench.terminal = "T-2";
  const refused = await failure<CounterFailure>(bench.run(new JournalPlace(undefined, path)).once());
  match(refused.message, /place-\d+: it is of T-1, and this is T-2/);
  is(readFileSync(path, "utf8"), before);
  writeFileSync(path, "{}");
  const bad = await failure<CounterFailure>(Promise.resolve().then(() => new JournalPlace(undefined, path)));
  match(bad.message, /no place in a journal/);
});

test.run();
