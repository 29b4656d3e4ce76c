/** The terminal's tab. */
import { describeDeck } from "../card/deck.ts";
import type { Station } from "../cli/station.ts";
import type { PageChannel, PageConversation, PagePeer } from "./page-channel.ts";

export class TerminalChannel implements PageChannel {
  constructor(private readonly station: Station) {}

  open(peer: PagePeer): PageConversation {
    peer.send({ type: "state", ...this.station.state(), deck: describeDeck() });
    return { message: () => undefined, closed: () => undefined };
  }
}
