#include "src/request/view.h"

#include <stdio.h>
#include <string.h>

#include "src/request/meaning.h"
#include "src/request/private.h"

/* ---- values ---- */

/* A record's data as text with its length: of TXT the octets of its strings, joined (RFC 7208 section 3.3). */
struct seen { const char *text; size_t length; };

static struct seen seen_of(struct arena *arena, const struct dns_rr *rr) {
  char address[IP_TEXT];
  const char *text = "";
  switch (rr->type) {
  case DNS_TYPE_TXT:
  case DNS_TYPE_SPF: return (struct seen){ rr->txt.bytes, rr->txt.length };
  case DNS_TYPE_MX: text = arena_printf(arena, "%u %s.", rr->mx.preference, rr->mx.host); break;
  case DNS_TYPE_CNAME:
  case DNS_TYPE_NS:
  case DNS_TYPE_PTR: text = arena_printf(arena, "%s.", rr->target); break;
  case DNS_TYPE_A:
  case DNS_TYPE_AAAA:
    ip_format(&rr->address, address);
    text = arena_strdup(arena, address);
    break;
  default: text = zone_text_of(arena, rr); break; /* TLSA, DS: master-file form */
  }
  return (struct seen){ text, strlen(text) };
}

static bool is_dkim_name(const struct plan_change *change) { return strstr(change->name, "._domainkey.") != NULL; }

/* Names compare without case, text octet for octet. */
static bool is_exactly(const struct plan_change *change, struct seen seen, const char *value) {
  if (change->type != DNS_TYPE_TXT) return text_equal(seen.text, value);
  return seen.length == strlen(value) && memcmp(seen.text, value, seen.length) == 0;
}

static bool means(const struct plan_change *change, struct seen seen, const char *value) {
  if (is_exactly(change, seen, value)) return true;
  return change->type == DNS_TYPE_TXT && same_meaning(seen.text, seen.length, value, strlen(value), is_dkim_name(change));
}

static bool is_kept(struct arena *arena, const struct plan_change *change, struct seen seen) {
  for (size_t i = 0; i < change->kept_count; i++) {
    size_t length = strlen(change->kept_data[i]);
    const char *text = change->type == DNS_TYPE_TXT ? request_unquoted(arena, change->kept_data[i], &length) : change->kept_data[i];
    if (length == seen.length && (change->type == DNS_TYPE_TXT ? memcmp(text, seen.text, length) == 0 : text_equal(text, seen.text))) return true;
  }
  return false;
}

static bool is_old(const struct plan_change *change, struct seen seen) {
  for (size_t i = 0; i < change->now_count; i++)
    if (is_exactly(change, seen, change->now[i])) return true;
  return false;
}

static bool is_wanted(const struct plan_change *change, struct seen seen, bool exactly) {
  for (size_t i = 0; i < change->wanted_count; i++)
    if (exactly ? is_exactly(change, seen, change->wanted[i]) : means(change, seen, change->wanted[i])) return true;
  return false;
}

/* To the letter of the request: strings end after 255 octets each, and the TTL is the one asked for. */
static bool is_to_the_letter(const struct plan_change *change, const struct dns_rr *rr, const char *wanted, struct seen seen) {
  if (!is_exactly(change, seen, wanted) || (change->ttl && rr->ttl != change->ttl)) return false;
  for (size_t i = 0; change->type == DNS_TYPE_TXT && i + 1 < rr->txt.strings; i++)
    if (rr->txt.lengths[i] != 255) return false;
  return true;
}

bool view_holds(struct arena *arena, const struct plan_change *change, const struct dns_answer *answer, const char *wanted, bool *out_exact) {
  bool held = false;
  *out_exact = false;
  for (size_t i = 0; answer->links == 0 && i < answer->count; i++) {
    struct seen seen = seen_of(arena, &answer->records[i]);
    if (!means(change, seen, wanted) || (is_old(change, seen) && !is_exactly(change, seen, wanted))) continue;
    held = true;
    *out_exact = *out_exact || is_to_the_letter(change, &answer->records[i], wanted, seen);
  }
  return held;
}

bool view_has(struct arena *arena, const struct dns_answer *answer, const char *text, size_t length) {
  for (size_t i = 0; answer->links == 0 && i < answer->count; i++) {
    struct seen seen = seen_of(arena, &answer->records[i]);
    if (seen.length == length && memcmp(seen.text, text, length) == 0) return true;
  }
  return false;
}

/* ---- what stands there besides ---- */

/* Of SPF, DMARC, TLS-RPT and MTA-STS one record counts at a name, and of DKIM keys one at a selector: two of them cancel each other. */
static bool is_of_kind(const struct plan_change *change, struct seen seen) {
  if (change->type != DNS_TYPE_TXT || change->wanted_count != 1) return false;
  if (is_dkim_name(change)) return true;
  const char *kind = text_kind(change->wanted[0], strlen(change->wanted[0])), *its = text_kind(seen.text, seen.length);
  return kind && its && strcmp(kind, its) == 0;
}

/* Does a record that is neither old nor wanted look like an attempt at the wanted one? At a name of its own anything does; at the domain
 * itself only a text of the same kind, or one that a slip explains. */
static bool is_attempt(const struct plan_change *change, struct seen seen, const char *wanted, enum slip *out) {
  size_t length = strlen(wanted);
  if (change->type == DNS_TYPE_TXT) {
    *out = slip_in_text(seen.text, seen.length, wanted, length);
    const char *kind = text_kind(seen.text, seen.length), *sought = text_kind(wanted, length);
    return *out || *change->name == '_' || is_dkim_name(change) || (kind && sought && strcmp(kind, sought) == 0);
  }
  const char *seen_target = seen.text, *target = wanted;
  if (change->type == DNS_TYPE_MX) {
    seen_target = strchr(seen.text, ' ') ? strchr(seen.text, ' ') + 1 : seen.text;
    target = strchr(wanted, ' ') ? strchr(wanted, ' ') + 1 : wanted;
  }
  size_t trimmed = strlen(target);
  while (trimmed && target[trimmed - 1] == '.') trimmed--;
  char bare[NAME_TEXT];
  snprintf(bare, sizeof bare, "%.*s", (int)trimmed, target);
  *out = slip_in_target(seen_target, bare, change->zone);
  return *out || change->type != DNS_TYPE_MX || name_equal(seen_target, target);
}

static void note_extra(struct arena *arena, const struct plan_change *change, struct seen seen, struct verify_view *view) {
  if (is_old(change, seen) || is_wanted(change, seen, false) || is_kept(arena, change, seen)) return;
  for (size_t i = 0; i < change->wanted_count; i++) {
    enum slip slip;
    if (!is_attempt(change, seen, change->wanted[i], &slip) || (view->seen && (view->slip || !slip))) continue;
    view->seen = arena_strndup(arena, seen.text, seen.length);
    view->seen_length = seen.length;
    view->wanted = change->wanted[i];
    view->slip = slip;
  }
}

/* ---- one answer ---- */

/* An alias stands at the name. Before a new record is there it may be an old one that goes in the same request, or a wildcard's. */
static struct verify_view view_alias(struct arena *arena, const struct plan_change *change, const struct dns_answer *answer, struct verify_view view) {
  const char *target = arena_strdup(arena, answer->chain[0].target);
  view.says = change->action == PLAN_REMOVE ? SAYS_NEW : change->action == PLAN_ADD ? SAYS_OLD : SAYS_NEITHER;
  view.old_ttl = change->action == PLAN_ADD ? answer->chain[0].ttl : 0;
  if (change->action != PLAN_REPLACE) return view;
  view.wanted = change->wanted[0];
  view.seen = target;
  view.seen_length = strlen(target);
  view.slip = SLIP_WRONG_TYPE;
  return view;
}

static void weigh(const struct plan_change *change, size_t new_count, size_t old_count, bool second, struct verify_view *view) {
  if (change->action == PLAN_REMOVE) {
    view->says = old_count ? SAYS_OLD : SAYS_NEW;
  } else if (new_count == change->wanted_count) {
    view->says = old_count || second ? SAYS_BOTH : SAYS_NEW;
    if (view->says == SAYS_BOTH) view->slip = SLIP_SECOND_RECORD;
  } else if (view->seen) {
    view->says = SAYS_NEITHER;
  } else if (old_count == change->now_count) {
    view->says = SAYS_OLD;
  } else {
    view->says = SAYS_NEITHER;
    view->changed_since = !new_count && !old_count;
  }
}

static uint32_t negative_ttl(const struct dns_answer *answer) {
  for (size_t i = 0; i < answer->authorities; i++) {
    const struct dns_rr *soa = &answer->authority[i];
    if (soa->type == DNS_TYPE_SOA) return soa->ttl < soa->soa.minimum ? soa->ttl : soa->soa.minimum; /* RFC 2308 section 5 */
  }
  return 0;
}

struct verify_view view_answer(struct arena *arena, const struct plan_change *change, const struct dns_answer *answer) {
  struct verify_view view = { .says = SAYS_NOTHING, .time = answer->seen.time, .source = answer->seen.server };
  size_t new_count = 0, old_count = 0, of_kind = 0;
  if (answer->outcome == DNS_FAILED) {
    view.failure = dns_failure_word(answer->failure);
    view.delegated = answer->failure == DNS_FAILURE_REFERRAL;
    return view;
  }
  if (answer->links > 0) return view_alias(arena, change, answer, view);
  for (size_t i = 0; i < change->wanted_count; i++) {
    bool exact;
    if (!view_holds(arena, change, answer, change->wanted[i], &exact)) continue;
    new_count++;
    view.equivalent = view.equivalent || !exact;
  }
  for (size_t i = 0; i < answer->count; i++) {
    struct seen seen = seen_of(arena, &answer->records[i]);
    old_count += is_old(change, seen) && !is_wanted(change, seen, true);
    of_kind += is_of_kind(change, seen);
    if (answer->records[i].ttl > view.old_ttl) view.old_ttl = answer->records[i].ttl;
    note_extra(arena, change, seen, &view);
  }
  if (!answer->count) view.old_ttl = negative_ttl(answer);
  weigh(change, new_count, old_count, of_kind > 1, &view);
  if (view.says == SAYS_NEW) view = (struct verify_view){ .says = SAYS_NEW, .equivalent = view.equivalent, .time = view.time, .source = view.source };
  return view;
}
