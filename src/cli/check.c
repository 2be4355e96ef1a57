#include <stdio.h>
#include <string.h>

#include "src/cli/batch.h"
#include "src/cli/lib.h"

static int check_one(struct cli *cli, const char *domain, bool as_json, struct fault *fault) {
  struct live live;
  if (!live_open(&live, cli, fault)) return EXIT_BAD_USAGE;
  struct inquiry inquiry = cli_inquiry(cli, domain);
  int64_t time = clock_wall_ms();
  const struct verdict *verdict = live_examine(&live, &inquiry);
  struct examination_figures figures = examination_figures(live.examination);
  int status = cli_exit_status(verdict);
  if (as_json) {
    print_json_line(report_json(verdict, live.store, &inquiry, &figures, time));
  } else {
    struct buf out = BUF_INIT(16 << 20);
    report_text(&out, verdict, &inquiry, &figures);
    print_buf(&out);
    buf_release(&out);
  }
  if (!live_save_evidence(&live, cli, domain, fault)) status = EXIT_BAD_USAGE;
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
  if (several && (cli->evidence || cli->save_evidence)) {
    fault_set(&fault, _("Evidence is kept for one domain at a time"));
    return cli_refuse(&fault);
  }
  const char *domain = several ? NULL : name_from_user(cli->arena, cli->words[0], &fault);
  int status = several ? batch_run(cli, as_json, &fault) : domain ? check_one(cli, domain, as_json, &fault) : EXIT_BAD_USAGE;
  return status == EXIT_BAD_USAGE && *fault.text ? cli_refuse(&fault) : status;
}
