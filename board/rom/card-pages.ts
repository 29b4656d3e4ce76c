/** The pages around a card: wording, sizes and places in both languages. Every page names one thing to do. */
import { Layer } from "../../firmware/ui/layer.ts";
import {
  ASK_STAFF,
  ASK_STAFF_EN,
  below,
  big,
  block,
  centred,
  picture,
  small,
  two,
  white,
  type Wording,
} from "./page-parts.ts";
import * as draw from "./pictures.ts";

const LEAVE_CARD = block("カードを抜かずに", "お待ちください");
const LEAVE_CARD_EN = block("Please leave", "the card in");
const SLOT = picture(draw.insertCard, { x: 256, y: 24, width: 128, height: 160 });
const EXPIRED = picture(draw.expiredCard, { x: 304, y: 22, width: 96, height: 56 });
const MONITOR = picture(draw.monitor, { x: 296, y: 28, width: 96, height: 80 });
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

const TICK = picture(draw.tick, { x: 304, y: 30, width: 88, height: 88 });

/** Around an operator's card. */
export const OPERATOR_PAGES: readonly (readonly [Layer, Wording])[] = [
  [
    Layer.InsertOperator,
    [
      [big(20, "職員カード"), big(74, "を入れて"), big(128, "ください"), SLOT],
      [big(20, "Insert a"), big(74, "staff"), big(128, "card"), { ...SLOT, x: 272, width: 120 }],
    ],
  ],
  [
    Layer.SignedIn,
    [
      [...two("職員を", "確認しました"), TICK, ...below("窓口を始められます")],
      [...two("Signed in", "as staff"), TICK, ...below("You may begin")],
    ],
  ],
  [
    Layer.NotOperator,
    [
      [
        big(22, "職員カード"),
        big(80, "ではありません"),
        ...below("職員カードを", "お使いください"),
        picture(draw.refusedCard, { x: 296, y: 22, width: 96, height: 56 }),
      ],
      [
        ...two("Not a", "staff card"),
        ...below("Please use", "your staff card"),
        picture(draw.refusedCard, { x: 296, y: 44, width: 96, height: 56 }),
      ],
    ],
  ],
  [
    Layer.NotGenuine,
    [
      [...two("この職員カードは", "使えません"), ...block("管理者に", "お知らせください")],
      [...two("Staff card", "is not valid"), ...block("Please tell", "your manager")],
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
    Layer.CardSuspended,
    [
      [...two("このカードは", "一時停止中です"), ...ASK_STAFF],
      [...two("This card", "is suspended"), ...ASK_STAFF_EN],
    ],
  ],
  [
    Layer.Limited,
    [
      [...two("この端末は", "一時休止中です"), ...ASK_STAFF],
      [...two("This terminal", "is paused"), ...ASK_STAFF_EN],
    ],
  ],
  [
    Layer.LimitedCard,
    [
      [...two("本日の入力は", "ここまでです"), ...ASK_STAFF],
      [...two("No more tries", "here today"), ...ASK_STAFF_EN],
    ],
  ],
  [
    Layer.Tamper,
    [
      [...two("安全のため", "停止しました"), ...block("係員に", "お知らせください")],
      [...two("Stopped", "for safety"), ...block("Please tell", "our staff")],
    ],
  ],
  [
    Layer.ChangePartial,
    [
      [...two("変更が途中で", "止まっています"), ...ASK_STAFF],
      [...two("The change is", "not complete"), ...ASK_STAFF_EN],
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
