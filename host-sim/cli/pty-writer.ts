/**
 * Writes to the master of a pty without ever waiting for a PC that does not read: Node's own stream would, for libuv writes
 * to a master blocking. What the kernel does not take now is tried again a little later; there is no event to wait for.
 */
import { writeSync } from "node:fs";
import { UNREAD_LIMIT_BYTES } from "./outside-line.ts";

const RETRY_MS = 2;

export class PtyWriter {
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private retry: NodeJS.Timeout | undefined;

  /** `master` is non-blocking. */
  constructor(private readonly master: number) {}

  /** Sends at once what can be sent. Beyond UNREAD_LIMIT_BYTES that nobody fetches, bytes are lost. */
  write(bytes: Uint8Array): void {
    const rest = this.retry === undefined ? this.send(bytes) : bytes;
    if (rest.length === 0 || this.pendingBytes + rest.length > UNREAD_LIMIT_BYTES) return;
    this.pending.push(new Uint8Array(rest));
    this.pendingBytes += rest.length;
    this.retry ??= setTimeout(() => this.again(), RETRY_MS);
  }

  close(): void {
    clearTimeout(this.retry);
    this.pending = [];
  }

  private again(): void {
    this.retry = undefined;
    for (let first = this.pending[0]; first !== undefined; first = this.pending[0]) {
      const rest = this.send(first);
      this.pendingBytes -= first.length - rest.length;
      if (rest.length > 0) {
        this.pending[0] = rest;
        this.retry = setTimeout(() => this.again(), RETRY_MS);
        return;
      }
      this.pending.shift();
    }
  }

  /** Returns what the kernel did not take. */
  private send(bytes: Uint8Array): Uint8Array {
    let sent = 0;
    try {
      while (sent < bytes.length) sent += writeSync(this.master, bytes, sent);
    } catch (error) {
      const isFull = error instanceof Error && "code" in error && error.code === "EAGAIN";
      if (!isFull) throw error;
    }
    return bytes.subarray(sent);
  }
}
