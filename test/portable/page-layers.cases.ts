/** Which layers a view asks for: keys stand in the legend only while they act, marks depend on counts alone. */
import type { ByteNatives } from "../../hal/bytes.ts";
import { EntryPurpose, Page, PinName, TRIES_UNKNOWN, View } from "../../firmware/service/view.ts";
import { Layer } from "../../firmware/ui/layer.ts";
import { composePage, PageMark } from "../../firmware/ui/page-layers.ts";
import type { Report } from "./report.ts";

/** Notes layers; every layer is two columns wide and stands at column 31. */
class FakeSink {
  readonly layers: number[] = [];
  readonly placed: number[] = [];
  readonly columns: number[] = [];

  add(layer: Layer): void {
    this.layers.push(layer);
  }

  addAt(layer: Layer, column: number): number {
    this.placed.push(layer);
    this.columns.push(column);
    return column + 2;
  }

  columnOf(layer: Layer): number {
    return layer === Layer.Note0 || layer === Layer.NewNote0 ? 31 : -1;
  }
}

function compose(view: View, mark: PageMark): FakeSink {
  const sink = new FakeSink();
  composePage(view, { mark }, sink);
  return sink;
}

function checkNumbers(report: Report, actual: number[], expected: number[], what: string): void {
  report.equal(actual.length, expected.length, what);
  for (let i = 0; i < expected.length; i++) report.equal(actual[i], expected[i], what);
}

function entry(digits: number, minimum: number, maximum: number): View {
  const view = new View();
  view.minimumDigits = minimum;
  view.maximumDigits = maximum;
  view.digits = digits;
  view.page = Page.PinEntry;
  return view;
}

function checkEntryLegend(report: Report): void {
  const start = [Layer.NameJuki, Layer.EnterFour, Layer.LegendRule, Layer.KeyCancel];
  const none = compose(entry(0, 4, 4), PageMark.None).layers;
  checkNumbers(report, none, start.concat([Layer.KeyLanguage]), "no digit: cancel and language");
  const some = compose(entry(3, 4, 4), PageMark.None).layers;
  checkNumbers(report, some, start.concat([Layer.KeyClear, Layer.KeyLanguage]), "a digit: clear as well");
  const all = compose(entry(4, 4, 4), PageMark.None).layers;
  const complete = start.concat([Layer.KeyClear, Layer.KeyLanguage, Layer.KeyConfirm]);
  checkNumbers(report, all, complete, "complete: confirm as well");
  const marked = compose(entry(4, 4, 4), PageMark.Bench).layers;
  const withMark = complete.slice(0, 2).concat([Layer.BenchMark], complete.slice(2));
  checkNumbers(report, marked, withMark, "the bench mark over the picture, before the keys that come and go");
}

function checkMasks(report: Report): void {
  const four = compose(entry(1, 4, 4), PageMark.None);
  const large = [Layer.LargeDisc, Layer.LargeRing, Layer.LargeRing, Layer.LargeRing];
  checkNumbers(report, four.placed, large, "one entered, three required");
  checkNumbers(report, four.columns, [9, 18, 27, 36], "four large masks in the middle");
  const many = compose(entry(5, 4, 6), PageMark.None);
  checkNumbers(report, many.columns.slice(4), [7, 13, 19, 25, 31, 37], "six stand closer");
  report.equal(many.placed[8], Layer.LargeDisc, "an optional digit that was entered");
  report.equal(many.placed[9], Layer.LargePoint, "an optional digit");
  const most = compose(entry(2, 4, 16), PageMark.None);
  checkNumbers(
    report,
    most.columns.slice(5),
    [1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 34, 37, 40, 43, 46],
    "sixteen",
  );
  report.equal(most.placed[5], Layer.SmallDisc, "small: entered");
  report.equal(most.placed[7], Layer.SmallRing, "small: required");
  report.equal(most.placed[20], Layer.SmallPoint, "small: optional");
}

function checkLarge(report: Report): void {
  const four = entry(1, 4, 4);
  four.isLarge = true;
  const masks = compose(four, PageMark.None);
  report.equal(masks.layers[1], Layer.LargeFour, "one line of the question");
  const huge = [Layer.HugeDisc, Layer.HugeRing, Layer.HugeRing, Layer.HugeRing, Layer.LargeSign];
  checkNumbers(report, masks.placed, huge, "large masks, and the sign");
  checkNumbers(report, masks.columns, [2, 14, 26, 38, 46], "in the middle; the sign in the corner");
  const many = entry(16, 4, 16);
  many.isLarge = true;
  many.togglePace(0);
  const number = [Layer.Huge1, Layer.Huge6, Layer.SlowSign, Layer.LargeSign];
  checkNumbers(report, compose(many, PageMark.None).placed, number, "of more than five their number alone");
  const insert = new View();
  insert.isLarge = true;
  insert.togglePace(0);
  insert.page = Page.Insert;
  const signs = [Layer.SlowSign, Layer.LargeSign];
  checkNumbers(report, compose(insert, PageMark.None).placed, signs, "signs while a card is asked for");
  insert.page = Page.Ok;
  report.equal(compose(insert, PageMark.None).placed.length, 0, "none on a result");
}

function checkNotes(report: Report): void {
  const range = compose(entry(0, 4, 16), PageMark.None);
  const words = [Layer.Note4, Layer.NoteDash, Layer.Note1, Layer.Note6, Layer.NoteSuffix];
  checkNumbers(report, range.placed.slice(0, 5), words, "4～16けた");
  checkNumbers(
    report,
    range.columns.slice(0, 5),
    [31, 33, 35, 37, 39],
    "one after the other from the ROM's place",
  );
  report.equal(range.layers[1], Layer.EnterVariable, "a question without a number");
  const six = compose(entry(0, 6, 6), PageMark.None);
  checkNumbers(report, six.placed.slice(0, 2), [Layer.Note6, Layer.NoteSuffix], "6けた");
  const view = entry(0, 10, 12);
  view.purpose = EntryPurpose.ChangeNew;
  const fresh = compose(view, PageMark.None);
  const new10 = [
    Layer.NewNote1,
    Layer.NewNote0,
    Layer.NewNoteDash,
    Layer.NewNote1,
    Layer.NewNote2,
    Layer.NewNoteSuffix,
  ];
  checkNumbers(report, fresh.placed.slice(0, 6), new10, "10～12けたで入力");
  report.equal(fresh.layers[1], Layer.NewPinVariable, "the new PIN's question");
}

function checkPurposes(report: Report): void {
  const view = entry(0, 4, 4);
  view.pinName = PinName.SurfaceInput;
  view.purpose = EntryPurpose.ChangeOld;
  checkNumbers(
    report,
    compose(view, PageMark.None).layers.slice(0, 2),
    [Layer.NameSurfaceInput, Layer.OldPin],
    "old",
  );
  view.purpose = EntryPurpose.ChangeNew;
  checkNumbers(
    report,
    compose(view, PageMark.None).layers.slice(0, 2),
    [Layer.NameSurfaceInput, Layer.NewPin],
    "new",
  );
  view.purpose = EntryPurpose.ChangeAgain;
  checkNumbers(
    report,
    compose(view, PageMark.None).layers.slice(0, 2),
    [Layer.RepeatPin, Layer.LegendRule],
    "again",
  );
}

function wrongWith(tries: number): number[] {
  const view = new View();
  view.showTries(Page.Wrong, tries);
  return compose(view, PageMark.None).layers;
}

function checkTries(report: Report): void {
  checkNumbers(
    report,
    wrongWith(1),
    [Layer.Wrong, Layer.WrongBadgeOne, Layer.Tries1],
    "one try has its own words",
  );
  checkNumbers(report, wrongWith(2), [Layer.Wrong, Layer.WrongBadge, Layer.Tries2], "two tries");
  checkNumbers(report, wrongWith(9), [Layer.Wrong, Layer.WrongBadge, Layer.Tries9], "nine tries");
  checkNumbers(report, wrongWith(10), [Layer.Wrong], "more tries than the badge has room for");
  checkNumbers(report, wrongWith(TRIES_UNKNOWN), [Layer.Wrong], "unknown tries");
  checkNumbers(report, wrongWith(0), [Layer.Wrong], "no try left is not this page's to say");
}

function pageOf(page: Page, mark: PageMark): number[] {
  const view = new View();
  view.confirmKey = true;
  view.cancelKey = mark === PageMark.None;
  view.show(page);
  return compose(view, mark).layers;
}

function checkOtherLegends(report: Report): void {
  const choice = [Layer.LastTry, Layer.LegendRule, Layer.KeyStop, Layer.KeyContinue];
  checkNumbers(report, pageOf(Page.LastTry, PageMark.None), choice, "last try: two plain keys");
  const insert = [Layer.Insert, Layer.LegendRule, Layer.KeyCancel, Layer.KeyLanguage];
  checkNumbers(report, pageOf(Page.Insert, PageMark.None), insert, "insert in a command can be cancelled");
  const staff = [Layer.InsertOperator, Layer.LegendRule, Layer.KeyCancel, Layer.KeyLanguage];
  checkNumbers(report, pageOf(Page.InsertOperator, PageMark.None), staff, "and so can an operator's sign-in");
  const idle = [Layer.Insert, Layer.BenchMark, Layer.LegendRule, Layer.KeyLanguageWide];
  checkNumbers(
    report,
    pageOf(Page.Insert, PageMark.Bench),
    idle,
    "insert without a command has nothing to cancel",
  );
  const differ = [Layer.ChangeDiffer, Layer.LegendRule, Layer.KeyConfirm];
  checkNumbers(report, pageOf(Page.ChangeDiffer, PageMark.None), differ, "differ goes on with confirm");
  checkNumbers(report, pageOf(Page.Blocked, PageMark.None), [Layer.Blocked], "no key acts: no legend");
  checkNumbers(
    report,
    pageOf(Page.OutOfService, PageMark.Bench),
    [Layer.OutOfService, Layer.BenchMark],
    "marked as well",
  );
  const developed = pageOf(Page.Blocked, PageMark.Development);
  checkNumbers(
    report,
    developed,
    [Layer.Blocked, Layer.DevelopmentMark],
    "the development image has its own",
  );
  const first: number = Page.Insert;
  for (let page = first; page <= Page.ChangeNotFull; page++) {
    if (page !== Page.PinEntry && page !== Page.ChangeAsk) {
      report.equal(
        pageOf(page, PageMark.None)[0],
        Layer.Insert + page,
        "every page has the layer of its number",
      );
    }
  }
}

export function checkPageLayers(report: Report, _natives: ByteNatives): void {
  checkEntryLegend(report);
  checkMasks(report);
  checkLarge(report);
  checkNotes(report);
  checkPurposes(report);
  checkTries(report);
  checkOtherLegends(report);
}
