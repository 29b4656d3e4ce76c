import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import { equal, is, throws } from "uvu/assert";
import { TraceFile } from "../../../host-sim/cli/trace-file.ts";
import { Recorder, SECRET_CHANNELS } from "../../../host-sim/world/recorder.ts";
import { temporaryFolder } from "./temporary.ts";

const test = suite("trace file");
const folder = temporaryFolder();

test("it is its owner's alone, also where another file was", () => {
  const path = join(folder, "mode");
  writeFileSync(path, "old", { mode: 0o644 });
  new TraceFile(path, new Recorder()).close();
  is(statSync(path).mode & 0o777, 0o600);
  is(readFileSync(path, "utf8"), "");
});

test("events are lines in order, whether the recorder keeps them or not", () => {
  const path = join(folder, "lines");
  const recorder = new Recorder();
  recorder.keep = false;
  const file = new TraceFile(path, recorder);
  recorder.record(1, "pins", 9);
  recorder.record(2, "line-out", Uint8Array.of(3, 0xff));
  file.close();
  is(readFileSync(path, "utf8"), "1 pins 9\n2 line-out 03ff\n");
  equal(recorder.all(), []);
});

test("values that carry digits are never written", () => {
  const path = join(folder, "secret");
  const recorder = new Recorder();
  const file = new TraceFile(path, recorder);
  for (const channel of SECRET_CHANNELS) recorder.record(7, channel, Uint8Array.of(0xd1, 0xd2));
  file.close();
  const text = readFileSync(path, "utf8");
  is(text.includes("d1"), false);
  is(text, [...SECRET_CHANNELS].map((channel) => `7 ${channel} •\n`).join(""));
});

test("a long run is written while it goes on", () => {
  const path = join(folder, "long");
  const recorder = new Recorder();
  const file = new TraceFile(path, recorder);
  for (let i = 0; i < 10_000; i++) recorder.record(i, "pins", i);
  is(statSync(path).size > 60_000, true);
  file.close();
  is(readFileSync(path, "utf8").split("\n").length, 10_001);
});

test("a place where nothing can be written is refused by name", () => {
  throws(() => new TraceFile(join(folder, "no", "such"), new Recorder()), /--trace .*such: ENOENT/);
});

test.run();
