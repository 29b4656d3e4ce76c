/*
 * Who has asked for each block of the heap that is in use, for `make size`: stands in front of the allocator of board/mps2-an386
 * (--wrap) and writes to the PSRAM, which the product leaves alone. A block belongs to the function of the program that runs.
 */
#include <stddef.h>
#include <stdint.h>

#include "lobject.h"
#include "lstate.h"

#define FUNCTIONS 4096u
#define GRAIN 8u
#define RAM_BASE 0x20000000u
#define RAM_BYTES 0x80000u
/* What belongs to no function: the state, names, natives. */
#define NOBODY 0u

/* Element 0 is nobody's, 1 + n is of function n (program-image.h numbers them). */
struct heap_owners {
  uint32_t bytes[FUNCTIONS];
  uint16_t of_block[RAM_BYTES / GRAIN];
};

#define OWNERS ((struct heap_owners *)0x21000000u)

void *__real_heap_allocate(void *context, void *block, size_t old_size, size_t new_size);

static lua_State *state;

static uint32_t owner(void) {
  if (state == NULL) return NOBODY;
  for (const CallInfo *call = state->ci; call != NULL; call = call->previous)
    if (isLua(call)) return 1u + (uint32_t)clLvalue(s2v(call->func))->p->linedefined;
  return NOBODY;
}

static uint16_t *owner_of(const void *block) { return &OWNERS->of_block[((uint32_t)block - RAM_BASE) / GRAIN]; }

static uint32_t rounded(size_t size) { return ((uint32_t)size + GRAIN - 1u) & ~(GRAIN - 1u); }

void *__wrap_heap_allocate(void *context, void *block, size_t old_size, size_t new_size) {
  const uint32_t former = block == NULL ? owner() : *owner_of(block);
  void *made = __real_heap_allocate(context, block, old_size, new_size);
  if (block == NULL && state == NULL && made != NULL) state = (lua_State *)((char *)made + LUA_EXTRASPACE);
  if (new_size > 0 && made == NULL) return NULL;
  if (block != NULL) OWNERS->bytes[former] -= rounded(old_size);
  if (new_size == 0) return made;
  OWNERS->bytes[former] += rounded(new_size);
  *owner_of(made) = (uint16_t)former;
  return made;
}
