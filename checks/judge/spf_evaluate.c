#include "checks/judge/spf_evaluate.h"

#include <string.h>

#include "checks/parsed.h"
#include "src/base/ctype.h"
#include "src/base/name.h"
#include "src/base/text.h"

enum { MOST_LOOKUPS = 10, MOST_VOIDS = 2, MOST_NAMES = 10, DEEPEST = 20 };

struct evaluation {
  struct store *store;
  struct arena *arena;
  const struct spf_request *request;
  struct ip ip;
  const char *local, *sender_domain;
  struct spf_outcome *out;
  bool waiting;
};

const char *spf_result_name(enum spf_result result) {
  static const char *const names[] = { "none", "neutral", "pass", "fail", "softfail", "temperror", "permerror" };
  return names[result];
}

enum spf_selection spf_select(struct store *store, const char *name, const struct dns_rr **out_record, const struct dns_answer **out_answer) {
  const struct dns_answer *answer = store_dns(store, name, DNS_TYPE_TXT);
  const struct dns_rr *found = NULL;
  if (out_answer) *out_answer = answer;
  if (!answer) return SPF_SELECT_WAITING;
  if (answer->outcome == DNS_FAILED) return SPF_SELECT_ERROR;
  for (size_t i = 0; i < answer->count; i++) {
    if (!spf_is_record(answer->records[i].txt.bytes, answer->records[i].txt.length)) continue;
    if (found) return SPF_SELECT_SEVERAL;
    found = &answer->records[i];
  }
  *out_record = found;
  return found ? SPF_SELECT_ONE : SPF_SELECT_NONE;
}

static enum spf_result problem(struct evaluation *e, enum spf_result result, const char *words, const char *what) {
  e->out->problem = arena_printf(e->arena, "%s: %s", words, text_safe_string(e->arena, what));
  return result;
}

/* ---- look-ups ---- */

/* Null: not yet, or a name that DNS cannot hold (section 4.8: no match). */
static const struct dns_answer *look_up(struct evaluation *e, const char *name, uint16_t type) {
  if (!*name || !name_is_valid(name)) return NULL;
  const struct dns_answer *answer = store_dns(e->store, name, type);
  if (!answer) e->waiting = true;
  return answer;
}

static bool is_void(const struct dns_answer *answer) { return answer->outcome == DNS_NODATA || answer->outcome == DNS_NXDOMAIN; }

/* The result of one mechanism: match, no match, or an error that ends the evaluation. */
enum match { NO_MATCH, MATCH, MATCH_TEMPERROR, MATCH_PERMERROR };

static enum match count_void(struct evaluation *e) {
  if (++e->out->void_lookups <= MOST_VOIDS) return NO_MATCH;
  e->out->problem = "more than 2 void look-ups";
  return MATCH_PERMERROR;
}

static enum match temporary(struct evaluation *e, const char *name) {
  problem(e, SPF_TEMPERROR, "could not look up", name);
  return MATCH_TEMPERROR;
}

static bool address_fits(const struct evaluation *e, const struct dns_rr *rr, const struct spf_term *term) {
  return ip_in_prefix(&e->ip, &rr->address, e->ip.family == 6 ? term->prefix6 : term->prefix4);
}

static uint16_t address_type(const struct evaluation *e) { return e->ip.family == 6 ? DNS_TYPE_AAAA : DNS_TYPE_A; }

/* ---- %{p} and ptr ---- */

/* Is one of the client's reverse names confirmed by its forward address, and does it suit `wanted` (null: any)? Section 5.5. */
static const char *validated_name(struct evaluation *e, const char *wanted, bool exact_first) {
  char reverse[80];
  const char *any = NULL, *below = NULL; /* `wanted` itself is better than a name below it, and that better than another (section 7.3) */
  ip_reverse_name(&e->ip, reverse);
  const struct dns_answer *pointers = look_up(e, reverse, DNS_TYPE_PTR);
  if (!pointers || pointers->outcome != DNS_ANSWER) return NULL;
  for (size_t i = 0; i < pointers->count && i < MOST_NAMES; i++) {
    const char *name = pointers->records[i].target;
    const struct dns_answer *forward = look_up(e, name, address_type(e));
    if (!forward || forward->outcome != DNS_ANSWER) continue;
    bool confirmed = false;
    for (size_t n = 0; n < forward->count; n++) confirmed = confirmed || ip_equal(&forward->records[n].address, &e->ip);
    if (!confirmed) continue;
    if (wanted && name_equal(name, wanted)) return name;
    if (wanted && !below && name_is_under(name, wanted)) below = name;
    if (!any) any = name;
  }
  return below || !exact_first ? below : any;
}

static struct spf_macro_values values_for(struct evaluation *e, const char *text, const char *domain) {
  bool uses_p;
  spf_macro_depends_on_message(text, &uses_p);
  return (struct spf_macro_values){ .sender_local = e->local, .sender_domain = e->sender_domain, .domain = domain, .helo = e->request->helo,
                                    .validated = uses_p ? validated_name(e, name_from_bytes(e->arena, domain), true) : NULL, .ip = &e->ip,
                                    .time_ms = e->request->time_ms };
}

/* Domains go through the evaluation as the bytes that macros expand to, and become names where they are looked up. */
static const char *expand(struct evaluation *e, const char *domain_spec, const char *domain) {
  struct spf_macro_values values = values_for(e, domain_spec, domain);
  return spf_macro_domain(e->arena, domain_spec, &values);
}

/* ---- mechanisms ---- */

static enum spf_result check_host(struct evaluation *e, const char *domain, unsigned depth, bool outermost);

static enum match match_a(struct evaluation *e, const struct spf_term *term, const char *target) {
  const struct dns_answer *answer = look_up(e, target, address_type(e));
  if (!answer) return NO_MATCH;
  if (answer->outcome == DNS_FAILED) return temporary(e, target);
  if (is_void(answer)) return count_void(e);
  for (size_t i = 0; i < answer->count; i++)
    if (address_fits(e, &answer->records[i], term)) return MATCH;
  return NO_MATCH;
}

static void prefer(const struct dns_rr **best, const struct dns_rr *rr) {
  if (!*best || rr->mx.preference < (*best)->mx.preference) *best = rr;
}

/* The addresses of each host are compared in turn, and a look-up that fails stops the mechanism (sections 5 and 5.4): receivers take the hosts in the
 * order of their preference, and among equals none is before the other. */
static enum match match_mx(struct evaluation *e, const struct spf_term *term, const char *target) {
  const struct dns_answer *answer = look_up(e, target, DNS_TYPE_MX);
  if (!answer) return NO_MATCH;
  if (answer->outcome == DNS_FAILED) return temporary(e, target);
  if (is_void(answer)) return count_void(e);
  if (answer->count > MOST_NAMES) {
    problem(e, SPF_PERMERROR, "more than 10 MX hosts", target);
    return MATCH_PERMERROR;
  }
  bool any_address = false;
  const struct dns_rr *failed = NULL, *matched = NULL;
  for (size_t i = 0; i < answer->count; i++) {
    const struct dns_rr *rr = &answer->records[i];
    const struct dns_answer *addresses = look_up(e, rr->mx.host, address_type(e));
    if (!addresses) continue;
    any_address |= addresses->count > 0;
    if (addresses->outcome == DNS_FAILED) prefer(&failed, rr);
    for (size_t n = 0; n < addresses->count; n++)
      if (address_fits(e, &addresses->records[n], term)) prefer(&matched, rr);
  }
  if (matched && (!failed || matched->mx.preference <= failed->mx.preference)) return MATCH;
  if (failed) return temporary(e, failed->mx.host);
  return any_address || e->waiting ? NO_MATCH : count_void(e);
}

static enum match match_exists(struct evaluation *e, const char *target) {
  const struct dns_answer *answer = look_up(e, target, DNS_TYPE_A);
  if (!answer) return NO_MATCH;
  if (answer->outcome == DNS_FAILED) return temporary(e, target);
  return answer->outcome == DNS_ANSWER ? MATCH : count_void(e);
}

static enum match match_ptr(struct evaluation *e, const char *target) {
  char reverse[80];
  ip_reverse_name(&e->ip, reverse);
  const struct dns_answer *pointers = look_up(e, reverse, DNS_TYPE_PTR);
  if (!pointers) return NO_MATCH;
  if (is_void(pointers)) return count_void(e);
  const char *name = validated_name(e, target, false);
  return name ? MATCH : NO_MATCH;
}

static enum match match_include(struct evaluation *e, const char *target, unsigned depth) {
  switch (check_host(e, target, depth + 1, false)) {
  case SPF_PASS: return MATCH;
  case SPF_TEMPERROR: return MATCH_TEMPERROR;
  case SPF_NONE:
    if (!e->waiting) problem(e, SPF_PERMERROR, "no SPF record at the included name", target);
    return MATCH_PERMERROR;
  case SPF_PERMERROR: return MATCH_PERMERROR;
  case SPF_FAIL:
  case SPF_SOFTFAIL:
  case SPF_NEUTRAL: break;
  }
  return NO_MATCH;
}

static enum match match_term(struct evaluation *e, const struct spf_term *term, const char *domain, unsigned depth) {
  if (term->mechanism == SPF_ALL) return MATCH;
  if (term->mechanism == SPF_IP4 || term->mechanism == SPF_IP6)
    return ip_in_prefix(&e->ip, &term->network, term->mechanism == SPF_IP6 ? term->prefix6 : term->prefix4) ? MATCH : NO_MATCH;
  if (++e->out->lookups > MOST_LOOKUPS) {
    e->out->problem = "more than 10 look-ups";
    return MATCH_PERMERROR;
  }
  if (term->domain && !text_is_ascii(e->local) && spf_macro_uses(term->domain, "sl")) return NO_MATCH; /* RFC 8616 section 4 */
  const char *target = term->domain ? expand(e, term->domain, domain) : domain;
  if (e->waiting) return NO_MATCH;
  const char *name = name_from_bytes(e->arena, target);
  switch (term->mechanism) {
  case SPF_A: return match_a(e, term, name);
  case SPF_MX: return match_mx(e, term, name);
  case SPF_EXISTS: return match_exists(e, name);
  case SPF_PTR: return match_ptr(e, name);
  case SPF_INCLUDE: return match_include(e, target, depth);
  case SPF_ALL:
  case SPF_IP4:
  case SPF_IP6: break;
  }
  return NO_MATCH;
}

/* ---- explanation, section 6.2 ---- */

static bool explanation_is_ascii(const char *text) {
  for (; *text; text++)
    if (!is_print(*text)) return false;
  return true;
}

static const char *explain(struct evaluation *e, const struct spf_record *record, const char *domain) {
  if (!record->exp) return "";
  const char *target = expand(e, record->exp->domain, domain);
  const struct dns_answer *answer = e->waiting ? NULL : look_up(e, name_from_bytes(e->arena, target), DNS_TYPE_TXT);
  if (!answer || answer->outcome != DNS_ANSWER || answer->count != 1) return "";
  const char *text = answer->records[0].txt.bytes;
  if (strlen(text) != answer->records[0].txt.length || !explanation_is_ascii(text) || !spf_macro_valid(text, SPF_MACRO_EXPLANATION)) return "";
  struct spf_macro_values values = values_for(e, text, domain);
  struct buf out = BUF_INIT(4096);
  spf_macro_expand(&out, text, &values);
  const char *copy = text_safe_copy(e->arena, buf_string(&out), out.length);
  buf_release(&out);
  return copy;
}

/* ---- check_host ---- */

static enum spf_result result_of_qualifier(char qualifier) {
  switch (qualifier) {
  case '-': return SPF_FAIL;
  case '~': return SPF_SOFTFAIL;
  case '?': return SPF_NEUTRAL;
  default: return SPF_PASS;
  }
}

/* A literal, "[192.0.2.1]", is no domain name: nothing is asked for it (section 4.3). */
static bool domain_is_sound(const char *domain) { return *domain != '[' && name_labels(domain) >= 2 && name_is_valid(domain); }

static enum spf_result follow_redirect(struct evaluation *e, const struct spf_record *record, const char *domain, unsigned depth, bool outermost) {
  if (++e->out->lookups > MOST_LOOKUPS) {
    e->out->problem = "more than 10 look-ups";
    return SPF_PERMERROR;
  }
  const char *target = expand(e, record->redirect->domain, domain);
  if (e->waiting) return SPF_NONE;
  enum spf_result result = check_host(e, target, depth + 1, outermost);
  if (result == SPF_NONE && !e->waiting) return problem(e, SPF_PERMERROR, "no SPF record at the name of the redirect", target);
  return result;
}

static enum spf_result evaluate_record(struct evaluation *e, const struct spf_record *record, const char *domain, unsigned depth, bool outermost) {
  for (size_t i = 0; i < record->count; i++) {
    const struct spf_term *term = &record->terms[i];
    if (term->kind != SPF_MECHANISM) continue;
    enum match match = match_term(e, term, domain, depth);
    if (e->waiting) return SPF_NONE;
    if (match == MATCH_TEMPERROR) return SPF_TEMPERROR;
    if (match == MATCH_PERMERROR) return SPF_PERMERROR;
    if (match != MATCH) continue;
    enum spf_result result = result_of_qualifier(term->qualifier);
    if (outermost) {
      e->out->mechanism = text_safe_string(e->arena, term->text);
      e->out->where = name_from_bytes(e->arena, domain);
      if (result == SPF_FAIL) e->out->explanation = explain(e, record, domain);
    }
    return result;
  }
  if (record->redirect) return follow_redirect(e, record, domain, depth, outermost);
  if (outermost) {
    e->out->mechanism = "default";
    e->out->where = name_from_bytes(e->arena, domain);
  }
  return SPF_NEUTRAL;
}

static enum spf_result syntax_error(struct evaluation *e, const struct spf_record *record, const char *domain) {
  size_t at = 0;
  while (at + 1 < record->count && !record->terms[at].fault) at++;
  return problem(e, SPF_PERMERROR, "syntax error", arena_printf(e->arena, "%s in the record of %s", record->terms[at].text, domain));
}

static enum spf_result check_host(struct evaluation *e, const char *domain, unsigned depth, bool outermost) {
  const struct dns_rr *text = NULL;
  const struct dns_answer *answer = NULL;
  const char *name = name_from_bytes(e->arena, domain);
  if (!domain_is_sound(name)) return SPF_NONE;
  if (depth > DEEPEST) return problem(e, SPF_PERMERROR, "nested too deep", domain);
  switch (spf_select(e->store, name, &text, &answer)) {
  case SPF_SELECT_WAITING: e->waiting = true; return SPF_NONE;
  case SPF_SELECT_ERROR: return problem(e, SPF_TEMPERROR, "could not look up", domain);
  case SPF_SELECT_NONE: return SPF_NONE;
  case SPF_SELECT_SEVERAL: return problem(e, SPF_PERMERROR, "more than one SPF record", domain);
  case SPF_SELECT_ONE: break;
  }
  const struct spf_record *record = parsed_spf(answer, text);
  if (!record->valid) return syntax_error(e, record, domain);
  return evaluate_record(e, record, domain, depth, outermost);
}

/* ::ffff:a.b.c.d is an IPv4 sender (section 5). */
static struct ip unmapped(const struct ip *ip) {
  static const uint8_t prefix[12] = { [10] = 0xff, [11] = 0xff };
  if (ip->family != 6 || memcmp(ip->bytes, prefix, sizeof prefix) != 0) return *ip;
  struct ip four = { .family = 4 };
  memcpy(four.bytes, ip->bytes + 12, 4);
  return four;
}

static const char *without_dot(struct arena *arena, const char *domain) {
  size_t length = strlen(domain);
  return length && domain[length - 1] == '.' ? arena_strndup(arena, domain, length - 1) : domain;
}

bool spf_evaluate(struct store *store, struct arena *arena, const struct spf_request *request, struct spf_outcome *out) {
  *out = (struct spf_outcome){ .mechanism = "", .where = "", .explanation = "", .problem = "" };
  struct evaluation e = { .store = store, .arena = arena, .request = request, .ip = unmapped(&request->ip), .out = out };
  const char *at = strrchr(request->sender, '@');
  e.local = at && at > request->sender ? arena_strndup(arena, request->sender, (size_t)(at - request->sender)) : "postmaster";
  e.sender_domain = without_dot(arena, at ? at + 1 : *request->sender ? request->sender : *request->helo ? request->helo : request->domain); /* section 2.4 */
  out->result = check_host(&e, without_dot(arena, request->domain), 0, true);
  return !e.waiting;
}
