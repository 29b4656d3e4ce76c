/**
 * Steps of a pair's key (docs/protocol.md, Rekey): three in a row from each first key. Computed by Python 3.11's `hmac` and `hashlib`
 * after RFC 5869, 2.3; compared with Node's crypto by test/firmware/service/pair-keys.test.ts.
 */
export interface RekeyVector {
  readonly terminal: string;
  readonly counter: string;
  /** In hexadecimal digits: the first key, and the three that follow. */
  readonly keys: readonly [string, string, string, string];
}

export const REKEY_VECTORS: readonly RekeyVector[] = [
  {
    terminal: "T-0001",
    counter: "C-0001",
    keys: [
      "1114171a1d202326292c2f3235383b3e4144474a4d505356595c5f6265686b6e",
      "1a971843d837b17c618ce0bfa1f27587705203d41956aee954da618246af673d",
      "16e642a634958ad7ad4926f5c6c9079f70f126beae1432e30cb6fe4af7fb117b",
      "1131ba5a4d0daac32c9179aeeb3152ff465eff723cdbdf778cc1fd57e24aed50",
    ],
  },
  {
    terminal: "A",
    counter: "Z",
    keys: [
      "0000000000000000000000000000000000000000000000000000000000000000",
      "9b301a10929d12bf74c4bd7dbaa644563714a270168d3afa23a2c2d38a112079",
      "41c0fb37791938af51f89a5d356ad9ca53d625957cb1ebf36ed7357c98ecc4af",
      "f25244277364419232ee079036ee31852f3223ccc5a821afdc85aecb2a29a7bc",
    ],
  },
  {
    terminal: "TERMINAL-0000001",
    counter: "COUNTER-00000009",
    keys: [
      "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0",
      "cfe6ff371d499ef67175a2db665c569cd7d0f6bf1e789ebbb4cb882a890614a5",
      "36dcd361090522145d6b08a5cd89462c61171732b9be38b74a3bccc3cd1429a6",
      "183f418ba8a899bd42e82e284ed525b89e8f9942bed7d60f7ec4c4b2a37dc4ea",
    ],
  },
  {
    terminal: "T-00",
    counter: "01C-0001",
    keys: [
      "1114171a1d202326292c2f3235383b3e4144474a4d505356595c5f6265686b6e",
      "c9e6b852a7f5285d720c85d06958486b74b48b7585b99b351cec74d8166856f9",
      "742af43ac831b96d8178286e1f7f1628305899e2cf9ef75ae57f520edb546adb",
      "9607f3913f5372f5a2fb5de4e83ed15c1bba8845cc88c080af713d5f775df56b",
    ],
  },
];
