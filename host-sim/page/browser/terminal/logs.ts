/** What happened, and what went over the wires. The latest is at the end, and stays in sight unless somebody has scrolled away. */
import { make, setAttribute } from "../dom.ts";
import type { Layer, LogEntry, Tell, WireEntry } from "./messages.ts";
import { say } from "./words.ts";

/** Rows that stay in the page. */
const MOST_ROWS = 600;
const NEAR_END_PX = 40;
const LAYERS: readonly Layer[] = ["link", "tls", "ccid", "contacts", "atr", "t1", "apdu"];

class Rows {
  readonly element: HTMLOListElement;
  private pending: HTMLElement[] = [];

  constructor(label: string) {
    this.element = make("ol", { class: "rows", tabindex: 0, "aria-label": label });
  }

  add(row: HTMLElement): void {
    this.pending.push(row);
    if (this.pending.length === 1) requestAnimationFrame(() => this.flush());
  }

  clear(): void {
    this.pending = [];
    this.element.replaceChildren();
  }

  private flush(): void {
    const { element } = this;
    const isAtEnd = element.scrollTop + element.clientHeight > element.scrollHeight - NEAR_END_PX;
    element.append(...this.pending.slice(-MOST_ROWS));
    this.pending = [];
    for (let over = element.children.length - MOST_ROWS; over > 0; over--)
      element.firstElementChild?.remove();
    if (isAtEnd) element.scrollTop = element.scrollHeight;
  }
}

function seconds(timeMs: number, digits: number): HTMLElement {
  return make("span", { class: "at" }, (timeMs / 1000).toFixed(digits));
}

export class Logs {
  readonly element = make("section", { class: "panel logs", "aria-label": say("happens") });
  private readonly events = new Rows(say("events"));
  private readonly wires = new Rows(say("wires"));
  private readonly hexes = new Map<number, HTMLElement>();
  private readonly panes: readonly (readonly [HTMLElement, HTMLElement])[];

  constructor(private readonly tell: Tell) {
    const wire = make("div", { class: "pane" }, this.filters(), this.wires.element);
    const panes: readonly (readonly ["events" | "wires", HTMLElement])[] = [
      ["events", make("div", { class: "pane" }, this.events.element)],
      ["wires", wire],
    ];
    this.panes = panes.map(([id, pane], at) => {
      for (const [key, value] of Object.entries({
        role: "tabpanel",
        id: `pane-${id}`,
        "aria-labelledby": `tab-${id}`,
      }))
        pane.setAttribute(key, value);
      const tab = make(
        "button",
        { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `pane-${id}` },
        say(id),
      );
      tab.addEventListener("pointerdown", (event) => event.preventDefault());
      tab.addEventListener("click", () => this.choose(at));
      tab.addEventListener("keydown", (event) => {
        if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
        const other = 1 - at;
        this.choose(other);
        this.panes[other]?.[0].focus();
      });
      return [tab, pane];
    });
    const tabs = make(
      "div",
      { role: "tablist", "aria-label": say("logs") },
      ...this.panes.map(([tab]) => tab),
    );
    this.element.append(make("header", {}, tabs), ...this.panes.map(([, pane]) => pane));
    this.choose(0);
  }

  /** Things beside the tabs. */
  get header(): Element {
    return this.element.querySelector("header") ?? this.element;
  }

  clear(): void {
    this.events.clear();
    this.wires.clear();
    this.hexes.clear();
  }

  addEvents(entries: readonly LogEntry[]): void {
    for (const { timeMs, kind, text } of entries)
      this.events.add(
        make(
          "li",
          { class: `event ${kind}` },
          seconds(timeMs, 3),
          make("span", { class: "kind" }, kind),
          make("span", { class: "text" }, text),
        ),
      );
  }

  addWires(entries: readonly WireEntry[]): void {
    for (const entry of entries) this.wires.add(this.wireRow(entry));
  }

  showHex(n: number, hex: string): void {
    const place = this.hexes.get(n);
    if (place !== undefined) place.textContent = hex;
  }

  private choose(chosen: number): void {
    this.panes.forEach(([tab, pane], at) => {
      setAttribute(tab, "aria-selected", String(at === chosen));
      setAttribute(tab, "tabindex", at === chosen ? "0" : "-1");
      pane.hidden = at !== chosen;
      const list = pane.querySelector("ol");
      if (at === chosen && list !== null) list.scrollTop = list.scrollHeight;
    });
  }

  private filters(): HTMLElement {
    const boxes = LAYERS.map((layer) => {
      const box = make("input", { type: "checkbox", checked: true });
      box.addEventListener("change", () => this.wires.element.classList.toggle(`no-${layer}`, !box.checked));
      return make("label", { class: "check" }, box, say(`layer.${layer}`));
    });
    return make("div", { class: "filters", role: "group", "aria-label": say("layers") }, ...boxes);
  }

  private wireRow({ n, timeMs, wire, layer, from, text, bad, hasHex }: WireEntry): HTMLElement {
    const other = say(wire === "card" ? "other.card" : "other.counter");
    const arrow = from === "terminal" ? `→ ${other}` : `← ${other}`;
    const head = [
      seconds(timeMs, 4),
      make("span", { class: "way" }, layer === "contacts" ? "" : arrow),
      make("span", { class: "layer" }, say(`layer.${layer}`)),
      make("span", { class: "text" }, text),
    ];
    const row = make("li", { class: `wire ${layer}${bad ? " bad" : ""}` });
    if (!hasHex) row.append(make("div", { class: "line" }, ...head));
    else row.append(this.withHex(n, head));
    return row;
  }

  /** The bytes are fetched when somebody opens the row. */
  private withHex(n: number, head: readonly HTMLElement[]): HTMLElement {
    const hex = make("code", { class: "hex" }, "…");
    const details = make("details", {}, make("summary", { class: "line" }, ...head), hex);
    details.addEventListener("toggle", () => {
      if (!details.open || this.hexes.has(n)) return;
      this.hexes.set(n, hex);
      this.tell({ do: "hex", n });
    });
    return details;
  }
}
