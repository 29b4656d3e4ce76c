/* The watchdog, see watchdog.h. Its first stage is an NMI, which records the reason and resets; its second needs no program. */
#include "watchdog.h"

#include "log.h"
#include "mps2.h"
#include "reset.h"

/* `watchdogUs` of pins.ts. */
#define LIMIT_MS 500u

static uint32_t all;
static uint32_t reported;
/* Who has reported last; at first the one before part 0. */
static uint32_t last = 31;

void watchdog_start(uint32_t parts) {
  last = 31;
  all = parts >= 32 ? 0xffffffffu : (1u << parts) - 1;
  reported = 0;
  WATCHDOG_LOCK = WATCHDOG_KEY;
  WATCHDOG_LOAD = PERIPHERAL_HZ / 1000 * LIMIT_MS;
  WATCHDOG_CONTROL = WATCHDOG_INTERRUPT_AND_RESET;
  WATCHDOG_LOCK = 0;
}

void watchdog_progress(uint32_t part) {
  last = part & 31;
  reported |= 1u << last;
  if ((reported & all) != all) return;
  reported = 0;
  WATCHDOG_LOCK = WATCHDOG_KEY;
  WATCHDOG_INTCLR = 1;
  WATCHDOG_LOCK = 0;
  reset_note_running();
}

uint32_t watchdog_missing_part(void) {
  const uint32_t missing = all & ~reported;
  const uint32_t behind = missing & ~((2u << last) - 1);
  if (missing == 0) return RESET_NO_PART;
  return (uint32_t)__builtin_ctz(behind != 0 ? behind : missing);
}

_Noreturn void watchdog_bites(void) {
  const uint32_t part = watchdog_missing_part();
  log_text("watchdog: part ");
  log_number(part);
  log_text(" hangs\n");
  reset_board(RESET_WATCHDOG, part);
}
