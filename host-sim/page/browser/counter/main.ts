/** The counter window's tab. */
import { PageSocket } from "../page-socket.ts";

new PageSocket("counter", {
  connected: () => undefined,
  message: () => undefined,
  bytes: () => undefined,
  lost: () => undefined,
});
