import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import { UsageStop } from "../../../host-sim/cli/usage-stop.ts";
import { parseCounterOptions } from "../../../host-sim/counter/options.ts";

const test = suite("options of the counter client");
const LATER = "sign-in sign-out change-pin rekey";

function parsed(line: string) {
  return parseCounterOptions(line.split(" ").filter((word) => word !== "")).options;
}

function refusal(line: string): UsageStop {
  try {
    parsed(line);
  } catch (error) {
    if (error instanceof UsageStop) return error;
    throw error;
  }
  throw new Error(`${line} is accepted`);
}

test("every command and flag of the contract is taken", () => {
  const serial = { kind: "serial", path: "/dev/ttyUSB0" };
  equal(parsed("info --line /dev/ttyUSB0 --key k"), { json: false, key: "k", line: serial, baud: 115200 });
  equal(parsed("pipe --line tcp:localhost:4000 --tcp 0 --baud 9600 --json"), {
    json: true,
    tcp: 0,
    line: { kind: "tcp", host: "localhost", port: 4000 },
    baud: 9600,
  });
  equal(parsed("bridge --line=tcp:[::1]:65535 --key k --pty /run/reader --baud 921600"), {
    json: false,
    key: "k",
    pty: "/run/reader",
    line: { kind: "tcp", host: "::1", port: 65535 },
    baud: 921600,
  });
});

const REFUSED: readonly [string, string][] = [
  ["info --key k", "--line: needs a path"],
  ["info --line x", "--key: needs a path"],
  ["info --line tcp:localhost --key k", "--line: "],
  ["info --line tcp:localhost:0 --key k", "--line: "],
  ["info --line tcp:localhost:65536 --key k", "--line: "],
  ["info --line tcp:::1:4000 --key k", "--line: "],
  ["info --line tcp: --key k", "--line: "],
  ["info --line x --key k --baud 9599", "--baud: "],
  ["info --line x --key k --baud 921601", "--baud: "],
  ["info --line x --key k --baud fast", "--baud: "],
  ["pipe --line x", "--tcp: "],
  ["pipe --line x --tcp 65536", "--tcp: "],
  ["bridge --line x --key k", "--pty: needs a path"],
];
for (const [line, start] of REFUSED) {
  test(`${line} is refused by its flag's name, with the next step`, () => {
    const stop = refusal(line);
    is(stop.exitCode, 2);
    is(stop.message.startsWith(start), true, stop.message);
    match(stop.message, /npm run -s counter -- .*--help/);
  });
}

test("no command, an unknown one, an unknown flag, a stray word and a missing value are refused with the next step", () => {
  const lines = [
    "",
    "frobnicate",
    "info --frobnicate",
    "info --line x --key k word",
    "info --line",
    "pipe --line x --tcp 0 --key k",
  ];
  for (const line of lines) {
    const stop = refusal(line);
    is(stop.exitCode, 2, line);
    match(stop.message, /--help/);
  }
  match(refusal("info --frobnicate").message, /--frobnicate/);
});

test("the other commands of the contract exist and are not built yet, whatever flags they have", () => {
  for (const name of LATER.split(" ")) {
    const stop = refusal(`${name} --line x --key k --service 2`);
    is(stop.exitCode, 2);
    match(stop.message, new RegExp(`^${name}: not built yet`));
  }
});

test("--help is no error: it names every command, and each command's own names its flags", () => {
  const whole = refusal("--help");
  is(whole.exitCode, 0);
  for (const word of `info pipe bridge ${LATER}`.split(" "))
    match(whole.message, new RegExp(`\\b${word}\\b`));
  const flags = { info: "line key baud json", pipe: "line tcp baud json", bridge: "line key pty baud json" };
  for (const [command, names] of Object.entries(flags)) {
    const stop = refusal(`${command} --help`);
    is(stop.exitCode, 0);
    for (const name of names.split(" ")) match(stop.message, new RegExp(`--${name}\\b`));
  }
});

test.run();
