/**
 * Sharp memory LCD LS027B7DH01 as a chip: SPI bytes in, pixels out. EXTMODE is high: EXTCOMIN alternates VCOM, M1 is ignored.
 * Whatever a real panel would misread is told to `complain`, once each time; what it would still latch is latched.
 * Times are integer nanoseconds of world time, given by the caller.
 */
export const LCD_WIDTH = 400;
export const LCD_HEIGHT = 240;

const LINE_BYTES = LCD_WIDTH / 8;
/** Address, pixels, 8 dummy bits. */
const LINE_STRIDE = LINE_BYTES + 2;
const MODE_WRITE = 0x80;
const MODE_CLEAR = 0x20;
/** Without alternation the glass takes harm; the data sheet's slowest frame is one a second. */
const VCOM_LIMIT_NS = 1_000_000_000;

export interface MemoryLcdOptions {
  /** A sentence about what the firmware did wrong. */
  readonly complain: (text: string) => void;
  /** Fills the memory at power-up. */
  readonly seed?: number;
  /** The clock on the wire, for the times of `onLine` and overlapping transfers. 2 MHz unless told. */
  readonly spiHz?: number;
  /** A line (0…239) was latched; `endNs` is when its last pixel had arrived. */
  readonly onLine?: (line: number, endNs: number) => void;
  /** A transfer is over. */
  readonly onTransfer?: (startNs: number, endNs: number) => void;
}

function reverse(byte: number): number {
  let result = 0;
  for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) result |= 0x80 >> bit;
  return result;
}

/** Memory as it wakes up: anything. */
function noise(seed: number): Uint8Array {
  let state = seed >>> 0 || 1;
  const bytes = new Uint8Array(LCD_HEIGHT * LINE_BYTES);
  for (let at = 0; at < bytes.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    bytes[at] = state & 0xff;
  }
  return bytes;
}

export class MemoryLcd {
  /** As on the wire: 1 = paper. */
  private readonly memory: Uint8Array;
  private readonly byteNs: number;
  private busyUntilNs = 0;
  private on = false;
  private vcomHz = 0;
  /** Since when a picture is shown without VCOM, or undefined. */
  private harmedSinceNs: number | undefined;
  private cleared = false;

  constructor(private readonly options: MemoryLcdOptions) {
    this.memory = noise(options.seed ?? 1);
    const hz = options.spiHz ?? 2_000_000;
    if (hz > 2_000_000) options.complain(`LCD: SPI clock ${hz} Hz is over 2 MHz`);
    this.byteNs = 8_000_000_000 / hz;
  }

  /** SCS high, these bytes, SCS low. */
  transfer(startNs: number, bytes: ArrayLike<number>): void {
    if (startNs < this.busyUntilNs)
      this.options.complain("LCD: transfer starts while another is on the wire");
    this.busyUntilNs = startNs + Math.ceil(bytes.length * this.byteNs);
    if (bytes.length < 2) {
      this.options.complain(`LCD: transfer of ${bytes.length} bytes`);
      return;
    }
    const write = (bytes[0] & MODE_WRITE) !== 0;
    const clear = (bytes[0] & MODE_CLEAR) !== 0;
    if (write && clear) this.options.complain("LCD: write and clear in one mode byte");
    else if (clear) this.clear(bytes);
    else if (write) this.write(startNs, bytes);
    this.options.onTransfer?.(startNs, this.busyUntilNs);
  }

  /** SCS goes low under a transfer that is still on the wire: the controller was reset. */
  deselect(nowNs: number): void {
    this.busyUntilNs = Math.min(this.busyUntilNs, nowNs);
  }

  /** The supply is gone: the picture too, and the memory will hold anything again. */
  powerOff(nowNs: number): void {
    this.check(nowNs);
    this.deselect(nowNs);
    this.on = false;
    this.cleared = false;
    this.memory.set(noise(this.options.seed ?? 1));
    this.judgeVcom(nowNs);
  }

  setDisplayOn(nowNs: number, on: boolean): void {
    this.check(nowNs);
    const rises = on && !this.on;
    this.on = on;
    if (rises && !this.cleared) this.options.complain("LCD: DISP high before the memory was cleared");
    this.judgeVcom(nowNs);
  }

  /** EXTCOMIN; 0 when it stands still. */
  setVcomHz(nowNs: number, hz: number): void {
    this.check(nowNs);
    this.vcomHz = hz;
    this.judgeVcom(nowNs);
  }

  /** Whether VCOM does what the glass needs. */
  isAlternating(): boolean {
    return this.vcomHz >= 1;
  }

  /** Complains when VCOM has stood still for more than a second under a picture. Call it whenever convenient. */
  check(nowNs: number): void {
    if (this.harmedSinceNs === undefined || nowNs - this.harmedSinceNs <= VCOM_LIMIT_NS) return;
    this.options.complain("LCD: VCOM has not alternated for more than 1 s while a picture is shown");
    this.harmedSinceNs = Number.POSITIVE_INFINITY;
  }

  /** What a person sees: 240 rows of 50 bytes, most significant bit left, 1 = ink. All paper while DISP is low. */
  frame(): Uint8Array {
    return this.on ? this.memory.map((byte) => byte ^ 0xff) : new Uint8Array(this.memory.length);
  }

  private judgeVcom(nowNs: number): void {
    const harmed = this.on && this.vcomHz < 1;
    if (!harmed) this.harmedSinceNs = undefined;
    else this.harmedSinceNs ??= nowNs;
  }

  private clear(bytes: ArrayLike<number>): void {
    if (bytes.length !== 2) this.options.complain(`LCD: clear of ${bytes.length} bytes, not 2`);
    this.memory.fill(0xff);
    this.cleared = true;
  }

  /** A line is latched while the 8 bits after its dummy byte arrive: the next address, or the trailer. */
  private write(startNs: number, bytes: ArrayLike<number>): void {
    const rest = (bytes.length - 1) % LINE_STRIDE;
    const lines = Math.floor((bytes.length - 2) / LINE_STRIDE);
    if (rest !== 1)
      this.options.complain(`LCD: ${rest === 0 ? "no trailer" : "cut line"} after ${lines} lines`);
    for (let i = 0; i < lines; i++) {
      const at = 1 + i * LINE_STRIDE;
      const address = reverse(bytes[at]);
      if (address < 1 || address > LCD_HEIGHT) this.options.complain(`LCD: no line ${address}`);
      else this.latch(address - 1, bytes, at + 1);
      const endNs = startNs + Math.round((at + 1 + LINE_BYTES) * this.byteNs);
      if (address >= 1 && address <= LCD_HEIGHT) this.options.onLine?.(address - 1, endNs);
    }
  }

  private latch(line: number, bytes: ArrayLike<number>, at: number): void {
    for (let i = 0; i < LINE_BYTES; i++) this.memory[line * LINE_BYTES + i] = bytes[at + i];
  }
}
