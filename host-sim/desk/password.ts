/** Passwords of operators as the register keeps them: scrypt (RFC 7914) over a salt of their own, "scrypt$N$salt$hash" in base64. */
import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";

/** 32 MB and some 60 ms a try on a PC of today. */
const COST = 1 << 15;
const BLOCK = 8;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const MOST_COST = 1 << 17;

function hashed(password: string, salt: Uint8Array, cost: number): Promise<Buffer> {
  const options: ScryptOptions = { N: cost, r: BLOCK, p: 1, maxmem: 256 * MOST_COST * BLOCK };
  return new Promise((resolve, reject) =>
    scrypt(password.normalize("NFKC"), salt, HASH_BYTES, options, (error, hash) =>
      error === null ? resolve(hash) : reject(error),
    ),
  );
}

export async function keptPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await hashed(password, salt, COST);
  return ["scrypt", COST, salt.toString("base64"), hash.toString("base64")].join("$");
}

/** Of somebody who is not there: it takes as long as a real one, and no password is it. */
const NOBODY = ["scrypt", COST, Buffer.alloc(SALT_BYTES).toString("base64"), ""].join("$");

/** `kept` undefined is nobody's: the answer is no, and comes no sooner. */
export async function isPassword(password: string, kept: string | undefined): Promise<boolean> {
  const [scheme, cost, salt, hash] = (kept ?? NOBODY).split("$");
  const isKnown = scheme === "scrypt" && Number(cost) > 1 && Number(cost) <= MOST_COST;
  if (!isKnown) return false;
  const wanted = Buffer.from(hash ?? "", "base64");
  const found = await hashed(password, Buffer.from(salt ?? "", "base64"), Number(cost));
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}
