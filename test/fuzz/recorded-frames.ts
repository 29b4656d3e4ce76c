/** The frames that a stock driver sends in a real session, start-up Escapes and Secure included: what mutations begin from. */
import { AID, Counter, VERIFY_4 } from "../../host-sim/scenario/counter.ts";
import { changeData } from "../../host-sim/scenario/secure-data.ts";

const HEADER_BYTES = 10;
const OVERHEAD_BYTES = 3;
/** Digits that a host sends: they must never stand in a PIN command. */
export const HOST_DIGITS = "8642";
const HOST_VERIFY = "0020008004" + Buffer.from(HOST_DIGITS).toString("hex");
const CHANGE = { apdu: "00240180", minimum: 4, maximum: 4, confirm: 1 };

/** Each frame once, in the order of the session. */
export function recordFrames(): Uint8Array[] {
  const counter = new Counter({ seed: 1 });
  const sent: number[] = [];
  counter.simulator.world.recorder.keep = false;
  counter.simulator.world.recorder.onEvent(({ channel, value }) => {
    if (channel === "line-in" && value instanceof Uint8Array) sent.push(...value);
  });
  counter.start().insert("mynumber");
  counter.host.connect();
  counter.select(AID.jpki, "0018");
  counter.apdu("00200080");
  counter.apdu(HOST_VERIFY);
  counter.secure(VERIFY_4, "1357E");
  counter.host.beginSecure(Buffer.from(changeData(CHANGE), "hex"));
  counter.simulator.runFor(1000);
  counter.simulator.keys("X");
  counter.host.finishSecure();
  counter.apdu("00b0000000");
  for (const type of [0x6c, 0x6d, 0x6e, 0x72]) counter.host.command(type, [0, 0, 0], new Uint8Array(), 1e9);
  counter.host.powerOff();
  return framesOf(sent);
}

function framesOf(sent: readonly number[]): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < sent.length;) {
    const length = HEADER_BYTES + OVERHEAD_BYTES + sent[at + 3]! + sent[at + 4]! * 256;
    frames.push(Uint8Array.from(sent.slice(at, at + length)));
    at += length;
  }
  return frames;
}
