/** What can be done to the terminal beside its keys: its time, and faults of every kind. */
import { button, make, setAttribute, setText } from "../dom.ts";
import type { Tell, TerminalState } from "./messages.ts";

const NOISES: readonly (readonly [number, string])[] = [
  [0, "quiet line"],
  [0.001, "0.1 % noise"],
  [0.01, "1 % noise"],
  [0.03, "3 % noise"],
];
const JUMPS: readonly (readonly [number, string])[] = [
  [15, "15 s ahead"],
  [60, "1 min ahead"],
  [600, "10 min ahead"],
];

export class TimeBar {
  readonly element = make("div", { class: "time", role: "group", "aria-label": "the world's time" });
  private readonly clock = make("output", { class: "clock", "aria-label": "virtual time" }, "0.0 s");
  private readonly pause: HTMLButtonElement;
  private readonly step: HTMLButtonElement;
  private readonly speeds: readonly (readonly [number, HTMLButtonElement])[];
  private isHeld = false;

  constructor(tell: Tell) {
    this.pause = button("Pause", () => tell({ do: "hold", on: !this.isHeld }), { "aria-pressed": "false" });
    this.step = button("Step", () => tell({ do: "step" }), { disabled: true });
    this.step.title = "To the next event on any pin or wire";
    this.speeds = [1, 10].map((factor) => [
      factor,
      button(`×${factor}`, () => tell({ do: "speed", factor }), { "aria-pressed": "false", class: "narrow" }),
    ]);
    const jump = choice("move the clock", [[0, "jump …"], ...JUMPS]);
    jump.addEventListener("change", () => {
      tell({ do: "jump", seconds: Number(jump.value) });
      jump.value = "0";
      jump.blur();
    });
    this.element.append(this.clock, this.pause, this.step, ...this.speeds.map(([, one]) => one), jump);
  }

  tick(timeMs: number): void {
    setText(this.clock, `${(timeMs / 1000).toFixed(1)} s`);
  }

  show({ held, speed }: TerminalState): void {
    this.isHeld = held;
    setText(this.pause, held ? "Go on" : "Pause");
    setAttribute(this.pause, "aria-pressed", String(held));
    this.step.disabled = !held;
    for (const [factor, one] of this.speeds) setAttribute(one, "aria-pressed", String(factor === speed));
  }
}

/** A switch that shows how things are, and changes them. */
interface Switch {
  readonly element: HTMLButtonElement;
  readonly show: (state: TerminalState) => void;
}

export class FaultPanel {
  readonly element = make("section", { class: "panel faults", "aria-labelledby": "faults-title" });
  private readonly switches: readonly Switch[];
  private readonly noise = choice("noise on the counter line", NOISES);
  private readonly pull: HTMLButtonElement;
  private readonly open: HTMLButtonElement;

  constructor(tell: Tell) {
    this.pull = button("Pull the card", () => tell({ do: "remove" }));
    this.open = button("Open the case", () => tell({ do: "case" }));
    this.open.title = "The hardware erases every key, with power or without";
    this.switches = [
      toggle(
        ["Cut the power", "Restore the power"],
        ({ power }) => power === "off",
        (on) => tell({ do: "power", on: !on }),
      ),
      toggle(
        ["Unplug the line", "Plug the line in"],
        ({ plugged }) => !plugged,
        (on) => tell({ do: "line", plugged: !on }),
      ),
      toggle(
        ["Turn the case key", "Turn it back"],
        ({ caseKey }) => caseKey === "service",
        (on) => tell({ do: "casekey", service: on }),
      ),
    ];
    this.noise.addEventListener("change", () => {
      tell({ do: "noise", rate: Number(this.noise.value) });
      this.noise.blur();
    });
    const [power, line, key] = this.switches.map(({ element }) => element);
    const grid = make(
      "div",
      { class: "grid" },
      this.pull,
      power ?? "",
      this.open,
      line ?? "",
      key ?? "",
      this.noise,
    );
    this.element.append(make("header", {}, make("h2", { id: "faults-title" }, "Faults")), grid);
  }

  show(state: TerminalState): void {
    for (const one of this.switches) one.show(state);
    this.pull.disabled = state.card === "none";
    setText(this.open, state.case === "opened" ? "Case opened" : "Open the case");
    setAttribute(this.open, "data-on", String(state.case === "opened"));
    if (document.activeElement !== this.noise) this.noise.value = String(state.noise);
    setAttribute(this.noise, "data-on", String(state.noise > 0));
  }
}

function toggle(
  words: readonly [string, string],
  isOn: (state: TerminalState) => boolean,
  act: (on: boolean) => void,
): Switch {
  let on = false;
  const element = button(words[0], () => act(!on), { "data-on": "false" });
  const show = (state: TerminalState): void => {
    on = isOn(state);
    setText(element, words[on ? 1 : 0]);
    setAttribute(element, "data-on", String(on));
  };
  return { element, show };
}

function choice(label: string, options: readonly (readonly [number, string])[]): HTMLSelectElement {
  const entries = options.map(([value, text]) => make("option", { value }, text));
  return make("select", { "aria-label": label }, ...entries);
}
