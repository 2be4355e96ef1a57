#include <string.h>

#include "checks/judge/lib.h"

static enum sending sending_of(const struct spf_record *spf) {
  if (!spf) return SENDING_UNKNOWN;
  if (spf->valid && spf->count == 1 && spf->all && spf->all->qualifier == '-') return SENDING_NOBODY;
  for (size_t i = 0; i < spf->count; i++) {
    const struct spf_term *term = &spf->terms[i];
    if (term->kind == SPF_REDIRECT || (term->kind == SPF_MECHANISM && term->mechanism != SPF_ALL)) return SENDING_SOMEBODY;
  }
  return SENDING_UNKNOWN;
}

bool judge_sending(struct judgement *j, enum sending *out) {
  const struct spf_record *spf;
  bool known = ask_spf(j, j->inquiry->domain, &spf);
  *out = sending_of(spf);
  return known;
}

/* Neither mail servers nor an address that would stand for one (RFC 5321 section 5.1): the address is asked for where there is no MX. False: not yet. */
static bool has_no_mail(struct judgement *j, const struct dns_answer *mx, bool *out) {
  *out = false;
  if (mx->outcome == DNS_FAILED || mx->count > 0) return true;
  const struct dns_answer *a = ask_dns(j, j->inquiry->domain, DNS_TYPE_A), *aaaa = ask_dns(j, j->inquiry->domain, DNS_TYPE_AAAA);
  if (!a || !aaaa) return false;
  *out = a->outcome != DNS_FAILED && a->count == 0 && aaaa->outcome != DNS_FAILED && aaaa->count == 0;
  return true;
}

bool judge_profile(struct judgement *j, enum profile *out) {
  *out = j->inquiry->profile;
  if (*out != PROFILE_INFERRED) return true;
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  enum sending sending;
  bool known = judge_sending(j, &sending), no_mail = false;
  if (!mx || !has_no_mail(j, mx, &no_mail) || !known) return false;
  bool null_mx = mx->count == 1 && !*mx->records[0].mx.host;
  if ((null_mx || no_mail) && sending == SENDING_NOBODY) *out = PROFILE_PARKED;
  else if (null_mx && sending == SENDING_SOMEBODY) *out = PROFILE_SEND_ONLY;
  else if (mx->count > 0 && !null_mx && sending == SENDING_NOBODY) *out = PROFILE_RECEIVE_ONLY;
  else *out = PROFILE_MAIL;
  return true;
}

/* A zone whose signatures are broken is not one that cannot be looked up: without checking it answers (RFC 4035 section 5.5). */
static bool is_bogus(struct judgement *j, const struct dns_answer *soa) {
  if (soa->failure != DNS_FAILURE_SERVFAIL) return false;
  const struct dns_answer *open = ask_dns_with(j, "", j->inquiry->domain, DNS_TYPE_SOA, DNS_ASK_CD);
  return !open || open->outcome != DNS_FAILED;
}

/* NXDOMAIN for any type says that nothing is there (RFC 8020); only when neither SOA nor NS can be looked up is the domain unknown. NS is asked for where
 * SOA leaves that open. */
bool judge_domain_exists(struct judgement *j) {
  const struct dns_answer *soa = ask_dns(j, j->inquiry->domain, DNS_TYPE_SOA);
  if (!soa) return true; /* what else is needed may be asked meanwhile; the run is marked as waiting */
  if (soa->outcome != DNS_NXDOMAIN && soa->outcome != DNS_FAILED) return true;
  const struct dns_answer *ns = ask_dns(j, j->inquiry->domain, DNS_TYPE_NS);
  if (!ns) return true;
  bool gone = soa->outcome == DNS_NXDOMAIN && (ns->outcome == DNS_NXDOMAIN || ns->outcome == DNS_FAILED) && soa->links == 0;
  bool unknown = soa->outcome == DNS_FAILED && ns->outcome == DNS_FAILED && !is_bogus(j, soa);
  if (!gone && !unknown) return true;
  j->waiting = false;
  unsigned first = (unsigned)__builtin_ctz(j->inquiry->topics); /* one topic tells it for all */
  if ((unsigned)j->topic == first) {
    if (gone) find_seen(j, find(j, "ns-domain-not-found", NULL), &soa->seen);
    else if (j->topic == TOPIC_NS) find_lookup_failed(j, "ns-lookup-failed", NULL, soa); /* which adds the why */
    else find_argument(j, find_lookup_failed(j, "ns-lookup-failed", NULL, soa), "why", "%s", "");
  }
  return false;
}
