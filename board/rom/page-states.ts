/** Every picture that the terminal can show a resident, by name: the ROM's checks, the golden pages and the sheets use this list. */
import { EntryPurpose, Language, Page, PinName, TRIES_UNKNOWN, View } from "../../firmware/service/view.ts";
import { PageMark } from "../../firmware/ui/page-layers.ts";

export interface PageState {
  /** A file name's stem, without language. */
  readonly name: string;
  readonly prepare: (view: View) => void;
  readonly mark: PageMark;
}

type Fields = Partial<
  Pick<
    View,
    | "pinName"
    | "purpose"
    | "minimumDigits"
    | "maximumDigits"
    | "digits"
    | "triesLeft"
    | "confirmKey"
    | "cancelKey"
  >
>;

function state(
  name: string,
  page: Page,
  fields: Fields = {},
  choose: (view: View) => void = () => undefined,
): PageState {
  const prepare = (view: View): void => {
    choose(view);
    Object.assign(view, fields).show(page);
  };
  return { name, mark: PageMark.None, prepare };
}

const PLAIN: readonly (readonly [string, Page])[] = [
  ["idle", Page.Idle],
  ["insert", Page.Insert],
  ["reading", Page.Reading],
  ["ok", Page.Ok],
  ["last", Page.LastTry],
  ["blocked", Page.Blocked],
  ["pin-unset", Page.PinUnset],
  ["change-differ", Page.ChangeDiffer],
  ["changed", Page.Changed],
  ["cancelled", Page.Cancelled],
  ["timeout", Page.TimedOut],
  ["removed", Page.Removed],
  ["unknown", Page.Unknown],
  ["card-unreadable", Page.CardUnreadable],
  ["card-unsupported", Page.CardUnsupported],
  ["card-t0", Page.CardT0],
  ["sign-pin", Page.SignPin],
  ["card-expired", Page.CardExpired],
  ["take", Page.Take],
  ["in-use", Page.InUse],
  ["out-of-service", Page.OutOfService],
  ["card-suspended", Page.CardSuspended],
  ["limited", Page.Limited],
  ["limited-card", Page.LimitedCard],
  ["tamper", Page.Tamper],
  ["change-partial", Page.ChangePartial],
  ["change-weak", Page.ChangeWeak],
  ["signed-in", Page.SignedIn],
  ["not-operator", Page.NotOperator],
  ["not-genuine", Page.NotGenuine],
  ["change-not-full", Page.ChangeNotFull],
  ["other-card", Page.OtherCard],
];

/** While a command asks for a card, which 取消 ends. */
const ASKING: readonly (readonly [string, Page])[] = [
  ["insert-command", Page.Insert],
  ["insert-operator", Page.InsertOperator],
  ["card-unreadable-command", Page.CardUnreadable],
];

const NAMES: readonly (readonly [string, PinName])[] = [
  ["juki", PinName.Juki],
  ["common", PinName.Common],
  ["user", PinName.UserAuthentication],
  ["surface", PinName.SurfaceInput],
  ["unknown", PinName.Unknown],
  ["signature", PinName.Signature],
  ["operator", PinName.Operator],
];

/** [minimum, maximum] digits. */
const LENGTHS = [
  [4, 4],
  [4, 16],
  [4, 8],
  [6, 6],
  [10, 16],
  [16, 16],
] as const;

const PURPOSES: readonly (readonly [string, EntryPurpose])[] = [
  ["pin", EntryPurpose.Verify],
  ["change-old", EntryPurpose.ChangeOld],
  ["change-new", EntryPurpose.ChangeNew],
  ["change-again", EntryPurpose.ChangeAgain],
];

/** No digit, some, just enough, all. */
function countsOf(minimum: number, maximum: number): number[] {
  return [...new Set([0, 2, minimum, maximum])];
}

function entries(): PageState[] {
  return PURPOSES.flatMap(([prefix, purpose]) =>
    LENGTHS.flatMap(([minimumDigits, maximumDigits]) =>
      countsOf(minimumDigits, maximumDigits).map((digits) => {
        const pinName = maximumDigits === 16 ? PinName.Unknown : PinName.Juki;
        const name = `${prefix}-${minimumDigits}-${maximumDigits}-at-${digits}`;
        return state(name, Page.PinEntry, { purpose, pinName, minimumDigits, maximumDigits, digits });
      }),
    ),
  );
}

function named(): PageState[] {
  return NAMES.flatMap(([name, pinName]) => [
    state(`pin-${name}`, Page.PinEntry, { pinName, purpose: EntryPurpose.Verify }),
    state(`change-ask-${name}`, Page.ChangeAsk, { pinName }),
  ]);
}

/** Chosen by the person: signs on the page, the mask large, slow, both. */
function chosen(): PageState[] {
  const entry = (name: string, fields: Fields): PageState =>
    state(`large-${name}`, Page.PinEntry, fields, choose);
  const choose = (view: View): void => {
    view.isLarge = true;
    view.togglePace(0);
  };
  const purposes = PURPOSES.flatMap(([name, purpose]) =>
    [0, 2, 4].map((digits) => entry(`${name}-4-4-at-${digits}`, { purpose, digits })),
  );
  const lengths = [
    [4, 5, 4],
    [4, 16, 0],
    [4, 16, 9],
    [4, 16, 16],
  ].map(([minimumDigits, maximumDigits, digits]) =>
    entry(`pin-${minimumDigits}-${maximumDigits}-at-${digits}`, { minimumDigits, maximumDigits, digits }),
  );
  return [
    ...purposes,
    ...lengths,
    state("slow-insert", Page.Insert, {}, (view) => view.togglePace(0)),
    state("slow-insert-command", Page.Insert, { cancelKey: true }, choose),
    ...[0, 2].map((digits) =>
      state(`slow-pin-4-4-at-${digits}`, Page.PinEntry, { digits }, (view) => view.togglePace(0)),
    ),
  ];
}

function wrongs(): PageState[] {
  const tries = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, TRIES_UNKNOWN];
  return tries.flatMap((triesLeft) =>
    [false, true].map((confirmKey) =>
      state(`wrong-${triesLeft}${confirmKey ? "-confirm" : ""}`, Page.Wrong, { triesLeft, confirmKey }),
    ),
  );
}

function confirmed(): PageState[] {
  const pages = [
    ["ok", Page.Ok],
    ["change-differ", Page.ChangeDiffer],
    ["change-weak", Page.ChangeWeak],
    ["changed", Page.Changed],
  ] as const;
  return pages.map(([name, page]) => state(`${name}-confirm`, page, { confirmKey: true }));
}

/** Images that mark their pages. */
const MARKS: readonly (readonly [string, PageMark])[] = [
  ["bench", PageMark.Bench],
  ["development", PageMark.Development],
];

/** All states: town image first, then the same on images that mark their pages. */
export function pageStates(): PageState[] {
  const plain = PLAIN.map(([name, page]) => state(name, page));
  const asking = ASKING.map(([name, page]) => state(name, page, { cancelKey: true }));
  const all = [...plain, ...asking, ...entries(), ...named(), ...wrongs(), ...confirmed(), ...chosen()];
  const marked = MARKS.flatMap(([image, mark]) =>
    all.map((one) => ({ ...one, name: `${one.name}-${image}`, mark })),
  );
  return [...all, ...marked];
}

export const LANGUAGES: readonly (readonly [string, Language])[] = [
  ["ja", Language.Japanese],
  ["en", Language.English],
  ["easy", Language.EasyJapanese],
];
