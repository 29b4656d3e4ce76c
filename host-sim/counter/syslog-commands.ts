/** The journal on its way to a log collector: syslog. */
import { z } from "zod";
import { atTerminal } from "./at-terminal.ts";
import { command, ExitCode, type Desk } from "./command.ts";
import { REAL_CLOCK } from "./counter-clock.ts";
import { JournalPlace } from "./journal-place.ts";
import {
  BAUD,
  collector,
  JSON_FLAG,
  KEY,
  LINE,
  path,
  sequence,
  TERMINAL_VALUES,
  whole,
  type Collector,
} from "./option-values.ts";
import { stopped } from "./stop-signal.ts";
import { sendSyslog } from "./syslog-sender.ts";
import { SyslogRun, type Sent } from "./syslog-run.ts";

const USUAL_SECONDS = "10";
const LONGEST_SECONDS = 3600;
const SECOND_US = 1_000_000;

function tell(desk: Desk, { kind, host, port }: Collector, sent: Sent): void {
  const where = `${kind}:${host}:${port}`;
  const text =
    sent.last === undefined
      ? "no records"
      : `${sent.sent} records sent to ${where}, the last is ${sent.last}`;
  const { terminal, ...rest } = sent;
  desk.say({ terminal, collector: where, ...rest }, text);
}

export const SYSLOG = command({
  about: "sends the journal to a log collector, a line of RFC 5424 for each record",
  more: `The last sequence is printed: go on with --from one more, or let --place keep it. With --follow it goes on until a signal, and
leaves line and key to other programs in between. Nothing is acknowledged. Over TCP by octet counting (RFC 6587), and what was not
taken whole is sent again, so that a line may come twice when the connection is cut: its sequence tells. Over UDP lines may be lost.
A line proves nothing: keep the records with read-journal --out.`,
  flags: [
    LINE,
    KEY,
    ["--collector <where>", "tcp:HOST:PORT or udp:HOST:PORT"],
    ["--from <n>", "sequence of the first record that is sent (default: the oldest that is there)"],
    ["--place <file>", "where the last record sent is kept; one that is there goes before --from"],
    ["--follow", "send what is new again and again, until a signal"],
    ["--every <seconds>", `with --follow: how often, 1-${LONGEST_SECONDS} (default ${USUAL_SECONDS})`],
    BAUD,
    JSON_FLAG,
  ],
  schema: z
    .strictObject({
      ...TERMINAL_VALUES,
      collector,
      from: sequence.optional(),
      place: path.optional(),
      follow: z.boolean().default(false),
      every: whole(1, LONGEST_SECONDS).optional(),
    })
    .refine(({ follow, every }) => follow || every === undefined, {
      path: ["every"],
      message: "needs --follow",
    }),
  async run({ collector: to, from, place, follow, every, ...options }, desk) {
    const run = new SyslogRun({
      place: new JournalPlace(from, place),
      atTerminal: (work) => atTerminal(options, work),
      send: (lines) => sendSyslog(lines, to),
      onNotice: (text) => desk.notice(text),
    });
    const onSent = (sent: Sent): void => tell(desk, to, sent);
    if (follow) await run.follow((every ?? Number(USUAL_SECONDS)) * SECOND_US, REAL_CLOCK, stopped(), onSent);
    else onSent(await run.once());
    return ExitCode.Done;
  },
});
