/** What can happen to the bytes of a frame, and frames that no driver would send. */
import type { SeededRandom } from "../../host-sim/world/random.ts";
import { modifyRequest, verifyRequest } from "../firewall/secure-requests.ts";
import { between, pick, randomBytes, xorOf } from "./pick.ts";
import { HOST_DIGITS } from "./recorded-frames.ts";

type Bytes = readonly number[];
type Mutation = (random: SeededRandom, frame: Bytes, other: Bytes) => number[];

const SECURE = 0x69;
const XFR_BLOCK = 0x6f;
const TYPES = [0x61, 0x62, 0x63, 0x65, SECURE, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, XFR_BLOCK, 0x71, 0x72, 0x73];
const LENGTHS = [0, 1, 9, 10, 253, 254, 255, 256, 261, 262, 0xffff];
const HEADERS = [
  "00200080",
  "00240180",
  "00a4040c",
  "00b00000",
  "002c0080",
  "00d60000",
  "ff200080",
  "00c20000",
];
const DIGITS = [...Buffer.from(HOST_DIGITS)];
const DATA_MAX_BYTES = 261;

const MUTATIONS: readonly Mutation[] = [flipBits, drop, repeat, splice, cut, insert, overwrite, setLength];

/** One or two mutations; half of them get a right LRC again, so that what lies behind the frame is reached. */
export function mutated(random: SeededRandom, frame: Bytes, other: Bytes): number[] {
  let bytes = pick(random, MUTATIONS)(random, frame, other);
  if (random.below(3) === 0) bytes = pick(random, MUTATIONS)(random, bytes, other);
  return random.below(2) === 0 ? repaired(bytes) : bytes;
}

/** Any type, any data, dwLength mostly true. */
export function randomMessage(random: SeededRandom): number[] {
  const type = random.below(4) === 0 ? random.below(256) : pick(random, TYPES);
  const size = random.below(3) === 0 ? random.below(DATA_MAX_BYTES + 1) : random.below(24);
  return frameOf(random, type, randomBytes(random, size));
}

/** A Secure whose fields are each a little wrong. */
export function hostileSecure(random: SeededRandom): number[] {
  const apdu = [...Buffer.from(pick(random, HEADERS), "hex")];
  if (random.below(3) === 0) apdu.push(random.below(20), ...randomBytes(random, random.below(20)));
  const fields = {
    apdu,
    ...(random.below(3) === 0 ? { format: random.below(256) } : {}),
    ...(random.below(3) === 0 ? { block: random.below(256) } : {}),
    ...(random.below(4) === 0 ? { lengthFormat: random.below(256) } : {}),
    ...(random.below(4) === 0 ? { max: random.below(256), min: random.below(20) } : {}),
    ...(random.below(5) === 0 ? { condition: random.below(8) } : {}),
    ...(random.below(5) === 0 ? { pcb: random.below(256) } : { pcb: random.below(2) * 0x40 }),
    ...(random.below(4) === 0
      ? { confirm: random.below(4), oldAt: random.below(12), newAt: random.below(12) }
      : {}),
  };
  const data = random.below(3) === 0 ? modifyRequest(fields) : verifyRequest(fields);
  return frameOf(random, SECURE, data);
}

/** VERIFY or CHANGE of the selected object as a PC/SC program asks for it. */
export function lawfulSecure(random: SeededRandom): number[] {
  const isChange = random.below(4) === 0;
  const data = isChange
    ? modifyRequest({ apdu: [0x00, 0x24, 0x01, 0x80], confirm: random.below(2) })
    : verifyRequest({ apdu: [0x00, 0x20, 0x00, 0x80] });
  return messageOf(SECURE, data);
}

/** A message as a driver sends it, bSeq apart. */
export function messageOf(type: number, data: Bytes): number[] {
  return sealed([type, data.length, 0, 0, 0, 0, 0, 0, 0, 0, ...data]);
}

/** A T=1 block of the host with its EDC right: chains, PIN commands, S-blocks. */
export function hostileBlock(random: SeededRandom): number[] {
  const apdu = [...Buffer.from(pick(random, HEADERS), "hex"), 4, ...DIGITS].slice(0, between(random, 0, 9));
  const pcbs = [0x00, 0x40, 0x20, 0x60, 0x80, 0x90, 0x81, 0x92, 0xc0, 0xc1, 0xc2, 0xe3, random.below(256)];
  const inf = random.below(4) === 0 ? randomBytes(random, random.below(40)) : apdu;
  const length = random.below(12) === 0 ? random.below(256) : inf.length;
  const block = [random.below(16) === 0 ? random.below(256) : 0, pick(random, pcbs), length, ...inf];
  return frameOf(random, XFR_BLOCK, [...block, xorOf(block)]);
}

function frameOf(random: SeededRandom, type: number, data: Bytes): number[] {
  const length = random.below(20) === 0 ? pick(random, LENGTHS) : data.length;
  const slot = random.below(30) === 0 ? random.below(256) : 0;
  const specific = random.below(3) === 0 ? randomBytes(random, 3) : [0, 0, 0];
  const head = [type, length & 255, length >> 8, 0, 0, slot, random.below(256), ...specific];
  return sealed([...head, ...data]);
}

function sealed(message: Bytes): number[] {
  return [0x03, 0x06, ...message, 0x03 ^ 0x06 ^ xorOf(message)];
}

function repaired(bytes: Bytes): number[] {
  const body = bytes.slice(0, -1);
  return [...body, xorOf(body)];
}

function flipBits(random: SeededRandom, frame: Bytes): number[] {
  const bytes = [...frame];
  for (let left = between(random, 1, 4); left > 0; left--) {
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  }
  return bytes;
}

function drop(random: SeededRandom, frame: Bytes): number[] {
  const at = random.below(frame.length);
  return [...frame.slice(0, at), ...frame.slice(at + between(random, 1, 3))];
}

function repeat(random: SeededRandom, frame: Bytes): number[] {
  const at = random.below(frame.length);
  return [...frame.slice(0, at + between(random, 1, 12)), ...frame.slice(at)];
}

function splice(random: SeededRandom, frame: Bytes, other: Bytes): number[] {
  return [...frame.slice(0, random.below(frame.length)), ...other.slice(random.below(other.length))];
}

function cut(random: SeededRandom, frame: Bytes): number[] {
  return frame.slice(0, random.below(frame.length));
}

function insert(random: SeededRandom, frame: Bytes): number[] {
  const at = random.below(frame.length);
  return [...frame.slice(0, at), ...randomBytes(random, between(random, 1, 8)), ...frame.slice(at)];
}

function overwrite(random: SeededRandom, frame: Bytes): number[] {
  const bytes = [...frame];
  bytes[random.below(bytes.length)] = pick(random, [0x00, 0xff, 0x80, 0x7f, 0x03, 0x06, 0x15]);
  return bytes;
}

function setLength(random: SeededRandom, frame: Bytes): number[] {
  const length = pick(random, LENGTHS);
  return [...frame.slice(0, 3), length & 255, length >> 8, ...frame.slice(5)];
}
