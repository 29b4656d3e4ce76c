/* hal/rom.ts over the bytes that tables.S brings in. */
#include "rom.h"

#include <string.h>

#include "bytes.h"
#include "lauxlib.h"

extern const char rom_start[], rom_end[];

/* read(offset, into, at, length) */
static int read(lua_State *L) {
  const lua_Integer offset = integer_check(L, 2);
  const lua_Integer length = integer_check(L, 5);
  uint8_t *into = bytes_range(L, 3, 4, 5);
  if (offset < 0 || offset + length > rom_end - rom_start)
    return luaL_error(L, "range outside the table: %I + %I", offset, length);
  memcpy(into, rom_start + offset, (size_t)length);
  return 0;
}

static const luaL_Reg CALLS[] = {{"read", read}, {NULL, NULL}};

void rom_open(lua_State *L) {
  luaL_newlib(L, CALLS);
  lua_pushinteger(L, rom_end - rom_start);
  lua_setfield(L, -2, "lengthBytes");
}
