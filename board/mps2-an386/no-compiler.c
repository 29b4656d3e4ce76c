/* Only bytecode is run here: what Lua's core calls of its compiler, which is not linked. */
#include "lauxlib.h"
#include "llex.h"
#include "lparser.h"

void luaX_init(lua_State *L) { (void)L; }

LClosure *luaY_parser(lua_State *L, ZIO *z, Mbuffer *buff, Dyndata *dyd, const char *name, int firstchar) {
  (void)z, (void)buff, (void)dyd, (void)name, (void)firstchar;
  luaL_error(L, "only bytecode is run");
  return NULL;
}
