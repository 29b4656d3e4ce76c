/** Who is at the line, and the line lent to other software: info, pipe, bridge. */
import { z } from "zod";
import { atTerminal, withKey } from "./at-terminal.ts";
import { BridgeRun } from "./bridge-run.ts";
import { command, ExitCode } from "./command.ts";
import { openWire } from "./connect.ts";
import { REAL_CLOCK } from "./counter-clock.ts";
import { FramePipe } from "./frame-pipe.ts";
import {
  addressOf,
  BAUD,
  JSON_FLAG,
  KEY,
  LINE,
  LINE_VALUES,
  path,
  TERMINAL_VALUES,
  whole,
} from "./option-values.ts";
import { stopped } from "./stop-signal.ts";

export const INFO = command({
  about: "who the terminal is, its image, and why it started last",
  flags: [LINE, KEY, BAUD, JSON_FLAG],
  schema: z.strictObject(TERMINAL_VALUES),
  async run(options, desk) {
    const found = await atTerminal(options, (session) => Promise.resolve(session.info()));
    const started = found.part === "none" ? found.reason : `${found.reason}, part ${found.part}`;
    const lines = [
      `terminal  ${found.terminal}`,
      `counter   ${found.counter}`,
      `image     ${found.image}`,
      `started   ${started}`,
    ];
    desk.say(found, lines.join("\n"));
    return ExitCode.Done;
  },
});

export const PIPE = command({
  about: "the reliable frames as a TCP port of the loopback, for any TLS client; runs until a signal",
  flags: [LINE, ["--tcp <port>", "port, 0 for a free one; the address is printed"], BAUD, JSON_FLAG],
  schema: z.strictObject({ ...LINE_VALUES, tcp: whole(0, 65535) }),
  async run(options, desk) {
    const address = addressOf(options);
    const wire = await openWire(address);
    let made: FramePipe | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        made = new FramePipe(wire, address, REAL_CLOCK, {
          onLineLost: reject,
          onNotice: (text) => desk.notice(text),
        });
        made.listen(options.tcp).then((place) => desk.say({ address: place }, place), reject);
        void stopped().then(resolve);
      });
    } finally {
      made?.close();
      await wire.close();
    }
    return ExitCode.Done;
  },
});

export const BRIDGE = command({
  about: "a PC/SC reader for pcscd (GemPCPinPad) on a pty of this user's alone; runs until a signal",
  flags: [LINE, KEY, ["--pty <path>", "where the pty's link is put"], BAUD, JSON_FLAG],
  schema: z.strictObject({ ...TERMINAL_VALUES, pty: path }),
  run: (options, desk) =>
    withKey(options, async (open) => {
      const run = new BridgeRun(options.pty, open, REAL_CLOCK, {
        onReady: (pty, terminal) => desk.say({ pty, ...terminal }, pty),
        onNotice: (text) => desk.notice(text),
      });
      try {
        await Promise.race([run.run(), stopped()]);
      } finally {
        await run.close();
      }
      return ExitCode.Done;
    }),
});
