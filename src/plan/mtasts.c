#include <openssl/sha.h>
#include <string.h>

#include "checks/judge/gsi.h"
#include "checks/judge/mtasts.h"
#include "src/plan/private.h"

static const struct plan_kind mtasts_kind = {
  "mtasts", ORDER_MTASTS, N_("MTA-STS: tells senders that this domain has a policy for encrypted delivery. It must be published after the policy file is in place."),
  N_("It comes after the policy file, and after TLS reporting."), "mtasts- gsi-mtasts ns-txt-l ns-txt-ty ns-txt-b ns-name-",
};

enum { MOST_RECORDS = 16, MOST_PATTERNS = 64, TESTING_AGE = 86400, ENFORCE_AGE = 1209600 };

struct wanted_policy {
  enum mtasts_mode mode;
  uint32_t max_age;
  const char *mx[MOST_PATTERNS];
  size_t count;
};

/* ---- the policy ---- */

/* As it has to be served: lines end in CRLF (RFC 8461 section 3.2). */
static const char *policy_text(struct arena *arena, const struct wanted_policy *policy) {
  struct buf out = BUF_INIT(32768);
  buf_printf(&out, "version: STSv1\r\nmode: %s\r\n", policy->mode == MTASTS_ENFORCE ? "enforce" : policy->mode == MTASTS_NONE ? "none" : "testing");
  for (size_t i = 0; i < policy->count; i++) buf_printf(&out, "mx: %s\r\n", policy->mx[i]);
  buf_printf(&out, "max_age: %u\r\n", policy->max_age);
  const char *text = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

/* Made of the policy alone: it changes exactly when the policy changes. */
static const char *id_of(struct planning *p, const struct wanted_policy *policy) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  const char *text = policy_text(p->j.arena, policy);
  if (p->options->mtasts_id) return p->options->mtasts_id;
  SHA256((const unsigned char *)text, strlen(text), digest);
  return arena_printf(p->j.arena, "%02x%02x%02x%02x%02x%02x%02x%02x", digest[0], digest[1], digest[2], digest[3], digest[4], digest[5], digest[6], digest[7]);
}

static bool is_made_id(const char *id) { return strlen(id) == 16 && strspn(id, "0123456789abcdef") == 16; }

static void add_pattern(struct wanted_policy *policy, const char *pattern) {
  for (size_t i = 0; i < policy->count; i++)
    if (strcmp(policy->mx[i], pattern) == 0) return;
  if (policy->count < MOST_PATTERNS) policy->mx[policy->count++] = pattern;
}

static bool is_listed(const struct wanted_policy *policy, const char *host) {
  for (size_t i = 0; i < policy->count; i++)
    if (mtasts_pattern_matches(policy->mx[i], host)) return true;
  return false;
}

/* Mail servers that are there: a dead one in the policy helps nobody. */
static bool is_live(struct planning *p, const char *host) {
  const struct dns_answer *a = ask_dns(&p->j, host, DNS_TYPE_A), *aaaa = ask_dns(&p->j, host, DNS_TYPE_AAAA);
  if (!a || !aaaa) return false;
  return a->count || aaaa->count || a->outcome == DNS_FAILED || aaaa->outcome == DNS_FAILED;
}

static void add_hosts(struct planning *p, const struct dns_answer *mx, struct wanted_policy *policy) {
  for (size_t i = 0; i < mx->count; i++) {
    const char *host = mx->records[i].mx.host;
    if (name_is_host(host) && !gsi_is_family(host) && !is_listed(policy, host) && is_live(p, host)) add_pattern(policy, host);
  }
}

/* The owner's patterns stay, also those of a planned move; what names the gsi family or is no pattern goes. */
static void keep_patterns(const struct mtasts_policy *served, struct wanted_policy *policy) {
  for (size_t i = 0; i < served->mx_count; i++) {
    const char *name = name_without_star(served->mx[i]);
    if (mtasts_pattern_valid(served->mx[i]) && !gsi_is_family(name)) add_pattern(policy, served->mx[i]);
  }
}

static void choose_mode(struct planning *p, const struct mtasts_policy *served, struct wanted_policy *policy) {
  bool known = served && (served->mode == MTASTS_ENFORCE || served->mode == MTASTS_TESTING || served->mode == MTASTS_NONE);
  policy->mode = known ? served->mode : MTASTS_TESTING;
  if (p->options->mtasts_enforce && known && served->mode == MTASTS_TESTING) policy->mode = MTASTS_ENFORCE;
  if (p->options->mtasts_enforce && !known)
    plan_problem(p, "plan-mtasts-enforce-early", p->inquiry->domain, _("A first policy is for testing. Enforce comes after 14 days of testing without failures in the reports."), NULL);
  else if (policy->mode == MTASTS_ENFORCE && served->mode == MTASTS_TESTING && !verdict_has(p->verdict, "mtasts-ready-for-enforce"))
    plan_problem(p, "plan-mtasts-enforce-early", p->inquiry->domain, _("The policy is not ready to be enforced: a mail server is not listed or fails, or there is no TLS reporting."), NULL);
  uint32_t least = policy->mode == MTASTS_ENFORCE ? ENFORCE_AGE : TESTING_AGE;
  bool age = served && !(served->faults & (MTASTS_FAULT_MAX_AGE_MISSING | MTASTS_FAULT_MAX_AGE_INVALID)) && served->max_age >= least;
  policy->max_age = age ? served->max_age : least;
}

static struct wanted_policy make_policy(struct planning *p, const struct dns_answer *mx, const struct mtasts_policy *served) {
  struct wanted_policy policy = { .count = 0 };
  if (served) keep_patterns(served, &policy);
  add_hosts(p, mx, &policy);
  choose_mode(p, served, &policy);
  return policy;
}

static bool same_policy(const struct mtasts_policy *served, const struct wanted_policy *wanted) {
  if (!mtasts_policy_sound(served) || served->mode != wanted->mode || served->max_age != wanted->max_age || served->mx_count != wanted->count) return false;
  for (size_t i = 0; i < wanted->count; i++)
    if (strcmp(served->mx[i], wanted->mx[i]) != 0) return false;
  return true;
}

/* ---- what is served ---- */

enum serving { SERVED_NOT, SERVED_FAULTY /* a file that senders cannot use */, SERVED_RIGHT, SERVED_UNKNOWN };

/* Senders take a file only over a right certificate, and follow no redirect (RFC 8461 section 3.3): the judge looks at that. */
static enum serving look_at_file(struct planning *p, const struct mtasts_policy **out) {
  const char *host = ask_name(&p->j, "mta-sts");
  const struct dns_answer *a = ask_dns(&p->j, host, DNS_TYPE_A), *aaaa = ask_dns(&p->j, host, DNS_TYPE_AAAA);
  struct judgement j = { .store = p->j.store, .inquiry = p->inquiry, .arena = p->j.arena, .topic = TOPIC_MTASTS };
  *out = NULL;
  if (!a || !aaaa || a->outcome == DNS_FAILED || aaaa->outcome == DNS_FAILED) return SERVED_UNKNOWN;
  if (!a->count && !aaaa->count) return SERVED_NOT;
  *out = mtasts_judge_fetch(&j, a, aaaa);
  p->j.waiting |= j.waiting;
  if (j.waiting) return SERVED_UNKNOWN;
  for (size_t i = 0; !*out && i < j.count; i++)
    if (j.findings[i]->severity == SEVERITY_UNKNOWN) return SERVED_UNKNOWN;
  return !*out || !(*out)->any_known_key ? SERVED_NOT : mtasts_policy_sound(*out) ? SERVED_RIGHT : SERVED_FAULTY;
}

/* ---- the record ---- */

struct present { const struct dns_rr *now[MOST_RECORDS]; size_t count, kept; struct mtasts_record record; const char *misplaced; };

static void read_present(struct planning *p, const struct dns_answer *answer, struct present *out) {
  *out = (struct present){ .count = 0 };
  bool own = plan_is_own(p, answer);
  for (size_t i = 0; own && i < answer->count && out->count < MOST_RECORDS; i++) {
    const struct dns_rr *rr = &answer->records[i];
    bool kept = mtasts_is_record(rr->txt.bytes, rr->txt.length);
    const char *clean = plan_clean(p->j.arena, rr->txt.bytes);
    if (!kept && !mtasts_near_miss(rr->txt.bytes) && !mtasts_is_record(clean, strlen(clean))) continue;
    out->now[out->count++] = rr;
    out->kept += kept;
    if (kept) out->record = mtasts_parse(p->j.arena, rr->txt.bytes, rr->txt.length);
  }
  out->misplaced = out->count ? NULL : plan_misplaced(p, "v=STSv1");
}

static bool is_sound(const struct present *present) { return present->count == 1 && present->kept == 1 && present->record.id_valid && !present->record.bad_count; }

/* Must the id change? With a faulty record, with a file that the user put in place, and when an id that was made from a policy is that of
 * another one. An id of the owner's own making says nothing of the file. */
static bool needs_id(struct planning *p, const struct present *present, const char *id) {
  if (!is_sound(present)) return true;
  if (strcmp(present->record.id, id) == 0) return false;
  return p->options->mtasts_file_changed || is_made_id(present->record.id);
}

static const char *record_for(struct planning *p, const char *id) { return arena_printf(p->j.arena, "v=STSv1; id=%s", id); }

static void ask_for_file(struct planning *p, const struct present *present, const struct wanted_policy *policy, bool there) {
  const char *where = arena_printf(p->j.arena, "https://mta-sts.%s%s", p->inquiry->domain, MTASTS_PATH);
  if (!there)
    plan_task(p, "mtasts-host-policy", "mtasts", policy_text(p->j.arena, policy),
              _("Serve this policy file at {where} with a certificate for that name, every line ended by CR and LF. When it is there, plan again and ask for the record"), "where", where, NULL);
  else
    plan_task(p, "mtasts-change-policy", "mtasts", policy_text(p->j.arena, policy),
              present->count ? _("Replace the policy file at {where} by this one, every line ended by CR and LF. When it is there, plan again and ask for the new id: the record will be {record}")
                             : _("Replace the policy file at {where} by this one, every line ended by CR and LF. When it is there, plan again and ask for the record {record}"),
              "where", where, "record", record_for(p, id_of(p, policy)), NULL);
}

static void plan_with_mail(struct planning *p, const char *name, const struct present *present, const struct dns_answer *mx) {
  const struct mtasts_policy *served;
  enum serving serving = look_at_file(p, &served);
  if (serving == SERVED_UNKNOWN || p->j.waiting) return;
  struct wanted_policy policy = make_policy(p, mx, served);
  if (!policy.count && policy.mode != MTASTS_NONE) return; /* the mail servers come first */
  bool there = serving != SERVED_NOT, right = serving == SERVED_RIGHT && same_policy(served, &policy);
  if (!right) ask_for_file(p, present, &policy, there);
  if (serving != SERVED_RIGHT) return;
  struct wanted_policy as_served = { .mode = served->mode, .max_age = served->max_age };
  for (size_t i = 0; i < served->mx_count; i++) add_pattern(&as_served, served->mx[i]);
  const char *id = id_of(p, &as_served);
  if (needs_id(p, present, id)) plan_txt(p, name, present->now, present->count, record_for(p, id), &mtasts_kind);
}

/* ---- a domain that takes no mail ---- */

static void plan_withdrawal(struct planning *p, const struct present *present) {
  if (!present->count) return;
  plan_task(p, "mtasts-withdraw", "mtasts", "version: STSv1\r\nmode: none\r\nmax_age: 86400\r\n",
            _("{domain} takes no email, and has an MTA-STS record. Serve this policy, raise the id, and when the old policy's time is over ask for the record to be removed"), "domain", p->inquiry->domain, NULL);
}

void plan_mtasts(struct planning *p) {
  const char *name = ask_name(&p->j, "_mta-sts");
  const struct dns_answer *answer = ask_dns(&p->j, name, DNS_TYPE_TXT), *mx = ask_dns(&p->j, p->inquiry->domain, DNS_TYPE_MX);
  struct present present;
  if (!answer || !mx || !(p->inquiry->topics & 1u << TOPIC_MTASTS)) return;
  if (answer->outcome == DNS_FAILED) {
    plan_unknown(p, name, _("The TXT records of {name} could not be looked up, so MTA-STS is left out of the plan."));
    return;
  }
  read_present(p, answer, &present);
  if (p->profile == PROFILE_PARKED || p->profile == PROFILE_SEND_ONLY) {
    plan_withdrawal(p, &present);
    return;
  }
  if (p->options->as_2020 & PLAN_2020_NO_MTASTS && !present.count) return; /* the guidance of 2020 does not know it */
  if (mx->outcome != DNS_ANSWER || !*mx->records[0].mx.host || (answer->links && answer->count)) return;
  plan_with_mail(p, name, &present, mx);
}
