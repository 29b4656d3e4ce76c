/** A check over a line that is lost at every step of it: its result comes, and nothing is sent twice. */
import { PassThrough } from "node:stream";
import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import type { CheckRequest, CheckResult, Question, Verdict } from "../../../host-sim/counter/check-calls.ts";
import { CheckRun } from "../../../host-sim/counter/check-run.ts";
import { openSession } from "../../../host-sim/counter/connect.ts";
import type { CounterFailure } from "../../../host-sim/counter/counter-failure.ts";
import { spokenVerdict } from "../../../host-sim/counter/spoken-verdict.ts";
import { ManualClock } from "./manual-clock.ts";
import { BAUD, Bench, failure, KEY, reply } from "./terminal-peer.ts";

const test = suite("check-run");
const ID = "00112233445566778899aabbccddeeff";
const SERIAL = "123456789012345";
const REQUEST: CheckRequest = {
  requestId: ID,
  service: "moving",
  date: "2026-11-26",
  mayUseLastTry: true,
  language: "en",
  operator: "TANAKA",
  caseNumber: "CASE-17",
};
const ID_BYTES = [...Buffer.from(ID, "hex")];
const QUESTION = [0, 1, ...ID_BYTES, 5, 0, 0, 0, 15, ...Buffer.from(SERIAL), 0x20, 0x29, 0x05, 0x31];

function resultBytes(outcome: number, tries = 3, serial = SERIAL): number[] {
  return [
    0,
    2,
    ...ID_BYTES,
    outcome,
    tries,
    5,
    0,
    0,
    0,
    2,
    9,
    1,
    0,
    0,
    serial.length,
    ...Buffer.from(serial),
  ];
}

const ANSWERS: Readonly<Record<number, readonly number[]>> = {
  0x20: QUESTION,
  0x21: resultBytes(0),
  0x22: resultBytes(3, 0xff),
};
type Answer = (command: number, bench: CheckBench) => readonly number[] | undefined;

class CheckBench {
  readonly bench: Bench;
  readonly notices: string[] = [];
  readonly questions: Question[] = [];
  readonly run: CheckRun;

  constructor(answer: Answer, decide: (bench: CheckBench) => Promise<Verdict> = () => Promise.resolve("go")) {
    this.bench = new Bench({
      answer: (request) => {
        if (request[0] === 0x72 || request[0] === 0x65) return reply(request, 0x81, [], 0x40, 0xe0);
        const data = answer(request[11]!, this);
        return data === undefined ? undefined : reply(request, 0x83, data);
      },
    });
    const { wires, clock } = this.bench;
    const open = async () => {
      const session = await openSession(wires.pc, BAUD, KEY, clock);
      return { session, close: () => session.close() };
    };
    this.run = new CheckRun(open, clock, {
      onNotice: (text) => this.notices.push(text),
      decide: (question) => {
        this.questions.push(question);
        return decide(this);
      },
    });
  }

  check(): Promise<CheckResult> {
    return this.asked(REQUEST);
  }

  asked(request: CheckRequest): Promise<CheckResult> {
    return this.bench.clock.until(this.run.run(request));
  }

  refused(): Promise<CounterFailure> {
    return this.bench.clock.until(failure<CounterFailure>(this.run.run(REQUEST)));
  }

  /** Numbers of the commands that have come, Hello left out. */
  commands(): number[] {
    const own = this.bench.peer.requests.filter((request) => request[0] === 0x6b && request[11] !== 0x10);
    return own.map((request) => request[11]!);
  }

  dataOf(command: number): string {
    const request = this.bench.peer.requests.find((one) => one[11] === command);
    return Buffer.from(request!.subarray(12)).toString("hex");
  }

  lose(): undefined {
    setImmediate(() => this.bench.peer.end.disconnect());
  }
}

test("CheckPin and Continue are sent byte for byte as the protocol has them, and the result is read", async () => {
  const bench = new CheckBench((command) => ANSWERS[command]);
  const result = await bench.check();
  const names = `06${Buffer.from("TANAKA").toString("hex")}07${Buffer.from("CASE-17").toString("hex")}`;
  is(bench.dataOf(0x20), `${ID}02202611260101${names}`);
  is(bench.dataOf(0x21), `${ID}05000000010f${Buffer.from(SERIAL).toString("hex")}`);
  equal(bench.questions, [
    { step: "question", requestId: ID, insertion: 5, serial: SERIAL, expiry: "2029-05-31" },
  ]);
  equal(result, {
    ...{ step: "result", requestId: ID, outcome: "OK", triesLeft: 3 },
    ...{ insertion: 5, pinObject: 2, sequence: 265, serial: SERIAL },
  });
  equal([bench.commands(), bench.notices], [[0x20, 0x21], []]);
});

test("ChangePin is sent byte for byte as the protocol has it", async () => {
  const names = `06${Buffer.from("TANAKA").toString("hex")}07${Buffer.from("CASE-17").toString("hex")}`;
  for (const [change, flags, birth] of [
    [{ birth: "1940-02-03", finish: false }, "00", "19400203"],
    [{ birth: "", finish: true }, "02", "00000000"],
  ] as const) {
    const bench = new CheckBench((command) => ANSWERS[command === 0x23 ? 0x20 : command]);
    is((await bench.asked({ ...REQUEST, service: "pin-change", change })).outcome, "OK");
    is(bench.dataOf(0x23), `${ID}0320261126${flags}01${names}${birth}`);
    equal(bench.commands(), [0x23, 0x21]);
  }
});

test("stop is sent as such; a result at once asks nobody; tries and serial may be unknown", async () => {
  const stopped = new CheckBench(
    (command) => (command === 0x21 ? resultBytes(8) : QUESTION),
    () => Promise.resolve("stop"),
  );
  is((await stopped.check()).outcome, "SUSPENDED");
  is(stopped.dataOf(0x21).slice(40, 42), "00");
  const atOnce = new CheckBench(() => resultBytes(4, 0xff, ""));
  const { outcome, triesLeft, serial } = await atOnce.check();
  equal([outcome, triesLeft, serial, atOnce.questions.length], ["TIMEOUT", undefined, "", 0]);
});

const LOSSES: readonly [string, Answer, ((bench: CheckBench) => Promise<Verdict>) | undefined, number[]][] = [
  [
    "while CheckPin waits",
    (command, bench) => (command === 0x20 ? bench.lose() : ANSWERS[command]),
    undefined,
    [0x20, 0x22],
  ],
  [
    "while somebody decides",
    (command) => ANSWERS[command],
    async (bench) => {
      bench.bench.peer.end.disconnect();
      await new Promise<void>((resolve) => void bench.bench.clock.after(1_000_000, resolve));
      return "go";
    },
    [0x20, 0x22],
  ],
  [
    "while Continue waits",
    (command, bench) => (command === 0x21 ? bench.lose() : ANSWERS[command]),
    undefined,
    [0x20, 0x21, 0x22],
  ],
];
for (const [when, answer, decide, commands] of LOSSES) {
  test(`a link that is lost ${when}: GetResult alone is sent from then on, and tells the result`, async () => {
    const bench = new CheckBench(answer, decide);
    is((await bench.check()).outcome, "CANCELLED");
    equal(bench.commands(), commands);
    match(bench.notices.join("\n"), /the terminal is asked what came of it/);
  });
}

test("GetResult itself may be lost and is asked again; a terminal that does not answer SABM is waited for", async () => {
  let lost = 0;
  const bench = new CheckBench((command, own) => {
    if (command === 0x21 || (command === 0x22 && lost++ < 2)) return own.lose();
    return ANSWERS[command];
  });
  is((await bench.check()).outcome, "CANCELLED");
  equal(bench.commands(), [0x20, 0x21, 0x22, 0x22, 0x22]);
});

test("a terminal that never comes back leaves the outcome unknown, and get-result is named with the id", async () => {
  const bench = new CheckBench((command, own) => {
    if (command !== 0x20) return ANSWERS[command];
    own.bench.peer.end.accepts = false;
    return own.lose();
  });
  const beganUs = bench.bench.clock.nowUs();
  const error = await bench.refused();
  equal([error.kind, bench.commands()], ["unknown", [0x20]]);
  match(error.next, new RegExp(`get-result --request-id ${ID}`));
  const tookS = (bench.bench.clock.nowUs() - beganUs) / 1e6;
  is(tookS > 60 && tookS < 600, true, `${tookS} s`);
});

test("ending it while the result is asked for gives that up, and names get-result", async () => {
  const bench = new CheckBench((_command, own) => {
    own.bench.peer.end.accepts = false;
    own.bench.clock.after(20_000_000, () => void own.run.abort());
    return own.lose();
  });
  const error = await bench.refused();
  equal([error.kind, bench.commands()], ["unknown", [0x20]]);
  match(
    error.message,
    /it was ended before the terminal was there again; ask again: get-result --request-id/,
  );
  is(bench.bench.clock.nowUs() < 25_000_000, true);
});

test("a terminal that has fallen silent in the middle of a check is noticed, and asked when it is there again", async () => {
  const bench = new CheckBench((command, own) => {
    if (command !== 0x20) return ANSWERS[command];
    // The cable is out, and nobody is told.
    own.bench.wires.noise(() => new Uint8Array());
    own.bench.clock.after(30_000_000, () => own.bench.wires.noise((bytes) => bytes));
    return undefined;
  });
  is((await bench.check()).outcome, "CANCELLED");
  equal(bench.commands(), [0x20, 0x22]);
  is(bench.bench.clock.nowUs() < 60_000_000, true, "long before the time that a resident may take");
});

test("a resident may take minutes: the terminal is looked after meanwhile, and the check goes on", async () => {
  const bench = new CheckBench((command, own) => {
    const { clock, peer } = own.bench;
    const check = (): Uint8Array => peer.requests.find((request) => request[11] === 0x20)!;
    if (command === 0x20)
      clock.after(200_000_000, () => peer.socket?.write(reply(check(), 0x83, resultBytes(4, 0xff, ""))));
    return undefined;
  });
  is((await bench.check()).outcome, "TIMEOUT");
  const looks = bench.bench.peer.requests.filter(([type]) => type === 0x65).length;
  is(looks > 30 && looks <= 40, true, `${looks} looks`);
});

test("a terminal that has no result of it says so, and no check is begun", async () => {
  const bench = new CheckBench((command, own) => (command === 0x22 ? [5] : own.lose()));
  const error = await bench.refused();
  equal([error.kind, bench.commands()], ["refused", [0x20, 0x22]]);
  match(error.message, /no result of this request: .*new request id/);
});

const REFUSALS: readonly [number, RegExp][] = [
  [1, /finds a field wrong/],
  [2, /busy with another command/],
  [3, /is not signed in at the terminal/],
  [4, /out of service.*read-journal/],
  [9, /result 9/],
];
for (const [result, text] of REFUSALS) {
  test(`result ${result} of CheckPin is told, and nothing else is asked`, async () => {
    const bench = new CheckBench(() => [result]);
    const error = await bench.refused();
    equal([error.kind, bench.commands()], ["refused", [0x20]]);
    match(error.message, text);
  });
}

const STRANGE: readonly (readonly number[])[] = [
  [0],
  [0, 3, ...ID_BYTES],
  [0, 1, ...ID_BYTES.map((byte) => byte ^ 1), ...QUESTION.slice(18)],
  QUESTION.slice(0, -1),
  [...QUESTION, 0],
  [...resultBytes(0), 0],
  resultBytes(0).slice(0, -1),
  resultBytes(0, 3, "12A"),
  [...QUESTION.slice(0, -1), 0xab],
];
test("an answer of another form, or about another check, is no result", async () => {
  for (const data of STRANGE) {
    const bench = new CheckBench(() => data);
    const error = await bench.refused();
    equal([error.kind, bench.commands()], ["peer", [0x20]], Buffer.from(data).toString("hex"));
  }
});

test("ending it sends Abort once, and the result is what the terminal says", async () => {
  let check: Uint8Array | undefined;
  const bench = new Bench({
    answer: (request, socket) => {
      if (request[0] !== 0x72) return void (check = request);
      socket.write(reply(request, 0x81, []));
      return reply(check!, 0x83, resultBytes(3));
    },
  });
  const { wires, clock } = bench;
  const run = new CheckRun(
    async () => {
      const session = await openSession(wires.pc, BAUD, KEY, clock);
      return { session, close: () => session.close() };
    },
    clock,
    { onNotice: () => undefined, decide: () => Promise.resolve("go") },
  );
  const result = run.run(REQUEST);
  while (check === undefined) await clock.quiet();
  void run.abort();
  is((await clock.until(result)).outcome, "CANCELLED");
  is(bench.peer.requests.filter(([type]) => type === 0x72).length, 1);
});

const SPOKEN: readonly [string, string, Verdict, RegExp][] = [
  ["go", "go\n", "go", /^$/],
  ["stop", " stop \nanything", "stop", /^$/],
  ["another word, then go", "yes\ngo\n", "go", /^say go, stop or other-card$/],
  ["other-card", "other-card\n", "other-card", /^$/],
  ["the input's end", "", "stop", /has ended without an answer: stop$/],
];
for (const [name, input, verdict, told] of SPOKEN) {
  test(`on standard input, ${name} is ${verdict}`, async () => {
    const clock = new ManualClock();
    const notices: string[] = [];
    const stream = new PassThrough();
    const answer = spokenVerdict(stream, clock, (text) => notices.push(text));
    stream.end(input);
    is(await answer, verdict);
    match(notices.join("\n"), told);
  });
}

test("nothing on standard input is stop before the terminal takes it for that", async () => {
  const clock = new ManualClock();
  const notices: string[] = [];
  is(await clock.until(spokenVerdict(new PassThrough(), clock, (text) => notices.push(text))), "stop");
  equal([clock.nowUs(), notices], [9_000_000, ["nobody has said go in 9 s: stop"]]);
});

test.run();
