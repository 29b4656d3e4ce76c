/**
 * `tsx board/build/debian-packages.ts NAME…`: sees to it that these Debian packages are installed. As root it installs
 * what is missing and says before which and how many MB; else it prints the one command to type and exits with 2.
 * On other systems it names them and goes on. What is installed already is never upgraded.
 */
import { spawnSync } from "node:child_process";

const APT = ["--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"];

function output(command: string, args: readonly string[]): string {
  const env = { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" };
  const result = spawnSync(command, args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
  return result.error === undefined ? result.stdout + result.stderr : "";
}

function missing(names: readonly string[]): string[] {
  return names.filter(
    (name) => !output("dpkg-query", ["-W", "-f=${db:Status-Abbrev}", name]).startsWith("ii"),
  );
}

/** What apt-get says it needs: MB to download and MB on disk. */
function sizeOf(names: readonly string[]): string {
  const plan = output("apt-get", ["install", "--assume-no", "-o", "Debug::NoLocking=1", ...APT, ...names]);
  const found = plan.match(/Need to get .*|After this operation, .*/g);
  return found === null ? "" : found.join(" ");
}

function isKnown(names: readonly string[]): boolean {
  return names.every((name) => output("apt-cache", ["policy", name]).includes("Candidate:"));
}

function run(args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const result = spawnSync("apt-get", args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "inherit"] });
  if (result.status !== 0) process.stderr.write(result.stdout);
  return result.status === 0;
}

function install(names: readonly string[]): number {
  if (!isKnown(names)) {
    console.log("apt-get update (the package lists are empty or old)");
    run(["update", "-q", "-o", "DPkg::Lock::Timeout=300"]);
  }
  console.log(`installing ${names.length} Debian packages: ${names.join(" ")}\n${sizeOf(names)}`);
  if (run(["install", "-y", "-q", ...APT, ...names])) return 0;
  console.error(
    `apt-get could not install them; try: sudo apt-get update && sudo apt-get install ${names.join(" ")}`,
  );
  return 2;
}

function main(names: readonly string[]): number {
  if (output("dpkg-query", ["--version"]) === "") {
    console.log(`not a Debian system: please have the programs of these packages: ${names.join(" ")}`);
    return 0;
  }
  const wanted = missing(names);
  if (wanted.length === 0) return 0;
  if (process.getuid?.() === 0) return install(wanted);
  console.error(`${wanted.length} Debian packages are missing. ${sizeOf(wanted)} Install them with:`);
  console.error(`  sudo apt-get install --no-install-recommends ${wanted.join(" ")}`);
  return 2;
}

process.exitCode = main(process.argv.slice(2));
