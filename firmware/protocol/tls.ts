/** Numbers of TLS 1.3 (RFC 8446) that the terminal's server uses; clauses at each. */

/** B.1 */
export const enum ContentType {
  ChangeCipherSpec = 20,
  Alert = 21,
  Handshake = 22,
  ApplicationData = 23,
}

/** B.3 */
export const enum HandshakeType {
  ClientHello = 1,
  ServerHello = 2,
  EncryptedExtensions = 8,
  Finished = 20,
  KeyUpdate = 24,
}

/** B.3.1 and RFC 8449 */
export const enum ExtensionType {
  RecordSizeLimit = 28,
  PreSharedKey = 41,
  EarlyData = 42,
  SupportedVersions = 43,
  PskKeyExchangeModes = 45,
}

/** 6; which one is sent when stands at its sender. `None` is none of them. */
export const enum TlsAlert {
  CloseNotify = 0,
  UnexpectedMessage = 10,
  BadRecordMac = 20,
  RecordOverflow = 22,
  HandshakeFailure = 40,
  IllegalParameter = 47,
  DecodeError = 50,
  DecryptError = 51,
  ProtocolVersion = 70,
  InternalError = 80,
  UserCanceled = 90,
  MissingExtension = 109,
  UnknownPskIdentity = 115,
  None = 255,
}

/** TLS_AES_128_CCM_SHA256 (B.4). */
export const SUITE = 0x1304;
/** psk_ke (4.2.9). */
export const PSK_KE = 0;
export const TLS_1_3 = 0x0304;
/** legacy_version of hellos and records (4.1.2, 5.1). */
export const TLS_1_2 = 0x0303;

export const RECORD_HEADER_BYTES = 5;
export const HANDSHAKE_HEADER_BYTES = 4;
export const RANDOM_BYTES = 32;
/** Longest content of a record, ours and theirs; the standard's 16,384 are more than this terminal ever needs. */
export const CONTENT_MAX_BYTES = 1024;
/** What a protected record adds to its content: the inner content type (5.2) and the tag. */
export const PROTECTION_BYTES = 17;
