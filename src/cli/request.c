#include <stdio.h>
#include <string.h>

#include "src/cli/lib.h"
#include "src/cli/planned.h"

/* Who changes the records, by the case. */
static const char *recipient_of(const struct planned *planned) {
  const char *answer = planned->casefile ? casefile_known_answer(planned->casefile, planned->domain, "dns-contact") : NULL;
  return answer ? answer : "";
}

static struct request_details details_of(struct cli *cli, const struct planned *planned) {
  return (struct request_details){ .requester = cli->requester ? cli->requester : "", .recipient = recipient_of(planned), .time = planned->live.time, .number = 1, .as_2020 = planned->options.as_2020,
                                   .practice = cli->practice, .facts = planned->inquiry.facts, .zone = cli->zone ? name_lower(cli->arena, cli->zone) : NULL, .verdict = planned->verdict };
}

void cli_print_plan(struct cli *cli, struct planned *planned) {
  struct request_details details = details_of(cli, planned);
  struct request request = request_make(cli->arena, planned->plan, &details);
  struct buf out = BUF_INIT(64 << 20);
  request_text(&request, &out);
  print_buf(&out);
  buf_release(&out);
}

/* Null provider: none was named. False: there is no such one, and the fault lists those that there are. */
static bool find_provider(struct cli *cli, const struct facts *facts, const struct dns_host_facts **out, struct fault *fault) {
  struct buf ids = BUF_INIT(4096);
  *out = cli->provider && facts ? facts_dns_host_find(facts, cli->provider) : NULL;
  if (!cli->provider || *out) return true;
  for (size_t i = 0; facts && i < facts->dns_host_count; i++) buf_printf(&ids, " %s", facts->dns_hosts[i].id);
  fault_set(fault, _("There is no DNS host \"%.60s\". Those that are known:%s"), cli->provider, buf_string(&ids));
  buf_release(&ids);
  return false;
}

static const char *words_left_out(struct arena *arena, const struct request *request) {
  struct buf list = BUF_INIT(65536);
  char scratch[16];
  for (size_t i = 0; i < request->left_out_count; i++) buf_printf(&list, "%s%s %s", i ? ", " : "", dns_type_name(request->left_out[i]->type, scratch), text_safe_string(arena, request->left_out[i]->name));
  struct text_argument argument = { "records", arena_strdup(arena, buf_string(&list)) };
  buf_release(&list);
  return text_fill(arena, _("Left out, as chosen in the wizard: {records}"), &argument, 1);
}

/* The request speaks its own language; the messages of the command stay in the user's. */
static bool write_request(struct cli *cli, struct planned *planned, const struct request_format *format, int *out_status, struct fault *fault) {
  const char *language = arena_strdup(cli->arena, intl_language());
  struct request_details details = details_of(cli, planned);
  struct buf out = BUF_INIT(64 << 20);
  if (!find_provider(cli, details.facts, &details.provider, fault)) return false;
  struct request request = request_make(cli->arena, planned->plan, &details);
  cli_put_problems(request.problems, request.problem_count);
  bool blocked = request_blocked(&request), good = true;
  if (request.left_out_count) fprintf(stderr, "mailstead: %s\n", words_left_out(cli->arena, &request));
  if (blocked) {
    fprintf(stderr, "mailstead: %s\n", _("The request is not written while a problem stands against it."));
    *out_status = EXIT_SOMETHING_FAILED;
    return true;
  }
  if (cli->language) {
    intl_set_language(cli->language);
    request = request_make(cli->arena, planned->plan, &details);
  }
  format->write(&request, &out);
  intl_set_language(language);
  if (cli->output) good = file_create(cli->output, buf_string(&out), out.length, 0644, fault);
  else print_buf(&out);
  buf_release(&out);
  return good;
}

int cli_request(struct cli *cli) {
  struct fault fault = { "" };
  struct planned planned;
  const struct request_format *format = request_format_find(cli->format ? cli->format : "text");
  const struct dns_host_facts *provider;
  if (!format) {
    fault_set(&fault, _("--format must be one of: text markdown html csv json zone nsupdate route53 octodns dnscontrol"));
    return cli_refuse(&fault);
  }
  if (!cli->facts) cli->facts = facts_load(cli->arena, &fault);
  if (!find_provider(cli, cli->facts, &provider, &fault)) return cli_refuse(&fault);
  if (!cli_plan_open(cli, &planned, &fault)) {
    if (planned.plan) cli_plan_close(&planned);
    return cli_refuse(&fault);
  }
  cli_put_problems(planned.plan->problems, planned.plan->problem_count);
  int status = cli_plan_status(planned.plan);
  if (!write_request(cli, &planned, format, &status, &fault)) status = cli_refuse(&fault);
  cli_plan_close(&planned);
  return status;
}
