/* One record to ask for: type, host in both forms, TTL, value, and what changes. */
#include <stdio.h>
#include <string.h>

#include "checks/record/taglist.h"
#include "src/base/lib.h"
#include "ui/differs.h"
#include "ui/plans.h"
#include "ui/wizard.h"

static const struct plan_change *change_here(struct wizard *wizard, size_t *out_index) { return plan_of_ref(live_plan(wizard), wizard_argument(wizard), out_index); }

/* ---- what changes, by term or by tag ---- */

struct part { const char *name, *value; };

/* SPF goes by its terms, DMARC and the like by tags; anything else is one part. */
static size_t parts_of(struct arena *arena, const char *text, struct part **out) {
  size_t count = 0;
  if (strncmp(text, "v=spf1", 6) == 0) {
    *out = ARENA_ARRAY(arena, struct part, strlen(text) + 1);
    for (const char *at = text; *(at += strspn(at, " "));) {
      size_t length = strcspn(at, " ");
      (*out)[count++] = (struct part){ arena_strndup(arena, at, length), "" };
      at += length;
    }
    return count;
  }
  const struct taglist *list = strncmp(text, "v=", 2) == 0 ? taglist_parse(arena, text, strlen(text)) : NULL;
  *out = ARENA_ARRAY(arena, struct part, list ? list->count + 1 : 1);
  for (size_t i = 0; list && i < list->count; i++)
    if (!list->tags[i].empty) (*out)[count++] = (struct part){ list->tags[i].name, list->tags[i].value };
  if (!list) (*out)[count++] = (struct part){ "", text };
  return count;
}

static const struct part *find_part(const struct part *parts, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(parts[i].name, name) == 0) return &parts[i];
  return NULL;
}

/* Order alone is not a difference. */
static void put_difference(struct page *page, const struct plan_change *change) {
  struct part *now, *wanted;
  if (change->now_count != 1 || change->wanted_count != 1 || change->type != DNS_TYPE_TXT) return;
  size_t before = parts_of(page->arena, change->now[0], &now), after = parts_of(page->arena, change->wanted[0], &wanted);
  page_blank(page);
  page_section(page, _("What changes"));
  const struct table *table = page_differences(page);
  for (size_t i = 0; i < after; i++) {
    const struct part *old = find_part(now, before, wanted[i].name);
    bool same = old && strcmp(old->value, wanted[i].value) == 0;
    if (old && !same) page_difference(page, table, DIFFERENCE_REMOVED, text_safe_string(page->arena, old->name), text_safe_string(page->arena, old->value));
    page_difference(page, table, same ? DIFFERENCE_SAME : DIFFERENCE_ADDED, text_safe_string(page->arena, wanted[i].name), text_safe_string(page->arena, wanted[i].value));
  }
  for (size_t i = 0; i < before; i++)
    if (!find_part(wanted, after, now[i].name)) page_difference(page, table, DIFFERENCE_REMOVED, text_safe_string(page->arena, now[i].name), text_safe_string(page->arena, now[i].value));
}

/* ---- the page ---- */

static void put_values(struct page *page, const struct plan_change *change) {
  for (size_t i = 0; i < change->wanted_count; i++) {
    size_t length = strlen(change->wanted[i]);
    struct text_argument counts[] = { { "n", arena_printf(page->arena, "%zu", length) }, { "strings", arena_printf(page->arena, "%zu", (length + 254) / 255) } };
    page_blank(page);
    page_section(page, change->wanted_count > 1 ? words_count(page->arena, _("Value {n}"), "n", i + 1) : _("Value"));
    page_value(page, change->wanted[i]);
    if (change->type == DNS_TYPE_TXT) page_paragraph(page, text_fill(page->arena, length > 255 ? _("{n} characters, {strings} strings") : _("{n} characters, 1 string"), counts, 2));
  }
  for (size_t i = 0; i < change->now_count; i++) {
    page_blank(page);
    page_section(page, _("There now, to be removed"));
    page_value(page, change->now[i]);
  }
}

static void put_pairs(struct page *page, const struct plan_change *change) {
  char scratch[16];
  const char *host = name_relative(page->arena, change->name, change->zone);
  struct text_argument hosts[] = { { "host", host ? host : change->name }, { "name", change->name } };
  struct text_argument ttls[] = { { "now", arena_printf(page->arena, "%u", change->ttl) }, { "later", arena_printf(page->arena, "%u", change->ttl_later) } };
  page_pair(page, _("Type"), arena_strdup(page->arena, dns_type_name(change->type, scratch)));
  page_pair(page, _("Host"), text_fill(page->arena, _("{host}     full name  {name}"), hosts, 2));
  page_pair(page, _("Zone"), change->zone);
  if (change->action != PLAN_REMOVE) page_pair(page, _("TTL"), text_fill(page->arena, _("{now} now, {later} when it works"), ttls, 2));
  page_pair(page, _("Who acts"), plans_contact(change));
}

static void put_value_of(struct page *page, const char *title, const char *value, const char *asked) {
  page_section(page, value && asked && strcmp(value, asked) == 0 ? words_fill(page->arena, _("{title}: asked for"), "title", title) : title);
  if (value) page_value(page, value);
  else page_paragraph(page, _("No such change is asked for."));
}

/* Where the guidance of 2020 and today's advice differ, both values stand beside each other, and what they differ in. */
static void put_both(struct wizard *wizard, struct page *page, const struct plan_change *change) {
  size_t index;
  const char *record = guidance_record_of(change->name, change->type), *values[2];
  for (unsigned i = 0; i < 2; i++) {
    const struct plan_change *as = plan_of_ref(live_plan_as(wizard, page->arena, i ? 0 : PLAN_2020_ALL), wizard_argument(wizard), &index);
    values[i] = as && as->wanted_count ? as->wanted[0] : NULL;
  }
  if (!change->wanted_count) return;
  page_side(page);
  page_blank(page);
  if (values[0] && values[1] && strcmp(values[0], values[1]) == 0) {
    page_paragraph(page, _("The guidance of 2020 and today's advice ask for the same value."));
  } else {
    put_value_of(page, _("As in the guidance of 27 April 2020"), values[0], change->wanted[0]);
    put_value_of(page, _("By today's advice"), values[1], change->wanted[0]);
    page_paragraph(page, _("y changes between the two."));
  }
  differs_put(wizard, page, NULL, record, NULL);
}

/* The other of the two values: all that goes into this record is chosen so. */
static void switch_values(struct wizard *wizard) {
  size_t index;
  const struct plan_change *change = change_here(wizard, &index);
  const char *record = change ? guidance_record_of(change->name, change->type) : "";
  if (*record) differs_choose_all(wizard, record, !differs_any_2020(wizard, record));
  else wizard_say(wizard, "%s", _("The guidance of 2020 and today's advice ask for the same value here."));
}

/* Asked for by other means than a saved request: the task waits for DNS from that day. */
static void put_asked(struct wizard *wizard, struct page *page, bool left_out) {
  struct casefile_task task = casefile_task(wizard->casefile, wizard->domain, arena_printf(page->arena, "asked:%s", wizard_argument(wizard)));
  page_blank(page);
  struct block *tick = page_tick(page, "asked", _("I have asked for this change"), task.done);
  if (task.done) tick->detail = words_ago(page->arena, task.when, wizard_now(wizard));
  page_tick(page, "chosen", _("In the change request"), !left_out);
  page_link(page, "request", _("Check and save the change request"));
}

static void toggle_asked(struct wizard *wizard) {
  struct fault fault = { "" };
  struct arena *arena = arena_new_sized(1024);
  const char *id = arena_printf(arena, "asked:%s", wizard_argument(wizard));
  struct casefile_task task = casefile_task(wizard->casefile, wizard->domain, id);
  task = (struct casefile_task){ .done = !task.done, .who = "", .note = "", .how = "you", .when = wizard_now(wizard) };
  bool done = task.done, saved = casefile_set_task(wizard->casefile, wizard->domain, id, &task, &fault);
  wizard_say(wizard, "%s", !saved ? fault.text : done ? _("Saved. Come back and press r: we compare what is published with it.") : _("Saved: not asked for"));
  arena_free(&arena);
}

/* The argument is the page's, which goes with the plan. */
static void toggle_chosen(struct wizard *wizard) {
  char ref[sizeof wizard->places[0].argument];
  snprintf(ref, sizeof ref, "%s", wizard_argument(wizard));
  plans_toggle(wizard, ref);
}

/* What copy and plain view give: the one-line form, and the split form of zone files. */
static void set_value(struct wizard *wizard, struct page *page, const struct plan_change *change) {
  struct buf quoted = BUF_INIT(1 << 20), all = BUF_INIT(1 << 20);
  const char *value = change->wanted_count ? change->wanted[0] : change->now_count ? change->now[0] : NULL;
  if (!value) return;
  if (change->type == DNS_TYPE_TXT) zone_text_split(&quoted, value, strlen(value));
  else buf_text(&quoted, value);
  for (size_t i = 0; i < change->wanted_count; i++) buf_printf(&all, i ? "\n%s" : "%s", change->wanted[i]);
  struct text_argument title[] = { { "subject", plans_subject(page->arena, change) }, { "name", change->name }, { "domain", wizard->domain } };
  page->value = (struct page_value){ .title = text_fill(page->arena, _("{subject} for {domain}: host {name}"), title, 3), .text = value, .quoted = arena_strdup(page->arena, buf_string(&quoted)),
                                     .all = arena_strdup(page->arena, buf_string(&all)), .file = arena_strdup(page->arena, change->name) };
  buf_release(&quoted);
  buf_release(&all);
}

static void put_actions(struct page *page) {
  page_can(page, ACTION_COPY);
  page_can(page, ACTION_PLAIN);
  page_can(page, ACTION_SAVE);
  page_can(page, ACTION_NEXT);
  page_can(page, ACTION_PREVIOUS);
  page_can(page, ACTION_COPY_ALL);
  page_can(page, ACTION_YEAR);
  page_can(page, ACTION_EXPORT);
  page_can(page, ACTION_HELP);
}

static void build(struct wizard *wizard, struct page *page) {
  size_t index = 0;
  const struct plan_change *change = change_here(wizard, &index);
  if (!change) {
    if (plans_not_ready(wizard, page)) return;
    page_heading(page, _("No change needed"));
    page_paragraph(page, _("This record is no longer among those to ask for."));
    page_blank(page);
    page_item(page, "go:back", _("Go back to where you were"), "", ROLE_LINK);
    return;
  }
  page->reading = true;
  put_actions(page);
  struct text_argument head[] = {
    { "n", arena_printf(page->arena, "%zu", index + 1) }, { "all", arena_printf(page->arena, "%zu", live_plan(wizard)->change_count) },
    { "subject", plans_subject(page->arena, change) }, { "action", plans_action(change->action) },
  };
  page_heading(page, text_fill(page->arena, _("Record {n} of {all} to ask for: {subject} ({action})"), head, 4));
  page_paragraph(page, _(change->sentence));
  page_blank(page);
  put_pairs(page, change);
  put_values(page, change);
  put_difference(page, change);
  put_asked(wizard, page, change->left_out);
  put_both(wizard, page, change);
  set_value(wizard, page, change);
  page->message = _("The wrapped value is one line. Use c to copy or v to see it whole.");
}

static void step(struct wizard *wizard, enum action action) {
  size_t index = 0, next;
  const struct plan *plan = live_plan(wizard);
  struct arena *arena = arena_new_sized(1024);
  if (change_here(wizard, &index) && wizard_steps(wizard, action, index, plan->change_count, &next)) wizard_set_argument(wizard, plan_ref(arena, plan, next));
  arena_free(&arena);
}

/* The page that says what the record is for, and why the advice has changed. */
static const char *about(struct wizard *wizard) {
  size_t index;
  const struct plan_change *change = change_here(wizard, &index);
  if (!change) return NULL;
  static const struct { const char *record, *topic; } topics[] = { { "dmarc", "dmarc" }, { "tlsrpt", "tls-rpt" }, { "mtasts", "mta-sts" }, { "dkim", "dkim" }, { "spf", "spf" } };
  for (size_t i = 0; i < MEM_COUNT(topics); i++)
    if (strcmp(guidance_record_of(change->name, change->type), topics[i].record) == 0) return topics[i].topic;
  if (change->type == DNS_TYPE_PTR) return "ptr";
  return change->type == DNS_TYPE_MX ? "mx" : "change-requests";
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action == ACTION_NEXT || action == ACTION_PREVIOUS) step(wizard, action);
  else if (action == ACTION_YEAR) switch_values(wizard);
  else if (action == ACTION_OPEN && strcmp(focus, "check") == 0) wizard_act(wizard, ACTION_CHECK);
  else if ((action == ACTION_OPEN || action == ACTION_SELECT) && strcmp(focus, "asked") == 0) toggle_asked(wizard);
  else if ((action == ACTION_OPEN || action == ACTION_SELECT) && strcmp(focus, "chosen") == 0) toggle_chosen(wizard);
  else return false;
  return true;
}

static bool leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument) {
  *out_screen = SCREEN_REQUEST;
  return strcmp(id, "request") == 0 || differs_leads(wizard, id, out_screen, out_argument);
}

const struct screen screen_record = { .name = "record", .help = "change-requests", .about = about, .build = build, .act = act, .leads = leads };
