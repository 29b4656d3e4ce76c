/** The journal on its way to a log collector: syslog. */
import { z } from "zod";
import { atTerminal } from "./at-terminal.ts";
import { command, ExitCode } from "./command.ts";
import { fetchJournal } from "./journal-fetch.ts";
import { decodeRecord } from "./journal-record.ts";
import { BAUD, collector, JSON_FLAG, KEY, LINE, sequence, TERMINAL_VALUES } from "./option-values.ts";
import { sendSyslog } from "./syslog-sender.ts";
import { toSyslog } from "./syslog.ts";

export const SYSLOG = command({
  about: "sends the journal to a log collector, a line of RFC 5424 for each record",
  more: `The last sequence is printed: go on with --from one more. Nothing is acknowledged. Over TCP by octet counting (RFC 6587); over
UDP lines may be lost. A line proves nothing: keep the records with read-journal --out.`,
  flags: [
    LINE,
    KEY,
    ["--collector <where>", "tcp:HOST:PORT or udp:HOST:PORT"],
    ["--from <n>", "sequence of the first record that is sent (default: the oldest that is there)"],
    BAUD,
    JSON_FLAG,
  ],
  schema: z.strictObject({ ...TERMINAL_VALUES, collector, from: sequence.optional() }),
  run: ({ collector: to, from, ...options }, desk) =>
    atTerminal(options, async (session) => {
      const { records } = await fetchJournal(session, from, (text) => desk.notice(text));
      const { terminal } = session.info();
      const decoded = records.map(decodeRecord);
      if (decoded.length > 0)
        await sendSyslog(
          decoded.map((record) => toSyslog(terminal, record)),
          to,
        );
      const where = `${to.kind}:${to.host}:${to.port}`;
      const last = decoded.at(-1)?.sequence;
      const text =
        last === undefined ? "no records" : `${decoded.length} records sent to ${where}, the last is ${last}`;
      desk.say(
        { terminal, collector: where, sent: decoded.length, ...(last === undefined ? {} : { last }) },
        text,
      );
      return ExitCode.Done;
    }),
});
