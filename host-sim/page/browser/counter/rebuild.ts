/** Draws an element anew from what is known, without losing what somebody is typing or where the focus is. */
import { make } from "../dom.ts";
import { say } from "./words.ts";

/** Elements with this attribute are the same one before and after. */
const KEY = "data-key";

type Field = HTMLInputElement | HTMLSelectElement;

function keyed(host: Element): Map<string, Element> {
  const found = host.querySelectorAll(`[${KEY}]`);
  return new Map([...found].map((element) => [element.getAttribute(KEY) ?? "", element]));
}

function isField(element: Element | undefined): element is Field {
  return element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
}

export function rebuild(host: Element, children: readonly Node[]): void {
  const before = keyed(host);
  const focused = host.contains(document.activeElement)
    ? document.activeElement?.getAttribute(KEY)
    : undefined;
  host.replaceChildren(...children);
  for (const [key, element] of keyed(host)) {
    const old = before.get(key);
    if (isField(element) && isField(old) && element.type !== "file") element.value = old.value;
    if (element instanceof HTMLDetailsElement && old instanceof HTMLDetailsElement) element.open = old.open;
    if (key === focused && element instanceof HTMLElement) element.focus();
  }
}

/** A button that keeps the focus over a rebuild. */
export function act(
  key: string,
  text: string,
  action: () => void,
  attributes: Readonly<Record<string, string | boolean>> = {},
): HTMLButtonElement {
  const made = make("button", { type: "button", [KEY]: key, ...attributes }, text);
  made.addEventListener("click", action);
  return made;
}

/** English of the programs, out of the way until somebody wants it; it stays open over a rebuild. */
export function folded(key: string, text: string): HTMLElement {
  const summary = make("summary", { [KEY]: `${key}-summary` }, say("details"));
  return make(
    "details",
    { [KEY]: `${key}-details`, class: "quiet" },
    summary,
    make("p", { lang: "en" }, text),
  );
}
