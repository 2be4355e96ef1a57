#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/record/dkim_message.h"
#include "src/cli/batch.h"
#include "src/cli/evidence.h"
#include "src/cli/lib.h"
#include "src/cli/planned.h"

static int report_one(struct live *live, const struct verdict *verdict, const struct inquiry *inquiry, const struct casefile *casefile, bool as_json, struct fault *fault) {
  struct buf out = BUF_INIT(LONGEST_REPORT);
  if (as_json) report_json(&out, verdict, live->store, inquiry, &live->figures, live->time);
  else report_text(&out, verdict, inquiry, &live->figures);
  if (casefile && !as_json) buf_printf(&out, _("Your answers in %s count here.\n"), casefile_path(casefile));
  int status = cli_exit_status(verdict);
  if (!print_buf(&out)) {
    fault_set(fault, _("The report could not be written: %s"), strerror(errno));
    status = EXIT_BAD_USAGE;
  }
  buf_release(&out);
  return status;
}

/* ---- a message ---- */

struct pasted { char *bytes; struct message *message; const char *from; };

/* The message that is to be verified, where one is given. False, with a fault: it is none, or it does not say who sent it. */
static bool read_message(struct cli *cli, struct pasted *out, struct fault *fault) {
  size_t length;
  *out = (struct pasted){ NULL };
  if (!cli->message) return true;
  out->bytes = file_read(cli->message, MESSAGE_MOST_OCTETS, &length, fault);
  out->message = out->bytes ? message_parse(cli->arena, out->bytes, length, fault) : NULL;
  if (!out->message) return false;
  out->from = message_sender(cli->arena, out->message, fault);
  return out->from != NULL;
}

/* False, with a fault: it was sent by another organisation. */
static bool is_from(const struct pasted *pasted, const char *domain, struct fault *fault) {
  if (!pasted->message || suffix_same(pasted->from, domain)) return true;
  fault_set(fault, _("The message is from %s, not from %s"), pasted->from, domain);
  return false;
}

/* ---- one domain ---- */

static int check_one(struct cli *cli, const char *domain, const struct pasted *pasted, bool as_json, struct fault *fault) {
  struct live live;
  struct casefile *casefile = is_from(pasted, domain, fault) ? casefile_look(domain, fault) : NULL;
  if (*fault->text || !live_open(&live, cli, fault)) {
    casefile_close(&casefile);
    return EXIT_BAD_USAGE;
  }
  int status = EXIT_BAD_USAGE;
  if (live_knows(&live, cli, domain, fault) && (!cli->earlier || evidence_read_earlier(&live, cli->earlier, domain, fault))) {
    struct inquiry inquiry = cli_inquiry_of_case(cli, casefile, domain);
    inquiry.message = pasted->message;
    status = report_one(&live, live_examine(&live, &inquiry), &inquiry, casefile, as_json, fault);
    if (!live_save_evidence(&live, cli, domain, fault)) status = EXIT_BAD_USAGE;
  }
  live_close(&live);
  casefile_close(&casefile);
  return status;
}

/* The domain that is named, or the one that the message is from. */
static int check_single(struct cli *cli, bool as_json, struct fault *fault) {
  struct pasted pasted;
  const char *domain = NULL;
  if (read_message(cli, &pasted, fault)) domain = cli->word_count ? name_from_user(cli->arena, cli->words[0], fault) : pasted.from;
  int status = domain ? check_one(cli, domain, &pasted, as_json, fault) : EXIT_BAD_USAGE;
  free(pasted.bytes);
  return status;
}

int cli_check(struct cli *cli) {
  struct fault fault = { "" };
  bool as_json = cli->format && strcmp(cli->format, "json") == 0;
  if (cli->word_count == 0 && !cli->message) {
    fault_set(&fault, _("Which domain? Give one or more, for example: mailstead check example.gov.uk"));
    return cli_refuse(&fault);
  }
  for (size_t i = 0; cli->word_count > 1 && i < cli->word_count; i++) {
    if (strcmp(cli->words[i], "-") != 0) continue;
    fault_set(&fault, _("\"-\" stands alone: all names then come from standard input"));
    return cli_refuse(&fault);
  }
  bool several = cli->word_count > 1 || (cli->word_count && strcmp(cli->words[0], "-") == 0);
  if (several && (cli->evidence || cli->save_evidence || cli->earlier || cli->message)) {
    fault_set(&fault, cli->message ? _("A message is from one domain: name no other") : _("Evidence is kept for one domain at a time"));
    return cli_refuse(&fault);
  }
  int status = several ? batch_run(cli, as_json, &fault) : check_single(cli, as_json, &fault);
  return status == EXIT_BAD_USAGE && *fault.text ? cli_refuse(&fault) : status;
}
