/** The languages of the display in the order of `Language`: the page ROM keeps them by these numbers. */
import { EASY_JAPANESE } from "./easy-japanese.ts";
import { ENGLISH } from "./english.ts";
import { JAPANESE } from "./japanese.ts";
import type { Texts } from "./texts.ts";

export const ALL_TEXTS: readonly Texts[] = [JAPANESE, ENGLISH, EASY_JAPANESE];
