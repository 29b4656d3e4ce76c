/** `<desk-seat>`: an operator signs in, by password here and by card at the terminal. */
import { make } from "../dom.ts";
import type { DeskState, Tell } from "./messages.ts";
import { act, rebuild } from "./rebuild.ts";
import { language, say } from "./words.ts";

export class SeatView extends HTMLElement {
  tell: Tell = () => undefined;
  private shown = "";

  show({ seat, operator, busy, isMine, hasLine }: DeskState): void {
    const now = JSON.stringify([seat, operator, busy, isMine, hasLine, language()]);
    if (now === this.shown) return;
    const wasAt = this.dataset["seat"];
    this.shown = now;
    this.dataset["seat"] = seat;
    this.hidden = seat === "in";
    if (seat === "in") return rebuild(this, []);
    const isSigning = busy === "sign-in" && isMine;
    rebuild(this, [seat === "out" ? this.password(hasLine) : this.card(operator?.card ?? "", isSigning)]);
    if (wasAt !== seat) this.querySelector<HTMLElement>("input, button")?.focus();
  }

  private password(hasLine: boolean): HTMLElement {
    const login = make("input", {
      id: "login",
      "data-key": "login",
      autocomplete: "username",
      required: true,
      maxlength: 64,
    });
    const password = make("input", {
      ...{ id: "password", "data-key": "password", type: "password", autocomplete: "current-password" },
      ...{ required: true, maxlength: 64 },
    });
    const form = make(
      "form",
      { class: "panel seat" },
      make("h2", {}, say("signInTitle")),
      make("p", { class: "lead" }, say("signInLead")),
      make("label", { for: "login" }, say("login")),
      login,
      make("label", { for: "password" }, say("password")),
      password,
      make("button", { type: "submit", class: "primary", "data-key": "sign-in" }, say("signIn")),
      make("p", { class: "quiet" }, say("demo")),
    );
    if (!hasLine) form.prepend(make("p", { class: "warning" }, say("noLine")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.tell({ do: "password", login: login.value, password: password.value });
      password.value = "";
    });
    return form;
  }

  private card(name: string, isSigning: boolean): HTMLElement {
    const start = act("card-start", say("cardStart"), () => this.tell({ do: "card", language: language() }), {
      class: "primary",
    });
    const cancel = act("card-cancel", say("cancel"), () => this.tell({ do: "cancel" }));
    return make(
      "section",
      { class: "panel seat" },
      make("h2", {}, say("cardTitle")),
      make("p", { class: "lead", role: "status" }, isSigning ? say("cardWaiting") : say("cardLead", name)),
      isSigning ? cancel : start,
    );
  }
}
