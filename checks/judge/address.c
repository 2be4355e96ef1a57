#include <string.h>

#include "checks/judge/address_private.h"
#include "checks/judge/answers.h"
#include "checks/judge/spf_evaluate.h"

enum { HOSTS_MOST = 10, CANDIDATES_MOST = 16 };

struct finding *address_tell(struct judgement *j, const char *rule, const char *address, const char *name, const struct observation *seen) {
  struct finding *finding = find(j, rule, address);
  find_argument(j, finding, "address", "%s", address);
  find_argument(j, finding, "name", "%s", name ? name : "");
  if (seen) find_seen(j, finding, seen);
  return finding;
}

/* ---- which addresses ---- */

static void add(struct sending_list *list, const struct ip *ip, const char *as, const char *host, const struct service_facts *service) {
  for (size_t i = 0; i < list->count; i++)
    if (ip_equal(&list->all[i].ip, ip)) return;
  if (list->count == ADDRESSES_MOST) return;
  struct sending_address *address = &list->all[list->count++];
  *address = (struct sending_address){ .ip = *ip, .as = as, .host = host, .service = service };
  ip_format(ip, address->text);
}

/* An address of a service that only takes mail sends nothing; that of one that sends as a name below is judged by that name's SPF. */
static void add_listed(struct judgement *j, struct sending_list *out) {
  const struct inquiry *inquiry = j->inquiry;
  for (size_t i = 0; i < inquiry->service_count; i++) {
    const struct inquiry_service *service = &inquiry->services[i];
    if (!service->sends) continue;
    const struct service_facts *facts = inquiry->facts && *service->id ? facts_service_find(inquiry->facts, service->id) : NULL;
    for (size_t n = 0; n < service->address_count; n++) add(out, &service->addresses[n], service->domain ? service->domain : inquiry->domain, NULL, facts);
  }
  for (size_t i = 0; i < inquiry->sending_count; i++) add(out, &inquiry->sending[i], inquiry->domain, NULL, NULL);
  out->listed = out->count > 0;
}

static void add_answer(const struct judgement *j, struct sending_list *out, const struct dns_answer *answer, const char *host, const struct service_facts *service) {
  out->unknown = out->unknown || answer_failed(answer);
  for (size_t i = 0; answer && i < answer->count; i++) add(out, &answer->records[i].address, j->inquiry->domain, host, service);
}

/* Hosts of the domain's own MX, but for those of services that are known to take mail only. */
static void add_mail_hosts(struct judgement *j, struct sending_list *out) {
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  out->unknown = answer_failed(mx);
  for (size_t i = 0; mx && i < mx->count && i < HOSTS_MOST; i++) {
    const char *host = mx->records[i].mx.host;
    const struct service_facts *service = j->inquiry->facts ? facts_service_of_mx(j->inquiry->facts, host, j->inquiry->domain) : NULL;
    if (!name_is_host(host) || (service && service->inbound_only)) continue;
    add_answer(j, out, ask_dns(j, host, DNS_TYPE_A), host, service);
    add_answer(j, out, ask_dns(j, host, DNS_TYPE_AAAA), host, service);
  }
}

/* ---- each ---- */

static void judge_authorised(struct judgement *j, const struct sending_address *address) {
  struct spf_request request = { .ip = address->ip, .domain = address->as, .sender = arena_printf(j->arena, "postmaster@%s", address->as), .helo = "" };
  struct spf_outcome outcome;
  const struct dns_answer *answer = ask_dns(j, address->as, DNS_TYPE_TXT);
  if (!spf_evaluate(j->store, j->arena, &request, &outcome)) {
    j->waiting = true;
    return;
  }
  if (!answer || (outcome.result != SPF_FAIL && outcome.result != SPF_SOFTFAIL && outcome.result != SPF_NEUTRAL)) return;
  struct finding *finding = address_tell(j, "address-not-in-spf", address->text, NULL, &answer->seen);
  find_argument(j, finding, "result", "%s", spf_result_name(outcome.result));
  find_argument(j, finding, "domain", "%s", address->as);
}

/* A service that runs the reverse names of its addresses itself is not the user's to correct. */
static bool judge_service(struct judgement *j, const struct sending_address *address) {
  if (!address->service || !address->service->own_reverse_dns) return false;
  const struct dns_answer *seen = address->host ? ask_dns(j, address->host, address->ip.family == 6 ? DNS_TYPE_AAAA : DNS_TYPE_A) : ask_dns(j, j->inquiry->domain, DNS_TYPE_SOA);
  struct finding *finding = address_tell(j, "address-cloud-service", address->text, NULL, seen ? &seen->seen : NULL);
  find_argument(j, finding, "service", "%s", address->service->name);
  return true;
}

static void judge_one(struct judgement *j, const struct sending_address *address, bool listed) {
  if (ip_is_private(&address->ip) && !j->inquiry->test_network) {
    const struct dns_answer *soa = ask_dns(j, j->inquiry->domain, DNS_TYPE_SOA);
    if (listed && soa) address_tell(j, "address-private", address->text, NULL, &soa->seen);
    return;
  }
  if (listed) judge_authorised(j, address);
  if (!judge_service(j, address)) address_judge_pointers(j, address);
}

/* ---- candidates ---- */

static bool sends_already(const struct sending_list *sending, const struct ip *ip) {
  for (size_t i = 0; i < sending->count; i++)
    if (ip_equal(&sending->all[i].ip, ip)) return true;
  return false;
}

static void judge_candidate(struct judgement *j, const struct ip *ip) {
  char reverse[80], text[IP_TEXT];
  bool unknown = false;
  const char *name;
  ip_reverse_name(ip, reverse);
  ip_format(ip, text);
  const struct dns_answer *pointers = ask_dns(j, reverse, DNS_TYPE_PTR);
  if (answer_failed(pointers) || address_confirmed(j, ip, pointers, &name, &unknown) || unknown) return;
  address_tell(j, "address-spf-candidate", text, pointers->count ? pointers->records[0].target : NULL, &pointers->seen);
}

/* Single addresses of the domain's own record: outside of any include. */
static void judge_candidates(struct judgement *j, const struct sending_list *sending) {
  const struct spf_record *spf;
  size_t asked = 0;
  if (!ask_spf(j, j->inquiry->domain, &spf) || !spf) return;
  for (size_t i = 0; i < spf->count && asked < CANDIDATES_MOST; i++) {
    const struct spf_term *term = &spf->terms[i];
    bool single = term->kind == SPF_MECHANISM && !term->fault && ((term->mechanism == SPF_IP4 && term->prefix4 == 32) || (term->mechanism == SPF_IP6 && term->prefix6 == 128));
    if (!single || ip_is_documentation(&term->network) || ip_is_private(&term->network) || sends_already(sending, &term->network)) continue;
    judge_candidate(j, &term->network);
    asked++;
  }
}

/* ---- the topic ---- */

void judge_address(struct judgement *j) {
  enum profile profile;
  struct sending_list sending = { .count = 0 };
  if (!judge_domain_exists(j)) return;
  bool known = judge_profile(j, &profile);
  if (known && (profile == PROFILE_PARKED || profile == PROFILE_RECEIVE_ONLY)) return;
  add_listed(j, &sending);
  if (!sending.listed) add_mail_hosts(j, &sending);
  for (size_t i = 0; i < sending.count; i++) judge_one(j, &sending.all[i], sending.listed);
  judge_candidates(j, &sending);
  address_judge_helo(j, &sending);
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  if (!j->waiting && sending.count == 0 && !sending.unknown) find_seen(j, find(j, "address-sending-unknown", NULL), &mx->seen);
}
