/* Which of the chosen changes rest on one that is left out. By names, types and values alone: what the judges would say of the half is in the
 * plan's own problems. */
#include <string.h>

#include "src/request/private.h"

static bool wants(const struct plan_change *change, const char *beginning) { return change->wanted_count && text_starts(change->wanted[0], beginning); }
static bool is_dmarc(const struct plan_change *change) { return change->type == DNS_TYPE_TXT && change->wanted_count && text_starts(change->name, "_dmarc."); }
static bool is_spf(const struct plan_change *change) { return change->type == DNS_TYPE_TXT && wants(change, "v=spf1"); }
static bool is_key(const struct plan_change *change) { return strstr(change->name, "._domainkey.") != NULL; }
static bool is_of_same_domain(const struct plan_change *a, const struct plan_change *b) { return strcmp(a->domain, b->domain) == 0; }

/* RFC 9990 section 4: the destination's record stands at DOMAIN._report._dmarc.DESTINATION. */
static bool reports_not_taken(const struct plan_change *change, const struct plan_change *gone) {
  const char *at = strstr(gone->name, "._report._dmarc.");
  size_t length = strlen(change->domain);
  return at && gone->wanted_count && is_dmarc(change) && (size_t)(at - gone->name) == length && strncmp(gone->name, change->domain, length) == 0;
}

/* RFC 2181 section 10.1. */
static bool beside_alias(const struct plan_change *change, const struct plan_change *gone) {
  return strcmp(change->name, gone->name) == 0 && change->wanted_count && gone->action == PLAN_REMOVE && (change->type == DNS_TYPE_CNAME) != (gone->type == DNS_TYPE_CNAME);
}

static bool sender_moves(const struct plan_change *change, const struct plan_change *gone) {
  return is_spf(change) && is_spf(gone) && change->action == PLAN_REPLACE && name_is_below(gone->name, change->name);
}

static bool names_mail_servers(const struct plan_change *change, const struct plan_change *gone) {
  return gone->type == DNS_TYPE_MX && gone->wanted_count && is_of_same_domain(change, gone) && is_spf(change) && strcmp(change->name, gone->name) == 0 && (strstr(change->wanted[0], " mx ") || strstr(change->wanted[0], " +mx "));
}

static bool is_strict(const char *record) { return strstr(record, "p=quarantine") || strstr(record, "p=reject"); }

static bool policy_rises(const struct plan_change *change) { return is_dmarc(change) && is_strict(change->wanted[0]) && !(change->now_count && is_strict(change->now[0])); }

static bool judged_by(const struct plan_change *change, const struct plan_change *gone) {
  return policy_rises(change) && is_of_same_domain(change, gone) && gone->wanted_count && (is_spf(gone) || is_key(gone));
}

static bool has_no_reports(const struct plan_change *change, const struct plan_change *gone) {
  return wants(change, "v=STSv1") && gone->wanted_count && text_starts(gone->name, "_smtp._tls.") && is_of_same_domain(change, gone);
}

static bool name_has_no_address(const struct plan_change *change, const struct plan_change *gone) {
  if ((gone->type != DNS_TYPE_A && gone->type != DNS_TYPE_AAAA) || !gone->wanted_count || (change->type != DNS_TYPE_PTR && change->type != DNS_TYPE_MX)) return false;
  for (size_t i = 0; i < change->wanted_count; i++) {
    const char *space = strchr(change->wanted[i], ' '), *target = change->type == DNS_TYPE_MX && space ? space + 1 : change->wanted[i];
    size_t length = strlen(gone->name);
    if (strncmp(target, gone->name, length) == 0 && (!target[length] || strcmp(target + length, ".") == 0)) return true;
  }
  return false;
}

static bool key_stays(const struct plan_change *change, const struct plan_change *gone) {
  return strncmp(change->name, "*._domainkey.", 13) == 0 && gone->action == PLAN_REMOVE && is_key(gone) && is_of_same_domain(change, gone);
}

static const struct { bool (*rests_on)(const struct plan_change *change, const struct plan_change *gone); const char *sentence; } rules[] = {
  { beside_alias, N_("Something else still stands at the name, and nothing can stand beside an alias.") },
  { reports_not_taken, N_("Until that record is there, receivers send no reports to the other domain.") },
  { sender_moves, N_("A sender that leaves this record is authorised there.") },
  { names_mail_servers, N_("This record lets the mail servers send as they will be then.") },
  { judged_by, N_("Receivers judge by SPF and DKIM, so these come before a stricter policy.") },
  { has_no_reports, N_("Without TLS reports nobody tells you of email that the policy keeps out.") },
  { name_has_no_address, N_("The name that this record leads to has no address without it.") },
  { key_stays, N_("That key still signs for the domain, whatever all others answer.") },
};

static void add_needs(struct arena *arena, const struct plan_change *change, const struct plan_change *gone, struct request_need **list, size_t *count) {
  for (size_t i = 0; i < MEM_COUNT(rules); i++) {
    if (!rules[i].rests_on(change, gone)) continue;
    *list = arena_grow(arena, *list, *count, sizeof **list);
    (*list)[(*count)++] = (struct request_need){ change, gone, _(rules[i].sentence) };
  }
}

struct request_need *request_needs(struct arena *arena, const struct plan *plan, size_t *out_count) {
  struct request_need *list = NULL;
  *out_count = 0;
  for (size_t i = 0; i < plan->change_count; i++)
    for (size_t n = 0; n < plan->change_count && !plan->changes[i].left_out; n++)
      if (plan->changes[n].left_out) add_needs(arena, &plan->changes[i], &plan->changes[n], &list, out_count);
  return list;
}
