#include <string.h>

#include "checks/judge/dmarc.h"
#include "checks/judge/gsi.h"
#include "src/plan/private.h"

enum { MOST_TAGS = 32 };

struct wanted_tags {
  struct { const char *name, *value; } all[MOST_TAGS];
  size_t count;
};

static void set(struct wanted_tags *tags, const char *name, const char *value) {
  for (size_t i = 0; i < tags->count; i++) {
    if (strcmp(tags->all[i].name, name) != 0) continue;
    tags->all[i].value = value;
    return;
  }
  if (tags->count < MOST_TAGS) {
    tags->all[tags->count].name = name;
    tags->all[tags->count++].value = value;
  }
}

static const char *get(const struct wanted_tags *tags, const char *name) {
  for (size_t i = 0; i < tags->count; i++)
    if (strcmp(tags->all[i].name, name) == 0) return tags->all[i].value;
  return NULL;
}

static const char *own_mailbox(struct planning *p) {
  return p->options->dmarc_mailbox ? p->options->dmarc_mailbox : arena_printf(p->j.arena, "dmarc@%s", p->inquiry->domain);
}

/* ---- report addresses ---- */

static bool accepts(struct planning *p, const struct report_uri *uri) {
  enum report_permission permission;
  const char *name;
  if (uri->fault || uri->scheme != REPORT_MAILTO || gsi_is_family(uri->host)) return false;
  if (name_equal(uri->host, p->inquiry->domain)) return true;
  if (mail_host_accepts(&p->j, uri->host) == TRI_NO) return false;
  return !dmarc_report_permission(&p->j, p->inquiry->domain, uri->host, &permission, &name) || permission != REPORT_UNAUTHORISED || mailcheck_is_dmarc_address(uri->address);
}

/* Keeps the owner's addresses as they are written, leaves out what reaches nobody, and adds an own mailbox where none is left. */
static const char *wanted_uris(struct planning *p, const struct report_uris *uris, bool add_own) {
  struct buf out = BUF_INIT(2048);
  bool own = false;
  for (size_t i = 0; uris && i < uris->count; i++) {
    const struct report_uri *uri = &uris->all[i];
    bool again = false;
    for (size_t n = 0; n < i; n++) again = again || text_equal(uris->all[n].address, uri->address);
    if (again || !accepts(p, uri)) continue;
    own |= !mailcheck_is_dmarc_address(uri->address);
    buf_printf(&out, out.length ? ",%.*s" : "%.*s", (int)(uri->has_size ? strrchr(uri->text, '!') - uri->text : (long)strlen(uri->text)), uri->text);
  }
  if (add_own && !own) buf_printf(&out, out.length ? ",mailto:%s" : "mailto:%s", own_mailbox(p));
  const char *text = out.length ? arena_strndup(p->j.arena, buf_string(&out), out.length) : NULL;
  buf_release(&out);
  return text;
}

/* ---- tags ---- */

static bool is_dropped(const char *name) {
  static const char *const dropped[] = { "pct", "rf", "ri" };
  for (size_t i = 0; i < MEM_COUNT(dropped); i++)
    if (strcmp(name, dropped[i]) == 0) return true;
  return false;
}

static void keep_tags(struct planning *p, const struct dmarc_record *record, struct wanted_tags *out) {
  set(out, "v", "DMARC1");
  set(out, "p", dmarc_policy_name(record->p == DMARC_INVALID || record->p == DMARC_ABSENT ? DMARC_NONE : record->p));
  for (size_t i = 0; i < record->tags->count; i++) {
    const struct tag *tag = &record->tags->tags[i];
    if (!tag->has_equals || !*tag->name || tag->duplicate || is_dropped(tag->name) || strpbrk(tag->name, " \"\\")) continue;
    if (strcmp(tag->name, "v") == 0 || strcmp(tag->name, "p") == 0) continue;
    if (strcmp(tag->name, "rua") == 0 || strcmp(tag->name, "ruf") == 0) {
      const char *uris = wanted_uris(p, strcmp(tag->name, "rua") == 0 ? record->rua : record->ruf, strcmp(tag->name, "rua") == 0);
      if (uris) set(out, tag->name, uris);
    } else if ((strcmp(tag->name, "sp") == 0 && record->sp == DMARC_INVALID) || (strcmp(tag->name, "np") == 0 && record->np == DMARC_INVALID) ||
               (strcmp(tag->name, "adkim") == 0 && record->adkim == '?') || (strcmp(tag->name, "aspf") == 0 && record->aspf == '?') ||
               (strcmp(tag->name, "psd") == 0 && (record->psd == '?' || (record->psd == 'y' && !suffix_is_public(p->inquiry->domain)))) ||
               (strcmp(tag->name, "t") == 0 && record->t == '?') || (strcmp(tag->name, "fo") == 0 && !dmarc_fo_valid(tag->value))) {
      continue;
    } else {
      set(out, tag->name, tag->value);
    }
  }
  if (!get(out, "rua")) set(out, "rua", arena_printf(p->j.arena, "mailto:%s", own_mailbox(p)));
}

static void raise_policy(struct planning *p, struct wanted_tags *tags) {
  const char *now = get(tags, "p");
  if (p->options->dmarc_step == PLAN_DMARC_QUARANTINE && strcmp(now, "none") == 0) set(tags, "p", "quarantine");
  if (p->options->dmarc_step == PLAN_DMARC_REJECT && strcmp(now, "quarantine") == 0) set(tags, "p", "reject");
  if (p->options->dmarc_step == PLAN_DMARC_REJECT && strcmp(now, "none") == 0) {
    set(tags, "p", "quarantine");
    plan_problem(p, "plan-dmarc-policy-jump", p->inquiry->domain, "%s", _("From none the next step is quarantine. Reject comes after that."));
  }
}

static const char *write_tags(struct planning *p, const struct wanted_tags *tags, const char *separator) {
  struct buf out = BUF_INIT(4096);
  for (size_t i = 0; i < tags->count; i++) buf_printf(&out, "%s%s=%s", i ? separator : "", tags->all[i].name, tags->all[i].value);
  const char *text = arena_strndup(p->j.arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

/* With an own record in place the walk goes on to the suffix when that has a record without psd=y. */
static bool suffix_has_record(struct planning *p) {
  struct dmarc_policy_found policy;
  if (!dmarc_policy_for(&p->j, p->inquiry->domain, &policy)) return false;
  return policy.suffix && policy.suffix->psd != 'y' && strcmp(policy.org_by_list, p->inquiry->domain) == 0;
}

static const char *new_record(struct planning *p) {
  struct wanted_tags tags = { .count = 0 };
  set(&tags, "v", "DMARC1");
  if (p->profile == PROFILE_PARKED) {
    set(&tags, "p", "reject");
    set(&tags, "sp", "reject");
    set(&tags, "adkim", "s");
    set(&tags, "aspf", "s");
    if (p->options->guidance_2020) set(&tags, "fo", "1");
  } else {
    set(&tags, "p", "none");
    if (p->options->guidance_2020) set(&tags, "fo", "1");
    else if (suffix_has_record(p)) set(&tags, "psd", "n");
  }
  set(&tags, "rua", arena_printf(p->j.arena, p->options->guidance_2020 ? "mailto:dmarc-rua@dmarc.service.gov.uk,mailto:%s" : "mailto:%s", own_mailbox(p)));
  raise_policy(p, &tags);
  return write_tags(p, &tags, p->options->guidance_2020 ? ";" : "; ");
}

static const char *mended_record(struct planning *p, const struct dmarc_record *record) {
  struct wanted_tags tags = { .count = 0 };
  keep_tags(p, record, &tags);
  if (p->profile == PROFILE_PARKED) {
    set(&tags, "p", "reject");
    if (get(&tags, "sp")) set(&tags, "sp", "reject");
    if (get(&tags, "np")) set(&tags, "np", "reject");
  } else {
    raise_policy(p, &tags);
    bool strict = get(&tags, "adkim") && get(&tags, "aspf") && record->adkim == 's' && record->aspf == 's';
    if (!p->options->guidance_2020 && !get(&tags, "psd") && !strict && suffix_has_record(p)) set(&tags, "psd", "n");
  }
  return write_tags(p, &tags, "; ");
}

/* Order, spaces and a final semicolon alone are no reason to ask for a change. */
static bool same_meaning(struct planning *p, const char *now, const char *wanted) {
  const struct taglist *a = taglist_parse(p->j.arena, now, strlen(now)), *b = taglist_parse(p->j.arena, wanted, strlen(wanted));
  if (a->count != b->count) return false;
  for (size_t i = 0; i < a->count; i++) {
    const struct tag *other = taglist_find(b, a->tags[i].name);
    if (!other || strcmp(other->value, a->tags[i].value) != 0) return false;
  }
  return true;
}

void plan_dmarc(struct planning *p) {
  const char *name = ask_name(&p->j, "_dmarc");
  const struct dns_answer *answer = ask_dns(&p->j, name, DNS_TYPE_TXT);
  const struct dns_rr *first = NULL;
  size_t records = 0, near = 0;
  if (!answer) return;
  if (answer->outcome == DNS_FAILED) {
    plan_problem(p, "plan-present-unknown", name, "%s", _("The DMARC record could not be looked up, so it is left out of the plan."));
    return;
  }
  if (answer->links) return; /* someone else's record answers here: nothing can stand beside a CNAME */
  for (size_t i = 0; i < answer->count; i++) {
    const struct dns_rr *rr = &answer->records[i];
    bool is = dmarc_is_record(rr->txt.bytes, rr->txt.length), like = !is && dmarc_near_miss(rr->txt.bytes, rr->txt.length);
    if ((is || like) && !first) first = rr;
    records += is;
    near += like;
  }
  struct dmarc_policy_found policy;
  if (!records && !near && dmarc_policy_for(&p->j, p->inquiry->domain, &policy) && policy.applies && policy.effective >= DMARC_QUARANTINE) return;
  const char *wanted = first ? mended_record(p, dmarc_parse(p->j.arena, first->txt.bytes, first->txt.length)) : new_record(p);
  if (records == 1 && !near && same_meaning(p, first->txt.bytes, wanted)) return;
  struct plan_change *change = plan_change_new(p, records + near ? PLAN_REPLACE : PLAN_ADD, name, DNS_TYPE_TXT);
  for (size_t i = 0; i < answer->count; i++) {
    const struct dns_rr *rr = &answer->records[i];
    if (dmarc_is_record(rr->txt.bytes, rr->txt.length) || dmarc_near_miss(rr->txt.bytes, rr->txt.length)) plan_change_now(p, change, rr->txt.bytes, rr->ttl);
  }
  plan_change_wanted(p, change, wanted);
  change->section = "dns-dmarc";
  change->order = 40;
  change->sentence = N_("DMARC: tells receivers what to do with email that is forged in the name of this domain, and where to send reports.");
  plan_why(p, change, "dmarc- parked-dmarc gsi-dmarc");
  if (!p->options->dmarc_mailbox && strstr(wanted, own_mailbox(p)) && !(first && strstr(first->txt.bytes, own_mailbox(p))))
    plan_add_task(p, "dmarc-mailbox", "dns-dmarc-mailbox", arena_printf(p->j.arena, _("Create the mailbox %s before the record is published, and see that someone reads it"), own_mailbox(p)), "");
}
