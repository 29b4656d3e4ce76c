/*
 * Stands in the place of the Lua program, behind the board's own start-up code: each word of the command line is one experiment
 * with the machine. Every boot tells its number and why it is; a boot that the experiment did not expect ends it.
 */
#include <string.h>

#include "log.h"
#include "mps2.h"
#include "reset.h"
#include "semihosting.h"
#include "watchdog.h"

/* Behind the record of reset.c, in the RAM that survives. */
#define BOOTS __retained[8]
extern volatile uint32_t __retained[16];

#define TIMER1(offset) REGISTER(0x40001000u + (offset))
#define TIMER1_INTERRUPT 9u
#define NVIC_ISER REGISTER(0xe000e100)
#define NVIC_ICPR REGISTER(0xe000e280)
#define MS (PERIPHERAL_HZ / 1000)
/* Of ticks_of_loop: two instructions of 8 ns each. */
#define MS_TURNS 62500u

_Noreturn void __wrap_program_run(void);

static uint32_t ticks(void) { return ~TIMER0_VALUE; }

static void tell(const char *what, uint32_t value) {
  log_text(what);
  log_text(" ");
  log_number(value);
  log_text("\n");
}

static void uart(void) {
  log_text("text, ");
  log_number(0);
  log_text(" ");
  log_number(4294967295u);
  log_text(" ");
  log_hex(0x0123cdefu);
  log_text("\n");
}

/* Two instructions a turn. */
static uint32_t ticks_of_loop(uint32_t turns) {
  const uint32_t from = ticks();
  __asm__ volatile("1: subs %0, #1\nbne 1b" : "+r"(turns) : : "cc");
  return ticks() - from;
}

static void timer(void) {
  tell("100000 turns:", ticks_of_loop(100000));
  tell("200000 turns:", ticks_of_loop(200000));
  tell("since reset:", ticks());
}

/* Interrupts stay masked: one that waits wakes the processor all the same. */
static void sleep(void) {
  __asm__ volatile("cpsid i");
  NVIC_ISER = 1u << TIMER1_INTERRUPT;
  TIMER1(8) = 10 * MS;
  TIMER1(4) = 10 * MS;
  const uint32_t from = ticks();
  TIMER1(0) = TIMER_ENABLE | 8u;
  uint32_t woken = 0;
  do {
    __asm__ volatile("wfi");
    woken++;
  } while (TIMER1(12) == 0);
  const uint32_t slept = ticks() - from;
  TIMER1(0) = 0;
  TIMER1(12) = 1;
  NVIC_ICPR = 1u << TIMER1_INTERRUPT;
  tell("woken:", woken);
  tell("whole ms:", slept / MS);
}

/* Two parts: one reports once a millisecond; the other does, too, for the first second. */
static void watchdog(void) {
  watchdog_start(2);
  for (uint32_t ms = 1;; ms++) {
    ticks_of_loop(MS_TURNS);
    watchdog_progress(0);
    if (ms <= 1000) watchdog_progress(1);
    if (ms % 100 == 0) tell("ms:", ms);
  }
}

static void undefined(void) { __asm__ volatile("udf #0"); }
static void read_nowhere(void) { (void)REGISTER(0x70000000); }

/* An address in code, which no compiler should know. */
static volatile uint32_t code_address = 0x00000100;
static void write_code(void) { REGISTER(code_address) = 1; }

static void execute_ram(void) {
  static uint16_t code[] = {0x4770}; /* bx lr */
  ((void (*)(void))((uintptr_t)code | 1u))();
}

static uint32_t deeper(volatile uint32_t *above);
static uint32_t (*volatile next)(volatile uint32_t *above) = deeper;

static uint32_t deeper(volatile uint32_t *above) {
  volatile uint32_t here[16];
  here[0] = *above + 1;
  return next(here) + here[0];
}

static void overflow(void) {
  volatile uint32_t start = 0;
  tell("never:", deeper(&start));
}

static void fault_again(void) { undefined(); }

static void reset_from_outside(void) { SCB_AIRCR = AIRCR_SYSTEM_RESET; }

/* A record as reset.c writes it, but for one bit of its reason. */
static void brown_out(void) {
  __retained[0] = 0x4d414455u;
  __retained[1] = RESET_FAULT ^ 4u;
  __retained[2] = 3;
  __retained[3] = 0x4d414455u ^ RESET_FAULT ^ 3u;
  SCB_AIRCR = AIRCR_SYSTEM_RESET;
}

static const struct {
  const char *word;
  void (*run)(void);
  uint32_t boots;
} EXPERIMENTS[] = {
    {"uart", uart, 1},
    {"timer", timer, 1},
    {"sleep", sleep, 1},
    {"watchdog", watchdog, 1},
    {"undefined", undefined, 1},
    {"read-nowhere", read_nowhere, 1},
    {"write-code", write_code, 1},
    {"execute-ram", execute_ram, 1},
    {"overflow", overflow, 1},
    {"fault-again", fault_again, 2},
    {"reset", reset_from_outside, 1},
    {"brown-out", brown_out, 1},
};

_Noreturn void __wrap_program_run(void) {
  BOOTS++;
  tell("boot", BOOTS);
  tell("reason", (uint32_t)reset_reason());
  tell("part", reset_part());
  char word[32];
  if (semihosting_command_line(word, sizeof word) != 0) semihosting_exit(2);
  for (unsigned i = 0; i < sizeof EXPERIMENTS / sizeof *EXPERIMENTS; i++) {
    if (strcmp(EXPERIMENTS[i].word, word) != 0) continue;
    if (BOOTS <= EXPERIMENTS[i].boots) EXPERIMENTS[i].run();
    semihosting_exit(0);
  }
  semihosting_exit(2);
}
