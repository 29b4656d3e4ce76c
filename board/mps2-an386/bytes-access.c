/*
 * The short way to one byte: `bytes[index]` and `bytes[index] = value` without a call of a Lua C function. The linker puts these in
 * the place of ltm.c's own (--wrap), which still do everything else: other keys, other objects, and every error.
 */
#include "bytes.h"
#include "lobject.h"
#include "lstate.h"
#include "ltm.h"

void __real_luaT_callTMres(lua_State *L, const TValue *f, const TValue *p1, const TValue *p2, StkId p3);
void __real_luaT_callTM(lua_State *L, const TValue *f, const TValue *p1, const TValue *p2, const TValue *p3);

/* The byte that `key` names in `object`, or NULL when it is not that simple. */
static uint8_t *byte_of(const TValue *object, const TValue *key) {
  if (!ttisfulluserdata(object) || !ttisinteger(key)) return NULL;
  struct bytes *bytes = (struct bytes *)getudatamem(uvalue(object));
  const lua_Unsigned index = l_castS2U(ivalue(key));
  return index < bytes->length ? bytes->at + index : NULL;
}

/* What finishes a read: `p3 = p1[p2]` by metamethod `f`. */
void __wrap_luaT_callTMres(lua_State *L, const TValue *f, const TValue *p1, const TValue *p2, StkId p3) {
  const uint8_t *byte = byte_of(p1, p2);
  if (byte == NULL || fvalue(f) != bytes_get) __real_luaT_callTMres(L, f, p1, p2, p3);
  else setivalue(s2v(p3), *byte);
}

/* What finishes a write: `p1[p2] = p3` by metamethod `f`. */
void __wrap_luaT_callTM(lua_State *L, const TValue *f, const TValue *p1, const TValue *p2, const TValue *p3) {
  uint8_t *byte = byte_of(p1, p2);
  const int is_byte = ttisinteger(p3) && l_castS2U(ivalue(p3)) <= 255;
  if (byte == NULL || !is_byte || fvalue(f) != bytes_set) __real_luaT_callTM(L, f, p1, p2, p3);
  else *byte = (uint8_t)ivalue(p3);
}
