import { suite } from "uvu";
import { equal } from "uvu/assert";
import { sourceLines } from "../../../board/build/debian-source.ts";

const test = suite("where Debian's sources are");
const LIST = "/etc/apt/sources.list";
const PARTS = "/etc/apt/sources.list.d";

function linesOf(name: string, text: string): string[] {
  return sourceLines(new Map([[name, text]]), "bookworm");
}

test("a line of the one-line style becomes a source of its own", () => {
  equal(linesOf(LIST, "deb http://deb.example/debian bookworm main\n"), [
    "deb-src http://deb.example/debian bookworm main",
  ]);
});

test("security and updates come along, other suites and components do not", () => {
  const text = [
    "deb http://deb.example/debian bookworm main contrib non-free-firmware",
    "deb  http://deb.example/debian   bookworm-updates main",
    "deb http://deb.example/security bookworm-security main",
    "deb http://deb.example/debian trixie main",
    "deb http://deb.example/debian bookworms main",
    "deb http://tools.example/apt nodistro main",
    "deb http://deb.example/debian bookworm contrib",
    "deb-src http://deb.example/debian bookworm main",
  ].join("\n");
  equal(linesOf(LIST, text), [
    "deb-src http://deb.example/debian bookworm main",
    "deb-src http://deb.example/debian bookworm-updates main",
    "deb-src http://deb.example/security bookworm-security main",
  ]);
});

test("of the options the keyring is kept", () => {
  const text =
    "deb [arch=amd64 signed-by=/usr/share/keyrings/a.gpg] https://deb.example/debian bookworm main";
  equal(linesOf(LIST, text), [
    "deb-src [signed-by=/usr/share/keyrings/a.gpg] https://deb.example/debian bookworm main",
  ]);
  equal(linesOf(LIST, "deb [arch=amd64] https://deb.example/debian bookworm main"), [
    "deb-src https://deb.example/debian bookworm main",
  ]);
});

test("comments are no sources, behind one either", () => {
  const text =
    "# deb http://a.example bookworm main\n  # deb http://b.example bookworm main\n#deb http://c.example bookworm main\n";
  equal(linesOf(LIST, text), []);
  equal(linesOf(LIST, "deb http://d.example bookworm contrib # not main\n"), []);
});

const PARAGRAPHS = `# Modernised.
Types: deb deb-src
URIs: http://deb.example/debian
Suites: bookworm bookworm-updates
# Components: nothing
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://one.example/security http://two.example/security
Suites: bookworm-security
Components: main

Types: deb-src
URIs: http://three.example/debian
Suites: bookworm
Components: main

Types: deb
URIs: http://four.example/debian
Suites: bookworm
Components: contrib
`;

test("paragraphs of the deb822 style: every address with every suite", () => {
  const keyring = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ";
  equal(linesOf(`${PARTS}/debian.sources`, PARAGRAPHS), [
    `deb-src ${keyring}http://deb.example/debian bookworm main`,
    `deb-src ${keyring}http://deb.example/debian bookworm-updates main`,
    "deb-src http://one.example/security bookworm-security main",
    "deb-src http://two.example/security bookworm-security main",
  ]);
});

test("fields are found whatever their case, a switched-off paragraph is left out", () => {
  const text = "types: deb\nuris: http://deb.example/debian\nsuites: bookworm\ncomponents: main\n";
  equal(linesOf(`${PARTS}/a.sources`, text), ["deb-src http://deb.example/debian bookworm main"]);
  equal(linesOf(`${PARTS}/a.sources`, `Enabled: no\n${text}`), []);
  equal(linesOf(`${PARTS}/a.sources`, `Enabled: yes\n${text}`), [
    "deb-src http://deb.example/debian bookworm main",
  ]);
});

test("a value may go on on the next line", () => {
  const text =
    "Types: deb\nURIs: http://deb.example/debian\nSuites: bookworm\n bookworm-updates\nComponents: main\n";
  equal(linesOf(`${PARTS}/a.sources`, text), [
    "deb-src http://deb.example/debian bookworm main",
    "deb-src http://deb.example/debian bookworm-updates main",
  ]);
});

test("a key that stands in the paragraph itself is not taken for the name of a file", () => {
  const key =
    "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBGPL\n -----END PGP PUBLIC KEY BLOCK-----\n";
  const text = `Types: deb\nURIs: http://deb.example/debian\nSuites: bookworm\nComponents: main\n${key}`;
  equal(linesOf(`${PARTS}/a.sources`, text), ["deb-src http://deb.example/debian bookworm main"]);
});

test("several files add up; both styles in one machine", () => {
  const files = new Map([
    [LIST, "deb http://a.example bookworm main\n"],
    [`${PARTS}/b.list`, "deb http://b.example bookworm-security main\n"],
    [`${PARTS}/c.sources`, "Types: deb\nURIs: http://c.example\nSuites: bookworm\nComponents: main\n"],
  ]);
  equal(sourceLines(files, "bookworm"), [
    "deb-src http://a.example bookworm main",
    "deb-src http://b.example bookworm-security main",
    "deb-src http://c.example bookworm main",
  ]);
});

test("nothing is configured: no line", () => {
  equal(sourceLines(new Map(), "bookworm"), []);
  equal(linesOf(LIST, ""), []);
});

test.run();
