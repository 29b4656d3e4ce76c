/*
 * Why the board starts: a record in RAM that no loader and no start-up code touches, so that it survives a reset. Reasons and
 * parts are those of hal/watchdog.ts.
 */
#ifndef RESET_H
#define RESET_H

#include <stdbool.h>
#include <stdint.h>

enum reset_reason { RESET_POWER_ON = 0, RESET_WATCHDOG = 1, RESET_FAULT = 2, RESET_PROGRAM = 3 };

#define RESET_NO_PART 255u

/* Reads the record of the last reset and clears it. Call once, first of all. */
void reset_begin(void);
enum reset_reason reset_reason(void);
uint32_t reset_part(void);
/* Whether a request had left whose answer the board has not read: the next answer on the bus is none of ours. */
bool reset_was_waiting(void);
void reset_note_waiting(bool waiting);
/* The program has come far enough that starting again makes sense when it fails. */
void reset_note_running(void);
/* Records the reason and starts the board again; halts it when it had not come far since the last time. */
_Noreturn void reset_board(enum reset_reason reason, uint32_t part);

#endif
