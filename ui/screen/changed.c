/* What changed between the check before and the last one, for this domain and the others of the case. */
#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/changes.h"
#include "ui/wizard.h"

static enum role role_of(enum change_kind kind) { return kind == CHANGED_MENDED ? ROLE_GOOD : kind == CHANGED_BETTER ? ROLE_CHANGED : kind == CHANGED_WORSE ? ROLE_FAIL : ROLE_WARN; }

static void put_changes(struct page *page, const struct verdict *before, const struct verdict *now) {
  size_t count;
  const struct change_line *lines = changes_between(page->arena, before, now, &count);
  const struct column columns[] = { { .title = _("Change"), .whole = true }, { .title = _("Topic"), .whole = true, .drop = 1 }, { .title = _("What"), .wrap = true } };
  const struct table *table = count ? page_table(page, columns, MEM_COUNT(columns)) : NULL;
  for (size_t i = 0; i < count; i++) {
    struct block *row = page_row(page, table, NULL);
    page_cell(row, 0, change_kind_word(lines[i].kind), role_of(lines[i].kind));
    page_cell(row, 1, lines[i].finding->topic < TOPIC_COUNT ? topic_title(lines[i].finding->topic) : "", ROLE_TEXT);
    page_cell(row, 2, finding_detail(page->arena, lines[i].finding), ROLE_TEXT);
  }
  if (!count) page_paragraph(page, _("Nothing that needs attention has changed."));
}

static void put_domain(struct wizard *wizard, struct page *page, const char *domain) {
  int64_t when = 0, earlier = 0, now = wizard_now(wizard);
  const struct verdict *last = casefile_last_verdict(page->arena, wizard->casefile, domain, &when), *before = casefile_verdict_before(page->arena, wizard->casefile, domain, &earlier);
  page_blank(page);
  page_section(page, text_safe_string(page->arena, domain));
  if (!last || !before) {
    page_paragraph(page, last ? words_fill(page->arena, _("Checked once so far, {when}. There is nothing to compare with yet."), "when", words_time(page->arena, when, now)) : _("Not checked yet."));
    return;
  }
  struct text_argument times[] = { { "before", words_time(page->arena, earlier, now) }, { "now", words_time(page->arena, when, now) } };
  page_paragraph(page, text_fill(page->arena, _("Checked {before}, and {now}."), times, 2));
  put_changes(page, before, last);
}

static void build(struct wizard *wizard, struct page *page) {
  page->reading = true;
  page_heading(page, _("What changed since last time"));
  put_domain(wizard, page, wizard->domain);
  for (size_t i = 0; i < casefile_domain_count(wizard->casefile); i++)
    if (strcmp(casefile_domain_at(wizard->casefile, i), wizard->domain) != 0) put_domain(wizard, page, casefile_domain_at(wizard->casefile, i));
  page_blank(page);
  page_item(page, "checks", _("The checks, by topic"), "", ROLE_LINK);
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_FINDINGS);
  page_can(page, ACTION_HELP);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN || strcmp(focus, "checks") != 0) return false;
  wizard_go(wizard, SCREEN_CHECKS, "");
  return true;
}

const struct screen screen_changed = { .name = "changed", .help = "checks", .build = build, .act = act };
