/** Images with holes made on purpose in the compiled program: what the searches and comparisons are proven by. */
import type { QemuImage } from "../../host-sim/engine/qemu-engine.ts";
import { buildHoleIn, type Hole } from "./hole-build.ts";
import { FOLDER, IMAGE } from "./image.ts";
import { FORMS } from "./search.ts";

/** Twelve elements at the widest stride. */
const AREA_BYTES = 512;

const TYPED = "    self.buffer[self.count] = digit\n";
const PRESSED = "function Terminal.prototype.adapts(self, key, nowUs)\n";
/** `Key.Left` and `Key.Right` on `Page.PinEntry` alone: after the reset the key is still down. */
const FAULTS =
  "    if self.view.page == 2 and key == 12 then error('a hole') end\n" +
  "    if self.view.page == 2 and key == 14 then while true do end end\n";

/** Where the bytes of a form's elements are kept: each at a stride of its own, short and long ones. */
export function plantedStride(form: number): number {
  return [1, 3, 8, 16, 32, 31, 1, 2, 4, 7][form] ?? 1;
}

/** Lua that keeps every digit, and stores element by element what each form of `pin` is made of, as its digits are typed. */
function planting(pin: string): string {
  const digits = [...pin].map(Number);
  const stores = FORMS.flatMap(({ elements }, form) => {
    const whole = elements(digits);
    return whole.flatMap((bytes, index) => {
      // An element of a packed form is complete with its last digit.
      const typed = Math.min(digits.length, Math.ceil(((index + 1) * digits.length) / whole.length));
      const at = form * AREA_BYTES + index * plantedStride(form);
      return [...bytes].map(
        (byte, offset) => `if self.count == ${typed - 1} then planted[${at + offset}] = ${byte} end`,
      );
    });
  });
  const area = `planted = planted or self.natives:allocate(${(FORMS.length + 1) * AREA_BYTES})`;
  return [area, `planted[${FORMS.length * AREA_BYTES} + self.count] = digit`, ...stores, ""].join("\n");
}

/** An image that keeps every digit, and `pin` in every form while it is typed. */
export function buildPlanted(pin: string): Promise<QemuImage> {
  return buildHole({ name: "planted", from: TYPED, to: TYPED + planting(pin) });
}

/** An image in which ← is a fault of the program and → a loop without end. */
export function buildFaulty(): Promise<QemuImage> {
  return buildHole({ name: "faulty", from: PRESSED, to: PRESSED + FAULTS });
}

export function buildHole(hole: Hole): Promise<QemuImage> {
  return buildHoleIn(IMAGE.program, FOLDER, hole);
}
