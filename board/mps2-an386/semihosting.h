/*
 * Semihosting calls (Arm "Semihosting for AArch32 and AArch64", 2.0): how the board, executed under QEMU, reaches the two FIFOs
 * that are its peripheral bus. Each call stops the processor until it is done: no instruction is counted meanwhile.
 */
#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include <stddef.h>
#include <stdint.h>

enum semihosting_mode { SEMIHOSTING_READ = 1, SEMIHOSTING_WRITE = 5 };

/* Returns a handle, or -1. */
int semihosting_open(const char *path, enum semihosting_mode mode);
/* Both return how many bytes were NOT moved; a read returns `length` at the end of the file. */
uint32_t semihosting_write(int handle, const void *bytes, uint32_t length);
uint32_t semihosting_read(int handle, void *bytes, uint32_t length);
/* Copies the command line, zero terminated, into `text`; returns 0, or -1 when it does not fit. */
int semihosting_command_line(char *text, uint32_t size);
/* Ends the emulation with this exit status. */
_Noreturn void semihosting_exit(int status);

#endif
