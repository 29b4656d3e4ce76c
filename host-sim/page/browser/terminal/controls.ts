/** What can be done to the terminal beside its keys: its time, and faults of every kind. */
import { button, make, setAttribute, setText } from "../dom.ts";
import type { Tell, TerminalState } from "./messages.ts";
import type { TextKey } from "./texts.ts";
import { say } from "./words.ts";

/** Of the characters on the line. */
const NOISES = [0, 0.001, 0.01, 0.03] as const;
const JUMPS_S = [15, 60, 600] as const;

export class TimeBar {
  readonly element = make("div", { class: "time", role: "group", "aria-label": say("time") });
  private readonly clock = make("output", { class: "clock", "aria-label": say("clock") }, "0.0 s");
  private readonly pause: HTMLButtonElement;
  private readonly step: HTMLButtonElement;
  private readonly speeds: readonly (readonly [number, HTMLButtonElement])[];
  private isHeld = false;

  constructor(tell: Tell) {
    this.pause = button(say("pause"), () => tell({ do: "hold", on: !this.isHeld }), {
      "aria-pressed": "false",
    });
    this.step = button(say("step"), () => tell({ do: "step" }), { disabled: true });
    this.step.title = say("stepHelp");
    this.speeds = [1, 10].map((factor) => [
      factor,
      button(`×${factor}`, () => tell({ do: "speed", factor }), { "aria-pressed": "false", class: "narrow" }),
    ]);
    const jump = choice(say("jump"), [
      [0, say("jumpHint")],
      ...JUMPS_S.map((seconds) => [seconds, say(`jump.${seconds}`)] as const),
    ]);
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
    setText(this.pause, say(held ? "goOn" : "pause"));
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
  private readonly noise = choice(
    say("noise"),
    NOISES.map((rate) => [rate, say(`noise.${rate}`)]),
  );
  private readonly pull: HTMLButtonElement;
  private readonly open: HTMLButtonElement;

  constructor(tell: Tell) {
    this.pull = button(say("pull"), () => tell({ do: "remove" }));
    this.open = button(say("open"), () => tell({ do: "case" }));
    this.open.title = say("openHelp");
    this.switches = [
      toggle(
        ["cut", "restore"],
        ({ power }) => power === "off",
        (on) => tell({ do: "power", on: !on }),
      ),
      toggle(
        ["unplug", "plugIn"],
        ({ plugged }) => !plugged,
        (on) => tell({ do: "line", plugged: !on }),
      ),
      toggle(
        ["turnKey", "turnBack"],
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
    this.element.append(make("header", {}, make("h2", { id: "faults-title" }, say("faults"))), grid);
  }

  show(state: TerminalState): void {
    for (const one of this.switches) one.show(state);
    this.pull.disabled = state.card === "none";
    setText(this.open, say(state.case === "opened" ? "opened" : "open"));
    setAttribute(this.open, "data-on", String(state.case === "opened"));
    if (document.activeElement !== this.noise) this.noise.value = String(state.noise);
    setAttribute(this.noise, "data-on", String(state.noise > 0));
  }
}

function toggle(
  keys: readonly [TextKey, TextKey],
  isOn: (state: TerminalState) => boolean,
  act: (on: boolean) => void,
): Switch {
  let on = false;
  const element = button(say(keys[0]), () => act(!on), { "data-on": "false" });
  const show = (state: TerminalState): void => {
    on = isOn(state);
    setText(element, say(keys[on ? 1 : 0]));
    setAttribute(element, "data-on", String(on));
  };
  return { element, show };
}

function choice(label: string, options: readonly (readonly [number, string])[]): HTMLSelectElement {
  const entries = options.map(([value, text]) => make("option", { value }, text));
  return make("select", { "aria-label": label }, ...entries);
}
