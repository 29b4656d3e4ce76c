/* Loads a packed program (board/build/pack-program.ts), whose instructions stay where they are: in program memory. */
#ifndef PROGRAM_LOADER_H
#define PROGRAM_LOADER_H

#include "lua.h"

/* Pushes the main function of the program at `words`, which stays there for ever. An error when it is no program. */
void program_load(lua_State *L, const void *words);

#endif
