/**
 * Composition root of the bench image: the GemPC PinPad framing in the clear, the deny-list firewall, every page marked.
 * Not for a town's counter (design §6).
 */
import type { ByteNatives } from "../hal/bytes.ts";
import type { CardUart } from "../hal/card-uart.ts";
import type { KeyMatrix } from "../hal/key-matrix.ts";
import type { Pins } from "../hal/pins.ts";
import type { Pwm } from "../hal/pwm.ts";
import type { Rom } from "../hal/rom.ts";
import type { Spi } from "../hal/spi.ts";
import type { Uart } from "../hal/uart.ts";
import type { ResetRecord, Watchdog } from "../hal/watchdog.ts";
import { Buzzer } from "../firmware/driver/buzzer.ts";
import { Keypad } from "../firmware/driver/keypad.ts";
import { Lamp } from "../firmware/driver/lamps.ts";
import { SharpLcd } from "../firmware/driver/sharp-lcd.ts";
import { PinBlock } from "../firmware/protocol/pin-block.ts";
import { CardContext } from "../firmware/service/card-context.ts";
import { CardKindCheck } from "../firmware/service/card-kind.ts";
import { CardPower } from "../firmware/service/card-power.ts";
import { CardPages } from "../firmware/service/card-pages.ts";
import { CardSession } from "../firmware/service/card-session.ts";
import { CcidAnswers } from "../firmware/service/ccid-answers.ts";
import { CcidReader } from "../firmware/service/ccid-reader.ts";
import { BENCH_FIRMWARE, Escapes } from "../firmware/service/escapes.ts";
import { GemPcLine } from "../firmware/service/gempc-line.ts";
import { HostExchange } from "../firmware/service/host-exchange.ts";
import { KnownTries } from "../firmware/service/known-tries.ts";
import { PinEntry } from "../firmware/service/pin-entry.ts";
import { SecureMessages } from "../firmware/service/secure-messages.ts";
import { SecureService } from "../firmware/service/secure-service.ts";
import { Language, View } from "../firmware/service/view.ts";
import { Terminal } from "../firmware/terminal.ts";
import { PageTones } from "../firmware/ui/page-tones.ts";
import { Screen } from "../firmware/ui/screen.ts";
import type { Board } from "./board.ts";

/** The hardware as hal/ shows it. */
export interface Port {
  readonly line: Uart;
  readonly card: CardUart;
  readonly spi: Spi;
  readonly pwm: Pwm;
  readonly matrix: KeyMatrix;
  readonly pins: Pins;
  readonly watchdog: Watchdog;
  /** Why this boot is. */
  readonly reset: ResetRecord;
}

export interface Platform {
  readonly natives: ByteNatives;
  readonly rom: Rom;
  readonly port: Port;
  readonly board: Board;
}

export interface BenchOptions {
  readonly language: Language;
  /** A host's VERIFY of a known object is replaced by an entry on the keypad instead of being refused. */
  readonly substitute: boolean;
}

export function composeBench(platform: Platform, options: BenchOptions): Terminal {
  const natives = platform.natives;
  const port = platform.port;
  const board = platform.board;
  // First of all, for its slot switches the card off: a reset may have come while one was powered.
  const session = new CardSession(natives, port.pins, port.card, board.slot);
  const view = new View();
  view.language = options.language;
  const buzzer = new Buzzer(port.pwm, board.piezoChannel);
  const context = new CardContext();
  const entry = new PinEntry(natives, view, new Lamp(port.pins, board.lamps.secureEntry));
  const secure = new SecureService({
    session,
    context,
    entry,
    block: new PinBlock(natives),
    view,
    tries: new KnownTries(natives),
  });
  const pages = new CardPages(session, view, new Lamp(port.pins, board.lamps.slot), options.language);
  const answers = new CcidAnswers(natives, session);
  const exchange = new HostExchange(natives, session, context, options.substitute);
  const secureMessages = new SecureMessages(natives, answers, exchange, secure);
  const reader = new CcidReader(natives, {
    session,
    power: new CardPower(session, new CardKindCheck(session)),
    answers,
    exchange,
    secure,
    secureMessages,
    pages,
    escapes: new Escapes(port.reset, BENCH_FIRMWARE),
  });
  // Lit as soon as the parts stand: the terminal is in service.
  new Lamp(port.pins, board.lamps.status).light(true);
  const lcd = new SharpLcd(natives, { spi: port.spi, pins: port.pins, pwm: port.pwm }, board.lcd);
  return new Terminal({
    watchdog: port.watchdog,
    view,
    keypad: new Keypad(port.matrix, board.scanUs),
    session,
    reader,
    line: new GemPcLine(natives, port.line, reader, answers),
    tones: new PageTones(view, buzzer),
    buzzer,
    screen: new Screen(natives, { rom: platform.rom, lcd, view }, { bench: true }),
  });
}
