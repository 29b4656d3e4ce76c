/**
 * A mount namespace with an empty /run/pcscd of its own: stock pcscd and its clients meet there and never see, or disturb, a
 * pcscd of the machine. Needs root, or user namespaces. It is gone when this process is.
 */
import { existsSync } from "node:fs";
import { LoggedProcess } from "./logged-process.ts";

const READY_LIMIT_MS = 5000;
const FOLDER = "/run/pcscd";

export class MountNamespace {
  private constructor(
    private readonly holder: LoggedProcess,
    private readonly flags: readonly string[],
  ) {}

  /** Rejects with the system's reason where namespaces are not allowed. */
  static async open(): Promise<MountNamespace> {
    const isRoot = process.getuid?.() === 0;
    // Only root can make a missing folder below /run: it is covered as a whole then.
    const place = existsSync(FOLDER) ? FOLDER : "/run";
    const script = `mount -t tmpfs -o mode=755 tmpfs ${place} && mkdir -p ${FOLDER} && echo ready && read line`;
    const unshare = ["unshare", isRoot ? "-m" : "-rm", "sh", "-c", script];
    const holder = new LoggedProcess("unshare", unshare);
    try {
      await holder.waitFor(/^ready$/m, READY_LIMIT_MS);
    } catch (error) {
      await holder.stop();
      throw error;
    }
    const enter = isRoot ? ["-m"] : ["-U", "--preserve-credentials", "-m"];
    return new MountNamespace(holder, enter);
  }

  /** The command that runs `command` inside, in this process' working directory, and ends it with this process. */
  inside(command: readonly string[]): string[] {
    const target = ["-t", String(this.holder.child.pid)];
    const here = [`--wd=${process.cwd()}`];
    return ["nsenter", ...target, ...this.flags, ...here, "setpriv", "--pdeathsig", "KILL", ...command];
  }

  async close(): Promise<void> {
    this.holder.child.stdin.end();
    await this.holder.stop();
  }
}
