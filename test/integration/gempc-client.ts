/** As much of a PC/SC program as a PIN entry at the bench image needs, on a TCP line and in the wall's time. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { GemPcDecoder, FrameResult } from "../../firmware/protocol/gempc-frame.ts";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { fromHex, VERIFY_4 } from "../../host-sim/scenario/counter.ts";

const HEADER_BYTES = 10;
const XFR_BLOCK = 0x6f;
const SECURE = 0x69;
const POWER_ON = 0x62;
const ANSWERS = 0x80;
const TIME_EXTENSION = 0x80;

export class GemPcClient {
  private sequence = 0;
  private blocks = 0;
  private readonly decoder = new GemPcDecoder(NODE_NATIVES);
  private readonly answers: Uint8Array[] = [];
  private waiting: (() => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.on("data", (chunk) => {
      for (const byte of chunk) this.push(byte);
    });
  }

  static async open(port: number): Promise<GemPcClient> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new GemPcClient(socket);
  }

  /** Rejects when the terminal gives no ATR. */
  async powerOn(): Promise<void> {
    this.blocks = 0;
    const atr = await this.ask(POWER_ON, 1, new Uint8Array());
    if (atr.length === 0) throw new Error("no ATR: the terminal has not seen a card");
  }

  /** A command that fits one block; the response's status word as text. */
  async transmit(apdu: string): Promise<string> {
    const inf = fromHex(apdu);
    const block = [0, (this.blocks++ & 1) << 6, inf.length, ...inf];
    const lrc = block.reduce((sum, byte) => sum ^ byte, 0);
    const answer = await this.ask(XFR_BLOCK, 0, Uint8Array.of(...block, lrc));
    return Buffer.from(answer.subarray(-3, -1)).toString("hex");
  }

  /** Asks for an entry of four digits; the status word once it has ended. */
  async verify(): Promise<string> {
    const answer = await this.ask(SECURE, 0, fromHex(VERIFY_4));
    this.blocks++;
    return Buffer.from(answer.subarray(-3, -1)).toString("hex");
  }

  end(): void {
    this.socket.destroy();
  }

  private async ask(type: number, specific: number, data: Uint8Array): Promise<Uint8Array> {
    const message = [type, data.length, 0, 0, 0, 0, this.sequence++ & 0xff, specific, 0, 0, ...data];
    const frame = [3, 6, ...message];
    this.socket.write(
      Uint8Array.of(
        ...frame,
        frame.reduce((sum, byte) => sum ^ byte, 0),
      ),
    );
    for (;;) {
      const answer = this.answers.shift();
      if (answer !== undefined) return answer.subarray(HEADER_BYTES);
      await new Promise<void>((came) => (this.waiting = came));
    }
  }

  private push(byte: number): void {
    if (byte >= ANSWERS && !this.decoder.isMidFrame()) return;
    if (this.decoder.push(byte) !== FrameResult.Message) return;
    const { message, messageLength } = this.decoder;
    const copy = Uint8Array.from({ length: messageLength }, (_, at) => message[at]);
    const isEcho = copy[0] < ANSWERS;
    if (isEcho || (copy[7] & 0xc0) === TIME_EXTENSION) return;
    this.answers.push(copy);
    this.waiting?.();
  }
}
