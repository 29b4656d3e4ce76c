/**
 * Sixteen classes, one for each way in which a class is read: channel 0 plain, with each secure messaging and chained,
 * channels 1–3, reserved and further interindustry, GlobalPlatform plain, with secure messaging and chained, GSM, invalid.
 */
export const CLASSES: readonly number[] = [
  0x00, 0x01, 0x02, 0x03, 0x04, 0x08, 0x0c, 0x10, 0x20, 0x40, 0x60, 0x80, 0x84, 0x90, 0xa0, 0xff,
];
