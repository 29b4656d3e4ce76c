/** The natives of Node, and all bytes that were made with them: to see what is left in them. */
import type { ByteNatives } from "../../../hal/bytes.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";

export function trackedNatives(): { readonly natives: ByteNatives; readonly made: Uint8Array[] } {
  const made: Uint8Array[] = [];
  const allocate = (lengthBytes: number): Uint8Array => {
    const bytes = new Uint8Array(lengthBytes);
    made.push(bytes);
    return bytes;
  };
  return { natives: { ...NODE_NATIVES, allocate }, made };
}
