/** Questions and answers of one JSON object a line, answered in the order they were asked. */
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

export type JsonObject = Readonly<Record<string, unknown>>;

interface Waiting {
  readonly resolve: (answer: JsonObject) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export class JsonLines {
  private readonly waiting: Waiting[] = [];
  private closed = false;

  constructor(
    private readonly name: string,
    input: Readable,
    private readonly output: Writable,
  ) {
    const lines = createInterface({ input });
    lines.on("line", (line) => this.take(line));
    lines.on("close", () => this.close());
    output.on("error", () => this.close());
  }

  /** Rejects when no answer comes within `limitMs`, and when the other side closes. */
  ask(question: JsonObject, limitMs: number): Promise<JsonObject> {
    const text = JSON.stringify(question);
    if (this.closed) return Promise.reject(new Error(`${this.name}: closed; ${text} not sent`));
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new Error(`${this.name}: no answer to ${text} in ${limitMs} ms`));
      this.waiting.push({ resolve, reject, timer: setTimeout(late, limitMs) });
      this.output.write(`${text}\n`);
    });
  }

  private take(line: string): void {
    const first = this.waiting.shift();
    if (first === undefined) return;
    clearTimeout(first.timer);
    try {
      first.resolve(JSON.parse(line) as JsonObject);
    } catch {
      first.reject(new Error(`${this.name}: no JSON: ${line}`));
    }
  }

  private close(): void {
    this.closed = true;
    for (const { reject, timer } of this.waiting.splice(0)) {
      clearTimeout(timer);
      reject(new Error(`${this.name}: closed without an answer`));
    }
  }
}
