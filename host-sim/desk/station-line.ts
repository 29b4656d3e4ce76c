/** The desk's way to the simulator's terminal: its key, locked against other programs meanwhile, and the line, borrowed. */
import { openSession, type OpenTerminal } from "../counter/connect.ts";
import type { CounterClock } from "../counter/counter-clock.ts";
import { readKeyFile } from "../counter/key-file.ts";
import { lockKeyFile } from "../counter/key-lock.ts";
import type { SharedLine } from "../cli/shared-line.ts";

const BAUD = 115200;

export function stationLine(line: SharedLine, keyPath: string, clock: CounterClock): OpenTerminal {
  return async () => {
    const key = readKeyFile(keyPath);
    const closers: (() => unknown)[] = [lockKeyFile(keyPath)];
    const close = async (): Promise<void> => {
      for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
    };
    try {
      const wire = line.borrow();
      closers.push(() => wire.close());
      const session = await openSession(wire, BAUD, key, clock);
      closers.push(() => session.close());
      return { session, close };
    } catch (error) {
      await close();
      throw error;
    }
  };
}
