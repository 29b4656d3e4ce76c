/**
 * Composition root of the sealed images: a counter is spoken to in TLS alone, no plain framing is linked in. The development image
 * takes keys that were made for development and says so on every page; the town image takes none (design §6).
 */
import type { BackupMemory } from "../hal/backup-memory.ts";
import type { ByteNatives } from "../hal/bytes.ts";
import type { Crypto } from "../hal/crypto.ts";
import type { Noise } from "../hal/noise.ts";
import type { DuplexSpi } from "../hal/spi.ts";
import { Fram, type FramWiring } from "../firmware/driver/fram.ts";
import { CaseKey } from "../firmware/driver/case-key.ts";
import { FrameLine } from "../firmware/driver/frame-line.ts";
import { ReliableLine } from "../firmware/driver/reliable-line.ts";
import { AesCcm } from "../firmware/protocol/aes-ccm.ts";
import { HkdfSha256 } from "../firmware/protocol/hkdf-sha256.ts";
import { HmacSha256 } from "../firmware/protocol/hmac-sha256.ts";
import { TlsServer } from "../firmware/protocol/tls-server.ts";
import type { CardPages } from "../firmware/service/card-pages.ts";
import { CheckMemory, type MemoryParts } from "../firmware/service/check-memory.ts";
import { CheckProof } from "../firmware/service/check-proof.ts";
import { CounterCommands } from "../firmware/service/counter-commands.ts";
import { CounterHello, ImageKind } from "../firmware/service/counter-hello.ts";
import { CounterSession } from "../firmware/service/counter-session.ts";
import { SEALED_FIRMWARE } from "../firmware/service/escapes.ts";
import { HostPolicy } from "../firmware/service/host-exchange.ts";
import { Journal } from "../firmware/service/journal.ts";
import { JournalCommands } from "../firmware/service/journal-commands.ts";
import { Ledger } from "../firmware/service/ledger.ts";
import { LinkEvents } from "../firmware/service/link-events.ts";
import { PinChange } from "../firmware/service/pin-change.ts";
import { PairKeys } from "../firmware/service/pair-keys.ts";
import { RandomBits } from "../firmware/service/random-bits.ts";
import { ResidentCheck } from "../firmware/service/resident-check.ts";
import { SealedLine } from "../firmware/service/sealed-line.ts";
import { StaffCommands } from "../firmware/service/staff-commands.ts";
import { Store, StoreError } from "../firmware/service/store.ts";
import { StoredResult } from "../firmware/service/stored-result.ts";
import { STORE_LAYOUT } from "../firmware/service/store-layout.ts";
import { TokenBucket } from "../firmware/service/token-bucket.ts";
import { Page, type Language } from "../firmware/service/view.ts";
import type { Terminal } from "../firmware/terminal.ts";
import { PageMark } from "../firmware/ui/page-layers.ts";
import {
  composeParts,
  composeTerminal,
  type Platform,
  type Port,
  type TerminalParts,
} from "./terminal-parts.ts";

/** What a terminal with secrets needs beside. */
export interface SealedPort extends Port {
  /** Where the FRAM is. */
  readonly memorySpi: DuplexSpi;
  readonly backup: BackupMemory;
  readonly noise: Noise;
}

export interface SealedPlatform extends Platform {
  readonly port: SealedPort;
  readonly crypto: Crypto;
  readonly fram: FramWiring;
}

export interface SealedOptions {
  readonly language: Language;
  readonly image: ImageKind;
}

/** The longest message of an HMAC: what a random bit generator is seeded with, behind its own state. */
const HMAC_MESSAGE_BYTES = 192;

interface Remembering extends MemoryParts {
  readonly bucket: TokenBucket;
}

/** The counter's own commands, on the parts that the reader works with too. */
function composeCommands(
  natives: ByteNatives,
  parts: TerminalParts,
  remembering: Remembering,
  staff: StaffCommands,
): CounterCommands {
  const memory = new CheckMemory(natives, remembering);
  const session = parts.session;
  const view = parts.view;
  const context = parts.context;
  const proof = new CheckProof(natives, { session, context, secure: parts.secure, memory, view });
  const change = new PinChange(natives, { session, context, entry: parts.entry, memory, view });
  const pages = parts.pages;
  const check = new ResidentCheck(natives, { session, power: parts.power, proof, change, pages, view });
  memory.serve(check);
  return new CounterCommands(natives, {
    answers: parts.answers,
    check,
    memory,
    journal: new JournalCommands(natives, remembering.journal, remembering.store),
    bucket: remembering.bucket,
    staff,
  });
}

/** For a reason that only provisioning can take away; an opened case is put on record. */
function takeOutOfService(backup: BackupMemory, pages: CardPages, events: LinkEvents): void {
  const isOpened = backup.wasOpened();
  if (isOpened) events.opened();
  pages.takeOutOfService(isOpened ? Page.Tamper : Page.OutOfService);
}

export function composeSealed(platform: SealedPlatform, options: SealedOptions): Terminal {
  const natives = platform.natives;
  const port = platform.port;
  const crypto = platform.crypto;
  const isDevelopment = options.image === ImageKind.Development;
  const parts = composeParts(platform, {
    language: options.language,
    policy: HostPolicy.AllowList,
    firmware: SEALED_FIRMWARE,
    mark: isDevelopment ? PageMark.Development : PageMark.None,
  });
  const hmac = new HmacSha256(natives, crypto, HMAC_MESSAGE_BYTES);
  const hkdf = new HkdfSha256(natives, hmac);
  const ccm = new AesCcm(natives, crypto);
  const fram = new Fram(natives, port.memorySpi, platform.fram);
  const store = new Store(natives, { fram, crypto, layout: STORE_LAYOUT });
  const keys = new PairKeys(natives, { store, backup: port.backup, ccm, takesDevelopment: isDevelopment });
  const random = new RandomBits(natives, { store, backup: port.backup, noise: port.noise, hmac });
  const bucket = new TokenBucket(natives, store);
  const ledger = new Ledger(natives, { store, backup: port.backup, hmac, bucket });
  const journal = new Journal(natives, { store, backup: port.backup, ccm, hmac });
  const events = new LinkEvents(natives, journal, store);
  const isWhole = store.recover() === StoreError.None && !port.backup.wasOpened();
  const caseKey = new CaseKey(port.pins, platform.board.caseKeyN);
  const staff = new StaffCommands(natives, { store, journal, ledger, pages: parts.pages, caseKey });
  staff.start();
  if (isWhole && keys.hasAny() && random.start() && journal.start()) events.started(port.reset.reason, 0);
  else takeOutOfService(port.backup, parts.pages, events);
  const results = new StoredResult(natives, store);
  const session = new CounterSession(natives, {
    reader: parts.reader,
    commands: composeCommands(natives, parts, { store, ledger, journal, results, bucket }, staff),
    answers: parts.answers,
    hello: new CounterHello(natives, options.image, port.reset),
  });
  bucket.start(0);
  const line = new SealedLine(natives, {
    line: new ReliableLine(natives, new FrameLine(natives, port.line, platform.board.lineBaud)),
    tls: new TlsServer(natives, { crypto, hmac, hkdf, ccm, random, psks: keys }),
    session,
    answers: parts.answers,
    pairs: keys,
    events,
  });
  return composeTerminal(parts, line, session);
}
