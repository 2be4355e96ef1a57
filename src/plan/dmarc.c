#include "src/plan/dmarc.h"

#include <string.h>

#include "checks/judge/gsi.h"

static const struct plan_kind dmarc_kind = {
  "dns-dmarc", ORDER_DMARC, N_("DMARC: tells receivers what to do with email that is forged in the name of this domain, and where to send reports."),
  N_("It comes when SPF and DKIM are live, since receivers judge by them."), "dmarc- parked-dmarc gsi-dmarc ns-txt-l ns-txt-ty ns-txt-b ns-name-",
};

/* ---- what is there ---- */

enum { MOST_RECORDS = 16 };

struct present {
  const struct dns_rr *now[MOST_RECORDS];
  size_t count;
  size_t kept;                    /* those that receivers keep */
  const struct dns_rr *only;      /* the one that they act on; null: none, or several */
  const char *wildcard;           /* the record that a wildcard gives */
  const char *misplaced;          /* text that stands where nobody looks */
  enum dmarc_policy in_effect;    /* for the domain, own or inherited; DMARC_ABSENT: none */
  bool inherited;
};

static const char *at_apex(struct planning *p) {
  const struct dns_answer *answer = ask_dns(&p->j, p->inquiry->domain, DNS_TYPE_TXT);
  for (size_t i = 0; answer && !answer->links && i < answer->count; i++)
    if (dmarc_is_record(PLAN_TEXT(answer, i), answer->records[i].txt.length)) return PLAN_TEXT(answer, i);
  return NULL;
}

/* What a wildcard says of the name counts as its record now: one of its own must say the same at least. */
static const char *of_wildcard(const struct dns_answer *answer) {
  const char *text = NULL;
  size_t kept = 0;
  for (size_t i = 0; i < answer->count; i++)
    if (dmarc_is_record(PLAN_TEXT(answer, i), answer->records[i].txt.length)) text = PLAN_TEXT(answer, i), kept++;
  return kept == 1 && !answer->links ? text : NULL;
}

static void read_present(struct planning *p, const struct dns_answer *answer, struct present *out) {
  *out = (struct present){ .in_effect = DMARC_ABSENT };
  bool own = plan_is_own(p, answer);
  for (size_t i = 0; own && i < answer->count && out->count < MOST_RECORDS; i++) {
    const struct dns_rr *rr = &answer->records[i];
    const char *clean = plan_clean(p->j.arena, rr->txt.bytes);
    bool kept = dmarc_is_record(rr->txt.bytes, rr->txt.length);
    if (!kept && !dmarc_near_miss(rr->txt.bytes, rr->txt.length) && !dmarc_is_record(clean, strlen(clean))) continue;
    out->now[out->count++] = rr;
    out->kept += kept;
    if (kept) out->only = rr;
  }
  if (out->kept != 1) out->only = NULL;
  if (!own) out->wildcard = of_wildcard(answer);
  struct dmarc_policy_found policy;
  if (dmarc_policy_for(&p->j, p->inquiry->domain, &policy) && policy.applies) {
    out->in_effect = policy.effective;
    out->inherited = strcmp(policy.from, p->inquiry->domain) != 0;
  }
  if (!out->count && !out->wildcard) out->misplaced = plan_misplaced(p, "v=DMARC1");
  if (!out->count && !out->wildcard && !out->misplaced) out->misplaced = at_apex(p);
}

/* ---- the policy ---- */

static enum dmarc_policy policy_of(const char *value) {
  for (enum dmarc_policy policy = DMARC_NONE; policy <= DMARC_REJECT; policy++)
    if (value && text_equal(value, dmarc_policy_name(policy))) return policy;
  return DMARC_ABSENT;
}

static void say_jump(struct planning *p, const char *sentence) { plan_problem(p, "plan-dmarc-policy-jump", name_join(p->j.arena, "_dmarc", p->inquiry->domain), sentence, NULL); }

/* A record that receivers ignore has protected nobody and broken nothing: put right, it must not start at reject. */
static enum dmarc_policy starting_policy(struct planning *p, enum dmarc_policy written, const struct present *present) {
  enum dmarc_policy now = present->in_effect;
  if (written == DMARC_ABSENT) return now == DMARC_ABSENT ? DMARC_NONE : now;
  if (written <= now || (present->only && now == written)) return now > written ? now : written;
  if (written == DMARC_REJECT && now <= DMARC_NONE) {
    say_jump(p, _("The record says reject, and receivers do not act on it as it stands. Put right, it starts at quarantine; reject comes when the reports show that nothing of your own fails."));
    return DMARC_QUARANTINE;
  }
  return written;
}

/* One step of the route, never two. `t=y` is a step of its own: receivers go one level down while it stands (RFC 9989 section 4.7). */
static void raise_policy(struct planning *p, struct dmarc_tags *tags) {
  enum dmarc_policy now = policy_of(dmarc_tags_get(tags, "p")), aim = p->options->dmarc_step == PLAN_DMARC_REJECT ? DMARC_REJECT : p->options->dmarc_step == PLAN_DMARC_QUARANTINE ? DMARC_QUARANTINE : DMARC_ABSENT;
  bool testing = dmarc_tags_get(tags, "t") && text_equal(dmarc_tags_get(tags, "t"), "y");
  if (aim == DMARC_ABSENT) return;
  if (testing && now <= aim) {
    dmarc_tags_remove(tags, "t");
    if (now > DMARC_NONE) {
      if (now < aim) say_jump(p, _("The testing mark goes first; the next step raises the policy."));
      return;
    }
  }
  if (now >= aim) return;
  if (aim == DMARC_REJECT && now == DMARC_NONE) say_jump(p, _("From none the next step is quarantine. Reject comes after that."));
  dmarc_tags_set(tags, "p", now == DMARC_NONE ? "quarantine" : "reject");
}

/* The walk goes on to the suffix when that has a record without psd=y. Asked above the domain, so that a psd of its own does not hide it. */
static bool suffix_has_record(struct planning *p) {
  struct dmarc_policy_found above;
  const char *domain = p->inquiry->domain, *suffix = name_parent(domain);
  if (suffix_is_public(domain) || strcmp(suffix_registrable(domain), domain) != 0 || !*suffix) return false;
  if (!dmarc_policy_for(&p->j, suffix, &above) || !above.walk_known) return false;
  return above.own ? above.own->psd != 'y' : !name_equal(above.org_by_walk, suffix);
}

/* psd=n says that this is an organisation's own domain and no suffix: other bodies' email can then not count as aligned. */
static void add_psd(struct planning *p, struct dmarc_tags *tags) {
  const char *adkim = dmarc_tags_get(tags, "adkim"), *aspf = dmarc_tags_get(tags, "aspf"), *psd = dmarc_tags_get(tags, "psd");
  bool strict = adkim && aspf && text_equal(adkim, "s") && text_equal(aspf, "s");
  if (!(p->options->as_2020 & PLAN_2020_DMARC_PSD) && !strict && (!psd || text_equal(psd, "u")) && suffix_has_record(p)) dmarc_tags_set(tags, "psd", "n");
}

/* To the letter of 2020: its address before one of the organisation's own, and fo=1. A record that is right without stays as it is. */
static void add_2020(struct planning *p, struct dmarc_tags *tags) {
  static const char address[] = "mailto:dmarc-rua@dmarc.service.gov.uk";
  const char *there = dmarc_tags_get(tags, "rua"), *own = dmarc_own_mailbox(p);
  if (!there && own) there = arena_printf(p->j.arena, "mailto:%s", own);
  bool wanted = p->options->as_2020 & PLAN_2020_DMARC_ADDRESS && !(there && strstr(there, address));
  if (p->options->as_2020 & PLAN_2020_DMARC_FO && !dmarc_tags_get(tags, "fo")) dmarc_tags_set(tags, "fo", "1");
  if (wanted) there = there ? arena_printf(p->j.arena, "%s,%s", address, there) : address;
  if (there) dmarc_tags_set(tags, "rua", there);
}

/* ---- a new record ---- */

static const char *new_record(struct planning *p) {
  bool parked = p->profile == PROFILE_PARKED, letter = (p->options->as_2020 & PLAN_2020_ALL) == PLAN_2020_ALL;
  struct dmarc_tags tags = { .count = 0 };
  dmarc_tags_set(&tags, "v", "DMARC1");
  dmarc_tags_set(&tags, "p", parked ? "reject" : "none");
  if (parked) {
    dmarc_tags_set(&tags, "sp", "reject");
    dmarc_tags_set(&tags, "adkim", "s");
    dmarc_tags_set(&tags, "aspf", "s");
  } else if (p->options->dmarc_step != PLAN_DMARC_KEEP) {
    say_jump(p, _("A first record starts with none and a mailbox that is read. Quarantine is the next step."));
  }
  if (!letter) add_psd(p, &tags);
  add_2020(p, &tags);
  return dmarc_tags_write(p->j.arena, &tags, letter ? ";" : "; ");
}

/* ---- a record that is there ---- */

static bool is_one_of(const char *value, const char *a, const char *b, const char *c) {
  return text_equal(value, a) || text_equal(value, b) || (c && text_equal(value, c));
}

/* Values that receivers replace by the default, or that undo the whole record. */
static bool is_valid_tag(struct planning *p, const char *name, const char *value) {
  if (strcmp(name, "sp") == 0 || strcmp(name, "np") == 0) return policy_of(value) != DMARC_ABSENT;
  if (strcmp(name, "adkim") == 0 || strcmp(name, "aspf") == 0) return is_one_of(value, "r", "s", NULL);
  if (strcmp(name, "t") == 0) return is_one_of(value, "y", "n", NULL);
  if (strcmp(name, "psd") == 0) return is_one_of(value, "n", "u", suffix_is_public(p->inquiry->domain) ? "y" : NULL);
  if (strcmp(name, "fo") == 0) return dmarc_fo_valid(value);
  return *value && !strpbrk(value, "\"\\") && text_is_safe(value);
}

/* RFC 9989 appendix A.6: what pct=0 was used for is now t=y; other parts of a hundred have no meaning any more. */
static void leave_removed(struct dmarc_tags *tags) {
  const char *pct = dmarc_tags_get(tags, "pct");
  bool none_of_it = pct && *pct && strspn(pct, "0") == strlen(pct);
  if (none_of_it && policy_of(dmarc_tags_get(tags, "p")) > DMARC_NONE && !dmarc_tags_get(tags, "t")) dmarc_tags_set(tags, "t", "y");
  dmarc_tags_remove(tags, "pct");
  dmarc_tags_remove(tags, "rf");
  dmarc_tags_remove(tags, "ri");
}

static void mend_tags(struct planning *p, const struct dmarc_tags *read, struct dmarc_tags *out) {
  for (size_t i = 0; i < read->count; i++) {
    const char *name = read->all[i].name, *value = read->all[i].value;
    bool rua = strcmp(name, "rua") == 0;
    if (rua || strcmp(name, "ruf") == 0) value = dmarc_wanted_uris(p, value, rua);
    else if (strcmp(name, "p") != 0 && !is_valid_tag(p, name, value)) value = NULL;
    if (value && strcmp(name, "p") != 0) dmarc_tags_set(out, name, value);
  }
  const char *own = dmarc_tags_get(out, "rua") ? NULL : dmarc_wanted_uris(p, "", true);
  if (own) dmarc_tags_set(out, "rua", own);
}

static void strengthen_parked(struct dmarc_tags *tags) {
  dmarc_tags_set(tags, "p", "reject");
  if (dmarc_tags_get(tags, "sp")) dmarc_tags_set(tags, "sp", "reject");
  if (dmarc_tags_get(tags, "np")) dmarc_tags_set(tags, "np", "reject");
  dmarc_tags_remove(tags, "t");
}

/* `letter`: with what the user wants as in 2020. */
static const char *mended_record(struct planning *p, const char *text, const struct present *present, bool letter) {
  struct dmarc_tags read, tags = { .count = 0 };
  dmarc_tags_read(p, plan_clean(p->j.arena, text), &read);
  dmarc_tags_set(&tags, "v", "DMARC1");
  enum dmarc_policy start = starting_policy(p, policy_of(dmarc_tags_get(&read, "p")), present);
  dmarc_tags_set(&tags, "p", dmarc_policy_name(start));
  mend_tags(p, &read, &tags);
  leave_removed(&tags);
  if (p->profile == PROFILE_PARKED) {
    strengthen_parked(&tags);
  } else {
    raise_policy(p, &tags);
    add_psd(p, &tags);
  }
  if (letter) add_2020(p, &tags);
  return dmarc_tags_write(p->j.arena, &tags, "; ");
}

/* Of several records the one whose policy is weakest is the base, and the report addresses of the others are kept: all were meant. */
static const char *base_of(struct planning *p, const struct present *present) {
  const char *base = present->wildcard ? present->wildcard : present->misplaced;
  enum dmarc_policy weakest = DMARC_INVALID;
  struct buf uris = BUF_INIT(4096);
  for (size_t i = 0; i < present->count; i++) {
    struct dmarc_tags tags;
    const char *clean = plan_clean(p->j.arena, present->now[i]->txt.bytes);
    dmarc_tags_read(p, clean, &tags);
    enum dmarc_policy policy = policy_of(dmarc_tags_get(&tags, "p"));
    const char *rua = dmarc_tags_get(&tags, "rua");
    if (rua) buf_printf(&uris, "%s%s", uris.length ? "," : "", rua);
    bool better = present->only ? present->now[i] == present->only : policy < weakest;
    if (!better) continue;
    weakest = policy;
    base = clean;
  }
  if (present->count > 1 && base && !present->only) {
    struct dmarc_tags tags, all = { .count = 0 };
    dmarc_tags_read(p, base, &tags);
    dmarc_tags_set(&all, "v", "DMARC1");
    for (size_t i = 0; i < tags.count; i++) dmarc_tags_set(&all, tags.all[i].name, tags.all[i].value);
    if (uris.length) dmarc_tags_set(&all, "rua", arena_strndup(p->j.arena, buf_string(&uris), uris.length));
    base = dmarc_tags_write(p->j.arena, &all, "; ");
  }
  buf_release(&uris);
  return base;
}

static const char *skip_blanks(const char *at) {
  while (is_space(*at)) at++;
  return at;
}

/* White space beside a comma of a list is free. */
static bool same_value(const char *a, const char *b) {
  for (bool comma = false;; comma = *a == ',', a++, b++) {
    if (comma || *skip_blanks(a) == ',') a = skip_blanks(a);
    if (comma || *skip_blanks(b) == ',') b = skip_blanks(b);
    if (to_lower(*a) != to_lower(*b)) return false;
    if (!*a) return true;
  }
}

/* Order, blanks and a final semicolon alone are no reason to ask for a change. */
static bool same_meaning(struct planning *p, const char *now, const char *wanted) {
  const struct taglist *a = taglist_parse(p->j.arena, now, strlen(now)), *b = taglist_parse(p->j.arena, wanted, strlen(wanted));
  if (a->count != b->count) return false;
  for (size_t i = 0; i < a->count; i++) {
    const struct tag *other = taglist_find(b, a->tags[i].name);
    if (!other || !same_value(other->value, a->tags[i].value)) return false;
  }
  return true;
}

/* ---- ---- */

static void ask_for_mailbox(struct planning *p, const struct present *present, const char *wanted) {
  const char *own = dmarc_own_mailbox(p);
  const struct dmarc_record *record = dmarc_parse(p->j.arena, wanted, strlen(wanted));
  bool there = false;
  for (size_t i = 0; own && i < present->count; i++) there |= strstr(present->now[i]->txt.bytes, own) != NULL;
  for (size_t i = 0; !own && record->rua && i < record->rua->count; i++) there |= !record->rua->all[i].fault && !name_equal(record->rua->all[i].host, p->inquiry->domain);
  if (!own && !there)
    plan_task(p, "dmarc-name-mailbox", "dns-dmarc-mailbox", "", _("Choose a mailbox of another domain of the organisation for the DMARC reports about {domain}, which takes no email itself"), "domain", p->inquiry->domain, NULL);
  else if (own && !there && strstr(wanted, own) && !p->options->dmarc_mailbox)
    plan_task(p, "dmarc-mailbox", "dns-dmarc-mailbox", "", _("Create the mailbox {mailbox} before the record is published, and see that someone reads it"), "mailbox", own, NULL);
}

static bool is_needed(struct planning *p, const struct present *present) {
  if (present->count || present->wildcard || present->misplaced) return true;
  if (!present->inherited || (p->digital && p->options->as_2020 & PLAN_2020_DIGITAL)) return true;
  return p->profile == PROFILE_PARKED ? present->in_effect != DMARC_REJECT : p->options->dmarc_step != PLAN_DMARC_KEEP && present->in_effect < DMARC_QUARANTINE;
}

static void plan_record(struct planning *p, const char *name, const struct present *present) {
  const char *base = base_of(p, present);
  const char *wanted = base ? mended_record(p, base, present, false) : new_record(p);
  if (p->j.waiting || (present->wildcard && same_meaning(p, present->wildcard, wanted))) return; /* nobody could tell the two apart afterwards */
  if (present->only && same_meaning(p, present->only->txt.bytes, wanted)) wanted = present->only->txt.bytes;
  else if (base && p->options->as_2020 & (PLAN_2020_DMARC_ADDRESS | PLAN_2020_DMARC_FO)) wanted = mended_record(p, base, present, true);
  plan_txt(p, name, present->now, present->count, wanted, &dmarc_kind);
  dmarc_plan_permissions(p, wanted);
  ask_for_mailbox(p, present, wanted);
}

void plan_dmarc(struct planning *p) {
  const char *name = ask_name(&p->j, "_dmarc");
  const struct dns_answer *answer = ask_dns(&p->j, name, DNS_TYPE_TXT);
  struct present present;
  if (!answer) return;
  if (answer->outcome == DNS_FAILED) {
    plan_unknown(p, name, _("The TXT records of {name} could not be looked up, so DMARC is left out of the plan."));
    return;
  }
  read_present(p, answer, &present);
  if (answer->links && answer->count) {
    plan_task(p, "dmarc-alias", "dns-dmarc", "", _("{name} is an alias of {target}: ask the owner of {target} for changes of the DMARC record"), "name", name, "target", answer->final_name, NULL);
    return;
  }
  if (p->j.waiting || !is_needed(p, &present)) return;
  if (answer->links) plan_remove_alias(p, answer, &dmarc_kind);
  plan_record(p, name, &present);
}
