/**
 * Frames as grey PNG files of one bit a pixel (PNG 1.2, 4.1: colour type 0), a twentieth of what other depths take: small enough to commit.
 * Written here because pngjs writes no depth below 8 and takes seconds to read them all; a test lets it read some, as a second opinion.
 */
import { crc32, deflateSync, inflateSync } from "node:zlib";
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

/** Signature and header of a picture in grey, one bit a pixel. */
function encodeHead(height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(LCD_WIDTH, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  return Buffer.concat([SIGNATURE, chunk("IHDR", header)]);
}

/** Rows of a display's width, 1 = ink, as a PNG file. */
export function encodeRows(rows: Uint8Array): Buffer {
  const height = rows.length / ROW_BYTES;
  // Each row begins with its filter, none; a grey of 1 is white.
  const raw = Buffer.alloc(height * (ROW_BYTES + 1));
  for (let i = 0; i < rows.length; i++) raw[i + Math.floor(i / ROW_BYTES) + 1] = rows[i] ^ 0xff;
  const data = deflateSync(raw, { level: 9 });
  return Buffer.concat([encodeHead(height), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}

/** Offset of the header's chunk, and of its data's. */
const IHDR = SIGNATURE.length;
const IDAT = IHDR + 25;

/** The rows of a file of `encodeRows`, 1 = ink; throws an Error for any other and for a damaged one. */
export function decodeRows(file: Buffer): Uint8Array {
  if (file.length < IDAT + 12) throw new Error("no picture");
  const height = file.readUInt32BE(IHDR + 12);
  const end = IDAT + 8 + file.readUInt32BE(IDAT);
  if (end + 4 > file.length) throw new Error("a cut picture");
  const raw = inflateSync(file.subarray(IDAT + 8, end));
  if (raw.length !== height * (ROW_BYTES + 1)) throw new Error("not as high as it says");
  const rows = new Uint8Array(height * ROW_BYTES);
  for (let i = 0; i < rows.length; i++) rows[i] = raw[i + Math.floor(i / ROW_BYTES) + 1] ^ 0xff;
  // Written anew it is the same up to the compression, or it was not a picture of ours.
  const head = encodeHead(height);
  const unfiltered = raw.every((byte, i) => i % (ROW_BYTES + 1) !== 0 || byte === 0);
  if (!unfiltered || !head.equals(file.subarray(0, IDAT)))
    throw new Error("not a one-bit picture of make pages");
  return rows;
}
