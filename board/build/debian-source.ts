/**
 * Brings the source of a Debian package, its security patches applied, below build/debian. apt-get works there with lists, cache
 * and sources of its own: this machine's apt configuration is read for where Debian is and is never changed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const FOLDER = "build/debian";
const SOURCE_PARTS = "/etc/apt/sources.list.d";
const MAIN = "main";

/** The sources cannot be brought; the message says why and the next step. */
export class SourceMissing extends Error {}

interface Archive {
  readonly uri: string;
  readonly suite: string;
  readonly keyring: string | undefined;
}

/** One-line style: `deb [signed-by=KEYRING] URI SUITE COMPONENT…`. */
function archivesOfList(text: string): Archive[] {
  const found = [
    ...text.replaceAll(/#.*/g, "").matchAll(/^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.*)$/gm),
  ];
  return found
    .filter(([, , , , components]) => components!.split(/\s+/).includes(MAIN))
    .map(([, options, uri, suite]) => ({
      uri: uri!,
      suite: suite!,
      keyring: options?.match(/signed-by=(\S+)/i)?.[1],
    }));
}

/** deb822 style: paragraphs of `Field: value`, which goes on in lines that begin with a space. A key in place is left out. */
function archivesOfParagraphs(text: string): Archive[] {
  const unfolded = text.replaceAll(/^#.*\n/gm, "").replaceAll(/\n[ \t]+(?=\S)/g, " ");
  return unfolded.split(/\n\s*\n/).flatMap((paragraph) => {
    const field = (name: string): string[] =>
      paragraph.match(new RegExp(`^${name}:[ \\t]*(.*)$`, "im"))?.[1]?.split(/\s+/) ?? [];
    if (!field("Types").includes("deb") || !field("Components").includes(MAIN)) return [];
    if (field("Enabled").includes("no")) return [];
    const keyring = field("Signed-By").find((value) => value.startsWith("/"));
    return field("URIs").flatMap((uri) => field("Suites").map((suite) => ({ uri, suite, keyring })));
  });
}

/** Where this machine gets Debian itself from, as lines of a sources.list for source packages. */
export function sourceLines(files: ReadonlyMap<string, string>, codename: string): string[] {
  const archives = [...files].flatMap(([name, text]) =>
    name.endsWith(".sources") ? archivesOfParagraphs(text) : archivesOfList(text),
  );
  const debian = archives.filter(({ suite }) => suite === codename || suite.startsWith(`${codename}-`));
  return debian.map(({ uri, suite, keyring }) => {
    const options = keyring === undefined ? "" : `[signed-by=${keyring}] `;
    return `deb-src ${options}${uri} ${suite} ${MAIN}`;
  });
}

function configuration(): Map<string, string> {
  const parts = existsSync(SOURCE_PARTS) ? readdirSync(SOURCE_PARTS) : [];
  const paths = ["/etc/apt/sources.list", ...parts.map((name) => `${SOURCE_PARTS}/${name}`)];
  const readable = paths.filter((file) => /\.(list|sources)$/.test(file) && existsSync(file));
  return new Map(readable.map((file) => [file, readFileSync(file, "utf8")]));
}

function codename(): string {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return release.match(/^VERSION_CODENAME=(\w+)$/m)?.[1] ?? "";
}

/** apt-get's options for a configuration of our own. */
function prepareApt(root: string): string[] {
  const lines = sourceLines(configuration(), codename());
  if (lines.length === 0) throw new SourceMissing("no Debian archive is configured here (/etc/apt)");
  for (const folder of ["lists/partial", "cache/archives/partial"])
    mkdirSync(path.join(root, folder), { recursive: true });
  const list = path.join(root, "sources.list");
  writeFileSync(list, `${lines.join("\n")}\n`);
  const options = {
    "Dir::Etc::sourcelist": list,
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::State::lists": path.join(root, "lists"),
    "Dir::Cache": path.join(root, "cache"),
    // Its own user could not write there.
    "APT::Sandbox::User": "",
  };
  return Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

function aptGet(args: readonly string[], cwd: string): void {
  const result = spawnSync("apt-get", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  if (result.error !== undefined) throw new SourceMissing("apt-get is missing: this is no Debian system");
  if (result.status === 0) return;
  const said = result.stderr.trim().split("\n").slice(-3).join("\n");
  throw new SourceMissing(`apt-get ${args.at(-1) ?? ""} failed: ${said}`);
}

function bring(name: string, to: string): void {
  const work = path.resolve(FOLDER, "apt");
  const unpacked = path.resolve(FOLDER, `${name}.part`);
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  const options = prepareApt(work);
  aptGet([...options, "-q", "update"], unpacked);
  aptGet([...options, "-q", "source", name], unpacked);
  const folder = readdirSync(unpacked, { withFileTypes: true }).find((entry) => entry.isDirectory());
  if (folder === undefined) throw new SourceMissing(`the source package ${name} holds no folder`);
  // Appears whole or not at all.
  renameSync(path.join(unpacked, folder.name), to);
  rmSync(unpacked, { recursive: true });
}

/** The folder of the package's source, brought when it is not there yet. @throws SourceMissing */
export function debianSource(name: string): string {
  const to = path.resolve(FOLDER, name);
  if (existsSync(to)) return to;
  console.log(`bringing the source of Debian's ${name} to ${FOLDER}`);
  try {
    bring(name, to);
  } catch (error) {
    if (!(error instanceof SourceMissing)) throw error;
    const next = `Unpack the source package ${name} at ${FOLDER}/${name}, its patches applied, and build again.`;
    throw new SourceMissing(`${error.message}\n${next}`);
  }
  return to;
}
