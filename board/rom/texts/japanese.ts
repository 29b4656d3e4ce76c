/**
 * 日本語: what the display says, page by page. 48 px holds 8 full-width characters a line, 32 px holds 12; lines break at 文節.
 * "残り回数は減っていません" stands only where nothing was sent to the card. Every page names one thing to do.
 */
import { Layer } from "../../../firmware/ui/layer.ts";
import { badgeJapanese, markPart, noteParts, triesDigits } from "../entry-parts.ts";
import { legendKey } from "../legend.ts";
import * as at from "../page-parts.ts";
import { below, big, block, centred, nameOf, picture, question, small, two } from "../page-parts.ts";
import * as draw from "../pictures.ts";
import type { PageParts, Texts } from "./texts.ts";

const LEAVE_CARD = block("カードを抜かずに", "お待ちください");
const ASK_STAFF = block("係員に", "おたずねください");

/** Before and after a card; then the operator's. */
const CARD: readonly PageParts[] = [
  [Layer.Idle, [big(46, "いらっしゃいませ"), { rule: 108 }, small(124, "係員がご案内します")]],
  [Layer.Insert, [big(20, "カードを"), big(74, "入れて"), big(128, "ください"), at.SLOT]],
  [Layer.Reading, [big(22, "読み取り中です"), at.HOURGLASS, ...LEAVE_CARD]],
  [Layer.Take, [big(36, "カードを"), big(90, "お取り"), big(144, "ください"), at.TAKE]],
  [Layer.InUse, [...two("パソコンで", "利用中です"), at.MONITOR, ...LEAVE_CARD]],
  [
    Layer.OutOfService,
    [
      { band: 16, height: 112 },
      { text: "使用中止", size: 96, x: 8, y: 24, white: true },
      centred(134, "となりの窓口を"),
      centred(186, "ご利用ください"),
    ],
  ],
  [Layer.InsertOperator, [big(20, "職員カード"), big(74, "を入れて"), big(128, "ください"), at.SLOT]],
  [Layer.SignedIn, [...two("職員を", "確認しました"), at.TICK, ...below("窓口を始められます")]],
  [
    Layer.NotOperator,
    [
      big(22, "職員カード"),
      big(80, "ではありません"),
      ...below("職員カードを", "お使いください"),
      { ...at.REFUSED_CARD, y: 22 },
    ],
  ],
  [Layer.NotGenuine, [...two("この職員カードは", "使えません"), ...block("管理者に", "お知らせください")]],
];

/** A card or a terminal that cannot be used. */
const FAULTS: readonly PageParts[] = [
  [
    Layer.CardUnreadable,
    [
      big(12, "カードを"),
      big(64, "読めません"),
      small(120, "向きを確かめて"),
      small(156, "もう一度入れてください"),
      picture(draw.turnCard, { x: 272, y: 24, width: 104, height: 128 }),
    ],
  ],
  [
    Layer.CardUnsupported,
    [
      ...two("このカードは", "使えません"),
      ...below("マイナンバーカードを", "お使いください"),
      { ...at.REFUSED_CARD, x: 304, y: 66 },
    ],
  ],
  [Layer.CardT0, [...two("このカードの", "方式は使えません"), ...below("係員におたずねください")]],
  [Layer.CardExpired, [...two("有効期限が", "切れています"), at.EXPIRED, ...ASK_STAFF]],
  [Layer.CardSuspended, [...two("このカードは", "一時停止中です"), ...ASK_STAFF]],
  [Layer.OtherCard, [...two("このカードは", "今は使いません"), ...ASK_STAFF]],
  [Layer.Limited, [...two("この端末は", "一時休止中です"), ...ASK_STAFF]],
  [Layer.LimitedCard, [...two("本日の入力は", "ここまでです"), ...ASK_STAFF]],
  [Layer.Tamper, [...two("安全のため", "停止しました"), ...block("係員に", "お知らせください")]],
  [
    Layer.SignPin,
    [
      ...two("署名用暗証番号は", "入力できません"),
      ...below("英字のキーがありません", "係員におたずねください"),
    ],
  ],
];

/** How a check of the PIN ended. */
const OUTCOMES: readonly PageParts[] = [
  [Layer.Ok, [...two("暗証番号を", "確認しました"), at.TICK, ...below("ありがとうございました")]],
  [Layer.Wrong, [...two("暗証番号が", "ちがいます"), small(150, "番号をお確かめください")]],
  [
    Layer.LastTry,
    [
      ...at.lastTryBand(8),
      at.lastTryWord(56, "最後の"),
      at.lastTryOne(200),
      at.lastTryWord(248, "回です"),
      big(110, "まちがえると"),
      small(158, "暗証番号がロックされます"),
    ],
  ],
  [
    Layer.Blocked,
    [
      ...two("暗証番号が", "ロックされました"),
      picture(draw.smallLock, { x: 344, y: 24, width: 40, height: 48 }),
      ...ASK_STAFF,
    ],
  ],
  [Layer.PinUnset, [...two("暗証番号が", "未設定です"), ...ASK_STAFF]],
  [Layer.Cancelled, [big(46, "取り消しました"), ...below("残り回数は減っていません")]],
  [
    Layer.TimedOut,
    [big(46, "時間切れです"), at.CLOCK, ...below("残り回数は減っていません", "係員にお知らせください")],
  ],
  [
    Layer.Removed,
    [...two("カードが", "抜かれました"), ...below("残り回数は減っていません", "係員にお知らせください")],
  ],
  [Layer.Unknown, [...two("結果を", "確認できません"), at.WARNING, ...ASK_STAFF]],
  [Layer.WrongBadge, [badgeJapanese()]],
  [Layer.WrongBadgeOne, [badgeJapanese()]],
  ...triesDigits(280, 50),
];

/** Changing a PIN, but for its entries. */
const CHANGE: readonly PageParts[] = [
  [Layer.ChangeAsk, [big(58, "暗証番号を"), big(112, "変更しますか")]],
  [Layer.ChangeDiffer, [...two("２つの番号が", "ちがいます"), small(150, "番号は変わっていません")]],
  [
    Layer.ChangeWeak,
    [
      big(12, "この番号は"),
      big(64, "使えません"),
      small(122, "0000 や 1234、生年月日は"),
      small(160, "お選びになれません"),
    ],
  ],
  // A right entry of the PIN that the outcome names fills its counter; which command asks for it is the staff's to know.
  [
    Layer.ChangeNotFull,
    [
      big(12, "いまは"),
      big(64, "変更できません"),
      small(120, "以前の入力まちがいで"),
      small(156, "残り回数が減っています"),
      small(200, "正しい入力で元に戻ります"),
    ],
  ],
  [Layer.Changed, [...two("暗証番号を", "変更しました"), at.TICK, ...below("新しい番号をお忘れなく")]],
  [Layer.ChangePartial, [...two("変更が途中で", "止まっています"), ...ASK_STAFF]],
];

/** 4～16けた beside the question. The wave is the 48 px half-width one, lowered: so 10～16けた still ends on the page. */
const NOTE = { size: 32, x: 248, y: 54 };
const NOTE_DASH = { text: "~", size: 48, x: 248, y: 62 };
/** 4～16けたで入力 as the second line. */
const NEW_NOTE = { size: 48, x: 8, y: 94 };

/** Entering a PIN: whose it is, what is asked for. */
const ENTRY: readonly PageParts[] = [
  [Layer.NameJuki, nameOf("住民基本台帳用の")],
  [Layer.NameCommon, nameOf("個人番号カード共通の")],
  [Layer.NameUserAuthentication, nameOf("利用者証明用の")],
  [Layer.NameSurfaceInput, nameOf("券面事項入力補助用の")],
  [Layer.NameUnknown, nameOf("不明なアプリの")],
  [Layer.NameSignature, nameOf("署名用の")],
  [Layer.NameOperator, nameOf("職員用の")],
  [Layer.EnterFour, question("暗証番号４けたを", "入力してください")],
  [Layer.EnterVariable, question("暗証番号を", "入力してください")],
  [Layer.OldPin, question("現在の暗証番号を", "入力してください")],
  [Layer.NewPin, question("新しい暗証番号を", "入力してください")],
  [Layer.NewPinVariable, [big(42, "新しい暗証番号を")]],
  [Layer.RepeatPin, [...nameOf("新しい暗証番号を"), ...question("もう一度", "入力してください")]],
  ...noteParts(Layer.Note0, NOTE, NOTE_DASH, { ...NOTE, text: "けた" }),
  ...noteParts(Layer.NewNote0, NEW_NOTE, { ...NEW_NOTE, text: "～" }, { ...NEW_NOTE, text: "けたで入力" }),
  [Layer.LargeFour, [big(42, "暗証番号４けたを")]],
  [Layer.LargeVariable, [big(42, "暗証番号を")]],
  [Layer.LargeOld, [big(42, "現在の暗証番号を")]],
  [Layer.LargeNew, [big(42, "新しい暗証番号を")]],
  [Layer.LargeRepeat, [...nameOf("新しい暗証番号を"), big(42, "もう一度")]],
  [Layer.BenchMark, [markPart("試験用")]],
  [Layer.DevelopmentMark, [markPart("開発用")]],
];

export const JAPANESE: Texts = {
  name: "Japanese",
  face: "gothic",
  pages: [...CARD, ...FAULTS, ...OUTCOMES, ...CHANGE, ...ENTRY],
  keys: [
    legendKey(Layer.KeyCancel, "取消", 0, 96),
    legendKey(Layer.KeyClear, "訂正", 96, 208),
    legendKey(Layer.KeyLanguage, "言語", 208, 304),
    legendKey(Layer.KeyLanguageWide, "Language 言語", 208, 400),
    legendKey(Layer.KeyConfirm, "確認", 304, 400),
    legendKey(Layer.KeyStop, "やめる", 0, 200),
    legendKey(Layer.KeyContinue, "続ける", 304, 400),
    legendKey(Layer.KeyNo, "いいえ", 0, 200),
    legendKey(Layer.KeyYes, "はい", 304, 400),
  ],
};
