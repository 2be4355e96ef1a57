/* A help page, or the contents. */
#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/help_rules.h"
#include "ui/helps.h"
#include "ui/markdown.h"
#include "ui/refs.h"
#include "ui/wizard.h"

static bool is_contents(const char *topic) { return !*topic || strcmp(topic, "contents") == 0; }

static void build_contents(struct page *page) {
  size_t count;
  const char *const *topics = help_topics(&count);
  page->where = helps_where(page->arena, "");
  page_heading(page, _("Help"));
  page_paragraph(page, _("Everything here works without a network. / searches all pages, i lists every term."));
  page_blank(page);
  for (size_t i = 0; i < count; i++) page_item(page, arena_printf(page->arena, "topic:%s", topics[i]), text_safe_string(page->arena, help_title(page->arena, topics[i])), "", ROLE_TEXT);
  for (unsigned i = 0; i < TOPIC_COUNT; i++) page_item(page, arena_printf(page->arena, "topic:%s", help_list_name(page->arena, (enum topic)i)), help_list_title(page->arena, (enum topic)i), "", ROLE_TEXT);
}

/* What was seen of a rule in the domain that is worked on, with a way there. */
static void put_seen(struct wizard *wizard, struct page *page, const struct rule *rule) {
  const struct verdict *verdict = wizard->casefile ? live_verdict(wizard) : NULL;
  size_t shown = 0;
  if (!verdict) return;
  page_blank(page);
  page_section(page, words_fill(page->arena, _("What was seen for {domain}"), "domain", wizard->domain));
  for (size_t i = 0; i < verdict->count; i++) {
    const struct finding *finding = verdict->findings[i];
    if (finding->rule != rule) continue;
    page_item(page, arena_printf(page->arena, "finding:%s", finding_ref(page->arena, verdict, i)), finding_detail(page->arena, finding), severity_label(finding->severity), severity_role(finding->severity));
    shown++;
  }
  if (!shown) page_paragraph(page, _("It was not found at the last check."));
}

/* The rules of a topic. */
static void put_list(struct page *page, enum topic topic) {
  page_heading(page, help_list_title(page->arena, topic));
  page_blank(page);
  for (size_t i = 0; i < rule_count(); i++)
    if (help_rule_of_topic(rule_at(i), topic)) page_item(page, arena_printf(page->arena, "topic:%s", rule_at(i)->id), help_rule_title(page->arena, rule_at(i)), "", ROLE_LINK)->explain = rule_at(i)->id;
}

static void build_topic(struct wizard *wizard, struct page *page, const char *topic) {
  enum topic listed;
  const struct rule *rule = rule_find(topic);
  bool is_list = help_list_topic(topic, &listed);
  const char *text = is_list ? NULL : help_text(page->arena, topic);
  page->reading = !is_list;
  page->where = helps_where(page->arena, rule ? rule->id : help_title(page->arena, topic));
  if (is_list) put_list(page, listed);
  else if (text) markdown_put(page, text);
  else page_heading(page, words_fill(page->arena, _("There is no help page \"{topic}\""), "topic", topic));
  if (rule) put_seen(wizard, page, rule);
  page_blank(page);
  page_item(page, "topic:contents", _("All help pages"), "", ROLE_LINK);
  page->message = _("Press the number of a link to follow it. Backspace goes back a page, Esc to your work.");
}

static void build(struct wizard *wizard, struct page *page) {
  if (is_contents(wizard_argument(wizard))) build_contents(page);
  else build_topic(wizard, page, wizard_argument(wizard));
  helps_put_actions(page);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  (void)focus;
  return helps_act(wizard, action);
}

static bool leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument) {
  if (!text_starts(id, "finding:")) return helps_leads(wizard, id, out_screen, out_argument);
  *out_screen = SCREEN_FINDING;
  *out_argument = id + strlen("finding:");
  return true;
}

const struct screen screen_help = { .name = "help", .help = "keys", .build = build, .act = act, .leads = leads };
