import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import { UsageStop } from "../../../host-sim/cli/usage-stop.ts";
import { parseCounterOptions } from "../../../host-sim/counter/options.ts";

const test = suite("options of the counter client");

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

const TERMINAL = { json: false, key: "k", line: { kind: "serial", path: "x" }, baud: 115200 };
const CHECK = "check-pin --line x --key k --date 2026-11-26 --operator TANAKA --case CASE-17 --service";
const ID = "00112233445566778899AABBCCDDEEFF";

test("a check's flags are taken; the request id is random unless it is given", () => {
  const whole = `${CHECK} moving --language en --last-try --ask --suspended 123456789012345 --suspended 000000000000000`;
  equal(parsed(`${whole} --request-id ${ID}`), {
    ...TERMINAL,
    ...{ service: "moving", date: "2026-11-26", operator: "TANAKA", case: "CASE-17", language: "en" },
    ...{ lastTry: true, ask: true, suspended: ["123456789012345", "000000000000000"] },
    requestId: ID.toLowerCase(),
  });
  const ids = [1, 2].map(() => (parsed(`${CHECK} identity`) as unknown as { requestId: string }).requestId);
  for (const id of ids) match(id, /^[0-9a-f]{32}$/);
  is(ids[0] === ids[1], false);
  equal(parsed(`get-result --line x --key k --request-id ${ID}`), {
    ...TERMINAL,
    requestId: ID.toLowerCase(),
  });
});

test("the operator's flags are taken", () => {
  equal(parsed("sign-in --line x --key k"), { ...TERMINAL, language: "ja" });
  equal(parsed("sign-in --line x --key k --language easy --json"), {
    ...TERMINAL,
    language: "easy",
    json: true,
  });
  equal(parsed("sign-out --line x --key k"), TERMINAL);
});

test("the journal's and the clock's flags are taken", () => {
  const terminal = "--line x --key k";
  equal(parsed(`read-journal ${terminal} --from 4294967295`), { ...TERMINAL, from: 4294967295, ack: false });
  equal(parsed(`read-journal ${terminal} --out j --ack`), { ...TERMINAL, out: "j", ack: true });
  equal(parsed("verify-journal j --key k --json"), { file: "j", key: "k", json: true });
  equal(parsed(`set-clock ${terminal}`), TERMINAL);
  equal(parsed(`set-clock ${terminal} --time 2026-11-26T09:00:00+09:00`), { ...TERMINAL, time: 1795651200 });
  equal(parsed(`syslog ${terminal} --collector udp:[::1]:514 --from 2`), {
    ...TERMINAL,
    from: 2,
    follow: false,
    collector: { kind: "udp", host: "::1", port: 514 },
  });
  const followed = parsed(`syslog ${terminal} --collector tcp:host:514 --follow --every 3600 --place p`);
  equal(followed, {
    ...TERMINAL,
    follow: true,
    every: 3600,
    place: "p",
    collector: { kind: "tcp", host: "host", port: 514 },
  });
});

const REFUSED: readonly [string, string][] = [
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
  [`${CHECK} marriage`, "--service: must be copy-elsewhere, moving or identity"],
  [`${CHECK} pin-change`, "--service: must be copy-elsewhere, moving or identity"],
  [`${CHECK} moving --date 2026-02-29`, "--date: must be a day, YYYY-MM-DD"],
  [`${CHECK} moving --date 00000000`, "--date: "],
  [`${CHECK} moving --operator tanaka`, "--operator: must be 1-16 characters"],
  [`${CHECK} moving --case CASE-2026-0000017`, "--case: must be 1-16 characters"],
  [`${CHECK} moving --language fr`, "--language: must be ja, en, easy"],
  [`${CHECK} moving --suspended 12345`, "--suspended: must be 15 digits"],
  [`${CHECK} moving --request-id 12345`, "--request-id: must be 32 hexadecimal digits"],
  ["check-pin --line x --key k --service moving --date 2026-11-26 --case A", "--operator: needs a name"],
  ["sign-in --line x --key k --language fr", "--language: must be ja, en, easy"],
  ["sign-in --line x", "--key: needs a path"],
  ["get-result --line x --key k", "--request-id: needs the request id that check-pin has told"],
  ["read-journal --line x --key k --from 0", "--from: must be a whole number, 1-4294967295"],
  ["read-journal --line x --key k --ack", "--ack: needs --out"],
  ["read-journal --line x --key k --out j --from 2", "--from: does not go with --out"],
  ["verify-journal j", "--key: needs a path"],
  ["set-clock --line x --key k --time 2026-11-26", "--time: must be a time such as"],
  ["set-clock --line x --key k --time 1970-01-01T00:00:00Z", "--time: must be after"],
  ["set-clock --line x --key k --time 2106-02-07T06:28:16Z", "--time: must be before"],
  ["syslog --line x --key k", "--collector: needs tcp:HOST:PORT"],
  ["info --key k", "--line: needs a serial port's path, or tcp:HOST:PORT"],
  ["info --line pty:/tmp/x --key k", "--line: name a pty by its path alone, without pty:"],
  ["syslog --line x --key k --collector http:host:80", "--collector: "],
  ["syslog --line x --key k --collector udp:host:0", "--collector: "],
  ["syslog --line x --key k --collector udp:host:1 --every 5", "--every: needs --follow"],
  ["syslog --line x --key k --collector udp:host:1 --follow --every 0", "--every: must be a whole number"],
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
    "verify-journal --key k",
    "verify-journal j k --key k",
  ];
  for (const line of lines) {
    const stop = refusal(line);
    is(stop.exitCode, 2, line);
    match(stop.message, /--help/);
  }
  match(refusal("info --frobnicate").message, /--frobnicate/);
});

test("--help is no error: it names every command, and each command's own names its flags", () => {
  const whole = refusal("--help");
  is(whole.exitCode, 0);
  const flags = {
    info: "line key baud json",
    pipe: "line tcp baud json",
    bridge: "line key pty baud json",
    "check-pin": "line key service date operator case language last-try suspended ask request-id baud json",
    "sign-in": "line key language baud json",
    "sign-out": "line key baud json",
    "get-result": "line key request-id baud json",
    "read-journal": "line key from out ack baud json",
    "verify-journal": "key json",
    "set-clock": "line key time baud json",
    syslog: "line key collector from place follow every baud json",
    suspend: "line key operator case baud json",
    resume: "line key operator case baud json",
    release: "line key operator case baud json",
    rekey: "line key baud json",
  };
  for (const word of Object.keys(flags)) match(whole.message, new RegExp(`\\b${word}\\b`));
  for (const [command, names] of Object.entries(flags)) {
    const stop = refusal(`${command} --help`);
    is(stop.exitCode, 0);
    for (const name of names.split(" ")) match(stop.message, new RegExp(`--${name}\\b`));
  }
  match(refusal("check-pin --help").message, /0 the outcome is OK, 3 it is another one/);
});

test.run();
