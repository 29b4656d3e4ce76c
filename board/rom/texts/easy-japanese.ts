/**
 * やさしい日本語: what the display says, page by page, in short sentences of easy words, kanji of the elementary school or kana.
 * 48 px holds 8 full-width characters a line, 32 px holds 12. 係の人 are staff, 機械 is the terminal; 暗証番号 stays, for cards and
 * letters call it so. "残りの回数は 同じです" stands only where nothing was sent to the card.
 */
import { Layer } from "../../../firmware/ui/layer.ts";
import { badgeJapanese, markPart, noteParts, triesDigits } from "../entry-parts.ts";
import { legendKey } from "../legend.ts";
import * as at from "../page-parts.ts";
import { below, big, block, centred, nameOf, picture, question, small, two, white } from "../page-parts.ts";
import * as draw from "../pictures.ts";
import type { PageParts, Texts } from "./texts.ts";

const LEAVE_CARD = block("カードはそのまま", "待ってください");
const ASK_STAFF = block("係の人に", "聞いてください");

/** Before and after a card; then the operator's. */
const CARD: readonly PageParts[] = [
  [Layer.Idle, [big(46, "こんにちは"), { rule: 108 }, small(124, "係の人が 手伝います")]],
  [Layer.Insert, [big(20, "カードを"), big(74, "中に入れて"), big(128, "ください"), at.SLOT]],
  [Layer.Reading, [big(22, "読んでいます"), at.HOURGLASS, ...LEAVE_CARD]],
  [Layer.Take, [big(36, "カードを"), big(90, "取って"), big(144, "ください"), at.TAKE]],
  [Layer.InUse, [...two("パソコンが", "使っています"), at.MONITOR, ...LEAVE_CARD]],
  [
    Layer.OutOfService,
    [
      { band: 16, height: 112 },
      white(centred(20, "この機械は")),
      white(centred(72, "使えません")),
      centred(134, "となりの窓口に"),
      centred(186, "行ってください"),
    ],
  ],
  [Layer.InsertOperator, [big(20, "係のカード"), big(74, "を入れて"), big(128, "ください"), at.SLOT]],
  [Layer.SignedIn, [...two("係の人だと", "わかりました"), at.TICK, ...below("仕事を 始められます")]],
  [
    Layer.NotOperator,
    [
      big(22, "係のカード"),
      big(80, "ではありません"),
      ...below("係のカードを", "入れてください"),
      { ...at.REFUSED_CARD, y: 22 },
    ],
  ],
  [Layer.NotGenuine, [...two("係のカードが", "使えません"), ...block("上の人に", "言ってください")]],
];

/** A card or a terminal that cannot be used. */
const FAULTS: readonly PageParts[] = [
  [
    Layer.CardUnreadable,
    [
      big(12, "カードを"),
      big(64, "読めません"),
      small(120, "向きを 見て"),
      small(156, "もう一度 入れてください"),
      picture(draw.turnCard, { x: 272, y: 24, width: 104, height: 128 }),
    ],
  ],
  [
    Layer.CardUnsupported,
    [
      ...two("このカードは", "使えません"),
      ...below("マイナンバーカードを", "入れてください"),
      { ...at.REFUSED_CARD, x: 304, y: 66 },
    ],
  ],
  [Layer.CardT0, [...two("ここで使えない", "カードです"), ...below("係の人に 聞いてください")]],
  [Layer.CardExpired, [...two("カードの期間が", "終わりました"), ...ASK_STAFF]],
  [Layer.CardSuspended, [...two("このカードは", "止めてあります"), ...ASK_STAFF]],
  [Layer.OtherCard, [...two("このカードは", "今は使いません"), ...ASK_STAFF]],
  [Layer.Limited, [...two("この機械は", "今は使えません"), ...ASK_STAFF]],
  [Layer.LimitedCard, [...two("今日はもう", "できません"), ...ASK_STAFF]],
  [Layer.Tamper, [...two("安全のために", "止まりました"), ...block("係の人に", "言ってください")]],
  [
    Layer.SignPin,
    [
      ...two("サインの番号は", "ここで使えません"),
      ...below("英字のキーがありません", "係の人に 聞いてください"),
    ],
  ],
];

/** How a check of the PIN ended. */
const OUTCOMES: readonly PageParts[] = [
  [Layer.Ok, [...two("暗証番号が", "合っています"), at.TICK, ...below("ありがとうございます")]],
  [Layer.Wrong, [...two("暗証番号が", "ちがいます"), small(150, "番号を確かめてください")]],
  [
    Layer.LastTry,
    [
      ...at.lastTryBand(8),
      at.lastTryWord(64, "あと"),
      at.lastTryOne(160),
      at.lastTryWord(208, "回です"),
      big(110, "まちがえると"),
      small(158, "番号が 使えなくなります"),
    ],
  ],
  [Layer.Blocked, [...two("暗証番号が", "使えません"), at.LOCK, ...ASK_STAFF]],
  [Layer.PinUnset, [...two("暗証番号が", "ありません"), ...ASK_STAFF]],
  [Layer.Cancelled, [big(46, "やめました"), ...below("残りの回数は 同じです")]],
  [
    Layer.TimedOut,
    [...two("時間が", "すぎました"), at.CLOCK, ...below("残りの回数は 同じです", "係の人に 言ってください")],
  ],
  [
    Layer.Removed,
    [...two("カードが", "ありません"), ...below("残りの回数は 同じです", "係の人に 言ってください")],
  ],
  [Layer.Unknown, [...two("結果が", "わかりません"), at.WARNING, ...ASK_STAFF]],
  [Layer.WrongBadge, [badgeJapanese()]],
  [Layer.WrongBadgeOne, [badgeJapanese()]],
  ...triesDigits(280, 50),
];

/** Changing a PIN, but for its entries. */
const CHANGE: readonly PageParts[] = [
  [Layer.ChangeAsk, [big(58, "この番号を"), big(112, "変えますか")]],
  [Layer.ChangeDiffer, [...two("２つの番号が", "ちがいます"), small(150, "番号は 前と同じです")]],
  [
    Layer.ChangeWeak,
    [
      big(12, "この番号は"),
      big(64, "使えません"),
      small(122, "0000、1234、生まれた日は"),
      small(160, "だめです"),
    ],
  ],
  [
    Layer.ChangeNotFull,
    [
      big(12, "今は番号を"),
      big(64, "変えられません"),
      small(120, "前に まちがえたので"),
      small(156, "残りの回数が少ないです"),
      small(200, "正しい番号で なおります"),
    ],
  ],
  [Layer.Changed, [...two("暗証番号が", "変わりました"), at.TICK, ...below("番号を 覚えてください")]],
  [Layer.ChangePartial, [...two("まだ全部は", "変わっていません"), ...ASK_STAFF]],
];

/** 4～16こ beside the question, as in japanese.ts. */
const NOTE = { size: 32, x: 248, y: 54 };
const NOTE_DASH = { text: "~", size: 48, x: 248, y: 62 };
/** 4～16こ入れます as the second line. */
const NEW_NOTE = { size: 48, x: 8, y: 94 };

/** Entering a PIN: whose it is, what is asked for. */
const ENTRY: readonly PageParts[] = [
  [Layer.NameJuki, nameOf("住民票の暗証番号")],
  [Layer.NameCommon, nameOf("カードの暗証番号")],
  [Layer.NameUserAuthentication, nameOf("ログインの暗証番号")],
  [Layer.NameSurfaceInput, nameOf("名前や住所の暗証番号")],
  [Layer.NameUnknown, nameOf("知らないアプリの番号")],
  [Layer.NameSignature, nameOf("サインの暗証番号")],
  [Layer.NameOperator, nameOf("係の人の暗証番号")],
  [Layer.EnterFour, question("数字を４つ", "入れてください")],
  [Layer.EnterVariable, question("数字を", "入れてください")],
  [Layer.OldPin, question("今の番号を", "入れてください")],
  [Layer.NewPin, question("新しい番号を", "入れてください")],
  [Layer.NewPinVariable, [big(42, "新しい番号を")]],
  [Layer.RepeatPin, [...nameOf("新しい番号を"), ...question("もう一度", "入れてください")]],
  ...noteParts(Layer.Note0, NOTE, NOTE_DASH, { ...NOTE, text: "こ" }),
  ...noteParts(Layer.NewNote0, NEW_NOTE, { ...NEW_NOTE, text: "～" }, { ...NEW_NOTE, text: "こ入れます" }),
  [Layer.LargeFour, [big(42, "数字を４つ")]],
  [Layer.LargeVariable, [big(42, "数字を")]],
  [Layer.LargeOld, [big(42, "今の番号を")]],
  [Layer.LargeNew, [big(42, "新しい番号を")]],
  [Layer.LargeRepeat, [...nameOf("新しい番号を"), big(42, "もう一度")]],
  [Layer.BenchMark, [markPart("試験用")]],
  [Layer.DevelopmentMark, [markPart("開発用")]],
];

export const EASY_JAPANESE: Texts = {
  name: "Easy Japanese",
  face: "gothic",
  pages: [...CARD, ...FAULTS, ...OUTCOMES, ...CHANGE, ...ENTRY],
  // The places are this language's own: やめる is the word for what ✕ does, and needs its room.
  keys: [
    legendKey(Layer.KeyCancel, "やめる", 0, 128),
    legendKey(Layer.KeyClear, "けす", 128, 224),
    legendKey(Layer.KeyLanguage, "言語", 224, 320),
    legendKey(Layer.KeyLanguageWide, "Language 言語", 208, 400),
    legendKey(Layer.KeyConfirm, "OK", 320, 400),
    legendKey(Layer.KeyStop, "やめる", 0, 200),
    legendKey(Layer.KeyContinue, "続ける", 304, 400),
    legendKey(Layer.KeyNo, "いいえ", 0, 200),
    legendKey(Layer.KeyYes, "はい", 304, 400),
  ],
};
