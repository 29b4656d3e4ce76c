/**
 * English: what the display says, page by page. A line is as long as its letters are wide: the build refuses what does not fit.
 * "No try was used" stands only where nothing was sent to the card. "Stop" says 取消, for "Cancel" has no room in the legend.
 */
import { Layer } from "../../../firmware/ui/layer.ts";
import { badgeEnglish, markPart, noteParts, tightMarkPart, triesDigits } from "../entry-parts.ts";
import { legendKey } from "../legend.ts";
import * as at from "../page-parts.ts";
import { below, big, block, centred, nameOf, picture, question, small, two, white } from "../page-parts.ts";
import * as draw from "../pictures.ts";
import type { PageParts, Texts } from "./texts.ts";

const LEAVE_CARD = block("Please leave", "the card in");
const ASK_STAFF = block("Please ask", "our staff");

/** Before and after a card; then the operator's. */
const CARD: readonly PageParts[] = [
  [Layer.Idle, [big(46, "Welcome"), { rule: 108 }, small(124, "We will help you")]],
  [Layer.Insert, [big(20, "Please"), big(74, "insert"), big(128, "your card"), at.NARROW_SLOT]],
  [Layer.Reading, [big(22, "Reading card"), at.HOURGLASS, ...LEAVE_CARD]],
  [Layer.Take, [big(36, "Please"), big(90, "take"), big(144, "your card"), at.NARROW_TAKE]],
  [Layer.InUse, [...two("In use", "by the PC"), at.MONITOR, ...LEAVE_CARD]],
  [
    Layer.OutOfService,
    [
      { band: 16, height: 112 },
      white(centred(22, "Out of")),
      white(centred(72, "service")),
      centred(134, "Please use"),
      centred(186, "the next desk"),
    ],
  ],
  [Layer.InsertOperator, [big(20, "Insert a"), big(74, "staff"), big(128, "card"), at.NARROW_SLOT]],
  [Layer.SignedIn, [...two("Signed in", "as staff"), at.TICK, ...below("You may begin")]],
  [
    Layer.NotOperator,
    [...two("Not a", "staff card"), ...below("Please use", "your staff card"), at.REFUSED_CARD],
  ],
  [Layer.NotGenuine, [...two("Staff card", "is not valid"), ...block("Please tell", "your manager")]],
];

/** A card or a terminal that cannot be used. */
const FAULTS: readonly PageParts[] = [
  [
    Layer.CardUnreadable,
    [
      big(12, "Cannot"),
      big(64, "read card"),
      small(120, "Chip end first"),
      small(156, "Insert it again"),
      picture(draw.turnCard, { x: 280, y: 24, width: 104, height: 128 }),
    ],
  ],
  [
    Layer.CardUnsupported,
    [...two("Card not", "accepted"), ...below("Please use your", "My Number Card"), at.REFUSED_CARD],
  ],
  [Layer.CardT0, [...two("This card", "will not work"), ...below("Please ask our staff")]],
  [Layer.CardExpired, [...two("This card", "has expired"), at.EXPIRED, ...ASK_STAFF]],
  [Layer.CardSuspended, [...two("This card", "is suspended"), ...ASK_STAFF]],
  [Layer.OtherCard, [...two("This card is", "not needed"), ...ASK_STAFF]],
  [Layer.Limited, [...two("This terminal", "is paused"), ...ASK_STAFF]],
  [Layer.LimitedCard, [...two("No more tries", "here today"), ...ASK_STAFF]],
  [Layer.Tamper, [...two("Stopped", "for safety"), ...block("Please tell", "our staff")]],
  [
    Layer.SignPin,
    [...two("Password", "needs letters"), ...below("No letter keys here", "Please ask our staff")],
  ],
];

/** How a check of the PIN ended. */
const OUTCOMES: readonly PageParts[] = [
  [Layer.Ok, [...two("Your PIN", "is correct"), at.TICK, ...below("Thank you")]],
  [Layer.Wrong, [...two("The PIN", "is wrong"), small(150, "Check the number")]],
  [
    Layer.LastTry,
    [
      ...at.lastTryBand(16),
      at.lastTryOne(80),
      at.lastTryWord(144, "try left"),
      big(108, "One mistake"),
      small(158, "will lock your PIN"),
    ],
  ],
  [Layer.Blocked, [...two("Your PIN", "is locked"), at.LOCK, ...ASK_STAFF]],
  [Layer.PinUnset, [...two("Your PIN", "is not set"), ...ASK_STAFF]],
  [Layer.Cancelled, [big(46, "Cancelled"), ...below("No try was used")]],
  [Layer.TimedOut, [big(46, "Time is up"), at.CLOCK, ...below("No try was used", "Please tell our staff")]],
  [Layer.Removed, [...two("The card", "was removed"), ...below("No try was used", "Please tell our staff")]],
  [
    Layer.Unknown,
    [
      ...two("Result", "not known"),
      picture(draw.largeWarning, { x: 312, y: 28, width: 80, height: 80 }),
      ...ASK_STAFF,
    ],
  ],
  [Layer.WrongBadge, [badgeEnglish("tries")]],
  [Layer.WrongBadgeOne, [badgeEnglish("try")]],
  ...triesDigits(248, 28),
];

/** Changing a PIN, but for its entries. */
const CHANGE: readonly PageParts[] = [
  [Layer.ChangeAsk, [big(58, "Change"), big(112, "your PIN?")]],
  [Layer.ChangeDiffer, [...two("The two PINs", "differ"), small(150, "PIN is not changed")]],
  [
    Layer.ChangeWeak,
    [
      big(12, "Too easy"),
      big(64, "to guess"),
      small(122, "Not 0000, not 1234,"),
      small(160, "not a date of birth"),
    ],
  ],
  [
    Layer.ChangeNotFull,
    [
      big(12, "Cannot"),
      big(64, "change now"),
      small(120, "Wrong PIN before:"),
      small(156, "tries are missing"),
      small(200, "Right PIN resets it"),
    ],
  ],
  [Layer.Changed, [...two("New PIN", "is set"), at.TICK, ...below("Please remember it")]],
  [Layer.ChangePartial, [...two("The change is", "not complete"), ...ASK_STAFF]],
];

/** 4-16 digits, behind the question's last word. */
function note(zero: Layer, x: number): PageParts[] {
  const place = { size: 32, x, y: 106 };
  return noteParts(
    zero,
    place,
    { ...place, face: "gothic", text: "-" },
    { ...place, x: x + 6, text: "digits" },
  );
}

/** Entering a PIN: whose it is, what is asked for. */
const ENTRY: readonly PageParts[] = [
  [Layer.NameJuki, nameOf("Resident record")],
  [Layer.NameCommon, nameOf("My Number Card")],
  [Layer.NameUserAuthentication, nameOf("User certificate")],
  [Layer.NameSurfaceInput, nameOf("Card info input")],
  [Layer.NameUnknown, nameOf("Unknown app")],
  [Layer.NameSignature, nameOf("Signature")],
  [Layer.NameOperator, nameOf("Staff card")],
  [Layer.EnterFour, question("Enter your", "4-digit PIN")],
  [Layer.EnterVariable, question("Enter your", "PIN")],
  [Layer.OldPin, question("Enter your", "current PIN")],
  [Layer.NewPin, question("Enter a", "new PIN")],
  [Layer.NewPinVariable, question("New PIN", "Enter")],
  [Layer.RepeatPin, [...nameOf("Once more"), ...question("Repeat the", "new PIN")]],
  ...note(Layer.Note0, 152),
  ...note(Layer.NewNote0, 168),
  [Layer.LargeFour, [big(42, "4-digit PIN")]],
  [Layer.LargeVariable, [big(42, "PIN")]],
  [Layer.LargeOld, [big(42, "Current PIN")]],
  [Layer.LargeNew, [big(42, "New PIN")]],
  [Layer.LargeRepeat, [...nameOf("Once more"), big(42, "New PIN")]],
  [Layer.BenchMark, [markPart("BENCH")]],
  [Layer.DevelopmentMark, [tightMarkPart("DEVELOPMENT")]],
];

export const ENGLISH: Texts = {
  name: "English",
  face: "proportional",
  pages: [...CARD, ...FAULTS, ...OUTCOMES, ...CHANGE, ...ENTRY],
  keys: [
    legendKey(Layer.KeyCancel, "Stop", 0, 96),
    legendKey(Layer.KeyClear, "Clear", 96, 208),
    legendKey(Layer.KeyLanguage, "言語", 208, 304),
    legendKey(Layer.KeyLanguageWide, "Language 言語", 208, 400),
    legendKey(Layer.KeyConfirm, "OK", 304, 400),
    legendKey(Layer.KeyStop, "Stop", 0, 200),
    legendKey(Layer.KeyContinue, "Continue", 304, 400),
    legendKey(Layer.KeyNo, "No", 0, 200),
    legendKey(Layer.KeyYes, "Yes", 304, 400),
  ],
};
