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

enum { MOST_OF_RECORD = 4096, MOST_OF_POLICY = 64 << 10 }; /* no record that works is longer; RFC 8461 section 3.3 */

/* `strings` gives the borders of a zone file's strings; null where there are none that a zone could hold. */
struct given_text { const char *bytes; size_t length; const struct dns_rr *strings; };

static void tell(struct judgement *j, const char *rule, const char *text) {
  struct finding *finding = find(j, rule, NULL);
  find_argument(j, finding, "value", "%s", text);
}

static void lint_spf(struct judgement *j, const struct given_text *given) {
  if (spf_is_record(given->bytes, given->length)) {
    const struct spf_record *record = spf_parse(j->arena, given->bytes, given->length);
    spf_judge_text(j, record, given->strings);
    spf_judge_text_lookups(j, record);
    spf_judge_text_ending(j, record);
  } else if (spf_is_sender_id(given->bytes)) {
    tell(j, "spf-sender-id-record", given->bytes);
    find(j, "spf-missing", NULL);
  } else {
    tell(j, "spf-near-miss-version", given->bytes);
  }
}

static void lint_dkim(struct judgement *j, const struct given_text *given) { dkim_lint_text(j, j->inquiry->domain, given->bytes, given->length); }

static void lint_dmarc(struct judgement *j, const struct given_text *given) {
  if (dmarc_is_record(given->bytes, given->length)) dmarc_judge_text(j, NULL, dmarc_parse(j->arena, given->bytes, given->length), true);
  else if (!dmarc_judge_near_miss(j, given->bytes, given->length)) tell(j, "dmarc-version-near-miss", given->bytes);
}

static void lint_tlsrpt(struct judgement *j, const struct given_text *given) {
  if (strncmp(given->bytes, "v=TLSRPTv1;", 11) == 0) (void)tlsrpt_judge_text(j, given->bytes, given->length);
  else tell(j, tlsrpt_near_miss(given->bytes) ? tlsrpt_near_miss(given->bytes) : "tlsrpt-version-invalid", given->bytes);
}

static void lint_mtasts(struct judgement *j, const struct given_text *given) {
  if (mtasts_is_record(given->bytes, given->length)) mtasts_judge_record_text(j, given->bytes, given->length);
  else tell(j, "mtasts-version-invalid", given->bytes);
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

/* A value as it stands in a zone file, "one" "two", with or without brackets: the strings joined, and their borders kept. False, and nothing changed: it is
 * not in that form. */
static bool read_zone_form(struct arena *arena, struct given_text *text) {
  char *joined = ARENA_ARRAY(arena, char, text->length + 1);
  uint8_t *lengths = ARENA_ARRAY(arena, uint8_t, text->length + 1);
  struct dns_rr *rr = ARENA_NEW(arena, struct dns_rr);
  size_t put = 0, strings = 0;
  bool fits = true;
  const char *at = text->bytes;
  while (is_space(*at) || *at == '(') at++;
  for (; at && *at == '"'; strings++) {
    size_t start = put;
    at = unquote(at, joined, &put);
    fits = fits && put - start <= UINT8_MAX;
    lengths[strings] = (uint8_t)(put - start);
    while (at && (is_space(*at) || *at == ')')) at++;
  }
  if (!at || *at || !strings) return false;
  *rr = (struct dns_rr){ .type = DNS_TYPE_TXT, .txt = { .bytes = joined, .lengths = lengths, .length = (uint16_t)put, .strings = (uint16_t)strings } };
  *text = (struct given_text){ joined, put, fits ? rr : NULL };
  return true;
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
  if (!policy && read_zone_form(cli->arena, &given)) fprintf(stderr, "%s\n", _("Read as zone-file text: the strings in quotation marks are joined, and positions count in what they make."));
  int status = lint(cli, type, &given);
  free(text);
  return status;
}
