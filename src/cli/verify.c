#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/casefile/casefile.h"
#include "src/cli/lib.h"
#include "src/cli/planned.h"
#include "src/request/verify.h"

enum { WATCH_MS = 30000, MOST_REQUEST = 16 << 20 };

/* One look at everything that was asked for. */
struct look {
  struct arena *arena;
  const char *domain;
  const struct requested *requested;
  const struct inquiry *inquiry;
  struct verify_result *results;
  struct judgement worse;          /* findings verify-made-worse */
  size_t live;
  int64_t time;
};

/* ---- what was asked for ---- */

static json_t *read_file(const char *path, struct fault *fault) {
  struct fault why = { "" };
  size_t length;
  char *text = file_read(path, MOST_REQUEST, &length, fault);
  json_t *json = text ? json_parse(text, length, &why) : NULL;
  if (text && !json) fault_set(fault, _("%s is not a change request in JSON: %s"), path, why.text);
  free(text);
  return json;
}

/* From a saved JSON request, or the newest one of the domain's case. */
static bool read_requested(struct cli *cli, const char *domain, const char *path, struct requested *out, struct fault *fault) {
  struct fault why = { "" };
  json_t *json = path ? read_file(path, fault) : casefile_requested(domain, fault);
  if (!json && !path && !*fault->text) fault_set(fault, _("No change request has been saved for %s. Give the JSON file of one with --request, or save one in the wizard"), domain);
  bool good = json && requested_read(cli->arena, json, out, &why);
  if (json && !good) fault_set(fault, _("%s is not a change request: %s"), path ? path : domain, why.text);
  if (good && *out->domain && strcmp(out->domain, domain) != 0) {
    fault_set(fault, _("This change request is for %s, not for %s"), out->domain, domain);
    good = false;
  }
  json_decref(json);
  return good;
}

/* ---- looking ---- */

static void run_verify(struct store *store, void *context) {
  struct look *look = context;
  for (size_t i = 0; i < look->requested->count; i++) {
    struct judgement judgement = { .store = store, .inquiry = look->inquiry, .arena = look->arena, .topic = TOPIC_COUNT };
    (void)verify_change(&judgement, &look->requested->changes[i], look->requested->due, &look->results[i]);
  }
}

static void count_live(struct look *look) {
  for (size_t i = 0; i < look->requested->count; i++) look->live += look->results[i].state == VERIFY_LIVE;
}

/* The selectors that were asked for are examined too, beside those of the command line. */
static void add_selectors(struct cli *cli, const struct look *look, struct inquiry *inquiry) {
  const char **list = ARENA_ARRAY(look->arena, const char *, cli->selector_count + look->requested->count + 1);
  size_t count = 0;
  for (; count < cli->selector_count; count++) list[count] = cli->selectors[count];
  for (size_t i = 0; i < look->requested->count; i++) {
    const char *name = look->requested->changes[i].name, *end = strstr(name, "._domainkey.");
    if (end && *name != '*') list[count++] = arena_strndup(look->arena, name, (size_t)(end - name));
  }
  inquiry->selectors = list;
  inquiry->selector_count = count;
}

/* Only once nothing is old any more: before that the examination would judge the change half made. */
static void look_for_harm(struct cli *cli, struct look *look, struct live *live, struct inquiry *inquiry) {
  bool settled = look->live == look->requested->count && look->requested->count > 0;
  for (size_t i = 0; i < look->requested->count; i++) settled = settled && look->results[i].resolver.says == SAYS_NEW;
  look->worse = (struct judgement){ .inquiry = inquiry, .arena = look->arena, .topic = TOPIC_COUNT };
  if (!settled || !look->requested->has_before) return;
  inquiry->topics &= verify_topics(look->requested);
  add_selectors(cli, look, inquiry);
  verify_made_worse(&look->worse, look->requested, live_examine(live, inquiry));
}

static bool look_once(struct cli *cli, const char *domain, const struct requested *requested, struct look *look, struct fault *fault) {
  struct live live;
  struct inquiry inquiry = cli_inquiry(cli, domain);
  if (!live_open(&live, cli, fault)) return false;
  *look = (struct look){ .arena = arena_new(), .domain = domain, .requested = requested, .inquiry = &inquiry, .time = clock_wall_ms() };
  look->results = ARENA_ARRAY(look->arena, struct verify_result, requested->count + 1);
  live_settle(&live, run_verify, look);
  count_live(look);
  look_for_harm(cli, look, &live, &inquiry);
  bool good = live_save_evidence(&live, cli, domain, fault);
  live_close(&live);
  if (!good) arena_free(&look->arena);
  return good;
}

/* As of every command: what is merely not there yet has not failed. */
static int status_of(const struct look *look) {
  bool failed = look->worse.count > 0, unknown = false;
  for (size_t i = 0; i < look->requested->count; i++) {
    const struct verify_result *result = &look->results[i];
    unknown |= result->state == VERIFY_UNKNOWN;
    for (size_t n = 0; n < result->finding_count; n++) {
      failed |= result->findings[n]->severity == SEVERITY_FAIL;
      unknown |= result->findings[n]->severity == SEVERITY_UNKNOWN;
    }
  }
  return failed ? EXIT_SOMETHING_FAILED : unknown ? EXIT_COULD_NOT_LOOK : EXIT_NOTHING_FAILED;
}

/* ---- telling ---- */

static json_t *server_json(const struct verify_server *server) {
  json_t *json = json_pack("{s:s, s:s, s:s}", "name", server->name, "address", server->address, "says", verify_says_name(server->view.says));
  if (server->view.seen) json_object_set_new(json, "seen", json_bytes(server->view.seen, server->view.seen_length));
  if (server->has_serial) json_object_set_new(json, "serial", json_integer(server->serial));
  if (server->view.failure) json_object_set_new(json, "failure", json_string(server->view.failure));
  return json;
}

static json_t *result_json(struct arena *arena, const struct verify_result *result) {
  char scratch[16], until[32];
  json_t *servers = json_array(), *findings = json_array();
  for (size_t i = 0; i < result->server_count; i++) json_array_append_new(servers, server_json(&result->servers[i]));
  for (size_t i = 0; i < result->finding_count; i++) json_array_append_new(findings, report_finding_json(arena, result->findings[i]));
  clock_format_utc(result->cached_until, until);
  json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "name", result->change->name, "type", dns_type_name(result->change->type, scratch), "state", verify_state_name(result->state),
                           "slip", slip_name(result->slip), "because", slip_sentence(result->slip), "resolver", verify_says_name(result->resolver.says), "servers", servers, "findings", findings);
  json_object_set_new(json, "cached_until", result->cached_until ? json_string(until) : json_null());
  json_object_set_new(json, "found_at", result->found_at ? json_string(text_safe_string(arena, result->found_at)) : json_null());
  return json;
}

static void print_json(const struct look *look) {
  json_t *records = json_array(), *worse = json_array();
  char when[32];
  clock_format_utc(look->time, when);
  for (size_t i = 0; i < look->requested->count; i++) json_array_append_new(records, result_json(look->arena, &look->results[i]));
  for (size_t i = 0; i < look->worse.count; i++) json_array_append_new(worse, report_finding_json(look->arena, look->worse.findings[i]));
  print_json_line(json_pack("{s:i, s:s, s:s, s:s, s:I, s:I, s:o, s:o}", "version", 1, "domain", look->domain, "reference", look->requested->reference, "time", when, "asked",
                            (json_int_t)look->requested->count, "live", (json_int_t)look->live, "records", records, "findings", worse));
}

static void print_finding(const struct look *look, const struct finding *finding) {
  const char *remedy = finding_remedy(look->arena, finding);
  printf("    %s\n", finding_detail(look->arena, finding));
  if (*remedy) printf("    %s\n", remedy);
}

static void print_server(const struct look *look, const struct verify_server *server) {
  printf("    %-12s %s [%s]", verify_says_words(server->view.says), text_safe_string(look->arena, server->name), server->address);
  if (server->has_serial) printf(", %s %u", _("serial"), server->serial);
  putchar('\n');
}

static void print_result(const struct look *look, const struct verify_result *result) {
  char scratch[16];
  printf("%-14s %s %s\n", verify_state_words(result->state), dns_type_name(result->change->type, scratch), text_safe_string(look->arena, result->change->name));
  for (size_t i = 0; result->state != VERIFY_LIVE && i < result->server_count; i++) print_server(look, &result->servers[i]);
  if (result->state != VERIFY_LIVE) printf("    %-12s %s\n", verify_says_words(result->resolver.says), _("your resolver"));
  for (size_t i = 0; i < result->finding_count; i++) print_finding(look, result->findings[i]);
}

static const char *summary(const struct look *look) {
  char live[24], asked[24];
  snprintf(live, sizeof live, "%zu", look->live);
  snprintf(asked, sizeof asked, "%zu", look->requested->count);
  struct text_argument arguments[] = { { "live", live }, { "asked", asked }, { "domain", look->domain }, { "reference", look->requested->reference } };
  return text_fill(look->arena, *look->requested->reference ? _("{domain}: {live} of {asked} changes are live. Request {reference}.") : _("{domain}: {live} of {asked} changes are live."), arguments, 4);
}

static void print_text(const struct look *look) {
  printf("%s\n", summary(look));
  for (size_t i = 0; i < look->requested->count; i++) print_result(look, &look->results[i]);
  for (size_t i = 0; i < look->worse.count; i++) {
    printf("%-14s %s\n", _("made worse"), text_safe_string(look->arena, look->worse.findings[i]->subject));
    print_finding(look, look->worse.findings[i]);
  }
}

/* One line for each look of --watch, on standard error: which records are waited for. */
static void print_progress(const struct look *look) {
  char when[32], scratch[16];
  clock_format_utc(look->time, when);
  fprintf(stderr, "%s  %s", when, summary(look));
  for (size_t i = 0; i < look->requested->count; i++) {
    const struct verify_result *result = &look->results[i];
    if (result->state != VERIFY_LIVE) fprintf(stderr, " %s %s: %s.", dns_type_name(result->change->type, scratch), text_safe_string(look->arena, result->change->name), verify_state_words(result->state));
  }
  fputc('\n', stderr);
}

/* ---- the case ---- */

static json_t *history_of(const struct look *look) {
  json_t *records = json_array();
  char scratch[16];
  for (size_t i = 0; i < look->requested->count; i++) {
    const struct verify_result *result = &look->results[i];
    json_array_append_new(records, json_pack("{s:s, s:s, s:s, s:s}", "name", result->change->name, "type", dns_type_name(result->change->type, scratch), "state", verify_state_name(result->state), "slip", slip_name(result->slip)));
  }
  return records;
}

/* A wizard that is open on the case holds it: then this look is told and not kept. */
static void keep_in_case(const struct look *look) {
  struct fault fault = { "" };
  struct casefile *casefile = casefile_open_requested(look->domain, &fault);
  struct casefile_verification kept = { .reference = look->requested->reference, .when = look->time, .live = (unsigned)look->live, .asked = (unsigned)look->requested->count };
  if (casefile) casefile_add_verification(casefile, look->domain, &kept, history_of(look), &fault);
  if (*fault.text) fprintf(stderr, "mailstead: %s\n", fault.text);
  casefile_close(&casefile);
}

/* ---- the command ---- */

static int verify_and_tell(struct cli *cli, const char *domain, bool from_case, const struct requested *requested, struct fault *fault) {
  bool json = cli->format && strcmp(cli->format, "json") == 0;
  for (;;) {
    struct look look;
    if (!look_once(cli, domain, requested, &look, fault)) return cli_refuse(fault);
    int status = status_of(&look);
    if (from_case && !cli->evidence) keep_in_case(&look);
    bool again = cli->watch && !cli->evidence && look.live < requested->count;
    if (json) print_json(&look);
    else if (!again) print_text(&look);
    fflush(stdout);
    if (again) print_progress(&look);
    arena_free(&look.arena);
    if (!again) return status;
    uv_sleep(cli->interval_ms ? cli->interval_ms : WATCH_MS);
  }
}

int cli_verify(struct cli *cli) {
  struct fault fault = { "" };
  struct requested requested;
  const char *domain = cli_domain(cli, &fault);
  const char *path = cli->request ? cli->request : cli->word_count > 1 ? cli->words[1] : NULL;
  if (domain && read_requested(cli, domain, path, &requested, &fault)) return verify_and_tell(cli, domain, path == NULL, &requested, &fault);
  return cli_refuse(&fault);
}
