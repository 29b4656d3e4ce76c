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
import { CardArrival } from "../firmware/service/card-arrival.ts";
import { CheckMemory, type MemoryParts } from "../firmware/service/check-memory.ts";
import { CheckProof } from "../firmware/service/check-proof.ts";
import { Configuration } from "../firmware/service/configuration.ts";
import { CounterCommands } from "../firmware/service/counter-commands.ts";
import { CounterHello, ImageKind } from "../firmware/service/counter-hello.ts";
import { CounterSession } from "../firmware/service/counter-session.ts";
import { SEALED_FIRMWARE } from "../firmware/service/escapes.ts";
import { EntryRecords } from "../firmware/service/entry-records.ts";
import { HostPolicy } from "../firmware/service/host-exchange.ts";
import { Journal } from "../firmware/service/journal.ts";
import { JournalCommands } from "../firmware/service/journal-commands.ts";
import { Ledger } from "../firmware/service/ledger.ts";
import { LinkEvents } from "../firmware/service/link-events.ts";
import { OperatorCard } from "../firmware/service/operator-card.ts";
import { OperatorCommands } from "../firmware/service/operator-commands.ts";
import { OperatorKey, type OperatorKeyParts } from "../firmware/service/operator-key.ts";
import { OperatorRecords } from "../firmware/service/operator-records.ts";
import { OperatorSession } from "../firmware/service/operator-session.ts";
import { OperatorSignIn } from "../firmware/service/operator-sign-in.ts";
import { PinChange } from "../firmware/service/pin-change.ts";
import { JUKI_PLACE, OPERATOR_PLACE } from "../firmware/service/pin-objects.ts";
import { PairKeys } from "../firmware/service/pair-keys.ts";
import { Rekey } from "../firmware/service/rekey.ts";
import { RandomBits } from "../firmware/service/random-bits.ts";
import { ResidentCheck } from "../firmware/service/resident-check.ts";
import { SealedLine } from "../firmware/service/sealed-line.ts";
import { StaffCommands, type StaffParts } from "../firmware/service/staff-commands.ts";
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

/** Of the staff, and of operators among them. */
interface Staff {
  readonly commands: StaffCommands;
  readonly records: OperatorRecords;
  readonly session: OperatorSession;
  readonly key: OperatorKey;
  readonly random: RandomBits;
  readonly rekey: Rekey;
}

/** What staff's commands are about. */
interface StaffSurroundings extends Pick<StaffParts, "journal" | "ledger" | "pages" | "caseKey"> {
  readonly keys: PairKeys;
  readonly random: RandomBits;
}

function composeOperators(
  natives: ByteNatives,
  parts: TerminalParts,
  arrival: CardArrival,
  staff: Staff,
): OperatorCommands {
  const card = new OperatorCard(natives, parts.session);
  const proof = new CheckProof(natives, {
    session: parts.session,
    context: parts.context,
    secure: parts.secure,
    memory: staff.records,
    view: parts.view,
    place: OPERATOR_PLACE,
  });
  const signIn = new OperatorSignIn(natives, {
    arrival,
    card,
    proof,
    key: staff.key,
    random: staff.random,
    records: staff.records,
    session: staff.session,
    pages: parts.pages,
    view: parts.view,
  });
  return new OperatorCommands(natives, {
    answers: parts.answers,
    signIn,
    card,
    key: staff.key,
    records: staff.records,
    session: staff.session,
  });
}

/** The counter's own commands, on the parts that the reader works with too. */
function composeCommands(
  natives: ByteNatives,
  parts: TerminalParts,
  remembering: Remembering,
  staff: Staff,
): CounterCommands {
  const memory = new CheckMemory(natives, remembering);
  const session = parts.session;
  const view = parts.view;
  const context = parts.context;
  const place = JUKI_PLACE;
  const proof = new CheckProof(natives, { session, context, secure: parts.secure, memory, view, place });
  const change = new PinChange(natives, { session, context, entry: parts.entry, memory, view });
  const arrival = new CardArrival({ session, power: parts.power, view });
  const check = new ResidentCheck(natives, { session, arrival, proof, change, pages: parts.pages, view });
  memory.serve(check);
  return new CounterCommands(natives, {
    answers: parts.answers,
    check,
    memory,
    journal: new JournalCommands(natives, remembering.journal, remembering.store),
    bucket: remembering.bucket,
    staff: staff.commands,
    operators: composeOperators(natives, parts, arrival, staff),
    rekey: staff.rekey,
  });
}

/** For a reason that only provisioning can take away; an opened case is put on record. */
function takeOutOfService(backup: BackupMemory, pages: CardPages, events: LinkEvents): void {
  const isOpened = backup.wasOpened();
  if (isOpened) events.opened();
  pages.takeOutOfService(isOpened ? Page.Tamper : Page.OutOfService);
}

/** The store, and the ciphers of what stands in it and of the line. */
interface Keeping extends OperatorKeyParts {
  readonly crypto: Crypto;
}

function composeKeeping(platform: SealedPlatform, options: SealedOptions): Keeping {
  const natives = platform.natives;
  const crypto = platform.crypto;
  const hmac = new HmacSha256(natives, crypto, HMAC_MESSAGE_BYTES);
  const fram = new Fram(natives, platform.port.memorySpi, platform.fram);
  return {
    store: new Store(natives, { fram, crypto, layout: STORE_LAYOUT }),
    backup: platform.port.backup,
    crypto,
    hmac,
    hkdf: new HkdfSha256(natives, hmac),
    ccm: new AesCcm(natives, crypto),
    takesDevelopment: options.image === ImageKind.Development,
  };
}

function composeTls(natives: ByteNatives, keeping: Keeping, psks: PairKeys, random: RandomBits): TlsServer {
  const crypto = keeping.crypto;
  const hmac = keeping.hmac;
  const hkdf = keeping.hkdf;
  return new TlsServer(natives, { crypto, hmac, hkdf, ccm: keeping.ccm, random, psks });
}

/** Staff and operators; the emergency stop holds, if it did. The store is recovered. */
function composeStaff(natives: ByteNatives, keeping: OperatorKeyParts, around: StaffSurroundings): Staff {
  const store = keeping.store;
  const journal = around.journal;
  const keys = around.keys;
  const random = around.random;
  const configuration = new Configuration(natives, store);
  const records = new OperatorRecords(natives, journal);
  const operators = new OperatorSession(natives, records, configuration);
  const commands = new StaffCommands(natives, {
    store,
    configuration,
    journal,
    ledger: around.ledger,
    pages: around.pages,
    caseKey: around.caseKey,
    operators,
  });
  commands.start();
  const key = new OperatorKey(natives, keeping);
  const rekey = new Rekey(natives, { store, journal, keys, random });
  return { commands, records, session: operators, key, random, rekey };
}

export function composeSealed(platform: SealedPlatform, options: SealedOptions): Terminal {
  const natives = platform.natives;
  const port = platform.port;
  const backup = port.backup;
  const parts = composeParts(platform, {
    language: options.language,
    policy: HostPolicy.AllowList,
    firmware: SEALED_FIRMWARE,
    mark: options.image === ImageKind.Development ? PageMark.Development : PageMark.None,
  });
  const keeping = composeKeeping(platform, options);
  const store = keeping.store;
  const hmac = keeping.hmac;
  const keys = new PairKeys(natives, keeping);
  const random = new RandomBits(natives, { store, backup, noise: port.noise, hmac });
  const bucket = new TokenBucket(natives, store);
  const ledger = new Ledger(natives, { store, backup, hmac, bucket });
  const journal = new Journal(natives, { store, backup, ccm: keeping.ccm, hmac });
  const events = new LinkEvents(natives, journal, store);
  parts.secure.usualGuard = new EntryRecords(natives, journal, parts.session);
  const isWhole = store.recover() === StoreError.None && !backup.wasOpened();
  const staff = composeStaff(natives, keeping, {
    journal,
    ledger,
    pages: parts.pages,
    caseKey: new CaseKey(port.pins, platform.board.caseKeyN),
    keys,
    random,
  });
  if (isWhole && keys.hasAny() && random.start() && journal.start()) events.started(port.reset.reason, 0);
  else takeOutOfService(backup, parts.pages, events);
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
    tls: composeTls(natives, keeping, keys, random),
    session,
    answers: parts.answers,
    pairs: keys,
    rekey: staff.rekey,
    events,
  });
  return composeTerminal(parts, line, session);
}
