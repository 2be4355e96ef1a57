#ifndef BASE_ARENA_H
#define BASE_ARENA_H
#include <stdarg.h>
#include <stddef.h>

/* Memory of things that live and die together. Nothing inside is freed one by one. Never returns null. */
struct arena;

struct arena *arena_new(void);
struct arena *arena_new_sized(size_t first_chunk); /* the first chunk holds that many bytes: one allocation for small uses */
void arena_free(struct arena **arena);             /* accepts null, leaves null */
void arena_clear(struct arena *arena);             /* forgets all, keeps the first chunk */

void *arena_alloc(struct arena *arena, size_t size);                 /* aligned for any object; not zeroed */
void *arena_zalloc(struct arena *arena, size_t count, size_t size);  /* zeroed; checks the product */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);
void *arena_memdup(struct arena *arena, const void *bytes, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments);

#define ARENA_NEW(arena, type) ((type *)arena_zalloc((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_zalloc((arena), (count), sizeof(type)))

/* Grows an array that lives in an arena: returns room for `count + 1` elements, keeping the first `count`. The old room is given up
 * to the arena; doubling keeps the waste within a factor of two. `items` may be null when count is 0. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t size);
#endif
