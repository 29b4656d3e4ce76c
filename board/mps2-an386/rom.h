/* The page ROM (hal/rom.ts): constant tables in program memory. */
#ifndef ROM_H
#define ROM_H

#include "lua.h"

/* Leaves a `Rom` on the stack. */
void rom_open(lua_State *L);

#endif
