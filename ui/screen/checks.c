/* The checks, running or done: one row a topic, in a fixed order, so that rows never jump. */
#include <string.h>

#include "src/base/lib.h"
#include "ui/refs.h"
#include "ui/wizard.h"

/* The worst finding of a topic, in words. */
static const char *worst_words(struct arena *arena, const struct verdict *verdict, enum topic topic) {
  const struct finding *worst = NULL;
  for (size_t i = 0; i < verdict->count; i++) {
    const struct finding *finding = verdict->findings[i];
    if (finding->topic == topic && (!worst || severity_worse(finding->severity, worst->severity) != worst->severity)) worst = finding;
  }
  return worst ? finding_detail(arena, worst) : "";
}

struct state { const char *word; enum role role; bool good; };

static struct state state_of(struct wizard *wizard, const struct verdict *verdict, enum topic topic) {
  enum topic_progress progress = live_is_of_domain(wizard) ? examination_topic(wizard->live.examination, topic) : TOPIC_DONE;
  if (live_is_of_domain(wizard) && live_checks_again(wizard, topic)) progress = TOPIC_RUNNING;
  switch (progress) {
  case TOPIC_WAITING: return (struct state){ _("Waiting"), ROLE_BUSY, false };
  case TOPIC_RUNNING: return (struct state){ _("Checking"), ROLE_BUSY, false };
  case TOPIC_STOPPED: return (struct state){ _("Not checked"), ROLE_BUSY, false };
  case TOPIC_DONE: break;
  }
  if (verdict->topics[topic] == SEVERITY_SKIPPED) return (struct state){ _("Not needed"), ROLE_TEXT, true };
  return (struct state){ severity_label(verdict->topics[topic]), severity_role(verdict->topics[topic]), verdict->topics[topic] <= SEVERITY_INFO };
}

static void put_topic(struct wizard *wizard, struct page *page, const struct table *table, const struct verdict *verdict, enum topic topic) {
  struct state state = state_of(wizard, verdict, topic);
  const char *words = worst_words(page->arena, verdict, topic);
  if (state.good && form_flag(wizard, "hide", false)) return;
  struct block *row = page_row(page, table, arena_printf(page->arena, "topic:%s", topic_name(topic)));
  row->number = ++page->numbered;
  row->explain = *words ? arena_printf(page->arena, "%s: %s", topic_title(topic), words) : state.word;
  page_cell(row, 0, topic_title(topic), ROLE_TEXT);
  page_cell(row, 1, state.word, state.role);
  page_cell(row, 2, words, ROLE_TEXT);
}

static void put_topics(struct wizard *wizard, struct page *page, const struct verdict *verdict) {
  const struct column columns[] = { { .title = _("Topic"), .whole = true }, { .title = _("State"), .whole = true }, { .title = live_running(wizard) ? _("What we found so far") : _("The worst of what we found"), .fold = true } };
  const struct table *table = page_table(page, columns, MEM_COUNT(columns));
  for (unsigned i = 0; i < TOPIC_COUNT; i++) put_topic(wizard, page, table, verdict, (enum topic)i);
}

/* When the checks have ended the focus goes to the worst topic, once. */
static void focus_worst(struct wizard *wizard, const struct verdict *verdict) {
  enum topic worst = TOPIC_COUNT;
  if (form_flag(wizard, "ended", false)) return;
  form_set_flag(wizard, "ended", true);
  for (unsigned i = TOPIC_COUNT; i-- > 0;)
    if (verdict->topics[i] != SEVERITY_SKIPPED && (worst == TOPIC_COUNT || severity_worse(verdict->topics[i], verdict->topics[worst]) == verdict->topics[i])) worst = (enum topic)i;
  if (worst < TOPIC_COUNT) wizard_focus(wizard, "topic:", topic_name(worst));
}

static size_t attention(const struct verdict *verdict) {
  size_t count = 0;
  for (size_t i = 0; i < verdict->count; i++) count += verdict->findings[i]->severity == SEVERITY_FAIL || verdict->findings[i]->severity == SEVERITY_WARN;
  return count;
}

/* What comes from evidence was asked, and took its time, when it was made. */
static struct examination_figures figures_of(const struct wizard *wizard) {
  struct examination_figures figures = examination_figures(wizard->live.examination);
  const struct ui_evidence *evidence = wizard->options.evidence;
  if (evidence) figures.questions = figures.answered = evidence->questions, figures.elapsed_ms = evidence->elapsed_ms;
  return figures;
}

static const char *figures_sentence(const struct wizard *wizard, unsigned long count) {
  if (wizard->live.again) return _("A part is checked again. What is known of the rest stays.");
  if (live_running(wizard)) return ngettext("{answered} of {questions} questions answered, {attention} thing needs attention so far. Started {started}.", "{answered} of {questions} questions answered, {attention} things need attention so far. Started {started}.", count);
  if (wizard->live.joined) return ngettext("A part was checked again {started}. {attention} thing needs attention.", "A part was checked again {started}. {attention} things need attention.", count);
  return ngettext("{questions} questions answered in {seconds} seconds. {attention} thing needs attention.", "{questions} questions answered in {seconds} seconds. {attention} things need attention.", count);
}

static void put_figures(struct wizard *wizard, struct page *page, const struct verdict *verdict) {
  size_t count = attention(verdict);
  if (!live_is_of_domain(wizard)) {
    page_paragraph(page, words_fill(page->arena, _("Last checked {when}. What we found then:"), "when", words_time(page->arena, live_checked_at(wizard), wizard_now(wizard))));
    return;
  }
  struct examination_figures figures = figures_of(wizard);
  unsigned tenths = (figures.elapsed_ms + 99) / 100; /* never none at all */
  struct text_argument arguments[] = {
    { "answered", arena_printf(page->arena, "%u", figures.answered) },
    { "questions", arena_printf(page->arena, "%u", figures.questions) },
    { "attention", arena_printf(page->arena, "%zu", count) },
    { "started", words_time(page->arena, wizard->live.started_at, wizard_now(wizard)) },
    { "seconds", arena_printf(page->arena, "%u.%u", tenths / 10, tenths % 10) },
  };
  page_paragraph(page, text_fill(page->arena, figures_sentence(wizard, count), arguments, MEM_COUNT(arguments)));
}

static void put_actions(struct wizard *wizard, struct page *page) {
  if (live_running(wizard)) page_can(page, ACTION_STOP);
  else page_cannot(page, ACTION_STOP, _("No checks are running"));
  page_can(page, ACTION_FINDINGS);
  page_can(page, ACTION_AGAIN);
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_HIDE);
  page_can(page, ACTION_TASKS);
  page_can(page, ACTION_HELP);
}

static void build(struct wizard *wizard, struct page *page) {
  bool running = live_running(wizard) && live_is_of_domain(wizard);
  const struct verdict *verdict = live_is_of_domain(wizard) ? live_verdict_so_far(wizard) : live_verdict(wizard);
  put_actions(wizard, page);
  if (!verdict) {
    page_heading(page, _("Nothing has been checked yet"));
    page_item(page, "check", _("Check the domain now"), "", ROLE_TEXT);
    return;
  }
  if (running) page->back = _("< Back (Esc), checks carry on");
  page_heading(page, words_fill(page->arena, running ? _("Checking {domain}") : _("Checked {domain}"), "domain", wizard->domain));
  put_figures(wizard, page, verdict);
  page_blank(page);
  put_topics(wizard, page, verdict);
  page_blank(page);
  page_link(page, "findings", _("Everything that was found"));
  if (running) form_set_flag(wizard, "ended", false);
  else focus_worst(wizard, verdict);
  if (!running) page_link(page, "records", _("The records to ask for"));
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action == ACTION_STOP) {
    live_stop(wizard);
    wizard_say(wizard, "%s", _("Stopping the checks. What is not finished is marked Not checked."));
    return true;
  }
  if (action == ACTION_HIDE) {
    bool hide = !form_flag(wizard, "hide", false);
    form_set_flag(wizard, "hide", hide);
    wizard_say(wizard, "%s", hide ? _("Topics that are good are hidden") : _("All topics are shown"));
    return true;
  }
  if (action == ACTION_AGAIN) {
    enum topic topic;
    bool known = strncmp(focus, "topic:", 6) == 0 && topic_from_name(focus + 6, &topic);
    live_check_again(wizard, known ? 1u << topic : 0);
    return true;
  }
  if (action != ACTION_OPEN || strcmp(focus, "check") != 0) return false;
  wizard_act(wizard, ACTION_CHECK);
  return true;
}

static bool leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument) {
  (void)wizard;
  *out_screen = strcmp(id, "records") == 0 ? SCREEN_RECORDS : SCREEN_FINDINGS;
  if (text_starts(id, "topic:")) *out_argument = id + strlen("topic:");
  return text_starts(id, "topic:") || strcmp(id, "records") == 0 || strcmp(id, "findings") == 0;
}

const struct screen screen_checks = { .name = "checks", .help = "checks", .build = build, .act = act, .leads = leads };
