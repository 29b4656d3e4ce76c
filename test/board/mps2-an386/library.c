/*
 * What programs of tests find on the board beside what the product lends: functions of Lua's library that the product's code never
 * calls, and in `port` ways to look at the machine. It gets in by standing in front of crypto_open, which fills `port`.
 */
#include "crypto.h"
#include "lauxlib.h"
#include "lua.h"
#include "meter.h"
#include "mps2.h"
#include "program-image.h"
#include "reset.h"

void __real_crypto_open(lua_State *L);
void __wrap_crypto_open(lua_State *L);

static int next_pair(lua_State *L) {
  lua_settop(L, 2);
  return lua_next(L, 1) != 0 ? 2 : 1;
}

static int next_item(lua_State *L) {
  const lua_Integer index = lua_tointeger(L, 2) + 1;
  lua_pushinteger(L, index);
  return lua_geti(L, 1, index) == LUA_TNIL ? 1 : 2;
}

static int items(lua_State *L) {
  lua_pushcfunction(L, next_item);
  lua_pushvalue(L, 1);
  lua_pushinteger(L, 0);
  return 3;
}

static int as_text(lua_State *L) {
  luaL_tolstring(L, 1, NULL);
  return 1;
}

/* table.remove(list, position) */
static int remove_item(lua_State *L) {
  const lua_Integer size = (lua_Integer)lua_rawlen(L, 1);
  const lua_Integer position = luaL_optinteger(L, 2, size);
  lua_geti(L, 1, position);
  for (lua_Integer at = position; at < size; at++) {
    lua_geti(L, 1, at + 1);
    lua_seti(L, 1, at);
  }
  lua_pushnil(L);
  lua_seti(L, 1, size);
  return 1;
}

/* pcall(function, …) */
static int protected_call(lua_State *L) {
  const int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
  lua_pushboolean(L, status == LUA_OK);
  lua_insert(L, 1);
  return lua_gettop(L);
}

/* port.collect(): everything that nothing refers to is freed */
static int collect(lua_State *L) {
  lua_gc(L, LUA_GCCOLLECT);
  return 0;
}

/* port.heap() → bytes in use, bytes ever taken */
static int heap(lua_State *L) {
  lua_pushinteger(L, meter.heap_bytes);
  lua_pushinteger(L, meter.heap_peak_bytes);
  return 2;
}

/* port.peek(address) → the word there, whatever may happen */
static int peek(lua_State *L) {
  lua_pushinteger(L, REGISTER((uint32_t)luaL_checkinteger(L, 1)));
  return 1;
}

/* port.poke(address, word) */
static int poke(lua_State *L) {
  REGISTER((uint32_t)luaL_checkinteger(L, 1)) = (uint32_t)luaL_checkinteger(L, 2);
  return 0;
}

/* port.program() → the address of its first function */
static int program(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)(uintptr_t)program_functions);
  return 1;
}

/* port.reset() → why the board has started: reason, part */
static int reset_record(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)reset_reason());
  lua_pushinteger(L, reset_part());
  return 2;
}

static const luaL_Reg GLOBALS[] = {
    {"ipairs", items}, {"next", next_pair}, {"tostring", as_text}, {"pcall", protected_call}, {NULL, NULL},
};
static const luaL_Reg TABLE[] = {{"remove", remove_item}, {NULL, NULL}};
static const luaL_Reg PORT[] = {
    {"collect", collect}, {"heap", heap}, {"peek", peek}, {"poke", poke}, {"program", program},
    {"reset", reset_record}, {NULL, NULL},
};

/* `port` is what lies on the stack. */
void __wrap_crypto_open(lua_State *L) {
  luaL_setfuncs(L, PORT, 0);
  lua_pushglobaltable(L);
  luaL_setfuncs(L, GLOBALS, 0);
  luaL_newlib(L, TABLE);
  lua_setfield(L, -2, "table");
  lua_pop(L, 1);
  __real_crypto_open(L);
}
