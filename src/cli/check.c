#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "src/cli/batch.h"
#include "src/cli/evidence.h"
#include "src/cli/lib.h"

static int report_one(struct live *live, const struct verdict *verdict, const struct inquiry *inquiry, bool as_json, struct fault *fault) {
  struct buf out = BUF_INIT(LONGEST_REPORT);
  if (as_json) report_json(&out, verdict, live->store, inquiry, &live->figures, live->time);
  else report_text(&out, verdict, inquiry, &live->figures);
  int status = cli_exit_status(verdict);
  if (!print_buf(&out)) {
    fault_set(fault, _("The report could not be written: %s"), strerror(errno));
    status = EXIT_BAD_USAGE;
  }
  buf_release(&out);
  return status;
}

static int check_one(struct cli *cli, const char *domain, bool as_json, struct fault *fault) {
  struct live live;
  if (!live_open(&live, cli, fault)) return EXIT_BAD_USAGE;
  int status = EXIT_BAD_USAGE;
  if (live_knows(&live, cli, domain, fault) && (!cli->earlier || evidence_read_earlier(&live, cli->earlier, domain, fault))) {
    struct inquiry inquiry = cli_inquiry(cli, domain);
    status = report_one(&live, live_examine(&live, &inquiry), &inquiry, as_json, fault);
    if (!live_save_evidence(&live, cli, domain, fault)) status = EXIT_BAD_USAGE;
  }
  live_close(&live);
  return status;
}

int cli_check(struct cli *cli) {
  struct fault fault = { "" };
  bool as_json = cli->format && strcmp(cli->format, "json") == 0;
  if (cli->format && !as_json && strcmp(cli->format, "text") != 0) {
    fault_set(&fault, _("--format must be text or json"));
    return cli_refuse(&fault);
  }
  if (cli->word_count == 0) {
    fault_set(&fault, _("Which domain? Give one or more, for example: mailstead check example.gov.uk"));
    return cli_refuse(&fault);
  }
  bool several = cli->word_count > 1 || strcmp(cli->words[0], "-") == 0;
  if (several && (cli->evidence || cli->save_evidence || cli->earlier)) {
    fault_set(&fault, _("Evidence is kept for one domain at a time"));
    return cli_refuse(&fault);
  }
  const char *domain = several ? NULL : name_from_user(cli->arena, cli->words[0], &fault);
  int status = several ? batch_run(cli, as_json, &fault) : domain ? check_one(cli, domain, as_json, &fault) : EXIT_BAD_USAGE;
  return status == EXIT_BAD_USAGE && *fault.text ? cli_refuse(&fault) : status;
}
