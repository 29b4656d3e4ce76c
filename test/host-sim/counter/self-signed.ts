/** A server that has a certificate instead of the pair's key. */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const ALGORITHMS = {
  ec: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  ed25519: { name: "Ed25519" },
} as const;

/** Key and certificate in PEM, for the host name that a client without one expects. */
export async function selfSigned(kind: keyof typeof ALGORITHMS): Promise<{ key: string; cert: string }> {
  // The same object; the browser's types, which the tests of the page need, describe it otherwise.
  x509.cryptoProvider.set(webcrypto as Crypto);
  const algorithm = ALGORITHMS[kind];
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  if (!("privateKey" in keys)) throw new Error("no pair of keys");
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=localhost",
    keys: keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "localhost" }])],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  const body = pkcs8
    .toString("base64")
    .replace(/(.{64})/g, "$1\n")
    .trim();
  return {
    key: `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`,
    cert: certificate.toString("pem"),
  };
}
