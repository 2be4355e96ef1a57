#ifndef BASE_MEM_H
#define BASE_MEM_H
#include <stddef.h>

/* Allocation that does not fail: out of memory calls the hook set by mem_on_failure (which gives the terminal back), writes one
 * line to stderr and exits with 70. Every buffer that is fed from outside has a cap, so input alone cannot get here. */
void *mem_alloc(size_t size) __attribute__((malloc, returns_nonnull));
void *mem_zalloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull)); /* zeroed; checks the product */
void *mem_realloc(void *old, size_t count, size_t size) __attribute__((returns_nonnull));
char *mem_strdup(const char *text) __attribute__((malloc, returns_nonnull));
char *mem_strndup(const char *text, size_t length) __attribute__((malloc, returns_nonnull));
char *mem_printf(const char *format, ...) __attribute__((format(printf, 1, 2), returns_nonnull));

/* Called once before the program gives up for lack of memory. Null: none. */
void mem_on_failure(void (*hook)(void));

#define MEM_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#endif
