/** What a TLS failure means for this line, by the alert's number (RFC 8446, 6) or OpenSSL's own words. */
import { CounterFailure, type FailureKind } from "./counter-failure.ts";

const PAIR_AGAIN = "use the key file of this terminal's pairing, or pair them again";
const SAME_RELEASE = "bring terminal and counter software to the same release";

const ALERTS: Readonly<Record<number, readonly [FailureKind, string, string]>> = {
  10: ["tls", "the terminal did not expect this message now", "connect again"],
  20: [
    "tls",
    "the terminal found a record that was changed on its way or made with another key",
    "connect again",
  ],
  22: ["tls", "the terminal found a record longer than 1,024 bytes", SAME_RELEASE],
  40: [
    "tls",
    "the terminal does not speak these TLS settings (psk_ke, TLS_AES_128_CCM_SHA256)",
    SAME_RELEASE,
  ],
  // OpenSSL's answer to a wrong binder; the terminal's own is 51.
  47: ["key", "the terminal has another key for this pair, or found a field that must not be", PAIR_AGAIN],
  50: ["tls", "the terminal could not read the message", "connect again"],
  51: ["key", "the terminal has another key for this pair", PAIR_AGAIN],
  70: ["tls", "the terminal speaks TLS 1.3 alone", SAME_RELEASE],
  // It knows the pair's name and cannot unwrap its key, or has no random bits. Which of its reasons it is the display says alone.
  80: [
    "key",
    "the terminal cannot use its keys: its case was opened, which erases them, or its memory is damaged",
    "look at its display, which tells which; then provision it anew",
  ],
  115: ["key", "the terminal does not know this pair", PAIR_AGAIN],
};

const NOT_TLS = /wrong version number|unexpected message|packet length too long|bad record type|http request/;
const CERTIFICATE = /certificate|CERT|altnames|self.signed/i;
/** The last one is what OpenSSL 3.0 says of a wrong CCM tag. */
const DAMAGED = /bad record mac|decryption failed|cipher operation failed/;

/** Why a TLS session that was begun has failed by `error`. */
export function tlsFailure(error: Error): CounterFailure {
  if (error instanceof CounterFailure) return error;
  const text = error.message;
  const number = /SSL alert number (\d+)/.exec(text)?.[1];
  if (number !== undefined) {
    const [kind, cause, next] = ALERTS[Number(number)] ?? [
      "tls",
      "the terminal has ended TLS",
      "connect again",
    ];
    return new CounterFailure(kind, `${cause} (alert ${number})`, next);
  }
  if (CERTIFICATE.test(text)) return otherServer("it showed a certificate");
  if (DAMAGED.test(text)) {
    const cause = "a record was changed on its way or made with another key";
    return new CounterFailure("tls", cause, "connect again; if it stays so, look for who is on the line");
  }
  if (NOT_TLS.test(text)) return otherServer("it does not speak TLS 1.3");
  return new CounterFailure("tls", `TLS: ${text.trim()}`);
}

/** Somebody who has no key of this pair. */
export function otherServer(how: string): CounterFailure {
  const cause = `what answered is no terminal of this pair: ${how}`;
  return new CounterFailure("tls", cause, "look at --line; never go on with it");
}
