/*
 * The allocator. Small blocks come from lists by size class, which never mix; large ones from one list in the order of their
 * addresses, neighbours joined. What no list has is cut from the untouched rest. Lua tells every block's size, so blocks carry
 * no header: 24,000 of them would cost 190 KB.
 *
 *   __heap_start [ blocks in use and free … ][ untouched ] __heap_end
 */
#include "heap.h"

#include <stdint.h>
#include <string.h>

#include "meter.h"

#define GRAIN 8u
#define SMALL_MAX 256u
#define CLASSES (SMALL_MAX / GRAIN)

/* Of the linker script: where the RAM for it begins and ends. */
extern char __heap_start[], __heap_end[];

struct small {
  struct small *next;
};

struct large {
  struct large *next;
  size_t size;
};

static struct small *classes[CLASSES];
static struct large *large_blocks;
static char *untouched;

static size_t rounded(size_t size) { return (size + GRAIN - 1) & ~(size_t)(GRAIN - 1); }

static void *cut(size_t size) {
  if (untouched == NULL) untouched = __heap_start;
  if ((size_t)(__heap_end - untouched) < size) return NULL;
  void *block = untouched;
  untouched += size;
  if ((uint32_t)(untouched - __heap_start) > meter.heap_peak_bytes)
    meter.heap_peak_bytes = (uint32_t)(untouched - __heap_start);
  return block;
}

static void *take_large(size_t size) {
  for (struct large **link = &large_blocks; *link != NULL; link = &(*link)->next) {
    struct large *found = *link;
    if (found->size < size) continue;
    const size_t rest = found->size - size;
    if (rest == 0) {
      *link = found->next;
      return found;
    }
    /* The end of the block is given away: the list stays as it is. */
    found->size = rest;
    if (rest > SMALL_MAX) return (char *)found + rest;
    /* Too small to be looked for here. */
    *link = found->next;
    struct small *left = (struct small *)found;
    const size_t class = rest / GRAIN - 1;
    left->next = classes[class];
    classes[class] = left;
    return (char *)found + rest;
  }
  return cut(size);
}

static void join(struct large *first) {
  struct large *second = first->next;
  if (second == NULL || (char *)first + first->size != (char *)second) return;
  first->size += second->size;
  first->next = second->next;
}

static void give_large(void *block, size_t size) {
  struct large *given = block;
  struct large *before = NULL;
  struct large *after = large_blocks;
  while (after != NULL && after < given) {
    before = after;
    after = after->next;
  }
  given->size = size;
  given->next = after;
  if (before == NULL) large_blocks = given;
  else before->next = given;
  join(given);
  if (before != NULL) join(before);
}

static void *take(size_t size) {
  if (size > SMALL_MAX) return take_large(size);
  struct small **list = &classes[size / GRAIN - 1];
  struct small *found = *list;
  if (found == NULL) return cut(size);
  *list = found->next;
  return found;
}

static void give(void *block, size_t size) {
  memset(block, 0, size);
  if (size > SMALL_MAX) {
    give_large(block, size);
    return;
  }
  struct small *given = block;
  given->next = classes[size / GRAIN - 1];
  classes[size / GRAIN - 1] = given;
}

void *heap_allocate(void *context, void *block, size_t old_size, size_t new_size) {
  (void)context;
  /* Without a block the old size says what kind of object it will be. */
  const size_t old = block == NULL ? 0 : rounded(old_size);
  const size_t new = rounded(new_size);
  if (old == new) return block;
  void *made = NULL;
  if (new > 0) {
    made = take(new);
    if (made == NULL) return NULL;
    if (old > 0) memcpy(made, block, old_size < new_size ? old_size : new_size);
  }
  if (old > 0) give(block, old);
  meter.heap_bytes += (uint32_t)new - (uint32_t)old;
  return made;
}
