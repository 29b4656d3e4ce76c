/** How long a session may last (docs/protocol.md, limits), in virtual time: a counter that is never still for five minutes. */
import { suite } from "uvu";
import { is } from "uvu/assert";
import { TlsAlert } from "../../firmware/protocol/tls.ts";
import { sealedTerminal } from "../host-sim/world/sealed-simulator.ts";

const test = suite("the longest session");

test("a session ends after 24 hours, however busy it is", () => {
  const { simulator, host } = sealedTerminal();
  host.open();
  for (let minutes = 4; minutes < 24 * 60; minutes += 4) {
    simulator.runFor(4 * 60_000);
    is(host.slotStatus().error, 0);
  }
  simulator.runFor(3 * 60_000);
  is(host.slotStatus().error, 0);
  simulator.runFor(90_000);
  is(host.tls.alert, TlsAlert.CloseNotify);
  simulator.close();
});

test.run();
