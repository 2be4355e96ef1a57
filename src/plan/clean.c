/* Text as it was meant: what a form, a word processor or a zone-file line did to a value is undone. */
#include <string.h>

#include "src/plan/private.h"

/* Typographic characters, as UTF-8, and what was meant by them; "" for what nobody sees. */
static const struct { const char *bytes, *plain; } typographic[] = {
  { "\xe2\x80\x9c", "\"" }, { "\xe2\x80\x9d", "\"" }, { "\xe2\x80\x9e", "\"" }, { "\xe2\x80\x98", "'" }, { "\xe2\x80\x99", "'" },
  { "\xe2\x80\x90", "-" },  { "\xe2\x80\x91", "-" },  { "\xe2\x80\x92", "-" },  { "\xe2\x80\x93", "-" }, { "\xe2\x80\x94", "-" }, { "\xe2\x88\x92", "-" },
  { "\xc2\xa0", " " },      { "\xe2\x80\xaf", " " },  { "\xef\xbc\x9b", ";" },
  { "\xc2\xad", "" },       { "\xe2\x80\x8b", "" },   { "\xe2\x80\x8c", "" },   { "\xe2\x80\x8d", "" },  { "\xe2\x81\xa0", "" },  { "\xef\xbb\xbf", "" },
};

static void put_plain(struct buf *out, const char *text) {
  while (*text) {
    size_t i = 0, length = 0;
    for (; i < MEM_COUNT(typographic); i++) {
      length = strlen(typographic[i].bytes);
      if (strncmp(text, typographic[i].bytes, length) == 0) break;
    }
    if (i < MEM_COUNT(typographic)) {
      buf_text(out, typographic[i].plain);
      text += length;
    } else {
      buf_char(out, is_space(*text) ? ' ' : *text);
      text++;
    }
  }
}

/* `"one" "two"` is one value in two strings: what stands between the quotation marks is no part of it (RFC 1035 section 5.1). */
static void put_unquoted(struct buf *out, const char *text) {
  bool inside = false, quoted = *text == '"';
  for (; *text; text++) {
    if (*text == '\\' && (text[1] == ';' || text[1] == '"' || text[1] == '\\')) continue;
    if (*text == '"' && quoted) inside = !inside;
    else if (*text != '"' && (!quoted || inside || *text != ' ')) buf_char(out, *text);
  }
}

const char *plan_clean(struct arena *arena, const char *text) {
  struct buf plain = BUF_INIT(65536), out = BUF_INIT(65536);
  put_plain(&plain, text);
  const char *start = buf_string(&plain);
  while (*start == ' ') start++;
  put_unquoted(&out, start);
  size_t from = 0, to = out.length;
  while (from < to && buf_string(&out)[from] == ' ') from++;
  while (to > from && buf_string(&out)[to - 1] == ' ') to--;
  const char *clean = arena_strndup(arena, buf_string(&out) + from, to - from);
  buf_release(&plain);
  buf_release(&out);
  return strcmp(clean, text) == 0 ? text : clean;
}

/* ---- records at wrong names ---- */

static bool is_slip(const struct finding *finding) {
  static const char *const rules[] = { "ns-name-doubled", "ns-name-underscore-lost", "ns-name-misspelt" };
  for (size_t i = 0; i < MEM_COUNT(rules); i++)
    if (strcmp(finding->rule->id, rules[i]) == 0) return true;
  return false;
}

/* The version at the beginning of a value tells which name it was meant for. */
const char *plan_misplaced(struct planning *p, const char *version) {
  for (size_t i = 0; i < p->verdict->count; i++) {
    const struct finding *finding = p->verdict->findings[i];
    if (!is_slip(finding) || !name_is_below(finding->subject, p->inquiry->domain)) continue;
    const struct dns_answer *answer = ask_dns(&p->j, finding->subject, DNS_TYPE_TXT);
    for (size_t n = 0; answer && !answer->links && n < answer->count; n++) {
      const char *clean = plan_clean(p->j.arena, PLAN_TEXT(answer, n));
      if (text_starts(clean, version)) return clean;
    }
  }
  return NULL;
}

static bool is_for_us(struct arena *arena, const struct dns_rr *rr) {
  static const char *const versions[] = { "v=DMARC1", "v=TLSRPTv1", "v=STSv1", "v=DKIM1", "v=spf1" };
  const char *clean = plan_clean(arena, rr->txt.bytes);
  for (size_t i = 0; i < MEM_COUNT(versions); i++)
    if (text_starts(clean, versions[i])) return true;
  return false;
}

static void take_away(struct planning *p, const char *name) {
  static const struct plan_kind kind = {
    "dns-request-details", ORDER_STRAY, N_("This record stands at a wrong name, where nobody looks for it."), N_("It goes last, when the right record is in place."), "ns-name-",
  };
  const struct dns_answer *answer = ask_dns(&p->j, name, DNS_TYPE_TXT);
  struct plan_change *change = NULL;
  if (!answer || answer->outcome == DNS_FAILED || !plan_is_own(p, answer)) return;
  for (size_t i = 0; i < answer->count; i++) {
    if (!is_for_us(p->j.arena, &answer->records[i])) continue;
    if (!change) change = plan_change_new(p, PLAN_REMOVE, name, DNS_TYPE_TXT, &kind);
    plan_change_now(p, change, &answer->records[i]);
  }
}

void plan_stray(struct planning *p) {
  for (size_t i = 0; i < p->verdict->count; i++)
    if (is_slip(p->verdict->findings[i])) take_away(p, p->verdict->findings[i]->subject);
}
