/** A PC/SC program of the counter PC: pyscard behind JSON lines, with one method for each PC/SC call that the tests need. */
import { JsonLines, type JsonObject } from "./json-lines.ts";
import { LoggedProcess } from "./logged-process.ts";

const SCRIPT = "test/integration/pcsc/pcsc-client.py";
/** pyscard is a Debian package: another python3 on the path does not have it. */
const PYTHON = "/usr/bin/python3";
/** Longer than any entry a test waits for. */
const ANSWER_LIMIT_MS = 60_000;

/** PC/SC part 10, table 2.1: tags of FEATURE_VERIFY_PIN_DIRECT and FEATURE_MODIFY_PIN_DIRECT. */
export type PinFeature = 0x06 | 0x07;
export const VERIFY_PIN_DIRECT: PinFeature = 0x06;
export const MODIFY_PIN_DIRECT: PinFeature = 0x07;

export class PcscClient {
  private readonly process: LoggedProcess;
  private readonly lines: JsonLines;

  /** `enter` puts a command into the private pcscd's namespace. */
  constructor(enter: (command: readonly string[]) => string[]) {
    this.process = new LoggedProcess("pyscard", enter([PYTHON, "-u", SCRIPT]));
    this.lines = new JsonLines("pyscard", this.process.child.stdout, this.process.child.stdin);
  }

  async readers(): Promise<readonly string[]> {
    return (await this.do({ do: "readers" }))["readers"] as string[];
  }

  /** Until pcscd sees a card, or none; returns the ATR it has. */
  async waitCard(present: boolean): Promise<string> {
    return String((await this.do({ do: "waitCard", present }))["atr"]);
  }

  /** Shared, T=0 or T=1. Returns the ATR. */
  async connect(): Promise<string> {
    return String((await this.do({ do: "connect" }))["atr"]);
  }

  /** Leaves the card powered down. */
  async disconnect(): Promise<void> {
    await this.do({ do: "disconnect" });
  }

  /** One APDU in hexadecimal, blanks allowed; the answer with SW1 SW2 in lower case. */
  async transmit(apdu: string): Promise<string> {
    return String((await this.do({ do: "transmit", apdu: apdu.replaceAll(" ", "") }))["data"]);
  }

  /** One of the PIN features with its structure in hexadecimal; SW1 SW2 in lower case. */
  async pin(feature: PinFeature, structure: string): Promise<string> {
    const codes = (await this.do({ do: "features" }))["features"] as Record<string, number>;
    const code = codes[String(feature)];
    if (code === undefined) throw new Error(`the reader has no feature ${feature}`);
    return String((await this.do({ do: "control", code, data: structure.replaceAll(" ", "") }))["data"]);
  }

  async close(): Promise<void> {
    this.process.child.stdin.end();
    await this.process.stop();
  }

  private async do(question: JsonObject): Promise<JsonObject> {
    const answer = await this.lines.ask(question, ANSWER_LIMIT_MS).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.process.tail(10)}`);
    });
    if (answer["ok"] !== true) throw new Error(`${String(question["do"])}: ${String(answer["error"])}`);
    return answer;
  }
}
