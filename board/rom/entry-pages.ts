/** Entering a PIN: whose it is, how long it may be, the masks of its digits, the badge of the tries left, the bench mark. */
import { Layer } from "../../firmware/ui/layer.ts";
import type { Canvas } from "./canvas.ts";
import { drawText, textWidth } from "./glyphs.ts";
import type { GlyphSource } from "./glyphs.ts";
import type { Wording } from "./page-parts.ts";
import type { Part, TextPart } from "./part.ts";
import * as draw from "./pictures.ts";

const FIRST = 42;
const SECOND = 94;
/** Where the masks of the digits lie, both sizes centred on line 168. */
const LARGE_MASK = { x: 8, y: 148, width: 40, height: 40 };
const SMALL_MASK = { x: 8, y: 156, width: 24, height: 24 };

function line(y: number, text: string): TextPart {
  return { text, size: 48, x: 8, y };
}

function name(japanese: string, english: string): Wording {
  return [[{ text: japanese, size: 32, x: 8, y: 4 }], [{ text: english, size: 32, x: 8, y: 4 }]];
}

export const NAMES: readonly (readonly [Layer, Wording])[] = [
  [Layer.NameJuki, name("住民基本台帳用の", "Resident record")],
  [Layer.NameCommon, name("個人番号カード共通の", "My Number Card")],
  [Layer.NameUserAuthentication, name("利用者証明用の", "User certificate")],
  [Layer.NameSurfaceInput, name("券面事項入力補助用の", "Card info input")],
  [Layer.NameUnknown, name("不明なアプリの", "Unknown app")],
  [Layer.NameSignature, name("署名用の", "Signature")],
  [Layer.NameOperator, name("職員用の", "Staff card")],
];

export const QUESTIONS: readonly (readonly [Layer, Wording])[] = [
  [
    Layer.EnterFour,
    [
      [line(FIRST, "暗証番号４けたを"), line(SECOND, "入力してください")],
      [line(FIRST, "Enter your"), line(SECOND, "4-digit PIN")],
    ],
  ],
  [
    Layer.EnterVariable,
    [
      [line(FIRST, "暗証番号を"), line(SECOND, "入力してください")],
      [line(FIRST, "Enter your"), line(SECOND, "PIN")],
    ],
  ],
  [
    Layer.OldPin,
    [
      [line(FIRST, "現在の暗証番号を"), line(SECOND, "入力してください")],
      [line(FIRST, "Enter your"), line(SECOND, "current PIN")],
    ],
  ],
  [
    Layer.NewPin,
    [
      [line(FIRST, "新しい暗証番号を"), line(SECOND, "入力してください")],
      [line(FIRST, "Enter a"), line(SECOND, "new PIN")],
    ],
  ],
  [
    Layer.NewPinVariable,
    [[line(FIRST, "新しい暗証番号を")], [line(FIRST, "New PIN"), line(SECOND, "Enter")]],
  ],
  [
    Layer.RepeatPin,
    [
      [
        { text: "新しい暗証番号を", size: 32, x: 8, y: 4 },
        line(FIRST, "もう一度"),
        line(SECOND, "入力してください"),
      ],
      [{ text: "Once more", size: 32, x: 8, y: 4 }, line(FIRST, "Repeat the"), line(SECOND, "new PIN")],
    ],
  ],
];

/** One part a digit, dash and suffix of a length note, in the order of its layers. Code puts them in a row. */
function note(place: Omit<TextPart, "text">, dash: TextPart, suffix: TextPart): Part[] {
  const digits = [..."0123456789"].map((text): TextPart => ({ ...place, face: "gothic", text }));
  return [...digits, dash, suffix];
}

/** 4～16けた beside the question. The wave is the 48 px half-width one, lowered: so 10～16けた still ends on the page. */
const NOTE_PLACE = { size: 32, x: 248, y: 54 };
const NOTE = note(NOTE_PLACE, { text: "~", size: 48, x: 248, y: 62 }, { ...NOTE_PLACE, text: "けた" });
/** 4～16けたで入力 as the second line. */
const NEW_PLACE = { size: 48, x: 8, y: SECOND };
const NEW_NOTE = note(NEW_PLACE, { ...NEW_PLACE, text: "～" }, { ...NEW_PLACE, text: "けたで入力" });

function englishNote(x: number): Part[] {
  const place = { size: 32, x, y: 106 };
  return note(place, { ...place, face: "gothic", text: "-" }, { ...place, x: x + 6, text: "digits" });
}

function noteLayers(zero: Layer, japanese: Part[], english: Part[]): [Layer, Wording][] {
  return japanese.map((part, i) => [zero + i, [[part], [english[i]]]]);
}

function mask(layer: Layer, picture: (canvas: Canvas) => void, place: typeof LARGE_MASK): [Layer, Wording] {
  const part = { picture, ...place };
  return [layer, [[part], [part]]];
}

const BADGE = { x: 264, y: 22, width: 128, height: 112 };
/** English needs more room for its words. */
const WIDE_BADGE = { ...BADGE, x: 240, width: 152 };

function badge(place: typeof BADGE, words: (canvas: Canvas, glyphs: GlyphSource) => void): Part {
  const picture = (canvas: Canvas, glyphs: GlyphSource): void => {
    canvas.plate({ x: 0, y: 0, width: place.width, height: place.height }, 10);
    words(canvas, glyphs);
  };
  return { picture, ...place, backdrop: true };
}

const BADGE_JA = badge({ ...BADGE, height: 120 }, (canvas, glyphs) => {
  drawText(glyphs, { face: "gothic", size: 32 }, "あと", { canvas, x: 32, y: 1, ink: 0 });
  drawText(glyphs, { face: "gothic", size: 48 }, "回", { canvas, x: 68, y: 67, ink: 0 });
});

function badgeEnglish(first: string): Part {
  const type = { face: "proportional", size: 32 } as const;
  return badge(WIDE_BADGE, (canvas, glyphs) => {
    drawText(glyphs, type, first, {
      canvas,
      x: 105 - Math.round(textWidth(glyphs, type, first) / 2),
      y: 22,
      ink: 0,
    });
    drawText(glyphs, type, "left", {
      canvas,
      x: 105 - Math.round(textWidth(glyphs, type, "left") / 2),
      y: 58,
      ink: 0,
    });
  });
}

function tries(): [Layer, Wording][] {
  const digit = { size: 96, white: true, face: "gothic" } as const;
  return [..."123456789"].map((text, i) => [
    Layer.Tries1 + i,
    [[{ ...digit, text, x: 280, y: 50 }], [{ ...digit, text, x: 248, y: 28 }]],
  ]);
}

/** A tab in the upper right corner with a white outline, over whatever else is there. */
function markPart(text: string): Part {
  const picture = (canvas: Canvas, glyphs: GlyphSource): void => {
    const type = { face: "gothic", size: 16 } as const;
    canvas.rectangle(8, 0, 56, 19);
    const x = 8 + Math.floor((56 - textWidth(glyphs, type, text)) / 2);
    drawText(glyphs, type, text, { canvas, x, y: 2, ink: 0 });
  };
  return { picture, x: 336, y: 0, width: 64, height: 22, backdrop: true, whole: true };
}

export const ENTRY_MARKS: readonly (readonly [Layer, Wording])[] = [
  ...noteLayers(Layer.Note0, NOTE, englishNote(152)),
  ...noteLayers(Layer.NewNote0, NEW_NOTE, englishNote(168)),
  mask(Layer.LargeDisc, draw.largeDisc, LARGE_MASK),
  mask(Layer.LargeRing, draw.largeRing, LARGE_MASK),
  mask(Layer.LargePoint, draw.largePoint, LARGE_MASK),
  mask(Layer.SmallDisc, draw.smallDisc, SMALL_MASK),
  mask(Layer.SmallRing, draw.smallRing, SMALL_MASK),
  mask(Layer.SmallPoint, draw.smallPoint, SMALL_MASK),
  [Layer.WrongBadge, [[BADGE_JA], [badgeEnglish("tries")]]],
  [Layer.WrongBadgeOne, [[BADGE_JA], [badgeEnglish("try")]]],
  ...tries(),
  [Layer.BenchMark, [[markPart("試験用")], [markPart("BENCH")]]],
];
