#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/casefile/casefile.h"
#include "src/cli/lib.h"
#include "src/cli/planned.h"
#include "src/request/verify.h"

enum { MOST_CHANGES = 200, WATCH_MS = 30000 };

/* What was asked for: the changes of a saved JSON request, or those that the plan would still ask for. */
struct asked {
  struct plan_change changes[MOST_CHANGES];
  struct verify_result results[MOST_CHANGES];
  size_t count;
  struct arena *arena;
  const struct inquiry *inquiry;
};

static const char **texts(struct arena *arena, const json_t *array, size_t *out_count) {
  const char **list = ARENA_ARRAY(arena, const char *, json_array_size(array) + 1);
  *out_count = 0;
  for (size_t i = 0; i < json_array_size(array); i++) {
    struct buf bytes = BUF_INIT(65536);
    if (json_get_bytes(json_array_get(array, i), &bytes)) list[(*out_count)++] = arena_strndup(arena, buf_string(&bytes), bytes.length);
    buf_release(&bytes);
  }
  return list;
}

static json_t *read_file(const char *path, struct fault *fault) {
  struct fault why = { "" };
  size_t length;
  char *text = file_read(path, 16 << 20, &length, fault);
  json_t *json = text ? json_parse(text, length, &why) : NULL;
  if (text && !json) fault_set(fault, _("%s is not a change request in JSON: %s"), path, why.text);
  free(text);
  return json;
}

/* From a saved JSON request, or the newest one of the domain's case. */
static bool read_request(struct cli *cli, const char *domain, struct asked *asked, struct fault *fault) {
  const char *path = cli->word_count > 1 ? cli->words[1] : NULL;
  json_t *json = path ? read_file(path, fault) : casefile_requested(domain), *changes = json_object_get(json, "changes");
  for (size_t i = 0; i < json_array_size(changes) && asked->count < MOST_CHANGES; i++) {
    const json_t *one = json_array_get(changes, i);
    struct plan_change *change = &asked->changes[asked->count++];
    *change = (struct plan_change){ .name = name_lower(cli->arena, json_text(one, "name", "")), .zone = name_lower(cli->arena, json_text(one, "zone", "")), .type = dns_type_from_name(json_text(one, "type", "")), .sentence = "", .section = "" };
    const char *action = json_text(one, "action", "");
    change->action = strcmp(action, "remove") == 0 ? PLAN_REMOVE : strcmp(action, "replace") == 0 ? PLAN_REPLACE : PLAN_ADD;
    change->now = texts(cli->arena, json_object_get(one, "now"), &change->now_count);
    change->wanted = texts(cli->arena, json_object_get(one, "wanted"), &change->wanted_count);
    if (!*change->name || !change->type) asked->count--;
  }
  bool good = json_is_array(changes);
  if (!good && !*fault->text)
    fault_set(fault, path ? _("%s holds no changes, so it is not a change request") : _("No change request has been saved for %s. Give the JSON file of one, or save one in the wizard"), path ? path : domain);
  json_decref(json);
  return good;
}

static void run_verify(struct store *store, void *context) {
  struct asked *asked = context;
  for (size_t i = 0; i < asked->count; i++) {
    struct judgement judgement = { .store = store, .inquiry = asked->inquiry, .arena = asked->arena };
    (void)verify_change(&judgement, &asked->changes[i], &asked->results[i]);
  }
}

static const char *state_word(enum verify_state state) {
  switch (state) {
  case VERIFY_LIVE: return _("live");
  case VERIFY_PARTLY: return _("partly live");
  case VERIFY_NOT_YET: return _("not yet");
  case VERIFY_WRONG: return _("wrong");
  case VERIFY_UNKNOWN: break;
  }
  return _("could not look");
}

static void print_result(const struct verify_result *result) {
  char scratch[16];
  printf("%s %s: %s\n", dns_type_name(result->change->type, scratch), result->change->name, state_word(result->state));
  if (*result->slip) printf("    %s\n", result->slip);
  for (size_t i = 0; i < result->server_count; i++) printf("    %s [%s]: %s\n", result->servers[i].name, result->servers[i].address, verify_says_name(result->servers[i].says));
  if (result->cached_seconds) printf(_("    the resolver may give the old value for %u more seconds\n"), result->cached_seconds);
}

static json_t *result_json(const struct verify_result *result) {
  char scratch[16];
  json_t *servers = json_array();
  for (size_t i = 0; i < result->server_count; i++)
    json_array_append_new(servers, json_pack("{s:s, s:s, s:s}", "name", result->servers[i].name, "address", result->servers[i].address, "says", verify_says_name(result->servers[i].says)));
  return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:o}", "name", result->change->name, "type", dns_type_name(result->change->type, scratch), "state", verify_state_name(result->state), "slip", result->slip,
                   "resolver", verify_says_name(result->resolver), "cached_seconds", (json_int_t)result->cached_seconds, "servers", servers);
}

static int status_of(const struct asked *asked) {
  int status = EXIT_NOTHING_FAILED;
  for (size_t i = 0; i < asked->count; i++) {
    if (asked->results[i].state == VERIFY_UNKNOWN && status == EXIT_NOTHING_FAILED) status = EXIT_COULD_NOT_LOOK;
    else if (asked->results[i].state != VERIFY_LIVE && asked->results[i].state != VERIFY_UNKNOWN) status = EXIT_SOMETHING_FAILED;
  }
  return status;
}

static void print_all(const struct cli *cli, const struct asked *asked, const char *domain) {
  if (cli->format && strcmp(cli->format, "json") == 0) {
    json_t *list = json_array();
    for (size_t i = 0; i < asked->count; i++) json_array_append_new(list, result_json(&asked->results[i]));
    print_json_line(json_pack("{s:i, s:s, s:o}", "version", 1, "domain", domain, "records", list));
    return;
  }
  for (size_t i = 0; i < asked->count; i++) print_result(&asked->results[i]);
  if (!asked->count) printf("%s\n", _("Nothing has been asked for."));
}

static int verify_once(struct cli *cli, struct asked *asked, const char *domain, struct fault *fault) {
  struct live live;
  struct inquiry inquiry = cli_inquiry(cli, domain);
  if (!live_open(&live, cli, fault)) return EXIT_BAD_USAGE;
  asked->arena = cli->arena;
  asked->inquiry = &inquiry;
  live_settle(&live, run_verify, asked);
  print_all(cli, asked, domain);
  live_close(&live);
  return status_of(asked);
}

int cli_verify(struct cli *cli) {
  struct fault fault = { "" };
  struct asked *asked = ARENA_NEW(cli->arena, struct asked);
  const char *domain = cli_domain(cli, &fault);
  if (!domain) return cli_refuse(&fault);
  if (!read_request(cli, domain, asked, &fault)) return cli_refuse(&fault);
  int status = verify_once(cli, asked, domain, &fault);
  while (cli->watch && (status == EXIT_SOMETHING_FAILED || status == EXIT_COULD_NOT_LOOK)) {
    fprintf(stderr, "%s\n", _("Looking again in 30 seconds. Ctrl-C stops."));
    uv_sleep(cli->delay_ms ? cli->delay_ms : WATCH_MS);
    status = verify_once(cli, asked, domain, &fault);
  }
  return status == EXIT_BAD_USAGE ? cli_refuse(&fault) : status;
}
