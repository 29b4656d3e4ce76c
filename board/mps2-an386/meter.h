/*
 * What the program costs, kept in RAM for a debugger: no code reads it. Ticks are of TIMER0 at 25 MHz; under QEMU's
 * `-icount shift=3` (8 ns an instruction, 125 MHz) one tick is 5 instructions. Time in which the bus is waited for is not counted.
 */
#ifndef METER_H
#define METER_H

#include <stdint.h>

/* "METR": a debugger finds the board's RAM by it. */
#define METER_MAGIC 0x4d455452u
#define METER_PARTS 16

struct meter {
  uint32_t magic;
  /* Ticks spent since reset, up to the last request; the host looks when a request has arrived. */
  uint32_t busy_ticks;
  /* Ticks spent by each part, from the report of the part before it, or the last answer of idle, to its own report. */
  uint32_t part_ticks[METER_PARTS];
  /* Bytes of the heap in use, and the most that it ever took from the board. */
  uint32_t heap_bytes;
  uint32_t heap_peak_bytes;
};

extern struct meter meter;

void meter_start(void);
/* The bus is about to be waited for, and answers. */
void meter_leave(void);
void meter_return(void);
/* A part begins its turn (the first one, after idle) or ends it. */
void meter_turn(void);
void meter_part(uint32_t part);

#endif
