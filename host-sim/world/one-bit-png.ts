/**
 * Frames as grey PNG files of one bit a pixel (PNG 1.2, 4.1: colour type 0), a twentieth of what other depths take: small enough to commit.
 * Written here because pngjs writes no depth below 8; it reads them, as an independent second opinion.
 */
import { crc32, deflateSync } from "node:zlib";
import { PNG } from "pngjs";
import { LCD_WIDTH } from "../chip/memory-lcd.ts";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const ROW_BYTES = LCD_WIDTH / 8;

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** Rows of a display's width, 1 = ink, as a PNG file. */
export function encodeRows(rows: Uint8Array): Buffer {
  const height = rows.length / ROW_BYTES;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(LCD_WIDTH, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  // Each row begins with its filter, none; a grey of 1 is white.
  const raw = Buffer.alloc(height * (ROW_BYTES + 1));
  for (let i = 0; i < rows.length; i++) raw[i + Math.floor(i / ROW_BYTES) + 1] = rows[i] ^ 0xff;
  const data = deflateSync(raw, { level: 9 });
  const chunks = [chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([SIGNATURE, ...chunks]);
}

/** The rows of a PNG file, 1 = ink; throws an Error for what is no PNG of a display's width in pure black and white. */
export function decodeRows(file: Buffer): Uint8Array {
  const png = PNG.sync.read(file);
  if (png.width !== LCD_WIDTH) throw new Error(`${png.width} px wide, not ${LCD_WIDTH}`);
  const words = new Uint32Array(png.data.buffer, png.data.byteOffset, png.width * png.height);
  const rows = new Uint8Array(ROW_BYTES * png.height);
  words.forEach((word, i) => {
    if (word === 0xff000000) rows[i >> 3] |= 0x80 >> (i & 7);
    else if (word !== 0xffffffff)
      throw new Error(`neither black nor white at ${i % LCD_WIDTH},${Math.floor(i / LCD_WIDTH)}`);
  });
  return rows;
}
