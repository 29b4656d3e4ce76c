/**
 * The sixteen keys in the order of EN 1332-3, drawn in millimetres. Each press and release is one of a contact in the matrix, by mouse,
 * touch and keyboard; several fingers are several contacts.
 */
import { draw } from "../dom.ts";
import type { Tell } from "./messages.ts";
import { say } from "./words.ts";

/** Names as the key matrix has them, by rows. */
const ROWS = ["123X", "456C", "789L", "<0>E"] as const;
const TOP = 68.4;
const PITCH_Y = 15;
const HEIGHT = 11.8;
const DIGITS = { left: 12.5, width: 15.5, pitch: 18 } as const;
const FUNCTIONS = { left: 69.5, width: 18 } as const;

interface Face {
  readonly label: string;
  readonly colour?: string;
  /** Beside the sign. */
  readonly word?: string;
  /** Below the sign. */
  readonly use?: string;
  /** Strokes around (0, 0). */
  readonly sign?: string;
}

const SIGN_CIRCLE = "M-2.2 0A2.2 2.2 0 1 1 2.2 0A2.2 2.2 0 1 1 -2.2 0";
const FACES: Readonly<Record<string, Face>> = {
  X: { label: "取消 cancel", colour: "red", word: "取消", sign: "M-2-2L2 2M2-2L-2 2" },
  C: { label: "訂正 correct", colour: "yellow", word: "訂正", sign: "M1.4-2.4L-1.4 0L1.4 2.4" },
  L: {
    label: "言語 language",
    colour: "blue",
    word: "言語",
    sign: "M-1.5-1.3A1.6 1.5 0 1 1 .7 .2Q0 .6 0 1.2M0 2.5V2.6",
  },
  E: { label: "確認 confirm", colour: "green", word: "確認", sign: SIGN_CIRCLE },
  "<": { label: "← 大きく large", use: "大きく", sign: "M3 0H-3M-.8-2.2L-3 0L-.8 2.2" },
  ">": { label: "→ ゆっくり slow", use: "ゆっくり", sign: "M-3 0H3M.8-2.2L3 0L.8 2.2" },
};

export class Keypad {
  readonly element = draw("g", { role: "group", "aria-label": say("keypad") });
  private readonly keys = new Map<string, SVGGElement>();
  /** What holds each key down: a pointer, or the keyboard. */
  private readonly held = new Map<string, string>();

  constructor(private readonly tell: Tell) {
    ROWS.forEach((row, y) => {
      [...row].forEach((key, x) => this.element.append(this.draw(key, x, TOP + y * PITCH_Y)));
    });
  }

  press(key: string, by: string): void {
    if (this.held.has(key)) return;
    this.held.set(key, by);
    this.keys.get(key)?.classList.add("down");
    this.tell({ do: "press", key });
  }

  /** Lets go of what `by` holds; of everything that it holds without a key. */
  release(by: string, key?: string): void {
    for (const [name, holder] of [...this.held]) {
      if (holder !== by || (key !== undefined && key !== name)) continue;
      this.held.delete(name);
      this.keys.get(name)?.classList.remove("down");
      this.tell({ do: "release", key: name });
    }
  }

  /** Nothing is held any more: the connection is a new one. */
  forget(): void {
    for (const key of this.held.keys()) this.keys.get(key)?.classList.remove("down");
    this.held.clear();
  }

  /** The key that has the keyboard's focus. */
  focused(): string | undefined {
    return [...this.keys].find(([, element]) => element === document.activeElement)?.[0];
  }

  private draw(key: string, column: number, top: number): SVGGElement {
    const face = FACES[key] ?? { label: key };
    const isFunction = column === 3;
    const left = isFunction ? FUNCTIONS.left : DIGITS.left + column * DIGITS.pitch;
    const width = isFunction ? FUNCTIONS.width : DIGITS.width;
    const attributes = { role: "button", tabindex: 0, "aria-label": face.label, "data-key": key };
    const group = draw("g", { ...attributes, class: `key ${face.colour ?? "plain"}` });
    const shape = { x: left, width, height: HEIGHT, rx: 2.6 };
    group.append(draw("rect", { ...shape, y: top + 0.9, class: "skirt" }));
    group.append(
      draw(
        "g",
        { class: "cap" },
        draw("rect", { ...shape, y: top, class: "top" }),
        ...signs(key, face, { left, width, top }),
      ),
    );
    this.listen(group, key);
    this.keys.set(key, group);
    return group;
  }

  private listen(group: SVGGElement, key: string): void {
    group.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      // The focus stays where it is: Enter is 確認 after a click as well.
      event.preventDefault();
      group.setPointerCapture(event.pointerId);
      this.press(key, `pointer ${event.pointerId}`);
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"] as const)
      group.addEventListener(end, (event) => this.release(`pointer ${event.pointerId}`, key));
    // What no pointer and no key has made: a screen reader's activation.
    group.addEventListener("click", (event) => {
      if (event.detail !== 0 || this.held.has(key)) return;
      this.press(key, "click");
      this.release("click", key);
    });
  }
}

function signs(key: string, face: Face, place: { left: number; width: number; top: number }): SVGElement[] {
  const centre = place.left + place.width / 2;
  const middle = place.top + HEIGHT / 2;
  if (face.sign === undefined) {
    const digit = draw("text", { x: centre, y: middle + 2.5, class: "digit" }, key);
    if (key !== "5") return [digit];
    // EN 1332-3: a raised dot on 5 for those who feel it.
    return [digit, draw("circle", { cx: centre, cy: place.top + HEIGHT - 1.7, r: 0.75, class: "raised" })];
  }
  const at = face.word === undefined ? centre : place.left + 4.3;
  const height = face.use === undefined ? middle : middle - 2;
  const parts: SVGElement[] = [
    draw("path", { d: face.sign, transform: `translate(${at} ${height})`, class: "sign" }),
  ];
  if (face.word !== undefined)
    parts.push(draw("text", { x: place.left + 12.3, y: middle + 1.45, class: "word" }, face.word));
  if (face.use !== undefined)
    parts.push(draw("text", { x: centre, y: place.top + HEIGHT - 1.9, class: "use" }, face.use));
  return parts;
}
