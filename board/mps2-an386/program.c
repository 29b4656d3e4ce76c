/*
 * Runs the firmware: its bytecode, the few functions of Lua's library that compiled code calls, and the global `port` with what
 * hal/ asks of a board. An error of the program is told on the log, function by function, and resets the board.
 */
#include <math.h>
#include <string.h>

#include "bus.h"
#include "bytes.h"
#include "crypto.h"
#include "heap.h"
#include "lauxlib.h"
#include "ldebug.h"
#include "ldo.h"
#include "lfunc.h"
#include "log.h"
#include "lstate.h"
#include "lua.h"
#include "program-image.h"
#include "program.h"
#include "reset.h"
#include "rom.h"
#include "semihosting.h"
#include "watchdog.h"

#define COMMAND_LINE_BYTES 80
#define TRACEBACK_LEVELS 12
/* More than the firmware's calls are ever deep: their records, which Lua keeps, are made at the start. */
#define CALL_DEPTH 32

/* A function's number and the position in it, which the host maps to a line of TypeScript (board/build/line-map.ts). */
static void log_level(const CallInfo *call) {
  if (!isLua(call)) {
    log_text("  in a native\n");
    return;
  }
  const Proto *function = clLvalue(s2v(call->func))->p;
  log_text("  at ");
  log_number((uint32_t)function->linedefined);
  log_text("+");
  log_number((uint32_t)pcRel(call->u.l.savedpc, function));
  log_text("\n");
}

static int tell_error(lua_State *L) {
  log_text("error: ");
  log_text(lua_isstring(L, 1) ? lua_tostring(L, 1) : "not a text");
  log_text("\n");
  int levels = 0;
  for (const CallInfo *call = L->ci->previous; call != &L->base_ci && levels < TRACEBACK_LEVELS; levels++) {
    log_level(call);
    call = call->previous;
  }
  return 1;
}

/* setmetatable(table, metatable) */
static int set_metatable(lua_State *L) {
  lua_settop(L, 2);
  lua_setmetatable(L, 1);
  return 1;
}

/* error(message) */
static int raise_error(lua_State *L) {
  lua_settop(L, 1);
  return lua_error(L);
}

/* select("#", ...): the bundle's loader counts its arguments. */
static int count_arguments(lua_State *L) {
  lua_pushinteger(L, lua_gettop(L) - 1);
  return 1;
}

static int type_name(lua_State *L) {
  lua_pushstring(L, lua_typename(L, lua_type(L, 1)));
  return 1;
}

static int rounded(lua_State *L, lua_Number (*round)(lua_Number)) {
  lua_settop(L, 1);
  if (lua_isinteger(L, 1)) return 1;
  const lua_Number value = round(luaL_checknumber(L, 1));
  lua_Integer whole;
  if (lua_numbertointeger(value, &whole)) lua_pushinteger(L, whole);
  else lua_pushnumber(L, value);
  return 1;
}

static int math_floor(lua_State *L) { return rounded(L, floor); }
static int math_ceil(lua_State *L) { return rounded(L, ceil); }

/* port.argument(position): words of the command line, which stands for the board's configuration. */
static int argument(lua_State *L) {
  static char line[COMMAND_LINE_BYTES];
  const lua_Integer position = integer_check(L, 1);
  if (semihosting_command_line(line, sizeof line) != 0) return luaL_error(L, "the command line is too long");
  char *word = strtok(line, " ");
  for (lua_Integer i = 1; i < position && word != NULL; i++) word = strtok(NULL, " ");
  lua_pushstring(L, word == NULL ? "" : word);
  return 1;
}

/* port.line(text) */
static int log_line(lua_State *L) {
  log_text(lua_isstring(L, 1) ? lua_tostring(L, 1) : "not a text");
  log_text("\n");
  return 0;
}

static const luaL_Reg GLOBALS[] = {
    {"setmetatable", set_metatable}, {"error", raise_error}, {"select", count_arguments}, {"type", type_name}, {NULL, NULL},
};
static const luaL_Reg MATH[] = {{"floor", math_floor}, {"ceil", math_ceil}, {NULL, NULL}};
static const luaL_Reg PORT[] = {{"argument", argument}, {"line", log_line}, {NULL, NULL}};

static void open_port(lua_State *L) {
  luaL_newlib(L, PORT);
  bytes_open(L);
  lua_setfield(L, -2, "natives");
  bus_open(L);
  lua_setfield(L, -2, "bus");
  rom_open(L);
  lua_setfield(L, -2, "rom");
  crypto_open(L);
  lua_setfield(L, -2, "crypto");
  lua_setglobal(L, "port");
}

/* The main function of the program; its one variable from outside is the table of globals. */
static void push_program(lua_State *L) {
  LClosure *closure = luaF_newLclosure(L, 1);
  setclLvalue2s(L, L->top, closure);
  luaD_inctop(L);
  closure->p = (Proto *)program_functions;
  luaF_initupvals(L, closure);
  lua_pushglobaltable(L);
  lua_setupvalue(L, -2, 1);
}

/* Calls itself so many times. */
static int descend(lua_State *L) {
  const lua_Integer left = lua_tointeger(L, 1);
  if (left == 0) return 0;
  lua_pushcfunction(L, descend);
  lua_pushinteger(L, left - 1);
  lua_call(L, 1, 0);
  return 0;
}

static int run(lua_State *L) {
  lua_pushglobaltable(L);
  luaL_setfuncs(L, GLOBALS, 0);
  luaL_newlib(L, MATH);
  lua_setglobal(L, "math");
  open_port(L);
  push_program(L);
  lua_gc(L, LUA_GCGEN, 0, 0);
  lua_pushcfunction(L, descend);
  lua_pushinteger(L, CALL_DEPTH);
  lua_call(L, 1, 0);
  lua_call(L, 0, 0);
  return 0;
}

/* An error outside the protected call: Lua's last resort. */
_Noreturn void abort(void) { reset_board(RESET_PROGRAM, watchdog_missing_part()); }

_Noreturn void program_run(void) {
  lua_State *L = lua_newstate(heap_allocate, NULL);
  if (L != NULL) {
    lua_pushcfunction(L, tell_error);
    lua_pushcfunction(L, run);
    const int status = lua_pcall(L, 0, 0, -2);
    if (status == LUA_OK) semihosting_exit(0);
    /* Lua tells this one to nobody: there may be no memory to tell it with. */
    if (status == LUA_ERRMEM) log_text("error: not enough memory\n");
  }
  log_text(L == NULL ? "error: no memory to start\n" : "the program has ended by an error\n");
  reset_board(RESET_PROGRAM, watchdog_missing_part());
}
