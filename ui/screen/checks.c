#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/judge/spf_tree.h"
#include "src/base/lib.h"
#include "ui/wizard.h"

/* ---- checks running ---- */

static const char *first_words(struct arena *arena, const struct verdict *verdict, enum topic topic) {
  for (size_t i = 0; i < verdict->count; i++)
    if (verdict->findings[i]->topic == topic) {
      const char *detail = finding_detail(arena, verdict->findings[i]);
      size_t length = text_fit(detail, 27, NULL);
      return detail[length] ? arena_printf(arena, "%.*s...", (int)text_fit(detail, 24, NULL), detail) : detail;
    }
  return "";
}

static void put_topic(struct wizard *wizard, struct page *page, const struct verdict *verdict, enum topic topic) {
  const char *state;
  enum role role = ROLE_BUSY;
  switch (examination_topic(wizard->examination, topic)) {
  case TOPIC_WAITING: state = _("Waiting"); break;
  case TOPIC_RUNNING: state = _("Checking"); break;
  case TOPIC_STOPPED: state = _("Not checked"); break;
  case TOPIC_DONE:
  default:
    state = verdict->topics[topic] == SEVERITY_SKIPPED ? _("Not needed") : severity_label(verdict->topics[topic]);
    role = severity_role(verdict->topics[topic]);
  }
  const char *words = first_words(page->arena, verdict, topic);
  page_item(page, arena_printf(page->arena, "topic:%s", topic_name(topic)), arena_printf(page->arena, "%-25s %s", topic_title(topic), words), state, role);
}

void build_checks(struct wizard *wizard, struct page *page) {
  struct text_argument argument = { "domain", wizard->domain };
  if (!wizard->examination || strcmp(wizard->examined, wizard->domain) != 0) {
    page_heading(page, _("Nothing has been checked yet"));
    page_item(page, "check", _("Check the domain now"), "", ROLE_TEXT);
    return;
  }
  struct examination_figures figures = examination_figures(wizard->examination);
  const struct verdict *verdict = examination_verdict(wizard->examination);
  page_heading(page, text_fill(page->arena, wizard_checking(wizard) ? _("Checking {domain}") : _("Checked {domain}"), &argument, 1));
  page_paragraph(page, arena_printf(page->arena, _("%u of %u questions answered, in %u.%u seconds."), figures.answered, figures.questions, figures.elapsed_ms / 1000, figures.elapsed_ms / 100 % 10));
  page_blank(page);
  for (unsigned i = 0; i < TOPIC_COUNT; i++) put_topic(wizard, page, verdict, (enum topic)i);
  page_blank(page);
  page_item(page, "findings", _("Everything that was found"), arena_printf(page->arena, "%zu", verdict->count), ROLE_TEXT);
  if (!wizard_checking(wizard)) page_item(page, "records", _("The records to ask for"), "", ROLE_TEXT);
  if (wizard_checking(wizard)) page->message = _("You can leave this screen: the checks carry on.");
}

bool act_checks(struct wizard *wizard, enum action action, const char *focus) {
  if (action == ACTION_STOP && wizard_checking(wizard)) {
    examination_stop(wizard->examination);
    wizard_say(wizard, "%s", _("Stopping the checks"));
    return true;
  }
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "check") == 0) wizard_check(wizard);
  else if (strcmp(focus, "findings") == 0) wizard_go(wizard, SCREEN_FINDINGS, "");
  else if (strcmp(focus, "records") == 0) wizard_go(wizard, SCREEN_RECORDS, "");
  else if (strncmp(focus, "topic:", 6) == 0) wizard_go(wizard, SCREEN_FINDINGS, focus + 6);
  return true;
}

/* ---- findings ---- */

static const struct verdict *verdict_now(struct wizard *wizard) {
  bool ours = wizard->examination && strcmp(wizard->examined, wizard->domain) == 0;
  return ours ? examination_verdict(wizard->examination) : NULL;
}

/* Worst first, over all topics or those of one. */
static size_t in_order(const struct verdict *verdict, const char *topic, size_t *out, size_t room) {
  static const enum severity order[] = { SEVERITY_FAIL, SEVERITY_UNKNOWN, SEVERITY_WARN, SEVERITY_INFO, SEVERITY_PASS };
  size_t count = 0;
  for (size_t s = 0; s < MEM_COUNT(order); s++)
    for (size_t i = 0; i < verdict->count && count < room; i++)
      if (verdict->findings[i]->severity == order[s] && (!*topic || strcmp(topic_name(verdict->findings[i]->topic), topic) == 0)) out[count++] = i;
  return count;
}

void build_findings(struct wizard *wizard, struct page *page) {
  const struct verdict *verdict = verdict_now(wizard);
  const char *topic = wizard_place(wizard)->argument;
  size_t order[500];
  if (!verdict) {
    page_heading(page, _("Nothing has been checked yet"));
    page_paragraph(page, _("Press r to check the domain."));
    return;
  }
  size_t count = in_order(verdict, topic, order, MEM_COUNT(order));
  page_heading(page, _("What we found"));
  for (size_t i = 0; i < count; i++) {
    const struct finding *finding = verdict->findings[order[i]];
    page_item(page, arena_printf(page->arena, "%zu", order[i]), finding_detail(page->arena, finding), severity_label(finding->severity), severity_role(finding->severity));
  }
  if (!count) page_paragraph(page, _("Nothing yet."));
}

bool act_findings(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN || !*focus) return false;
  wizard_go(wizard, SCREEN_FINDING, focus);
  return true;
}

static const struct finding *finding_here(struct wizard *wizard, size_t *out_index) {
  const struct verdict *verdict = verdict_now(wizard);
  *out_index = strtoul(wizard_place(wizard)->argument, NULL, 10);
  return verdict && *out_index < verdict->count ? verdict->findings[*out_index] : NULL;
}

static void put_seen(struct page *page, const struct finding *finding) {
  if (!finding->seen_count) return;
  page_blank(page);
  page_section(page, _("What we saw"));
  for (size_t i = 0; i < finding->seen_count && i < 4; i++) {
    const struct observation *seen = finding->seen[i];
    struct clock_date when = clock_local(seen->time);
    const char *server = *seen->server ? seen->server : _("nobody: no answer came");
    page_paragraph(page, arena_printf(page->arena, _("%s, from %s, at %02d:%02d"), question_describe(page->arena, &seen->question), server, when.hour, when.minute));
    if (seen->question.kind != QUESTION_DNS || seen->question.type != DNS_TYPE_TXT) continue;
    const struct dns_answer *answer = (const struct dns_answer *)(const void *)seen;
    for (size_t n = 0; n < answer->count && n < 4; n++) page_add(page, BLOCK_VALUE, text_safe_copy(page->arena, answer->records[n].txt.bytes, answer->records[n].txt.length));
  }
}

void build_finding(struct wizard *wizard, struct page *page) {
  size_t index;
  const struct finding *finding = finding_here(wizard, &index);
  if (!finding) {
    page_heading(page, _("This finding is no longer there: the domain was checked again"));
    return;
  }
  const char *meaning = finding_meaning(page->arena, finding), *remedy = finding_remedy(page->arena, finding);
  page_add(page, BLOCK_PARAGRAPH, arena_printf(page->arena, "%s: %s", severity_label(finding->severity), text_safe_string(page->arena, finding->subject)))->role = severity_role(finding->severity);
  page_heading(page, finding_detail(page->arena, finding));
  if (*meaning) {
    page_blank(page);
    page_section(page, _("What this means"));
    page_paragraph(page, meaning);
  }
  if (*remedy) {
    page_blank(page);
    page_section(page, _("What to do"));
    page_paragraph(page, remedy);
  }
  put_seen(page, finding);
  page_blank(page);
  page_item(page, "records", _("See the records to ask for"), "", ROLE_LINK);
  if (finding->topic == TOPIC_SPF) page_item(page, "tree", _("See who may send, as a tree"), "", ROLE_LINK);
  page_item(page, "help", _("Read more"), "", ROLE_LINK);
  page->message = arena_printf(page->arena, "%s   [%s]", finding->rule->reference, finding->rule->id);
}

static void step_finding(struct wizard *wizard, int by) {
  const struct verdict *verdict = verdict_now(wizard);
  size_t order[500], index, at = 0;
  if (!verdict || !finding_here(wizard, &index)) return;
  size_t count = in_order(verdict, "", order, MEM_COUNT(order));
  for (size_t i = 0; i < count; i++)
    if (order[i] == index) at = i;
  if ((by < 0 && at == 0) || (by > 0 && at + 1 >= count)) {
    wizard_say(wizard, "%s", by < 0 ? _("This is the first") : _("This is the last"));
    return;
  }
  struct place *place = wizard_place(wizard);
  snprintf(place->argument, sizeof place->argument, "%zu", order[by < 0 ? at - 1 : at + 1]);
  place->scroll = 0;
}

bool act_finding(struct wizard *wizard, enum action action, const char *focus) {
  static const char *const pages[TOPIC_COUNT] = { "dns-hosts", "mx", "ptr", "spf", "dkim", "dmarc", "tls-rpt", "mta-sts", "tls", "dane", "gsi" };
  size_t index;
  const struct finding *finding = finding_here(wizard, &index);
  if (action == ACTION_NEXT || action == ACTION_PREVIOUS) {
    step_finding(wizard, action == ACTION_NEXT ? 1 : -1);
    return true;
  }
  if (!finding || (action != ACTION_OPEN && action != ACTION_HELP)) return false;
  if (action == ACTION_HELP || strcmp(focus, "help") == 0) wizard_go(wizard, SCREEN_HELP, finding->topic < TOPIC_COUNT ? pages[finding->topic] : "checks");
  else if (strcmp(focus, "tree") == 0) wizard_go(wizard, SCREEN_TREE, "");
  else if (strcmp(focus, "records") == 0) wizard_go(wizard, SCREEN_RECORDS, "");
  return true;
}

/* ---- the SPF tree ---- */

static void put_node(struct wizard *wizard, struct page *page, const struct spf_node *node, const char *prefix, bool last) {
  bool ascii = wizard->options.ascii;
  const char *branch = last ? (ascii ? "`-- " : "\xe2\x94\x94\xe2\x94\x80\xe2\x94\x80 ") : (ascii ? "|-- " : "\xe2\x94\x9c\xe2\x94\x80\xe2\x94\x80 ");
  const char *state = node->cost ? arena_printf(page->arena, "+1  %2u  %s", node->total, spf_state_name(node->state)) : "";
  enum role role = node->total > 10 && node->cost ? ROLE_FAIL : node->state == SPF_STATE_GOOD || node->state == SPF_STATE_MACRO ? ROLE_TEXT : ROLE_FAIL;
  struct block *block = page_add(page, BLOCK_ITEM, arena_printf(page->arena, "%s%s%s", prefix, branch, text_safe_string(page->arena, node->term->text)));
  block->detail = state;
  block->detail_role = role;
  block->id = arena_printf(page->arena, "node%zu", page->count);
  const char *deeper = arena_printf(page->arena, "%s%s", prefix, last ? "    " : ascii ? "|   " : "\xe2\x94\x82   ");
  for (size_t i = 0; i < node->count; i++) put_node(wizard, page, &node->children[i], deeper, i + 1 == node->count);
}

void build_tree(struct wizard *wizard, struct page *page) {
  struct text_argument argument = { "domain", wizard->domain };
  page_heading(page, text_fill(page->arena, _("SPF: who may send as {domain}"), &argument, 1));
  const struct spf_tree *tree = wizard_verdict(wizard) ? spf_tree_grow(examination_store(wizard->examination), page->arena, wizard->domain, NULL, 0) : NULL;
  if (!tree) {
    page_paragraph(page, _("Check the domain first: press r."));
    return;
  }
  page_paragraph(page, arena_printf(page->arena, _("%s%u of 10 look-ups used, %u of 2 empty answers used"), tree->at_least ? _("At least ") : "", tree->lookups, tree->voids4));
  page_blank(page);
  for (size_t i = 0; i < tree->root.count; i++) put_node(wizard, page, &tree->root.children[i], "", i + 1 == tree->root.count);
  if (!tree->root.count) page_paragraph(page, _("There is no record that can be read."));
}
