#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/judge/dane.h"
#include "checks/judge/dkim.h"
#include "checks/judge/dmarc.h"
#include "checks/judge/lib.h"
#include "checks/judge/mtasts.h"
#include "checks/judge/spf.h"
#include "checks/judge/tlsrpt.h"
#include "checks/record/spf.h"
#include "src/cli/lib.h"
#include "src/cli/lint.h"

enum { MOST_OF_RECORD = 4096, MOST_OF_POLICY = 64 << 10 }; /* no record that works is longer; RFC 8461 section 3.3 */

/* ---- a version that is nearly right ---- */

/* The rule of the slip, with the place from which on the text is not `wanted`. */
static void tell(struct judgement *j, const char *rule, const char *text, const char *wanted) {
  struct finding *finding = find(j, rule, NULL);
  size_t same = 0;
  while (text[same] && text[same] == wanted[same]) same++;
  find_argument(j, finding, "value", "%s", text);
  find_argument(j, finding, "position", "%zu", same + 1);
}

static void shift_position(struct judgement *j, struct finding *finding, long shift) {
  for (size_t i = 0; i < finding->argument_count; i++) {
    struct text_argument *argument = &finding->arguments[i];
    if (strcmp(argument->name, "position") == 0) argument->value = arena_printf(j->arena, "%ld", strtol(argument->value, NULL, 10) + shift);
  }
}

/* What else is wrong with the text would else be met only when the version is mended. Nothing in it is a pass: receivers do not read it. */
static void judge_rest(struct judgement *j, const struct given_text *given, const char *version, const char *stem, void (*judge)(struct judgement *, const struct given_text *)) {
  long shift;
  struct given_text whole = lint_with_version(j->arena, given, version, stem, &shift);
  size_t kept = j->count, first = j->count;
  if (!whole.bytes) return;
  judge(j, &whole);
  for (size_t i = first; i < j->count; i++) {
    shift_position(j, j->findings[i], shift);
    if (j->findings[i]->severity != SEVERITY_PASS) j->findings[kept++] = j->findings[i];
  }
  j->count = kept;
}

/* ---- kinds of texts ---- */

static void judge_spf_record(struct judgement *j, const struct given_text *given) {
  const struct spf_record *record = spf_parse(j->arena, given->bytes, given->length);
  spf_judge_text(j, record, given->strings);
  spf_judge_text_lookups(j, record);
  spf_judge_text_targets(j, record);
  spf_judge_text_ending(j, record);
}

static void lint_spf(struct judgement *j, const struct given_text *given) {
  if (spf_is_record(given->bytes, given->length)) {
    judge_spf_record(j, given);
  } else if (spf_is_sender_id(given->bytes)) {
    tell(j, "spf-sender-id-record", given->bytes, "");
    find(j, "spf-missing", NULL);
  } else {
    tell(j, "spf-near-miss-version", given->bytes, "v=spf1 ");
    judge_rest(j, given, "v=spf1 ", "spf", judge_spf_record);
  }
}

static void lint_dkim(struct judgement *j, const struct given_text *given) { dkim_lint_text(j, j->inquiry->domain, given->bytes, given->length); }

static void judge_dmarc_record(struct judgement *j, const struct given_text *given) {
  dmarc_judge_text(j, NULL, dmarc_parse(j->arena, given->bytes, given->length), true);
}

static void lint_dmarc(struct judgement *j, const struct given_text *given) {
  if (dmarc_is_record(given->bytes, given->length)) {
    judge_dmarc_record(j, given);
    return;
  }
  if (!dmarc_judge_near_miss(j, given->bytes, given->length)) tell(j, "dmarc-version-near-miss", given->bytes, "v=DMARC1;");
  judge_rest(j, given, "v=DMARC1;", "DMARC", judge_dmarc_record);
}

static void judge_tlsrpt_record(struct judgement *j, const struct given_text *given) { (void)tlsrpt_judge_text(j, given->bytes, given->length); }

static void lint_tlsrpt(struct judgement *j, const struct given_text *given) {
  const char *near = tlsrpt_near_miss(given->bytes);
  if (strncmp(given->bytes, "v=TLSRPTv1;", 11) == 0) {
    judge_tlsrpt_record(j, given);
    return;
  }
  tell(j, near ? near : "tlsrpt-version-invalid", given->bytes, "v=TLSRPTv1;");
  judge_rest(j, given, "v=TLSRPTv1;", text_find(given->bytes, "TLSRPT", NULL) ? "TLSRPT" : "TLS-RPT", judge_tlsrpt_record);
}

static void judge_mtasts_record(struct judgement *j, const struct given_text *given) { mtasts_judge_record_text(j, given->bytes, given->length); }

static void lint_mtasts(struct judgement *j, const struct given_text *given) {
  if (mtasts_is_record(given->bytes, given->length)) {
    judge_mtasts_record(j, given);
    return;
  }
  tell(j, "mtasts-version-invalid", given->bytes, "v=STSv1;");
  judge_rest(j, given, "v=STSv1;", "STS", judge_mtasts_record);
}

static void lint_policy(struct judgement *j, const struct given_text *given) { mtasts_judge_policy_text(j, mtasts_policy_parse(j->arena, given->bytes, given->length)); }

static void lint_tlsa(struct judgement *j, const struct given_text *given) { dane_judge_text(j, given->bytes, given->length); }

static const struct { const char *name; enum topic topic; void (*judge)(struct judgement *, const struct given_text *); } types[] = {
  { "spf", TOPIC_SPF, lint_spf },          { "dkim", TOPIC_DKIM, lint_dkim },       { "dmarc", TOPIC_DMARC, lint_dmarc },
  { "tlsrpt", TOPIC_TLSRPT, lint_tlsrpt }, { "mtasts", TOPIC_MTASTS, lint_mtasts }, { "mtasts-policy", TOPIC_MTASTS, lint_policy },
  { "tlsa", TOPIC_DANE, lint_tlsa },
};

static int lint(struct cli *cli, size_t type, const struct given_text *given) {
  struct store *store = store_new();
  struct inquiry inquiry = { .domain = cli->domain_option ? cli->domain_option : "record", .topics = 1u << types[type].topic };
  struct judgement j = { .store = store, .inquiry = &inquiry, .arena = cli->arena, .topic = types[type].topic };
  struct verdict verdict = { .arena = cli->arena, .status = SEVERITY_PASS };
  struct examination_figures figures = { 0 };
  types[type].judge(&j, given);
  for (unsigned i = 0; i < TOPIC_COUNT; i++) verdict.topics[i] = SEVERITY_SKIPPED;
  verdict.findings = j.findings;
  verdict.count = j.count;
  for (size_t i = 0; i < j.count; i++) verdict.status = severity_worse(verdict.status, j.findings[i]->severity);
  verdict.topics[types[type].topic] = verdict.status;
  struct buf out = BUF_INIT(LONGEST_REPORT);
  if (cli->format && strcmp(cli->format, "json") == 0) {
    report_json(&out, &verdict, store, &inquiry, &figures, clock_wall_ms());
  } else {
    report_text(&out, &verdict, &inquiry, NULL);
    if (!j.count) buf_printf(&out, "%s\n", _("Nothing is wrong with this text."));
  }
  print_buf(&out);
  buf_release(&out);
  store_free(&store);
  return cli_exit_status(&verdict);
}

int cli_lint(struct cli *cli) {
  struct fault fault = { "" };
  size_t type = 0, length = 0;
  while (cli->word_count && type < MEM_COUNT(types) && strcmp(types[type].name, cli->words[0]) != 0) type++;
  if (!cli->word_count || type == MEM_COUNT(types)) {
    fault_set(&fault, _("Which kind of record? One of: spf dkim dmarc tlsrpt mtasts mtasts-policy tlsa"));
    return cli_refuse(&fault);
  }
  if (cli->domain_option && !(cli->domain_option = name_from_user(cli->arena, cli->domain_option, &fault))) return cli_refuse(&fault);
  bool from_input = cli->word_count < 2 || strcmp(cli->words[1], "-") == 0;
  bool policy = strcmp(types[type].name, "mtasts-policy") == 0;
  size_t most = policy ? MOST_OF_POLICY : MOST_OF_RECORD;
  char *text = from_input ? file_read("-", most, &length, &fault) : mem_strdup(cli->words[1]);
  if (!text) return cli_refuse(&fault);
  if (!from_input) length = strlen(text);
  if (length > most) {
    free(text);
    fault_set(&fault, _("The text is longer than %zu octets"), most);
    return cli_refuse(&fault);
  }
  while (!policy && length && (text[length - 1] == '\n' || text[length - 1] == '\r')) text[--length] = '\0';
  struct given_text given = { text, length, NULL };
  enum lint_form form = policy ? LINT_AS_IT_STANDS : lint_read_form(cli->arena, strcmp(types[type].name, "tlsa") == 0 ? "TLSA" : "TXT", &given);
  if (form == LINT_ZONE_FORM) fprintf(stderr, "%s\n", _("Read as zone-file text: the strings in quotation marks are joined, and positions count in what they make."));
  if (form == LINT_BEHIND_A_NAME) fprintf(stderr, "%s\n", _("Read without the name and type before the value: positions count in the value."));
  int status = lint(cli, type, &given);
  free(text);
  return status;
}
