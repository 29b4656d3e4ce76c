/*
 * Bytes and their natives (hal/bytes.ts). Indices are checked, values must be 0…255, memory is zeroed when it is made, and by the
 * heap when it is collected: a finalizer of their own would keep them over the collection that a lack of memory asks for. Methods
 * find their object at position 1, so arguments begin at 2.
 */
#include "bytes.h"

#include <stdbool.h>
#include <string.h>

#include "lauxlib.h"

static const char METATABLE[] = "Bytes";

struct bytes *bytes_check(lua_State *L, int position) {
  struct bytes *bytes = lua_touserdata(L, position);
  if (bytes == NULL) luaL_error(L, "argument %d: no bytes", position);
  return bytes;
}

lua_Integer integer_check(lua_State *L, int position) {
  int is_integer = 0;
  const lua_Integer value = lua_tointegerx(L, position, &is_integer);
  if (!is_integer) luaL_error(L, "argument %d: no whole number", position);
  return value;
}

/* So that no compiler takes it for a write that nobody reads. */
static void wipe(uint8_t *at, uint32_t length) {
  memset(at, 0, length);
  __asm__ volatile("" : : "r"(at) : "memory");
}

uint8_t *bytes_at(lua_State *L, int position, lua_Integer from, lua_Integer length) {
  struct bytes *bytes = bytes_check(L, position);
  const lua_Integer size = bytes->length;
  if (from < 0 || length < 0 || from > size || length > size - from)
    luaL_error(L, "range outside the bytes: %I + %I of %d", from, length, (int)bytes->length);
  return bytes->at + from;
}

uint8_t *bytes_range(lua_State *L, int position, int from_position, int length_position) {
  return bytes_at(L, position, integer_check(L, from_position), integer_check(L, length_position));
}

static uint8_t *element(lua_State *L) {
  struct bytes *bytes = lua_touserdata(L, 1);
  const lua_Integer index = integer_check(L, 2);
  if (index < 0 || index >= (lua_Integer)bytes->length) luaL_error(L, "index outside the bytes: %I", index);
  return bytes->at + index;
}

/* bytes[index], bytes.length */
int bytes_get(lua_State *L) {
  if (lua_type(L, 2) == LUA_TSTRING) {
    const struct bytes *bytes = lua_touserdata(L, 1);
    lua_pushinteger(L, strcmp(lua_tostring(L, 2), "length") == 0 ? (lua_Integer)bytes->length
                                                                    : luaL_error(L, "bytes have a length alone"));
    return 1;
  }
  lua_pushinteger(L, *element(L));
  return 1;
}

int bytes_set(lua_State *L) {
  uint8_t *at = element(L);
  const lua_Integer value = integer_check(L, 3);
  if (value < 0 || value > 255) return luaL_error(L, "no byte: %I", value);
  *at = (uint8_t)value;
  return 0;
}

/* allocate(length) */
static int allocate(lua_State *L) {
  const lua_Integer length = integer_check(L, 2);
  if (length < 0 || length > 0xffff) return luaL_error(L, "no length: %I", length);
  struct bytes *bytes = lua_newuserdatauv(L, sizeof(struct bytes) + (size_t)length, 0);
  bytes->length = (uint32_t)length;
  memset(bytes->at, 0, (size_t)length);
  luaL_setmetatable(L, METATABLE);
  return 1;
}

/* copy(source, from, target, at, length) */
static int copy(lua_State *L) {
  const uint8_t *source = bytes_range(L, 2, 3, 6);
  memmove(bytes_range(L, 4, 5, 6), source, (size_t)integer_check(L, 6));
  return 0;
}

/* fill(target, at, length, value) */
static int fill(lua_State *L) {
  memset(bytes_range(L, 2, 3, 4), (int)integer_check(L, 5) & 255, (size_t)integer_check(L, 4));
  return 0;
}

/* wipe(target) */
static int wipe_all(lua_State *L) {
  struct bytes *bytes = bytes_check(L, 2);
  wipe(bytes->at, bytes->length);
  return 0;
}

/* equalConstantTime(a, aAt, b, bAt, length) */
static int equal_constant_time(lua_State *L) {
  const volatile uint8_t *a = bytes_range(L, 2, 3, 6);
  const volatile uint8_t *b = bytes_range(L, 4, 5, 6);
  const uint32_t length = (uint32_t)integer_check(L, 6);
  uint32_t difference = 0;
  for (uint32_t i = 0; i < length; i++) difference |= a[i] ^ b[i];
  lua_pushboolean(L, difference == 0);
  return 1;
}

/* xor(target, at, length, value) */
static int xor_range(lua_State *L) {
  uint8_t *target = bytes_range(L, 2, 3, 4);
  const uint32_t length = (uint32_t)integer_check(L, 4);
  const uint8_t value = (uint8_t)integer_check(L, 5);
  for (uint32_t i = 0; i < length; i++) target[i] ^= value;
  return 0;
}

/* xorBytes(source, from, target, at, length) */
static int xor_bytes(lua_State *L) {
  const uint8_t *source = bytes_range(L, 2, 3, 6);
  uint8_t *target = bytes_range(L, 4, 5, 6);
  const uint32_t length = (uint32_t)integer_check(L, 6);
  for (uint32_t i = 0; i < length; i++) target[i] ^= source[i];
  return 0;
}

static const luaL_Reg METAMETHODS[] = {{"__index", bytes_get}, {"__newindex", bytes_set}, {NULL, NULL}};
static const luaL_Reg NATIVES[] = {
    {"allocate", allocate},
    {"copy", copy},
    {"fill", fill},
    {"wipe", wipe_all},
    {"equalConstantTime", equal_constant_time},
    {"xor", xor_range},
    {"xorBytes", xor_bytes},
    {NULL, NULL},
};

void bytes_open(lua_State *L) {
  luaL_newmetatable(L, METATABLE);
  luaL_setfuncs(L, METAMETHODS, 0);
  lua_pop(L, 1);
  luaL_newlib(L, NATIVES);
}
