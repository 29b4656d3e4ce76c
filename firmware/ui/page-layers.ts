/**
 * Which layers make the page that a `View` asks for. A key is in the legend only while it acts; at most one is inverse,
 * the one to press now, and none where the choice is the resident's alone (last try).
 */
import { EntryPurpose, Page } from "../service/view.ts";
import type { View } from "../service/view.ts";
import { addDigitMask, addLargeMask, addLengthNote } from "./entry-marks.ts";
import { Layer } from "./layer.ts";
import type { LayerSink } from "./layer-sink.ts";

/** What every page says of the image that shows it: that it is none for a town's counter, unless it is. */
export const enum PageMark {
  None = 0,
  Bench = 1,
  Development = 2,
}

export interface PageOptions {
  readonly mark: PageMark;
}

/** The badge has room for one digit; a card that allows more tries gives no reason to warn. */
const MOST_TRIES_SHOWN = 9;

/** Where the signs of what was chosen stand. */
const CORNER_COLUMN = 43;
const INSERT_COLUMN = 25;
const SIGN_COLUMNS = 3;

function addBadge(triesLeft: number, into: LayerSink): void {
  if (triesLeft < 1 || triesLeft > MOST_TRIES_SHOWN) return;
  into.add(triesLeft === 1 ? Layer.WrongBadgeOne : Layer.WrongBadge);
  into.add(Layer.Tries1 + triesLeft - 1);
}

function asksFourDigits(view: View): boolean {
  return view.minimumDigits === 4 && view.maximumDigits === 4;
}

function addQuestion(view: View, into: LayerSink): void {
  switch (view.purpose) {
    case EntryPurpose.Verify:
      into.add(asksFourDigits(view) ? Layer.EnterFour : Layer.EnterVariable);
      if (!asksFourDigits(view)) addLengthNote(Layer.Note0, view, into);
      break;
    case EntryPurpose.ChangeOld:
      into.add(Layer.OldPin);
      break;
    case EntryPurpose.ChangeNew:
      into.add(asksFourDigits(view) ? Layer.NewPin : Layer.NewPinVariable);
      if (!asksFourDigits(view)) addLengthNote(Layer.NewNote0, view, into);
      break;
    case EntryPurpose.ChangeAgain:
      into.add(Layer.RepeatPin);
      break;
  }
}

function largeQuestion(view: View): Layer {
  switch (view.purpose) {
    case EntryPurpose.Verify:
      return asksFourDigits(view) ? Layer.LargeFour : Layer.LargeVariable;
    case EntryPurpose.ChangeOld:
      return Layer.LargeOld;
    case EntryPurpose.ChangeNew:
      return Layer.LargeNew;
    case EntryPurpose.ChangeAgain:
      return Layer.LargeRepeat;
  }
}

/** What the person has chosen, on the pages where it can be chosen: in the corner, or beside カードを. */
function addSigns(view: View, into: LayerSink): void {
  if (!view.saysChoices()) return;
  const column = view.page === Page.PinEntry ? CORNER_COLUMN : INSERT_COLUMN;
  if (view.waitsLonger()) into.addAt(Layer.SlowSign, column);
  if (view.isLarge) into.addAt(Layer.LargeSign, column + SIGN_COLUMNS);
}

function addEntry(view: View, into: LayerSink): void {
  // The page of the repetition says 新しい暗証番号を in the name's place.
  if (view.purpose !== EntryPurpose.ChangeAgain) into.add(Layer.NameJuki + view.pinName);
  if (view.isLarge) {
    into.add(largeQuestion(view));
    addLargeMask(view, into);
    return;
  }
  addQuestion(view, into);
  addDigitMask(view, into);
}

function addPicture(view: View, into: LayerSink): void {
  if (view.page === Page.PinEntry) {
    addEntry(view, into);
    return;
  }
  if (view.page === Page.ChangeAsk) into.add(Layer.NameJuki + view.pinName);
  into.add(Layer.Insert + view.page);
  if (view.page === Page.Wrong) addBadge(view.triesLeft, into);
}

function addEntryLegend(view: View, into: LayerSink): void {
  into.add(Layer.LegendRule);
  into.add(Layer.KeyCancel);
  if (view.digits > 0) into.add(Layer.KeyClear);
  into.add(Layer.KeyLanguage);
  if (view.digits >= view.minimumDigits) into.add(Layer.KeyConfirm);
}

function addOneKey(key: Layer, into: LayerSink): void {
  into.add(Layer.LegendRule);
  into.add(key);
}

function addTwoKeys(left: Layer, right: Layer, into: LayerSink): void {
  addOneKey(left, into);
  into.add(right);
}

/** A card is asked for, by a command or by nobody. */
function addCardLegend(view: View, into: LayerSink): void {
  const isAskedAgain = view.page === Page.CardUnreadable;
  if (!isAskedAgain && view.cancelKey) addTwoKeys(Layer.KeyCancel, Layer.KeyLanguage, into);
  else if (!isAskedAgain) addOneKey(Layer.KeyLanguageWide, into);
  else if (view.cancelKey) addOneKey(Layer.KeyCancel, into);
}

/** Pages on which 確認 goes on, when the service waits for it. */
function goesOn(page: Page): boolean {
  const isOutcome = page === Page.Ok || page === Page.Wrong || page === Page.Changed;
  return isOutcome || page === Page.ChangeDiffer || page === Page.ChangeWeak;
}

function asksForCard(page: Page): boolean {
  const isPrompt = page === Page.Insert || page === Page.InsertOperator;
  return isPrompt || page === Page.Idle || page === Page.CardUnreadable;
}

/** Pages that only say something have none. */
function addLegend(view: View, into: LayerSink): void {
  const page = view.page;
  if (page === Page.PinEntry) addEntryLegend(view, into);
  else if (page === Page.LastTry) addTwoKeys(Layer.KeyStop, Layer.KeyContinue, into);
  else if (page === Page.ChangeAsk) addTwoKeys(Layer.KeyNo, Layer.KeyYes, into);
  else if (asksForCard(page)) addCardLegend(view, into);
  else if (goesOn(page) && view.confirmKey) addOneKey(Layer.KeyConfirm, into);
}

function addMark(mark: PageMark, into: LayerSink): void {
  switch (mark) {
    case PageMark.None:
      break;
    case PageMark.Bench:
      into.add(Layer.BenchMark);
      break;
    case PageMark.Development:
      into.add(Layer.DevelopmentMark);
      break;
  }
}

/** Composes the page of `view`. */
export function composePage(view: View, options: PageOptions, into: LayerSink): void {
  addPicture(view, into);
  addSigns(view, into);
  addMark(options.mark, into);
  // Last, for its keys come and go with the digits: what stands before them keeps its place.
  addLegend(view, into);
}
