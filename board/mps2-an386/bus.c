/*
 * The peripheral bus as bytes, the device's end (layouts and numbers: hal/bus.ts): outputs are collected and travel with the next
 * answered request. What was sent and received is wiped at once: digits pass through here on their way to the card.
 */
#include "bus.h"

#include <stdbool.h>
#include <string.h>

#include "bytes.h"
#include "lauxlib.h"
#include "log.h"
#include "meter.h"
#include "reset.h"
#include "semihosting.h"
#include "watchdog.h"

enum request {
  UART_TX = 0x01,
  PINS_SET = 0x02,
  PWM = 0x03,
  UART_SETUP = 0x04,
  CARD_UART_SETUP = 0x05,
  PROGRESS = 0x06,
  VIEW = 0x07,
  WATCHDOG_START = 0x08,
  SPI = 0x10,
  PINS_READ = 0x11,
  MATRIX_SCAN = 0x12,
  NOISE = 0x13,
  BACKUP = 0x15,
  BOOT = 0x16,
  IDLE = 0x7f,
};

/* The first argument of BACKUP. */
enum backup { BACKUP_READ, BACKUP_WRITE, BACKUP_WAS_OPENED, BACKUP_FORGET_OPENING };

#define BUFFER_BYTES 4096u
#define HEAD_BYTES 3u
/* Of an idle's answer: before the characters, for each, and how many. */
#define IDLE_BYTES 12u
#define CHARACTER_BYTES 11u
#define CHARACTERS 64u

static _Alignas(uint32_t) uint8_t request[BUFFER_BYTES];
static _Alignas(uint32_t) uint8_t answer[BUFFER_BYTES];
static uint32_t used;
static int to_world;
static int from_world;

typedef uint32_t __attribute__((may_alias)) any_word;

/* The first `length` bytes of one of the buffers, whole words: every step does it, and the library's memset goes by bytes. */
static void wipe(uint8_t *buffer, uint32_t length) {
  volatile any_word *at = (any_word *)buffer;
  for (uint32_t done = 0; done < length; done += sizeof *at) *at++ = 0;
}

/* The world is gone: nothing is left to run for. */
static void leave(void) {
  log_text("the bus has ended\n");
  semihosting_exit(0);
}

static void read_exactly(uint8_t *into, uint32_t length) {
  for (uint32_t at = 0; at < length;) {
    const uint32_t missing = semihosting_read(from_world, into + at, length - at);
    if (missing == length - at) leave();
    at = length - missing;
  }
}

/* Reads one answer; its length. */
static uint32_t take_answer(void) {
  uint8_t head[2];
  read_exactly(head, sizeof head);
  const uint32_t length = (uint32_t)(head[0] | head[1] << 8);
  if (length > BUFFER_BYTES) leave();
  read_exactly(answer, length);
  return length;
}

/* Sends what is collected, whose last request is answered, and waits. */
static uint32_t exchange(void) {
  meter_leave();
  reset_note_waiting(true);
  if (semihosting_write(to_world, request, used) != 0) leave();
  const uint32_t length = take_answer();
  reset_note_waiting(false);
  meter_return();
  wipe(request, used);
  used = 0;
  return length;
}

static void put8(uint32_t value) { request[used++] = (uint8_t)value; }

static void put16(uint32_t value) {
  put8(value);
  put8(value >> 8);
}

static void put32(uint32_t value) {
  put16(value);
  put16(value >> 16);
}

static void head(enum request number, uint32_t argument_bytes) {
  put16(1 + argument_bytes);
  put8(number);
}

/* Asks something whose answer says nothing that is wanted. */
static void exchange_unheard(void) { wipe(answer, exchange()); }

/* Writes a request's head. Outputs that fill the buffer go ahead with a question that changes nothing. */
static void begin(lua_State *L, enum request number, uint32_t argument_bytes) {
  if (argument_bytes > BUFFER_BYTES - 2 * HEAD_BYTES) luaL_error(L, "too long for the bus: %d", (int)argument_bytes);
  if (used + 2 * HEAD_BYTES + argument_bytes > BUFFER_BYTES) {
    head(PINS_READ, 0);
    exchange_unheard();
  }
  head(number, argument_bytes);
}

static void put_bytes(const uint8_t *bytes, uint32_t length) {
  memcpy(request + used, bytes, length);
  used += length;
}

static uint32_t word(uint32_t at) {
  uint32_t value;
  memcpy(&value, answer + at, sizeof value);
  return value;
}

static lua_Integer time_at(uint32_t at) { return (lua_Integer)word(at) | (lua_Integer)word(at + 4) << 32; }

static uint32_t number(lua_State *L, int position) { return (uint32_t)integer_check(L, position); }

/* uartTx(port, bytes, from, length) */
static int uart_tx(lua_State *L) {
  const uint8_t *bytes = bytes_range(L, 3, 4, 5);
  const uint32_t length = number(L, 5);
  begin(L, UART_TX, 1 + length);
  put8(number(L, 2));
  put_bytes(bytes, length);
  return 0;
}

/* uartSetup(port, baud), pwm(channel, hz) */
static int small_and_word(lua_State *L, enum request request_number) {
  begin(L, request_number, 5);
  put8(number(L, 2));
  put32(number(L, 3));
  return 0;
}

static int uart_setup(lua_State *L) { return small_and_word(L, UART_SETUP); }
static int pwm(lua_State *L) { return small_and_word(L, PWM); }

/* cardUartSetup(clocksPerEtu, guardEtu, convention) */
static int card_uart_setup(lua_State *L) {
  begin(L, CARD_UART_SETUP, 5);
  put16(number(L, 2));
  put16(number(L, 3));
  put8(number(L, 4));
  return 0;
}

/* pinsSet(mask, value) */
static int pins_set(lua_State *L) {
  begin(L, PINS_SET, 8);
  put32(number(L, 2));
  put32(number(L, 3));
  return 0;
}

/* watchdogStart(parts): the board's own is armed; the world's goes on while the processor idles. */
static int watchdog_armed(lua_State *L) {
  watchdog_start(number(L, 2));
  begin(L, WATCHDOG_START, 1);
  put8(number(L, 2));
  return 0;
}

/* progress(part) */
static int progress(lua_State *L) {
  const uint32_t part = number(L, 2);
  meter_part(part);
  watchdog_progress(part);
  begin(L, PROGRESS, 1);
  put8(part);
  return 0;
}

/* view(view) */
static int view(lua_State *L) {
  static const char *const FIELDS[] = {"page", "purpose", "language", "digits", "triesLeft"};
  begin(L, VIEW, sizeof FIELDS / sizeof *FIELDS);
  for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
    lua_getfield(L, 2, FIELDS[i]);
    put8(number(L, -1));
    lua_pop(L, 1);
  }
  return 0;
}

/* The first bytes of the `Bytes` at `position`, as many as the number at `length_position` says. */
static uint8_t *first_bytes(lua_State *L, int position, int length_position) {
  return bytes_at(L, position, 0, integer_check(L, length_position));
}

static void put_spi(lua_State *L, const uint8_t *bytes) {
  const uint32_t length = number(L, 5);
  begin(L, SPI, 2 + length);
  put8(number(L, 2));
  put8(number(L, 3));
  put_bytes(bytes, length);
}

/* Asks what is collected; the answer goes to `into`, which must be `length` long. */
static void exchange_bytes(lua_State *L, uint8_t *into, uint32_t length) {
  const uint32_t came = exchange();
  if (came != length) luaL_error(L, "%d bytes came, not %d", (int)came, (int)length);
  memcpy(into, answer, length);
  wipe(answer, length);
}

/* spi(port, select, bytes, length): the display does not talk back, what comes in meanwhile is dropped. */
static int spi(lua_State *L) {
  put_spi(L, first_bytes(L, 4, 5));
  exchange_unheard();
  return 0;
}

/* spiExchange(port, select, bytes, length): the bytes become what came in. */
static int spi_exchange(lua_State *L) {
  uint8_t *bytes = first_bytes(L, 4, 5);
  put_spi(L, bytes);
  exchange_bytes(L, bytes, number(L, 5));
  return 0;
}

/* noise(into, length) */
static int noise(lua_State *L) {
  uint8_t *into = first_bytes(L, 2, 3);
  begin(L, NOISE, 1);
  put8(number(L, 3));
  exchange_bytes(L, into, number(L, 3));
  return 0;
}

static void begin_backup(lua_State *L, enum backup operation, uint32_t argument_bytes) {
  begin(L, BACKUP, 1 + argument_bytes);
  put8(operation);
}

/* backupRead(at, length, into) */
static int backup_read(lua_State *L) {
  uint8_t *into = first_bytes(L, 4, 3);
  begin_backup(L, BACKUP_READ, 2);
  put8(number(L, 2));
  put8(number(L, 3));
  exchange_bytes(L, into, number(L, 3));
  return 0;
}

/* backupWrite(at, length, bytes) */
static int backup_write(lua_State *L) {
  const uint8_t *bytes = first_bytes(L, 4, 3);
  const uint32_t length = number(L, 3);
  begin_backup(L, BACKUP_WRITE, 1 + length);
  put8(number(L, 2));
  put_bytes(bytes, length);
  exchange_unheard();
  return 0;
}

/* backupWasOpened() */
static int backup_was_opened(lua_State *L) {
  uint8_t was_opened = 0;
  begin_backup(L, BACKUP_WAS_OPENED, 0);
  exchange_bytes(L, &was_opened, 1);
  lua_pushboolean(L, was_opened == 1);
  return 1;
}

/* backupForgetOpening() */
static int backup_forget_opening(lua_State *L) {
  begin_backup(L, BACKUP_FORGET_OPENING, 0);
  exchange_unheard();
  return 0;
}

/* pinsRead() → levels */
static int pins_read(lua_State *L) {
  begin(L, PINS_READ, 0);
  const uint32_t length = exchange();
  lua_pushinteger(L, (int32_t)word(0));
  wipe(answer, length);
  return 1;
}

/* matrixScan() → crossings. Pressed keys are digits. */
static int matrix_scan(lua_State *L) {
  begin(L, MATRIX_SCAN, 0);
  exchange();
  lua_pushinteger(L, answer[0] | answer[1] << 8);
  wipe(answer, 2);
  return 1;
}

/* boot(reason, part) → reason + 256·part. What the board knows itself takes the place of "from outside". */
static int boot(lua_State *L) {
  const bool is_known = reset_reason() != RESET_POWER_ON;
  begin(L, BOOT, 2);
  put8(is_known ? (uint32_t)reset_reason() : number(L, 2));
  put8(is_known ? reset_part() : number(L, 3));
  const uint32_t length = exchange();
  lua_pushinteger(L, answer[0] | answer[1] << 8);
  wipe(answer, length);
  return 1;
}

static void set_integer(lua_State *L, const char *field, lua_Integer value) {
  lua_pushinteger(L, value);
  lua_setfield(L, 3, field);
}

static uint8_t *column(lua_State *L, const char *field) {
  lua_getfield(L, 3, field);
  struct bytes *bytes = bytes_check(L, -1);
  if (bytes->length < CHARACTERS) luaL_error(L, "%s is too short", field);
  lua_pop(L, 1);
  return bytes->at;
}

static void take_characters(lua_State *L, uint32_t count) {
  uint8_t *ports = column(L, "ports");
  uint8_t *values = column(L, "values");
  uint8_t *flags = column(L, "flags");
  lua_getfield(L, 3, "timesUs");
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t at = IDLE_BYTES + i * CHARACTER_BYTES;
    ports[i] = answer[at];
    values[i] = answer[at + 1];
    flags[i] = answer[at + 2];
    lua_pushinteger(L, time_at(at + 3));
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_pop(L, 1);
}

/* idle(untilUs, into): lets time pass until then or until there is news, and fills `into` with it. */
static int idle(lua_State *L) {
  const uint64_t until_us = (uint64_t)integer_check(L, 2);
  begin(L, IDLE, 8);
  put32((uint32_t)until_us);
  put32((uint32_t)(until_us >> 32));
  const uint32_t length = exchange();
  uint32_t count = length < IDLE_BYTES ? 0 : (length - IDLE_BYTES) / CHARACTER_BYTES;
  if (count > CHARACTERS) count = CHARACTERS;
  set_integer(L, "nowUs", time_at(0));
  set_integer(L, "edges", (int32_t)word(8));
  set_integer(L, "count", count);
  if (count > 0) take_characters(L, count);
  wipe(answer, length);
  meter_turn();
  return 0;
}

static const luaL_Reg CALLS[] = {
    {"uartTx", uart_tx},
    {"uartSetup", uart_setup},
    {"cardUartSetup", card_uart_setup},
    {"pinsSet", pins_set},
    {"pinsRead", pins_read},
    {"pwm", pwm},
    {"watchdogStart", watchdog_armed},
    {"progress", progress},
    {"view", view},
    {"spi", spi},
    {"spiExchange", spi_exchange},
    {"matrixScan", matrix_scan},
    {"noise", noise},
    {"backupRead", backup_read},
    {"backupWrite", backup_write},
    {"backupWasOpened", backup_was_opened},
    {"backupForgetOpening", backup_forget_opening},
    {"boot", boot},
    {"idle", idle},
    {NULL, NULL},
};

void bus_open(lua_State *L) {
  to_world = semihosting_open("/dev/fd/1", SEMIHOSTING_WRITE);
  from_world = semihosting_open("/dev/fd/0", SEMIHOSTING_READ);
  if (to_world < 0 || from_world < 0) luaL_error(L, "the bus cannot be opened");
  /* The answer to a request of the program before the reset. */
  if (reset_was_waiting()) wipe(answer, take_answer());
  luaL_newlib(L, CALLS);
}
