#include <string.h>

#include "checks/judge/address_private.h"
#include "checks/judge/answers.h"
#include "checks/judge/spf_evaluate.h"

enum { HOSTS_MOST = 10 };

/* What a mail host that also sends calls itself: receivers see the same name when it sends (RFC 5321 section 4.1.4). */

static const char *first_word(struct arena *arena, const char *text) { return name_lower(arena, arena_strndup(arena, text, strcspn(text, " \t\r\n"))); }

/* The name of the EHLO reply, else that of the greeting. Null: it said none. */
static const char *name_said(struct judgement *j, const struct smtp_session *session) {
  const char *text = session->ehlo_code == 250 && *session->ehlo ? session->ehlo : session->banner_code == 220 ? session->banner : "";
  const char *name = first_word(j->arena, text);
  return *name && strspn(name, "*") != strlen(name) ? name : NULL; /* some firewalls put stars over it */
}

static struct finding *tell(struct judgement *j, const char *rule, const struct sending_address *address, const char *name, const struct smtp_session *session) {
  return address_tell(j, rule, address->text, name, &session->seen);
}

static bool leads_to(const struct dns_answer *answer, const struct ip *ip) {
  for (size_t i = 0; i < answer->count; i++)
    if (ip_equal(&answer->records[i].address, ip)) return true;
  return false;
}

static void judge_name(struct judgement *j, const struct sending_address *address, const char *name, const struct smtp_session *session) {
  if (!name_is_host(name) || name_labels(name) < 2) {
    tell(j, "address-helo-unresolvable", address, name, session);
    return;
  }
  const struct dns_answer *a = ask_dns(j, name, DNS_TYPE_A), *aaaa = ask_dns(j, name, DNS_TYPE_AAAA), *answer = NULL;
  const struct dns_rr *record = NULL;
  enum spf_selection selection = spf_select(j->store, name, &record, &answer);
  if (selection == SPF_SELECT_WAITING) j->waiting = true;
  if (!a || !aaaa || selection == SPF_SELECT_WAITING) return;
  if (!a->count && !aaaa->count) {
    if (answer_failed(a) || answer_failed(aaaa)) return;
    struct finding *finding = tell(j, "address-helo-unresolvable", address, name, session);
    find_seen(j, finding, &a->seen);
    find_seen(j, finding, &aaaa->seen);
    return;
  }
  const struct dns_answer *own = address->ip.family == 6 ? aaaa : a;
  if (!answer_failed(own) && !leads_to(own, &address->ip)) find_seen(j, tell(j, "address-helo-mismatch", address, name, session), &own->seen);
  if (selection == SPF_SELECT_NONE) find_seen(j, tell(j, "address-helo-no-spf", address, name, session), &answer->seen);
}

static const struct sending_address *find_sending(const struct sending_list *sending, const struct ip *ip) {
  for (size_t i = 0; i < sending->count; i++)
    if (ip_equal(&sending->all[i].ip, ip)) return &sending->all[i];
  return NULL;
}

static void judge_addresses(struct judgement *j, const struct sending_list *sending, const char *host, const struct dns_answer *answer) {
  for (size_t i = 0; answer && i < answer->count; i++) {
    const struct sending_address *address = find_sending(sending, &answer->records[i].address);
    const struct smtp_session *session = address ? ask_smtp(j, host, address->text, 0) : NULL;
    const char *name = session ? name_said(j, session) : NULL;
    if (name) judge_name(j, address, name, session);
  }
}

void address_judge_helo(struct judgement *j, const struct sending_list *sending) {
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  for (size_t i = 0; mx && i < mx->count && i < HOSTS_MOST; i++) {
    const char *host = mx->records[i].mx.host;
    const struct service_facts *service = j->inquiry->facts ? facts_service_of_mx(j->inquiry->facts, host, j->inquiry->domain) : NULL;
    if (!name_is_host(host) || service) continue; /* a service's cluster calls itself what it likes */
    judge_addresses(j, sending, host, ask_dns(j, host, DNS_TYPE_A));
    judge_addresses(j, sending, host, ask_dns(j, host, DNS_TYPE_AAAA));
  }
}
