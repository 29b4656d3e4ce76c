/* The heap of the Lua program: all RAM behind the static data, up to the stack. */
#ifndef HEAP_H
#define HEAP_H

#include <stddef.h>

/* A lua_Alloc: grows, shrinks, frees; NULL when there is no room. What is given back is zeroed. */
void *heap_allocate(void *context, void *block, size_t old_size, size_t new_size);

#endif
