/**
 * The pages of a PIN's fate: wording, sizes and places in both languages. "残り回数は減っていません" stands only where nothing
 * was sent to the card.
 */
import { Layer } from "../../firmware/ui/layer.ts";
import { ASK_STAFF, ASK_STAFF_EN, below, big, picture, small, two, type Wording } from "./page-parts.ts";
import * as draw from "./pictures.ts";

const TICK = picture(draw.tick, { x: 304, y: 30, width: 88, height: 88 });
const WARNING = picture(draw.smallWarning, { x: 344, y: 24, width: 48, height: 48 });

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
    Layer.ChangeWeak,
    [
      [
        big(12, "この番号は"),
        big(64, "使えません"),
        small(122, "0000 や 1234、生年月日は"),
        small(160, "お選びになれません"),
      ],
      [
        big(12, "Too easy"),
        big(64, "to guess"),
        small(122, "Not 0000, not 1234,"),
        small(160, "not a date of birth"),
      ],
    ],
  ],
  // A right entry of the PIN that the outcome names fills its counter; which command asks for it is the staff's to know.
  [
    Layer.ChangeNotFull,
    [
      [
        big(12, "いまは"),
        big(64, "変更できません"),
        small(120, "以前の入力まちがいで"),
        small(156, "残り回数が減っています"),
        small(200, "正しい入力で元に戻ります"),
      ],
      [
        big(12, "Cannot"),
        big(64, "change now"),
        small(120, "Wrong PIN before:"),
        small(156, "tries are missing"),
        small(200, "Right PIN resets it"),
      ],
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
