/* The peripheral bus (hal/bus.ts) of the board as QEMU executes it: two FIFOs behind semihosting. */
#ifndef BUS_H
#define BUS_H

#include "lua.h"

/* Opens the FIFOs and leaves an object with the calls of `PeripheralBus` and `idle` on the stack. */
void bus_open(lua_State *L);

#endif
