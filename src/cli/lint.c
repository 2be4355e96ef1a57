#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/judge/dkim.h"
#include "checks/judge/dmarc.h"
#include "checks/judge/lib.h"
#include "checks/judge/mtasts.h"
#include "checks/judge/spf.h"
#include "checks/judge/tlsrpt.h"
#include "checks/record/spf.h"
#include "checks/record/tlsa.h"
#include "src/cli/lib.h"

enum { MOST_OF_RECORD = 4096, MOST_OF_POLICY = 64 << 10 }; /* no record that works is longer; RFC 8461 section 3.3 */

static void tell(struct judgement *j, const char *rule, const char *text) {
  struct finding *finding = find(j, rule, NULL);
  find_argument(j, finding, "value", "%s", text);
}

static void lint_spf(struct judgement *j, const char *text, size_t length) {
  if (!spf_is_record(text, length)) tell(j, "spf-near-miss-version", text);
  else spf_judge_text(j, text, length, NULL);
  if (spf_is_record(text, length) && !found_above_info(j)) {
    const struct spf_term *all = spf_first_all(spf_parse(j->arena, text, length));
    if (!all && !spf_parse(j->arena, text, length)->redirect) find(j, "spf-all-missing", NULL);
    else if (all) find(j, all->qualifier == '-' ? "spf-all-fail" : all->qualifier == '~' ? "spf-all-softfail" : all->qualifier == '?' ? "spf-all-neutral" : "spf-all-pass", NULL);
  }
}

static void lint_dkim(struct judgement *j, const char *text, size_t length) { dkim_lint_text(j, j->inquiry->domain, text, length); }

static void lint_dmarc(struct judgement *j, const char *text, size_t length) {
  if (dmarc_is_record(text, length)) dmarc_judge_text(j, NULL, dmarc_parse(j->arena, text, length), true);
  else if (!dmarc_judge_near_miss(j, text, length)) tell(j, "dmarc-version-near-miss", text);
}

static void lint_tlsrpt(struct judgement *j, const char *text, size_t length) {
  if (strncmp(text, "v=TLSRPTv1;", 11) == 0) (void)tlsrpt_judge_text(j, text, length);
  else tell(j, tlsrpt_near_miss(text) ? tlsrpt_near_miss(text) : "tlsrpt-version-invalid", text);
}

static void lint_mtasts(struct judgement *j, const char *text, size_t length) {
  if (mtasts_is_record(text, length)) mtasts_judge_record_text(j, text, length);
  else tell(j, "mtasts-version-invalid", text);
}

static void lint_policy(struct judgement *j, const char *text, size_t length) { mtasts_judge_policy_text(j, mtasts_policy_parse(j->arena, text, length)); }

static const struct { const char *name; enum topic topic; void (*judge)(struct judgement *, const char *, size_t); } types[] = {
  { "spf", TOPIC_SPF, lint_spf },          { "dkim", TOPIC_DKIM, lint_dkim },       { "dmarc", TOPIC_DMARC, lint_dmarc },
  { "tlsrpt", TOPIC_TLSRPT, lint_tlsrpt }, { "mtasts", TOPIC_MTASTS, lint_mtasts }, { "mtasts-policy", TOPIC_MTASTS, lint_policy },
};

static int lint(struct cli *cli, size_t type, const char *text, size_t length) {
  struct store *store = store_new();
  struct inquiry inquiry = { .domain = cli->domain_option ? name_lower(cli->arena, cli->domain_option) : "record", .topics = 1u << types[type].topic };
  struct judgement j = { .store = store, .inquiry = &inquiry, .arena = cli->arena, .topic = types[type].topic };
  struct verdict verdict = { .arena = cli->arena, .status = SEVERITY_PASS };
  struct examination_figures figures = { 0 };
  types[type].judge(&j, text, length);
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

/* One character-string in quotation marks (RFC 1035 section 5.1), appended to `put`; what stands behind it, or null when it does not end. */
static const char *unquote(const char *at, char *text, size_t *length) {
  for (at++; *at && *at != '"'; at++) {
    int octet = (unsigned char)*at;
    if (*at == '\\' && is_digit(at[1]) && is_digit(at[2]) && is_digit(at[3])) {
      octet = (at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0');
      at += 3;
    } else if (*at == '\\' && at[1]) {
      octet = (unsigned char)*++at;
    }
    if (octet == 0 || octet > 255) return NULL;
    text[(*length)++] = (char)octet;
  }
  return *at ? at + 1 : NULL;
}

/* A value as it stands in a zone file, "one" "two", with or without brackets: the strings joined, in place. False, and nothing changed: it is not in that form. */
static bool read_zone_form(struct arena *arena, char *text, size_t *length) {
  char *joined = ARENA_ARRAY(arena, char, *length + 1);
  size_t put = 0, strings = 0;
  const char *at = text;
  while (is_space(*at) || *at == '(') at++;
  for (; at && *at == '"'; strings++) {
    at = unquote(at, joined, &put);
    while (at && (is_space(*at) || *at == ')')) at++;
  }
  if (!at || *at || !strings) return false;
  memcpy(text, joined, put);
  text[put] = '\0';
  *length = put;
  return true;
}

int cli_lint(struct cli *cli) {
  struct fault fault = { "" };
  size_t type = 0, length = 0;
  while (cli->word_count && type < MEM_COUNT(types) && strcmp(types[type].name, cli->words[0]) != 0) type++;
  if (!cli->word_count || type == MEM_COUNT(types)) {
    fault_set(&fault, _("Which kind of record? One of: spf dkim dmarc tlsrpt mtasts mtasts-policy"));
    return cli_refuse(&fault);
  }
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
  if (!policy && read_zone_form(cli->arena, text, &length)) fprintf(stderr, "%s\n", _("Read as zone-file text: the strings in quotation marks are joined, and positions count in what they make."));
  int status = lint(cli, type, text, length);
  free(text);
  return status;
}
