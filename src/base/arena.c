#include "src/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"

enum { FIRST_CHUNK = 2048, LARGEST_CHUNK = 1 << 20 };

struct chunk {
  struct chunk *next;
  size_t size, used;
  alignas(max_align_t) unsigned char bytes[];
};

struct arena {
  struct chunk *last, *first;
};

static size_t rounded(size_t size) {
  size_t unit = alignof(max_align_t);
  return (size + unit - 1) / unit * unit;
}

static struct chunk *chunk_new(size_t size) {
  struct chunk *chunk = mem_alloc(sizeof *chunk + size);
  chunk->next = NULL;
  chunk->size = size;
  chunk->used = 0;
  return chunk;
}

struct arena *arena_new(void) { return arena_new_sized(FIRST_CHUNK); }

/* The arena itself lives at the head of its first chunk: one allocation for small uses. */
struct arena *arena_new_sized(size_t first_chunk) {
  size_t head = rounded(sizeof(struct arena));
  struct chunk *chunk = chunk_new(head + rounded(first_chunk));
  struct arena *arena = (struct arena *)(void *)chunk->bytes;
  chunk->used = head;
  arena->last = arena->first = chunk;
  return arena;
}

static void free_chunks(struct chunk *chunk) {
  while (chunk) {
    struct chunk *next = chunk->next;
    free(chunk);
    chunk = next;
  }
}

void arena_free(struct arena **arena) {
  if (!*arena) return;
  struct chunk *first = (*arena)->first;
  *arena = NULL;
  free_chunks(first);
}

void arena_clear(struct arena *arena) {
  free_chunks(arena->first->next);
  arena->first->next = NULL;
  arena->first->used = rounded(sizeof *arena);
  arena->last = arena->first;
}

void *arena_alloc(struct arena *arena, size_t size) {
  size_t need = rounded(size ? size : 1);
  struct chunk *chunk = arena->last;
  if (chunk->size - chunk->used < need) {
    size_t next = chunk->size * 2 < LARGEST_CHUNK ? chunk->size * 2 : LARGEST_CHUNK;
    chunk = chunk_new(next > need ? next : need);
    arena->last->next = chunk;
    arena->last = chunk;
  }
  void *memory = chunk->bytes + chunk->used;
  chunk->used += need;
  return memory;
}

void *arena_zalloc(struct arena *arena, size_t count, size_t size) {
  if (size && count > (SIZE_MAX >> 1) / size) abort();
  return memset(arena_alloc(arena, count * size), 0, count * size);
}

char *arena_strdup(struct arena *arena, const char *text) { return arena_strndup(arena, text, strlen(text)); }

char *arena_strndup(struct arena *arena, const char *text, size_t length) {
  char *copy = arena_alloc(arena, length + 1);
  if (length) memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

void *arena_memdup(struct arena *arena, const void *bytes, size_t length) {
  void *copy = arena_alloc(arena, length);
  if (length) memcpy(copy, bytes, length);
  return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *text = arena_vprintf(arena, format, arguments);
  va_end(arguments);
  return text;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list arguments) {
  if (strcmp(format, "%s") == 0) return arena_strdup(arena, va_arg(arguments, const char *));
  va_list again;
  va_copy(again, arguments);
  struct chunk *chunk = arena->last;
  size_t room = chunk->size - chunk->used;
  char *text = (char *)chunk->bytes + chunk->used; /* mostly there is room where it will stay */
  int length = vsnprintf(room ? text : NULL, room, format, arguments);
  if (length < 0) text = arena_strdup(arena, "");
  else if ((size_t)length < room && rounded((size_t)length + 1) <= room) arena_alloc(arena, (size_t)length + 1);
  else vsnprintf(text = arena_alloc(arena, (size_t)length + 1), (size_t)length + 1, format, again);
  va_end(again);
  return text;
}

/* Room exists for the next power of two above `count`, so a new block is due exactly when count is 0 or a power of two from 4 up. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t size) {
  if (count == 0) return arena_zalloc(arena, 4, size);
  if (count < 4 || (count & (count - 1)) != 0) return items;
  void *larger = arena_zalloc(arena, count * 2, size);
  memcpy(larger, items, count * size);
  return larger;
}
