/** The display's pixels, as the simulator has decoded them from the bytes on its SPI wire. */
export const LCD_WIDTH = 400;
export const LCD_HEIGHT = 240;
const LINE_BYTES = LCD_WIDTH / 8;

/** Red, green, blue: the colours of a reflective panel under its front light. */
const INK = [0x16, 0x1a, 0x1e] as const;
const PAPER = [0xc4, 0xcc, 0xc6] as const;

export class Lcd {
  readonly canvas = document.createElement("canvas");
  private readonly image = new ImageData(LCD_WIDTH, LCD_HEIGHT);
  private readonly context: CanvasRenderingContext2D;

  constructor() {
    this.canvas.width = LCD_WIDTH;
    this.canvas.height = LCD_HEIGHT;
    this.canvas.className = "lcd";
    this.canvas.setAttribute("role", "img");
    // Its pixels come from memory each time, and may be read back from there.
    const context = this.canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    if (context === null) throw new Error("this browser draws no canvas");
    this.context = context;
    this.show(new Uint8Array(LINE_BYTES * LCD_HEIGHT));
  }

  /** 240 rows of 50 bytes, the most significant bit left, 1 = ink. */
  show(frame: Uint8Array): void {
    const { data } = this.image;
    for (let pixel = 0; pixel < LCD_WIDTH * LCD_HEIGHT; pixel++) {
      const isInk = (((frame[pixel >> 3] ?? 0) >> (7 - (pixel & 7))) & 1) === 1;
      const [red, green, blue] = isInk ? INK : PAPER;
      data[4 * pixel] = red;
      data[4 * pixel + 1] = green;
      data[4 * pixel + 2] = blue;
      data[4 * pixel + 3] = 255;
    }
    this.context.putImageData(this.image, 0, 0);
    this.canvas.dataset["frames"] = String(Number(this.canvas.dataset["frames"] ?? "0") + 1);
  }
}
