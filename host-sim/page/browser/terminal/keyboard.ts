/** The keyboard as keypad: what is pressed here is pressed there, for as long. */
import type { Keypad } from "./keypad.ts";

const BY = "keyboard";
const KEYS: Readonly<Record<string, string>> = {
  Enter: "E",
  Backspace: "C",
  Escape: "X",
  l: "L",
  L: "L",
  ArrowLeft: "<",
  ArrowRight: ">",
};

/** Fields and lists take their keys themselves; a button its Enter and its space. */
function takesItself(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("input, select, textarea, [role=tab]") !== null) return true;
  const isButton = target.closest("button, a, summary") !== null;
  return isButton && (key === "Enter" || key === " ");
}

export function listenToKeyboard(keypad: Keypad): void {
  /** Which key of the keypad each key of the keyboard holds. */
  const down = new Map<string, string>();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || takesItself(event.target, event.key)) return;
    const key = keyFor(event.key, keypad);
    if (key === undefined) return;
    event.preventDefault();
    if (event.repeat || down.has(event.code)) return;
    down.set(event.code, key);
    keypad.press(key, BY);
  });
  document.addEventListener("keyup", (event) => {
    const key = down.get(event.code);
    if (key === undefined) return;
    down.delete(event.code);
    keypad.release(BY, key);
  });
  window.addEventListener("blur", () => {
    down.clear();
    keypad.release(BY);
  });
}

function keyFor(name: string, keypad: Keypad): string | undefined {
  // Whoever has gone to a key with Tab presses that one.
  const focused = keypad.focused();
  if (focused !== undefined && (name === "Enter" || name === " ")) return focused;
  return /^[0-9]$/.test(name) ? name : KEYS[name];
}
