#include <string.h>

#include "checks/judge/dmarc.h"

static bool is_own(const struct judgement *j, const char *host) { return suffix_same(host, j->inquiry->domain); }

static struct finding *tell(struct judgement *j, const char *rule, const char *address, const char *name) {
  struct finding *finding = find(j, rule, NULL);
  find_argument(j, finding, "address", "%s", address);
  find_argument(j, finding, "name", "%s", name);
  return finding;
}

/* For whom the address lies outside: receivers by the list and by the walk, or those that walk alone. */
static const char *outside(const struct judgement *j, const struct dmarc_destination *to) {
  if (!to->org_by_walk) return _("outside the organisation");
  return arena_printf(j->arena, _("outside the organisation for receivers that walk the tree of DMARC records, which leads them to %s"), to->org_by_walk);
}

static void judge_permission(struct judgement *j, const struct report_uri *uri, bool failure_reports) {
  struct dmarc_destination to;
  const char *rule = NULL;
  if (!dmarc_destination_look(j, j->inquiry->domain, uri->host, &to)) return;
  bool too_long = *to.name && !name_is_valid(to.name);
  switch (to.permission) {
  case REPORT_OWN: break;
  case REPORT_AUTHORISED: rule = failure_reports ? NULL : to.refused ? "dmarc-rua-external-override-refused" : "dmarc-rua-external-authorised"; break;
  case REPORT_UNAUTHORISED: rule = failure_reports ? "dmarc-ruf-external-unauthorised" : too_long ? "dmarc-rua-external-name-too-long" : "dmarc-rua-external-unauthorised"; break;
  case REPORT_UNKNOWN: rule = failure_reports ? NULL : "dmarc-rua-external-lookup-failed"; break;
  }
  struct finding *finding = rule ? tell(j, rule, uri->address, to.name) : NULL;
  if (finding && to.permission == REPORT_UNAUTHORISED) find_argument(j, finding, "outside", "%s", outside(j, &to));
  if (finding && to.refused) find_argument(j, finding, "other", "%s", to.refused);
  if (finding && to.answer) find_seen(j, finding, &to.answer->seen);
  if (failure_reports || to.refused || !to.override) return;
  finding = tell(j, "dmarc-rua-external-override", uri->address, to.name);
  find_argument(j, finding, "other", "%s", to.override);
  find_seen(j, finding, &to.answer->seen);
}

/* Whether the domain's own MX takes mail is told by the mx judge, unless the domain takes none at all. */
static void judge_arrival(struct judgement *j, const struct report_uri *uri, enum profile profile) {
  if (name_equal(uri->host, j->inquiry->domain) && profile != PROFILE_SEND_ONLY) return;
  if (mail_host_accepts(j, uri->host) == TRI_NO) find_argument(j, find(j, "dmarc-rua-no-mx", NULL), "address", "%s", uri->address);
}

/* Of a list that long nobody delivers to all; nor is everybody in it asked. */
enum { DESTINATIONS_MOST = 32 };

void dmarc_judge_destinations(struct judgement *j, const struct dmarc_record *record) {
  size_t mailcheck = 0, own = 0, usable = 0;
  enum profile profile;
  if (!judge_profile(j, &profile)) profile = PROFILE_MAIL;
  for (size_t i = 0; record->rua && i < record->rua->count && i < DESTINATIONS_MOST; i++) {
    const struct report_uri *uri = &record->rua->all[i];
    if (uri->scheme != REPORT_MAILTO || uri->fault) continue;
    judge_permission(j, uri, false);
    judge_arrival(j, uri, profile);
    usable++;
    mailcheck += mailcheck_is_dmarc_address(uri->address);
    own += is_own(j, uri->host);
  }
  if (usable && mailcheck == usable) find(j, "dmarc-rua-mailcheck-only", NULL);
  else if (mailcheck) find(j, "dmarc-rua-mailcheck", NULL);
  if (usable && !own && mailcheck != usable) find(j, "dmarc-rua-own-missing", NULL);
  for (size_t i = 0; record->ruf && i < record->ruf->count && i < DESTINATIONS_MOST; i++) {
    const struct report_uri *uri = &record->ruf->all[i];
    if (uri->scheme == REPORT_MAILTO && !uri->fault) judge_permission(j, uri, true);
    if (mailcheck_is_dmarc_address(uri->address)) find(j, "dmarc-ruf-mailcheck", NULL);
  }
}
