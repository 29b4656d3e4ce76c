/**
 * The peripheral bus: the one boundary between firmware and world, the same table for every engine.
 * As calls it is `PeripheralBus`; as bytes every request is `length (u16, little endian), BusRequest (u8), arguments`, its
 * length counting what follows the length field. Integers are little endian. Outputs are batched and travel with the next
 * answered request; an answer is `length (u16), bytes`. `idle` alone lets time pass.
 */
import type { Bytes, ReadonlyBytes } from "./bytes.ts";
import type { Convention } from "./card-uart.ts";

/** Request numbers. 01–0F are batched, 10–7F are answered. */
export const enum BusRequest {
  /** port u8, bytes */
  UartTx = 0x01,
  /** mask u32, value u32 */
  PinsSet = 0x02,
  /** channel u8, hz u32 */
  Pwm = 0x03,
  /** port u8, baud u32 */
  UartSetup = 0x04,
  /** clocksPerEtu u16, guardEtu u16, convention u8 */
  CardUartSetup = 0x05,
  /** part u8; see `Watchdog.progress` */
  Progress = 0x06,
  /** page u8, purpose u8, language u8, digits u8, triesLeft u8; a debug aid of the bench image, which names its page */
  View = 0x07,
  /** parts u8 */
  WatchdogStart = 0x08,
  /** port u8, select u8, tx bytes → rx bytes of the same length */
  Spi = 0x10,
  /** → levels u32 */
  PinsRead = 0x11,
  /** → crossings u16 */
  MatrixScan = 0x12,
  /** n u8 → n bytes */
  Noise = 0x13,
  /** what u8 (`CryptoCall`), its bytes → a digest or a block; for engines that bring no hal/crypto.ts of their own */
  Crypto = 0x14,
  /** operation u8 and its arguments, see `BackupOperation` */
  Backup = 0x15,
  /** The first request of every boot. reason u8, part u8, both 255 = the processor knows of none → reason u8, part u8 */
  Boot = 0x16,
  /** untilUs u64 → nowUs u64, edges u32, (port u8, byte u8, flags u8, timeUs u64)* */
  Idle = 0x7f,
}

/** What `BusRequest.Crypto` wants; see `Crypto`. */
export const enum CryptoCall {
  /** at most `CryptoLimit.MessageBytes` bytes → 32 bytes */
  Sha256 = 0,
  /** key 16 bytes, block 16 bytes → 16 bytes */
  AesBlock = 1,
}

/** What `Backup` asks of the battery-backed memory. */
export const enum BackupOperation {
  /** at u8, n u8 → n bytes */
  Read = 0,
  /** at u8, bytes → nothing */
  Write = 1,
  /** → 1 when the case was opened, else 0 */
  WasOpened = 2,
  /** → nothing; the latch is clear */
  ForgetOpening = 3,
}

/** UART ports of `UartTx` and of received bytes. */
export const enum UartPort {
  /** The counter line. */
  Line = 0,
  /** The card slot's C7. */
  Card = 1,
  /** The service line, alive only with the case key switch. */
  Service = 2,
}

/** How many received characters one answer of `idle` carries at most; the rest come with the next. */
export const enum BusLimit {
  EventsPerIdle = 64,
}

/** What a processor that was reset from outside knows of the reason, and of the part. */
export const enum BootKnown {
  Nothing = 255,
}

/** What `idle` answers. Columns of one preallocated record a character. */
export interface BusEvents {
  nowUs: number;
  edges: number;
  /** Valid entries of the columns below. */
  count: number;
  readonly ports: Bytes;
  readonly values: Bytes;
  readonly flags: Bytes;
  readonly timesUs: number[];
}

/** What the firmware wants to be seen, as numbers of its own; how many digits are typed is on the display as well. */
export interface BusView {
  readonly page: number;
  readonly purpose: number;
  readonly language: number;
  readonly digits: number;
  readonly triesLeft: number;
}

/** The table as calls. Everything but `idle` happens at one instant of world time. */
export interface PeripheralBus {
  uartTx(port: UartPort, bytes: ReadonlyBytes, from: number, length: number): void;
  uartSetup(port: UartPort, baud: number): void;
  cardUartSetup(clocksPerEtu: number, guardEtu: number, convention: Convention): void;
  pinsSet(mask: number, value: number): void;
  pinsRead(): number;
  pwm(channel: number, hz: number): void;
  /** Arms the watchdog, see `Watchdog.start`. */
  watchdogStart(parts: number): void;
  progress(part: number): void;
  /**
   * Says that the program starts, before everything else, and what the processor itself knows of why: `ResetReason` and part,
   * or `BootKnown.Nothing` for both. Returns what the firmware is to believe: the reason + 256 · the part.
   */
  boot(reason: number, part: number): number;
  view(view: BusView): void;
  /** The chip only listens: what comes in is dropped. */
  spi(port: number, select: number, bytes: ReadonlyBytes, length: number): void;
  /** The same request; `bytes[0…length-1]` become what came in. */
  spiExchange(port: number, select: number, bytes: Bytes, length: number): void;
  matrixScan(): number;
  /** Fills `into[0…length-1]`, see hal/noise.ts. */
  noise(into: Bytes, length: number): void;
  /** The four of hal/backup-memory.ts. */
  backupRead(at: number, length: number, into: Bytes): void;
  backupWrite(at: number, length: number, bytes: ReadonlyBytes): void;
  backupWasOpened(): boolean;
  backupForgetOpening(): void;
}
