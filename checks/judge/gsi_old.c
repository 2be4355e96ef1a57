#include <string.h>

#include "checks/judge/answers.h"
#include "checks/judge/dmarc.h"
#include "checks/judge/gsi_private.h"
#include "checks/judge/spf_evaluate.h"
#include "checks/parsed.h"

/* Old domains, the one that replaces them, and what the administrator told of both. */

/* ---- what still answers under an old name ---- */

struct old_records {
  const char *name;
  const struct dns_answer *mx, *a, *aaaa, *spf;
  const struct dns_rr *record;             /* its SPF record; null: none, or several */
  struct dmarc_policy_found policy;
};

static const struct dns_answer *ask_old(struct gsi *gsi, const char *name, uint16_t type) {
  size_t before = gsi->failed_count;
  const struct dns_answer *answer = gsi_ask(gsi, name, type);
  gsi->old_failed |= gsi->failed_count > before;
  return answer;
}

static void note_old_failure(struct gsi *gsi, const struct dns_answer *answer) {
  gsi_note_failure(gsi, answer);
  gsi->old_failed = true;
}

/* False: not yet. */
static bool look_at_old(struct gsi *gsi, const char *name, struct old_records *out) {
  struct judgement *j = gsi->j;
  *out = (struct old_records){ .name = name, .mx = ask_old(gsi, name, DNS_TYPE_MX), .a = ask_old(gsi, name, DNS_TYPE_A), .aaaa = ask_old(gsi, name, DNS_TYPE_AAAA) };
  enum spf_selection selection = spf_select(j->store, name, &out->record, &out->spf);
  bool has_policy = dmarc_policy_for(j, name, &out->policy);
  if (selection == SPF_SELECT_WAITING || !has_policy) j->waiting = true;
  if (j->waiting) return false;
  if (selection == SPF_SELECT_ERROR) note_old_failure(gsi, out->spf);
  if (selection != SPF_SELECT_ONE) out->record = NULL;
  if (out->policy.failed) note_old_failure(gsi, out->policy.failed);
  return true;
}

/* A null MX is what is wanted of it: RFC 7505. */
static void judge_resolves(struct gsi *gsi, const struct old_records *old) {
  const struct dns_answer *all[] = { old->mx, old->a, old->aaaa };
  struct finding *finding = NULL;
  for (size_t i = 0; i < MEM_COUNT(all); i++) {
    if (!all[i] || !all[i]->count || (all[i] == old->mx && answer_is_null_mx(old->mx))) continue;
    if (!finding) finding = gsi_tell(gsi, "gsi-old-still-resolves", old->name, old->name, NULL);
    find_seen(gsi->j, finding, &all[i]->seen);
  }
}

static bool denies_all(const struct old_records *old) {
  const struct spf_record *spf = old->record ? parsed_spf(old->spf, old->record) : NULL;
  return spf && spf->valid && spf->count == 1 && spf->all && spf->all->qualifier == '-';
}

/* What it lacks; "" when nothing, or when that could not be looked up. */
static const char *lacking(const struct old_records *old) {
  bool spf = old->spf->outcome != DNS_FAILED && !denies_all(old);
  bool dmarc = !old->policy.failed && old->policy.effective != DMARC_REJECT;
  return spf && dmarc ? _("v=spf1 -all, and a DMARC policy of reject") : spf ? "v=spf1 -all" : dmarc ? _("a DMARC policy of reject") : "";
}

static void judge_protection(struct gsi *gsi, const struct old_records *old) {
  const char *lacks = lacking(old);
  if (!*lacks) return;
  struct finding *finding = gsi_tell(gsi, "gsi-old-not-protected", old->name, old->name, &old->spf->seen);
  find_argument(gsi->j, finding, "lacks", "%s", lacks);
  find_seen(gsi->j, finding, &old->policy.own_answer->seen);
  if (gsi_is_family(old->name) && !name_equal(old->name, gsi->j->inquiry->domain)) gsi_tell(gsi, "gsi-request-route", old->name, old->name, &old->spf->seen);
}

static void judge_old(struct gsi *gsi, const struct inquiry_old_domain *told) {
  struct old_records old;
  const struct dns_answer *soa = ask_dns(gsi->j, told->name, DNS_TYPE_SOA);
  bool looked = look_at_old(gsi, told->name, &old);
  if (!soa) return;
  if (soa->outcome == DNS_NXDOMAIN) {
    gsi_tell(gsi, "gsi-old-gone", told->name, told->name, &soa->seen);
    return;
  }
  if (soa->outcome == DNS_FAILED) note_old_failure(gsi, soa);
  if (told->forwards) gsi_tell(gsi, "gsi-forwarding-breaks-spf", told->name, told->name, &soa->seen);
  if (told->aliases) gsi_tell(gsi, "gsi-alias-domain", told->name, told->name, &soa->seen);
  if (soa->outcome == DNS_FAILED || !looked) return;
  judge_resolves(gsi, &old);
  if (told->sends != TRI_YES) judge_protection(gsi, &old);
}

/* ---- is the new domain ready? ---- */

static const enum topic ready_topics[] = { TOPIC_MX, TOPIC_SPF, TOPIC_DKIM, TOPIC_DMARC, TOPIC_TLS };

static unsigned topics_of_ready(void) {
  unsigned bits = 0;
  for (size_t i = 0; i < MEM_COUNT(ready_topics); i++) bits |= 1u << ready_topics[i];
  return bits;
}

static const struct finding *first_fail(const struct judgement *judged) {
  for (size_t i = 0; i < judged->count; i++)
    if (judged->findings[i]->severity == SEVERITY_FAIL) return judged->findings[i];
  return NULL;
}

/* Its other topics are judged here once more: they ask for nothing that was not asked for them already. */
static void judge_ready(struct gsi *gsi, const char *old, const struct inquiry *from) {
  struct judgement *j = gsi->j;
  struct inquiry inquiry = *from;
  const struct finding *fails[MEM_COUNT(ready_topics)];
  size_t count = 0;
  struct buf topics = BUF_INIT(1024);
  inquiry.topics = topics_of_ready();
  for (size_t i = 0; i < MEM_COUNT(ready_topics); i++) {
    struct judgement judged;
    judge_run(ready_topics[i], j->store, &inquiry, j->arena, &judged);
    j->waiting |= judged.waiting;
    const struct finding *fail = judged.waiting ? NULL : first_fail(&judged);
    if (!fail) continue;
    buf_printf(&topics, topics.length ? ", %s" : "%s", topic_title(ready_topics[i]));
    fails[count++] = fail;
  }
  if (count && !j->waiting) {
    struct finding *finding = gsi_tell(gsi, "gsi-replacement-not-ready", from->domain, from->domain, NULL);
    find_argument(j, finding, "old", "%s", old);
    find_argument(j, finding, "topics", "%s", buf_string(&topics));
    for (size_t i = 0; i < count; i++)
      for (size_t n = 0; n < fails[i]->seen_count; n++) find_seen(j, finding, fails[i]->seen[n]);
  }
  buf_release(&topics);
}

static bool is_about_to_move(const struct inquiry_old_domain *told) { return told->forwards || told->switch_planned; }

/* ---- by which domain ---- */

/* What rests on answers alone shows that the domain was there. */
static struct finding *tell_of_domain(struct gsi *gsi, const char *rule, const char *value) {
  const struct dns_answer *soa = ask_dns(gsi->j, gsi->j->inquiry->domain, DNS_TYPE_SOA);
  return gsi_tell(gsi, rule, NULL, value, soa ? &soa->seen : NULL);
}

static void judge_replacement(struct gsi *gsi, const char *replacement) {
  if (!gsi_is_replacement(replacement)) tell_of_domain(gsi, "gsi-replacement-not-government", replacement);
}

/* The domain is itself an old one. */
static void judge_family(struct gsi *gsi) {
  const struct inquiry *inquiry = gsi->j->inquiry;
  struct inquiry_old_domain itself = inquiry->old_itself;
  tell_of_domain(gsi, "gsi-domain", inquiry->domain);
  tell_of_domain(gsi, "gsi-request-route", inquiry->domain);
  if (inquiry->replacement) judge_replacement(gsi, inquiry->replacement);
  else tell_of_domain(gsi, "gsi-replacement-missing", inquiry->domain);
  itself.name = inquiry->domain;
  judge_old(gsi, &itself);
  if (!inquiry->replacement || !is_about_to_move(&itself)) return;
  struct inquiry other = { .domain = inquiry->replacement, .facts = inquiry->facts, .test_network = inquiry->test_network, .smtp_reachable = inquiry->smtp_reachable,
                           .https_reachable = inquiry->https_reachable };
  judge_ready(gsi, inquiry->domain, &other);
}

/* ---- the lists of the mail system ---- */

static void judge_partner_names(struct gsi *gsi) {
  enum { NAMED = 5 };
  const struct inquiry *inquiry = gsi->j->inquiry;
  struct buf names = BUF_INIT(2048);
  size_t count = 0;
  for (size_t i = 0; i < inquiry->partner_name_count; i++) {
    const char *name = inquiry->partner_names[i];
    if (!gsi_is_family(name + strspn(name, "*."))) continue;
    if (count++ < NAMED) buf_printf(&names, names.length ? ", %s" : "%s", name);
  }
  if (count > NAMED) buf_text(&names, ", …");
  if (count) find_argument(gsi->j, tell_of_domain(gsi, "gsi-partner-rule-leftover", buf_string(&names)), "count", "%zu", count);
  buf_release(&names);
}

void gsi_judge_old_domains(struct gsi *gsi) {
  const struct inquiry *inquiry = gsi->j->inquiry;
  const char *moves = NULL;
  for (size_t i = 0; i < inquiry->old_domain_count; i++) {
    const struct inquiry_old_domain *told = &inquiry->old_domains[i];
    if (name_equal(told->name, inquiry->domain)) continue;
    judge_old(gsi, told);
    if (!moves && is_about_to_move(told)) moves = told->name;
  }
  if (gsi_is_family(inquiry->domain)) judge_family(gsi);
  else if (inquiry->old_domain_count) judge_replacement(gsi, inquiry->domain);
  if (moves) judge_ready(gsi, moves, inquiry);
  judge_partner_names(gsi);
}
