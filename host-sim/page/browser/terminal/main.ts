/** The terminal's tab. */
import { PageSocket } from "../page-socket.ts";

new PageSocket("terminal", {
  connected: () => undefined,
  message: () => undefined,
  bytes: () => undefined,
  lost: () => undefined,
});
