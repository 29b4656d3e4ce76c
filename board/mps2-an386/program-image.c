/*
 * What makes Lua work with the strings that lie in program memory. A short string must be there once, for Lua compares addresses:
 * whatever makes one looks among the program's first. The linker puts these in the place of Lua's own functions (--wrap), which make
 * every other string. Lua's table of strings holds those of the heap alone and grows and shrinks as it likes.
 */
#include "program-image.h"

#include <string.h>

#include "lstate.h"
#include "lstring.h"

TString *__real_luaS_newlstr(lua_State *L, const char *text, size_t length);
void __real_luaS_init(lua_State *L);
void __real_luaC_fix(lua_State *L, GCObject *object);

/* The program's own short string, or NULL. Its hash is that of a state without a seed (lua-config.h). */
static TString *find(const char *text, size_t length) {
  if (length > LUAI_MAXSHORTLEN) return NULL;
  const uint32_t hash = luaS_hash(text, length, 0);
  const TString *found = program_strings[hash & program_strings_mask];
  while (found != NULL && (found->hash != hash || found->shrlen != length || memcmp(getstr(found), text, length) != 0))
    found = found->u.hnext;
  return (TString *)found;
}

TString *__wrap_luaS_newlstr(lua_State *L, const char *text, size_t length) {
  TString *found = find(text, length);
  return found != NULL ? found : __real_luaS_newlstr(L, text, length);
}

/* As Lua's own, which finds what a native asks for again and again by the address of its text. */
TString *__wrap_luaS_new(lua_State *L, const char *text) {
  TString **cached = G(L)->strcache[point2uint(text) % STRCACHE_N];
  for (int i = 0; i < STRCACHE_M; i++)
    if (strcmp(text, getstr(cached[i])) == 0) return cached[i];
  for (int i = STRCACHE_M - 1; i > 0; i--) cached[i] = cached[i - 1];
  return cached[0] = __wrap_luaS_newlstr(L, text, strlen(text));
}

/* Makes a string inside its own file, where nothing can stand in between. */
void __wrap_luaS_init(lua_State *L) {
  __real_luaS_init(L);
  global_State *state = G(L);
  TString *found = find(getstr(state->memerrmsg), tsslen(state->memerrmsg));
  if (found == NULL) return;
  state->memerrmsg = found;
  for (int i = 0; i < STRCACHE_N; i++)
    for (int j = 0; j < STRCACHE_M; j++) state->strcache[i][j] = found;
}

/* Keeps a string that was just made from being collected. One of the program's, which is not white, never is. */
void __wrap_luaC_fix(lua_State *L, GCObject *object) {
  if (iswhite(object)) __real_luaC_fix(L, object);
}
