#include "checks/finding.h"

#include <string.h>

#include "src/base/ctype.h"
#include "src/base/intl.h"
#include "src/base/mem.h"

enum { ROUNDING = 16 }; /* what an arena adds at most to each piece */

static const struct { const char *name, *title; } topics[TOPIC_COUNT] = {
  [TOPIC_NS] = { "ns", N_("Name servers") },
  [TOPIC_MX] = { "mx", N_("Mail servers (MX)") },
  [TOPIC_ADDRESS] = { "address", N_("Addresses and reverse DNS") },
  [TOPIC_SPF] = { "spf", N_("SPF") },
  [TOPIC_DKIM] = { "dkim", N_("DKIM") },
  [TOPIC_DMARC] = { "dmarc", N_("DMARC") },
  [TOPIC_TLSRPT] = { "tlsrpt", N_("TLS reporting") },
  [TOPIC_MTASTS] = { "mtasts", N_("MTA-STS") },
  [TOPIC_TLS] = { "tls", N_("TLS and certificates") },
  [TOPIC_DANE] = { "dane", N_("DANE") },
  [TOPIC_GSI] = { "gsi", N_("Old gsi names") },
};

static const char *const severities[] = {
  [SEVERITY_PASS] = "pass", [SEVERITY_INFO] = "info", [SEVERITY_WARN] = "warn",
  [SEVERITY_UNKNOWN] = "unknown", [SEVERITY_FAIL] = "fail", [SEVERITY_SKIPPED] = "skipped",
};

const char *topic_name(enum topic topic) { return topic < TOPIC_COUNT ? topics[topic].name : ""; }
const char *topic_title(enum topic topic) { return topic < TOPIC_COUNT ? _(topics[topic].title) : ""; }

bool topic_from_name(const char *name, enum topic *out) {
  for (size_t i = 0; i < TOPIC_COUNT; i++) {
    if (!text_equal(topics[i].name, name)) continue;
    *out = (enum topic)i;
    return true;
  }
  return false;
}

const char *severity_name(enum severity severity) { return severities[severity]; }

bool severity_from_name(const char *name, enum severity *out) {
  for (size_t i = 0; i < MEM_COUNT(severities); i++) {
    if (strcmp(severities[i], name) != 0) continue;
    *out = (enum severity)i;
    return true;
  }
  return false;
}

enum severity severity_worse(enum severity a, enum severity b) {
  if (a == SEVERITY_INFO) a = SEVERITY_PASS;
  if (b == SEVERITY_INFO) b = SEVERITY_PASS;
  if (a == SEVERITY_SKIPPED) return b;
  if (b == SEVERITY_SKIPPED) return a;
  return a > b ? a : b;
}

const char *finding_argument(const struct finding *finding, const char *name) {
  for (size_t i = 0; i < finding->argument_count; i++)
    if (strcmp(finding->arguments[i].name, name) == 0) return finding->arguments[i].value;
  return NULL;
}

struct finding *finding_copy(struct arena *arena, const struct finding *finding) {
  struct finding *copy = arena_memdup(arena, finding, sizeof *finding);
  copy->subject = arena_strdup(arena, finding->subject);
  if (finding->argument_count) copy->arguments = arena_memdup(arena, finding->arguments, finding->argument_count * sizeof *finding->arguments);
  for (size_t i = 0; i < finding->argument_count; i++) copy->arguments[i].value = arena_strdup(arena, finding->arguments[i].value);
  if (finding->seen_count) copy->seen = arena_memdup(arena, finding->seen, finding->seen_count * sizeof *finding->seen);
  return copy;
}

size_t finding_size(const struct finding *finding) {
  size_t texts = strlen(finding->subject) + 1 + ROUNDING;
  for (size_t i = 0; i < finding->argument_count; i++) texts += strlen(finding->arguments[i].value) + 1 + ROUNDING;
  return sizeof *finding + ROUNDING + texts + finding->argument_count * sizeof *finding->arguments + ROUNDING + finding->seen_count * sizeof *finding->seen + ROUNDING;
}

static const char *sentence(struct arena *arena, const struct finding *finding, const char *words) {
  if (!*words) return "";
  size_t count = finding->argument_count;
  struct text_argument *all = ARENA_ARRAY(arena, struct text_argument, count + 1);
  if (count) memcpy(all, finding->arguments, count * sizeof *all);
  all[count] = (struct text_argument){ "subject", text_safe_string(arena, finding->subject) };
  return text_fill(arena, _(words), all, count + 1);
}

const char *finding_detail(struct arena *arena, const struct finding *finding) { return sentence(arena, finding, finding->rule->detail); }
const char *finding_meaning(struct arena *arena, const struct finding *finding) { return sentence(arena, finding, finding->rule->meaning); }
const char *finding_remedy(struct arena *arena, const struct finding *finding) { return sentence(arena, finding, finding->rule->remedy); }

const struct finding *verdict_find(const struct verdict *verdict, const char *rule, const char *subject) {
  for (size_t i = 0; i < verdict->count; i++) {
    const struct finding *finding = verdict->findings[i];
    if (strcmp(finding->rule->id, rule) == 0 && (!subject || strcmp(finding->subject, subject) == 0)) return finding;
  }
  return NULL;
}

bool verdict_has(const struct verdict *verdict, const char *rule) { return verdict_find(verdict, rule, NULL) != NULL; }
