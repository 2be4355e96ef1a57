#include "src/plan/dkim.h"

#include <string.h>

#include "checks/judge/answers.h"

const struct plan_kind dkim_kind = {
  "dns-dkim", ORDER_DKIM, N_("DKIM: the public key with which receivers check the signatures of this domain's email."), N_("It comes early: it must be there before anything is signed with the key."), "dkim- ns-txt-l ns-txt-ty ns-txt-b ns-name-",
};
static const struct plan_kind mended_kind = {
  "dns-dkim", ORDER_DKIM, N_("DKIM: the same public key, written so that receivers can read it."), N_("It comes early: signatures made with the key fail until it is right."), "dkim- ns-txt-l ns-txt-ty ns-txt-b",
};
static const struct plan_kind mistyped_kind = {
  "dns-dkim", ORDER_DKIM_REMOVE, N_("DKIM: this text is the target of an alias, entered as the wrong type of record."), N_("It goes first: nothing can stand beside an alias."), "dkim-cname-in-txt",
};
static const struct plan_kind alias_kind = {
  "dns-dkim", ORDER_DKIM, N_("DKIM: the alias that leads to the provider's key."), N_("It comes early: it must be there before anything is signed with the key."), "dkim-",
};
static const struct plan_kind revoked_kind = {
  "check-nonsending", ORDER_DKIM, N_("DKIM: an empty key at every selector, since this domain signs nothing."), N_("It comes before the selectors of their own go, so that each is covered at once."), "parked-dkim dkim-",
};
static const struct plan_kind unused_kind = {
  "check-nonsending", ORDER_DKIM + 1, N_("DKIM: a key of a domain that sends nothing. Whoever has the private part could sign in its name."), N_("It goes when the empty key for every selector is there."), "parked-dkim dkim-",
};

static const char *name_of(struct planning *p, const char *selector) { return ask_name(&p->j, arena_printf(p->j.arena, "%s._domainkey", selector)); }

/* The selectors that can have something: all that are looked up, or the told ones when nothing is below _domainkey (RFC 8020). */
static size_t find_selectors(struct planning *p, const char **out) {
  struct dkim_selector_list list;
  const struct dns_answer *apex = ask_dns(&p->j, ask_name(&p->j, "_domainkey"), DNS_TYPE_TXT);
  size_t count = 0;
  if (!apex) return 0;
  dkim_selectors_find(&p->j, &list);
  for (size_t i = 0; i < list.count; i++)
    if (apex->outcome != DNS_NXDOMAIN || list.all[i].source <= DKIM_SOURCE_SERVICE) out[count++] = list.all[i].name;
  return count;
}

static const char *given_value(const struct planning *p, const char *selector) {
  for (size_t i = 0; i < p->options->key_count; i++)
    if (text_equal(p->options->keys[i].selector, selector)) return p->options->keys[i].value;
  return NULL;
}

/* ---- records that are there ---- */

/* A CNAME's target that was entered as TXT: one goes, the other comes, in the same request. */
static bool plan_mistyped(struct planning *p, const char *name, const struct dns_answer *txt) {
  const char *text = plan_clean(p->j.arena, PLAN_TEXT(txt, 0));
  const struct dkim_record *record = dkim_parse(p->j.arena, text, strlen(text));
  bool host = record->fault_count && record->faults[0].kind == DKIM_FAULT_HOST_NAME;
  if (!host || txt->count != 1) return false;
  const char *target = name_lower(p->j.arena, text);
  const struct dns_answer *key = ask_dns(&p->j, target, DNS_TYPE_TXT);
  if (!key) return true;
  if (!key->count) return false; /* an alias to nothing would be no better */
  plan_change_now(p, plan_change_new(p, PLAN_REMOVE, name, DNS_TYPE_TXT, &mistyped_kind), &txt->records[0]);
  plan_change_wanted(p, plan_change_new(p, PLAN_ADD, name, DNS_TYPE_CNAME, &alias_kind), arena_printf(p->j.arena, "%s.", target));
  return true;
}

struct meant { const char *text; bool several; };

/* The one key that the records at a selector hold, as they stand or mended; several: they hold different ones. */
static struct meant meant_by(struct planning *p, const struct dns_answer *txt) {
  struct meant meant = { NULL, false };
  for (int pass = 0; pass < 2 && !meant.text; pass++)
    for (size_t i = 0; i < txt->count; i++) {
      const char *text = PLAN_TEXT(txt, i), *good = dkim_is_sound(p->j.arena, text) ? text : pass ? dkim_repair(p->j.arena, text) : NULL;
      if (!good) continue;
      if (meant.text && strcmp(dkim_parse(p->j.arena, meant.text, strlen(meant.text))->p, dkim_parse(p->j.arena, good, strlen(good))->p) != 0) meant.several = true;
      else if (!meant.text) meant.text = good;
    }
  return meant;
}

static void plan_selector(struct planning *p, const char *selector) {
  const char *name = name_of(p, selector);
  const struct dns_answer *txt = ask_dns(&p->j, name, DNS_TYPE_TXT);
  const struct dns_rr *now[16];
  size_t count = 0;
  if (!txt || !txt->count || txt->links || given_value(p, selector) || !plan_is_own(p, txt)) return;
  for (size_t i = 0; i < txt->count && count < MEM_COUNT(now); i++) now[count++] = &txt->records[i];
  if (count == 1 && dkim_is_sound(p->j.arena, now[0]->txt.bytes)) return;
  if (plan_mistyped(p, name, txt)) return;
  struct meant meant = meant_by(p, txt);
  if (meant.several)
    plan_task(p, "dkim-multiple-records", "dns-dkim", "", _("Find out which of the keys at the selector {selector} the service signs with, and ask for the other to be removed"), "selector", selector, NULL);
  else if (meant.text)
    plan_txt(p, name, now, count, meant.text, &mended_kind);
}

/* ---- a record at a wrong name ---- */

static void plan_misplaced_key(struct planning *p, const char *wrong) {
  static const struct plan_kind kind = { "dns-dkim", ORDER_STRAY, N_("This record stands at a wrong name, where nobody looks for it."), N_("It goes last, when the right record is in place."), "dkim-name-misplaced" };
  const struct dns_answer *txt = ask_dns(&p->j, wrong, DNS_TYPE_TXT);
  const char *bare = strncmp(wrong, "_domainkey.", 11) == 0 ? wrong + 11 : wrong;
  const char *selector = arena_strndup(p->j.arena, bare, strcspn(bare, "."));
  if (!txt || txt->count != 1 || txt->links || !plan_is_own(p, txt)) return;
  const char *good = dkim_is_sound(p->j.arena, PLAN_TEXT(txt, 0)) ? PLAN_TEXT(txt, 0) : dkim_repair(p->j.arena, PLAN_TEXT(txt, 0));
  const struct dns_answer *right = ask_dns(&p->j, name_of(p, selector), DNS_TYPE_TXT);
  if (!good || !right || right->outcome == DNS_FAILED || right->links || given_value(p, selector)) return;
  if (!right->count) plan_txt(p, name_of(p, selector), NULL, 0, good, &dkim_kind);
  plan_change_now(p, plan_change_new(p, PLAN_REMOVE, wrong, DNS_TYPE_TXT, &kind), &txt->records[0]);
}

/* ---- tasks ---- */

static bool is_in_list(const struct planning *p, const struct service_facts *service) {
  for (size_t i = 0; service && i < p->inquiry->service_count; i++)
    if (strcmp(p->inquiry->services[i].id, service->id) == 0) return true;
  return false;
}

/* Known by the alias's target; a selector's name alone tells only of services that the user lists. */
static const struct service_facts *service_of(struct planning *p, const char *selector) {
  const struct dns_answer *txt = ask_dns(&p->j, name_of(p, selector), DNS_TYPE_TXT);
  const char *target = txt && txt->links ? txt->chain[0].target : NULL;
  const struct service_facts *service = facts_service_of_dkim(p->inquiry->facts, selector, target, p->inquiry->domain);
  return target || is_in_list(p, service) ? service : NULL;
}

/* Where the right value is to be had: in the console of a service that is known, else in the one that signs. */
static void add_console_task(struct planning *p, const char *rule, const char *selector, const char *sentence) {
  const struct service_facts *service = service_of(p, selector);
  const char *where = service && *service->dkim_where ? arena_printf(p->j.arena, "%s: %s%s%s", service->name, service->dkim_where, *fact_mark_words(service->mark) ? " - " : "", fact_mark_words(service->mark)) : "";
  plan_task(p, rule, "dns-dkim", where, sentence, "selector", selector, "name", name_of(p, selector), NULL);
}

static bool is_changed(const struct planning *p, const char *name) {
  for (size_t i = 0; i < p->plan->change_count; i++)
    if (strcmp(p->plan->changes[i].name, name) == 0) return true;
  return false;
}

static void add_tasks(struct planning *p) {
  static const struct { const char *rule, *sentence; } tasks[] = {
    { "dkim-rsa-1024", N_("Make a new DKIM key of 2048 bits in the service that signs with {selector}, under a new selector, and ask for the record that it shows. Leave the old record until its email is delivered") },
    { "dkim-rsa-too-short", N_("Make a new DKIM key of 2048 bits in the service that signs with {selector}, under a new selector, and ask for the record that it shows") },
    { "dkim-rsa-too-long", N_("Make a new DKIM key of 2048 bits in the service that signs with {selector}, under a new selector: verifiers need not take one of more than 4096 bits") },
    { "dkim-rsa-bad-exponent", N_("Make a new DKIM key of 2048 bits in the service that signs with {selector}, under a new selector, and ask for the record that it shows") },
    { "dkim-rsa-roca", N_("Make a new DKIM key of 2048 bits in the service that signs with {selector}, under a new selector: this one can be broken") },
    { "dkim-cname-broken", N_("Switch DKIM on in the service behind the selector {selector}, or ask for its alias to be removed") },
    { "dkim-cname-in-txt", N_("Copy the target of the alias {name} again from the service: the text there now leads to nothing") },
    { "dkim-key-truncated", N_("Copy the whole DKIM key of the selector {selector} again from the service that signs with it, and paste it: a part is missing in {name}") },
    { "dkim-key-bad-base64", N_("Copy the DKIM key of the selector {selector} again from the service that signs with it, and paste it: the value at {name} is damaged") },
    { "dkim-key-undecodable", N_("Copy the DKIM key of the selector {selector} again from the service that signs with it, and paste it: the value at {name} is no key") },
    { "dkim-key-missing", N_("Copy the DKIM key of the selector {selector} from the service that signs with it, and paste it: {name} holds none") },
    { "dkim-key-pem", N_("The value at {name} is a certificate or a private key. Make a new pair for {selector} under a new selector, publish the public part only, and have this record removed") },
    { "dkim-key-revoked", N_("If {selector} is still in use, copy its record from the service that signs with it; the key at {name} has been withdrawn") },
    { "dkim-key-type-unknown", N_("Copy the DKIM key of the selector {selector} again from the service that signs with it") },
    { "dkim-selector-missing", N_("Copy the DKIM record of the selector {selector} from the service that signs with it, and paste it: nothing is at {name}") },
  };
  for (size_t i = 0; i < p->verdict->count; i++) {
    const struct finding *finding = p->verdict->findings[i];
    if (finding->severity < SEVERITY_WARN || finding->severity == SEVERITY_UNKNOWN) continue;
    if (strcmp(finding->rule->id, "dkim-none-published") == 0 && !p->options->key_count)
      plan_task(p, finding->rule->id, "dns-dkim", "", _("Switch DKIM signing on in the mail service of {domain}, and enter the record that it shows"), "domain", p->inquiry->domain, NULL);
    if (strcmp(finding->rule->id, "dkim-name-misplaced") == 0) plan_misplaced_key(p, finding->subject);
    if (strcmp(finding->rule->id, "dkim-rsa-1024") == 0 && p->options->as_2020 & PLAN_2020_DKIM_SIZE) continue;
    for (size_t n = 0; n < MEM_COUNT(tasks); n++)
      if (strcmp(finding->rule->id, tasks[n].rule) == 0 && !is_changed(p, name_of(p, finding->subject)) && !given_value(p, finding->subject))
        add_console_task(p, tasks[n].rule, finding->subject, _(tasks[n].sentence));
  }
}

/* ---- a domain that sends nothing ---- */

static bool is_revoked(struct planning *p, const struct dns_answer *txt) {
  return txt->count == 1 && dkim_parse(p->j.arena, PLAN_TEXT(txt, 0), txt->records[0].txt.length)->key == DKIM_KEY_REVOKED;
}

/* A wildcard higher up answers for "*._domainkey" too, and nothing stands there to be taken away. */
static bool is_from_above(struct planning *p, const struct dns_answer *own) {
  const char *unused = ask_name(&p->j, unused_label(p->j.arena, p->inquiry->domain));
  const struct dns_answer *above = ask_dns(&p->j, unused, DNS_TYPE_TXT);
  return above && above->count && own->count && above->count == own->count && strcmp(PLAN_TEXT(above, 0), PLAN_TEXT(own, 0)) == 0;
}

static void plan_wildcard(struct planning *p) {
  const char *name = ask_name(&p->j, "*._domainkey"), *unused = name_of(p, unused_label(p->j.arena, p->inquiry->domain));
  const struct dns_answer *any = ask_dns(&p->j, unused, DNS_TYPE_TXT), *own = ask_dns(&p->j, name, DNS_TYPE_TXT);
  const struct dns_rr *now[16];
  size_t count = 0;
  if (!any || !own || any->outcome == DNS_FAILED || own->outcome == DNS_FAILED || is_revoked(p, any)) return;
  bool above = is_from_above(p, own);
  for (size_t i = 0; !above && !own->links && i < own->count && count < MEM_COUNT(now); i++) now[count++] = &own->records[i];
  if (own->links) plan_remove_alias(p, own, &revoked_kind);
  plan_txt(p, name, now, count, "v=DKIM1; p=", &revoked_kind);
}

/* A selector's own record hides the wildcard: each must go (RFC 4592 section 2.2.1). An empty key does no harm. */
static void plan_unused(struct planning *p, const char *selector) {
  const char *name = name_of(p, selector);
  const struct dns_answer *txt = ask_dns(&p->j, name, DNS_TYPE_TXT);
  if (!txt || txt->outcome == DNS_FAILED) return;
  if (txt->links) {
    const struct dns_answer *unused = ask_dns(&p->j, name_of(p, unused_label(p->j.arena, p->inquiry->domain)), DNS_TYPE_TXT);
    bool from_wildcard = unused && unused->links && strcmp(unused->chain[0].target, txt->chain[0].target) == 0;
    if (!from_wildcard) plan_change_now(p, plan_change_new(p, PLAN_REMOVE, name, DNS_TYPE_CNAME, &unused_kind), &txt->chain[0]);
    return;
  }
  if (!txt->count || is_revoked(p, txt) || !plan_is_own(p, txt)) return;
  struct plan_change *change = plan_change_new(p, PLAN_REMOVE, name, DNS_TYPE_TXT, &unused_kind);
  for (size_t i = 0; i < txt->count; i++) plan_change_now(p, change, &txt->records[i]);
}

void plan_dkim(struct planning *p) {
  const char *selectors[DKIM_SELECTORS_MOST];
  if (p->profile == PROFILE_RECEIVE_ONLY || !(p->inquiry->topics & 1u << TOPIC_DKIM)) return;
  size_t count = find_selectors(p, selectors);
  if (p->profile == PROFILE_PARKED) {
    plan_wildcard(p);
    for (size_t i = 0; i < count; i++) plan_unused(p, selectors[i]);
    return;
  }
  dkim_plan_given(p);
  for (size_t i = 0; i < count; i++) plan_selector(p, selectors[i]);
  add_tasks(p);
}
