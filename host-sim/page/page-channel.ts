/** What a tab of the page and the simulator say to each other: JSON objects both ways, and bytes towards the tab. */

/** One connected tab. Whatever is sent to one that has gone, or that does not read, is lost. */
export interface PagePeer {
  send(message: object): void;
  sendBytes(bytes: Uint8Array): void;
}

/** A tab has sent what cannot be done: it is told the sentence, and nothing else happens. */
export class PageRefusal extends Error {}

export interface PageConversation {
  /** An object that came, not judged yet. A `PageRefusal` that it throws or rejects with is told to the tab. */
  message(value: object): void | Promise<void>;
  /** The tab has gone, for whatever reason. Comes once. */
  closed(): void;
}

/** One kind of tab. */
export interface PageChannel {
  open(peer: PagePeer): PageConversation;
  /** The run is over; its tabs have been told. */
  close?(): void;
}
