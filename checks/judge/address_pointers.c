#include <stdio.h>
#include <string.h>

#include "checks/judge/address_private.h"
#include "checks/judge/answers.h"

enum { POINTERS_TRIED = 10 /* RFC 7208 section 4.6.4 */ };

/* ---- confirmation ---- */

static bool is_proper(const char *name) { return name_is_host(name) && name_labels(name) >= 2; }

bool address_confirmed(struct judgement *j, const struct ip *ip, const struct dns_answer *pointers, const char **out_name, bool *out_unknown) {
  *out_name = NULL;
  for (size_t i = 0; i < pointers->count && i < POINTERS_TRIED; i++) {
    const char *name = pointers->records[i].target;
    if (!is_proper(name)) continue;
    const struct dns_answer *forward = ask_dns(j, name, ip->family == 6 ? DNS_TYPE_AAAA : DNS_TYPE_A);
    if (answer_failed(forward)) *out_unknown = true;
    for (size_t n = 0; forward && n < forward->count && !*out_name; n++)
      if (ip_equal(&forward->records[n].address, ip)) *out_name = name;
  }
  return *out_name != NULL;
}

/* ---- names that a network gives to all of its addresses ---- */

static bool is_separator(char c) { return c == '.' || c == '-'; }

static bool token_is(const char *at, size_t length, const char *word) {
  size_t size = strlen(word);
  if (length < size || !text_equal_n(at, word, size)) return false;
  for (size_t i = size; i < length; i++)
    if (!is_digit(at[i])) return false; /* "pool7", not "poole" */
  return true;
}

static bool has_word(const char *name, const char *word) {
  for (const char *at = name; *at;) {
    size_t length = strcspn(at, ".-");
    if (token_is(at, length, word)) return true;
    at += length + (at[length] != '\0');
  }
  return false;
}

/* How many octets of an IPv4 address stand in the name as numbers of their own. */
static unsigned octets_in(const struct ip *ip, const char *name) {
  unsigned count = 0;
  for (unsigned i = 0; i < 4; i++) {
    char octet[4];
    snprintf(octet, sizeof octet, "%u", ip->bytes[i]);
    bool there = false;
    for (const char *at = name; *at && !there;) {
      size_t length = strcspn(at, ".-");
      there = length == strlen(octet) && strncmp(at, octet, length) == 0;
      at += length + (at[length] != '\0');
    }
    count += there;
  }
  return count;
}

/* The form must not be part of a longer number. */
static bool has_form(const char *name, const char *form) {
  size_t length = strlen(form);
  for (const char *at = strstr(name, form); at; at = strstr(at + 1, form))
    if ((at == name || !is_digit(at[-1])) && !is_digit(at[length])) return true;
  return false;
}

static bool has_form_or_hyphens(const char *name, char *form) {
  if (has_form(name, form)) return true;
  for (char *dot = strchr(form, '.'); dot; dot = strchr(dot, '.')) *dot = '-';
  return has_form(name, form);
}

/* The four octets run together, each as a number of so many digits to that base. */
static bool has_run(const struct ip *ip, const char *name, unsigned base, unsigned width) {
  char form[16] = "";
  for (unsigned i = 0; i < 4; i++) {
    unsigned value = ip->bytes[i];
    for (unsigned digit = width; digit-- > 0; value /= base) form[i * width + digit] = "0123456789abcdef"[value % base];
  }
  return strstr(name, form) != NULL;
}

static bool has_ipv4(const struct ip *ip, const char *name) {
  const struct ip backwards = ip_backwards(ip);
  char form[IP_TEXT];
  ip_format(ip, form);
  if (has_form_or_hyphens(name, form)) return true;
  ip_format(&backwards, form);
  return has_form_or_hyphens(name, form) || has_run(ip, name, 16, 2) || has_run(ip, name, 10, 3);
}

/* Of IPv6: all digits, or the last 64 bits, with any separators between. */
static bool has_ipv6(const struct ip *ip, const char *name) {
  char digits[33], plain[NAME_TEXT];
  size_t length = 0;
  for (unsigned i = 0; i < 16; i++) snprintf(digits + i * 2, 3, "%02x", ip->bytes[i]);
  for (const char *at = name; *at && length + 1 < sizeof plain; at++)
    if (!is_separator(*at)) plain[length++] = to_lower(*at);
  plain[length] = '\0';
  return strstr(plain, digits + 16) != NULL;
}

static bool is_generic(const struct ip *ip, const char *name) {
  static const char *const words[] = { "dynamic", "dyn", "dhcp", "pool", "dsl", "adsl", "vdsl" };
  if (ip->family == 4 ? has_ipv4(ip, name) : has_ipv6(ip, name)) return true;
  for (size_t i = 0; i < MEM_COUNT(words); i++)
    if (has_word(name, words[i])) return true;
  return ip->family == 4 && has_word(name, "static") && octets_in(ip, name) >= 2;
}

/* ---- judgement ---- */

static void judge_good(struct judgement *j, const struct sending_address *address, const struct dns_answer *pointers, const char *name) {
  address_tell(j, is_generic(&address->ip, name) ? "address-ptr-generic" : "address-ptr-ok", address->text, name, &pointers->seen);
  struct finding *finding = address_tell(j, "address-ptr-own-name", address->text, name, &pointers->seen);
  find_argument(j, finding, "where", "%s", name_is_under(name, j->inquiry->domain) ? _("under the domain") : _("not under the domain"));
  if (pointers->count > 1 && pointers->count <= POINTERS_TRIED) {
    finding = address_tell(j, "address-ptr-multiple", address->text, name, &pointers->seen);
    find_argument(j, finding, "count", "%zu", pointers->count);
  }
  const struct service_facts *service = j->inquiry->facts ? facts_service_of_mx(j->inquiry->facts, name, j->inquiry->domain) : NULL;
  if (service && service->own_reverse_dns) find_argument(j, address_tell(j, "address-cloud-service", address->text, name, &pointers->seen), "service", "%s", service->name);
}

static const char *improper_name(const struct dns_answer *pointers) {
  for (size_t i = 0; i < pointers->count && i < POINTERS_TRIED; i++)
    if (!is_proper(pointers->records[i].target)) return pointers->records[i].target;
  return NULL;
}

static void judge_names(struct judgement *j, const struct sending_address *address, const struct dns_answer *pointers) {
  const char *name, *odd = improper_name(pointers);
  bool unknown = false, confirmed = address_confirmed(j, &address->ip, pointers, &name, &unknown);
  if (j->waiting) return;
  if (confirmed) judge_good(j, address, pointers, name);
  else if (unknown) address_tell(j, "address-ptr-lookup-failed", address->text, pointers->records[0].target, &pointers->seen);
  else if (odd) address_tell(j, "address-ptr-syntax", address->text, odd, &pointers->seen);
  else address_tell(j, "address-ptr-mismatch", address->text, pointers->records[0].target, &pointers->seen);
  if (pointers->count > POINTERS_TRIED) find_argument(j, address_tell(j, "address-ptr-too-many", address->text, NULL, &pointers->seen), "count", "%zu", pointers->count);
  if (pointers->links) address_tell(j, "address-ptr-cname", address->text, pointers->final_name, &pointers->seen);
}

void address_judge_pointers(struct judgement *j, const struct sending_address *address) {
  char reverse[80];
  ip_reverse_name(&address->ip, reverse);
  const struct dns_answer *pointers = ask_dns(j, reverse, DNS_TYPE_PTR);
  if (!pointers) return;
  if (pointers->outcome == DNS_FAILED) address_tell(j, "address-ptr-lookup-failed", address->text, reverse, &pointers->seen);
  else if (pointers->count) judge_names(j, address, pointers);
  else address_tell(j, address->ip.family == 6 ? "address-ipv6-sending-no-ptr" : "address-ptr-missing", address->text, NULL, &pointers->seen);
}
