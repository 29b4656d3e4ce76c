/** The terminal's tab: puts its parts together and keeps them true. */
import { button, make, setAttribute, setText } from "../dom.ts";
import { PageSocket } from "../page-socket.ts";
import type { LanguageName } from "../words.ts";
import { CardTray } from "./card-tray.ts";
import { Lcd } from "./lcd.ts";
import { FaultPanel, TimeBar } from "./controls.ts";
import { listenToKeyboard } from "./keyboard.ts";
import { Logs } from "./logs.ts";
import type { FromSimulator, TerminalState } from "./messages.ts";
import { TerminalView } from "./terminal-view.ts";
import { Tone } from "./tone.ts";
import { say, words } from "./words.ts";

const SAID_MS = 6000;
const FRAME = 1;

const tell = (message: object): void => socket.send(message);
const view = new TerminalView(tell);
const tray = new CardTray(tell, () => view.element.focus());
const time = new TimeBar(tell);
const faults = new FaultPanel(tell);
const logs = new Logs(tell);
const tone = new Tone();
/** The same picture once more, a pixel of the glass a whole one of the screen. */
const magnified = new Lcd();
const pixels = make("div", { class: "pixels", hidden: true }, magnified.canvas);

const facts = make("p", { class: "facts" });
const caption = make("output", { class: "caption", "aria-label": say("sound") });
const said = make("p", { class: "said", role: "status" });
const shows = make("span");
const replaying = make("p", { class: "replaying", hidden: true }, shows, " ");
replaying.append(button(say("back"), () => tell({ do: "leave" })));
const side = make("div", { class: "side" }, faults.element, tray.element);
let saidTimer = 0;

/** A sentence for some seconds. */
function tellPerson(text: string, stays = false): void {
  clearTimeout(saidTimer);
  setText(said, text);
  if (!stays) saidTimer = window.setTimeout(() => setText(said, ""), SAID_MS);
}

function show(state: TerminalState): void {
  for (const part of [view, time, faults]) part.show(state);
  tray.mark(state.card);
  const image = [
    say(`mode.${state.mode}`),
    say("facts", state.engine),
    say("seed", String(state.seed)),
    say("line", state.line),
  ];
  setText(facts, image.join(" · "));
  replaying.hidden = state.shows === "";
  setText(shows, state.shows);
  side.inert = !state.isTouchable;
  document.body.classList.toggle("is-held", state.held);
  const complaints = state.complaintCount > 0 ? ` · ${say("complaints", String(state.complaintCount))}` : "";
  setText(readout, say("page", state.page) + complaints);
}

function hear(hz: number): void {
  tone.set(hz);
  setText(caption, hz === 0 ? "" : `♪ ${hz} Hz`);
}

function take(message: FromSimulator): void {
  switch (message.type) {
    case "deck":
      return tray.show(message.cards);
    case "state":
      return show(message);
    case "time":
      return time.tick(message.timeMs);
    case "tone":
      return hear(message.hz);
    case "begin":
      view.keypad.forget();
      return logs.clear();
    case "log":
      return logs.addEvents(message.entries);
    case "wire":
      return logs.addWires(message.entries);
    case "hex":
      return logs.showHex(message.n, message.hex);
    case "file":
      return download(message.name, message.mime, message.base64);
    case "refused":
      return tellPerson(message.error);
  }
}

function download(name: string, mime: string, base64: string): void {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: mime }));
  make("a", { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

const sound = button(
  say("soundOn"),
  () => {
    tone.mute(!tone.isMuted);
    setText(sound, say(tone.isMuted ? "soundOff" : "soundOn"));
    setAttribute(sound, "aria-pressed", String(!tone.isMuted));
  },
  { "aria-pressed": "true" },
);
const save = button(say("save"), () => tell({ do: "save" }));
const replay = button(say("replay"), () => tell({ do: "replay" }));
replay.title = say("replayHelp");
const chooser = make("input", {
  type: "file",
  accept: ".yaml,.yml",
  hidden: true,
  "aria-label": say("scenarioFile"),
});
chooser.addEventListener("change", () => {
  tellScenario(chooser.files?.[0]);
  chooser.value = "";
});
const choose = button(say("scenario"), () => chooser.click());
choose.title = say("scenarioHelp");
const screenshot = button(say("screenshot"), () => tell({ do: "screenshot" }));
const magnify = button(
  say("magnify"),
  () => {
    pixels.hidden = !pixels.hidden;
    setAttribute(magnify, "aria-pressed", String(!pixels.hidden));
  },
  { "aria-pressed": "false" },
);
const readout = make("span", { class: "page-name" });

function tellScenario(file: File | undefined): void {
  if (file !== undefined) void file.text().then((scenario) => tell({ do: "replay", scenario }));
}

function takeFiles(): void {
  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files") === true) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (event.dataTransfer?.types.includes("Files") !== true) return;
    event.preventDefault();
    tellScenario(event.dataTransfer.files[0]);
  });
}

function build(): void {
  const counter = make("a", { href: "counter", target: "_blank", rel: "noopener" }, say("counter"));
  const { other } = words;
  const language = button(say("language"), () => speak(other), { lang: other });
  const title = make("h1", {}, "Madoguchi ", make("span", { lang: "ja" }, "窓口"));
  const help = make("p", { class: "help" }, say("keyboard"));
  const top = make(
    "header",
    { class: "top" },
    make("div", { class: "name" }, title, facts),
    time.element,
    language,
    counter,
  );
  const heard = make("div", { class: "readout" }, readout, caption);
  const under = make("div", { class: "under" }, magnify, screenshot, sound);
  const stage = make(
    "section",
    { class: "stage", "aria-label": say("terminal") },
    replaying,
    view.element,
    heard,
    under,
    help,
  );
  magnified.canvas.setAttribute("aria-hidden", "true");
  logs.element.prepend(pixels);
  logs.header.append(make("div", { class: "files" }, save, replay, choose, chooser));
  document.body.replaceChildren(top, make("main", {}, side, stage, logs.element), said);
}

/** Everything is built once, in one language; the terminal has nothing to do with a page that is loaded again. */
function speak(language: LanguageName): void {
  words.choose(language);
  location.reload();
}

document.documentElement.lang = words.language;
document.title = say("title");
build();
listenToKeyboard(view.keypad);
takeFiles();
for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => tone.wake());

const socket = new PageSocket("terminal", {
  connected: () => {
    document.body.classList.remove("is-lost");
    tellPerson("");
    logs.clear();
    view.keypad.forget();
  },
  message: (value) => take(value as unknown as FromSimulator),
  bytes: (bytes) => {
    if (bytes[0] !== FRAME) return;
    view.lcd.show(bytes.subarray(1));
    magnified.show(bytes.subarray(1));
  },
  lost: () => {
    hear(0);
    document.body.classList.add("is-lost");
    tellPerson(say("lost"), true);
  },
});
