import { suite } from "uvu";
import { equal, is, match, throws } from "uvu/assert";
import { parseOptions, UsageStop } from "../../../host-sim/cli/options.ts";
import { ENGINE_NAMES } from "../../../host-sim/engine/engines.ts";

const test = suite("options of the simulator");

function refusal(...flags: string[]): UsageStop {
  try {
    parseOptions(flags);
  } catch (error) {
    if (error instanceof UsageStop) return error;
    throw error;
  }
  throw new Error(`${flags.join(" ")} is accepted`);
}

test("without flags it is a sealed development image on Node without a card, unpaced, on a page", () => {
  const { engine, mode, pace, card, lang, firewall, seed, headless } = parseOptions([]);
  equal(
    [engine, mode, pace, card, lang, firewall, seed, headless],
    ["node", "sealed", "none", "none", "ja", "refuse", 1, false],
  );
});

test("without a page it is the bench image, and on Espruino, which has no other", () => {
  is(parseOptions(["--headless"]).mode, "open");
  is(parseOptions(["--engine", "espruino"]).mode, "open");
  is(parseOptions(["--headless", "--mode", "sealed"]).mode, "sealed");
});

test("the page's port is a number, and is no flag of a simulator without a page", () => {
  equal([parseOptions([]).port, parseOptions(["--port", "0"]).port], [undefined, 0]);
  is(parseOptions(["--port", "65535", "--text"]).port, 65535);
  match(refusal("--headless", "--port", "8650").message, /^--port: --headless serves no page/);
  match(refusal("--headless", "--text").message, /^--text: --headless is without it/);
});

test("every flag of the contract is taken", () => {
  const flags =
    "--headless --engine node --mode open --line pty:/tmp/x --pace real --card mynumber --lang en --firewall substitute --operators optional";
  const options = parseOptions([
    ...flags.split(" "),
    "--seed",
    "4294967295",
    "--trace",
    "t",
    "--control",
    "unix:/tmp/c",
  ]);
  equal(options, {
    headless: true,
    text: false,
    engine: "node",
    mode: "open",
    line: { kind: "pty", path: "/tmp/x" },
    pace: "real",
    card: "mynumber",
    lang: "en",
    firewall: "substitute",
    operators: "optional",
    seed: 4294967295,
    trace: "t",
    control: { kind: "unix", path: "/tmp/c" },
  });
});

test("lines are in-process, a pty or TCP", () => {
  equal(parseOptions(["--line", "inproc"]).line, { kind: "inproc" });
  equal(parseOptions(["--line", "tcp:0"]).line, { kind: "tcp", port: 0 });
  equal(parseOptions(["--line=tcp:65535"]).line, { kind: "tcp", port: 65535 });
  equal(parseOptions(["--control", "stdio"]).control, { kind: "stdio" });
  is(parseOptions(["--card", "vpcd:35963"]).card, "vpcd:35963");
});

test("operators may be required of sealed terminals alone; nobody says so by default", () => {
  is(parseOptions([]).operators, undefined);
  for (const mode of ["sealed", "town"])
    is(parseOptions(["--mode", mode, "--operators", "required"]).operators, "required");
  match(
    refusal("--mode", "open", "--operators", "required").message,
    /^--operators: .*--mode sealed or town/,
  );
});

test("every engine of the table can be chosen", () => {
  for (const engine of ENGINE_NAMES) is(parseOptions(["--engine", engine]).engine, engine);
});

for (const mode of ["open", "sealed", "town"]) {
  test(`--mode ${mode} runs on every engine that has its image`, () => {
    for (const engine of ["node", "lua", "qemu"])
      is(parseOptions(["--mode", mode, "--engine", engine]).mode, mode);
  });
}

test("sealed images are not built for Espruino yet, and that is said", () => {
  is(parseOptions(["--mode", "open", "--engine", "espruino"]).engine, "espruino");
  for (const mode of ["sealed", "town"]) {
    const stop = refusal("--mode", mode, "--engine", "espruino");
    is(stop.exitCode, 2);
    match(stop.message, /^--mode: .*not built yet for --engine espruino/);
  }
});

test("a host's VERIFY is substituted by the bench image alone", () => {
  is(parseOptions(["--mode", "open", "--firewall", "substitute"]).firewall, "substitute");
  match(refusal("--firewall", "substitute").message, /^--firewall: .*take --mode open/);
  for (const mode of ["sealed", "town"]) {
    is(parseOptions(["--mode", mode, "--firewall", "refuse"]).firewall, "refuse");
    match(refusal("--mode", mode, "--firewall", "substitute").message, /^--firewall: .*bench image alone/);
  }
});

test("--state names a directory", () => {
  is(parseOptions(["--state", "/tmp/x"]).state, "/tmp/x");
  match(refusal("--state", "").message, /^--state: needs a path/);
});

const REFUSED: readonly string[][] = [
  ["--engine", "basic"],
  ["--mode", "closed"],
  ["--line", "pty:"],
  ["--line", "tcp:65536"],
  ["--line", "tcp:x"],
  ["--line", "serial"],
  ["--pace", "fast"],
  ["--card", "passport"],
  ["--card", "vpcd:70000"],
  ["--lang", "fr"],
  ["--firewall", "off"],
  ["--operators", "on"],
  ["--seed", "-1"],
  ["--seed", "4294967296"],
  ["--seed", "1.5"],
  ["--trace", ""],
  ["--port", "65536"],
  ["--port", "http"],
  ["--port", "-1"],
  ["--control", "tcp:1"],
  ["--control", "unix:"],
];
for (const flags of REFUSED) {
  test(`${flags.join(" ")} is refused by its flag's name, with the next step`, () => {
    const stop = refusal(...flags);
    is(stop.exitCode, 2);
    is(stop.message.startsWith(`${flags[0]}: `), true, stop.message);
    match(stop.message, /--help/);
  });
}

test("an unknown flag, a missing value and a stray word are refused with the next step", () => {
  for (const flags of [["--frobnicate"], ["--seed"], ["mynumber"]]) {
    const stop = refusal(...flags);
    is(stop.exitCode, 2);
    match(stop.message, /--help/);
  }
  match(refusal("--frobnicate").message, /--frobnicate/);
});

test("--help is no error and names every flag and control command", () => {
  const stop = refusal("--help");
  is(stop.exitCode, 0);
  const words =
    "headless text port engine mode line pace card lang firewall operators seed trace state control";
  for (const word of words.split(" ")) match(stop.message, new RegExp(`--${word}\\b`));
  for (const word of "insert remove keys autokeys screen power line case state cards quit".split(" "))
    match(stop.message, new RegExp(word));
});

test("help wins over what stands beside it", () => {
  throws(
    () => parseOptions(["--seed", "7", "--help"]),
    (error: unknown) => error instanceof UsageStop && error.exitCode === 0,
  );
});

test.run();
