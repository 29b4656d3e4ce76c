/**
 * The pages: wording, sizes and places, in both languages. 48 px says what matters, 32 px supports it. Every page names one
 * thing to do. "残り回数は減っていません" stands only where nothing was sent to the card.
 */
import { Layer } from "../../firmware/ui/layer.ts";
import type { Part, PicturePart, TextPart } from "./part.ts";
import * as draw from "./pictures.ts";

/** Japanese, English; one list when both are the same. */
export type Wording = readonly [japanese: Part[], english: Part[]];

function big(y: number, text: string): TextPart {
  return { text, size: 48, x: 8, y };
}

function small(y: number, text: string): TextPart {
  return { text, size: 32, x: 8, y };
}

function centred(y: number, text: string): TextPart {
  return { text, size: 48, x: "centre", y };
}

function white(part: TextPart): TextPart {
  return { ...part, white: true };
}

/** What happened, in two lines. */
function two(first: string, second: string): Part[] {
  return [big(22, first), big(74, second)];
}

/** A line below, for what supports it; two lines with a second. */
function below(first: string, second?: string): Part[] {
  const rule = { rule: 132 };
  if (second === undefined) return [rule, small(150, first)];
  return [rule, small(146, first), small(192, second)];
}

/** The lower half, white on black. */
function block(first: string, second: string): Part[] {
  return [{ band: 128, height: 112 }, white(centred(132, first)), white(centred(184, second))];
}

function picture(
  drawing: PicturePart["picture"],
  place: { x: number; y: number; width: number; height: number },
): PicturePart {
  return { ...place, picture: drawing };
}

const ASK_STAFF = block("係員に", "おたずねください");
const ASK_STAFF_EN = block("Please ask", "our staff");
const LEAVE_CARD = block("カードを抜かずに", "お待ちください");
const LEAVE_CARD_EN = block("Please leave", "the card in");
const SLOT = picture(draw.insertCard, { x: 256, y: 24, width: 128, height: 160 });
const TICK = picture(draw.tick, { x: 304, y: 30, width: 88, height: 88 });
const EXPIRED = picture(draw.expiredCard, { x: 304, y: 22, width: 96, height: 56 });
const MONITOR = picture(draw.monitor, { x: 296, y: 28, width: 96, height: 80 });
const WARNING = picture(draw.smallWarning, { x: 344, y: 24, width: 48, height: 48 });
const HOURGLASS = picture(draw.hourglass, { x: 184, y: 74, width: 40, height: 48 });

/** Around a card: before and after. */
export const CARD_PAGES: readonly (readonly [Layer, Wording])[] = [
  [
    Layer.Idle,
    [
      [big(46, "いらっしゃいませ"), { rule: 108 }, small(124, "係員がご案内します")],
      [big(46, "Welcome"), { rule: 108 }, small(124, "We will help you")],
    ],
  ],
  [
    Layer.Insert,
    [
      [big(20, "カードを"), big(74, "入れて"), big(128, "ください"), SLOT],
      [big(20, "Please"), big(74, "insert"), big(128, "your card"), { ...SLOT, x: 272, width: 120 }],
    ],
  ],
  [
    Layer.Reading,
    [
      [big(22, "読み取り中です"), HOURGLASS, ...LEAVE_CARD],
      [big(22, "Reading card"), HOURGLASS, ...LEAVE_CARD_EN],
    ],
  ],
  [
    Layer.Take,
    [
      [
        big(36, "カードを"),
        big(90, "お取り"),
        big(144, "ください"),
        picture(draw.takeCard, { ...SLOT, y: 40 }),
      ],
      [
        big(36, "Please"),
        big(90, "take"),
        big(144, "your card"),
        picture(draw.takeCard, { ...SLOT, x: 272, y: 40, width: 120 }),
      ],
    ],
  ],
  [
    Layer.InUse,
    [
      [...two("パソコンで", "利用中です"), MONITOR, ...LEAVE_CARD],
      [...two("In use", "by the PC"), MONITOR, ...LEAVE_CARD_EN],
    ],
  ],
  [
    Layer.OutOfService,
    [
      [
        { band: 16, height: 112 },
        { text: "使用中止", size: 96, x: 8, y: 24, white: true },
        centred(134, "となりの窓口を"),
        centred(186, "ご利用ください"),
      ],
      [
        { band: 16, height: 112 },
        white(centred(22, "Out of")),
        white(centred(72, "service")),
        centred(134, "Please use"),
        centred(186, "the next desk"),
      ],
    ],
  ],
];

/** A card that cannot be used. */
export const CARD_FAULT_PAGES: readonly (readonly [Layer, Wording])[] = [
  [
    Layer.CardUnreadable,
    [
      [
        big(12, "カードを"),
        big(64, "読めません"),
        small(120, "向きを確かめて"),
        small(156, "もう一度入れてください"),
        picture(draw.turnCard, { x: 272, y: 24, width: 104, height: 128 }),
      ],
      [
        big(12, "Cannot"),
        big(64, "read card"),
        small(120, "Chip end first"),
        small(156, "Insert it again"),
        picture(draw.turnCard, { x: 280, y: 24, width: 104, height: 128 }),
      ],
    ],
  ],
  [
    Layer.CardUnsupported,
    [
      [
        ...two("このカードは", "使えません"),
        ...below("マイナンバーカードを", "お使いください"),
        picture(draw.refusedCard, { x: 304, y: 66, width: 96, height: 56 }),
      ],
      [
        ...two("Card not", "accepted"),
        ...below("Please use your", "My Number Card"),
        picture(draw.refusedCard, { x: 296, y: 44, width: 96, height: 56 }),
      ],
    ],
  ],
  [
    Layer.CardT0,
    [
      [...two("このカードの", "方式は使えません"), ...below("係員におたずねください")],
      [...two("This card", "will not work"), ...below("Please ask our staff")],
    ],
  ],
  [
    Layer.CardExpired,
    [
      [...two("有効期限が", "切れています"), EXPIRED, ...ASK_STAFF],
      [...two("This card", "has expired"), EXPIRED, ...ASK_STAFF_EN],
    ],
  ],
  [
    Layer.SignPin,
    [
      [
        ...two("署名用暗証番号は", "入力できません"),
        ...below("英字のキーがありません", "係員におたずねください"),
      ],
      [...two("Password", "needs letters"), ...below("No letter keys here", "Please ask our staff")],
    ],
  ],
];

/** How a check of the PIN ended. */
export const OUTCOME_PAGES: readonly (readonly [Layer, Wording])[] = [
  [
    Layer.Ok,
    [
      [...two("暗証番号を", "確認しました"), TICK, ...below("ありがとうございました")],
      [...two("Your PIN", "is correct"), TICK, ...below("Thank you")],
    ],
  ],
  [
    Layer.Wrong,
    [
      [...two("暗証番号が", "ちがいます"), small(150, "番号をお確かめください")],
      [...two("The PIN", "is wrong"), small(150, "Check the number")],
    ],
  ],
  [
    Layer.LastTry,
    [
      [
        { band: 12, height: 96 },
        { picture: draw.smallWarning, x: 8, y: 34, width: 48, height: 48, white: true },
        { text: "最後の", size: 48, x: 56, y: 36, white: true },
        { text: "1", size: 96, x: 200, y: 13, white: true, face: "gothic" },
        { text: "回です", size: 48, x: 248, y: 36, white: true },
        big(110, "まちがえると"),
        small(158, "暗証番号がロックされます"),
      ],
      [
        { band: 12, height: 96 },
        { picture: draw.smallWarning, x: 16, y: 34, width: 48, height: 48, white: true },
        { text: "1", size: 96, x: 80, y: 13, white: true, face: "gothic" },
        { text: "try left", size: 48, x: 144, y: 36, white: true },
        big(108, "One mistake"),
        small(158, "will lock your PIN"),
      ],
    ],
  ],
  [
    Layer.Blocked,
    [
      [
        ...two("暗証番号が", "ロックされました"),
        picture(draw.smallLock, { x: 344, y: 24, width: 40, height: 48 }),
        ...ASK_STAFF,
      ],
      [
        ...two("Your PIN", "is locked"),
        picture(draw.lock, { x: 320, y: 28, width: 64, height: 80 }),
        ...ASK_STAFF_EN,
      ],
    ],
  ],
  [
    Layer.PinUnset,
    [
      [...two("暗証番号が", "未設定です"), ...ASK_STAFF],
      [...two("Your PIN", "is not set"), ...ASK_STAFF_EN],
    ],
  ],
  [
    Layer.Cancelled,
    [
      [big(46, "取り消しました"), ...below("残り回数は減っていません")],
      [big(46, "Cancelled"), ...below("No try was used")],
    ],
  ],
  [
    Layer.TimedOut,
    [
      [
        big(46, "時間切れです"),
        picture(draw.clock, { x: 304, y: 28, width: 88, height: 88 }),
        ...below("残り回数は減っていません", "係員にお知らせください"),
      ],
      [
        big(46, "Time is up"),
        picture(draw.clock, { x: 304, y: 28, width: 88, height: 88 }),
        ...below("No try was used", "Please tell our staff"),
      ],
    ],
  ],
  [
    Layer.Removed,
    [
      [...two("カードが", "抜かれました"), ...below("残り回数は減っていません", "係員にお知らせください")],
      [...two("The card", "was removed"), ...below("No try was used", "Please tell our staff")],
    ],
  ],
  [
    Layer.Unknown,
    [
      [...two("結果を", "確認できません"), WARNING, ...ASK_STAFF],
      [
        ...two("Result", "not known"),
        picture(draw.largeWarning, { x: 312, y: 28, width: 80, height: 80 }),
        ...ASK_STAFF_EN,
      ],
    ],
  ],
];

/** Changing a PIN; the entries themselves are in entry-pages.ts. */
export const CHANGE_PAGES: readonly (readonly [Layer, Wording])[] = [
  [
    Layer.ChangeAsk,
    [
      [big(58, "暗証番号を"), big(112, "変更しますか")],
      [big(58, "Change"), big(112, "your PIN?")],
    ],
  ],
  [
    Layer.ChangeDiffer,
    [
      [...two("２つの番号が", "ちがいます"), small(150, "番号は変わっていません")],
      [...two("The two PINs", "differ"), small(150, "PIN is not changed")],
    ],
  ],
  [
    Layer.Changed,
    [
      [...two("暗証番号を", "変更しました"), TICK, ...below("新しい番号をお忘れなく")],
      [...two("New PIN", "is set"), TICK, ...below("Please remember it")],
    ],
  ],
];
