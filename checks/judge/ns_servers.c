#include <string.h>

#include "checks/judge/ns_private.h"

enum { NAMES_MOST = 16, PARENTS_ASKED = 2 };

static const char *shown(struct judgement *j, const struct ns_server *server) { return arena_printf(j->arena, "%s [%s]", server->name, server->address); }

static struct finding *tell_server(struct judgement *j, const char *rule, enum severity severity, const struct ns_server *server, const struct dns_answer *seen) {
  struct finding *finding = ns_tell_as(j, rule, severity, NULL, seen);
  find_argument(j, finding, "server", "%s", shown(j, server));
  return finding;
}

/* ---- names and addresses ---- */

static void add_addresses(struct judgement *j, struct ns_servers *servers, const char *name, const struct dns_answer *answer) {
  for (size_t i = 0; i < answer->count && servers->count < NS_SERVERS_MOST; i++) {
    char text[IP_TEXT];
    ip_format(&answer->records[i].address, text);
    servers->all[servers->count++] = (struct ns_server){ .name = name, .address = arena_strdup(j->arena, text), .ip = answer->records[i].address };
  }
}

static void collect(struct judgement *j, const struct dns_answer *ns, struct ns_servers *out) {
  for (size_t i = 0; i < ns->count && i < NAMES_MOST; i++) {
    const char *name = ns->records[i].target;
    const struct dns_answer *a = ask_dns(j, name, DNS_TYPE_A), *aaaa = ask_dns(j, name, DNS_TYPE_AAAA);
    out->names++;
    if (!a || !aaaa) continue;
    if (aaaa->count) out->with_ipv6++;
    if (!a->count && !aaaa->count) {
      if (answer_failed(a) || answer_failed(aaaa)) out->unknown_address++;
      else out->without_address++;
    }
    out->unknown_address += (a->count || aaaa->count) && (answer_failed(a) || answer_failed(aaaa));
    add_addresses(j, out, name, a);
    add_addresses(j, out, name, aaaa);
  }
}

static void judge_names(struct judgement *j, const struct dns_answer *ns, const struct ns_servers *servers) {
  for (size_t i = 0; i < ns->count && i < NAMES_MOST; i++) {
    const char *name = ns->records[i].target;
    const struct dns_answer *a = ask_dns(j, name, DNS_TYPE_A), *aaaa = ask_dns(j, name, DNS_TYPE_AAAA);
    if (!a || !aaaa) continue;
    const struct dns_answer *alias = a->links ? a : aaaa->links ? aaaa : NULL;
    if (alias) {
      struct finding *finding = ns_tell(j, "ns-name-is-cname", NULL, alias);
      find_argument(j, finding, "server", "%s", name);
      find_argument(j, finding, "target", "%s", alias->final_name);
    }
    if (a->count || aaaa->count || answer_failed(a) || answer_failed(aaaa)) continue;
    struct finding *finding = ns_tell_as(j, "ns-name-no-address", servers->without_address == servers->names ? SEVERITY_FAIL : SEVERITY_WARN, NULL, a);
    find_seen(j, finding, &aaaa->seen);
    find_argument(j, finding, "server", "%s", name);
  }
}

static size_t distinct_addresses(const struct ns_servers *servers) {
  size_t distinct = 0;
  for (size_t i = 0; i < servers->count; i++) {
    bool again = false;
    for (size_t n = 0; n < i; n++) again = again || ip_equal(&servers->all[n].ip, &servers->all[i].ip);
    distinct += !again;
  }
  return distinct;
}

/* All IPv4 addresses in one /24 and all IPv6 addresses in one /48. */
static bool in_one_network(const struct ns_servers *servers) {
  const struct ip *first[2] = { NULL, NULL };
  for (size_t i = 0; i < servers->count; i++) {
    const struct ip *ip = &servers->all[i].ip, **kept = &first[ip->family == 6];
    if (!*kept) *kept = ip;
    else if (!ip_in_prefix(ip, *kept, ip->family == 6 ? 48 : 24)) return false;
  }
  return true;
}

static const struct dns_host_facts *known_host(struct judgement *j, const struct ns_view *view, bool *out_mixed) {
  const char *names[NAMES_MOST];
  size_t count = 0;
  for (; count < view->ns->count && count < NAMES_MOST; count++) names[count] = view->ns->records[count].target;
  return j->inquiry->facts ? facts_dns_host_of(j->inquiry->facts, view->zone, names, count, out_mixed) : NULL;
}

static void judge_networks(struct judgement *j, const struct ns_view *view) {
  const struct ns_servers *servers = &view->servers;
  size_t distinct = distinct_addresses(servers);
  bool mixed = false, local = j->inquiry->test_network;
  for (size_t i = 0; i < servers->count; i++) local = local && ip_is_private(&servers->all[i].ip);
  const struct dns_host_facts *host = known_host(j, view, &mixed);
  if (servers->names < 2 || (distinct < 2 && !servers->unknown_address)) {
    struct finding *finding = ns_tell(j, "ns-too-few", NULL, view->ns);
    find_argument(j, finding, "names", "%zu", servers->names);
    find_argument(j, finding, "addresses", "%zu", distinct);
  } else if (distinct >= 2 && !servers->unknown_address && in_one_network(servers) && !local && (!host || strcmp(host->id, "own") == 0)) {
    find_argument(j, ns_tell(j, "ns-single-network", NULL, view->ns), "address", "%s", servers->all[0].address);
  }
  if (!servers->with_ipv6 && !servers->unknown_address) ns_tell(j, "ns-no-ipv6", NULL, view->ns);
  if (host && !mixed && strcmp(host->id, "own") != 0) find_argument(j, ns_tell(j, "ns-provider-recognised", NULL, view->ns), "host", "%s", host->name);
}

/* ---- what each says ---- */

enum says { SAYS_GOOD, SAYS_CUT /* so much that even this did not fit, and nothing over TCP */, SAYS_LAME, SAYS_SILENT, SAYS_OUT_OF_REACH, SAYS_COUNT };

static bool is_silence(const struct dns_answer *answer) {
  return answer->outcome == DNS_FAILED && (answer->failure == DNS_FAILURE_TIMEOUT || answer->failure == DNS_FAILURE_UNREACHABLE);
}

static bool is_cut(const struct dns_answer *answer) { return answer->outcome == DNS_FAILED && answer->failure == DNS_FAILURE_TRUNCATED; }

static bool with_authority(const struct dns_answer *answer) { return answer->outcome == DNS_ANSWER && answer->authoritative; }

/* A server that does not take EDNS shows by answering the plain question (RFC 6891 section 7). */
static bool needs_plain(const struct dns_answer *soa) {
  return soa->outcome == DNS_FAILED && (soa->failure == DNS_FAILURE_FORMERR || soa->failure == DNS_FAILURE_NOTIMP || soa->failure == DNS_FAILURE_TIMEOUT);
}

static const struct dns_answer *best_of(const struct ns_server *server) {
  if (server->plain && server->plain->outcome != DNS_FAILED) return server->plain;
  return is_silence(server->soa) && server->tcp && !is_silence(server->tcp) ? server->tcp : server->soa;
}

/* Whatever it says, a server that says it over TCP takes TCP. */
static bool answered(const struct dns_answer *answer) {
  if (answer->outcome != DNS_FAILED) return true;
  return answer->failure == DNS_FAILURE_FORMERR || answer->failure == DNS_FAILURE_NOTIMP || answer->failure == DNS_FAILURE_SERVFAIL ||
         answer->failure == DNS_FAILURE_REFUSED || answer->failure == DNS_FAILURE_REFERRAL;
}

/* A machine without IPv6 cannot tell whether such servers answer: a fact about the path (check-rules 0.4). */
static bool path_missing(const struct ns_servers *servers, const struct ns_server *server) {
  if (server->ip.family != 6 || server->soa->failure != DNS_FAILURE_UNREACHABLE) return false;
  for (size_t i = 0; i < servers->count; i++)
    if (servers->all[i].ip.family == 6 && !(is_silence(servers->all[i].soa) && servers->all[i].soa->failure == DNS_FAILURE_UNREACHABLE)) return false;
  return true;
}

static enum says says(const struct ns_servers *servers, const struct ns_server *server) {
  const struct dns_answer *best = best_of(server);
  if (path_missing(servers, server)) return SAYS_OUT_OF_REACH;
  if (is_silence(best)) return SAYS_SILENT;
  if (is_cut(best)) return SAYS_CUT;
  return with_authority(best) ? SAYS_GOOD : SAYS_LAME;
}

bool ns_server_speaks(const struct ns_server *server) { return ns_server_good(server) || (server->soa && is_cut(server->soa)); }

bool ns_server_good(const struct ns_server *server) {
  return server->soa && (!needs_plain(server->soa) || server->plain) && with_authority(best_of(server));
}

static void ask_each(struct judgement *j, struct ns_view *view) {
  for (size_t i = 0; i < view->servers.count; i++) {
    struct ns_server *server = &view->servers.all[i];
    server->soa = ask_dns_with(j, server->address, view->zone, DNS_TYPE_SOA, 0);
    server->tcp = ask_dns_with(j, server->address, view->zone, DNS_TYPE_SOA, DNS_ASK_TCP);
    if (server->soa && needs_plain(server->soa)) server->plain = ask_dns_with(j, server->address, view->zone, DNS_TYPE_SOA, DNS_ASK_PLAIN);
  }
}

const char *ns_lame_reason(const struct dns_answer *answer) {
  if (answer->outcome == DNS_FAILED) return dns_failure_word(answer->failure);
  return answer->outcome == DNS_ANSWER ? _("no authority") : _("no SOA record");
}

static void judge_one(struct judgement *j, const struct ns_servers *servers, const struct ns_server *server, const size_t tally[SAYS_COUNT]) {
  const struct dns_answer *best = best_of(server);
  size_t looked_at = servers->count - tally[SAYS_OUT_OF_REACH];
  switch (says(servers, server)) {
  case SAYS_LAME: {
    struct finding *finding = tell_server(j, "ns-lame", tally[SAYS_LAME] == looked_at ? SEVERITY_FAIL : SEVERITY_WARN, server, best);
    find_argument(j, finding, "reason", "%s", ns_lame_reason(best));
  } break;
  case SAYS_SILENT: {
    struct finding *finding = tell_server(j, "ns-no-answer", tally[SAYS_SILENT] == looked_at ? SEVERITY_UNKNOWN : SEVERITY_WARN, server, server->soa);
    find_seen(j, finding, &server->tcp->seen);
  } break;
  case SAYS_GOOD:
    if (server->plain && server->plain->outcome != DNS_FAILED) find_seen(j, tell_server(j, "ns-no-edns", SEVERITY_INFO, server, server->soa), &server->plain->seen);
    if (!answered(server->tcp)) tell_server(j, "ns-no-tcp", SEVERITY_WARN, server, server->tcp);
    break;
  case SAYS_CUT: tell_server(j, "ns-no-tcp", SEVERITY_WARN, server, server->tcp); break;
  case SAYS_OUT_OF_REACH:
  case SAYS_COUNT: break;
  }
}

static void judge_serials(struct judgement *j, const struct ns_servers *servers) {
  struct buf serials = BUF_INIT(1024);
  const struct dns_rr *first = NULL;
  bool differ = false;
  struct finding *finding = NULL;
  for (unsigned turn = 0; turn < 2; turn++) { /* first whether, then who */
    for (size_t i = 0; i < servers->count; i++) {
      if (!ns_server_good(&servers->all[i])) continue;
      const struct dns_answer *answer = best_of(&servers->all[i]);
      const struct dns_rr *soa = &answer->records[0];
      if (!first) first = soa;
      differ = differ || soa->soa.serial != first->soa.serial;
      if (!finding) continue;
      buf_printf(&serials, serials.length ? ", %s %u" : "%s %u", servers->all[i].address, soa->soa.serial);
      find_seen(j, finding, &answer->seen);
    }
    if (turn || !differ) break;
    int64_t since = j->inquiry->serials_differ_since, now = servers->all[0].soa->seen.time;
    bool lasting = since && now - since > (int64_t)first->soa.refresh * 1000;
    finding = find_as(j, "ns-serial-mismatch", lasting ? SEVERITY_WARN : SEVERITY_INFO, NULL);
  }
  if (finding) find_argument(j, finding, "serials", "%s", buf_string(&serials));
  buf_release(&serials);
}

/* A name that no server of a public body's zone answers for. */
static void judge_recursion(struct judgement *j, const struct ns_servers *servers) {
  for (size_t i = 0; i < servers->count; i++) {
    if (!ns_server_good(&servers->all[i])) continue;
    const struct dns_answer *answer = ask_dns_with(j, servers->all[i].address, "a.root-servers.net", DNS_TYPE_A, DNS_ASK_RD);
    if (answer && answer->outcome == DNS_ANSWER && answer->recursion_available && !answer->authoritative) tell_server(j, "ns-recursion-open", SEVERITY_INFO, &servers->all[i], answer);
  }
}

/* ---- the parent ---- */

const struct dns_answer *ns_find_referral(struct judgement *j, const char *zone) {
  const char *parent = name_parent(zone);
  const struct dns_answer *ns = ask_dns(j, parent, DNS_TYPE_NS), *found = NULL;
  if (ns && !ns->count && ns->outcome != DNS_FAILED) {
    parent = ns_zone_of(ns);
    ns = parent && *parent && name_is_below(zone, parent) ? ask_dns(j, parent, DNS_TYPE_NS) : NULL;
  }
  for (size_t i = 0; ns && i < ns->count && i < PARENTS_ASKED; i++) {
    const struct dns_answer *a = ask_dns(j, ns->records[i].target, DNS_TYPE_A);
    char address[IP_TEXT];
    if (!a || !a->count) continue;
    ip_format(&a->records[0].address, address);
    const struct dns_answer *answer = ask_dns_with(j, arena_strdup(j->arena, address), zone, DNS_TYPE_NS, 0);
    if (!answer || found || answer->failure != DNS_FAILURE_REFERRAL) continue;
    bool fits = false;
    for (size_t n = 0; n < answer->authorities; n++) fits |= answer->authority[n].type == DNS_TYPE_NS && name_equal(answer->authority[n].owner, zone);
    if (fits) found = answer;
  }
  return found;
}

static bool lists_server(const struct dns_rr *records, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (records[i].type == DNS_TYPE_NS && name_equal(records[i].target, name)) return true;
  return false;
}

/* Names of one list that the other lacks, for people. */
static void list_difference(struct buf *out, const struct dns_rr *of, size_t count, const struct dns_rr *other, size_t other_count) {
  for (size_t i = 0; i < count; i++)
    if (of[i].type == DNS_TYPE_NS && !lists_server(other, other_count, of[i].target)) buf_printf(out, out->length ? ", %s" : "%s", of[i].target);
}

static bool judge_delegation(struct judgement *j, const struct ns_view *view, const struct dns_answer *own) {
  struct buf above = BUF_INIT(4096), below = BUF_INIT(4096);
  list_difference(&above, view->referral->authority, view->referral->authorities, own->records, own->count);
  list_difference(&below, own->records, own->count, view->referral->authority, view->referral->authorities);
  bool differ = above.length || below.length;
  if (differ) {
    struct finding *finding = ns_tell(j, "ns-delegation-mismatch", NULL, view->referral);
    find_seen(j, finding, &own->seen);
    find_argument(j, finding, "above", "%s", above.length ? buf_string(&above) : _("none"));
    find_argument(j, finding, "below", "%s", below.length ? buf_string(&below) : _("none"));
  }
  buf_release(&above);
  buf_release(&below);
  return differ;
}

static bool has_address(const struct dns_answer *answer, const struct ip *ip) {
  for (size_t i = 0; i < answer->count; i++)
    if (ip_equal(&answer->records[i].address, ip)) return true;
  return false;
}

static void judge_glue(struct judgement *j, const struct ns_view *view, const char *name) {
  const struct dns_answer *a = ask_dns(j, name, DNS_TYPE_A), *aaaa = ask_dns(j, name, DNS_TYPE_AAAA), *referral = view->referral;
  const struct dns_rr *wrong = NULL;
  size_t given = 0;
  if (answer_failed(a) || answer_failed(aaaa) || (!a->count && !aaaa->count)) return;
  for (size_t i = 0; i < referral->additionals; i++) {
    const struct dns_rr *rr = &referral->additional[i];
    if ((rr->type != DNS_TYPE_A && rr->type != DNS_TYPE_AAAA) || !name_equal(rr->owner, name)) continue;
    given++;
    if (!has_address(rr->type == DNS_TYPE_A ? a : aaaa, &rr->address)) wrong = rr;
  }
  if ((given && !wrong) || (!given && referral->truncated)) return;
  char text[IP_TEXT];
  if (wrong) ip_format(&wrong->address, text);
  struct finding *finding = ns_tell(j, "ns-glue-mismatch", NULL, referral);
  find_seen(j, finding, &a->seen);
  find_argument(j, finding, "server", "%s", name);
  find_argument(j, finding, "address", "%s", wrong ? text : _("none"));
}

static void judge_parent(struct judgement *j, struct ns_view *view) {
  const struct dns_answer *own = NULL;
  view->referral = ns_find_referral(j, view->zone);
  if (!view->referral) return;
  for (size_t i = 0; i < view->servers.count && !own; i++) {
    if (!ns_server_good(&view->servers.all[i])) continue;
    const struct dns_answer *answer = ask_dns_with(j, view->servers.all[i].address, view->zone, DNS_TYPE_NS, 0);
    if (!answer) return;
    if (answer->outcome == DNS_ANSWER) own = answer;
  }
  if (!own) own = view->ns;
  judge_delegation(j, view, own);
  for (size_t i = 0; i < view->referral->authorities; i++) {
    const struct dns_rr *rr = &view->referral->authority[i];
    if (rr->type == DNS_TYPE_NS && name_is_under(rr->target, view->zone)) judge_glue(j, view, rr->target);
  }
}

/* ---- all of it ---- */

static bool above_info_since(const struct judgement *j, size_t first) {
  for (size_t i = first; i < j->count; i++)
    if (j->findings[i]->severity > SEVERITY_INFO) return true;
  return false;
}

void ns_judge_servers(struct judgement *j, struct ns_view *view) {
  struct ns_servers *servers = &view->servers;
  size_t tally[SAYS_COUNT] = { 0 }, before = j->count;
  collect(j, view->ns, servers);
  ask_each(j, view);
  view->referral = ns_find_referral(j, view->zone);
  for (size_t i = 0; i < servers->count; i++)
    if (!servers->all[i].soa || !servers->all[i].tcp || (needs_plain(servers->all[i].soa) && !servers->all[i].plain)) return;
  if (servers->names == 0) return;
  for (size_t i = 0; i < servers->count; i++) tally[says(servers, &servers->all[i])]++;
  judge_names(j, view->ns, servers);
  for (size_t i = 0; i < servers->count; i++) judge_one(j, servers, &servers->all[i], tally);
  judge_networks(j, view);
  judge_parent(j, view);
  judge_serials(j, servers);
  judge_recursion(j, servers);
  ns_judge_server_data(j, view);
  if (j->waiting || above_info_since(j, before) || found(j, "ns-serial-mismatch") || tally[SAYS_GOOD] < 2) return;
  struct finding *finding = find(j, "ns-ok", NULL);
  find_argument(j, finding, "count", "%zu", servers->names);
  for (size_t i = 0; i < servers->count; i++)
    if (ns_server_good(&servers->all[i])) find_seen(j, finding, &best_of(&servers->all[i])->seen);
  if (view->referral) find_seen(j, finding, &view->referral->seen);
}
