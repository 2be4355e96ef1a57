/* One finding: what it means, what to do, what we saw. */
#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/help_rules.h"
#include "ui/refs.h"
#include "ui/wizard.h"

enum { MOST_SEEN = 4, MOST_VALUES = 4 };

static const struct verdict *verdict_here(struct wizard *wizard) { return live_is_of_domain(wizard) ? live_verdict_so_far(wizard) : live_verdict(wizard); }
static const struct finding *finding_here(struct wizard *wizard) { return finding_of_ref(verdict_here(wizard), wizard_argument(wizard)); }

/* Its place in the order of all, worst first. */
static size_t standing(struct wizard *wizard, struct arena *arena, const struct finding *finding, size_t **order, size_t *out_count) {
  const struct verdict *verdict = verdict_here(wizard);
  size_t at = 0;
  *out_count = findings_in_order(arena, verdict, "", order);
  while (at < *out_count && verdict->findings[(*order)[at]] != finding) at++;
  return at;
}

/* What to do, as steps: a remedy's sentences are parted by ". " where there are several. */
static void put_remedy(struct page *page, const char *remedy) {
  unsigned number = 0;
  if (!*remedy) return;
  page_blank(page);
  page_section(page, _("What to do"));
  for (const char *at = remedy; *at;) {
    const char *end = strstr(at, ". ");
    while (end && (is_lower(end[2]) || is_digit(end[2]))) end = strstr(end + 2, ". ");
    size_t length = end ? (size_t)(end - at) + 1 : strlen(at);
    if (!number && !end) page_paragraph(page, at);
    else page_step(page, ++number, arena_strndup(page->arena, at, length));
    at += length;
    at += strspn(at, " ");
  }
}

static void put_dns(struct page *page, const struct dns_answer *answer) {
  for (size_t n = 0; n < answer->count && n < MOST_VALUES; n++) {
    const struct dns_rr *record = &answer->records[n];
    struct buf value = BUF_INIT(1 << 18);
    if (record->type != DNS_TYPE_TXT) zone_text_data(&value, record);
    page_add(page, BLOCK_VALUE, record->type == DNS_TYPE_TXT ? text_safe_copy(page->arena, record->txt.bytes, record->txt.length) : text_safe_string(page->arena, buf_string(&value)));
    buf_release(&value);
  }
  if (answer->count > MOST_VALUES) page_paragraph(page, words_count(page->arena, _("and {n} more"), "n", answer->count - MOST_VALUES));
}

static const char *ttl_words(struct arena *arena, const struct dns_answer *answer) {
  if (answer->count) return words_count(arena, _(", TTL {n}"), "n", answer->records[0].ttl);
  return answer->outcome == DNS_NXDOMAIN ? _(", no such name") : answer->outcome == DNS_NODATA ? _(", no such record") : "";
}

static void put_seen(struct wizard *wizard, struct page *page, const struct finding *finding) {
  if (!finding->seen_count) return;
  page_blank(page);
  page_section(page, _("What we saw"));
  for (size_t i = 0; i < finding->seen_count && i < MOST_SEEN; i++) {
    const struct observation *seen = finding->seen[i];
    bool dns = seen->question.kind == QUESTION_DNS;
    const struct dns_answer *answer = (const struct dns_answer *)(const void *)seen;
    struct text_argument arguments[] = {
      { "question", question_describe(page->arena, &seen->question) },
      { "server", *seen->server ? text_safe_string(page->arena, seen->server) : _("nobody: no answer came") },
      { "ttl", dns ? ttl_words(page->arena, answer) : "" },
      { "when", words_time(page->arena, seen->time, wizard_now(wizard)) },
    };
    page_paragraph(page, text_fill(page->arena, _("{question}, from {server}{ttl}, {when}"), arguments, MEM_COUNT(arguments)));
    if (dns) put_dns(page, answer);
  }
}

static void put_head(struct wizard *wizard, struct page *page, const struct finding *finding) {
  size_t *order, count, at = standing(wizard, page->arena, finding, &order, &count);
  struct text_argument arguments[] = {
    { "state", severity_label(finding->severity) }, { "n", arena_printf(page->arena, "%zu", at + 1) },
    { "all", arena_printf(page->arena, "%zu", count) }, { "subject", text_safe_string(page->arena, finding->subject) },
  };
  page_said(page, text_fill(page->arena, _("{state}, {n} of {all}: {subject}"), arguments, MEM_COUNT(arguments)), severity_role(finding->severity));
  page_heading(page, finding_detail(page->arena, finding));
}

/* The wanted record that mends it; null: none, or no plan yet. In the arena. */
static const char *record_for(struct wizard *wizard, struct arena *arena, const struct finding *finding) {
  const struct plan *plan = live_plan(wizard);
  for (size_t i = 0; plan && i < plan->change_count; i++)
    for (size_t n = 0; n < plan->changes[i].why_count; n++)
      if (strcmp(plan->changes[i].why[n], finding->rule->id) == 0) return plan_ref(arena, plan, i);
  return NULL;
}

static void build(struct wizard *wizard, struct page *page) {
  const struct finding *finding = finding_here(wizard);
  page_can(page, ACTION_NEXT);
  page_can(page, ACTION_PREVIOUS);
  page_can(page, ACTION_COPY);
  if (finding) page_can(page, ACTION_AGAIN);
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_HELP);
  page_can(page, ACTION_TASKS);
  if (!finding) {
    page_heading(page, _("This is no longer found"));
    page_paragraph(page, _("The domain has been checked again since, and the finding is gone."));
    page_blank(page);
    page_item(page, "go:back", _("Go back to where you were"), "", ROLE_LINK);
    return;
  }
  page->reading = true;
  put_head(wizard, page, finding);
  const char *meaning = finding_meaning(page->arena, finding);
  if (*meaning) {
    page_blank(page);
    page_section(page, _("What this means"));
    page_paragraph(page, meaning);
  }
  put_remedy(page, finding_remedy(page->arena, finding));
  put_seen(wizard, page, finding);
  page_blank(page);
  if (finding->topic == TOPIC_SPF) page_link(page, "spf", _("See the included records"));
  const char *record = record_for(wizard, page->arena, finding);
  if (record) page_link(page, arena_printf(page->arena, "record:%s", record), _("See the record to ask for"));
  else page_link(page, "records", _("See the records to ask for"));
  page_link(page, "rule", _("Help on this finding"));
  page_link(page, "help", _("Read the guidance"));
  page->value = (struct page_value){ .title = _("Finding"), .text = finding_detail(page->arena, finding), .file = "finding" };
  page->message = arena_printf(page->arena, "%s   [%s]", finding->rule->reference, finding->rule->id);
}

static void step(struct wizard *wizard, enum action action) {
  struct arena *arena = arena_new();
  const struct finding *finding = finding_here(wizard);
  size_t *order, count = 0, next;
  size_t at = finding ? standing(wizard, arena, finding, &order, &count) : 0;
  if (count && wizard_steps(wizard, action, at, count, &next)) wizard_set_argument(wizard, finding_ref(arena, verdict_here(wizard), order[next]));
  arena_free(&arena);
}

static const char *about(struct wizard *wizard) {
  const struct finding *finding = finding_here(wizard);
  return finding ? finding->rule->id : NULL;
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  const struct finding *finding = finding_here(wizard);
  (void)focus;
  if (action == ACTION_NEXT || action == ACTION_PREVIOUS) {
    step(wizard, action);
    return true;
  }
  if (finding && action == ACTION_AGAIN) {
    live_check_again(wizard, 1u << finding->topic);
    return true;
  }
  return false;
}

static bool leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument) {
  const struct finding *finding = finding_here(wizard);
  bool rule = strcmp(id, "rule") == 0, help = strcmp(id, "help") == 0, spf = strcmp(id, "spf") == 0, record = text_starts(id, "record:");
  if (!finding) return false;
  *out_screen = rule || help ? SCREEN_HELP : spf ? SCREEN_SPF : record ? SCREEN_RECORD : SCREEN_RECORDS;
  *out_argument = rule ? finding->rule->id : help ? help_of_topic(finding->topic) : record ? id + strlen("record:") : "";
  return rule || help || spf || record || strcmp(id, "records") == 0;
}

const struct screen screen_finding = { .name = "finding", .help = "checks", .about = about, .build = build, .act = act, .leads = leads };
