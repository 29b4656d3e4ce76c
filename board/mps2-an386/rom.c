/* hal/rom.ts over the bytes that tables.S brings in. */
#include "rom.h"

#include <stdbool.h>
#include <string.h>

#include "bytes.h"
#include "lauxlib.h"

extern const uint8_t rom_start[], rom_end[];

/* The `length` bytes from argument `position` on. */
static const uint8_t *table_range(lua_State *L, int position, lua_Integer length) {
  const lua_Integer offset = integer_check(L, position);
  const lua_Integer size = rom_end - rom_start;
  if (offset < 0 || length < 0 || offset > size || length > size - offset)
    luaL_error(L, "range outside the table: %I + %I", offset, length);
  return rom_start + offset;
}

/* readWord(offset) → the unsigned integer of four bytes, most significant first */
static int read_word(lua_State *L) {
  uint32_t word;
  memcpy(&word, table_range(L, 2, sizeof word), sizeof word);
  lua_pushinteger(L, __builtin_bswap32(word));
  return 1;
}

/* equal(offset, other, length) */
static int equal(lua_State *L) {
  const lua_Integer length = integer_check(L, 4);
  const uint8_t *one = table_range(L, 2, length);
  lua_pushboolean(L, memcmp(one, table_range(L, 3, length), (size_t)length) == 0);
  return 1;
}

/* readRows(offset, into, at, length, rows, stride): `rows` runs of `length` bytes, `stride` apart in `into` */
static int read_rows(lua_State *L) {
  const lua_Integer length = integer_check(L, 5);
  const lua_Integer rows = integer_check(L, 6);
  const lua_Integer stride = integer_check(L, 7);
  const lua_Integer at = integer_check(L, 4);
  const bool is_small = length >= 0 && length <= UINT16_MAX && rows <= UINT16_MAX && stride >= 0 && stride <= UINT16_MAX;
  if (!is_small) return luaL_error(L, "no rows: %I of %I, %I apart", rows, length, stride);
  const uint8_t *from = table_range(L, 2, rows * length);
  /* All or nothing: the last row is the farthest. */
  if (rows > 0) bytes_at(L, 3, at + (rows - 1) * stride, length);
  for (lua_Integer row = 0; row < rows; row++)
    memcpy(bytes_at(L, 3, at + row * stride, length), from + row * length, (size_t)length);
  return 0;
}

static const luaL_Reg CALLS[] = {{"readWord", read_word}, {"equal", equal}, {"readRows", read_rows}, {NULL, NULL}};

void rom_open(lua_State *L) {
  luaL_newlib(L, CALLS);
  lua_pushinteger(L, rom_end - rom_start);
  lua_setfield(L, -2, "lengthBytes");
}
