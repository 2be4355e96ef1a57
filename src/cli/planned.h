#ifndef CLI_PLANNED_H
#define CLI_PLANNED_H
#include "src/casefile/casefile.h"
#include "src/cli/lib.h"
#include "src/plan/lib.h"
#include "src/request/lib.h"

/* A domain examined and planned for: what plan, request, show and verify begin with. */
struct planned {
  const char *domain;
  struct live live;
  struct inquiry inquiry;
  const struct verdict *verdict;
  struct plan_options options;
  struct casefile *casefile;     /* the domain's case, to read: its answers count here as in the wizard; null: there is none */
  struct plan *plan;
};

/* The inquiry of a domain with the answers of its case (null: there is none). What the command line says stands beside them, and before them where
 * both speak. */
struct inquiry cli_inquiry_of_case(struct cli *cli, const struct casefile *casefile, const char *domain);
bool cli_plan_open(struct cli *cli, struct planned *out, struct fault *fault);
void cli_plan_close(struct planned *planned);
/* Problems that are more than information, on standard error. */
void cli_put_problems(const struct plan_problem *problems, size_t count);
int cli_plan_status(const struct plan *plan);
/* The plan for people: the ticket that would be sent. */
void cli_print_plan(struct cli *cli, struct planned *planned);
/* The first word as a domain; null and a fault. */
const char *cli_domain(struct cli *cli, struct fault *fault);
#endif
