#include "checks/judge/answers.h"

#include <stdlib.h>
#include <string.h>

bool answer_failed(const struct dns_answer *answer) { return !answer || answer->outcome == DNS_FAILED; }

bool answer_is_null_mx(const struct dns_answer *mx) { return mx->count == 1 && !*mx->records[0].mx.host; }

static int compare_rr(const void *a, const void *b) {
  const struct dns_rr *left = a, *right = b;
  size_t least = left->data_length < right->data_length ? left->data_length : right->data_length;
  int order = memcmp(left->data, right->data, least);
  return order ? order : left->data_length - right->data_length;
}

bool answers_same(struct arena *arena, const struct dns_answer *a, const struct dns_answer *b) {
  if ((a->links > 0) != (b->links > 0)) return false;
  if (a->links) return name_equal(a->chain[0].target, b->chain[0].target); /* what lies behind is another zone's affair */
  if (a->count != b->count) return false;
  if (!a->count) return true;
  struct dns_rr *left = arena_memdup(arena, a->records, a->count * sizeof *left), *right = arena_memdup(arena, b->records, b->count * sizeof *right);
  qsort(left, a->count, sizeof *left, compare_rr);
  qsort(right, b->count, sizeof *right, compare_rr);
  for (size_t i = 0; i < a->count; i++)
    if (compare_rr(&left[i], &right[i]) != 0) return false;
  return true;
}

const char *unused_label(struct arena *arena, const char *domain) {
  uint32_t hash = 2166136261u;
  for (const char *c = domain; *c; c++) hash = (hash ^ (unsigned char)*c) * 16777619u;
  return arena_printf(arena, "mailstead-%08x", hash);
}
