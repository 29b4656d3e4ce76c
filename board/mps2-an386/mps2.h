/*
 * Registers of the Arm MPS2 board with the AN386 image (Cortex-M4F at 25 MHz peripheral clock): Arm DAI 0386, "Memory map",
 * and the CMSDK technical reference manual (DDI 0479D) for UART, timer and watchdog.
 */
#ifndef MPS2_H
#define MPS2_H

#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))

/* Clock of timer, watchdog and UART. */
#define PERIPHERAL_HZ 25000000u

#define TIMER0_CTRL REGISTER(0x40000000)
#define TIMER0_VALUE REGISTER(0x40000004)
#define TIMER0_RELOAD REGISTER(0x40000008)
#define TIMER_ENABLE 1u

#define UART0_DATA REGISTER(0x40004000)
#define UART0_STATE REGISTER(0x40004004)
#define UART0_CTRL REGISTER(0x40004008)
#define UART0_BAUDDIV REGISTER(0x40004010)
#define UART_TX_FULL 1u
#define UART_TX_ENABLE 1u

#define WATCHDOG_LOAD REGISTER(0x40008000)
#define WATCHDOG_CONTROL REGISTER(0x40008008)
#define WATCHDOG_INTCLR REGISTER(0x4000800c)
#define WATCHDOG_LOCK REGISTER(0x40008c00)
#define WATCHDOG_KEY 0x1acce551u
#define WATCHDOG_INTERRUPT_AND_RESET 3u

/* System control space of the Cortex-M4 (Arm DDI 0403E). */
#define SCB_AIRCR REGISTER(0xe000ed0c)
#define AIRCR_SYSTEM_RESET 0x05fa0004u
#define SCB_SHCSR REGISTER(0xe000ed24)
#define SCB_CFSR REGISTER(0xe000ed28)
#define SCB_BFAR REGISTER(0xe000ed38)
#define SCB_CPACR REGISTER(0xe000ed88)
#define CPACR_FPU (0xfu << 20)
#define MPU_CTRL REGISTER(0xe000ed94)
#define MPU_RBAR REGISTER(0xe000ed9c)
#define MPU_RASR REGISTER(0xe000eda0)

#endif
