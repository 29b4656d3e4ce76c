import { spawnSync } from "node:child_process";
import { hkdfSync } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import { equal, is, match, not, throws } from "uvu/assert";
import { HkdfSha256 } from "../../../firmware/protocol/hkdf-sha256.ts";
import { HmacSha256 } from "../../../firmware/protocol/hmac-sha256.ts";
import { readAuditorKey, writeAuditorKey } from "../../../host-sim/counter/auditor-key.ts";
import { keepAuditorKey, makeDevelopmentPair, pskOf } from "../../../host-sim/counter/development-pair.ts";
import { readKeyFile, writeKeyFile } from "../../../host-sim/counter/key-file.ts";
import { lockKeyFile } from "../../../host-sim/counter/key-lock.ts";
import { claimPrivate } from "../../../host-sim/counter/private-file.ts";
import { NODE_CRYPTO } from "../../../host-sim/engine/node-crypto.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { temporaryFolder } from "../cli/temporary.ts";
import { KEY, NAMES } from "./terminal-peer.ts";

const test = suite("key file");
const folder = temporaryFolder();
const GOOD = {
  terminal: "T-1",
  counter: "C-1",
  identity: "madoguchi 1|T-1|C-1",
  psk: "0123456789abcdef".repeat(4),
  development: true,
};

function written(name: string, content: unknown, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  chmodSync(path, mode);
  return path;
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

test("what a killed writer has left beside the file is removed, and nothing else", () => {
  const own = join(folder, "left");
  mkdirSync(own);
  const path = join(own, "counter.key");
  const stays = [
    "counter.key",
    "counter.key.1.new.bak",
    "counter.key.new",
    "counterxkey.1.new",
    "other.key.1.new",
  ];
  for (const name of [...stays, "counter.key.1.new", "counter.key.4194304.new"])
    writeFileSync(join(own, name), "{}", { mode: 0o600 });
  claimPrivate(path);
  equal(readdirSync(own).sort(), [...stays].sort());
});

test("a file of another user is not replaced, which would take it from its owner", () => {
  // Root may give one away; anybody else finds one of root's.
  const path = process.getuid?.() === 0 ? written("foreign.key", GOOD) : "/etc/passwd";
  if (process.getuid?.() === 0) chownSync(path, 1, 1);
  throws(() => claimPrivate(path), `${path}: it belongs to another user; run it as that user`);
});

test("a good file is read", () => {
  const { psk, ...rest } = readKeyFile(written("good.key", GOOD));
  is(Buffer.from(psk).toString("hex"), GOOD.psk);
  equal(rest, { terminal: "T-1", counter: "C-1", identity: GOOD.identity, development: true });
});

for (const mode of [0o640, 0o604, 0o660, 0o601, 0o644]) {
  test(`mode ${mode.toString(8)} is refused with the command that mends it`, () => {
    const path = written(`mode-${mode}.key`, GOOD, mode);
    throws(() => readKeyFile(path), `${path}: others may read it; run: chmod 600 ${path}`);
  });
}

const REFUSED: readonly [string, unknown, RegExp][] = [
  ["no JSON", "psk=0123456789abcdef", /it is not JSON/],
  ["a list", [], /it is no JSON object/],
  [
    "an auditor's key",
    { terminal: "T-1", journal: "ab".repeat(32), development: true },
    /it is an auditor's key, and this wants the counter's/,
  ],
  ["a field that is missing", { ...GOOD, psk: undefined }, /psk: is missing/],
  ["a field too many", { ...GOOD, pin: "1234" }, /"pin"/],
  ["a name in small letters", { ...GOOD, terminal: "t-1" }, /terminal: must be 1-16 characters/],
  ["an empty name", { ...GOOD, counter: "" }, /counter: must be 1-16/],
  ["a name of 17 characters", { ...GOOD, counter: "C".repeat(17) }, /counter: must be 1-16/],
  ["a name with a bar", { ...GOOD, terminal: "T|1", identity: "madoguchi 1|T|1|C-1" }, /terminal: must/],
  [
    "another pair's identity",
    { ...GOOD, identity: "madoguchi 1|T-2|C-1" },
    /identity: must be made of the names/,
  ],
  ["a short key", { ...GOOD, psk: GOOD.psk.slice(1) }, /psk: must be 64 hexadecimal digits/],
  ["a key that is no number", { ...GOOD, psk: "x".repeat(64) }, /psk: must be 64/],
  ["no word on development", { ...GOOD, development: "yes" }, /development: /],
  ["a file too long", " ".repeat(5000), /no key file/],
];
for (const [name, content, text] of REFUSED) {
  test(`${name} is refused by its field, and nothing of the key is told`, () => {
    const path = written("refused.key", content);
    try {
      readKeyFile(path);
    } catch (error) {
      const message = error instanceof Error ? error.message : "";
      match(message, text);
      is(message.startsWith(`${path}: `), true);
      not.match(message, /0123456789abcdef/);
      return;
    }
    throw new Error("it was accepted");
  });
}

test("a file that is not there and a directory are refused by their cause", () => {
  throws(() => readKeyFile(join(folder, "none.key")), /there is no such file; --key names/);
  throws(() => readKeyFile(folder), /this is no key file/);
});

test("a written file is its owner's alone whatever the umask, and no half file stays", () => {
  const path = join(folder, "fresh.key");
  for (const umask of [0, 0o077, 0o377]) {
    const before = process.umask(umask);
    try {
      writeKeyFile(path, { ...KEY, development: false });
    } finally {
      process.umask(before);
    }
    is(modeOf(path), 0o600);
    equal(readKeyFile(path), { ...KEY, development: false });
  }
  throws(() => writeKeyFile(join(folder, "no", "such.key"), { ...KEY, development: false }), /such\.key: /);
  equal(
    readdirSync(folder).filter((name) => name.endsWith(".new")),
    [],
  );
});

test("a locked key is refused to a second user and free again after the first", () => {
  const path = written("locked.key", GOOD);
  const unlock = lockKeyFile(path);
  is(modeOf(`${path}.lock`), 0o600);
  throws(() => lockKeyFile(path), new RegExp(`locked.key: process ${process.pid} uses this key; end that`));
  unlock();
  is(existsSync(`${path}.lock`), false);
  lockKeyFile(path)();
});

test("the lock of a process that is gone is taken over, and so is one of a process number that came again", () => {
  const path = written("stale.key", GOOD);
  const gone = spawnSync(process.execPath, ["-e", ""]).pid;
  for (const owner of [`${gone} a-boot 123\n`, `${process.pid} another-boot 123\n`, "", "garbage\n"]) {
    writeFileSync(`${path}.lock`, owner);
    const unlock = lockKeyFile(path);
    throws(() => lockKeyFile(path), /uses this key/);
    unlock();
  }
  equal(
    readdirSync(folder).filter((name) => name.startsWith("stale.key.")),
    [],
  );
});

test("releasing leaves the lock of somebody else", () => {
  const path = written("other.key", GOOD);
  const unlock = lockKeyFile(path);
  writeFileSync(`${path}.lock`, "1 other\n");
  unlock();
  is(readFileSync(`${path}.lock`, "utf8"), "1 other\n");
});

test("the key of a pair is what the firmware makes by HKDF-Expand, without its Extract", () => {
  const secret = Uint8Array.from({ length: 32 }, (_, i) => 255 - i);
  const psk = pskOf(secret, NAMES);
  const info = new TextEncoder().encode("madoguchi 1|srv=TERMINAL-7|cli=COUNTER-3");
  const own = new Uint8Array(32);
  const hkdf = new HkdfSha256(NODE_NATIVES, new HmacSha256(NODE_NATIVES, NODE_CRYPTO, 256));
  hkdf.expand(secret, info, info.length, own);
  equal(psk, own);
  is(psk.length, 32);
  // The names' places are not interchangeable.
  not.equal(psk, pskOf(secret, { terminal: NAMES.counter, counter: NAMES.terminal }));
  not.equal(psk, Uint8Array.from(Buffer.from(hkdfSync("sha256", secret, "", info, 32))));
});

test("a development pair is random, marked, and the same on both sides", () => {
  const first = makeDevelopmentPair(folder);
  const path = join(folder, "counter.key");
  is(modeOf(path), 0o600);
  equal(readKeyFile(path), { ...first, development: true });
  const second = makeDevelopmentPair(folder, NAMES);
  equal(readKeyFile(path), { ...second, development: true });
  is(second.identity, KEY.identity);
  not.equal(first.psk, second.psk);
});

test("a key that is not for development is never overwritten", () => {
  const path = join(folder, "counter.key");
  writeKeyFile(path, { ...KEY, development: false });
  throws(() => makeDevelopmentPair(folder), /not for development/);
  equal(readKeyFile(path).psk, KEY.psk);
});

test("the auditor's key is read as it was written, and refused when others may read it or it is none", () => {
  const path = join(folder, "auditor.key");
  const journalKey = Uint8Array.from({ length: 32 }, (_, i) => 3 * i);
  keepAuditorKey(folder, "TERMINAL-7", journalKey);
  is(modeOf(path), 0o600);
  equal(readAuditorKey(path), { terminal: "TERMINAL-7", journalKey, development: true });
  equal(JSON.parse(readFileSync(path, "utf8")), {
    terminal: "TERMINAL-7",
    journal: Buffer.from(journalKey).toString("hex"),
    development: true,
  });
  keepAuditorKey(folder, "TERMINAL-8", journalKey);
  is(readAuditorKey(path).terminal, "TERMINAL-8", "one for development gives way");
  chmodSync(path, 0o640);
  throws(() => readAuditorKey(path), /auditor\.key: others may read it; run: chmod 600/);
  writeAuditorKey(path, { terminal: "TERMINAL-7", journalKey, development: false });
  throws(() => keepAuditorKey(folder, "TERMINAL-7", new Uint8Array(32)), /not for development/);
  equal(readAuditorKey(path).journalKey, journalKey);
  const counter = written("counter-as-auditor.key", GOOD);
  throws(() => readAuditorKey(counter), /take the file as provisioning wrote it/);
  throws(() => readAuditorKey(join(folder, "none.key")), /no such file; --key names the auditor's file/);
});

test.run();
