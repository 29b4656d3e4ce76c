/**
 * Makes the certificates of the model 個人番号カード from the model keys: fixed names, serials and dates, so that the result is
 * always the same. `npx tsx host-sim/card/apps/make-model-credentials.ts` prints `model-credentials.ts` anew from the keys in
 * it, `… --new-keys` with fresh ones. These keys protect nothing and must never be put on a real card.
 */
import "reflect-metadata";
import { webcrypto, generateKeyPairSync } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { MODEL_KEYS } from "./model-credentials.ts";

/** PKCS#8 private keys, base64 of DER. */
export interface ModelKeys {
  readonly authCa: string;
  readonly signCa: string;
  readonly auth: string;
  readonly sign: string;
}

/** Certificates, base64 of DER. */
export type ModelCertificates = { readonly [name in keyof ModelKeys]: string };

const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const NOT_BEFORE = new Date("2024-04-01T00:00:00Z");
const NOT_AFTER = new Date("2033-04-01T00:00:00Z");
const CA_NAMES = {
  authCa: "C=JP, O=Madoguchi model, CN=Model user authentication CA",
  signCa: "C=JP, O=Madoguchi model, CN=Model signature CA",
};

/** The four certificates over `keys`. */
export async function makeCertificates(keys: ModelKeys): Promise<ModelCertificates> {
  return {
    authCa: await certificate(
      { subject: CA_NAMES.authCa, issuer: CA_NAMES.authCa, serial: "01" },
      keys.authCa,
      keys.authCa,
    ),
    signCa: await certificate(
      { subject: CA_NAMES.signCa, issuer: CA_NAMES.signCa, serial: "02" },
      keys.signCa,
      keys.signCa,
    ),
    auth: await certificate(
      { subject: "C=JP, CN=Model user 0001", issuer: CA_NAMES.authCa, serial: "11" },
      keys.auth,
      keys.authCa,
    ),
    sign: await certificate(
      { subject: "C=JP, CN=Model holder 0001", issuer: CA_NAMES.signCa, serial: "12" },
      keys.sign,
      keys.signCa,
    ),
  };
}

interface Names {
  readonly subject: string;
  readonly issuer: string;
  /** Hexadecimal. */
  readonly serial: string;
}

async function certificate(names: Names, key: string, issuerKey: string): Promise<string> {
  const isCa = names.subject === names.issuer;
  const usage = isCa
    ? x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign
    : x509.KeyUsageFlags.digitalSignature;
  const made = await x509.X509CertificateGenerator.create({
    serialNumber: names.serial,
    subject: names.subject,
    issuer: names.issuer,
    notBefore: NOT_BEFORE,
    notAfter: NOT_AFTER,
    publicKey: await publicKey(key),
    signingKey: await privateKey(issuerKey),
    signingAlgorithm: RSA,
    extensions: [
      new x509.BasicConstraintsExtension(isCa, undefined, true),
      new x509.KeyUsagesExtension(usage, true),
    ],
  });
  return Buffer.from(made.rawData).toString("base64");
}

function privateKey(der: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey("pkcs8", Buffer.from(der, "base64"), RSA, true, ["sign"]);
}

async function publicKey(der: string): Promise<webcrypto.CryptoKey> {
  const jwk = await webcrypto.subtle.exportKey("jwk", await privateKey(der));
  const open = { kty: "RSA", n: jwk.n!, e: jwk.e! };
  return webcrypto.subtle.importKey("jwk", open, RSA, true, ["verify"]);
}

function newKey(): string {
  const { privateKey: key } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return key.export({ type: "pkcs8", format: "der" }).toString("base64");
}

function table(name: string, doc: string, entries: object): string {
  const rows = Object.entries(entries).map(([key, text]) => `  ${key}:\n${wrapped(String(text))},`);
  return `/** ${doc} */\nexport const ${name} = {\n${rows.join("\n")}\n};\n`;
}

function wrapped(text: string): string {
  return text
    .match(/.{1,100}/g)!
    .map((part) => `    "${part}"`)
    .join(" +\n");
}

async function main(): Promise<void> {
  const fresh = process.argv.includes("--new-keys");
  const keys = fresh ? { authCa: newKey(), signCa: newKey(), auth: newKey(), sign: newKey() } : MODEL_KEYS;
  const head =
    "/**\n * MODEL KEYS: public, worthless, for the simulated cards only. Made by make-model-credentials.ts; do not edit.\n */\n\n";
  const keyTable = table("MODEL_KEYS", "PKCS#8 private keys (RSA-2048), base64 of DER.", keys);
  const certificateTable = table(
    "MODEL_CERTIFICATES",
    "X.509 certificates, base64 of DER.",
    await makeCertificates(keys),
  );
  process.stdout.write(`${head}${keyTable}\n${certificateTable}`);
}

if (process.argv[1]?.endsWith("make-model-credentials.ts") === true) await main();
