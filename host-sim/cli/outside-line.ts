/** The PC's end of the counter line, outside of this process. */
export interface OutsideLine {
  /** Where a PC finds it. */
  readonly address: string;
  /** Bytes from the terminal, at once; what nobody fetches is lost, as on a real line. */
  write(bytes: Uint8Array): void;
  /** Whether a PC is connected; undefined where nobody can tell. */
  isConnected?(): boolean;
  /** Ends it and takes away what it put into the file system. */
  close(): void;
}

export type LineListener = (bytes: Uint8Array) => void;

/** A PC that does not fetch: more than this is not kept for it. */
export const UNREAD_LIMIT_BYTES = 1 << 20;
