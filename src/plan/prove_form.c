#include <stdlib.h>
#include <string.h>

#include "checks/judge/dkim.h"
#include "checks/judge/dmarc.h"
#include "checks/judge/spf_evaluate.h"
#include "checks/judge/mtasts.h"
#include "src/plan/prove.h"

enum { MOST_STRING = 255, LARGE_ANSWER = 1232, LONG_TTL = 3600 };

#define EACH_CHANGE(proof, change) \
  for (struct plan_change *change = (proof)->p->plan->changes, *end_ = change + (proof)->p->plan->change_count; change < end_; change++)

static void tell(struct proof *proof, const struct plan_change *change, const char *rule, const char *sentence, const char *value) {
  plan_problem(proof->p, rule, change->name, sentence, "value", value, "zone", change->zone, "name", change->name, NULL);
}

/* ---- names ---- */

static void prove_name(struct proof *proof, const struct plan_change *change) {
  const char *relative = name_relative(proof->p->j.arena, change->name, change->zone);
  if (!relative) tell(proof, change, "plan-host-not-in-zone", _("{name} does not lie in the zone {zone}."), "");
  else if (change->wanted_count && (strcmp(relative, change->zone) == 0 || text_ends(relative, arena_printf(proof->p->j.arena, ".%s", change->zone))))
    tell(proof, change, "plan-host-doubled", _("The host of {name} ends in the name of its own zone {zone}."), "");
  if (!name_is_valid(change->name)) tell(proof, change, "plan-record-invalid", _("{name} is no name that DNS can hold."), "");
}

/* ---- values ---- */

static bool has_label(const char *text, const char *label) {
  size_t length = strlen(label);
  for (const char *at = text; (at = strstr(at, label)); at++) {
    bool begins = at == text || !(is_alnum(at[-1]) || at[-1] == '-' || at[-1] == '_'), ends = !(is_alnum(at[length]) || at[length] == '-' || at[length] == '_');
    if (begins && ends) return true;
  }
  return false;
}

/* What stands there already, and what the user typed, is nobody's placeholder. */
static bool is_typed(struct proof *proof, const struct plan_change *change, const char *word) {
  for (size_t i = 0; i < change->now_count; i++)
    if (has_label(change->now[i], word)) return true;
  const struct plan_options *options = proof->p->options;
  for (size_t i = 0; i < options->spf_term_count; i++)
    if (has_label(options->spf_terms[i], word)) return true;
  for (size_t i = 0; i < options->key_count; i++)
    if (has_label(options->keys[i].value, word)) return true;
  return has_label(change->domain, word) || (options->dmarc_mailbox && has_label(options->dmarc_mailbox, word)) || (options->tls_mailbox && has_label(options->tls_mailbox, word));
}

static void prove_placeholders(struct proof *proof, const struct plan_change *change, const char *value) {
  static const char *const words[] = { "yourdomain", "your-domain", "example" };
  const char *open = strchr(value, '<');
  bool left = open && strchr(open, '>');
  for (size_t i = 0; i < MEM_COUNT(words); i++) left |= has_label(value, words[i]) && !is_typed(proof, change, words[i]) && !has_label(suffix_registrable(change->domain), words[i]) && i < 2;
  if (left) tell(proof, change, "plan-placeholder-left", _("The value still holds a placeholder: {value}"), value);
}

static void prove_secret(struct proof *proof, const struct plan_change *change, const char *value) {
  if (strstr(value, "PRIVATE KEY") || (change->type == DNS_TYPE_TXT && dkim_looks_like_key(value) && dkim_parse(proof->p->j.arena, value, strlen(value))->key == DKIM_KEY_PRIVATE))
    tell(proof, change, "plan-dkim-private-key", _("The value holds a private key, or a part of one."), "");
}

const char *prove_split(const char *text, const char *value) {
  struct buf back = BUF_INIT(65536);
  size_t string = 0, longest = 0;
  bool inside = false, whole = true;
  for (const char *at = text; *at; at++) {
    if (*at == '"') {
      inside = !inside;
      string = 0;
      continue;
    }
    if (!inside) {
      whole = whole && *at == ' ';
      continue;
    }
    if (*at == '\\' && is_digit(at[1]) && is_digit(at[2]) && is_digit(at[3])) {
      buf_char(&back, (char)((at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0')));
      at += 3;
    } else {
      if (*at == '\\' && at[1]) at++;
      buf_char(&back, *at);
    }
    longest = ++string > longest ? string : longest;
  }
  bool same = whole && !inside && back.length == strlen(value) && memcmp(buf_string(&back), value, back.length) == 0;
  buf_release(&back);
  return longest > MOST_STRING ? "plan-string-too-long" : same ? NULL : "plan-split-inside-escape";
}

static void prove_strings(struct proof *proof, const struct plan_change *change, const char *value) {
  struct buf text = BUF_INIT(1 << 20);
  zone_text_split(&text, value, strlen(value));
  const char *rule = prove_split(buf_string(&text), value);
  buf_release(&text);
  if (rule) tell(proof, change, rule, strcmp(rule, "plan-string-too-long") == 0 ? _("A string of the value of {name} would have more than 255 octets.") : _("The value of {name} does not come back whole from its strings."), "");
}

static void prove_key(struct proof *proof, const struct plan_change *change, const char *value) {
  const char *parent = name_parent(change->name);
  if (strncmp(parent, "_domainkey.", 11) != 0 || change->type != DNS_TYPE_TXT) return;
  const struct dkim_record *record = dkim_parse(proof->p->j.arena, value, strlen(value));
  bool wildcard = strncmp(change->name, "*.", 2) == 0;
  if (wildcard ? record->key != DKIM_KEY_REVOKED : !dkim_usable(record)) tell(proof, change, "plan-dkim-no-key", wildcard ? _("The key for every selector must be empty.") : _("The wanted record of {name} holds no usable key."), "");
  bool same = false;
  for (size_t i = 0; i < change->now_count; i++) {
    const char *repaired = plan_clean(proof->p->j.arena, change->now[i]);
    const struct dkim_record *now = dkim_parse(proof->p->j.arena, repaired, strlen(repaired));
    same |= now->p && record->p && strcmp(now->p, record->p) == 0;
  }
  for (size_t i = 0; i < change->now_count && !same && !wildcard; i++)
    if (dkim_usable(dkim_parse(proof->p->j.arena, change->now[i], strlen(change->now[i])))) tell(proof, change, "plan-dkim-live-selector", _("{name} has another key in use."), "");
}

static void prove_value(struct proof *proof, const struct plan_change *change, const char *value) {
  prove_placeholders(proof, change, value);
  prove_secret(proof, change, value);
  if (change->type == DNS_TYPE_TXT) prove_strings(proof, change, value);
  prove_key(proof, change, value);
  if (change->type == DNS_TYPE_CNAME && !name_is_valid(name_lower(proof->p->j.arena, value))) tell(proof, change, "plan-record-invalid", _("{value} is no name that an alias can lead to."), value);
}

/* The way back needs what is there now, with its TTL. */
static void prove_way_back(struct proof *proof, const struct plan_change *change) {
  bool known = change->now_count > 0;
  for (size_t i = 0; i < change->now_count; i++) known &= change->now_data && change->now_data[i];
  if (change->action == PLAN_ADD ? change->now_count > 0 : !known) tell(proof, change, "plan-rollback-missing", _("What is at {name} now is not fully known, so the change could not be undone."), "");
}

void prove_forms(struct proof *proof) {
  EACH_CHANGE(proof, change) {
    prove_name(proof, change);
    prove_way_back(proof, change);
    for (size_t i = 0; i < change->wanted_count; i++) prove_value(proof, change, change->wanted[i]);
  }
}

/* ---- neighbours ---- */

static bool goes(struct proof *proof, const struct dns_rr *rr, const char *name) {
  EACH_CHANGE(proof, change)
    for (size_t i = 0; change->type == rr->type && strcmp(change->name, name) == 0 && i < change->now_count; i++)
      if (strcmp(change->now[i], plan_value_of(proof->p->j.arena, rr)) == 0) return true;
  return false;
}

/* What is there now and does not go, or comes with the same plan: in the store as it will be, the alias hides it. */
static bool has_other_data(struct proof *proof, const char *name) {
  static const uint16_t types[] = { DNS_TYPE_TXT, DNS_TYPE_MX, DNS_TYPE_A, DNS_TYPE_AAAA, DNS_TYPE_NS };
  for (size_t i = 0; i < MEM_COUNT(types); i++) {
    const struct dns_answer *answer = store_dns(proof->p->j.store, name, types[i]);
    if (!answer) proof->p->j.waiting = true;
    for (size_t n = 0; answer && plan_is_own(proof->p, answer) && n < answer->count; n++)
      if (!goes(proof, &answer->records[n], name)) return true;
  }
  EACH_CHANGE(proof, change)
    if (change->type != DNS_TYPE_CNAME && change->wanted_count && strcmp(change->name, name) == 0) return true;
  return false;
}

static bool is_alias_taken_away(struct proof *proof, const char *name) {
  EACH_CHANGE(proof, change)
    if (change->type == DNS_TYPE_CNAME && strcmp(change->name, name) == 0 && !change->wanted_count) return true;
  return false;
}

static void prove_alias(struct proof *proof, const struct plan_change *change) {
  if (!change->wanted_count) return;
  if (change->type == DNS_TYPE_CNAME) {
    if (strcmp(change->name, change->zone) == 0) tell(proof, change, "plan-cname-apex", _("An alias cannot stand at the top of the zone {zone}."), "");
    else if (has_other_data(proof, change->name)) tell(proof, change, "plan-cname-conflict", _("{name} has other records, and nothing can stand beside an alias."), "");
    return;
  }
  const struct dns_answer *before = store_dns(proof->p->j.store, change->name, change->type);
  if (!before) proof->p->j.waiting = true;
  bool own_alias = before && before->links && strcmp(before->chain[0].owner, change->name) == 0;
  if (own_alias && !is_alias_taken_away(proof, change->name) && !change->from_wildcard) tell(proof, change, "plan-cname-conflict", _("{name} is an alias, and nothing can stand beside it."), "");
}

static bool is_spf(const struct dns_rr *rr) { return spf_is_record(rr->txt.bytes, rr->txt.length); }
static bool is_dmarc(const struct dns_rr *rr) { return dmarc_is_record(rr->txt.bytes, rr->txt.length); }
static bool is_mtasts(const struct dns_rr *rr) { return mtasts_is_record(rr->txt.bytes, rr->txt.length); }
static bool is_tlsrpt(const struct dns_rr *rr) { return strncmp(rr->txt.bytes, "v=TLSRPTv1;", 11) == 0; }

static void prove_single(struct proof *proof, const struct plan_change *change) {
  static const struct { const char *prefix; bool (*is)(const struct dns_rr *rr); const char *rule; } kinds[] = {
    { "_dmarc.", is_dmarc, "plan-dmarc-second-record" }, { "_mta-sts.", is_mtasts, "plan-record-invalid" }, { "_smtp._tls.", is_tlsrpt, "plan-record-invalid" }, { "", is_spf, "plan-spf-second-record" },
  };
  const struct dns_answer *after = store_dns(proof->after, change->name, DNS_TYPE_TXT);
  if (change->type != DNS_TYPE_TXT || !change->wanted_count || !after || after->links) return;
  for (size_t k = 0; k < MEM_COUNT(kinds); k++) {
    size_t count = 0;
    if (strncmp(change->name, kinds[k].prefix, strlen(kinds[k].prefix)) != 0) continue;
    for (size_t i = 0; i < after->count; i++) count += kinds[k].is(&after->records[i]);
    if (count > 1) tell(proof, change, kinds[k].rule, _("{name} would have two records of this kind, and receivers would ignore both."), "");
  }
}

/* Octets of the answer, each record with a pointer to the question's name. */
static void prove_size(struct proof *proof, const struct plan_change *change) {
  const struct dns_answer *after = store_dns(proof->after, change->name, change->type);
  if (change->type != DNS_TYPE_TXT || !change->wanted_count || !after) return;
  size_t octets = 12 + strlen(change->name) + 6 + 11;
  for (size_t i = 0; i < after->count; i++) octets += 12 + after->records[i].data_length;
  if (octets > LARGE_ANSWER)
    tell(proof, change, "plan-txt-answer-large", _("The answer for {name} will have {value} octets, more than fits one packet everywhere. Old verification texts can be taken out in the same request."), arena_printf(proof->p->j.arena, "%zu", octets));
}

static void prove_target(struct proof *proof, const struct plan_change *change, const char *host) {
  const struct dns_answer *a = store_dns(proof->after, host, DNS_TYPE_A), *aaaa = store_dns(proof->after, host, DNS_TYPE_AAAA);
  if (!a || !aaaa) {
    proof->p->j.waiting = true;
    return;
  }
  bool nothing = !a->count && !aaaa->count && a->outcome != DNS_FAILED && aaaa->outcome != DNS_FAILED;
  if (nothing || a->links || aaaa->links) tell(proof, change, "plan-mx-target-bad", nothing ? _("{value} has no address, so no email can reach it.") : _("{value} is an alias; an MX record must name a host directly."), host);
}

static void prove_mx(struct proof *proof, const struct plan_change *change) {
  const struct dns_answer *after = store_dns(proof->after, change->name, DNS_TYPE_MX);
  size_t null = 0;
  if (change->type != DNS_TYPE_MX || !after) return;
  for (size_t i = 0; i < after->count; i++) null += !*after->records[i].mx.host;
  if (null && after->count > 1) tell(proof, change, "plan-null-mx-with-mx", _("{name} would have a null MX beside others."), "");
  for (size_t i = 0; i < change->wanted_count; i++) {
    const char *space = strchr(change->wanted[i], ' '), *host = name_lower(proof->p->j.arena, space ? space + 1 : "");
    if (*host) prove_target(proof, change, host);
  }
}

void prove_neighbours(struct proof *proof) {
  EACH_CHANGE(proof, change) {
    prove_alias(proof, change);
    prove_single(proof, change);
    prove_size(proof, change);
    prove_mx(proof, change);
  }
}

/* ---- routes ---- */

static bool same_operator(const struct plan_zone *a, const struct plan_zone *b) {
  bool shared = false;
  for (size_t i = 0; i < a->server_count; i++)
    for (size_t n = 0; n < b->server_count; n++) shared |= suffix_same(a->servers[i], b->servers[n]);
  return shared;
}

static void prove_operators(struct proof *proof) {
  const struct plan_zone *first = NULL;
  EACH_CHANGE(proof, change) {
    const struct plan_zone *zone = plan_zone_find(proof->p->plan, change->zone);
    if (!zone || !zone->server_count || change->contact == CONTACT_ADDRESS_OWNER) continue;
    if (!first) first = zone;
    if (zone == first || same_operator(first, zone)) continue;
    plan_problem(proof->p, "plan-two-operators", zone->name, _("The zones {one} and {other} are run by different operators: each gets a request of its own, in this order."), "one", first->name, "other", zone->name, NULL);
  }
}

void prove_routes(struct proof *proof) {
  EACH_CHANGE(proof, change) {
    const char *seconds = arena_printf(proof->p->j.arena, "%u", change->now_ttl);
    if (change->ttl > LONG_TTL) tell(proof, change, "plan-ttl-high", _("The record of {name} would be cached for more than an hour while changes go on."), "");
    if (change->now_ttl > LONG_TTL) tell(proof, change, "plan-ttl-first", _("The TTL of {name} is {value} seconds, and old values stay in use that long: have it lowered to 300 a day before the change."), seconds);
  }
  prove_operators(proof);
}
