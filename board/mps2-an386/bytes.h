/* `Bytes` of hal/bytes.ts as a full userdata: the only kind of full userdata in this program. */
#ifndef BYTES_H
#define BYTES_H

#include <stdint.h>

#include "lua.h"

struct bytes {
  uint32_t length;
  uint8_t at[];
};

/* Makes the metatable and leaves the table of `ByteNatives` on the stack. */
void bytes_open(lua_State *L);
/* Their metamethods. */
int bytes_get(lua_State *L);
int bytes_set(lua_State *L);
/* The bytes at a stack position, or an error of the program. */
struct bytes *bytes_check(lua_State *L, int position);
/* Range `from`…`from+length-1` of the bytes at `position`; an error where it is not inside. */
uint8_t *bytes_at(lua_State *L, int position, lua_Integer from, lua_Integer length);
/* The same, whose two numbers stand at these positions. */
uint8_t *bytes_range(lua_State *L, int position, int from_position, int length_position);
/* A whole number that is there, or an error of the program. */
lua_Integer integer_check(lua_State *L, int position);

#endif
