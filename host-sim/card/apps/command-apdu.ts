/** Command APDUs, short and extended (ISO/IEC 7816-3:2006, 12.1), and responses made of data and a status word. */

export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  /** Whether there is an Lc field: a VERIFY without one asks for the counter. */
  readonly hasData: boolean;
  /** Expected length: undefined without Le, 256 or 65536 for zero. */
  readonly le: number | undefined;
}

const HEADER = 4;
const NO_DATA = new Uint8Array(0);

/** Decodes `raw`; undefined when its lengths contradict each other. */
export function decodeCommand(raw: Uint8Array): CommandApdu | undefined {
  if (raw.length < HEADER) return undefined;
  const body = raw.subarray(HEADER);
  const lengths = body.length > 2 && body[0] === 0 ? extendedBody(body) : shortBody(body);
  if (lengths === undefined) return undefined;
  return { cla: raw[0]!, ins: raw[1]!, p1: raw[2]!, p2: raw[3]!, ...lengths };
}

/** A response of a status word alone. */
export function status(sw: number): Uint8Array {
  return Uint8Array.of(sw >> 8, sw & 0xff);
}

/** A response of `data` and a status word, 9000 unless told. */
export function answer(data: Uint8Array, sw = 0x9000): Uint8Array {
  return Uint8Array.of(...data, sw >> 8, sw & 0xff);
}

type Body = Pick<CommandApdu, "data" | "hasData" | "le">;

function shortBody(body: Uint8Array): Body | undefined {
  if (body.length === 0) return { data: NO_DATA, hasData: false, le: undefined };
  if (body.length === 1) return { data: NO_DATA, hasData: false, le: body[0]! === 0 ? 256 : body[0]! };
  const lc = body[0]!;
  const data = body.slice(1, 1 + lc);
  const rest = body.length - 1 - lc;
  if (lc === 0 || rest < 0 || rest > 1) return undefined;
  return { data, hasData: true, le: rest === 0 ? undefined : body[body.length - 1]! || 256 };
}

function extendedBody(body: Uint8Array): Body | undefined {
  const first = body[1]! * 256 + body[2]!;
  if (body.length === 3) return { data: NO_DATA, hasData: false, le: first || 65536 };
  const data = body.slice(3, 3 + first);
  const rest = body.length - 3 - first;
  if (first === 0 || (rest !== 0 && rest !== 2)) return undefined;
  const le = rest === 0 ? undefined : body[body.length - 2]! * 256 + body[body.length - 1]! || 65536;
  return { data, hasData: true, le };
}
