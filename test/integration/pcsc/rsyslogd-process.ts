/** Debian's rsyslogd as a child, on ports of the loopback of its own; what it has understood of a line stands in a file, field by field. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, readFileSync, watch, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { LoggedProcess } from "./logged-process.ts";

const PROGRAM = "/usr/sbin/rsyslogd";
const LIMIT_MS = 15_000;
const FIELDS = ["pri", "hostname", "app-name", "procid", "msgid", "structured-data"];
/** Its own first message, which comes when its inputs are open. */
const STARTED = /rsyslogd/;

/** Resolves with the text of `path` as soon as `isWanted` is true of it; rejects when that takes longer than the limit. */
async function fileWith(path: string, what: string, isWanted: (text: string) => boolean): Promise<string> {
  const read = (): string => (existsSync(path) ? readFileSync(path, "utf8") : "");
  const watcher = watch(dirname(path));
  let limit: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      const late = (): void =>
        reject(new Error(`${path}: no ${what} in ${LIMIT_MS} ms; it holds:\n${read()}`));
      const look = (): void => {
        const text = read();
        if (isWanted(text)) resolve(text);
      };
      limit = setTimeout(late, LIMIT_MS);
      watcher.on("change", (_kind, name) => {
        if (name === basename(path)) look();
      });
      look();
    });
  } finally {
    clearTimeout(limit);
    watcher.close();
  }
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  return port;
}

export class RsyslogdProcess {
  private constructor(
    private readonly process: LoggedProcess,
    private readonly output: string,
    readonly tcpPort: number,
    readonly udpPort: number,
  ) {}

  /** With its files in `directory`; resolves when it listens. */
  static async start(directory: string): Promise<RsyslogdProcess> {
    const [config, output, portFile] = ["rsyslog.conf", "lines", "port"].map((name) => join(directory, name));
    const udpPort = await freeUdpPort();
    const template = FIELDS.map((field) => `%${field}%`).join("|");
    const text = [
      `global(workDirectory="${directory}" maxMessageSize="8k" processInternalMessages="on")`,
      'module(load="imtcp")',
      'module(load="imudp")',
      `template(name="fields" type="string" string="${template}\\n")`,
      `input(type="imtcp" address="127.0.0.1" port="0" listenPortFileName="${portFile}")`,
      `input(type="imudp" address="127.0.0.1" port="${udpPort}")`,
      `action(type="omfile" file="${output}" template="fields")`,
    ];
    writeFileSync(config!, `${text.join("\n")}\n`);
    const pid = join(directory, "pid");
    const child = new LoggedProcess("rsyslogd", [PROGRAM, "-n", "-f", config!, "-i", pid]);
    try {
      const started = fileWith(output!, "message of its start", (lines) => STARTED.test(lines));
      const ended = once(child.child, "close").then(() => {
        throw new Error(`rsyslogd has ended\n${child.tail(20)}`);
      });
      await Promise.race([started, ended]);
      ended.catch(() => undefined);
      const port = await fileWith(portFile!, "port", (digits) => /^\d+/.test(digits));
      return new RsyslogdProcess(child, output!, Number(port), udpPort);
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  /** The first `count` lines of `program`, each as the fields that rsyslogd has found in it. */
  async lines(program: string, count: number): Promise<string[][]> {
    const of = (text: string): string[][] =>
      text
        .split("\n")
        .slice(0, -1)
        .map((line) => line.split("|"))
        .filter(([, , name]) => name === program);
    return of(
      await fileWith(this.output, `${count} lines of ${program}`, (text) => of(text).length >= count),
    );
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}
