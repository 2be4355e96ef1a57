#include <stdio.h>
#include <string.h>

#include "src/cli/lib.h"
#include "src/cli/planned.h"
#include "src/guidance/options.h"

struct planning_run {
  struct arena *arena;
  const struct verdict *verdict;
  const struct inquiry *inquiry;
  const struct plan_options *options;
  struct plan *plan;
};

static void run_plan(struct store *store, void *context) {
  struct planning_run *run = context;
  run->plan = plan_make(run->arena, store, run->verdict, run->inquiry, run->options);
}

struct inquiry cli_inquiry_of_case(struct cli *cli, const struct casefile *casefile, const char *domain) {
  struct inquiry said = cli_inquiry(cli, domain);
  if (!casefile) return said;
  struct inquiry inquiry = casefile_inquiry(cli->arena, casefile, domain);
  const char **selectors = ARENA_ARRAY(cli->arena, const char *, said.selector_count + inquiry.selector_count + 1);
  for (size_t i = 0; i < said.selector_count; i++) selectors[i] = said.selectors[i];
  for (size_t i = 0; i < inquiry.selector_count; i++) selectors[said.selector_count + i] = inquiry.selectors[i];
  inquiry.selectors = selectors;
  inquiry.selector_count += said.selector_count;
  inquiry.facts = said.facts;
  inquiry.topics = said.topics;
  inquiry.deep = said.deep;
  inquiry.no_smtp = said.no_smtp;
  return inquiry;
}

static struct plan_options options_of(struct cli *cli, const struct planned *planned) {
  bool guidance_2020 = cli->guidance && strcmp(cli->guidance, "2020") == 0;
  if (!planned->casefile) return (struct plan_options){ .as_2020 = guidance_2020 ? PLAN_2020_ALL : 0 };
  struct plan_options options = guidance_plan_options(cli->arena, planned->casefile, planned->domain, cli->facts, guidance_2020);
  if (cli->guidance) options.as_2020 = guidance_2020 ? PLAN_2020_ALL : 0; /* what the command says holds for this once */
  if (strcmp(cli->command->name, "request") != 0) options.left_out_count = 0; /* a plan is of everything that should change */
  return options;
}

const char *cli_domain(struct cli *cli, struct fault *fault) {
  if (cli->word_count == 0) {
    fault_set(fault, _("Which domain? Give one, for example: mailstead %s example.gov.uk"), cli->command->name);
    return NULL;
  }
  return name_from_user(cli->arena, cli->words[0], fault);
}

bool cli_plan_open(struct cli *cli, struct planned *out, struct fault *fault) {
  *out = (struct planned){ .domain = cli_domain(cli, fault) };
  if (!out->domain) return false;
  out->casefile = casefile_look(out->domain, fault);
  if (*fault->text || !live_open(&out->live, cli, fault)) {
    casefile_close(&out->casefile);
    return false;
  }
  if (!live_knows(&out->live, cli, out->domain, fault)) {
    cli_plan_close(out);
    return false;
  }
  out->inquiry = cli_inquiry_of_case(cli, out->casefile, out->domain);
  out->verdict = live_examine(&out->live, &out->inquiry);
  out->options = options_of(cli, out);
  struct planning_run run = { .arena = cli->arena, .verdict = out->verdict, .inquiry = &out->inquiry, .options = &out->options };
  live_settle(&out->live, run_plan, &run);
  out->plan = run.plan;
  return live_save_evidence(&out->live, cli, out->domain, fault);
}

void cli_plan_close(struct planned *planned) {
  live_close(&planned->live);
  casefile_close(&planned->casefile);
}

void cli_put_problems(const struct plan_problem *problems, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (severity_worse(problems[i].severity, SEVERITY_WARN) == problems[i].severity) fprintf(stderr, "mailstead: %s: %s [%s]\n", problems[i].subject, problems[i].detail, problems[i].rule->id);
}

int cli_plan_status(const struct plan *plan) {
  for (size_t i = 0; i < plan->problem_count; i++)
    if (plan->problems[i].severity == SEVERITY_UNKNOWN) return EXIT_COULD_NOT_LOOK;
  return plan_blocked(plan) ? EXIT_SOMETHING_FAILED : EXIT_NOTHING_FAILED;
}

int cli_plan(struct cli *cli) {
  struct fault fault = { "" };
  struct planned planned;
  if (!cli_plan_open(cli, &planned, &fault)) {
    if (planned.plan) cli_plan_close(&planned);
    return cli_refuse(&fault);
  }
  cli_put_problems(planned.plan->problems, planned.plan->problem_count);
  int status = cli_plan_status(planned.plan);
  if (cli->format && strcmp(cli->format, "json") == 0) print_json_line(plan_json(planned.plan));
  else cli_print_plan(cli, &planned);
  cli_plan_close(&planned);
  return status;
}

int cli_show(struct cli *cli) {
  struct fault fault = { "" };
  struct planned planned;
  if (cli->word_count < 2) {
    fault_set(&fault, _("Which record? For example: mailstead show example.gov.uk dmarc (or spf tlsrpt mtasts mx dkim:SELECTOR)"));
    return cli_refuse(&fault);
  }
  if (!cli_plan_open(cli, &planned, &fault)) return cli_refuse(&fault);
  const struct plan_change *change = plan_find(planned.plan, cli->words[1]);
  if (!change) {
    fprintf(stderr, "mailstead: %s\n", _("No change of that record is needed."));
  } else {
    char scratch[16];
    for (size_t i = 0; i < change->wanted_count; i++) {
      if (cli->value_only) printf("%s\n", change->wanted[i]);
      else printf("%s. %u IN %s %s\n", change->name, change->ttl, dns_type_name(change->type, scratch), change->wanted[i]);
    }
  }
  cli_plan_close(&planned);
  return EXIT_NOTHING_FAILED;
}
