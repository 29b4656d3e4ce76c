/* The record of a reset, see reset.h. It lies behind all of the program's RAM, where QEMU's loader does not write either. */
#include "reset.h"

#include "log.h"
#include "mps2.h"
#include "semihosting.h"

#define MAGIC 0x4d414455u
#define WAITING 0x57414954u

/* Bytes of the linker's symbol `__retained`. */
struct retained {
  uint32_t magic;
  uint32_t reason;
  uint32_t part;
  /* Exclusive-or of the three before: what a brown-out left is not believed. */
  uint32_t check;
  uint32_t waiting;
};

extern struct retained __retained;

static enum reset_reason last_reason;
static uint32_t last_part = RESET_NO_PART;
static bool was_waiting;
static bool is_running;

void reset_begin(void) {
  struct retained *kept = &__retained;
  const bool is_valid = kept->magic == MAGIC && kept->check == (kept->magic ^ kept->reason ^ kept->part);
  last_reason = is_valid ? (enum reset_reason)kept->reason : RESET_POWER_ON;
  last_part = is_valid ? kept->part : RESET_NO_PART;
  was_waiting = is_valid && kept->waiting == WAITING;
  is_running = false;
  kept->magic = 0;
  kept->waiting = 0;
}

enum reset_reason reset_reason(void) { return last_reason; }
uint32_t reset_part(void) { return last_part; }
bool reset_was_waiting(void) { return was_waiting; }
void reset_note_waiting(bool waiting) { __retained.waiting = waiting ? WAITING : 0; }
void reset_note_running(void) { is_running = true; }

_Noreturn void reset_board(enum reset_reason reason, uint32_t part) {
  struct retained *kept = &__retained;
  if (last_reason != RESET_POWER_ON && !is_running) {
    log_text("halted: it failed again before it ran\n");
    semihosting_exit(1);
  }
  kept->magic = MAGIC;
  kept->reason = reason;
  kept->part = part;
  kept->check = MAGIC ^ (uint32_t)reason ^ part;
  __asm__ volatile("dsb");
  SCB_AIRCR = AIRCR_SYSTEM_RESET;
  for (;;) __asm__ volatile("wfi");
}
