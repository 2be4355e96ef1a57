#include <stdlib.h>
#include <string.h>

#include "checks/facts.h"
#include "src/base/ctype.h"
#include "src/base/mem.h"
#include "src/base/name.h"

/* A pattern is matched from the left with backtracking. Patterns come from our own data files and the user's, and hold few holes; names are
 * at most 253 octets, and a hole within one label stays within it. */

static bool is_label_char(char c) { return is_alnum(c) || c == '-' || c == '_'; }

static bool match(const char *pattern, const char *name, const char *domain);

/* The hole takes one character or more of those that `allowed` lets pass; the shortest that lets the rest match. */
static bool match_run(const char *rest, const char *name, const char *domain, bool (*allowed)(char c)) {
  for (const char *end = name; *end && allowed(*end);)
    if (match(rest, ++end, domain)) return true;
  return false;
}

static bool is_number_char(char c) { return is_digit(c); }
static bool is_name_char(char c) { return c != '\0'; }

static bool same_char(char a, char b, bool dashes) {
  if (dashes && b == '.') b = '-';
  return to_lower(a) == to_lower(b);
}

static bool match_domain(const char *rest, const char *name, const char *domain, bool dashes) {
  if (!domain) return match_run(rest, name, domain, dashes ? is_label_char : is_name_char);
  size_t length = strlen(domain);
  for (size_t i = 0; i < length; i++)
    if (!name[i] || !same_char(name[i], domain[i], dashes)) return false;
  return match(rest, name + length, domain);
}

static bool match(const char *pattern, const char *name, const char *domain) {
  for (; *pattern; pattern++, name++) {
    if (strncmp(pattern, "<id>", 4) == 0) return match_run(pattern + 4, name, domain, is_label_char);
    if (strncmp(pattern, "<n>", 3) == 0) return match_run(pattern + 3, name, domain, is_number_char);
    if (strncmp(pattern, "<d-dash>", 8) == 0) return match_domain(pattern + 8, name, domain, true);
    if (strncmp(pattern, "<d>", 3) == 0) return match_domain(pattern + 3, name, domain, false);
    if (to_lower(*pattern) != to_lower(*name)) return false;
  }
  return *name == '\0' || (name[0] == '.' && name[1] == '\0');
}

/* The last octets, as many as a word holds, in small letters: the very last in the lowest place. Fewer where a pattern's last hole or star stands. */
static struct fact_tail tail_of(const char *text, const char *holes) {
  struct fact_tail tail = { 0, 0 };
  const char *at = text + strlen(text);
  if (at > text && at[-1] == '.') at--;
  for (unsigned bits = 0; bits < 64 && at > text && !strchr(holes, at[-1]); bits += 8, at--) {
    tail.letters |= (uint64_t)(unsigned char)to_lower(at[-1]) << bits;
    tail.mask |= (uint64_t)0xff << bits;
  }
  return tail;
}

struct fact_tail fact_tail(const char *pattern) { return tail_of(pattern, "*>"); }

/* What follows the last hole must be the end of the name: most names are refused here. */
static inline bool tail_fits(struct fact_tail pattern, uint64_t name) { return !((pattern.letters ^ name) & pattern.mask); }

static uint64_t name_tail(const char *name) { return tail_of(name, "").letters; }

bool fact_name_matches(const char *pattern, const char *name, const char *domain) {
  if (strncmp(pattern, "*.", 2) != 0) return match(pattern, name, domain);
  for (const char *dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.'))
    if (dot > name && match(pattern + 2, dot + 1, domain)) return true;
  return false;
}

/* One of the list that matches; null: none does. */
static const struct fact_pattern *match_list(const struct fact_pattern *list, size_t count, const char *name, uint64_t tail, const char *domain,
                                             bool (*matches)(const char *pattern, const char *name, const char *domain)) {
  for (size_t i = 0; i < count; i++)
    if (tail_fits(list[i].tail, tail) && matches(list[i].text, name, domain)) return &list[i];
  return NULL;
}

/* ---- services ---- */

const struct service_facts *facts_service_find(const struct facts *facts, const char *id) {
  for (size_t i = 0; facts && i < facts->service_count; i++)
    if (strcmp(facts->services[i].id, id) == 0) return &facts->services[i];
  return NULL;
}

const struct service_facts *facts_service_of_mx(const struct facts *facts, const char *host, const char *domain) {
  uint64_t tail = name_tail(host);
  for (size_t i = 0; facts && i < facts->service_count; i++)
    if (match_list(facts->services[i].mx, facts->services[i].mx_count, host, tail, domain, fact_name_matches)) return &facts->services[i];
  return NULL;
}

/* "include:NAME" and "a:NAME": the mechanism must be the same, the name is matched as a pattern. */
static bool term_matches(const char *pattern, const char *term, const char *domain) {
  for (; *pattern != ':'; pattern++, term++) {
    if (to_lower(*pattern) != to_lower(*term)) return false;
    if (!*pattern) return true;
  }
  return *term == ':' && fact_name_matches(pattern + 1, term + 1, domain);
}

const struct service_facts *facts_service_of_spf(const struct facts *facts, const char *term, const char *domain, const struct fact_pattern **out_pattern) {
  if (*term && strchr("+-?~", *term)) term++;
  uint64_t tail = name_tail(term);
  for (size_t i = 0; facts && i < facts->service_count; i++) {
    const struct fact_pattern *pattern = match_list(facts->services[i].spf, facts->services[i].spf_count, term, tail, domain, term_matches);
    if (!pattern) continue;
    if (out_pattern) *out_pattern = pattern;
    return &facts->services[i];
  }
  return NULL;
}

static const struct service_facts *service_of_target(const struct facts *facts, const char *target, const char *domain) {
  for (size_t i = 0; i < facts->service_count; i++)
    for (size_t n = 0; n < facts->services[i].dkim_count; n++) {
      const struct fact_dkim *dkim = &facts->services[i].dkim[n];
      if (*dkim->target && fact_name_matches(dkim->target, target, domain)) return &facts->services[i];
    }
  return NULL;
}

const struct service_facts *facts_service_of_dkim(const struct facts *facts, const char *selector, const char *target, const char *domain) {
  const struct service_facts *only = NULL;
  if (!facts) return NULL;
  if (target && *target) return service_of_target(facts, target, domain);
  for (size_t i = 0; i < facts->service_count; i++)
    for (size_t n = 0; n < facts->services[i].dkim_count; n++) {
      const struct fact_dkim *dkim = &facts->services[i].dkim[n];
      if (strcmp(dkim->selector, "<id>") == 0 || !fact_name_matches(dkim->selector, selector, domain) || only == &facts->services[i]) continue;
      if (only) return NULL;
      only = &facts->services[i];
    }
  return only;
}

/* ---- DNS hosts ---- */

const struct dns_host_facts *facts_dns_host_find(const struct facts *facts, const char *id) {
  for (size_t i = 0; facts && i < facts->dns_host_count; i++)
    if (strcmp(facts->dns_hosts[i].id, id) == 0) return &facts->dns_hosts[i];
  return NULL;
}

static const struct dns_host_facts *host_of_name(const struct facts *facts, const char *zone, const char *name) {
  uint64_t tail = name_tail(name);
  for (size_t i = 0; i < facts->dns_host_count; i++)
    if (match_list(facts->dns_hosts[i].ns, facts->dns_hosts[i].ns_count, name, tail, zone, fact_name_matches)) return &facts->dns_hosts[i];
  return *zone && name_is_under(name, zone) ? facts_dns_host_find(facts, "own") : NULL;
}

/* Of two with as many names the one that comes first. */
const struct dns_host_facts *facts_dns_host_of(const struct facts *facts, const char *zone, const char *const *names, size_t count, bool *out_mixed) {
  const struct dns_host_facts *best = NULL;
  size_t most = 0, hosts = 0, *votes = facts ? mem_zalloc(facts->dns_host_count, sizeof *votes) : NULL;
  for (size_t i = 0; facts && i < count; i++) {
    const struct dns_host_facts *host = host_of_name(facts, zone, names[i]);
    if (host && votes[host - facts->dns_hosts]++ == 0) hosts++;
  }
  for (size_t i = 0; hosts && i < count; i++) {
    const struct dns_host_facts *host = host_of_name(facts, zone, names[i]);
    if (!host || votes[host - facts->dns_hosts] <= most) continue;
    most = votes[host - facts->dns_hosts];
    best = host;
  }
  free(votes);
  if (out_mixed) *out_mixed = hosts > 1;
  return most * 2 >= count ? best : NULL;
}

const struct mail_system_facts *facts_mail_system_find(const struct facts *facts, const char *id) {
  for (size_t i = 0; facts && i < facts->mail_system_count; i++)
    if (strcmp(facts->mail_systems[i].id, id) == 0) return &facts->mail_systems[i];
  return NULL;
}
