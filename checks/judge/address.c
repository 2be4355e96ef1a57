#include <stdio.h>
#include <string.h>

#include "checks/judge/lib.h"

enum { MOST_POINTERS = 10, MOST_ADDRESSES = 24 };

struct sending {
  struct ip all[MOST_ADDRESSES];
  size_t count;
  bool listed; /* by the administrator, not taken from the mail servers */
};

static void add(struct sending *sending, const struct ip *ip) {
  for (size_t i = 0; i < sending->count; i++)
    if (ip_equal(&sending->all[i], ip)) return;
  if (sending->count < MOST_ADDRESSES) sending->all[sending->count++] = *ip;
}

static void add_answer(struct sending *sending, const struct dns_answer *answer) {
  for (size_t i = 0; answer && i < answer->count; i++) add(sending, &answer->records[i].address);
}

/* Those that the user lists; while nothing is listed, the domain's own mail servers: hosts inside its organization. */
static void collect(struct judgement *j, struct sending *out) {
  *out = (struct sending){ .count = 0 };
  for (size_t i = 0; i < j->inquiry->sending_count; i++) add(out, &j->inquiry->sending[i]);
  out->listed = out->count > 0;
  if (out->listed) return;
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  for (size_t i = 0; mx && i < mx->count; i++) {
    const char *host = mx->records[i].mx.host;
    if (!*host || !name_is_host(host) || !name_equal(suffix_registrable(host), suffix_registrable(j->inquiry->domain))) continue;
    add_answer(out, ask_dns(j, host, DNS_TYPE_A));
    add_answer(out, ask_dns(j, host, DNS_TYPE_AAAA));
  }
}

static struct finding *tell(struct judgement *j, const char *rule, const char *address, const char *name) {
  struct finding *finding = find(j, rule, address);
  find_argument(j, finding, "address", "%s", address);
  find_argument(j, finding, "name", "%s", name ? name : "");
  return finding;
}

static bool looks_generic(const struct ip *ip, const char *name) {
  static const char *const words[] = { "dynamic", "dyn.", "dhcp", "pool", ".dsl", "dsl-" };
  if (ip->family == 4) {
    const uint8_t *b = ip->bytes;
    char forms[4][32];
    snprintf(forms[0], 32, "%u-%u-%u-%u", b[0], b[1], b[2], b[3]);
    snprintf(forms[1], 32, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
    snprintf(forms[2], 32, "%u-%u-%u-%u", b[3], b[2], b[1], b[0]);
    snprintf(forms[3], 32, "%u.%u.%u.%u", b[3], b[2], b[1], b[0]);
    for (size_t i = 0; i < MEM_COUNT(forms); i++)
      if (strstr(name, forms[i])) return true;
  }
  for (size_t i = 0; i < MEM_COUNT(words); i++)
    if (strstr(name, words[i])) return true;
  return false;
}

static bool confirms(struct judgement *j, const struct ip *ip, const char *name, bool *out_failed) {
  const struct dns_answer *forward = ask_dns(j, name, ip->family == 6 ? DNS_TYPE_AAAA : DNS_TYPE_A);
  if (!forward) return false;
  *out_failed |= forward->outcome == DNS_FAILED;
  for (size_t i = 0; i < forward->count; i++)
    if (ip_equal(&forward->records[i].address, ip)) return true;
  return false;
}

static void judge_names(struct judgement *j, const struct ip *ip, const char *address, const struct dns_answer *pointers) {
  const char *confirmed = NULL, *odd = NULL;
  bool failed = false;
  for (size_t i = 0; i < pointers->count && i < MOST_POINTERS; i++) {
    const char *name = pointers->records[i].target;
    if (!name_is_host(name) || name_labels(name) < 2) {
      odd = name;
      continue;
    }
    if (confirms(j, ip, name, &failed) && !confirmed) confirmed = name;
  }
  if (j->waiting) return;
  size_t before = j->count;
  if (confirmed) {
    tell(j, looks_generic(ip, confirmed) ? "address-ptr-generic" : "address-ptr-ok", address, confirmed);
    tell(j, "address-ptr-own-name", address, confirmed);
    if (pointers->count > 1) tell(j, "address-ptr-multiple", address, confirmed);
  } else if (failed) {
    tell(j, "address-ptr-lookup-failed", address, pointers->records[0].target);
  } else if (odd) {
    tell(j, "address-ptr-syntax", address, odd);
  } else {
    tell(j, "address-ptr-mismatch", address, pointers->records[0].target);
  }
  if (pointers->count > MOST_POINTERS) tell(j, "address-ptr-too-many", address, "");
  if (pointers->links) tell(j, "address-ptr-cname", address, pointers->final_name);
  for (size_t i = before; i < j->count; i++) find_seen(j, j->findings[i], &pointers->seen);
}

static void judge_one(struct judgement *j, const struct ip *ip, bool listed) {
  char reverse[80], address[IP_TEXT];
  ip_reverse_name(ip, reverse);
  ip_format(ip, address);
  if (ip_is_private(ip) && !j->inquiry->test_network) {
    if (listed) tell(j, "address-private", address, NULL);
    return;
  }
  const struct dns_answer *pointers = ask_dns(j, reverse, DNS_TYPE_PTR);
  if (!pointers) return;
  if (pointers->outcome == DNS_FAILED) find_seen(j, tell(j, "address-ptr-lookup-failed", address, reverse), &pointers->seen);
  else if (!pointers->count) find_seen(j, tell(j, ip->family == 6 ? "address-ipv6-sending-no-ptr" : "address-ptr-missing", address, NULL), &pointers->seen);
  else judge_names(j, ip, address, pointers);
}

void judge_address(struct judgement *j) {
  enum profile profile;
  struct sending sending;
  if (!judge_domain_exists(j)) return;
  bool known = judge_profile(j, &profile);
  if (known && (profile == PROFILE_PARKED || profile == PROFILE_RECEIVE_ONLY)) return;
  collect(j, &sending);
  for (size_t i = 0; i < sending.count; i++) judge_one(j, &sending.all[i], sending.listed);
  if (!j->waiting && sending.count == 0) find(j, "address-sending-unknown", NULL);
}
