#include <string.h>

#include "checks/judge/ns_private.h"

/* 1.4: values that were mangled on entry. */

enum { UDP_SAFE = 1232, TOKENS_MOST = 10 };

static const char *const versions[] = { "v=spf1", "v=DMARC1", "v=DKIM1", "v=TLSRPTv1", "v=STSv1" };

static bool begins_with_version(const char *text) {
  for (size_t i = 0; i < MEM_COUNT(versions); i++)
    if (text_starts(text, versions[i])) return true;
  return false;
}

/* Space, tab, no-break space, zero-width space, byte-order mark. */
static const char *past_blanks(const char *text) {
  static const char *const blanks[] = { " ", "\t", "\xc2\xa0", "\xe2\x80\x8b", "\xef\xbb\xbf" };
  for (size_t i = 0; i < MEM_COUNT(blanks);) {
    size_t length = strlen(blanks[i]);
    if (strncmp(text, blanks[i], length) != 0) i++;
    else text += length, i = 0;
  }
  return text;
}

static const char *character_name(struct judgement *j, const unsigned char *at) {
  static const struct { const char *bytes, *name; } known[] = {
    { "\xe2\x80\x9c", N_("curly quotation mark") }, { "\xe2\x80\x9d", N_("curly quotation mark") }, { "\xe2\x80\x98", N_("curly apostrophe") },
    { "\xe2\x80\x99", N_("curly apostrophe") },     { "\xe2\x80\x93", N_("en dash") },              { "\xe2\x80\x94", N_("em dash") },
    { "\xe2\x88\x92", N_("minus sign") },           { "\xc2\xa0", N_("no-break space") },           { "\xc2\xad", N_("soft hyphen") },
    { "\xe2\x80\x8b", N_("zero-width space") },     { "\xe2\x80\x8c", N_("zero-width character") }, { "\xe2\x80\x8d", N_("zero-width character") },
    { "\xef\xbb\xbf", N_("byte-order mark") },
  };
  for (size_t i = 0; i < MEM_COUNT(known); i++)
    if (strncmp((const char *)at, known[i].bytes, strlen(known[i].bytes)) == 0) return _(known[i].name);
  return arena_printf(j->arena, "0x%02X", *at);
}

static struct finding *tell_value(struct judgement *j, const char *rule, const struct ns_name *name, const struct dns_rr *rr) {
  struct finding *finding = ns_tell(j, rule, name->name, name->answer);
  find_argument(j, finding, "name", "%s", name->name);
  find_bytes(j, finding, "value", rr->txt.bytes, rr->txt.length);
  return finding;
}

static void judge_inside(struct judgement *j, const struct ns_name *name, const struct dns_rr *rr, const char *inside) {
  const char *end = rr->txt.bytes + rr->txt.length, *odd = NULL, *backslash = NULL;
  for (const char *c = inside; c < end; c++) {
    if (!odd && (unsigned char)*c > 0x7e) odd = c;
    if (!backslash && *c == '\\' && (c[1] == ';' || c[1] == '"' || c[1] == '\\')) backslash = c;
  }
  if (odd) {
    struct finding *finding = tell_value(j, "ns-txt-typographic", name, rr);
    find_argument(j, finding, "character", "%s", character_name(j, (const unsigned char *)odd));
    find_argument(j, finding, "position", "%zu", (size_t)(odd - rr->txt.bytes) + 1);
  }
  if (backslash) tell_value(j, "ns-txt-backslash", name, rr);
}

static void judge_value(struct judgement *j, const struct ns_name *name, const struct dns_rr *rr) {
  const char *text = rr->txt.bytes, *inside = past_blanks(text);
  bool quoted_start = *text == '"' && begins_with_version(text + 1);
  bool quoted_end = rr->txt.length && text[rr->txt.length - 1] == '"' && begins_with_version(text);
  if (quoted_start || quoted_end) tell_value(j, "ns-txt-literal-quotes", name, rr);
  else if (inside != text && begins_with_version(inside)) tell_value(j, "ns-txt-leading-space", name, rr);
  else if (!begins_with_version(text)) return;
  judge_inside(j, name, rr, quoted_start ? text + 1 : inside);
}

void ns_judge_texts(struct judgement *j) {
  struct ns_name names[NS_NAMES_MOST];
  size_t count = ns_names(j, names);
  for (size_t n = 0; n < count; n++) {
    const struct dns_answer *answer = names[n].answer;
    size_t tokens = 0;
    if (!answer || names[n].type != DNS_TYPE_TXT) continue;
    for (size_t i = 0; i < answer->count; i++) {
      judge_value(j, &names[n], &answer->records[i]);
      tokens += !begins_with_version(answer->records[i].txt.bytes);
    }
    if (answer->count && answer->size > UDP_SAFE) {
      struct finding *finding = ns_tell(j, "ns-txt-answer-large", names[n].name, answer);
      find_argument(j, finding, "name", "%s", names[n].name);
      find_argument(j, finding, "octets", "%u", answer->size);
    }
    if (strcmp(names[n].name, j->inquiry->domain) == 0 && tokens > TOKENS_MOST) find_argument(j, ns_tell(j, "ns-txt-many-tokens", NULL, answer), "count", "%zu", tokens);
  }
}
