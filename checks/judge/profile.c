#include <string.h>

#include "checks/judge/lib.h"
#include "checks/judge/spf_evaluate.h"

static enum sending sending_of(struct judgement *j, const struct dns_rr *record) {
  if (!record) return SENDING_UNKNOWN;
  const struct spf_record *spf = spf_parse(j->arena, record->txt.bytes, record->txt.length);
  if (spf->valid && spf->count == 1 && spf->all && spf->all->qualifier == '-') return SENDING_NOBODY;
  for (size_t i = 0; i < spf->count; i++) {
    const struct spf_term *term = &spf->terms[i];
    if (term->kind == SPF_REDIRECT || (term->kind == SPF_MECHANISM && term->mechanism != SPF_ALL)) return SENDING_SOMEBODY;
  }
  return SENDING_UNKNOWN;
}

bool judge_sending(struct judgement *j, enum sending *out) {
  const struct dns_rr *record = NULL;
  enum spf_selection selection = spf_select(j->store, j->inquiry->domain, &record, NULL);
  if (selection == SPF_SELECT_WAITING) j->waiting = true;
  *out = sending_of(j, selection == SPF_SELECT_ONE ? record : NULL);
  return selection != SPF_SELECT_WAITING;
}

/* "v=spf1 -all", the record of SENDING_NOBODY, is two words: others need no parsing where only that matters. */
static bool is_two_words(const struct dns_rr *record) {
  size_t words = 0;
  for (const char *at = record->txt.bytes + strspn(record->txt.bytes, " "); *at; words++) {
    at += strcspn(at, " ");
    at += strspn(at, " ");
  }
  return words == 2;
}

bool judge_profile(struct judgement *j, enum profile *out) {
  *out = j->inquiry->profile;
  if (*out != PROFILE_INFERRED) return true;
  const char *domain = j->inquiry->domain;
  const struct dns_answer *mx = ask_dns(j, domain, DNS_TYPE_MX), *a = ask_dns(j, domain, DNS_TYPE_A), *aaaa = ask_dns(j, domain, DNS_TYPE_AAAA);
  const struct dns_rr *record = NULL;
  enum spf_selection selection = spf_select(j->store, domain, &record, NULL);
  if (selection == SPF_SELECT_WAITING) j->waiting = true;
  if (!mx || !a || !aaaa || selection == SPF_SELECT_WAITING) return false;
  bool null_mx = mx->count == 1 && !*mx->records[0].mx.host;
  bool no_mail = mx->outcome != DNS_FAILED && mx->count == 0 && a->outcome != DNS_FAILED && a->count == 0 && aaaa->outcome != DNS_FAILED && aaaa->count == 0;
  bool matters = selection == SPF_SELECT_ONE && (null_mx || no_mail || is_two_words(record));
  enum sending sending = matters ? sending_of(j, record) : SENDING_UNKNOWN;
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

/* NXDOMAIN for any type says that nothing is there (RFC 8020); only when neither SOA nor NS can be looked up is the domain unknown. */
bool judge_domain_exists(struct judgement *j) {
  const struct dns_answer *soa = ask_dns(j, j->inquiry->domain, DNS_TYPE_SOA), *ns = ask_dns(j, j->inquiry->domain, DNS_TYPE_NS);
  if (!soa || !ns) return true; /* what else is needed may be asked meanwhile; the run is marked as waiting */
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
