/**
 * The terminal from above, in millimetres: the panel's active area is 58.8 × 35.3 (LS027B7DH01), a card 54 wide (ISO/IEC 7810 ID-1). The
 * slot is at the front edge, and a card that is in stands out of it.
 */
import { draw, make, setAttribute, setText } from "../dom.ts";
import { Keypad } from "./keypad.ts";
import { Lcd } from "./lcd.ts";
import type { Tell, TerminalState } from "./messages.ts";
import { say } from "./words.ts";

const WIDTH = 100;
const HEIGHT = 172;
const GLASS = { x: 20.6, y: 15, width: 58.8, height: 35.28 } as const;
const CARD_WIDTH = 54;
const CARD_LEFT = (WIDTH - CARD_WIDTH) / 2;
const SLOT_Y = 136.5;
const BODY_END = 147;
/** The end of a card that is in. */
const CARD_END = 171;
const CARD_LENGTH = 85.6;
/** How far a card is pulled before it is out. */
const PULL_MM = 12;
const CARD_MIME = "application/x-madoguchi-card";

interface Lamp {
  readonly group: SVGGElement;
  readonly word: string;
}

export class TerminalView {
  readonly element = make("figure", { class: "terminal", tabindex: -1, "aria-label": say("device") });
  readonly lcd = new Lcd();
  readonly keypad: Keypad;
  private readonly drawing = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "drawing" });
  private readonly card = draw("g", { class: "card" });
  private readonly cardName = draw("text", { x: WIDTH / 2, y: 161, class: "card-name" });
  private readonly hint = draw("g", { class: "slot-hint" });
  private readonly lamps: Readonly<Record<keyof TerminalState["lamps"], Lamp>>;
  private readonly warning = make("p", { class: "glass-warning", role: "alert", hidden: true });

  constructor(private readonly tell: Tell) {
    this.keypad = new Keypad(tell);
    this.lamps = {
      status: lamp(say("lamp.status"), 21, 60.6),
      secureEntry: lamp(say("lamp.secureEntry"), 43, 60.6),
      slot: lamp(say("lamp.slot"), 43, 132.6),
    };
    this.drawing.append(...this.parts());
    this.element.append(this.drawing, this.lcd.canvas, this.warning);
    this.takeCards();
    this.giveCards();
    // Fewer pixels on the screen than on the glass: dropped lines would be no picture of it.
    new ResizeObserver(() => {
      const { canvas } = this.lcd;
      canvas.classList.toggle("reduced", canvas.clientWidth * devicePixelRatio < canvas.width);
    }).observe(this.element);
  }

  show(state: TerminalState): void {
    for (const [name, { group, word }] of Object.entries(this.lamps)) {
      const isLit = state.lamps[name as keyof TerminalState["lamps"]];
      group.classList.toggle("lit", isLit);
      setAttribute(group, "aria-label", say(isLit ? "lit" : "off", word));
    }
    this.showCard(state.card);
    setAttribute(this.lcd.canvas, "aria-label", say("display", state.page));
    this.element.classList.toggle("dark", state.power === "off");
    this.element.classList.toggle("opened", state.case === "opened");
    this.warning.hidden = !state.glassHarmed;
    setText(this.warning, state.glassHarmed ? say("harmed") : "");
  }

  private showCard(name: string): void {
    const isIn = name !== "none";
    this.card.classList.toggle("in", isIn);
    this.hint.classList.toggle("hidden", isIn);
    if (isIn) setText(this.cardName, name);
    setAttribute(this.card, "aria-label", isIn ? say("pullNamed", name) : "");
    setAttribute(this.card, "tabindex", isIn ? "0" : "-1");
    setAttribute(this.card, "aria-hidden", String(!isIn));
  }

  private parts(): SVGElement[] {
    const left = CARD_LEFT;
    this.card.append(
      draw("rect", {
        x: left,
        y: CARD_END - CARD_LENGTH,
        width: CARD_WIDTH,
        height: CARD_LENGTH,
        rx: 3.2,
        class: "plastic",
      }),
      draw("path", { d: `M${left} 166h${CARD_WIDTH}`, class: "stripe" }),
      this.cardName,
    );
    setAttribute(this.card, "role", "button");
    this.hint.append(
      draw("rect", { x: left, y: 149.5, width: CARD_WIDTH, height: 21.5, rx: 3.2 }),
      draw("text", { x: WIDTH / 2, y: 161.6 }, say("dropHere")),
    );
    const clip = draw(
      "clipPath",
      { id: "below-slot" },
      draw("rect", { x: 0, y: SLOT_Y + 2.4, width: WIDTH, height: 60 }),
    );
    return [
      draw("defs", {}, clip),
      draw("rect", { x: 4, y: 5.4, width: 92, height: BODY_END - 5, rx: 9, class: "shadow" }),
      draw("rect", { x: 4, y: 4, width: 92, height: BODY_END - 4, rx: 9, class: "body" }),
      draw("rect", { x: 5, y: 5, width: 90, height: BODY_END - 6, rx: 8.2, class: "edge" }),
      draw("rect", { x: 14, y: 10, width: 72, height: 45.3, rx: 3, class: "bezel" }),
      draw("rect", {
        ...GLASS,
        x: GLASS.x - 1.2,
        y: GLASS.y - 1.2,
        width: GLASS.width + 2.4,
        height: GLASS.height + 2.4,
        rx: 0.8,
        class: "glass",
      }),
      this.lamps.status.group,
      this.lamps.secureEntry.group,
      draw("rect", { x: 9, y: 65.4, width: 82, height: 63, rx: 5, class: "well" }),
      this.keypad.element,
      this.lamps.slot.group,
      draw("rect", { x: left - 5, y: SLOT_Y, width: CARD_WIDTH + 10, height: 4.8, rx: 2.4, class: "slot" }),
      this.hint,
      draw("g", { "clip-path": "url(#below-slot)" }, this.card),
      draw("rect", { x: 2.2, y: 2.2, width: 95.6, height: BODY_END - 0.4, rx: 10.6, class: "gap" }),
    ];
  }

  /** Cards that are dragged from the tray. */
  private takeCards(): void {
    this.element.addEventListener("dragover", (event) => {
      if (event.dataTransfer?.types.includes(CARD_MIME) !== true) return;
      event.preventDefault();
      this.element.classList.add("takes");
    });
    this.element.addEventListener("dragleave", () => this.element.classList.remove("takes"));
    this.element.addEventListener("drop", (event) => {
      this.element.classList.remove("takes");
      const name = event.dataTransfer?.getData(CARD_MIME) ?? "";
      if (name === "") return;
      event.preventDefault();
      const [card, fresh] = name.split(" ");
      this.tell({ do: "insert", card, fresh: fresh === "fresh" });
    });
  }

  /** The one in the slot is pulled out, by hand or by a key. */
  private giveCards(): void {
    let fromY: number | undefined;
    this.card.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      fromY = event.clientY;
      this.card.setPointerCapture(event.pointerId);
    });
    this.card.addEventListener("pointermove", (event) => {
      if (fromY === undefined) return;
      const mm = ((event.clientY - fromY) * WIDTH) / this.drawing.clientWidth;
      setAttribute(this.card, "transform", `translate(0 ${Math.max(0, mm)})`);
    });
    const end = (event: PointerEvent): void => {
      if (fromY === undefined) return;
      const mm = ((event.clientY - fromY) * WIDTH) / this.drawing.clientWidth;
      fromY = undefined;
      this.card.removeAttribute("transform");
      // A click is short work of it.
      if (event.type === "pointerup" && (mm > PULL_MM || Math.abs(mm) < 1)) this.tell({ do: "remove" });
    };
    this.card.addEventListener("pointerup", end);
    this.card.addEventListener("pointercancel", end);
    this.card.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      this.tell({ do: "remove" });
      this.element.focus();
    });
  }
}

/** What a dragged card carries. */
export function carry(transfer: DataTransfer | null, card: string, fresh: boolean): void {
  transfer?.setData(CARD_MIME, fresh ? `${card} fresh` : card);
}

function lamp(word: string, x: number, y: number): Lamp {
  const group = draw("g", { class: "lamp", role: "img" });
  group.append(
    draw("circle", { cx: x, cy: y, r: 2.9, class: "halo" }),
    draw("circle", { cx: x, cy: y, r: 1.5, class: "led" }),
    draw("text", { x: x + 3.4, y: y + 0.95 }, word),
  );
  return { group, word };
}
