import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { buildRom } from "../../board/rom/build-rom.ts";
import { EntryPurpose, Language, Page, TRIES_UNKNOWN } from "../../firmware/service/view.ts";
import { PageMark } from "../../firmware/ui/page-layers.ts";
import { NEVER_US } from "../../firmware/protocol/time.ts";
import { PageCamera } from "../../host-sim/world/page-camera.ts";

const test = suite("screen");
const rom = buildRom();

/** The dots' band and the legend below it. */
const FIRST_MASK_LINE = 144;
const LEGEND_LINE = 194;

function cameraAt(page: Page): PageCamera {
  const camera = new PageCamera(rom, { mark: PageMark.None });
  camera.view.show(page);
  camera.draw();
  camera.forget();
  return camera;
}

function entryCamera(digits: number): PageCamera {
  const camera = new PageCamera(rom, { mark: PageMark.None });
  camera.view.digits = digits;
  camera.view.show(Page.PinEntry);
  camera.draw();
  camera.forget();
  return camera;
}

test("a changed page sends the lines that differ, and none where nothing on it has changed", () => {
  const camera = cameraAt(Page.Blocked);
  const before = camera.panel.frame();
  camera.view.show(Page.PinUnset);
  const after = camera.draw();
  const differing = Array.from({ length: 240 }, (_, y) => y).filter((y) => {
    return !Buffer.from(before.subarray(50 * y, 50 * y + 50)).equals(after.subarray(50 * y, 50 * y + 50));
  });
  ok(differing.every((y) => camera.lines.includes(y)));
  ok(differing.length > 20 && camera.lines.length < 220, "margins belong to no item");
});

test("the same page again sends nothing", () => {
  const camera = cameraAt(Page.Take);
  camera.view.show(Page.Take);
  camera.draw();
  equal(camera.transfers, []);
});

test("no view change, no work: the screen sleeps", () => {
  const camera = cameraAt(Page.Take);
  is(camera.screen.step(camera.nowUs + 1), NEVER_US);
  ok(camera.screen.isShown());
});

test("after power-up the picture is white everywhere before the first line, whatever the memory held", () => {
  const camera = new PageCamera(rom, { mark: PageMark.None });
  camera.stepOnce();
  camera.stepOnce();
  const inked = camera.panel
    .frame()
    .some((byte, i) => byte !== 0 && !camera.lines.includes(Math.floor(i / 50)));
  is(inked, false);
});

test("no transfer has more than 8 lines, and the wire never waits while there is something to draw", () => {
  const camera = cameraAt(Page.Idle);
  const startUs = camera.nowUs;
  camera.view.show(Page.OutOfService);
  camera.draw();
  for (const transfer of camera.transfers) ok(transfer.length <= 418);
  const wireUs = camera.transfers.reduce((sum, transfer) => sum + 10 + 4 * transfer.length, 0);
  is(camera.nowUs - startUs, wireUs);
});

test("a new page starts at most one transfer after the change, at every moment of a drawing", () => {
  for (let cut = 1; cut < 20; cut++) {
    const camera = cameraAt(Page.Idle);
    camera.view.show(Page.OutOfService);
    for (let i = 0; i < cut; i++) camera.stepOnce();
    const sent = camera.transfers.length;
    camera.view.show(Page.Insert);
    camera.stepOnce();
    const first =
      camera.lines[camera.transfers.slice(0, sent).reduce((sum, t) => sum + (t.length - 2) / 52, 0)];
    ok(first === undefined || first < 32, `cut after ${cut} transfers, then line ${first}`);
    equal(camera.draw(), cameraAt(Page.Insert).panel.frame(), `cut after ${cut} transfers`);
  }
});

test("a digit changes the masks first, then the legend, and nothing above them", () => {
  const camera = entryCamera(0);
  camera.view.showDigits(1);
  camera.draw();
  ok(camera.lines[0] >= FIRST_MASK_LINE && camera.lines[0] < LEGEND_LINE);
  ok(camera.lines.every((y) => y >= FIRST_MASK_LINE));
  equal(
    camera.lines,
    [...camera.lines].sort((a, b) => a - b),
  );
  ok(
    camera.lines.some((y) => y > LEGEND_LINE),
    "訂正 appears",
  );
});

test("a digit in mid-draw of the page draws the masks first and still the whole page", () => {
  for (let steps = 1; steps < 12; steps++) {
    const camera = cameraAt(Page.Reading);
    camera.view.show(Page.PinEntry);
    for (let i = 0; i < steps; i++) camera.stepOnce();
    camera.forget();
    camera.view.showDigits(1);
    equal(camera.draw(), entryCamera(1).panel.frame(), `after ${steps} steps`);
    ok(camera.lines[0] >= FIRST_MASK_LINE, `after ${steps} steps`);
  }
});

test("the mask is on the wire within 11 ms of the change", () => {
  for (let digits = 1; digits <= 4; digits++) {
    const camera = entryCamera(digits - 1);
    const startUs = camera.nowUs;
    camera.view.showDigits(digits);
    while (camera.screen.step(camera.nowUs) !== NEVER_US && camera.lines.every((y) => y < 187))
      camera.stepOnce();
    ok(camera.nowUs - startUs < 11000, `${camera.nowUs - startUs} us`);
  }
});

test("what is sent for a digit depends on the number of digits alone", () => {
  const runs = [0, 1].map(() => {
    const camera = entryCamera(0);
    for (const digits of [1, 2, 3, 4, 0, 1]) {
      camera.view.showDigits(digits);
      camera.draw();
    }
    return camera.transfers;
  });
  equal(runs[0], runs[1]);
});

test("every field of the view that a page shows is drawn when it changes", () => {
  const camera = entryCamera(2);
  const view = camera.view;
  const changes = [
    () => view.useLanguage(Language.English),
    () => ((view.pinName = 2), view.show(Page.PinEntry)),
    () => ((view.purpose = EntryPurpose.ChangeOld), view.show(Page.PinEntry)),
    () => ((view.maximumDigits = 8), view.show(Page.PinEntry)),
    () => ((view.minimumDigits = 6), view.show(Page.PinEntry)),
    () => view.showTries(Page.Wrong, 2),
    () => view.showTries(Page.Wrong, TRIES_UNKNOWN),
    () => ((view.confirmKey = true), view.show(Page.Wrong)),
  ];
  changes.forEach((change, i) => {
    change();
    camera.forget();
    camera.draw();
    ok(camera.lines.length > 0, `change ${i}`);
  });
});

test("without an intact ROM the screen stays white and says so", () => {
  const camera = new PageCamera(rom.slice(0, 1000), { mark: PageMark.Bench });
  ok(!camera.screen.isIntact());
  ok(camera.draw().every((byte) => byte === 0));
});

test.run();
