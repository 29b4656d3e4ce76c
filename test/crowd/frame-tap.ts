/** Listens to what one end sends, before the cable has it: how many frames, and how many of them a second time. */
import { AsyncFrameDecoder, FrameEvent } from "../../firmware/protocol/async-frame.ts";
import { ControlKind, controlKind, sendNumber } from "../../firmware/protocol/link-control.ts";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";

export class FrameTap {
  frames = 0;
  /** Information frames that were sent again because nobody had acknowledged them. */
  repeated = 0;
  private readonly decoder = new AsyncFrameDecoder(NODE_NATIVES);
  private latest = "";

  hear(bytes: Uint8Array): void {
    for (const byte of bytes) if (this.decoder.push(byte) === FrameEvent.Frame) this.frame();
  }

  private frame(): void {
    const { control, information, informationLength } = this.decoder;
    this.frames++;
    if (controlKind(control) !== ControlKind.Information) return;
    const content = Buffer.from((information as Uint8Array).subarray(0, informationLength)).toString("hex");
    const one = `${sendNumber(control)} ${content}`;
    if (one === this.latest) this.repeated++;
    this.latest = one;
  }
}
