/**
 * The bench image on the Espruino interpreter, in an empty box: it boots, draws its page, answers the language key with the
 * other page and idles. Prints one line `name value` a figure; test/runner/espruino-part.ts reads them.
 */
import { BusPort } from "../../board/bus-port.ts";
import { composeBench } from "../../board/bench.ts";
import { EspruinoNatives } from "../../board/espruino/natives.ts";
import { BOARD } from "../../board/mps2-an386/pins.ts";
import { Key } from "../../firmware/driver/keypad.ts";
import { Language } from "../../firmware/service/view.ts";
import { FileText } from "../../board/espruino/file-text.ts";
import { TextRom } from "../../board/espruino/text-rom.ts";
import { NullBus } from "./null-bus.ts";

declare function print(text: string): void;
declare function getTime(): number;
declare const process: { memory(): { usage: number; blocksize: number } };

const IDLE_STEPS = 2000;
/** More steps than any page takes. */
const MOST_STEPS = 400;

const codeVariables = process.memory().usage;
const natives = new EspruinoNatives();
const bus = new NullBus();
const terminal = composeBench(
  { natives, rom: new TextRom(new FileText("rom.bin")), port: new BusPort(natives, bus), board: BOARD },
  { language: Language.Japanese, substitute: false },
);
let nowUs = 0;

/** @returns how many milliseconds the steps took. */
function run(steps: number): number {
  const begin = getTime();
  for (let i = 0; i < steps; i++) {
    const next = terminal.step(nowUs);
    nowUs = next > nowUs ? next : nowUs + 1;
  }
  return (getTime() - begin) * 1000;
}

function figure(name: string, value: number): void {
  print(name + " " + value);
}

figure("variable_bytes", process.memory().blocksize);
figure("code_variables", codeVariables);
figure("boot_variables", process.memory().usage);
figure("page_ms", run(MOST_STEPS));
figure("page_bytes", bus.displayBytes);
bus.displayBytes = 0;
bus.crossings = 1 << Key.Language;
figure("language_page_ms", run(MOST_STEPS));
figure("language_page_bytes", bus.displayBytes);
bus.crossings = 0;
run(MOST_STEPS);
figure("settled_variables", process.memory().usage);
figure("idle_ms", run(IDLE_STEPS));
figure("idle_variables", process.memory().usage);
figure("page", terminal.view.page);
figure("language", terminal.view.language);
print("idle terminal: end");
