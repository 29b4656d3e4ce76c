/** What every image has in common: the parts from the wires to the glass, without the counter line that each makes of its own. */
import type { ByteNatives } from "../hal/bytes.ts";
import type { CardUart } from "../hal/card-uart.ts";
import type { KeyMatrix } from "../hal/key-matrix.ts";
import type { Pins } from "../hal/pins.ts";
import type { Pwm } from "../hal/pwm.ts";
import type { Rom } from "../hal/rom.ts";
import type { Spi } from "../hal/spi.ts";
import type { BoardUart } from "../hal/uart.ts";
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
import { Escapes } from "../firmware/service/escapes.ts";
import { HostExchange, HostPolicy } from "../firmware/service/host-exchange.ts";
import { KnownTries } from "../firmware/service/known-tries.ts";
import { PinEntry } from "../firmware/service/pin-entry.ts";
import { SecureMessages } from "../firmware/service/secure-messages.ts";
import { SecureService } from "../firmware/service/secure-service.ts";
import { View, type Language } from "../firmware/service/view.ts";
import { Terminal, type CounterLine, type KeyTaker } from "../firmware/terminal.ts";
import type { PageMark } from "../firmware/ui/page-layers.ts";
import { PageTones } from "../firmware/ui/page-tones.ts";
import { Screen } from "../firmware/ui/screen.ts";
import type { Board } from "./board.ts";

/** The hardware as hal/ shows it. */
export interface Port {
  readonly line: BoardUart;
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

export interface PartsOptions {
  readonly language: Language;
  readonly policy: HostPolicy;
  /** What a PC/SC driver is told that this is. */
  readonly firmware: readonly number[];
  readonly mark: PageMark;
}

/** What an image's counter line is made on. */
export interface TerminalParts {
  readonly platform: Platform;
  readonly options: PartsOptions;
  readonly session: CardSession;
  readonly view: View;
  readonly answers: CcidAnswers;
  readonly reader: CcidReader;
  readonly pages: CardPages;
  readonly context: CardContext;
  readonly entry: PinEntry;
  readonly secure: SecureService;
  readonly power: CardPower;
}

/** The parts up to the reader. The card's contacts go off first of all: a reset may have come while they were on. */
export function composeParts(platform: Platform, options: PartsOptions): TerminalParts {
  const natives = platform.natives;
  const port = platform.port;
  const session = new CardSession(natives, port.pins, port.card, platform.board.slot);
  port.line.configure(platform.board.lineBaud);
  const view = new View();
  view.language = options.language;
  const answers = new CcidAnswers(natives, session);
  const context = new CardContext();
  const entry = new PinEntry(natives, view, new Lamp(port.pins, platform.board.lamps.secureEntry));
  const secure = new SecureService({
    session,
    context,
    entry,
    block: new PinBlock(natives),
    view,
    tries: new KnownTries(natives),
    knownAlone: options.policy === HostPolicy.AllowList,
  });
  const exchange = new HostExchange(natives, session, context, options.policy);
  const slotLamp = new Lamp(port.pins, platform.board.lamps.slot);
  const statusLamp = new Lamp(port.pins, platform.board.lamps.status);
  const pages = new CardPages(session, view, { slot: slotLamp, status: statusLamp }, options.language);
  const power = new CardPower(session, new CardKindCheck(session));
  const reader = new CcidReader(natives, {
    session,
    power,
    answers,
    exchange,
    secure,
    secureMessages: new SecureMessages(natives, answers, exchange, secure),
    pages,
    escapes: new Escapes(port.reset, options.firmware),
  });
  return { platform, options, session, view, answers, reader, pages, context, entry, secure, power };
}

/** The terminal whose counter line is `line`, and whose keys `keys` takes. */
export function composeTerminal(parts: TerminalParts, line: CounterLine, keys: KeyTaker): Terminal {
  const platform = parts.platform;
  const port = platform.port;
  const board = platform.board;
  const view = parts.view;
  const buzzer = new Buzzer(port.pwm, board.piezoChannel);
  const lcd = new SharpLcd(platform.natives, { spi: port.spi, pins: port.pins, pwm: port.pwm }, board.lcd);
  return new Terminal({
    watchdog: port.watchdog,
    view,
    keypad: new Keypad(port.matrix, board.scanUs),
    session: parts.session,
    keys,
    line,
    tones: new PageTones(view, buzzer),
    buzzer,
    screen: new Screen(platform.natives, { rom: platform.rom, lcd, view }, { mark: parts.options.mark }),
  });
}
