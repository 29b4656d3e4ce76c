/** What the simulator tells the counter window's tab (host-sim/desk/counter-window.ts). */

export type Service = "identity" | "copy-elsewhere" | "moving" | "pin-change" | "card-stop";
export type Way = "show" | "pin" | "show-or-pin" | "staff" | "no";
export type Proof = "none" | "sight" | "pin" | "refused" | "unknown";
export type Verdict = "open" | "other-card" | "unfit" | "not-ok" | "again";

export interface MemberState {
  readonly id: number;
  readonly name: string;
  readonly birth: string;
  readonly takesPart: boolean;
  readonly proof: Proof;
  readonly outcome?: string;
  readonly triesLeft?: number;
  /** Its card is still to be put in. */
  readonly waits: boolean;
  /** Looking at it would prove who bears it. */
  readonly maySee: boolean;
  readonly way: Way;
  readonly unfit?: "none" | "suspended" | "abolished" | "expired";
  readonly card?: {
    readonly serial: string;
    readonly kind: string;
    readonly state: string;
    readonly expiry: string;
  };
}

export interface Answer {
  readonly outcome: string;
  readonly verdict: Verdict;
  readonly serial: string;
  readonly triesLeft?: number;
  readonly pinObject: number;
  readonly name?: string;
}

export type Paper = Readonly<Partial<Record<"name" | "address" | "birth" | "sex" | "code", string>>>;

export interface CaseState {
  readonly number: string;
  readonly service: Service;
  readonly stage: "find" | "cards" | "open" | "done";
  readonly answer?: Answer;
  readonly isUnheard: boolean;
  readonly found?: readonly { readonly id: number; readonly name: string; readonly birth: string }[];
  readonly members: readonly MemberState[];
  readonly papers: readonly Paper[];
}

export interface DeskState {
  readonly seat: "out" | "card" | "in";
  readonly operator?: { readonly name: string; readonly card: string };
  readonly today: string;
  readonly hasLine: boolean;
  readonly busy?: string;
  readonly isMine: boolean;
  readonly phase?: "calling" | "card" | "entry" | "lost";
  readonly isStopped: boolean;
  /** The emergency stop is on its way. */
  readonly isStopping: boolean;
  readonly case?: CaseState;
}

export interface JournalState {
  readonly terminal: string;
  readonly total: number;
  readonly records: readonly Readonly<Record<string, string | number>>[];
  readonly verified?: number;
  readonly firstBreak?: string;
  readonly notes?: readonly string[];
}

/** `code`: the window's own no; `failure`: of line and terminal, with cause and next step in English. */
export interface Notice {
  readonly code?: string;
  readonly detail?: string;
  readonly failure?: string;
  readonly result?: number;
  readonly why?: string;
  readonly next?: string;
}

export type FromDesk =
  | ({ readonly type: "state" } & DeskState)
  | ({ readonly type: "journal" } & JournalState)
  | ({ readonly type: "notice" } & Notice)
  | { readonly type: "refused"; readonly error: string };

export type Tell = (message: Readonly<Record<string, unknown>>) => void;
