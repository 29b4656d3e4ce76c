/*
 * Reset, vectors, memory protection and faults. A fault is told on the log with the registers that explain it, recorded in RAM
 * that survives reset, and answered by a reset.
 */
#include <stdint.h>
#include <string.h>

#include "log.h"
#include "meter.h"
#include "mps2.h"
#include "program.h"
#include "reset.h"
#include "watchdog.h"

/* Of picolibc's linker script. */
extern char __stack[], __data_start[], __data_source[], __data_size[], __tls_base[];
extern char __stack_limit[];
void _set_tls(void *tls);

_Noreturn void watchdog_bites(void);

#define FIRST_BOOT_VECTORS 16

/* ARMv7-M MPU, DDI 0403E B3.5: attributes of one region. */
#define MPU_VALID 16u
#define MPU_ENABLED 1u
#define MPU_SIZE(log2) (((log2) - 1u) << 1)
#define MPU_NO_ACCESS 0u
#define MPU_READ_WRITE (3u << 24)
#define MPU_READ_ONLY (6u << 24)
#define MPU_NEVER_EXECUTE (1u << 28)
/* On, but not in the fault handlers, with the default map for privileged code beside the regions. */
#define MPU_ON 5u

static void protect(uint32_t region, uint32_t base, uint32_t attributes) {
  MPU_RBAR = base | MPU_VALID | region;
  MPU_RASR = attributes | MPU_ENABLED;
}

/* Of build-mps2.ts: no function's frame is larger. */
#define STACK_GUARD_LOG2 10u

/* Code cannot be written, RAM cannot be executed, a stack that grows too far faults. Peripherals keep the default map. */
static void protect_memory(void) {
  protect(0, 0x00000000u, MPU_SIZE(22) | MPU_READ_ONLY);
  protect(1, 0x20000000u, MPU_SIZE(22) | MPU_READ_WRITE | MPU_NEVER_EXECUTE);
  protect(2, (uint32_t)__stack_limit, MPU_SIZE(STACK_GUARD_LOG2) | MPU_NO_ACCESS | MPU_NEVER_EXECUTE);
  MPU_CTRL = MPU_ON;
  __asm__ volatile("dsb\nisb");
}

/*
 * A reset leaves RAM as it was, and a PIN may be in the middle of being typed: nothing of the run before is left, up to what this
 * function itself has pushed. Variables without a value of their own begin as zero by it, too.
 */
static inline __attribute__((always_inline)) void wipe_memory(void) {
  const uint64_t *end = __builtin_frame_address(0);
  for (volatile uint64_t *at = (uint64_t *)__data_start; at < end; at++) *at = 0;
}

_Noreturn void reset_handler(void) {
  meter_start();
  wipe_memory();
  SCB_CPACR |= CPACR_FPU;
  memcpy(__data_start, __data_source, (uintptr_t)__data_size);
  _set_tls(__tls_base);
  protect_memory();
  log_open();
  reset_begin();
  program_run();
}

/* What the processor has pushed: r0–r3, r12, lr, pc, xpsr. */
__attribute__((used)) _Noreturn static void fault(const uint32_t *frame) {
  log_text("fault: pc ");
  log_hex(frame[6]);
  log_text(" lr ");
  log_hex(frame[5]);
  log_text(" cfsr ");
  log_hex(SCB_CFSR);
  log_text(" bfar ");
  log_hex(SCB_BFAR);
  log_text("\n");
  reset_board(RESET_FAULT, watchdog_missing_part());
}

/* The frame may lie beyond the stack's limit: a fresh stack for the handler. */
__attribute__((naked)) static void fault_handler(void) {
  __asm__ volatile("mrs r0, msp\nldr sp, =__stack\nb fault");
}

typedef void (*handler)(void);

__attribute__((section(".data.init.enter"), used)) static const handler vectors[FIRST_BOOT_VECTORS] = {
    (handler)__stack, reset_handler, watchdog_bites, fault_handler, fault_handler, fault_handler, fault_handler,
};
