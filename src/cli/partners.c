#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/judge/lib.h"
#include "checks/judge/mail_hosts.h"
#include "src/cli/lib.h"
#include "src/request/partners.h"

enum { MOST_OCTETS = 16 << 20, JOBS = 32, SHARED_ANSWERS = 4096 };

/* All partners are tested side by side, a bounded number at once, each with a store of its own; what they share is asked once. */
struct testing {
  struct cli *cli;
  uv_loop_t loop;
  struct observers *observers;
  struct partner_list list;
  struct partner *partners;
  size_t next, running;
};

struct partner {
  struct testing *testing;
  struct inquiry inquiry;
  struct store *store;
  struct settlement *settlement;
  struct arena *arena;         /* of the judgement; the result is kept elsewhere */
  struct judgement judgement;
  struct partner_result result;
  json_t *json;
};

static void fill(struct testing *testing);

/* ---- one partner ---- */

static void judge(struct store *store, void *context) {
  struct partner *partner = context;
  arena_clear(partner->arena); /* each run begins anew */
  partner->judgement = (struct judgement){ .store = store, .inquiry = &partner->inquiry, .arena = partner->arena, .topic = TOPIC_TLS };
  partner_judge(&partner->judgement);
}

static size_t hosts_of(struct partner *partner, const char *const **out) {
  struct arena *arena = partner->testing->cli->arena;
  struct judgement asking = { .store = partner->store, .inquiry = &partner->inquiry, .arena = partner->arena, .topic = TOPIC_TLS };
  struct mail_hosts *hosts = ARENA_NEW(partner->arena, struct mail_hosts);
  if (!mail_hosts_find(&asking, partner->inquiry.domain, true, hosts)) return 0;
  const char **names = ARENA_ARRAY(arena, const char *, hosts->count + 1);
  for (size_t i = 0; i < hosts->count; i++) names[i] = text_safe_string(arena, hosts->hosts[i].name);
  *out = names;
  return hosts->count;
}

static json_t *names_json(const struct partner_result *result) {
  json_t *array = json_array();
  for (size_t i = 0; i < result->host_count; i++) json_array_append_new(array, json_string(result->hosts[i]));
  return array;
}

static json_t *to_json(const struct partner *partner) {
  const struct partner_result *result = &partner->result;
  const struct judgement *j = &partner->judgement;
  json_t *findings = json_array();
  for (size_t i = 0; i < j->count; i++) json_array_append_new(findings, report_finding_json(j->arena, j->findings[i]));
  const char *status = result->needs_exception ? "warn" : result->unknown ? "unknown" : result->gsi ? "warn" : "pass";
  return json_pack("{s:i, s:s, s:s, s:b, s:b, s:b, s:o, s:o}", "version", 1, "domain", result->domain, "status", status, "mail", !result->no_mail, "exception",
                   partner_is_exception(result), "valid_certificate", result->valid_certificate, "hosts", names_json(result), "findings", findings);
}

static void on_done(void *context) {
  struct partner *partner = context;
  struct testing *testing = partner->testing;
  const char *const *hosts = NULL;
  size_t count = hosts_of(partner, &hosts);
  partner->result = partner_result_of(testing->cli->arena, partner->inquiry.domain, partner->judgement.findings, partner->judgement.count, hosts, count);
  partner->json = to_json(partner);
  settle_free(&partner->settlement);
  store_free(&partner->store);
  arena_free(&partner->arena);
  testing->running--;
  fill(testing);
}

static void fill(struct testing *testing) {
  unsigned jobs = testing->cli->jobs ? testing->cli->jobs : JOBS;
  while (testing->running < jobs && testing->next < testing->list.count) {
    struct partner *partner = &testing->partners[testing->next];
    partner->testing = testing;
    partner->inquiry = cli_inquiry(testing->cli, testing->list.domains[testing->next++]);
    partner->inquiry.test_network = observers_test_network(testing->observers);
    partner->store = store_new();
    partner->arena = arena_new();
    testing->running++;
    partner->settlement = settle_start(&testing->loop, testing->observers, partner->store, judge, on_done, partner);
  }
}

static bool test_all(struct testing *testing, struct fault *fault) {
  uv_loop_init(&testing->loop);
  testing->observers = observers_new(&testing->loop, &testing->cli->observe, fault);
  bool good = testing->observers != NULL;
  if (good) {
    observers_share(testing->observers, SHARED_ANSWERS);
    testing->partners = ARENA_ARRAY(testing->cli->arena, struct partner, testing->list.count);
    fill(testing);
    while (testing->running && uv_run(&testing->loop, UV_RUN_ONCE)) {}
  }
  observers_free(&testing->observers);
  uv_run(&testing->loop, UV_RUN_DEFAULT);
  uv_loop_close(&testing->loop);
  return good;
}

/* ---- input and output ---- */

/* On standard error, so that the result can be piped on. How many could not be used. */
static size_t tell_notes(const struct partner_list *list) {
  size_t unusable = 0;
  for (size_t i = 0; i < list->note_count; i++) {
    const struct partner_note *note = &list->notes[i];
    if (!note->domain) fprintf(stderr, _("Line %zu: \"%s\" was not used. %s.\n"), note->line, note->typed, note->why);
    else if (*note->why) fprintf(stderr, _("Line %zu: \"%s\" was left out: %s.\n"), note->line, note->typed, note->why);
    else fprintf(stderr, _("Line %zu: \"%s\" was read as %s.\n"), note->line, note->typed, note->domain);
    unusable += !note->domain && !note->beside;
  }
  return unusable;
}

static const struct mail_system_facts *choose_system(struct cli *cli, struct fault *fault) {
  const struct facts *facts = cli_inquiry(cli, "").facts;
  const struct mail_system_facts *system = facts_mail_system_find(facts, cli->mail_system);
  struct buf ids = BUF_INIT(1000);
  if (system && partners_write_list(&ids, system->id, PARTNERS_EXCEPTIONS, NULL, 0)) return system;
  for (size_t i = 0; facts && i < facts->mail_system_count; i++) buf_printf(&ids, " %s", facts->mail_systems[i].id);
  fault_set(fault, _("No mail system \"%s\" is known. Choose one of:%s"), cli->mail_system, buf_string(&ids));
  buf_release(&ids);
  return NULL;
}

static void put_result(struct buf *out, const struct testing *testing, const struct mail_system_facts *system, bool as_json) {
  size_t count = testing->list.count;
  struct partner_result *results = ARENA_ARRAY(testing->cli->arena, struct partner_result, count);
  for (size_t i = 0; i < count; i++) {
    results[i] = testing->partners[i].result;
    char *line = as_json ? json_dumps(testing->partners[i].json, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
    if (line) buf_printf(out, "%s\n", line);
    free(line);
  }
  if (!as_json) partners_write_text(out, results, count, system);
}

static bool deliver(const struct testing *testing, const struct mail_system_facts *system, bool as_json, struct fault *fault) {
  struct buf out = BUF_INIT(64 << 20);
  put_result(&out, testing, system, as_json);
  bool good = true;
  if (testing->cli->output) good = file_create(testing->cli->output, buf_string(&out), out.length, 0644, fault);
  else print_buf(&out);
  buf_release(&out);
  return good;
}

static int status_of(const struct testing *testing, size_t unusable) {
  bool unknown = false;
  for (size_t i = 0; i < testing->list.count; i++) unknown = unknown || testing->partners[i].result.unknown;
  return unusable ? EXIT_BAD_USAGE : unknown ? EXIT_COULD_NOT_LOOK : EXIT_NOTHING_FAILED;
}

static bool read_list(struct cli *cli, struct partner_list *out, struct fault *fault) {
  size_t length;
  if (cli->word_count != 1) {
    fault_set(fault, _("Name one file with the domains of partners, or - for standard input: mailstead partners partners.txt"));
    return false;
  }
  if (cli->evidence || cli->save_evidence) {
    fault_set(fault, _("Evidence is kept for one domain at a time"));
    return false;
  }
  char *text = file_read(cli->words[0], MOST_OCTETS, &length, fault);
  if (!text) return false;
  partners_read(cli->arena, text, length, out);
  free(text);
  if (out->count == 0 && out->note_count == 0) fault_set(fault, _("%s names no domain"), cli->words[0]);
  return out->count + out->note_count > 0;
}

int cli_partners(struct cli *cli) {
  struct fault fault = { "" };
  struct testing testing = { .cli = cli };
  const struct mail_system_facts *system = NULL;
  bool as_json = cli->format && strcmp(cli->format, "json") == 0;
  if (cli->mail_system) system = choose_system(cli, &fault);
  if (*fault.text || !read_list(cli, &testing.list, &fault)) return cli_refuse(&fault);
  size_t unusable = tell_notes(&testing.list);
  if (testing.list.count && (!test_all(&testing, &fault) || !deliver(&testing, system, as_json, &fault))) return cli_refuse(&fault);
  for (size_t i = 0; i < testing.list.count; i++) json_decref(testing.partners[i].json);
  return status_of(&testing, unusable);
}
