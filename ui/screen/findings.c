/* Everything that was found, worst first; of one topic when its name is the argument. */
#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/help_rules.h"
#include "ui/refs.h"
#include "ui/wizard.h"

static void put_all(struct wizard *wizard, struct page *page, const struct verdict *verdict, const char *topic) {
  size_t *order, count = findings_in_order(page->arena, verdict, topic, &order), hidden = 0;
  bool hide = form_flag(wizard, "hide", false);
  for (size_t i = 0; i < count; i++) {
    const struct finding *finding = verdict->findings[order[i]];
    if (hide && finding->severity <= SEVERITY_INFO) {
      hidden++;
      continue;
    }
    struct block *item = page_item(page, finding_ref(page->arena, verdict, order[i]), finding_detail(page->arena, finding), severity_label(finding->severity), severity_role(finding->severity));
    item->explain = arena_printf(page->arena, "%s: %s", topic_title(finding->topic), text_safe_string(page->arena, finding->subject));
  }
  if (!count) page_paragraph(page, live_running(wizard) ? _("Nothing yet: the checks are running.") : _("Nothing was found here: it could not be checked, or was not needed."));
  if (hidden) page_paragraph(page, words_count(page->arena, _("{n} that are good are hidden. Press p to see them."), "n", hidden));
}

static void build(struct wizard *wizard, struct page *page) {
  const struct verdict *verdict = live_is_of_domain(wizard) ? live_verdict_so_far(wizard) : live_verdict(wizard);
  enum topic topic;
  bool of_topic = topic_from_name(wizard_argument(wizard), &topic);
  page_can(page, ACTION_HIDE);
  if (of_topic) page_can(page, ACTION_AGAIN);
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_FIND);
  page_can(page, ACTION_TASKS);
  page_can(page, ACTION_HELP);
  if (!verdict) {
    page_heading(page, _("Nothing has been checked yet"));
    page_item(page, "check", _("Check the domain now"), "", ROLE_TEXT);
    return;
  }
  page_heading(page, of_topic ? words_fill(page->arena, _("What we found: {topic}"), "topic", topic_title(topic)) : _("What we found"));
  put_all(wizard, page, verdict, wizard_argument(wizard));
}

static const char *about(struct wizard *wizard) {
  enum topic topic;
  return topic_from_name(wizard_argument(wizard), &topic) ? help_of_topic(topic) : NULL;
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action == ACTION_HIDE) {
    form_set_flag(wizard, "hide", !form_flag(wizard, "hide", false));
    return true;
  }
  enum topic topic;
  if (action == ACTION_AGAIN && topic_from_name(wizard_argument(wizard), &topic)) {
    live_check_again(wizard, 1u << topic);
    return true;
  }
  if (action != ACTION_OPEN || strcmp(focus, "check") != 0) return false;
  wizard_act(wizard, ACTION_CHECK);
  return true;
}

static bool leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument) {
  (void)wizard;
  *out_screen = SCREEN_FINDING;
  *out_argument = id;
  return *id && strcmp(id, "check") != 0;
}

const struct screen screen_findings = { .name = "findings", .help = "checks", .about = about, .build = build, .act = act, .leads = leads };
