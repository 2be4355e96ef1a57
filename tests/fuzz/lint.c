/* The text of every kind of record, judged as lint judges it: the first octet says which kind. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "checks/judge/dane.h"
#include "checks/judge/dkim.h"
#include "checks/judge/dmarc.h"
#include "checks/judge/mtasts.h"
#include "checks/judge/spf.h"
#include "checks/judge/tlsrpt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge_spf_text(struct judgement *j, const char *text, size_t length) { spf_judge_text(j, spf_parse(j->arena, text, length), NULL); }
static void judge_dkim_text(struct judgement *j, const char *text, size_t length) { dkim_lint_text(j, "example.gov.uk", text, length); }
static void judge_dmarc_text(struct judgement *j, const char *text, size_t length) { dmarc_judge_text(j, NULL, dmarc_parse(j->arena, text, length), true); }
static void judge_tlsrpt_text(struct judgement *j, const char *text, size_t length) { (void)tlsrpt_judge_text(j, text, length); }
static void judge_policy(struct judgement *j, const char *text, size_t length) { mtasts_judge_policy_text(j, mtasts_policy_parse(j->arena, text, length)); }

static const struct { enum topic topic; void (*judge)(struct judgement *, const char *, size_t); } kinds[] = {
  { TOPIC_SPF, judge_spf_text }, { TOPIC_DKIM, judge_dkim_text }, { TOPIC_DMARC, judge_dmarc_text }, { TOPIC_TLSRPT, judge_tlsrpt_text },
  { TOPIC_MTASTS, mtasts_judge_record_text }, { TOPIC_MTASTS, judge_policy }, { TOPIC_DANE, dane_judge_text },
};

/* What a finding says goes to terminals and tickets. */
static void check_words(struct judgement *j) {
  for (size_t i = 0; i < j->count; i++)
    if (!text_is_safe(finding_detail(j->arena, j->findings[i])) || !text_is_safe(finding_remedy(j->arena, j->findings[i]))) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  struct arena *arena = arena_new();
  struct store *store = store_new();
  size_t kind = (size_t)(data[0] - '0') % MEM_COUNT(kinds);
  struct inquiry inquiry = { .domain = "example.gov.uk", .topics = TOPICS_ALL };
  struct judgement j = { .store = store, .inquiry = &inquiry, .arena = arena, .topic = kinds[kind].topic };
  store_close(store);
  kinds[kind].judge(&j, arena_strndup(arena, (const char *)data + 1, size - 1), size - 1);
  check_words(&j);
  store_free(&store);
  arena_free(&arena);
  return 0;
}
