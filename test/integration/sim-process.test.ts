import { once } from "node:events";
import { existsSync, lstatSync, readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { suite } from "uvu";
import { equal, is, match, ok } from "uvu/assert";
import { parseStat } from "../../host-sim/cli/parent-watch.ts";
import { temporaryFolder } from "../host-sim/cli/temporary.ts";
import { appeared, SimProcess } from "../host-sim/cli/sim-process.ts";

const test = suite("the simulator as a process");
const folder = temporaryFolder();
let count = 0;

/** Paths of one run. */
function places() {
  const name = join(folder, String(++count));
  const [line, control, trace] = [`${name}-line`, `${name}-control`, `${name}-trace`];
  return {
    line,
    control,
    trace,
    flags: ["--headless", "--line", `pty:${line}`, "--control", `unix:${control}`],
  };
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

test("what cannot be started is exit code 2, a sentence and the next step", async () => {
  const runs = [["--mode", "town", "--firewall", "substitute"], ["--frobnicate"]].map((flags) =>
    SimProcess.start(flags),
  );
  for (const run of runs) {
    const { code, stdout, stderr } = await (await run).ended;
    equal([code, stdout], [2, ""]);
    match(stderr, /--help/);
  }
});

test("a place that is taken is exit code 2, and nothing is left behind", async () => {
  const { control, line } = places();
  const sim = await SimProcess.start(["--headless", "--line", `pty:${line}`, "--control", `unix:${folder}`]);
  const { code, stderr } = await sim.ended;
  is(code, 2);
  match(stderr, /--control unix:.*something else is there/);
  equal([isThere(line), isThere(control)], [false, false]);
});

test("card, keys, screen, trace and quit act on the running firmware", async () => {
  const { line, control, trace, flags } = places();
  const sim = await SimProcess.start([...flags, "--trace", trace, "--seed", "7", "--lang", "en"]);
  const peer = await sim.control(control);
  const first = await peer.stateWith((state) => state["page"] === "insert");
  equal([first["card"], first["language"], first["seed"], first["line"]], ["none", "en", 7, line]);
  equal(await peer.ask({ do: "insert", card: "mynumber" }), { ok: true, card: "mynumber" });
  is((await peer.ask({ do: "insert", card: "iso" }))["ok"], false);
  await peer.stateWith((state) => state["page"] !== "insert");
  is((await peer.ask({ do: "keys", keys: "L" }))["ok"], true);
  await peer.stateWith((state) => state["language"] === "ja");
  const png = join(folder, "screen.png");
  const screen = await peer.ask({ do: "screen", png });
  equal([screen["ok"], screen["width"], screen["height"], typeof screen["page"]], [true, 400, 240, "string"]);
  is(readFileSync(png).subarray(1, 4).toString(), "PNG");
  is((await peer.ask({ do: "screen", png: join(folder, "no", "such.png") }))["ok"], false);
  equal(await peer.ask({ do: "remove" }), { ok: true, card: "mynumber" });
  is((await peer.ask({ do: "remove" }))["ok"], false);
  equal((await peer.ask({ do: "state" }))["complaints"], []);
  equal(await peer.ask({ do: "quit" }), { ok: true });
  const { code, stdout } = await sim.ended;
  is(code, 0);
  for (const place of [line, control]) ok(stdout.includes(place), "the start tells its places");
  equal([isThere(line), isThere(control)], [false, false]);
  is(statSync(trace).mode & 0o777, 0o600);
  const keyLines = readFileSync(trace, "utf8").match(/^\d+ keys .*$/gm) ?? [];
  // The press is there; `quit` may come before the key is let go.
  ok(keyLines.length >= 1);
  for (const keyLine of keyLines) match(keyLine, / keys •$/);
});

test("vpcd listens and the line is there when the control socket appears", async () => {
  const { line, control, flags } = places();
  const probe = await SimProcess.start([...flags, "--card", "vpcd:0"]);
  await appeared(control);
  ok(isThere(line));
  const peer = await probe.control(control);
  const { waiting } = await peer.ask({ do: "state" });
  match(String(waiting), /^vpcd:\d+$/);
  const vicc = connect(Number(String(waiting).slice(5)), "127.0.0.1");
  await once(vicc, "connect");
  vicc.destroy();
  probe.child.kill("SIGTERM");
  is((await probe.ended).code, 0);
  equal([isThere(line), isThere(control)], [false, false]);
});

test("under stdio the answers are all there is on standard output, and its end is the end", async () => {
  const sim = await SimProcess.start(["--headless", "--line", "inproc", "--control", "stdio"]);
  sim.child.stdin.end('{"do":"cards"}\nnonsense\n');
  const { code, stdout, stderr } = await sim.ended;
  is(code, 0);
  const answers = stdout.trim().split("\n");
  is(answers.length, 2);
  ok(answers[0].startsWith('{"ok":true,"cards":[{"name":"mynumber"'));
  ok(answers[1].startsWith('{"ok":false'));
  match(stderr, /Madoguchi simulator/);
});

test("without flags it makes its own places and takes them away on a hang-up", async () => {
  const sim = await SimProcess.start(["--headless"]);
  const [chunk] = (await once(sim.child.stdout, "data")) as [Buffer];
  const line = /line +(\S+)/.exec(chunk.toString())?.[1] ?? "";
  ok(existsSync(line), line);
  sim.child.kill("SIGHUP");
  is((await sim.ended).code, 0);
  is(existsSync(join(line, "..")), false);
});

const PARENTS: readonly (readonly [string, (command: string) => string[]])[] = [
  ["its parent", (command) => ["sh", "-c", `${command}; true`]],
  [
    "the parent of the shell that npm and make put between",
    (command) => ["bash", "-c", `bash -c "${command}; true"; true`],
  ],
];
for (const [who, shell] of PARENTS) {
  test(`it goes when ${who} is killed`, async () => {
    const { line, control, flags } = places();
    const sim = await SimProcess.start(flags, shell);
    await appeared(control);
    sim.child.kill("SIGKILL");
    await sim.ended;
    equal([isThere(line), isThere(control)], [false, false]);
  });
}

test("a process line is read whatever the command is called", () => {
  equal(parseStat("12 (npm run sim) S 7 1 1 0"), { command: "npm run sim", parent: 7 });
  equal(parseStat("12 (a) b (c) R 9 1"), { command: "a) b (c", parent: 9 });
  is(parseStat("nonsense"), undefined);
});

test.run();
