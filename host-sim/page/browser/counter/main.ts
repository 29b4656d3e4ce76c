/** The counter window's tab: puts its parts together and keeps them true. */
import { make } from "../dom.ts";
import { PageSocket } from "../page-socket.ts";
import { CaseView } from "./case-view.ts";
import type { DeskState, FromDesk, Notice, Tell } from "./messages.ts";
import { act, folded, rebuild } from "./rebuild.ts";
import { SeatView } from "./seat-view.ts";
import { SideView } from "./side-view.ts";
import type { TextKey } from "./texts.ts";
import { hasWords, language, say, sayOf, words } from "./words.ts";

/** So often somebody at the window is told of: its time goes by without a hand. */
const HERE_EVERY_MS = 60_000;

customElements.define("desk-seat", SeatView);
customElements.define("desk-case", CaseView);
customElements.define("desk-side", SideView);

const seat = document.createElement("desk-seat") as SeatView;
const work = document.createElement("desk-case") as CaseView;
const side = document.createElement("desk-side") as SideView;
const top = make("header", { class: "desk-top" });
const notice = make("div", { class: "notice", role: "alert" });
const stopped = make("div", { class: "stopped", role: "status" });
const main = make("main", {}, seat, work, side);

let state: DeskState | undefined;
let last: Notice | undefined;
let isLost = false;
let hereMs = 0;

const tell: Tell = (message) => {
  last = undefined;
  drawNotice();
  socket.send(message);
};
for (const part of [seat, work, side]) part.tell = tell;

function drawTop(): void {
  const { operator, seat: at } = state ?? {};
  const { other } = words;
  const switchTo = (): void => {
    words.choose(other);
    draw();
  };
  const parts: Node[] = [
    make("h1", {}, say("title"), make("span", { class: "subtitle" }, say("subtitle"))),
    make("p", { class: "operator" }, operator === undefined ? "" : `${operator.name}(${operator.card})`),
    make("a", { href: "./", target: "_blank", rel: "noopener" }, say("terminalPage")),
    act("language", say("language"), switchTo, { lang: other }),
  ];
  if (at === "in" || at === "card") {
    parts.push(act("sign-out", say("signOut"), () => tell({ do: "sign-out" })));
    const stop = act("stop", say("stop"), () => tell({ do: "stop" }), {
      class: "danger",
      title: say("stopHelp"),
    });
    if (state?.isStopped !== true) parts.push(stop);
  }
  rebuild(top, parts);
}

function drawStopped(): void {
  const isStopped = state?.isStopped === true && state.seat !== "out";
  const isStopping = state?.isStopping === true && state.seat !== "out";
  stopped.hidden = !isStopped && !isStopping;
  if (isStopping) return rebuild(stopped, [make("strong", {}, say("stopping"))]);
  if (!isStopped) return rebuild(stopped, []);
  const parts: Node[] = [make("strong", {}, say("stopped")), make("span", {}, say("stoppedNext"))];
  if (state?.seat === "in")
    parts.push(act("resume", say("resume"), () => tell({ do: "resume" }), { class: "primary" }));
  rebuild(stopped, parts);
}

function noticeText({ code, detail = "", failure, result }: Notice): string {
  if (result !== undefined && hasWords("result", String(result))) return say(`result.${result}` as TextKey);
  if (failure !== undefined) return sayOf("failure", failure);
  const put =
    code === "sign-in-outcome" ? sayOf(hasWords("signIn", detail) ? "signIn" : "outcome", detail) : detail;
  return sayOf("notice", code ?? "", put);
}

/** What a technician wants to know, in the words of the programs. */
function detailOf({ code, detail = "", why = "", next = "" }: Notice): string {
  if (code === "journal-key") return detail;
  return [why, next].filter((text) => text !== "").join("; ");
}

function drawNotice(): void {
  notice.hidden = last === undefined && !isLost;
  if (isLost) return rebuild(notice, [make("p", {}, say("lostSimulator"))]);
  if (last === undefined) return rebuild(notice, []);
  const dismiss = act("dismiss", say("dismiss"), () => {
    last = undefined;
    drawNotice();
  });
  const text = make("div", {}, make("p", {}, noticeText(last)));
  const detail = detailOf(last);
  if (detail !== "") text.append(folded("notice", detail));
  rebuild(notice, [text, dismiss]);
}

function draw(): void {
  document.documentElement.lang = language();
  document.title = `${say("title")} — Madoguchi`;
  drawTop();
  drawStopped();
  drawNotice();
  if (state === undefined) return;
  for (const part of [seat, work, side]) part.show(state);
}

function take(message: FromDesk): void {
  switch (message.type) {
    case "state":
      state = message;
      return draw();
    case "journal":
      return side.showJournal(message);
    case "notice":
      last = message;
      return drawNotice();
    case "refused":
      last = { code: "refused", why: message.error };
      return drawNotice();
  }
}

function hand(): void {
  const now = Date.now();
  if (now - hereMs < HERE_EVERY_MS || state?.seat === "out") return;
  hereMs = now;
  socket.send({ do: "here" });
}

document.body.replaceChildren(top, stopped, notice, main);
for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, hand);

const socket = new PageSocket("counter", {
  connected: () => {
    isLost = false;
    last = undefined;
  },
  message: (value) => take(value as unknown as FromDesk),
  bytes: () => undefined,
  lost: () => {
    isLost = true;
    // Whatever was here is over: the connection is the session.
    if (state !== undefined) {
      const { operator: _operator, case: _case, ...rest } = state;
      state = { ...rest, seat: "out" };
    }
    draw();
  },
});
