#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "checks/judge/spf_private.h"

/* Ranges of addresses either lie apart or one inside the other. In order of their first address, the wider first, a range lies inside
 * those before it that have not ended: they form a stack, and one pass sees all pairs that matter. */
struct span {
  struct ip first;
  unsigned length;
  const struct spf_term *term;
  size_t index; /* its place in the record */
};

struct spans {
  struct span *all;
  size_t count;
};

static bool is_range(const struct spf_term *term) { return term->kind == SPF_MECHANISM && (term->mechanism == SPF_IP4 || term->mechanism == SPF_IP6); }

static unsigned length_of(const struct spf_term *term) { return term->mechanism == SPF_IP6 ? term->prefix6 : term->prefix4; }

static void add(struct arena *arena, struct spans *spans, const struct ip *address, unsigned length, const struct spf_term *term) {
  spans->all = arena_grow(arena, spans->all, spans->count, sizeof *spans->all);
  spans->all[spans->count] = (struct span){ .first = ip_network(address, length), .length = length, .term = term, .index = spans->count };
  spans->count++;
}

static int by_place(const void *a, const void *b) {
  const struct span *left = a, *right = b;
  int order = ip_compare(&left->first, &right->first);
  if (order) return order;
  if (left->length != right->length) return left->length < right->length ? -1 : 1;
  return (left->index > right->index) - (left->index < right->index);
}

static void sort(struct spans *spans) {
  if (spans->count > 1) qsort(spans->all, spans->count, sizeof *spans->all, by_place);
}

static bool holds(const struct span *outer, const struct span *inner) {
  return outer->length <= inner->length && ip_in_prefix(&inner->first, &outer->first, outer->length);
}

/* The part of its family's space that sorted ranges hold together, 0 to 1. */
static double share_of(const struct spans *spans, uint8_t family) {
  const struct span *widest = NULL;
  double share = 0;
  for (size_t i = 0; i < spans->count; i++) {
    const struct span *span = &spans->all[i];
    if (span->first.family != family || (widest && holds(widest, span))) continue;
    widest = span;
    share += ldexp(1.0, -(int)span->length);
  }
  return share;
}

/* ---- of one record ---- */

enum { WIDE4 = 16, WIDE6 = 32 };

/* The networks around hosts, "mx/8" or "a//16", are ranges too. */
static bool is_wide(const struct spf_term *term) {
  if (term->kind != SPF_MECHANISM || term->fault || term->qualifier != '+') return false;
  if (term->mechanism == SPF_A || term->mechanism == SPF_MX) return term->prefix4 < WIDE4 || term->prefix6 < WIDE6;
  return is_range(term) && length_of(term) < (term->mechanism == SPF_IP6 ? WIDE6 : WIDE4);
}

static bool is_open(const struct spf_term *term, bool half4, bool half6) {
  if (!is_range(term)) return term->prefix4 <= 1 || term->prefix6 <= 1;
  return length_of(term) <= 1 || (term->mechanism == SPF_IP6 ? half6 : half4);
}

static void judge_width(struct judgement *j, const struct spf_record *record) {
  struct spans passing = { .count = 0 };
  for (size_t i = 0; i < record->count; i++)
    if (is_range(&record->terms[i]) && record->terms[i].qualifier == '+') add(j->arena, &passing, &record->terms[i].network, length_of(&record->terms[i]), &record->terms[i]);
  sort(&passing);
  bool half4 = share_of(&passing, 4) >= 0.5, half6 = share_of(&passing, 6) >= 0.5;
  for (size_t i = 0; i < record->count; i++) {
    const struct spf_term *term = &record->terms[i];
    if (is_wide(term)) (void)spf_find_term_as(j, "spf-range-too-wide", is_open(term, half4, half6) ? SEVERITY_FAIL : SEVERITY_WARN, term);
  }
}

static void judge_addresses(struct judgement *j, const struct spf_term *term) {
  bool nowhere = ip_range_is_private(&term->network, length_of(term)), example = ip_range_is_documentation(&term->network, length_of(term));
  if ((nowhere || example) && !j->inquiry->test_network) (void)spf_find_term_as(j, "spf-private-range", nowhere ? SEVERITY_WARN : SEVERITY_INFO, term);
  if (ip_host_bits_set(&term->network, length_of(term))) (void)spf_find_term(j, "spf-host-bits-set", term);
}

/* An inner range is of no use when the outer one was tried before, or says the same; else it is an exception that was meant. */
static bool makes_redundant(const struct span *outer, const struct span *inner) {
  return outer->index < inner->index || outer->term->qualifier == inner->term->qualifier;
}

static void judge_redundant(struct judgement *j, const struct spf_record *record) {
  enum { DEEPEST = 130 };
  const struct span *open[DEEPEST], **other = ARENA_ARRAY(j->arena, const struct span *, record->count);
  struct spans spans = { .count = 0 };
  size_t depth = 0;
  for (size_t i = 0; i < record->count; i++) {
    const struct spf_term *term = &record->terms[i];
    if (!is_range(term)) continue;
    add(j->arena, &spans, &term->network, length_of(term), term);
    spans.all[spans.count - 1].index = i;
  }
  sort(&spans);
  for (size_t i = 0; i < spans.count; i++) {
    const struct span *span = &spans.all[i];
    while (depth && !holds(open[depth - 1], span)) depth--;
    for (size_t n = 0; n < depth && !other[span->index]; n++)
      if (makes_redundant(open[n], span)) other[span->index] = open[n];
    bool again = depth && open[depth - 1]->length == span->length && !ip_compare(&open[depth - 1]->first, &span->first);
    if (!again && depth < DEEPEST) open[depth++] = span;
  }
  for (size_t i = 0; i < record->count; i++)
    if (other[i]) find_argument(j, spf_find_term(j, "spf-range-redundant", &record->terms[i]), "other", "%s", other[i]->term->text);
}

void spf_judge_ranges(struct judgement *j, const struct spf_record *record) {
  judge_width(j, record);
  for (size_t i = 0; i < record->count; i++)
    if (is_range(&record->terms[i])) judge_addresses(j, &record->terms[i]);
  judge_redundant(j, record);
}

/* ---- of the whole tree ---- */

static void add_addresses(struct judgement *j, struct spans *spans, const struct spf_node *node, const char *host) {
  const struct dns_answer *a = ask_dns(j, host, DNS_TYPE_A);
  for (size_t i = 0; a && i < a->count; i++) add(j->arena, spans, &a->records[i].address, node->term->prefix4, node->term);
}

static void collect(struct judgement *j, struct spans *spans, const struct spf_node *node) {
  for (size_t i = 0; i < node->count; i++) {
    const struct spf_node *child = &node->children[i];
    const struct spf_term *term = child->term;
    if (term->qualifier != '+') continue;
    if (term->kind == SPF_MECHANISM && term->mechanism == SPF_IP4) add(j->arena, spans, &term->network, term->prefix4, term);
    else if (term->kind == SPF_MECHANISM && term->mechanism == SPF_A && child->addresses4) add_addresses(j, spans, child, child->target);
    else if (term->kind == SPF_MECHANISM && term->mechanism == SPF_MX && child->addresses4)
      for (size_t n = 0; n < child->answer->count && n < 10; n++) add_addresses(j, spans, child, child->answer->records[n].mx.host);
    collect(j, spans, child);
  }
}

void spf_judge_total(struct judgement *j, const struct spf_tree *tree) {
  enum { WIDE = 1 << 20 };
  struct spans spans = { .count = 0 };
  collect(j, &spans, &tree->root);
  sort(&spans);
  double addresses = share_of(&spans, 4) * 4294967296.0;
  if (addresses > WIDE) find_argument(j, find(j, "spf-range-wide-total", NULL), "addresses", "%.0f", addresses);
}
