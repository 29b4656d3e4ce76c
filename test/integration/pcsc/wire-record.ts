/** What a trace of the simulator has recorded of a wire, and searches in it. */

const FLAG = "7e";
/** A control octet in front, a check sequence behind. */
const FRAME_BYTES = 3;

function values(trace: string, channel: string, pattern: string): string[] {
  return [...trace.matchAll(new RegExp(`^\\d+ ${channel} (${pattern})$`, "gm"))].map(
    ([, value]) => value ?? "",
  );
}

/** Bytes of the counter line in one direction, as they were on the wire. */
export function lineBytes(trace: string, direction: "line-in" | "line-out"): Buffer {
  return Buffer.from(values(trace, direction, "[0-9a-f]+").join(""), "hex");
}

/** What the card has sent. */
export function cardBytes(trace: string): Buffer {
  return Buffer.from(values(trace, "card-in", "\\d+").map(Number));
}

/** What the frames of a wire carry, one behind the other (RFC 1662, 4.2; docs/protocol.md): no frame's end hides anything. */
export function carried(wire: Buffer): Buffer {
  const pieces = wire.toString("hex").match(/../g)?.join(" ").split(FLAG) ?? [];
  return Buffer.concat(pieces.map((piece) => informationOf(Buffer.from(piece.replaceAll(" ", ""), "hex"))));
}

function informationOf(escaped: Buffer): Buffer {
  const bytes: number[] = [];
  for (let at = 0; at < escaped.length; at++) {
    const value = escaped[at] ?? 0;
    bytes.push(value === 0x7d ? (escaped[++at] ?? 0) ^ 0x20 : value);
  }
  return bytes.length <= FRAME_BYTES ? Buffer.alloc(0) : Buffer.from(bytes.slice(1, -2));
}

/** Long enough that chance does not make one. */
const WINDOW_BYTES = 10;

/** Every run of `WINDOW_BYTES` in `bytes`. */
export function windowsOf(bytes: Buffer): Set<string> {
  const windows = new Set<string>();
  for (let at = 0; at + WINDOW_BYTES <= bytes.length; at++)
    windows.add(bytes.toString("latin1", at, at + WINDOW_BYTES));
  return windows;
}
