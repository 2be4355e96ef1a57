#include <stdlib.h>
#include <string.h>

#include "src/plan/dkim.h"

/* What the user pasted is checked before it can leave the program: a placeholder, a private key, half a key, or somebody else's target. */

struct pasted { const struct plan_given_key *given; const char *name, *value; uint16_t type; };

static bool is_private(struct arena *arena, const char *value) {
  return strstr(value, "PRIVATE KEY") || dkim_parse(arena, value, strlen(value))->key == DKIM_KEY_PRIVATE ||
         dkim_parse(arena, arena_printf(arena, "p=%s", value), strlen(value) + 2)->key == DKIM_KEY_PRIVATE;
}

static bool is_placeholder(const char *value) {
  return strchr(value, '<') || strchr(value, '>') || strchr(value, '{') || strstr(value, "...") || strstr(value, "\xe2\x80\xa6") || text_equal(value, "p=") || !*value;
}

/* A name with dots and no tags is the target of an alias. */
static uint16_t type_of(const char *value) { return strchr(value, '=') || strlen(value) > 253 || !strchr(value, '.') ? DNS_TYPE_TXT : DNS_TYPE_CNAME; }

static void refuse(struct planning *p, const struct pasted *pasted, const char *rule, const char *sentence) {
  plan_problem(p, rule, pasted->name, sentence, "selector", pasted->given->selector, NULL);
}

/* Bare base64 is a key without its tags. */
static const char *text_of_key(struct planning *p, const char *value) {
  const char *clean = plan_clean(p->j.arena, value);
  const char *tagged = strchr(clean, '=') && strstr(clean, "p=") ? clean : arena_printf(p->j.arena, "p=%s", clean);
  return dkim_is_sound(p->j.arena, tagged) && dkim_parse(p->j.arena, tagged, strlen(tagged))->version ? tagged : dkim_repair(p->j.arena, tagged);
}

static bool check_text(struct planning *p, struct pasted *pasted) {
  const char *text = text_of_key(p, pasted->value);
  const struct dkim_record *record = text ? dkim_parse(p->j.arena, text, strlen(text)) : NULL;
  if (!record || !dkim_usable(record)) {
    refuse(p, pasted, "plan-dkim-no-key", _("The key that was given for {selector} cannot be used. Copy it again from the service, all of it."));
    return false;
  }
  if (record->actual == DKIM_RSA && record->bits < 2048 && !(record->bits >= 1024 && p->options->as_2020 & PLAN_2020_DKIM_SIZE)) {
    refuse(p, pasted, "plan-dkim-no-key", _("The key that was given for {selector} is shorter than 2048 bits. Have the service make a longer one."));
    return false;
  }
  pasted->value = text;
  return true;
}

/* The pattern of a row is a hint for people, never a reason to refuse: services change. */
static void compare_with_facts(struct planning *p, const struct pasted *pasted) {
  const struct service_facts *service = pasted->given->service ? facts_service_find(p->inquiry->facts, pasted->given->service) : NULL;
  const char *expected = NULL;
  for (size_t i = 0; service && i < service->dkim_count; i++) {
    if (!service->dkim[i].cname || service->dkim[i].old || !*service->dkim[i].target) continue;
    if (fact_name_matches(service->dkim[i].target, pasted->value, p->inquiry->domain)) return;
    expected = service->dkim[i].target;
  }
  if (expected)
    plan_task(p, "dkim-compare-target", "dns-dkim", "", _("Compare the target that was entered for {selector} with the one in the console of {service}: such targets usually look like {pattern}"), "selector", pasted->given->selector,
              "service", service->name, "pattern", expected, NULL);
}

static bool check_target(struct planning *p, struct pasted *pasted) {
  char *target = name_lower(p->j.arena, plan_clean(p->j.arena, pasted->value));
  size_t length = strlen(target), own = strlen(p->inquiry->domain);
  if (length > own && name_is_below(target, p->inquiry->domain) && name_labels(arena_strndup(p->j.arena, target, length - own - 1)) > 1 && !strstr(target, "_domainkey")) {
    char *cut = arena_strndup(p->j.arena, target, length - own - 1); /* the form that showed it had appended the zone */
    const struct dns_answer *there = ask_dns(&p->j, cut, DNS_TYPE_TXT);
    if (there && there->count) target = cut;
  }
  if (!name_is_valid(target) || name_labels(target) < 2 || name_equal(target, pasted->name)) {
    refuse(p, pasted, "plan-dkim-no-key", _("The target that was given for {selector} is no name that an alias can lead to. Copy it again from the service."));
    return false;
  }
  pasted->value = arena_printf(p->j.arena, "%s.", target);
  compare_with_facts(p, pasted);
  return true;
}

/* ---- against what is there ---- */

static bool is_live(struct planning *p, const struct dns_answer *txt) {
  for (size_t i = 0; i < txt->count; i++)
    if (dkim_usable(dkim_parse(p->j.arena, PLAN_TEXT(txt, i), txt->records[i].txt.length))) return true;
  return false;
}

static bool says_so_already(const struct pasted *pasted, const struct dns_answer *txt) {
  if (pasted->type == DNS_TYPE_CNAME) return txt->links && name_equal(txt->chain[0].target, pasted->value);
  return txt->count == 1 && !txt->links && strcmp(txt->records[0].txt.bytes, pasted->value) == 0;
}

/* The same key in other words is no other key. */
static bool same_key(struct planning *p, const char *a, const char *b) {
  const struct dkim_record *left = dkim_parse(p->j.arena, a, strlen(a)), *right = dkim_parse(p->j.arena, b, strlen(b));
  return left->p && right->p && *left->p && strcmp(left->p, right->p) == 0;
}

static void make_room(struct planning *p, const struct pasted *pasted, const struct dns_answer *txt) {
  static const struct plan_kind kind = { "dns-dkim", ORDER_DKIM_REMOVE, N_("DKIM: this record has to make room for the right one."), N_("It goes first: nothing can stand beside an alias."), "dkim-" };
  if (txt->links) {
    plan_remove_alias(p, txt, &dkim_kind);
    return;
  }
  if (pasted->type != DNS_TYPE_CNAME || !plan_is_own(p, txt)) return;
  struct plan_change *change = plan_change_new(p, PLAN_REMOVE, pasted->name, DNS_TYPE_TXT, &kind);
  for (size_t i = 0; i < txt->count; i++) plan_change_now(p, change, &txt->records[i]);
}

static void put(struct planning *p, const struct pasted *pasted, const struct dns_answer *txt) {
  const struct dns_rr *now[16];
  size_t count = 0;
  make_room(p, pasted, txt);
  for (size_t i = 0; pasted->type == DNS_TYPE_TXT && plan_is_own(p, txt) && i < txt->count && count < MEM_COUNT(now); i++) now[count++] = &txt->records[i];
  if (pasted->type == DNS_TYPE_TXT) plan_txt(p, pasted->name, now, count, pasted->value, &dkim_kind);
  else plan_change_wanted(p, plan_change_new(p, PLAN_ADD, pasted->name, DNS_TYPE_CNAME, &dkim_kind), pasted->value);
}

static void plan_one(struct planning *p, const struct plan_given_key *given) {
  struct pasted pasted = { .given = given, .value = given->value, .type = given->type ? given->type : type_of(given->value) };
  pasted.name = ask_name(&p->j, arena_printf(p->j.arena, "%s._domainkey", given->selector));
  const struct dns_answer *txt = ask_dns(&p->j, pasted.name, DNS_TYPE_TXT);
  if (!txt) return;
  if (is_private(p->j.arena, given->value)) refuse(p, &pasted, "plan-dkim-private-key", _("What was given for {selector} is a private key. Take it out of every place where it was pasted, make a new pair, and give the public part."));
  else if (is_placeholder(given->value)) refuse(p, &pasted, "plan-placeholder-left", _("What was given for {selector} still holds a placeholder. Copy the value from the console of the service."));
  else if (txt->outcome == DNS_FAILED) plan_unknown(p, pasted.name, _("{name} could not be looked up, so the DKIM record is left out of the plan."));
  else if (!name_is_valid(pasted.name)) refuse(p, &pasted, "plan-dkim-no-key", _("{selector} is no selector: it must be letters, digits and hyphens."));
  else if (pasted.type == DNS_TYPE_CNAME ? !check_target(p, &pasted) : !check_text(p, &pasted)) return;
  else if (says_so_already(&pasted, txt)) return;
  else if (is_live(p, txt) && plan_is_own(p, txt) && !(pasted.type == DNS_TYPE_TXT && same_key(p, PLAN_TEXT(txt, 0), pasted.value)))
    refuse(p, &pasted, "plan-dkim-live-selector", _("The selector {selector} has another key in use. Publish the new key under a new selector."));
  else if (is_live(p, txt) && txt->links)
    refuse(p, &pasted, "plan-dkim-live-selector", _("The selector {selector} leads to another key that is in use. Publish the new key under a new selector."));
  else if (pasted.type == DNS_TYPE_TXT && txt->count == 1 && plan_is_own(p, txt) && is_live(p, txt)) return; /* the same key, in words that do */
  else put(p, &pasted, txt);
}

void dkim_plan_given(struct planning *p) {
  for (size_t i = 0; i < p->options->key_count; i++) {
    const struct plan_given_key *given = &p->options->keys[i];
    if (!given->domain || name_equal(given->domain, p->inquiry->domain)) plan_one(p, given);
  }
}
