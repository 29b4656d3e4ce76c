/* Neither compiler nor loader of Lua are linked: what its core calls of them. The program lies there ready (program-image.h). */
#include "lauxlib.h"
#include "llex.h"
#include "lparser.h"
#include "lundump.h"

void luaX_init(lua_State *L) { (void)L; }

LClosure *luaY_parser(lua_State *L, ZIO *z, Mbuffer *buff, Dyndata *dyd, const char *name, int firstchar) {
  (void)z, (void)buff, (void)dyd, (void)name, (void)firstchar;
  luaL_error(L, "no program can be loaded here");
  return NULL;
}

LClosure *luaU_undump(lua_State *L, ZIO *Z, const char *name) {
  (void)Z, (void)name;
  luaL_error(L, "no program can be loaded here");
  return NULL;
}
