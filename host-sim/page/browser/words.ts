/** The words of a tab in the language that was chosen last in this browser, and how something is put into them. */

export type LanguageName = "ja" | "en";

/** A `%` in a text stands for what is put in. */
export type TextsOf<Key extends string> = Readonly<Record<Key, string>>;

export class Words<Key extends string> {
  private current: LanguageName;

  /** `kept` names where the browser keeps the choice; before there was one it is `first`. */
  constructor(
    private readonly texts: Readonly<Record<LanguageName, TextsOf<Key>>>,
    private readonly kept: string,
    first: LanguageName,
  ) {
    const chosen = localStorage.getItem(kept);
    this.current = chosen === "en" || chosen === "ja" ? chosen : first;
  }

  get language(): LanguageName {
    return this.current;
  }

  get other(): LanguageName {
    return this.current === "ja" ? "en" : "ja";
  }

  choose(next: LanguageName): void {
    this.current = next;
    localStorage.setItem(this.kept, next);
  }

  say(key: Key, put?: string): string {
    const text = this.texts[this.current][key];
    return put === undefined ? text : text.replace("%", () => put);
  }
}
