/* Lists of the heap's free blocks. */
#ifndef HEAP_ORDER_H
#define HEAP_ORDER_H

#include <stdbool.h>
#include <stddef.h>

/* Lies at the begin of a block, whose size is a multiple of this struct's. */
struct free_block {
  struct free_block *next;
  size_t size;
};

/* Makes `first` and the block behind it in the list one, where they lie side by side; whether they did. */
bool free_blocks_join(struct free_block *first);
/* The same blocks in the order of their addresses. */
struct free_block *free_blocks_ordered(struct free_block *list);

#endif
