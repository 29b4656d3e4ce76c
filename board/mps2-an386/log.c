/* The log on the CMSDK UART 0 (DDI 0479D, 4.3), polled: it must work in a fault handler. */
#include "log.h"

#include "mps2.h"

#define BAUD 115200u
#define DECIMALS 10

static void put(char character) {
  while ((UART0_STATE & UART_TX_FULL) != 0) continue;
  UART0_DATA = (uint8_t)character;
}

void log_open(void) {
  UART0_BAUDDIV = PERIPHERAL_HZ / BAUD;
  UART0_CTRL = UART_TX_ENABLE;
}

void log_text(const char *text) {
  for (const char *at = text; *at != '\0'; at++) put(*at);
}

void log_hex(uint32_t value) {
  for (int shift = 28; shift >= 0; shift -= 4) put("0123456789abcdef"[(value >> shift) & 15]);
}

void log_number(uint32_t value) {
  char digits[DECIMALS];
  int count = 0;
  do {
    digits[count++] = (char)('0' + value % 10);
    value /= 10;
  } while (value != 0);
  while (count > 0) put(digits[--count]);
}
