/** Looks for a PIN in memory, in every form in which a program may hold it. */
import type { Snapshot } from "../../host-sim/engine/qemu-memory.ts";

/** From one element to the next, in bytes. */
export const STRIDES: readonly number[] = Array.from({ length: 32 }, (_, at) => at + 1);
const BOTH_WAYS = [...STRIDES, ...STRIDES.map((stride) => -stride)];
/** So many elements in a row are a finding: no whole PIN need be left, and fewer come up by chance. */
const ENOUGH = 7;
/** Any run of ENOUGH of twelve elements has this one and the next. */
const MIDDLE = 5;
const PAGE = 4096;

/** A keypad crossing of each digit (EN 1332-3 order, 4·row + column): written down once more, the firmware's may be wrong. */
const CROSSINGS = [13, 0, 1, 2, 4, 5, 6, 8, 9, 10];

export interface Form {
  readonly name: string;
  /** The elements of `digits`, each as it stands in memory. */
  elements(digits: readonly number[]): Buffer[];
}

function bytewise(digits: readonly number[], byteOf: (digit: number) => number): Buffer[] {
  return digits.map((digit) => Buffer.of(byteOf(digit)));
}

function pairs(digits: readonly number[], from: number, pack: (a: number, b: number) => number): Buffer[] {
  const packed: Buffer[] = [];
  for (let at = from; at + 1 < digits.length; at += 2)
    packed.push(Buffer.of(pack(digits[at]!, digits[at + 1]!)));
  return packed;
}

/** What the matrix reads while the digit's key is down. */
function scanOf(digit: number): Buffer {
  const scan = Buffer.alloc(2);
  scan.writeUInt16LE(1 << CROSSINGS[digit]!);
  return scan;
}

const high = (a: number, b: number): number => a * 16 + b;
const low = (a: number, b: number): number => b * 16 + a;

export const FORMS: readonly Form[] = [
  { name: "ASCII", elements: (digits) => bytewise(digits, (digit) => 0x30 + digit) },
  { name: "digits", elements: (digits) => bytewise(digits, (digit) => digit) },
  { name: "key codes", elements: (digits) => bytewise(digits, (digit) => CROSSINGS[digit]!) },
  { name: "scans", elements: (digits) => digits.map(scanOf) },
  { name: "BCD", elements: (digits) => pairs(digits, 0, high) },
  { name: "BCD from the second digit", elements: (digits) => pairs(digits, 1, high) },
  { name: "BCD, low nibble first", elements: (digits) => pairs(digits, 0, low) },
  { name: "BCD, low nibble first, from the second digit", elements: (digits) => pairs(digits, 1, low) },
];

export interface Finding {
  readonly address: number;
  /** From one element to the next; negative where the address falls. */
  readonly stride: number;
  /** How many elements stand there in a row. */
  readonly count: number;
}

/** Of packed digits fewer elements are as telling. */
function enoughOf(elements: readonly Buffer[]): { count: number; middle: number } {
  if (elements.length > 2 * MIDDLE) return { count: ENOUGH, middle: MIDDLE };
  return { count: elements.length - 1, middle: (elements.length - 1) >> 1 };
}

function standsAt(bytes: Buffer, at: number, element: Buffer): boolean {
  return bytes[at] === element[0] && (element.length === 1 || bytes[at + 1] === element[1]);
}

/** How many of `elements` stand in a row around element `middle` at `at`. */
function runAround(
  bytes: Buffer,
  at: number,
  elements: readonly Buffer[],
  middle: number,
  stride: number,
): number {
  const matches = (index: number): boolean =>
    standsAt(bytes, at + (index - middle) * stride, elements[index]!);
  let from = middle;
  while (from > 0 && matches(from - 1)) from--;
  let to = middle + 1;
  while (to < elements.length && matches(to)) to++;
  return to - from;
}

/** Parts of the memory that are not all zero: an untouched page holds nothing. */
function touched({ base, bytes }: Snapshot): Snapshot[] {
  const zeros = Buffer.alloc(PAGE);
  const parts: Snapshot[] = [];
  let from = -1;
  for (let at = 0; at <= bytes.length; at += PAGE) {
    const isZero = at >= bytes.length || bytes.subarray(at, at + PAGE).equals(zeros);
    if (!isZero && from < 0) from = at;
    if (!isZero || from < 0) continue;
    parts.push({ base: base + from, bytes: bytes.subarray(from, at) });
    from = -1;
  }
  return parts;
}

/** Every stride in both directions around each place where the middle element stands. */
function searchPart({ base, bytes }: Snapshot, elements: readonly Buffer[]): Finding[] {
  const { count: enough, middle } = enoughOf(elements);
  const found: Finding[] = [];
  for (let at = bytes.indexOf(elements[middle]!); at >= 0; at = bytes.indexOf(elements[middle]!, at + 1)) {
    for (const stride of BOTH_WAYS) {
      if (!standsAt(bytes, at + stride, elements[middle + 1]!)) continue;
      const count = runAround(bytes, at, elements, middle, stride);
      if (count >= enough) found.push({ address: base + at, stride, count });
    }
  }
  return found;
}

/** Where `form` of `pin`, or most of it, stands in `memory`: a search for each of STRIDES, upwards and downwards. */
export function search(memory: readonly Snapshot[], pin: string, form: Form): Finding[] {
  const elements = form.elements([...pin].map(Number));
  return memory.flatMap(touched).flatMap((part) => searchPart(part, elements));
}
