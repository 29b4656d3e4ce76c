/* Orders free blocks by a merge sort from the bottom up: no recursion, no memory, n log n steps. */
#include "heap-order.h"

/* Bin i holds an ordered list of 2^i blocks, or none: enough for all addresses. */
#define BINS 28

bool free_blocks_join(struct free_block *first) {
  struct free_block *second = first->next;
  if (second == NULL || (char *)first + first->size != (char *)second) return false;
  first->size += second->size;
  first->next = second->next;
  return true;
}

static struct free_block *merged(struct free_block *one, struct free_block *other) {
  struct free_block *first = NULL;
  struct free_block **link = &first;
  while (one != NULL && other != NULL) {
    struct free_block **lower = one < other ? &one : &other;
    *link = *lower;
    link = &(*lower)->next;
    *lower = *link;
  }
  *link = one != NULL ? one : other;
  return first;
}

struct free_block *free_blocks_ordered(struct free_block *list) {
  struct free_block *bins[BINS] = {NULL};
  while (list != NULL) {
    struct free_block *carried = list;
    list = list->next;
    carried->next = NULL;
    size_t bin = 0;
    for (; bins[bin] != NULL; bin++) {
      carried = merged(bins[bin], carried);
      bins[bin] = NULL;
    }
    bins[bin] = carried;
  }
  struct free_block *all = NULL;
  for (size_t bin = 0; bin < BINS; bin++) all = merged(bins[bin], all);
  return all;
}
