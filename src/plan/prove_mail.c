#include <stdlib.h>
#include <string.h>

#include "checks/judge/dmarc.h"
#include "checks/judge/mtasts.h"
#include "checks/judge/spf_evaluate.h"
#include "checks/judge/spf_tree.h"
#include "src/plan/dmarc.h"
#include "src/plan/prove.h"
#include "src/plan/spf.h"

enum { MOST_LOOKUPS = 10, MOST_VOIDS = 2 };

static const struct plan_change *change_at(const struct proof *proof, const char *name, uint16_t type) {
  const struct plan *plan = proof->p->plan;
  for (size_t i = 0; i < plan->change_count; i++)
    if (plan->changes[i].type == type && strcmp(plan->changes[i].name, name) == 0 && strcmp(plan->changes[i].domain, proof->p->inquiry->domain) == 0) return &plan->changes[i];
  return NULL;
}

/* ---- SPF ---- */

static enum spf_result result_of(struct proof *proof, struct store *store, const struct ip *ip) {
  struct planning *p = proof->p;
  struct spf_request request = { .ip = *ip, .domain = p->inquiry->domain, .sender = arena_printf(p->j.arena, "postmaster@%s", p->inquiry->domain), .helo = p->inquiry->domain };
  struct spf_outcome outcome = { .result = SPF_TEMPERROR };
  if (spf_evaluate(store, p->j.arena, &request, &outcome)) return outcome.result;
  p->j.waiting = true;
  return SPF_TEMPERROR;
}

/* Who passes today by the user's list must pass tomorrow, as a receiver would find it. */
static void prove_senders(struct proof *proof) {
  struct planning *p = proof->p;
  for (size_t i = 0; i < p->inquiry->sending_count; i++) {
    const struct ip *ip = &p->inquiry->sending[i];
    char text[IP_TEXT];
    if (!spf_sends_here(p->inquiry, ip)) continue;
    enum spf_result before = result_of(proof, p->j.store, ip), after = result_of(proof, proof->after, ip);
    if (before != SPF_PASS || after == SPF_PASS || after == SPF_TEMPERROR) continue;
    ip_format(ip, text);
    plan_problem(p, "plan-spf-loses-sender", p->inquiry->domain, _("{address} may send today, is in your list, and would not pass the wanted SPF record."), "address", text, NULL);
  }
}

static bool names_service(struct proof *proof, const char *text, const struct service_facts *service) {
  const struct spf_record *record = spf_parse(proof->p->j.arena, text, strlen(text));
  for (size_t i = 0; i < record->count; i++) {
    const char *term = record->terms[i].text;
    while (*term && strchr("+-~?", *term)) term++;
    if (facts_service_of_spf(proof->p->inquiry->facts, term, proof->p->inquiry->domain, NULL) == service) return true;
  }
  return false;
}

static void prove_services(struct proof *proof, const struct plan_change *change) {
  const struct inquiry *inquiry = proof->p->inquiry;
  for (size_t i = 0; i < inquiry->service_count; i++) {
    const struct inquiry_service *listed = &inquiry->services[i];
    const struct service_facts *service = *listed->id ? facts_service_find(inquiry->facts, listed->id) : NULL;
    if (!service || !listed->sends || !service->spf_wanted || (listed->domain && *listed->domain && !name_equal(listed->domain, inquiry->domain))) continue;
    bool now = false;
    for (size_t n = 0; n < change->now_count; n++) now |= spf_is_record(change->now[n], strlen(change->now[n])) && names_service(proof, change->now[n], service);
    for (size_t n = 0; now && n < service->spf_count; n++) /* held by another include: as good */
      now &= !(text_starts(service->spf[n].text, "include:") && spf_reaches(proof->p, change->wanted[0], name_lower(proof->p->j.arena, service->spf[n].text + strlen("include:"))));
    if (now && !names_service(proof, change->wanted[0], service))
      plan_problem(proof->p, "plan-spf-loses-sender", inquiry->domain, _("{service} is in your list and in the present SPF record, and would not be in the wanted one."), "service", service->name, NULL);
  }
}

static void prove_limits(struct proof *proof, const struct plan_change *change) {
  const char *text = change->wanted[0];
  const struct spf_tree *tree = spf_tree_grow(proof->after, proof->p->j.arena, change->name, text, strlen(text));
  if (!tree) {
    proof->p->j.waiting = true;
    return;
  }
  if (tree->lookups > MOST_LOOKUPS || tree->voids4 > MOST_VOIDS)
    plan_problem(proof->p, "plan-spf-lookups", change->name, _("The wanted SPF record would need {lookups} look-ups (10 are allowed) and {voids} empty ones (2 are allowed)."), "lookups",
                 arena_printf(proof->p->j.arena, "%u", tree->lookups), "voids", arena_printf(proof->p->j.arena, "%u", tree->voids4), NULL);
  if (tree->broken) plan_problem(proof->p, "plan-record-invalid", change->name, _("The wanted SPF record would end in an error for receivers."), NULL);
}

void prove_spf(struct proof *proof) {
  const struct plan *plan = proof->p->plan;
  for (size_t i = 0; i < plan->change_count; i++) {
    const struct plan_change *change = &plan->changes[i];
    if (change->type != DNS_TYPE_TXT || !change->wanted_count || !spf_is_record(change->wanted[0], strlen(change->wanted[0]))) continue;
    prove_limits(proof, change);
    if (strcmp(change->name, proof->p->inquiry->domain) != 0 || proof->p->profile == PROFILE_PARKED || proof->p->profile == PROFILE_RECEIVE_ONLY) continue;
    prove_senders(proof);
    prove_services(proof, change);
  }
}

/* ---- DMARC ---- */

static void tell(struct proof *proof, const struct plan_change *change, const char *rule, const char *sentence, const char *value) {
  plan_problem(proof->p, rule, change->name, sentence, "value", value, "name", change->name, NULL);
}

static bool holds_address(const struct report_uris *uris, const char *address) {
  for (size_t i = 0; uris && i < uris->count; i++)
    if (text_equal(uris->all[i].address, address)) return true;
  return false;
}

static void prove_reports(struct proof *proof, const struct plan_change *change, const struct dmarc_record *now, const struct dmarc_record *wanted) {
  bool receives = dmarc_takes_mail(proof->p);
  for (size_t i = 0; now->rua && i < now->rua->count; i++) {
    const struct report_uri *uri = &now->rua->all[i];
    bool own = !uri->fault && uri->scheme == REPORT_MAILTO && name_equal(uri->host, proof->p->inquiry->domain) && receives;
    if (own && !holds_address(wanted->rua, uri->address)) tell(proof, change, "plan-dmarc-loses-report", _("The report address {value} is yours, and would not be in the wanted record."), uri->address);
  }
  for (size_t i = 0; wanted->rua && i < wanted->rua->count; i++) {
    const struct report_uri *uri = &wanted->rua->all[i];
    enum report_permission permission;
    const char *name;
    struct judgement j = { .store = proof->after, .inquiry = proof->p->inquiry, .arena = proof->p->j.arena, .topic = TOPIC_DMARC };
    if (uri->fault || uri->scheme != REPORT_MAILTO || mailcheck_is_dmarc_address(uri->address)) continue;
    if (!dmarc_report_permission(&j, change->domain, uri->host, &permission, &name)) proof->p->j.waiting = true;
    else if (permission == REPORT_UNAUTHORISED) tell(proof, change, "plan-dmarc-external-report", _("Reports to {value} need a record of its owner's that is not there yet."), uri->address);
  }
}

static enum dmarc_policy strength(const struct dmarc_record *record, const char *tag) {
  return strcmp(tag, "sp") == 0 ? dmarc_effective_sp(record) : dmarc_effective_np(record);
}

static void prove_tags(struct proof *proof, const struct plan_change *change, const struct dmarc_record *now, const struct dmarc_record *wanted) {
  static const char *const policies[] = { "sp", "np" };
  for (size_t i = 0; i < MEM_COUNT(policies); i++) {
    const struct tag *tag = taglist_find(now->tags, policies[i]);
    enum dmarc_policy present = strcmp(policies[i], "sp") == 0 ? now->sp : now->np;
    if (tag && present >= DMARC_NONE && present <= DMARC_REJECT && strength(wanted, policies[i]) < present) tell(proof, change, "plan-dmarc-loses-tag", _("The tag {value} goes, or becomes weaker."), policies[i]);
  }
  if (now->adkim == 's' && wanted->adkim != 's') tell(proof, change, "plan-dmarc-loses-tag", _("The tag {value} goes, or becomes weaker."), "adkim");
  if (now->aspf == 's' && wanted->aspf != 's') tell(proof, change, "plan-dmarc-loses-tag", _("The tag {value} goes, or becomes weaker."), "aspf");
  if (now->psd == 'n' && wanted->psd != 'n') tell(proof, change, "plan-dmarc-loses-tag", _("The tag {value} goes, or becomes weaker."), "psd");
}

/* The policy that receivers act on today against the one that they will act on, a step down while t=y stands. */
static enum dmarc_policy stepped(enum dmarc_policy p, const struct dmarc_record *record) {
  return record->t == 'y' && p > DMARC_NONE && p <= DMARC_REJECT ? (enum dmarc_policy)(p - 1) : p;
}

static enum dmarc_policy acted_on(const struct dmarc_record *record) { return stepped(dmarc_effective_p(record), record); }

/* Of a name without a record of its own: a wildcard's, or one above it. */
static enum dmarc_policy acted_on_without(struct proof *proof, const char *domain) {
  struct dmarc_policy_found policy;
  return dmarc_policy_for(&proof->p->j, domain, &policy) && policy.applies ? stepped(policy.effective, policy.applies) : DMARC_ABSENT;
}

static void prove_policy(struct proof *proof, const struct plan_change *change, enum dmarc_policy before, const struct dmarc_record *wanted) {
  enum dmarc_policy after = acted_on(wanted);
  bool sends = proof->p->profile != PROFILE_PARKED && strcmp(change->domain, proof->p->inquiry->domain) == 0;
  if (after < before) tell(proof, change, "plan-dmarc-policy-lowered", _("The wanted policy is weaker than the present one, {value}."), dmarc_policy_name(before));
  if (sends && before <= DMARC_NONE && after == DMARC_REJECT) tell(proof, change, "plan-dmarc-policy-jump", _("{name} would go from no policy to reject in one step."), "");
}

static void prove_record(struct proof *proof, const struct plan_change *change) {
  struct arena *arena = proof->p->j.arena;
  const struct dmarc_record *wanted = dmarc_parse(arena, change->wanted[0], strlen(change->wanted[0])), *kept = NULL;
  size_t records = 0;
  for (size_t i = 0; i < change->now_count; i++) {
    const struct dmarc_record *now = dmarc_parse(arena, change->now[i], strlen(change->now[i]));
    if (dmarc_is_record(change->now[i], strlen(change->now[i])) || change->now_count == 1) prove_reports(proof, change, now, wanted);
    if (!dmarc_is_record(change->now[i], strlen(change->now[i]))) continue;
    kept = now;
    records++;
  }
  if (!change->now_count) prove_reports(proof, change, wanted, wanted);
  if (records == 1) prove_tags(proof, change, kept, wanted);
  prove_policy(proof, change, records == 1 ? acted_on(kept) : acted_on_without(proof, change->domain), wanted);
}

void prove_dmarc(struct proof *proof) {
  const struct plan *plan = proof->p->plan;
  for (size_t i = 0; i < plan->change_count; i++) {
    const struct plan_change *change = &plan->changes[i];
    bool is = change->type == DNS_TYPE_TXT && change->wanted_count && strncmp(change->name, "_dmarc.", 7) == 0;
    if (is) prove_record(proof, change);
  }
}

/* ---- MX against the policies that name mail servers ---- */

static void prove_against_policy(struct proof *proof, const struct plan_change *change, const char *host) {
  struct planning *p = proof->p;
  const struct mtasts_policy *policy = mtasts_policy_of(&p->j, p->inquiry->domain);
  bool listed = !policy || policy->mode != MTASTS_ENFORCE;
  for (size_t i = 0; policy && i < policy->mx_count; i++) listed |= mtasts_pattern_matches(policy->mx[i], host);
  if (!listed) plan_problem(p, "plan-mx-before-mtasts", change->name, _("{host} is not in the MTA-STS policy that senders enforce. Put it into the policy file first, and raise the id."), "host", host, NULL);
}

/* The record must not be asked for before the file is served in a way that senders accept (RFC 8461 section 8.1). */
static void prove_mtasts(struct proof *proof) {
  struct planning *p = proof->p;
  const struct plan_change *change = change_at(proof, ask_name(&p->j, "_mta-sts"), DNS_TYPE_TXT);
  if (!change || !change->wanted_count) return;
  struct judgement j = { .store = proof->after, .inquiry = p->inquiry, .arena = p->j.arena, .topic = TOPIC_MTASTS };
  const struct mtasts_policy *policy = mtasts_policy_of(&j, p->inquiry->domain);
  p->j.waiting |= j.waiting;
  const struct mtasts_record wanted = mtasts_parse(p->j.arena, change->wanted[0], strlen(change->wanted[0]));
  if (!policy && !j.waiting) plan_problem(p, "plan-mtasts-before-policy", change->name, _("The record of {name} is wanted, and its policy file is not served in a way that senders accept."), "name", change->name, NULL);
  for (size_t i = 0; i < change->now_count; i++) {
    const struct mtasts_record now = mtasts_parse(p->j.arena, change->now[i], strlen(change->now[i]));
    if (p->options->mtasts_file_changed && now.id && wanted.id && strcmp(now.id, wanted.id) == 0)
      plan_problem(p, "plan-mtasts-id-unchanged", change->name, _("The policy file changes, and the id of {name} stays."), "name", change->name, NULL);
  }
}

static bool has_task(const struct plan *plan, const char *id) {
  for (size_t i = 0; i < plan->task_count; i++)
    if (strcmp(plan->tasks[i].id, id) == 0) return true;
  return false;
}

void prove_mail_servers(struct proof *proof) {
  struct planning *p = proof->p;
  for (size_t i = 0; i < p->plan->change_count; i++) {
    const struct plan_change *change = &p->plan->changes[i];
    for (size_t n = 0; change->type == DNS_TYPE_MX && strcmp(change->name, p->inquiry->domain) == 0 && n < change->wanted_count; n++) {
      const char *space = strchr(change->wanted[n], ' '), *host = name_lower(p->j.arena, space ? space + 1 : "");
      if (*host) prove_against_policy(proof, change, host);
    }
  }
  prove_mtasts(proof);
  const struct plan_change *record = change_at(proof, ask_name(&p->j, "_mta-sts"), DNS_TYPE_TXT);
  if (record && record->now_count && has_task(p->plan, "mtasts-change-policy"))
    plan_problem(p, "plan-mtasts-id-before-file", record->name, _("The id of {name} would change before the policy file does. Replace the file first."), "name", record->name, NULL);
}
