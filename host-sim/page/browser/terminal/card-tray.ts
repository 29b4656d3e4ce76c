/** Every card of the deck with its condition: dragged to the slot, or put in by a click or a key. */
import { make } from "../dom.ts";
import type { DeckCard, Tell } from "./messages.ts";
import { carry } from "./terminal-view.ts";
import { conditionOf, say } from "./words.ts";

export class CardTray {
  readonly element = make("section", { class: "panel tray", "aria-labelledby": "tray-title" });
  private readonly list = make("ul", { class: "cards" });
  private readonly rows = new Map<string, HTMLButtonElement>();
  private readonly fresh = make("input", { type: "checkbox" });

  /** `inserted` is called when a key has put one in. */
  constructor(
    private readonly tell: Tell,
    private readonly inserted: () => void,
  ) {
    const as = make("label", { class: "check" }, this.fresh, say("asNew"));
    as.title = say("asNewHelp");
    this.element.append(make("header", {}, make("h2", { id: "tray-title" }, say("cards")), as), this.list);
  }

  show(cards: readonly DeckCard[]): void {
    this.rows.clear();
    this.list.replaceChildren(...cards.map((card) => make("li", {}, this.row(card))));
  }

  mark(inSlot: string): void {
    for (const [name, row] of this.rows) row.classList.toggle("in", name === inSlot);
  }

  private row({ name, about }: DeckCard): HTMLButtonElement {
    const row = make(
      "button",
      { type: "button", draggable: "true", class: "row", "data-card": name },
      make("span", { class: "chip", "aria-hidden": "true" }),
      make("span", { class: "name" }, name),
      make("span", { class: "about" }, conditionOf(name, about)),
    );
    row.addEventListener("dragstart", (event) => carry(event.dataTransfer, name, this.fresh.checked));
    row.addEventListener("click", (event) => {
      this.tell({ do: "insert", card: name, fresh: this.fresh.checked });
      row.blur();
      if (event.detail === 0) this.inserted();
    });
    this.rows.set(name, row);
    return row;
  }
}
