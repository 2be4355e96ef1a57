/* Are my changes live? Each record of the last request, on each name server and for the public. */
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "ui/job.h"
#include "ui/verifies.h"
#include "ui/wizard.h"

enum { SERVER_COLUMNS = 4 };

static enum role says_role(enum verify_says says) { return says == SAYS_NEW ? ROLE_GOOD : says == SAYS_NOTHING ? ROLE_UNKNOWN : says == SAYS_OLD ? ROLE_BUSY : ROLE_FAIL; }
static enum role state_role(enum verify_state state) { return state == VERIFY_LIVE ? ROLE_GOOD : state == VERIFY_UNKNOWN ? ROLE_UNKNOWN : state == VERIFY_WRONG ? ROLE_FAIL : ROLE_BUSY; }

/* Servers of the first zone head the columns; a record of another zone has its own in the same order, and names them when it has focus. */
static const struct table *put_titles(struct page *page, const struct verified *verified) {
  struct column columns[SERVER_COLUMNS + 3] = { { .title = _("Record") }, { .title = _("State"), .whole = true } };
  size_t count = 2;
  for (size_t i = 0; verified->count && i < verified->results[0].server_count && i < SERVER_COLUMNS; i++) {
    const char *name = verified->results[0].servers[i].name;
    columns[count++] = (struct column){ .title = arena_strndup(page->arena, name, strcspn(name, ".")), .whole = true, .drop = SERVER_COLUMNS + 1 - (unsigned)i };
  }
  columns[count++] = (struct column){ .title = _("Public DNS"), .whole = true, .drop = 1 };
  return page_table(page, columns, count);
}

static void put_result(struct page *page, const struct table *table, const struct verify_result *one, size_t index, int64_t now) {
  struct block *row = page_row(page, table, arena_printf(page->arena, "result:%zu", index));
  size_t column = 2;
  row->number = ++page->numbered;
  row->explain = verifies_sentence(page->arena, one);
  page_cell(row, 0, verifies_record(page->arena, one->change), ROLE_TEXT);
  page_cell(row, 1, verify_state_words(one->state), state_role(one->state));
  for (; column + 1 < table->count && column - 2 < one->server_count; column++) page_cell(row, column, verify_says_words(one->servers[column - 2].view.says), says_role(one->servers[column - 2].view.says));
  const char *public_words = one->cached_until > now ? arena_printf(page->arena, "%s, %s", verify_says_words(one->resolver.says), words_span(page->arena, (uint32_t)((one->cached_until - now) / 1000))) : verify_says_words(one->resolver.says);
  page_cell(row, table->count - 1, public_words, says_role(one->resolver.says));
}

static const struct verify_result *result_here(struct wizard *wizard, const struct verified *verified) {
  const char *focus = wizard_place(wizard)->focus;
  size_t index = strncmp(focus, "result:", 7) == 0 ? strtoul(focus + 7, NULL, 10) : 0;
  return verified && verified->count && index < verified->count ? &verified->results[index] : NULL;
}

/* What one server said: which version of the zone it has, what it gives, and when. */
static void put_source(struct wizard *wizard, struct page *page, const struct table *table, const char *name, const char *serial, const struct verify_view *view) {
  struct block *row = page_row(page, table, NULL);
  const char *says = verify_says_words(view->says);
  page_cell(row, 0, name, ROLE_TEXT);
  page_cell(row, 1, view->failure ? arena_printf(page->arena, "%s, %s", says, view->failure) : says, says_role(view->says));
  page_cell(row, 2, serial, ROLE_TEXT);
  page_cell(row, 3, view->time ? words_time(page->arena, view->time, wizard_now(wizard)) : "-", ROLE_TEXT);
}

static void put_sources(struct wizard *wizard, struct page *page, const struct verify_result *one) {
  const struct column columns[] = { { .title = _("Asked") }, { .title = _("Gives"), .whole = true }, { .title = _("Serial"), .whole = true, .said = true }, { .title = _("When"), .whole = true, .drop = 1 } };
  const struct table *table = page_table(page, columns, MEM_COUNT(columns));
  for (size_t i = 0; i < one->server_count; i++) {
    const struct verify_server *server = &one->servers[i];
    const char *name = arena_printf(page->arena, "%s [%s]", text_safe_string(page->arena, server->name), server->address), *serial = server->has_serial ? arena_printf(page->arena, "%u", server->serial) : "-";
    put_source(wizard, page, table, name, serial, &server->view);
  }
  const char *source = one->resolver.source && *one->resolver.source ? one->resolver.source : "-";
  put_source(wizard, page, table, words_fill(page->arena, _("your resolver [{address}]"), "address", source), "-", &one->resolver);
}

static void put_detail(struct wizard *wizard, struct page *page, const struct verify_result *one) {
  const char *serials = verifies_serials(page->arena, one), *caches = verifies_caches(page->arena, one, wizard_now(wizard)), *wanted = one->change->wanted_count ? one->change->wanted[0] : NULL;
  page_blank(page);
  page_section(page, verifies_record(page->arena, one->change));
  page_paragraph(page, verifies_sentence(page->arena, one));
  if (*serials) page_paragraph(page, serials);
  if (*caches) page_paragraph(page, caches);
  put_sources(wizard, page, one);
  if (wanted) page_section(page, _("Asked for")), page_value(page, wanted);
  if (one->server_count && one->servers[0].view.seen && one->state != VERIFY_LIVE) page_section(page, _("Published")), page_add(page, BLOCK_VALUE, text_safe_copy(page->arena, one->servers[0].view.seen, one->servers[0].view.seen_length));
  page->value = (struct page_value){ .title = verifies_record(page->arena, one->change), .text = wanted, .file = "record" };
}

/* The row that has focus, in words. Line by line no row has it before it is chosen: there each that is not live yet is told. */
static void put_details(struct wizard *wizard, struct page *page, const struct verified *verified) {
  const struct verify_result *one = result_here(wizard, verified);
  for (size_t i = 0; i < verified->count; i++) {
    bool told = wizard->options.plain ? verified->results[i].state != VERIFY_LIVE : &verified->results[i] == one;
    if (told) put_detail(wizard, page, &verified->results[i]);
  }
}

static void put_request(struct wizard *wizard, struct page *page, const struct casefile_request *request, const struct verified *verified) {
  struct text_argument arguments[] = { { "reference", text_safe_string(page->arena, request->reference) }, { "when", words_ago(page->arena, request->when, wizard_now(wizard)) },
                                       { "live", arena_printf(page->arena, "%u", verified ? verified->live : 0) }, { "all", arena_printf(page->arena, "%zu", verified ? verified->count : (size_t)request->records) } };
  page_paragraph(page, text_fill(page->arena, verified ? _("Request {reference}, asked for {when}. {live} of {all} records are live.") : _("Request {reference}, asked for {when}, with {all} records."), arguments, 4));
}

/* What to do now, by what was seen. */
static void put_next(struct page *page, const struct verified *verified) {
  unsigned wrong = 0;
  for (size_t i = 0; i < verified->count; i++) wrong += verified->results[i].state == VERIFY_WRONG;
  if (verified->live == verified->count) page_said(page, _("Nothing is left to do here: the checks complete the steps that waited for these records."), ROLE_GOOD);
  else if (wrong) page_said(page, _("Next: send your DNS provider the message below. It says what is wrong with which record."), ROLE_HEADING);
  else page_said(page, _("Next: look again later. If nothing changes for days, send your DNS provider the message below."), ROLE_HEADING);
}

static void put_last_look(struct wizard *wizard, struct page *page, const struct casefile_request *request) {
  struct casefile_verification seen;
  if (!casefile_last_verification(wizard->casefile, wizard->domain, &seen) || strcmp(seen.reference, request->reference) != 0) return;
  page_paragraph(page, verifies_last_look(page->arena, &seen, wizard_now(wizard)));
}

static void build(struct wizard *wizard, struct page *page) {
  struct casefile_request request;
  const struct job *job = verifies_job(wizard);
  const struct verified *verified = verifies_done(wizard);
  page_heading(page, _("Are your changes live?"));
  page->follows_focus = true;
  if (!casefile_last_request(wizard->casefile, wizard->domain, &request)) {
    page_paragraph(page, _("Nothing has been asked for yet. Save a change request first."));
    page_item(page, "request", _("The change request"), "", ROLE_LINK);
    return;
  }
  put_request(wizard, page, &request, verified);
  if (verified) put_next(page, verified);
  else put_last_look(wizard, page, &request);
  page_blank(page);
  if (verified) {
    const struct table *table = put_titles(page, verified);
    for (size_t i = 0; i < verified->count; i++) put_result(page, table, &verified->results[i], i, wizard_now(wizard));
    page_side(page);
    put_details(wizard, page, verified);
    page->in_side = false;
    page_blank(page);
  }
  if (job && !job->done) page_paragraph(page, _("Asking every name server."));
  else page_item(page, "look", verified ? _("Look again") : _("Look on every name server now"), "", ROLE_LINK);
  if (verified && verified->live < verified->count) page_item(page, "message", _("Message to the DNS provider"), "", ROLE_LINK);
  if (wizard->options.provider && !(job && !job->done)) page_item(page, "provider", _("Play the DNS provider (practice only)"), "", ROLE_LINK);
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_MESSAGE);
  if (page->value.text) page_can(page, ACTION_COPY), page_can(page, ACTION_PLAIN);
  page_can(page, ACTION_TASKS);
  page_can(page, ACTION_HELP);
}

/* What the record is for, while it is still among those to ask for. */
static void show_record(struct wizard *wizard, const char *focus) {
  const struct verified *verified = verifies_done(wizard);
  const struct plan *plan = live_plan(wizard);
  size_t index = strtoul(focus + strlen("result:"), NULL, 10);
  struct arena *arena = arena_new_sized(1024);
  const char *ref = NULL;
  for (size_t i = 0; plan && verified && index < verified->count && i < plan->change_count && !ref; i++)
    if (plan->changes[i].type == verified->results[index].change->type && strcmp(plan->changes[i].name, verified->results[index].change->name) == 0) ref = plan_ref(arena, plan, i);
  if (ref) wizard_go(wizard, SCREEN_RECORD, ref);
  else wizard_say(wizard, "%s", _("What each server gives is shown below the table"));
  arena_free(&arena);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  bool open = action == ACTION_OPEN;
  if (action == ACTION_CHECK || (open && strcmp(focus, "look") == 0)) verifies_start(wizard);
  else if (open && strncmp(focus, "result:", 7) == 0) show_record(wizard, focus);
  else if (action == ACTION_MESSAGE || (open && strcmp(focus, "message") == 0)) wizard_go(wizard, SCREEN_LETTER, "dns-provider");
  else if (open && strcmp(focus, "provider") == 0) wizard_go(wizard, SCREEN_PROVIDER, "");
  else if (open && strcmp(focus, "request") == 0) wizard_go(wizard, SCREEN_REQUEST, "");
  else return false;
  return true;
}

const struct screen screen_verify = { .name = "verify", .help = "change-requests", .build = build, .act = act };
