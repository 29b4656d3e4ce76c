/* The board's log: UART0, 115200 baud, for technicians. Never holds a digit, a key or a byte of the bus. */
#ifndef LOG_H
#define LOG_H

#include <stdint.h>

void log_open(void);
void log_text(const char *text);
void log_hex(uint32_t value);
void log_number(uint32_t value);

#endif
