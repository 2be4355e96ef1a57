#include <stdio.h>
#include <string.h>

#include "checks/judge/spf_evaluate.h"
#include "checks/judge/spf_tree.h"
#include "src/cli/lib.h"

struct evaluation_run {
  struct arena *arena;
  struct spf_request request;
  struct spf_outcome outcome;
};

/* The whole tree is asked for at once, so that the evaluation, which goes term by term, finds its answers there. Only what the evaluation
 * itself lacks is waited for. */
static void run_evaluation(struct store *store, void *context) {
  struct evaluation_run *run = context;
  const char *name = name_from_bytes(run->arena, run->request.domain);
  if (name_labels(name) >= 2 && name_is_valid(name)) (void)spf_tree_grow(store, run->arena, name, NULL, 0);
  store_mark_misses(store);
  (void)spf_evaluate(store, run->arena, &run->request, &run->outcome);
}

static void print_json(const struct evaluation_run *run) {
  const struct spf_outcome *o = &run->outcome;
  print_json_line(json_pack("{s:s, s:s, s:i, s:i, s:s, s:s, s:s}", "domain", name_from_bytes(run->arena, run->request.domain), "result", spf_result_name(o->result), "lookups", (int)o->lookups,
                            "void_lookups", (int)o->void_lookups, "mechanism", o->mechanism, "explanation", o->explanation, "problem", o->problem));
}

static void print_text(const struct evaluation_run *run) {
  const struct spf_outcome *o = &run->outcome;
  char address[IP_TEXT];
  ip_format(&run->request.ip, address);
  printf(_("SPF result for %s sending as %s: %s\n"), address, text_safe_string(run->arena, run->request.domain), spf_result_name(o->result));
  if (*o->mechanism) printf(_("Decided by: %s, in the record of %s\n"), o->mechanism, o->where);
  if (*o->problem) printf(_("Because of: %s\n"), o->problem);
  if (*o->explanation) printf(_("Explanation given to the sender: %s\n"), o->explanation);
  printf(_("Look-ups: %u of 10, empty: %u of 2\n"), o->lookups, o->void_lookups);
}

/* An international domain in its letters becomes A-labels before anything else (RFC 8616 section 4); all else is taken as it stands. */
static const char *domain_as_asked(struct arena *arena, const char *typed) {
  const char *name = text_is_ascii(typed) ? NULL : name_to_ascii(arena, typed);
  return name ? name : typed;
}

static const char *sender_as_asked(struct arena *arena, const char *sender) {
  const char *at = strrchr(sender, '@');
  return at ? arena_printf(arena, "%.*s@%s", (int)(at - sender), sender, domain_as_asked(arena, at + 1)) : domain_as_asked(arena, sender);
}

/* "<name@domain>" and "<>", as MAIL FROM has them (RFC 5321 section 4.1.2), are the address within. */
static const char *without_brackets(struct arena *arena, const char *path) {
  size_t length = strlen(path);
  return length >= 2 && path[0] == '<' && path[length - 1] == '>' ? arena_strndup(arena, path + 1, length - 2) : path;
}

static bool read_request(struct cli *cli, struct spf_request *request, struct fault *fault) {
  *request = (struct spf_request){ .sender = cli->sender ? sender_as_asked(cli->arena, without_brackets(cli->arena, cli->sender)) : "",
                                    .helo = cli->helo ? domain_as_asked(cli->arena, cli->helo) : "", .time_ms = clock_wall_ms() };
  if (!cli->ip || !ip_parse(cli->ip, &request->ip)) {
    fault_set(fault, cli->ip ? _("--ip must be an IPv4 or IPv6 address, not \"%s\"") : _("Which address? Give it with --ip"), cli->ip);
    return false;
  }
  const char *at = strrchr(request->sender, '@');
  const char *domain = cli->word_count ? cli->words[0] : at ? at + 1 : *request->sender ? request->sender : request->helo;
  if (!*domain) {
    fault_set(fault, _("Which domain? Give --sender, --helo or a domain"));
    return false;
  }
  const char *name = cli->word_count && strpbrk(domain, "@/") ? name_from_user(cli->arena, domain, fault) : NULL; /* an address or a URL that was typed */
  if (*fault->text) return false;
  request->domain = name ? name : domain_as_asked(cli->arena, domain);
  return true;
}

int cli_spf(struct cli *cli) {
  struct fault fault = { "" };
  struct live live;
  struct evaluation_run run = { .arena = cli->arena };
  if (!read_request(cli, &run.request, &fault) || !live_open(&live, cli, &fault)) return cli_refuse(&fault);
  live_settle(&live, run_evaluation, &run);
  if (cli->format && strcmp(cli->format, "json") == 0) print_json(&run);
  else print_text(&run);
  bool saved = live_save_evidence(&live, cli, run.request.domain, &fault);
  live_close(&live);
  if (!saved) return cli_refuse(&fault);
  switch (run.outcome.result) {
  case SPF_FAIL:
  case SPF_PERMERROR: return EXIT_SOMETHING_FAILED;
  case SPF_TEMPERROR: return EXIT_COULD_NOT_LOOK;
  case SPF_NONE:
  case SPF_NEUTRAL:
  case SPF_PASS:
  case SPF_SOFTFAIL: break;
  }
  return EXIT_NOTHING_FAILED;
}
