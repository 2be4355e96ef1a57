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

/* Top-level domains under which names are, or, as .example and .test of RFC 2606, stand for such. Others are asked for: "corp.lan" is not there
 * either, and nobody can register it. */
static bool is_known_top(const char *top) { return suffix_is_listed(top) || strcmp(top, "example") == 0 || strcmp(top, "test") == 0; }

enum tri domain_is_free(struct store *store, const char *name, const struct dns_answer **out_owner) {
  const char *registrable = suffix_registrable(name), *top = name_last_labels(registrable, 1);
  const struct dns_answer *owner = *out_owner = store_dns(store, registrable, DNS_TYPE_SOA);
  if (!owner) return TRI_UNKNOWN;
  if (owner->outcome != DNS_NXDOMAIN) return TRI_NO;
  if (is_known_top(top)) return TRI_YES;
  const struct dns_answer *above = store_dns(store, top, DNS_TYPE_SOA);
  if (!above) return TRI_UNKNOWN;
  return above->outcome == DNS_NXDOMAIN || above->outcome == DNS_FAILED ? TRI_NO : TRI_YES;
}

const char *unused_label(struct arena *arena, const char *domain) {
  uint32_t hash = 2166136261u;
  for (const char *c = domain; *c; c++) hash = (hash ^ (unsigned char)*c) * 16777619u;
  return arena_printf(arena, "mailstead-%08x", hash);
}

bool answer_nothing_below(const struct dns_answer *answer) { return answer->outcome == DNS_NXDOMAIN && !answer->links; }
