#include <string.h>

#include "checks/judge/gsi_private.h"

/* x.gsi.gov.uk lies under the first. */
bool gsi_is_family(const char *name) {
  static const char *const families[] = { "gsi.gov.uk", "gse.gov.uk", "gcsx.gov.uk", "gsx.gov.uk" };
  for (size_t i = 0; i < MEM_COUNT(families); i++)
    if (name_is_under(name, families[i])) return true;
  return false;
}

bool gsi_is_replacement(const char *name) {
  static const char *const suffixes[] = { "gov.uk", "gov.scot", "gov.wales", "llyw.cymru" };
  for (size_t i = 0; i < MEM_COUNT(suffixes); i++)
    if (name_is_below(name, suffixes[i])) return !gsi_is_family(name);
  return false;
}

static bool is_name_byte(char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_'; }

const char *gsi_next_name(struct arena *arena, const char **at) {
  while (**at) {
    const char *begin = *at + strspn(*at, "."), *end = begin;
    while (is_name_byte(*end)) end++;
    *at = end + (*end != '\0');
    while (end > begin && end[-1] == '.') end--;
    const char *word = name_lower(arena, arena_strndup(arena, begin, (size_t)(end - begin)));
    if (gsi_is_family(word)) return word;
  }
  return NULL;
}

bool gsi_is_old_host(const char *name) { return gsi_is_family(name) || name_is_under(name, "gsi.messagelabs.com"); }

/* ---- asking and telling ---- */

void gsi_note_failure(struct gsi *gsi, const struct dns_answer *answer) {
  for (size_t i = 0; i < gsi->failed_count; i++)
    if (gsi->failed[i] == answer) return;
  if (gsi->failed_count < GSI_FAILURES_MOST) gsi->failed[gsi->failed_count++] = answer;
}

const struct dns_answer *gsi_ask(struct gsi *gsi, const char *name, uint16_t type) {
  const struct dns_answer *answer = ask_dns(gsi->j, name, type);
  if (!answer || answer->outcome != DNS_FAILED) return answer;
  gsi_note_failure(gsi, answer);
  return NULL;
}

struct finding *gsi_tell(struct gsi *gsi, const char *rule, const char *subject, const char *value, const struct observation *seen) {
  struct finding *finding = find(gsi->j, rule, subject);
  find_argument(gsi->j, finding, "value", "%s", value);
  if (seen) find_seen(gsi->j, finding, seen);
  return finding;
}

/* ---- the topic ---- */

static int by_question(const void *a, const void *b) {
  return question_order(&(*(const struct dns_answer *const *)a)->seen.question, &(*(const struct dns_answer *const *)b)->seen.question);
}

enum { NAMED_FAILURES = 5 };

/* One cause, one finding: of the first, with the names of the first few. What was seen of all stands with it. */
static void tell_failures(struct gsi *gsi) {
  struct buf names = BUF_INIT(4096);
  if (!gsi->failed_count) return;
  qsort(gsi->failed, gsi->failed_count, sizeof *gsi->failed, by_question);
  struct finding *finding = find_lookup_failed(gsi->j, "gsi-lookup-failed", NULL, gsi->failed[0]);
  for (size_t i = 0; i < gsi->failed_count; i++) {
    if (i < NAMED_FAILURES) buf_printf(&names, names.length ? ", %s" : "%s", question_describe(gsi->j->arena, &gsi->failed[i]->seen.question));
    else if (i == NAMED_FAILURES) buf_text(&names, " …");
    if (i) find_seen(gsi->j, finding, &gsi->failed[i]->seen);
  }
  find_argument(gsi->j, finding, "names", "%s", buf_string(&names));
  buf_release(&names);
}

/* Rests on all that was looked through; the domain's own records stand for it. */
static void tell_clean(struct gsi *gsi) {
  struct judgement *j = gsi->j;
  const struct dns_answer *seen[] = { ask_dns(j, j->inquiry->domain, DNS_TYPE_MX), ask_dns(j, j->inquiry->domain, DNS_TYPE_TXT), ask_dns(j, ask_name(j, "_dmarc"), DNS_TYPE_TXT),
                                      ask_dns(j, ask_name(j, "_smtp._tls"), DNS_TYPE_TXT) };
  struct finding *finding = find(j, "gsi-clean", NULL);
  for (size_t i = 0; i < MEM_COUNT(seen); i++)
    if (seen[i]) find_seen(j, finding, &seen[i]->seen);
}

void judge_gsi(struct judgement *j) {
  struct gsi gsi = { .j = j };
  if (!judge_domain_exists(j)) return;
  gsi_judge_records(&gsi);
  gsi_judge_hosts(&gsi);
  gsi_judge_old_domains(&gsi);
  if (j->waiting) return;
  if (gsi.old_failed || !found_above_info(j)) tell_failures(&gsi);
  if (!found_above_info(j)) tell_clean(&gsi);
}
