/** The counter's side of a rekey, broken off at every step of it: the file holds a key that the terminal takes. */
import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import { CounterFailure } from "../../../host-sim/counter/counter-failure.ts";
import type { CounterSession } from "../../../host-sim/counter/counter-session.ts";
import type { CounterKey } from "../../../host-sim/counter/key-file.ts";
import { nextPskOf } from "../../../host-sim/counter/next-key.ts";
import { rekey } from "../../../host-sim/counter/rekey-run.ts";
import { CallRefused } from "../../../host-sim/counter/terminal-call.ts";
import { failure, KEY } from "./terminal-peer.ts";

const test = suite("rekey-run");
const FIRST: CounterKey = { ...KEY, development: true };
const hex = (psk: Uint8Array): string => Buffer.from(psk).toString("hex");
const nextOf = (psk: Uint8Array): Uint8Array => nextPskOf(psk, KEY);

/** The steps of an unbroken run, in their order. */
const STEPS = ["open", "rekey", "answer", "close", "keep", "kept", "open", "opened", "close"] as const;

class Killed extends Error {}

/** A terminal as docs/protocol.md has it, a file, and what breaks the run off. */
class Desk {
  inForce: Uint8Array = FIRST.psk;
  isMarked = false;
  file: CounterKey = FIRST;
  readonly steps: string[] = [];
  readonly notices: string[] = [];
  result = 0;
  open = 0;

  constructor(private readonly breaksAt = Infinity) {}

  takes(psk: Uint8Array): boolean {
    return hex(psk) === hex(this.inForce) || (this.isMarked && hex(psk) === hex(nextOf(this.inForce)));
  }

  run(): Promise<unknown> {
    return rekey(this.file, {
      open: (key) => this.opened(key),
      keep: (key) => {
        this.step("keep");
        this.file = key;
        this.step("kept");
      },
      onNotice: (text) => this.notices.push(text),
    });
  }

  private opened(key: CounterKey): ReturnType<Parameters<typeof rekey>[1]["open"]> {
    this.step("open");
    if (!this.takes(key.psk)) throw new CounterFailure("key", "another key");
    const isNext = hex(key.psk) !== hex(this.inForce);
    if (isNext) [this.inForce, this.isMarked] = [key.psk, false];
    this.open++;
    if (isNext) this.step("opened");
    const session = {
      info: () => ({ ...KEY, image: "development", reason: "power-on", part: "none" }),
      escape: (command: number, data: Uint8Array) => {
        equal([command, data.length], [0x35, 0]);
        this.step("rekey");
        this.isMarked ||= this.result === 0;
        this.step("answer");
        return Promise.resolve({ result: this.result, data: new Uint8Array() });
      },
    } as unknown as CounterSession;
    return Promise.resolve({
      session,
      close: () => {
        this.open--;
        this.step("close");
        return Promise.resolve();
      },
    });
  }

  private step(name: string): void {
    if (this.steps.length === this.breaksAt) throw new Killed(name);
    this.steps.push(name);
  }
}

test("a run asks, writes the file, and says that it is done only behind a session with the new key", async () => {
  const desk = new Desk();
  const found = (await desk.run()) as { terminal: string };
  is(found.terminal, KEY.terminal);
  equal(desk.steps, [...STEPS]);
  equal([hex(desk.file.psk), hex(desk.inForce)], [hex(nextOf(FIRST.psk)), hex(nextOf(FIRST.psk))]);
  equal({ ...desk.file, psk: FIRST.psk }, FIRST, "nothing else in the file has changed");
  equal([desk.open, desk.takes(FIRST.psk), desk.notices.length], [0, false, 2]);
});

test("broken off at every step, the file holds a key that the terminal takes, and the next run comes to its end", async () => {
  for (let at = 0; at < STEPS.length; at++) {
    const desk = new Desk(at);
    await failure(desk.run());
    is(desk.steps.length, at, `step ${at}`);
    is(desk.takes(desk.file.psk), true, `at ${STEPS[at]!}, ${at}`);
    const again = new Desk();
    Object.assign(again, { inForce: desk.inForce, isMarked: desk.isMarked, file: desk.file });
    await again.run();
    equal([again.takes(again.file.psk), again.isMarked], [true, false], `again after ${at}`);
    is(again.takes(FIRST.psk), false);
  }
});

test("every failure says which key the file has, but a wrong key, which is mended otherwise", async () => {
  for (let at = 0; at < STEPS.length; at++) {
    const { message } = await failure<CounterFailure>(new Desk(at).run());
    match(message, at <= STEPS.indexOf("kept") ? /file has the old key/ : /file has the new key/);
  }
  const wrong = new Desk();
  wrong.file = { ...FIRST, psk: Buffer.alloc(32, 1) };
  is((await failure<CounterFailure>(wrong.run())).message, "another key");
});

test("a terminal that refuses leaves the file as it was", async () => {
  const desk = new Desk();
  desk.result = 2;
  const refused = await failure<CounterFailure>(desk.run());
  equal([refused.kind, hex(desk.file.psk), desk.open], ["refused", hex(FIRST.psk), 0]);
  match(
    refused.message,
    /busy with another command; wait until its display is at rest; the file has the old/,
  );
  is(refused instanceof CallRefused, false);
});

test("a terminal that then says `another key` does not get the old one back into the file", async () => {
  const desk = new Desk();
  const run = rekey(FIRST, {
    open: (key) => {
      if (hex(key.psk) !== hex(FIRST.psk)) throw new CounterFailure("key", "alert 51", "pair again");
      return desk["opened"](key);
    },
    keep: (key) => (desk.file = key),
    onNotice: () => undefined,
  });
  equal((await failure<CounterFailure>(run)).kind, "key");
  is(hex(desk.file.psk), hex(nextOf(FIRST.psk)));
});

test.run();
