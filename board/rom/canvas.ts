/** A one-bit drawing surface of the ROM build: one byte a pixel, 1 = ink. Pixels outside are dropped. */
export type Point = readonly [x: number, y: number];

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export class Canvas {
  readonly pixels: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.pixels = new Uint8Array(width * height);
  }

  get(x: number, y: number): number {
    return this.pixels[y * this.width + x];
  }

  set(x: number, y: number, ink: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    this.pixels[y * this.width + x] = ink;
  }

  /** Sets every pixel of `box` for whose centre `inside` holds. All round and slanted shapes are made of this. */
  paint(box: Box, ink: number, inside: (x: number, y: number) => boolean): void {
    const right = Math.min(this.width, Math.ceil(box.x + box.width));
    const bottom = Math.min(this.height, Math.ceil(box.y + box.height));
    for (let y = Math.max(0, Math.floor(box.y)); y < bottom; y++) {
      for (let x = Math.max(0, Math.floor(box.x)); x < right; x++) {
        if (inside(x + 0.5, y + 0.5)) this.pixels[y * this.width + x] = ink;
      }
    }
  }

  rectangle(x: number, y: number, width: number, height: number, ink = 1): void {
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++) this.set(column, row, ink);
    }
  }

  disc(cx: number, cy: number, radius: number, ink = 1): void {
    const box = { x: cx - radius, y: cy - radius, width: 2 * radius, height: 2 * radius };
    this.paint(box, ink, (x, y) => (x - cx) ** 2 + (y - cy) ** 2 <= radius * radius);
  }

  ring(cx: number, cy: number, radius: number, thickness: number): void {
    this.disc(cx, cy, radius);
    this.disc(cx, cy, radius - thickness, 0);
  }

  /** A rectangle with round corners. */
  plate(box: Box, radius: number, ink = 1): void {
    const left = box.x + radius;
    const right = box.x + box.width - radius;
    const top = box.y + radius;
    const bottom = box.y + box.height - radius;
    this.paint(box, ink, (x, y) => {
      const dx = Math.max(left - x, 0, x - right);
      const dy = Math.max(top - y, 0, y - bottom);
      return dx * dx + dy * dy <= radius * radius;
    });
  }

  /** The outline of a plate, `thickness` inwards. */
  frame(box: Box, radius: number, thickness: number): void {
    this.plate(box, radius);
    const inner = {
      x: box.x + thickness,
      y: box.y + thickness,
      width: box.width - 2 * thickness,
      height: box.height - 2 * thickness,
    };
    this.plate(inner, Math.max(radius - thickness, 1), 0);
  }

  /** A filled polygon, even-odd. */
  polygon(points: readonly Point[], ink = 1): void {
    this.paint({ x: 0, y: 0, width: this.width, height: this.height }, ink, (x, y) => {
      let inside = false;
      for (let i = 0; i < points.length; i++) {
        const [ax, ay] = points[i];
        const [bx, by] = points[(i + 1) % points.length];
        if (ay > y !== by > y && x < ax + ((y - ay) * (bx - ax)) / (by - ay)) inside = !inside;
      }
      return inside;
    });
  }

  /** A stroke with round ends. */
  line(from: Point, to: Point, thickness: number, ink = 1): void {
    const dx = to[0] - from[0];
    const dy = to[1] - from[1];
    const lengthSquared = dx * dx + dy * dy;
    const reach = thickness / 2;
    const box = {
      x: Math.min(from[0], to[0]) - reach,
      y: Math.min(from[1], to[1]) - reach,
      width: Math.abs(dx) + thickness,
      height: Math.abs(dy) + thickness,
    };
    this.paint(box, ink, (x, y) => {
      const along = ((x - from[0]) * dx + (y - from[1]) * dy) / lengthSquared;
      const t = Math.min(1, Math.max(0, along));
      return Math.hypot(x - from[0] - t * dx, y - from[1] - t * dy) <= reach;
    });
  }
}
