/* The proof: a finished plan is looked at as if somebody else had made it. What is wrong with a change by itself, what it does to what is
 * there, and what the judges say of everything with the changes in place. A problem of severity fail stops the export. */
#include <stdlib.h>
#include <string.h>

#include "checks/examine.h"
#include "src/plan/prove.h"

/* ---- judged as if it were published ---- */

static bool stands_still(const struct verdict *after, const char *rule) {
  for (size_t i = 0; i < after->count; i++)
    if (strcmp(after->findings[i]->rule->id, rule) == 0) return true;
  return false;
}

/* A finding that is there afterwards too was no reason for asking. */
static void keep_true_reasons(struct plan_change *change, const char *domain, const struct verdict *after) {
  size_t kept = 0;
  if (strcmp(change->domain, domain) != 0) return;
  for (size_t i = 0; i < change->why_count; i++)
    if (!stands_still(after, change->why[i])) change->why[kept++] = change->why[i];
  change->why_count = kept;
}

/* Of a host or address that nobody had looked at before, a mail server whose name was mistyped: the record does not cause it. */
static bool is_newly_seen(const struct verdict *before, const struct finding *finding) {
  if (finding->topic != TOPIC_ADDRESS && finding->topic != TOPIC_TLS && finding->topic != TOPIC_DANE) return false;
  for (size_t i = 0; i < before->count; i++)
    if (strcmp(before->findings[i]->subject, finding->subject) == 0) return false;
  return true;
}

static void compare(struct proof *proof, const struct verdict *after) {
  struct planning *p = proof->p;
  for (size_t i = 0; i < after->count; i++) {
    const struct finding *finding = after->findings[i];
    if (finding->severity != SEVERITY_FAIL || verdict_find(p->verdict, finding->rule->id, finding->subject) || is_newly_seen(p->verdict, finding)) continue;
    plan_problem(p, "plan-record-invalid", finding->subject, "{rule}: {detail}", "rule", finding->rule->id, "detail", finding_detail(p->j.arena, finding), NULL);
  }
  for (size_t i = 0; i < p->plan->change_count; i++) keep_true_reasons(&p->plan->changes[i], p->inquiry->domain, after);
}

static void judge_after(struct proof *proof) {
  struct planning *p = proof->p;
  struct inquiry inquiry = *p->inquiry;
  const uint32_t *missed;
  inquiry.profile = p->profile; /* the domain is what it was */
  store_mark_misses(proof->after);
  const struct verdict *after = examine_store(p->j.arena, proof->after, &inquiry);
  if (store_missed(proof->after, &missed) > 0) p->plan->waiting = true;
  else compare(proof, after);
}

void plan_prove(struct planning *p) {
  struct plan *whole = p->plan, chosen = plan_chosen(p->j.arena, whole);
  p->plan = &chosen;
  struct proof proof = { .p = p, .after = store_overlay(p->j.store) };
  plan_apply(p->plan, proof.after);
  prove_forms(&proof);
  prove_neighbours(&proof);
  prove_routes(&proof);
  prove_spf(&proof);
  prove_dmarc(&proof);
  prove_mail_servers(&proof);
  prove_secure(&proof);
  if (p->plan->change_count) judge_after(&proof);
  p->plan->waiting |= p->j.waiting;
  store_free(&proof.after);
  plan_take_back(whole, &chosen);
  p->plan = whole;
}
