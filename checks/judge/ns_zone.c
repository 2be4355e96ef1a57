#include <string.h>

#include "checks/judge/ns_private.h"

enum { LONG_TTL = 3600 };

/* ---- wildcards ---- */

/* The names that email asks for which no record of their own answers, but the wildcard. */
static void list_covered(struct judgement *j, struct buf *out) {
  struct ns_name names[NS_NAMES_MOST];
  size_t count = ns_names(j, names);
  for (size_t i = 0; i < count; i++) {
    if (strcmp(names[i].name, j->inquiry->domain) == 0 || answer_failed(names[i].answer) || !(names[i].answer->count || names[i].answer->links)) continue;
    if (ns_is_wildcard(j, names[i].answer)) buf_printf(out, out->length ? ", %s" : "%s", names[i].name);
  }
}

void ns_judge_wildcard(struct judgement *j) {
  const char *unused = ask_name(j, unused_label(j->arena, j->inquiry->domain));
  static const struct { uint16_t type; const char *word; } types[] = { { DNS_TYPE_A, "A" }, { DNS_TYPE_AAAA, "AAAA" }, { DNS_TYPE_MX, "MX" }, { DNS_TYPE_TXT, "TXT" } };
  const struct dns_answer *seen[MEM_COUNT(types)];
  struct buf words = BUF_INIT(64), covered = BUF_INIT(4096);
  bool alias = false;
  for (size_t i = 0; i < MEM_COUNT(types); i++) {
    seen[i] = ask_dns(j, unused, types[i].type);
    if (!seen[i]) continue;
    alias = alias || seen[i]->links;
    if (seen[i]->count && !seen[i]->links) buf_printf(&words, words.length ? " %s" : "%s", types[i].word);
  }
  if (alias) buf_printf(&words, words.length ? " %s" : "%s", "CNAME");
  if (words.length) {
    list_covered(j, &covered);
    struct finding *finding = find(j, "ns-wildcard", NULL);
    find_argument(j, finding, "types", "%s", buf_string(&words));
    find_argument(j, finding, "names", "%s", covered.length ? buf_string(&covered) : _("none"));
    for (size_t i = 0; i < MEM_COUNT(types); i++)
      if (seen[i] && (seen[i]->count || seen[i]->links)) find_seen(j, finding, &seen[i]->seen);
  }
  buf_release(&words);
  buf_release(&covered);
}

/* ---- borders of zones ---- */

static void judge_cut(struct judgement *j, const struct ns_view *view, const char *name) {
  const struct dns_answer *soa = ask_dns(j, name, DNS_TYPE_SOA);
  if (answer_failed(soa) || soa->links) return;
  const char *zone = ns_zone_of(soa);
  if (!zone || !name_is_below(zone, view->zone) || !name_is_under(name, zone) || !name_is_below(zone, j->inquiry->domain)) return;
  struct finding *finding = ns_tell(j, "ns-zone-cut-found", name, soa);
  find_argument(j, finding, "name", "%s", name);
  find_argument(j, finding, "zone", "%s", zone);
}

static void judge_cuts(struct judgement *j, const struct ns_view *view) {
  static const char *const prefixes[] = { "_dmarc", "_domainkey", "_smtp._tls", "_mta-sts", "mta-sts" };
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  for (size_t i = 0; i < MEM_COUNT(prefixes); i++) judge_cut(j, view, ask_name(j, prefixes[i]));
  for (size_t i = 0; mx && i < mx->count && i < 4; i++)
    if (name_is_below(mx->records[i].mx.host, j->inquiry->domain)) judge_cut(j, view, mx->records[i].mx.host);
}

/* ---- the SOA ---- */

/* With the TTL that it has at its own server: what comes from a resolver is already running down. */
static const struct dns_answer *first_hand_soa(const struct ns_view *view) {
  for (size_t i = 0; i < view->servers.count; i++) {
    const struct ns_server *server = &view->servers.all[i];
    if (server->soa && server->soa->outcome == DNS_ANSWER && server->soa->authoritative) return server->soa;
  }
  return view->soa;
}

static void judge_negative_ttl(struct judgement *j, const struct ns_view *view) {
  const struct dns_answer *answer = first_hand_soa(view);
  const struct dns_rr *soa = answer->outcome == DNS_ANSWER ? &answer->records[0] : NULL;
  for (size_t i = 0; !soa && i < answer->authorities; i++)
    if (answer->authority[i].type == DNS_TYPE_SOA) soa = &answer->authority[i];
  if (!soa) return;
  uint32_t negative = soa->ttl < soa->soa.minimum ? soa->ttl : soa->soa.minimum; /* RFC 2308 section 5 */
  if (negative > LONG_TTL) find_argument(j, ns_tell(j, "ns-negative-ttl-long", NULL, answer), "seconds", "%u", negative);
}

void ns_judge_zone(struct judgement *j, const struct ns_view *view) {
  if (suffix_is_public(j->inquiry->domain)) ns_tell(j, "ns-public-suffix", NULL, view->soa);
  judge_negative_ttl(j, view);
  judge_cuts(j, view);
}
