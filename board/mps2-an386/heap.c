/*
 * The allocator. Small blocks come from lists by size class; large ones from one list in the order of their addresses, neighbours
 * joined. What no list has is cut from the untouched rest. When that is used up, small blocks are cut from larger free ones, and
 * when there is none either, all free blocks are joined anew. Lua tells every block's size, so blocks in use carry no header:
 * 24,000 of them would cost 190 KB.
 *
 *   __heap_start [ blocks in use and free … ][ untouched ] __heap_end
 */
#include "heap.h"

#include <stdint.h>
#include <string.h>

#include "heap-order.h"
#include "meter.h"

#define GRAIN 8u
#define SMALL_MAX 256u
#define CLASSES (SMALL_MAX / GRAIN)

/* Of the linker script: where the RAM for it begins and ends. */
extern char __heap_start[], __heap_end[];

/* Of a small one `size` is not kept up to date: its list says it. */
static struct free_block *classes[CLASSES];
static struct free_block *large_blocks;
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

static void give_small(void *block, size_t size) {
  struct free_block *given = block;
  given->next = classes[size / GRAIN - 1];
  classes[size / GRAIN - 1] = given;
}

static void *take_small(size_t size) {
  struct free_block *found = classes[size / GRAIN - 1];
  if (found != NULL) classes[size / GRAIN - 1] = found->next;
  return found;
}

static void *take_large(size_t size) {
  for (struct free_block **link = &large_blocks; *link != NULL; link = &(*link)->next) {
    struct free_block *found = *link;
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
    give_small(found, rest);
    return (char *)found + rest;
  }
  return NULL;
}

/* A small block out of one of a larger class. */
static void *split_small(size_t size) {
  for (size_t larger = size + GRAIN; larger <= SMALL_MAX; larger += GRAIN) {
    char *found = take_small(larger);
    if (found == NULL) continue;
    give_small(found + size, larger - size);
    return found;
  }
  return NULL;
}

static void give_large(void *block, size_t size) {
  struct free_block *given = block;
  struct free_block *before = NULL;
  struct free_block *after = large_blocks;
  while (after != NULL && after < given) {
    before = after;
    after = after->next;
  }
  given->size = size;
  given->next = after;
  if (before == NULL) large_blocks = given;
  else before->next = given;
  free_blocks_join(given);
  if (before != NULL) free_blocks_join(before);
}

/* Takes all lists apart and joins what lies side by side; the last block may become untouched again. */
static void tidy(void) {
  struct free_block *all = large_blocks;
  for (size_t size = GRAIN; size <= SMALL_MAX; size += GRAIN) {
    for (struct free_block *one = take_small(size); one != NULL; one = take_small(size)) {
      one->size = size;
      one->next = all;
      all = one;
    }
  }
  struct free_block **last = &large_blocks;
  struct free_block *next;
  for (struct free_block *one = free_blocks_ordered(all); one != NULL; one = next) {
    while (free_blocks_join(one)) continue;
    next = one->next;
    if ((char *)one + one->size == untouched) untouched = (char *)one;
    else if (one->size <= SMALL_MAX) give_small(one, one->size);
    else {
      *last = one;
      last = &one->next;
    }
  }
  *last = NULL;
}

static void *find(size_t size) {
  void *found = size > SMALL_MAX ? take_large(size) : take_small(size);
  if (found == NULL) found = cut(size);
  if (found != NULL || size > SMALL_MAX) return found;
  found = take_large(size);
  return found != NULL ? found : split_small(size);
}

static void *take(size_t size) {
  void *found = find(size);
  if (found != NULL) return found;
  tidy();
  return find(size);
}

static void give(void *block, size_t size) {
  memset(block, 0, size);
  if (size > SMALL_MAX) give_large(block, size);
  else give_small(block, size);
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
