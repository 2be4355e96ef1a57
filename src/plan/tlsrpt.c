#include <string.h>

#include "checks/judge/dmarc.h"
#include "checks/judge/gsi.h"
#include "checks/judge/tlsrpt.h"
#include "src/plan/private.h"

static const struct plan_kind tlsrpt_kind = {
  "cloud-tlsrpt", ORDER_TLSRPT, N_("TLS reporting: asks senders to report when they cannot encrypt email to this domain."),
  N_("It comes before MTA-STS, so that the reports show what a policy would do."), "tlsrpt- gsi-tlsrpt ns-txt-l ns-txt-ty ns-txt-b ns-name-",
};

enum { MOST_RECORDS = 16 };

static const char *mailbox(struct planning *p) {
  return p->options->tls_mailbox ? p->options->tls_mailbox : arena_printf(p->j.arena, "tls-reports@%s", p->inquiry->domain);
}

static bool is_like_record(struct planning *p, const struct dns_rr *rr) {
  const char *clean = plan_clean(p->j.arena, rr->txt.bytes);
  return text_starts(clean, "v=TLSRPTv1") || tlsrpt_near_miss(rr->txt.bytes) != NULL;
}

/* ---- addresses ---- */

static bool reaches_somebody(struct planning *p, const struct report_uri *uri) {
  if (uri->fault || gsi_is_family(uri->host)) return false;
  if (uri->scheme == REPORT_HTTPS) return true;
  return uri->scheme == REPORT_MAILTO && (name_equal(uri->host, p->inquiry->domain) || mail_host_accepts(&p->j, uri->host) != TRI_NO);
}

/* A mailbox whose scheme was forgotten or mistyped is one still. */
static const struct report_uri *meant(struct planning *p, const char *member) {
  const struct report_uris *uris = report_uris_parse(p->j.arena, member);
  const char *at = strchr(member, '@'), *from = at;
  if (uris->count == 1 && !uris->all[0].fault && uris->all[0].scheme != REPORT_OTHER && uris->all[0].scheme != REPORT_NONE) return &uris->all[0];
  if (!at || text_starts(member, "http")) return NULL;
  while (from > member && !strchr(":/<", from[-1])) from--;
  uris = report_uris_parse(p->j.arena, arena_printf(p->j.arena, "mailto:%.*s", (int)strcspn(from, ">"), from));
  return uris->count == 1 && !uris->all[0].fault ? &uris->all[0] : NULL;
}

struct addresses { const char *kept[32]; size_t count; bool read; };

static void add_addresses(struct planning *p, struct addresses *out, const char *value) {
  for (const char *at = value; *at;) {
    size_t length = strcspn(at, ",; \t");
    const struct report_uri *uri = length ? meant(p, arena_strndup(p->j.arena, at, length)) : NULL;
    bool again = false;
    for (size_t i = 0; uri && i < out->count; i++) again |= text_equal(out->kept[i], uri->text);
    at += length;
    at += strspn(at, ",; \t");
    if (!uri || again || out->count == MEM_COUNT(out->kept) || !reaches_somebody(p, uri)) continue;
    out->read |= !mailcheck_is_tls_address(uri->address);
    out->kept[out->count++] = uri->text;
  }
}

/* ---- the record ---- */

static bool is_extension(const struct tag *tag) {
  if (!tag->has_equals || tag->space_at_equals || tag->duplicate || !*tag->name || !*tag->value || strcmp(tag->name, "v") == 0 || strcmp(tag->name, "rua") == 0) return false;
  for (const char *at = tag->name; *at; at++)
    if (!is_alnum(*at) && *at != '_' && *at != '-' && *at != '.') return false;
  return text_is_safe(tag->value) && !strpbrk(tag->value, " =");
}

/* Fields of the present record that a receiver may know and we do not (RFC 8460 section 3). */
static void add_extensions(struct planning *p, struct buf *out, const char *text) {
  const struct taglist *tags = taglist_parse(p->j.arena, text, strlen(text));
  for (size_t i = 0; i < tags->count; i++)
    if (is_extension(&tags->tags[i])) buf_printf(out, "; %s=%s", tags->tags[i].name, tags->tags[i].value);
}

static const char *rua_of(struct planning *p, const char *text) {
  const char *at = strstr(text, "rua");
  if (!at) return "";
  at += strcspn(at, "=");
  if (*at) at++;
  while (is_space(*at)) at++;
  return arena_strndup(p->j.arena, at, strcspn(at, ";"));
}

static const char *wanted_record(struct planning *p, const char *const *texts, size_t count) {
  struct addresses addresses = { .count = 0 };
  struct buf out = BUF_INIT(8192);
  for (size_t i = 0; i < count; i++) add_addresses(p, &addresses, rua_of(p, texts[i]));
  if (!addresses.count && p->options->as_2020 & PLAN_2020_TLS_ADDRESS) addresses.kept[addresses.count++] = "mailto:tls-rua@mailcheck.service.ncsc.gov.uk";
  else if (!addresses.read && !(p->options->as_2020 & PLAN_2020_TLS_ADDRESS)) addresses.kept[addresses.count++] = arena_printf(p->j.arena, "mailto:%s", mailbox(p));
  buf_text(&out, "v=TLSRPTv1; rua=");
  for (size_t i = 0; i < addresses.count; i++) buf_printf(&out, "%s%s", i ? "," : "", addresses.kept[i]);
  if (count == 1) add_extensions(p, &out, texts[0]);
  const char *text = arena_strndup(p->j.arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

/* Blanks after semicolons and the order of fields alone are no reason to ask for a change. */
static bool same_meaning(struct planning *p, const char *now, const char *wanted) {
  if (strncmp(now, "v=TLSRPTv1;", 11) != 0) return false;
  const struct taglist *a = taglist_parse(p->j.arena, now, strlen(now)), *b = taglist_parse(p->j.arena, wanted, strlen(wanted));
  if (a->count != b->count || a->space_before_separator) return false;
  for (size_t i = 0; i < a->count; i++) {
    const struct tag *other = taglist_find(b, a->tags[i].name);
    if (!other || a->tags[i].space_at_equals || strcmp(other->value, a->tags[i].value) != 0) return false;
  }
  return true;
}

static void ask_for_mailbox(struct planning *p, const char *const *texts, size_t count, const char *wanted) {
  const char *own = mailbox(p);
  for (size_t i = 0; i < count; i++)
    if (strstr(texts[i], own)) return;
  if (!p->options->tls_mailbox && strstr(wanted, own))
    plan_task(p, "tls-mailbox", "cloud-tlsrpt", "", _("Create the mailbox {mailbox} before the record is published, and see that someone reads it"), "mailbox", own, NULL);
}

static void plan_record(struct planning *p, const char *name, const struct dns_answer *answer) {
  const struct dns_rr *now[MOST_RECORDS];
  const char *texts[MOST_RECORDS];
  size_t count = 0, known = 0;
  bool own = plan_is_own(p, answer);
  for (size_t i = 0; i < answer->count && known < MOST_RECORDS; i++)
    if (is_like_record(p, &answer->records[i])) { /* of a wildcard's record the addresses are kept, and nothing is at the name itself */
      if (own) now[count++] = &answer->records[i];
      texts[known++] = plan_clean(p->j.arena, answer->records[i].txt.bytes);
    }
  const char *misplaced = known ? NULL : plan_misplaced(p, "v=TLSRPTv1");
  if (misplaced) texts[known++] = misplaced;
  const char *wanted = wanted_record(p, texts, known);
  if (count == 1 && same_meaning(p, now[0]->txt.bytes, wanted)) return;
  if (!own && known == 1 && !misplaced && same_meaning(p, texts[0], wanted)) return; /* a wildcard's: nobody could tell the two apart afterwards */
  plan_txt(p, name, now, count, wanted, &tlsrpt_kind);
  ask_for_mailbox(p, texts, known, wanted);
}

void plan_tlsrpt(struct planning *p) {
  const char *name = ask_name(&p->j, "_smtp._tls");
  const struct dns_answer *answer = ask_dns(&p->j, name, DNS_TYPE_TXT);
  if (!answer || p->profile == PROFILE_PARKED || p->profile == PROFILE_SEND_ONLY) return;
  if (answer->outcome == DNS_FAILED) {
    plan_unknown(p, name, _("The TXT records of {name} could not be looked up, so TLS reporting is left out of the plan."));
    return;
  }
  if (answer->links && answer->count) return; /* its owner's record */
  if (answer->links) plan_remove_alias(p, answer, &tlsrpt_kind);
  plan_record(p, name, answer);
}
