/*
 * hal/rom.ts over the bytes that tables.S brings in. Tables lie there as they are; a bitmap lies there as columns of lines, which
 * bitmaps share (board/rom/pack-columns.ts has the layout), and is put together when it is read.
 */
#include "rom.h"

#include <stdbool.h>
#include <string.h>

#include "bytes.h"
#include "lauxlib.h"

#define PAPER 0xff
/* How much is compared at a time. */
#define PART_BYTES 64

struct rom {
  uint32_t length;
  uint32_t plain_length;
  uint32_t bitmap_count;
  uint32_t slice_count;
  uint32_t column_count;
  uint8_t plain[];
};

struct bitmap {
  uint32_t offset;
  /* In columns, or bytes, which is the same. */
  uint32_t width : 8;
  uint32_t first_slice : 24;
};

struct slice {
  uint8_t columns;
  /* By how many lines they are lower than where they lie. */
  int8_t lower;
  uint16_t first;
};

struct column {
  uint32_t lines : 7;
  uint32_t top : 7;
  uint32_t ink : 18;
};

_Static_assert(sizeof(struct bitmap) == 8 && sizeof(struct slice) == 4 && sizeof(struct column) == 4, "as they are packed");

extern const struct rom rom_start;

static const struct bitmap *bitmaps(void) {
  return (const struct bitmap *)(rom_start.plain + ((rom_start.plain_length + 3) & ~3u));
}

static const struct slice *slices(void) { return (const struct slice *)(bitmaps() + rom_start.bitmap_count); }

static const struct column *columns(void) { return (const struct column *)(slices() + rom_start.slice_count); }

/* A column of `slice`, where it stands. */
static struct column column_of(const struct slice *slice, uint32_t at) {
  struct column column = columns()[slice->first + at];
  column.top += slice->lower;
  return column;
}

/* Where the bytes of the next one are. */
static uint32_t end_of(const struct bitmap *bitmap) {
  const bool is_last = bitmap + 1 == bitmaps() + rom_start.bitmap_count;
  return is_last ? rom_start.length : bitmap[1].offset;
}

/* The bitmap that the byte at `offset` is part of. */
static const struct bitmap *bitmap_of(uint32_t offset) {
  const struct bitmap *first = bitmaps();
  uint32_t count = rom_start.bitmap_count;
  while (count > 1) {
    const uint32_t half = count / 2;
    if (first[half].offset <= offset) first += half, count -= half;
    else count = half;
  }
  return first;
}

/* `lines` bytes of one column from line `line` of its bitmap on, `stride` apart. */
static void read_column(struct column column, uint32_t line, uint32_t lines, uint8_t *into, uint32_t stride) {
  const uint8_t *is_other = (const uint8_t *)(columns() + rom_start.column_count) + column.ink;
  const uint8_t *others = is_other + (column.lines + 7) / 8;
  /* How many others stand above the line of ink that is next. */
  const uint32_t first = line > column.top ? line - column.top : 0;
  uint32_t ink = 0;
  for (; ink + 8 <= first && ink < column.lines; ink += 8) others += __builtin_popcount(is_other[ink / 8]);
  for (; ink < first && ink < column.lines; ink++) others += is_other[ink / 8] >> (ink % 8) & 1;
  for (uint32_t i = 0; i < lines; i++, into += stride) {
    const uint32_t below_top = line + i - column.top;
    if (below_top >= column.lines) {
      *into = PAPER;
      continue;
    }
    others += is_other[below_top / 8] >> (below_top % 8) & 1;
    *into = others[-1];
  }
}

/* Lines of one bitmap, whole ones, from `offset` on, at most `lines`. Returns how many. */
static uint32_t read_lines(const struct bitmap *bitmap, uint32_t offset, uint32_t lines, uint8_t *into, uint32_t stride) {
  const uint32_t width = bitmap->width;
  const uint32_t left = (end_of(bitmap) - offset) / width;
  const uint32_t count = lines < left ? lines : left;
  const struct slice *slice = slices() + bitmap->first_slice;
  for (uint32_t further = width; further > 0; further -= slice->columns, slice++)
    for (uint32_t at = 0; at < slice->columns; at++)
      read_column(column_of(slice, at), (offset - bitmap->offset) / width, count, into++, stride);
  return count;
}

/* Bytes of one bitmap from `offset` on, at most `length`. Returns how many. */
static uint32_t read_bitmap(uint32_t offset, uint8_t *into, uint32_t length) {
  const struct bitmap *bitmap = bitmap_of(offset);
  const uint32_t left = end_of(bitmap) - offset;
  const uint32_t count = length < left ? length : left;
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t at = offset + i - bitmap->offset;
    uint32_t column = at % bitmap->width;
    const struct slice *slice = slices() + bitmap->first_slice;
    while (column >= slice->columns) column -= slice->columns, slice++;
    read_column(column_of(slice, column), at / bitmap->width, 1, into + i, 0);
  }
  return count;
}

/* The range must lie inside. */
static void read(uint32_t offset, uint8_t *into, uint32_t length) {
  if (offset < rom_start.plain_length) {
    const uint32_t left = rom_start.plain_length - offset;
    const uint32_t count = length < left ? length : left;
    memcpy(into, rom_start.plain + offset, count);
    offset += count, into += count, length -= count;
  }
  while (length > 0) {
    const uint32_t count = read_bitmap(offset, into, length);
    offset += count, into += count, length -= count;
  }
}

/* Argument `position`, from which on `length` bytes can be read. */
static uint32_t offset_check(lua_State *L, int position, lua_Integer length) {
  const lua_Integer offset = integer_check(L, position);
  const lua_Integer size = rom_start.length;
  if (offset < 0 || length < 0 || offset > size || length > size - offset)
    luaL_error(L, "range outside the table: %I + %I", offset, length);
  return (uint32_t)offset;
}

/* readWord(offset) → the unsigned integer of four bytes, most significant first */
static int read_word(lua_State *L) {
  uint32_t word;
  read(offset_check(L, 2, sizeof word), (uint8_t *)&word, sizeof word);
  lua_pushinteger(L, __builtin_bswap32(word));
  return 1;
}

/* equal(offset, other, length) */
static int equal(lua_State *L) {
  uint8_t one[PART_BYTES], other[PART_BYTES];
  const lua_Integer length = integer_check(L, 4);
  uint32_t offset = offset_check(L, 2, length);
  uint32_t other_offset = offset_check(L, 3, length);
  bool is_equal = true;
  for (uint32_t left = (uint32_t)length; is_equal && left > 0;) {
    const uint32_t part = left < PART_BYTES ? left : PART_BYTES;
    read(offset, one, part);
    read(other_offset, other, part);
    is_equal = memcmp(one, other, part) == 0;
    offset += part, other_offset += part, left -= part;
  }
  lua_pushboolean(L, is_equal);
  return 1;
}

/* readRows(offset, into, at, length, rows, stride): `rows` runs of `length` bytes, `stride` apart in `into` */
static int read_rows(lua_State *L) {
  const lua_Integer length = integer_check(L, 5);
  const lua_Integer rows = integer_check(L, 6);
  const lua_Integer stride = integer_check(L, 7);
  const lua_Integer at = integer_check(L, 4);
  const bool is_small = length >= 0 && length <= UINT16_MAX && rows <= UINT16_MAX && stride >= 0 && stride <= UINT16_MAX;
  if (!is_small) return luaL_error(L, "no rows: %I of %I, %I apart", rows, length, stride);
  const uint32_t offset = offset_check(L, 2, rows * length);
  /* All or nothing: the last row is the farthest. */
  if (rows > 0) bytes_at(L, 3, at + (rows - 1) * stride, length);
  for (lua_Integer row = 0; row < rows;) {
    const uint32_t from = offset + (uint32_t)(row * length);
    uint8_t *into = bytes_at(L, 3, at + row * stride, length);
    const struct bitmap *bitmap = from < rom_start.plain_length ? NULL : bitmap_of(from);
    const bool is_whole = bitmap != NULL && bitmap->width == length && (from - bitmap->offset) % bitmap->width == 0;
    if (is_whole) row += read_lines(bitmap, from, (uint32_t)(rows - row), into, (uint32_t)stride);
    else read(from, into, (uint32_t)length), row++;
  }
  return 0;
}

static const luaL_Reg CALLS[] = {{"readWord", read_word}, {"equal", equal}, {"readRows", read_rows}, {NULL, NULL}};

void rom_open(lua_State *L) {
  luaL_newlib(L, CALLS);
  lua_pushinteger(L, rom_start.length);
  lua_setfield(L, -2, "lengthBytes");
}
