/*
 * The loader in place of Lua's own (lundump.c): it makes functions and constants, but leaves instructions and upvalue descriptions
 * in program memory, which the virtual machine only reads. The registry keeps the main function, so no function is ever freed, not
 * even after the program has ended by an error. A function's number takes the place of its line. The collector must be stopped
 * meanwhile.
 */
#include "program-loader.h"

#include <stdint.h>

#include "lauxlib.h"
#include "ldo.h"
#include "lfunc.h"
#include "lgc.h"
#include "lmem.h"
#include "lobject.h"
#include "lstate.h"
#include "lstring.h"

/* "MLUA" */
#define MAGIC 0x41554c4du

_Static_assert(sizeof(Upvaldesc) == 8, "two words, as pack-program.ts writes them");
_Static_assert(sizeof(Instruction) == 4, "one word");

struct reader {
  const uint32_t *at;
  TString **strings;
  int functions;
};

static uint32_t word(struct reader *reader) { return *reader->at++; }

/* The strings in a table of the program's own while it is loaded; each is interned once. */
static TString **load_strings(lua_State *L, struct reader *reader, uint32_t count) {
  TString **strings = lua_newuserdatauv(L, count * sizeof *strings, 0);
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t length = word(reader);
    strings[i] = luaS_newlstr(L, (const char *)reader->at, length);
    reader->at += (length + 3) / 4;
  }
  return strings;
}

static void load_constant(lua_State *L, struct reader *reader, TValue *into) {
  const uint32_t tag = word(reader);
  switch (tag) {
    case LUA_VNUMINT:
    case LUA_VNUMFLT: {
      union {
        uint32_t words[2];
        lua_Integer integer;
        lua_Number number;
      } value;
      value.words[0] = word(reader);
      value.words[1] = word(reader);
      if (tag == LUA_VNUMINT) {
        setivalue(into, value.integer);
      } else {
        setfltvalue(into, value.number);
      }
      break;
    }
    case LUA_VSHRSTR:
      setsvalue(L, into, reader->strings[word(reader)]);
      break;
    case LUA_VFALSE:
      setbfvalue(into);
      break;
    case LUA_VTRUE:
      setbtvalue(into);
      break;
    default:
      setnilvalue(into);
  }
}

static void load_function(lua_State *L, struct reader *reader, Proto *f) {
  const uint32_t shape = word(reader);
  f->linedefined = f->lastlinedefined = reader->functions++;
  f->numparams = shape & 255;
  f->is_vararg = shape >> 8 & 255;
  f->maxstacksize = shape >> 16 & 255;
  const int instructions = (int)word(reader);
  f->code = (Instruction *)reader->at;
  reader->at += instructions;
  f->sizeupvalues = (int)(shape >> 24);
  f->upvalues = (Upvaldesc *)reader->at;
  reader->at += 2 * f->sizeupvalues;
  const int constants = (int)word(reader);
  f->k = luaM_newvectorchecked(L, constants, TValue);
  f->sizek = constants;
  for (int i = 0; i < constants; i++) load_constant(L, reader, &f->k[i]);
  const int inside = (int)word(reader);
  f->p = luaM_newvectorchecked(L, inside, Proto *);
  f->sizep = inside;
  for (int i = 0; i < inside; i++) f->p[i] = NULL;
  for (int i = 0; i < inside; i++) {
    f->p[i] = luaF_newproto(L);
    load_function(L, reader, f->p[i]);
  }
}

void program_load(lua_State *L, const void *words) {
  struct reader reader = {words, NULL, 0};
  if (word(&reader) != MAGIC) luaL_error(L, "no program");
  reader.strings = load_strings(L, &reader, word(&reader));
  /* The number of upvalues stands in the first word of the main function. */
  LClosure *closure = luaF_newLclosure(L, (int)(*reader.at >> 24));
  setclLvalue2s(L, L->top, closure);
  luaD_inctop(L);
  closure->p = luaF_newproto(L);
  load_function(L, &reader, closure->p);
  luaF_initupvals(L, closure);
  lua_pushglobaltable(L);
  lua_setupvalue(L, -2, 1);
  /* The strings' list lies below the function. */
  lua_remove(L, -2);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, words);
}
