/** What the tests know of the simulated 個人番号カード: its JPKI application and model PIN (host-sim/card/apps). */
import type { PcscClient } from "./pcsc-client.ts";

export const MY_NUMBER_ATR = "3be000ff8131fe4514";
/** 利用者証明用. */
export const AUTH_PIN = "1357";
/** The empty VERIFY, which asks for the tries left and uses none. */
export const QUERY = "00 20 00 80";
/** VERIFY and the change of JPKI without data: the terminal adds Lc and the digits. */
export const VERIFY = "00 20 00 80 00";
export const CHANGE = "00 24 01 80 00";

const SELECT_JPKI = "00 A4 04 0C 0A D392F000260100000001";
const SELECT_AUTH_PIN = "00 A4 02 0C 02 0018";

/** Connects, and selects the PIN object as a host program would. */
export async function connectJpki(client: PcscClient): Promise<void> {
  await client.connect();
  for (const apdu of [SELECT_JPKI, SELECT_AUTH_PIN]) {
    const answer = await client.transmit(apdu);
    if (answer !== "9000") throw new Error(`${apdu}: ${answer}`);
  }
}
