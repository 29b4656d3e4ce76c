/*
 * The program as it lies in program memory, which nothing writes: functions, the constants that they share and every string as the objects that
 * the virtual machine works with. board/build/pack-program.ts writes the file that fills this in; the compiler lays it out.
 *
 * The collector never sees these objects. They are in none of its lists and neither white nor gray, so marking, barriers and
 * sweeping pass them by, and all that they refer to is of their kind.
 */
#ifndef PROGRAM_IMAGE_H
#define PROGRAM_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "lgc.h"
#include "lobject.h"
#include "lopcodes.h"

/* Of every object: black and old for ever. */
#define PROGRAM_MARKED (bitmask(BLACKBIT) | G_OLD)

/* Each before those inside it; the first is the main function. A function's number takes the place of its line. */
extern const Proto program_functions[];

/* Short strings by `hash & program_strings_mask`, chained by `hnext`. */
extern const TString *const program_strings[];
extern const uint32_t program_strings_mask;

/* Of the generated file. */

/* As pack-program.ts counts them. */
_Static_assert(sizeof(Proto) == 84 && sizeof(TValue) == 16 && sizeof(Upvaldesc) == 8, "sizes of objects");
_Static_assert(offsetof(TString, contents) == 16, "size of a string's head");

/* Where lua-operands.ts finds the numbers of constants. */
_Static_assert(OP_LOADK == 3 && OP_LOADKX == 4 && OP_GETTABUP == 11 && OP_GETFIELD == 14, "numbers of operations");
_Static_assert(OP_SETTABUP == 15 && OP_SETTABLE == 16 && OP_SETI == 17 && OP_SETFIELD == 18, "numbers of operations");
_Static_assert(OP_SELF == 20 && OP_ADDK == 22 && OP_BXORK == 31 && OP_MMBINK == 48 && OP_EQK == 60, "numbers of operations");
_Static_assert(POS_OP == 0 && POS_k == 15 && POS_B == 16 && POS_C == 24 && POS_Bx == 15, "places of operands");
_Static_assert(MAXARG_B == 255 && MAXARG_C == 255, "the farthest constant of an operand");

/* A TString with as many bytes as it needs. */
#define PROGRAM_STRING(bytes) \
  struct string_##bytes { \
    CommonHeader; \
    lu_byte extra; \
    lu_byte shrlen; \
    unsigned int hash; \
    union { \
      size_t lnglen; \
      struct TString *hnext; \
    } u; \
    char contents[(bytes) + 1]; \
  }; \
  _Static_assert(offsetof(struct string_##bytes, hash) == offsetof(TString, hash), "as Lua's"); \
  _Static_assert(offsetof(struct string_##bytes, u) == offsetof(TString, u), "as Lua's"); \
  _Static_assert(offsetof(struct string_##bytes, contents) == offsetof(TString, contents), "as Lua's")

#define HEADER(tag) .tt = (tag), .marked = PROGRAM_MARKED
#define SHORT(length, hashed, after) HEADER(LUA_VSHRSTR), .shrlen = (length), .hash = (hashed), .u.hnext = (TString *)(after)
/* `extra`: the hash is there, nobody needs to write it. */
#define LONG(length, hashed) HEADER(LUA_VLNGSTR), .extra = 1, .hash = (hashed), .u.lnglen = (length)

#define CONSTANT_SHORT(string) {{.gc = (GCObject *)&(string)}, ctb(LUA_VSHRSTR)}
#define CONSTANT_LONG(string) {{.gc = (GCObject *)&(string)}, ctb(LUA_VLNGSTR)}
/* Both by their 64 bits. */
#define CONSTANT_INTEGER(bits) {{.i = (lua_Integer)(bits)}, LUA_VNUMINT}
#define CONSTANT_FLOAT(bits) {{.i = (lua_Integer)(bits)}, LUA_VNUMFLT}
#define CONSTANT_OTHER(tag) {{.gc = NULL}, (tag)}

#define FUNCTION(number) HEADER(LUA_VPROTO), .linedefined = (number), .lastlinedefined = (number)
#define CONSTANTS(count, at) .sizek = (count), .k = (TValue *)&constants[at]
#define CODE(count, at) .sizecode = (count), .code = (Instruction *)&code[at]
#define INSIDE(count, at) .sizep = (count), .p = (Proto **)&inside[at]
#define UPVALUES(count, at) .sizeupvalues = (count), .upvalues = (Upvaldesc *)&upvalues[at]

#endif
