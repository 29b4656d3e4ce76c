/** `<desk-side>`: the terminal's journal. */
import { make } from "../dom.ts";
import type { DeskState, JournalState, Tell } from "./messages.ts";
import { act, folded, rebuild } from "./rebuild.ts";
import { eventWords, timeWords, type ShownRecord } from "./record-words.ts";
import { language, say } from "./words.ts";

const COLUMNS = ["sequence", "time", "event", "operator", "case"] as const;

export class SideView extends HTMLElement {
  tell: Tell = () => undefined;
  private journal: JournalState | undefined;
  private state: DeskState | undefined;
  private shown = "";

  show(state: DeskState): void {
    this.state = state;
    if (state.seat !== "in") this.journal = undefined;
    this.draw();
  }

  showJournal(journal: JournalState): void {
    this.journal = journal;
    this.draw();
  }

  private draw(): void {
    const { state, journal } = this;
    if (state === undefined) return;
    const { seat, busy, case: open } = state;
    const now = JSON.stringify([seat, busy, open === undefined, journal, language()]);
    if (now === this.shown) return;
    this.shown = now;
    this.hidden = seat !== "in";
    if (this.hidden) return rebuild(this, []);
    rebuild(this, open === undefined ? [this.book(state)] : []);
  }

  private book({ busy }: DeskState): HTMLElement {
    const read = act("journal", say("journalRead"), () => this.tell({ do: "journal" }));
    read.disabled = busy !== undefined;
    const box = make("section", { class: "panel" }, make("h2", {}, say("journalTitle")), read);
    const { journal } = this;
    if (journal !== undefined) box.append(...this.records(journal));
    return box;
  }

  private records(journal: JournalState): HTMLElement[] {
    const file = make("input", {
      type: "file",
      id: "auditor",
      "data-key": "auditor",
      accept: ".key,application/json",
    });
    file.addEventListener("change", () => {
      void file.files?.[0]?.text().then((key) => this.tell({ do: "verify", key }));
    });
    const head = make(
      "tr",
      {},
      ...COLUMNS.map((column) => make("th", { scope: "col" }, say(`column.${column}`))),
    );
    const rows = journal.records.map((record) =>
      make("tr", {}, ...COLUMNS.map((column) => make("td", {}, cellOf(record, column)))),
    );
    return [
      make("p", {}, `${journal.terminal}・${say("journalCount", String(journal.total))}`),
      make("p", { class: "verification", role: "status" }, verificationText(journal)),
      ...(journal.firstBreak === undefined ? [] : [folded("break", journal.firstBreak)]),
      make("label", { for: "auditor" }, say("journalVerify")),
      file,
      make(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": say("journalTitle") },
        make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)),
      ),
    ];
  }
}

function verificationText({ total, verified, firstBreak }: JournalState): string {
  if (verified === undefined) return say("journalUnverified");
  if (firstBreak === undefined) return say("journalVerified", String(total));
  return say("journalBreak", String(verified));
}

function cellOf(record: ShownRecord, column: (typeof COLUMNS)[number]): string {
  switch (column) {
    case "event":
      return eventWords(record);
    case "time":
      return timeWords(record);
    case "case":
      return String(record["caseNumber"] ?? "");
    case "sequence":
    case "operator":
      return String(record[column] ?? "");
  }
}
