/* Semihosting calls, see semihosting.h: operation in r0, parameter block in r1, BKPT 0xAB. */
#include "semihosting.h"

#include <string.h>

enum operation {
  SYS_OPEN = 0x01,
  SYS_WRITE = 0x05,
  SYS_READ = 0x06,
  SYS_GET_CMDLINE = 0x15,
  SYS_EXIT_EXTENDED = 0x20,
};

/* ADP_Stopped_ApplicationExit */
#define APPLICATION_EXIT 0x20026u

static int call(enum operation operation, const void *parameters) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = parameters;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return (int)r0;
}

int semihosting_open(const char *path, enum semihosting_mode mode) {
  const uint32_t parameters[3] = {(uint32_t)path, mode, strlen(path)};
  return call(SYS_OPEN, parameters);
}

uint32_t semihosting_write(int handle, const void *bytes, uint32_t length) {
  const uint32_t parameters[3] = {(uint32_t)handle, (uint32_t)bytes, length};
  return (uint32_t)call(SYS_WRITE, parameters);
}

uint32_t semihosting_read(int handle, void *bytes, uint32_t length) {
  const uint32_t parameters[3] = {(uint32_t)handle, (uint32_t)bytes, length};
  return (uint32_t)call(SYS_READ, parameters);
}

int semihosting_command_line(char *text, uint32_t size) {
  uint32_t parameters[2] = {(uint32_t)text, size};
  return call(SYS_GET_CMDLINE, parameters);
}

_Noreturn void semihosting_exit(int status) {
  const uint32_t parameters[2] = {APPLICATION_EXIT, (uint32_t)status};
  for (;;) call(SYS_EXIT_EXTENDED, parameters);
}
