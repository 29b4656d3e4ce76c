/**
 * `pcsc_apdu_per_s`: how many APDUs a second stock pcscd and libccid get through the terminal to a T=1 card and back, unpaced:
 * the time is that of pcscd, the pty and the simulator's own work. The client is libpcsclite called from Python.
 */
import { PcscStation } from "../integration/pcsc/pcsc-station.ts";

const SCRIPT = "test/bench/pcsc-rate.py";
/** SELECT of the master file without answer data: 4 bytes out, SW1 SW2 back. */
const APDU = "00A4000C";
const COUNT = 3000;
const RUNS = 5;

/** APDUs a second, the median of five runs. Rejects when pcscd or the card does not answer. */
export async function pcscRate(): Promise<number> {
  const station = await PcscStation.open({ flags: ["--card", "iso"], log: "errors" });
  try {
    const command = ["/usr/bin/python3", SCRIPT, String(COUNT), String(RUNS), APDU];
    const output = await station.run(command);
    const seconds = output.match(/^\d+\.\d+$/gm)?.map(Number) ?? [];
    if (seconds.length !== RUNS) throw new Error(`pcsc-rate.py: ${output}`);
    seconds.sort((a, b) => a - b);
    return Math.round(COUNT / (seconds[Math.floor(RUNS / 2)] ?? Number.POSITIVE_INFINITY));
  } finally {
    await station.close();
  }
}
