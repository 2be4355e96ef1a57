#include <string.h>

#include "checks/facts.h"
#include "src/base/ctype.h"
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

/* What follows the last hole or star must be the end of the name: most names are refused here, from their last letters. */
static inline bool tail_fits(const char *pattern, const char *name) {
  const char *at = pattern + strlen(pattern), *end = name + strlen(name);
  if (end > name && end[-1] == '.') end--;
  for (; at > pattern && at[-1] != '>' && at[-1] != '*'; at--, end--)
    if (end == name || to_lower(at[-1]) != to_lower(end[-1])) return false;
  return true;
}

bool fact_name_matches(const char *pattern, const char *name, const char *domain) {
  bool below = strncmp(pattern, "*.", 2) == 0;
  if (below) pattern += 2;
  if (!tail_fits(pattern, name)) return false;
  if (!below) return match(pattern, name, domain);
  for (const char *dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.'))
    if (dot > name && match(pattern, dot + 1, domain)) return true;
  return false;
}

/* ---- services ---- */

const struct service_facts *facts_service_find(const struct facts *facts, const char *id) {
  for (size_t i = 0; facts && i < facts->service_count; i++)
    if (strcmp(facts->services[i].id, id) == 0) return &facts->services[i];
  return NULL;
}

const struct service_facts *facts_service_of_mx(const struct facts *facts, const char *host, const char *domain) {
  for (size_t i = 0; facts && i < facts->service_count; i++)
    for (size_t n = 0; n < facts->services[i].mx_count; n++)
      if (fact_name_matches(facts->services[i].mx[n].text, host, domain)) return &facts->services[i];
  return NULL;
}

/* "include:NAME" and "a:NAME": the mechanism must be the same, the name is matched as a pattern. */
static bool term_matches(const char *pattern, const char *term, const char *domain) {
  if (!tail_fits(pattern, term)) return false;
  for (; *pattern != ':'; pattern++, term++) {
    if (to_lower(*pattern) != to_lower(*term)) return false;
    if (!*pattern) return true;
  }
  return *term == ':' && fact_name_matches(pattern + 1, term + 1, domain);
}

const struct service_facts *facts_service_of_spf(const struct facts *facts, const char *term, const char *domain, const struct fact_pattern **out_pattern) {
  if (*term && strchr("+-?~", *term)) term++;
  for (size_t i = 0; facts && i < facts->service_count; i++)
    for (size_t n = 0; n < facts->services[i].spf_count; n++) {
      if (!term_matches(facts->services[i].spf[n].text, term, domain)) continue;
      if (out_pattern) *out_pattern = &facts->services[i].spf[n];
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
  for (size_t i = 0; i < facts->dns_host_count; i++)
    for (size_t n = 0; n < facts->dns_hosts[i].ns_count; n++)
      if (fact_name_matches(facts->dns_hosts[i].ns[n].text, name, zone)) return &facts->dns_hosts[i];
  return *zone && name_is_under(name, zone) ? facts_dns_host_find(facts, "own") : NULL;
}

const struct dns_host_facts *facts_dns_host_of(const struct facts *facts, const char *zone, const char *const *names, size_t count, bool *out_mixed) {
  const struct dns_host_facts *best = NULL;
  size_t most = 0;
  bool mixed = false;
  for (size_t i = 0; facts && i < count; i++) {
    const struct dns_host_facts *host = host_of_name(facts, zone, names[i]);
    size_t votes = 0;
    for (size_t n = 0; host && n < count; n++) votes += host_of_name(facts, zone, names[n]) == host;
    if (best && host && host != best) mixed = true;
    if (votes > most) most = votes, best = host;
  }
  if (out_mixed) *out_mixed = mixed;
  return most * 2 >= count ? best : NULL;
}

const struct mail_system_facts *facts_mail_system_find(const struct facts *facts, const char *id) {
  for (size_t i = 0; facts && i < facts->mail_system_count; i++)
    if (strcmp(facts->mail_systems[i].id, id) == 0) return &facts->mail_systems[i];
  return NULL;
}
