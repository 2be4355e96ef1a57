#include <string.h>

#include "checks/judge/gsi.h"
#include "src/plan/dmarc.h"

bool dmarc_takes_mail(struct planning *p) {
  const struct dns_answer *mx = ask_dns(&p->j, p->inquiry->domain, DNS_TYPE_MX);
  bool null = mx && mx->count == 1 && !*mx->records[0].mx.host;
  return (p->profile == PROFILE_MAIL || p->profile == PROFILE_RECEIVE_ONLY) && !null;
}

/* A domain that takes no mail has no mailbox: the organisation's other domain has. */
const char *dmarc_own_mailbox(struct planning *p) {
  const char *org = suffix_registrable(p->inquiry->domain);
  if (p->options->dmarc_mailbox) return p->options->dmarc_mailbox;
  if (dmarc_takes_mail(p)) return arena_printf(p->j.arena, "dmarc@%s", p->inquiry->domain);
  if (p->inquiry->replacement) return arena_printf(p->j.arena, "dmarc@%s", p->inquiry->replacement);
  if (strcmp(org, p->inquiry->domain) != 0 && mail_host_accepts(&p->j, org) == TRI_YES) return arena_printf(p->j.arena, "dmarc@%s", org);
  return NULL;
}

/* ---- addresses ---- */

/* "dmarc@x", "mailto:mailto:dmarc@x", "mail to:dmarc@x": a mailbox, whatever stands before it. A "!" in its first part begins no size, and is
 * written as RFC 9989 section 4.8 wants it. */
static const char *mended(struct arena *arena, const char *member) {
  const char *at = strchr(member, '@'), *from;
  if (!at || text_starts(member, "http")) return member;
  for (from = at; from > member && !strchr(":/<", from[-1]); from--) {}
  struct buf out = BUF_INIT(1024);
  buf_text(&out, "mailto:");
  for (; from < at; from++) buf_printf(&out, *from == '!' ? "%%21" : "%c", *from);
  buf_bytes(&out, at, strcspn(at, ">!"));
  const char *text = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

static const struct report_uri *one_uri(struct arena *arena, const char *member) {
  const struct report_uris *uris = report_uris_parse(arena, member);
  if (uris->count == 1 && !uris->all[0].fault) return &uris->all[0];
  uris = report_uris_parse(arena, mended(arena, member));
  return uris->count == 1 ? &uris->all[0] : NULL;
}

/* A mailbox of a domain that takes no email stays as long as there is none to put in its place. */
static bool reaches_somebody(struct planning *p, const struct report_uri *uri) {
  if (!uri || uri->fault || uri->scheme != REPORT_MAILTO) return false;
  if (gsi_is_family(uri->host)) return false;
  if (name_equal(uri->host, p->inquiry->domain)) return dmarc_takes_mail(p) || !dmarc_own_mailbox(p);
  return mail_host_accepts(&p->j, uri->host) != TRI_NO;
}

static bool is_repeated(const struct report_uri *const *kept, size_t count, const struct report_uri *uri) {
  for (size_t i = 0; i < count; i++)
    if (text_equal(kept[i]->address, uri->address)) return true;
  return false;
}

enum { MOST_MEMBERS = 32 };

static size_t members_of(struct planning *p, const char *value, const struct report_uri **out) {
  size_t count = 0;
  for (const char *at = value; at && *at && count < MOST_MEMBERS;) {
    size_t length = strcspn(at, ",; \t");
    const struct report_uri *uri = length ? one_uri(p->j.arena, arena_strndup(p->j.arena, at, length)) : NULL;
    if (reaches_somebody(p, uri) && !is_repeated(out, count, uri)) out[count++] = uri;
    at += length;
    at += strspn(at, ",; \t");
  }
  return count;
}

const char *dmarc_wanted_uris(struct planning *p, const char *value, bool add_own) {
  const struct report_uri *members[MOST_MEMBERS];
  size_t count = members_of(p, value, members);
  struct buf out = BUF_INIT(4096);
  bool read = false;
  for (size_t i = 0; i < count; i++) {
    const char *text = members[i]->text, *size = members[i]->has_size ? strrchr(text, '!') : NULL;
    read |= !mailcheck_is_dmarc_address(members[i]->address);
    buf_printf(&out, "%s%.*s", out.length ? "," : "", size ? (int)(size - text) : (int)strlen(text), text);
  }
  const char *own = add_own && !read ? dmarc_own_mailbox(p) : NULL;
  if (own) buf_printf(&out, "%smailto:%s", out.length ? "," : "", own);
  const char *text = out.length ? arena_strndup(p->j.arena, buf_string(&out), out.length) : NULL;
  buf_release(&out);
  return text;
}

/* ---- permission of outside destinations ---- */

static bool is_asked(const struct plan *plan, const char *name) {
  for (size_t i = 0; i < plan->change_count; i++)
    if (strcmp(plan->changes[i].name, name) == 0) return true;
  return false;
}

static void ask_permission(struct planning *p, const char *name, const char *host) {
  static const struct plan_kind kind = {
    "dns-dmarc", ORDER_DMARC_PERMISSION, N_("DMARC: says that reports about another domain may be sent here."), N_("It comes before the record that names this destination, so that no report is lost."),
    "dmarc-rua-external-unauthorised dmarc-ruf-external-unauthorised",
  };
  const struct dns_answer *answer = ask_dns(&p->j, name, DNS_TYPE_TXT);
  if (plan_own_name(p, host) && answer && answer->outcome != DNS_FAILED && !answer->links) {
    if (!is_asked(p->plan, name)) plan_txt(p, name, NULL, 0, "v=DMARC1", &kind);
    return;
  }
  plan_task(p, "dmarc-report-permission", "dns-dmarc", arena_printf(p->j.arena, "%s. TXT \"v=DMARC1\"", name),
            _("Ask the owner of {host} to publish this record. Until it is there, receivers send no reports about {domain} to that address"), "host", host, "domain", p->inquiry->domain, NULL);
}

void dmarc_plan_permissions(struct planning *p, const char *wanted) {
  const struct dmarc_record *record = dmarc_parse(p->j.arena, wanted, strlen(wanted));
  const struct report_uris *lists[] = { record->rua, record->ruf };
  for (size_t n = 0; n < MEM_COUNT(lists); n++)
    for (size_t i = 0; lists[n] && i < lists[n]->count; i++) {
      const struct report_uri *uri = &lists[n]->all[i];
      enum report_permission permission;
      const char *name;
      if (uri->fault || uri->scheme != REPORT_MAILTO || mailcheck_is_dmarc_address(uri->address)) continue;
      if (dmarc_report_permission(&p->j, p->inquiry->domain, uri->host, &permission, &name) && permission == REPORT_UNAUTHORISED && name_is_valid(name)) ask_permission(p, name, uri->host);
    }
}
