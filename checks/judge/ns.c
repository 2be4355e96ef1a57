#include <stdlib.h>
#include <string.h>

#include "checks/judge/lib.h"

enum { MOST_SERVERS = 16, MOST_ADDRESSES = 24 };

struct server {
  const char *name;
  const char *address;
  const struct dns_answer *soa;
};

struct servers {
  struct server all[MOST_ADDRESSES];
  size_t count, names, with_ipv6, without_address;
};

/* ---- the servers ---- */

static void add_addresses(struct judgement *j, struct servers *servers, const char *name, const struct dns_answer *answer) {
  for (size_t i = 0; answer && i < answer->count && servers->count < MOST_ADDRESSES; i++) {
    char text[IP_TEXT];
    ip_format(&answer->records[i].address, text);
    servers->all[servers->count++] = (struct server){ .name = name, .address = arena_strdup(j->arena, text) };
  }
}

static void collect_servers(struct judgement *j, const struct dns_answer *ns, struct servers *out) {
  for (size_t i = 0; i < ns->count && out->names < MOST_SERVERS; i++) {
    const char *name = ns->records[i].target;
    const struct dns_answer *a = ask_dns(j, name, DNS_TYPE_A), *aaaa = ask_dns(j, name, DNS_TYPE_AAAA);
    out->names++;
    if (!a || !aaaa) continue;
    if (a->links) find_argument(j, find(j, "ns-name-is-cname", NULL), "server", "%s", name);
    if (aaaa->count) out->with_ipv6++;
    if (!a->count && !aaaa->count && a->outcome != DNS_FAILED && aaaa->outcome != DNS_FAILED) out->without_address++;
    add_addresses(j, out, name, a);
    add_addresses(j, out, name, aaaa);
  }
}

static void judge_missing_addresses(struct judgement *j, const struct dns_answer *ns, const struct servers *servers) {
  for (size_t i = 0; i < ns->count && servers->without_address; i++) {
    const char *name = ns->records[i].target;
    const struct dns_answer *a = ask_dns(j, name, DNS_TYPE_A), *aaaa = ask_dns(j, name, DNS_TYPE_AAAA);
    if (!a || !aaaa || a->count || aaaa->count || a->outcome == DNS_FAILED || aaaa->outcome == DNS_FAILED) continue;
    bool all = servers->without_address == servers->names;
    find_argument(j, find_as(j, "ns-name-no-address", all ? SEVERITY_FAIL : SEVERITY_WARN, NULL), "server", "%s", name);
  }
}

/* ---- what each says ---- */

enum says { SAYS_GOOD, SAYS_LAME, SAYS_SILENT };

static enum says says(const struct server *server) {
  const struct dns_answer *soa = server->soa;
  if (soa->outcome == DNS_FAILED && (soa->failure == DNS_FAILURE_TIMEOUT || soa->failure == DNS_FAILURE_UNREACHABLE)) return SAYS_SILENT;
  return soa->outcome == DNS_ANSWER && soa->authoritative ? SAYS_GOOD : SAYS_LAME;
}

static void judge_one_server(struct judgement *j, const struct server *server, size_t good, size_t lame) {
  const char *shown = arena_printf(j->arena, "%s [%s]", server->name, server->address);
  struct finding *finding = NULL;
  if (says(server) == SAYS_LAME) {
    finding = find_as(j, "ns-lame", good ? SEVERITY_WARN : SEVERITY_FAIL, NULL);
    find_argument(j, finding, "reason", "%s", server->soa->outcome == DNS_FAILED ? dns_failure_word(server->soa->failure) : "no authority");
  } else if (says(server) == SAYS_SILENT) {
    finding = find_as(j, "ns-no-answer", good || lame ? SEVERITY_WARN : SEVERITY_UNKNOWN, NULL);
  }
  if (!finding) return;
  find_argument(j, finding, "server", "%s", shown);
  find_seen(j, finding, &server->soa->seen);
}

static void judge_serials(struct judgement *j, const struct servers *servers) {
  struct buf serials = BUF_INIT(1024);
  uint32_t first = 0;
  bool any = false, differ = false;
  for (size_t i = 0; i < servers->count; i++) {
    if (says(&servers->all[i]) != SAYS_GOOD) continue;
    uint32_t serial = servers->all[i].soa->records[0].soa.serial;
    if (any && serial != first) differ = true;
    if (!any) first = serial;
    any = true;
    buf_printf(&serials, serials.length ? ", %s %u" : "%s %u", servers->all[i].address, serial);
  }
  if (differ) find_argument(j, find(j, "ns-serial-mismatch", NULL), "serials", "%s", buf_string(&serials));
  buf_release(&serials);
}

static int compare_rr(const void *a, const void *b) {
  const struct dns_rr *left = a, *right = b;
  size_t least = left->data_length < right->data_length ? left->data_length : right->data_length;
  int order = memcmp(left->data, right->data, least);
  return order ? order : left->data_length - right->data_length;
}

static bool same_records(struct arena *arena, const struct dns_answer *a, const struct dns_answer *b) {
  if (a->count != b->count || a->outcome != b->outcome) return false;
  if (!a->count) return true;
  struct dns_rr *left = arena_memdup(arena, a->records, a->count * sizeof *left), *right = arena_memdup(arena, b->records, b->count * sizeof *right);
  qsort(left, a->count, sizeof *left, compare_rr);
  qsort(right, b->count, sizeof *right, compare_rr);
  for (size_t i = 0; i < a->count; i++)
    if (compare_rr(&left[i], &right[i]) != 0) return false;
  return true;
}

/* The servers must give the same data for the names that matter; a server that does not answer is told of elsewhere. */
static void judge_same_data(struct judgement *j, const struct servers *servers) {
  const struct { const char *prefix; uint16_t type; const char *word; } names[] = {
    { "", DNS_TYPE_MX, "MX" }, { "", DNS_TYPE_TXT, "TXT" }, { "_dmarc", DNS_TYPE_TXT, "TXT" }, { "_smtp._tls", DNS_TYPE_TXT, "TXT" }, { "_mta-sts", DNS_TYPE_TXT, "TXT" },
  };
  for (size_t n = 0; n < MEM_COUNT(names); n++) {
    const char *name = ask_name(j, names[n].prefix);
    const struct dns_answer *first = NULL;
    bool differ = false;
    for (size_t i = 0; i < servers->count; i++) {
      if (says(&servers->all[i]) != SAYS_GOOD) continue;
      const struct dns_answer *answer = ask_dns_with(j, servers->all[i].address, name, names[n].type, 0);
      if (!answer || answer->outcome == DNS_FAILED) continue;
      if (first && !same_records(j->arena, first, answer)) differ = true;
      if (!first) first = answer;
    }
    if (!differ) continue;
    struct finding *finding = find(j, "ns-record-differs", NULL);
    find_argument(j, finding, "name", "%s", name);
    find_argument(j, finding, "type", "%s", names[n].word);
  }
}

static void judge_tcp(struct judgement *j, const struct servers *servers, const char *zone) {
  for (size_t i = 0; i < servers->count; i++) {
    if (says(&servers->all[i]) != SAYS_GOOD) continue;
    const struct dns_answer *answer = ask_dns_with(j, servers->all[i].address, zone, DNS_TYPE_SOA, DNS_ASK_TCP);
    if (!answer || answer->outcome != DNS_FAILED) continue;
    struct finding *finding = find(j, "ns-no-tcp", NULL);
    find_argument(j, finding, "server", "%s [%s]", servers->all[i].name, servers->all[i].address);
    find_seen(j, finding, &answer->seen);
  }
}

static void judge_networks(struct judgement *j, const struct servers *servers) {
  struct ip first = { 0 };
  bool several = false;
  size_t distinct = 0;
  for (size_t i = 0; i < servers->count; i++) {
    struct ip ip;
    if (!ip_parse(servers->all[i].address, &ip)) continue;
    bool again = false;
    for (size_t n = 0; n < i; n++) again = again || strcmp(servers->all[n].address, servers->all[i].address) == 0;
    distinct += !again;
    if (first.family == 0) first = ip;
    else if (!ip_in_prefix(&ip, &first, first.family == 6 ? 48 : 24)) several = true;
  }
  if (servers->names < 2 || distinct < 2) find_argument(j, find(j, "ns-too-few", NULL), "count", "%zu", servers->names < distinct ? servers->names : distinct);
  else if (!several && !j->inquiry->test_network) find(j, "ns-single-network", NULL);
  if (!servers->with_ipv6) find(j, "ns-no-ipv6", NULL);
}

static void judge_servers(struct judgement *j, const struct dns_answer *ns, const char *zone) {
  struct servers servers = { .count = 0 };
  size_t good = 0, lame = 0;
  collect_servers(j, ns, &servers);
  if (j->waiting) return;
  for (size_t i = 0; i < servers.count; i++) servers.all[i].soa = ask_dns_with(j, servers.all[i].address, zone, DNS_TYPE_SOA, 0);
  if (j->waiting) return;
  for (size_t i = 0; i < servers.count; i++) {
    good += says(&servers.all[i]) == SAYS_GOOD;
    lame += says(&servers.all[i]) == SAYS_LAME;
  }
  judge_missing_addresses(j, ns, &servers);
  for (size_t i = 0; i < servers.count; i++) judge_one_server(j, &servers.all[i], good, lame);
  judge_networks(j, &servers);
  judge_serials(j, &servers);
  judge_same_data(j, &servers);
  judge_tcp(j, &servers, zone);
  if (!j->waiting && !found_above_info(j) && good >= 2) find_argument(j, find(j, "ns-ok", NULL), "count", "%zu", good);
}

/* ---- names and values ---- */

static const char *const versions[] = { "v=spf1", "v=DMARC1", "v=DKIM1", "v=TLSRPTv1", "v=STSv1" };

static bool begins_with_version(const char *text) {
  for (size_t i = 0; i < MEM_COUNT(versions); i++)
    if (text_starts(text, versions[i])) return true;
  return false;
}

static const char *past_blanks(const char *text) {
  for (;;) {
    if (is_space(*text)) text++;
    else if (strncmp(text, "\xc2\xa0", 2) == 0) text += 2;
    else if (strncmp(text, "\xe2\x80\x8b", 3) == 0 || strncmp(text, "\xef\xbb\xbf", 3) == 0) text += 3;
    else return text;
  }
}

static void judge_value(struct judgement *j, const char *name, const struct dns_answer *answer, const struct dns_rr *rr) {
  const char *text = rr->txt.bytes, *inside = past_blanks(text), *rule = NULL;
  bool quoted = *text == '"' && begins_with_version(text + 1);
  if (quoted || (begins_with_version(text) && rr->txt.length && text[rr->txt.length - 1] == '"')) rule = "ns-txt-literal-quotes";
  else if (inside != text && begins_with_version(inside)) rule = "ns-txt-leading-space";
  if (!rule && !begins_with_version(text)) return;
  for (const char *c = text; !rule && *c; c++) {
    if ((unsigned char)*c > 0x7e) rule = "ns-txt-typographic";
    else if (*c == '\\' && (c[1] == ';' || c[1] == '"' || c[1] == '\\')) rule = "ns-txt-backslash";
  }
  if (!rule) return;
  struct finding *finding = find(j, rule, name);
  find_argument(j, finding, "name", "%s", name);
  find_bytes(j, finding, "value", text, rr->txt.length);
  find_seen(j, finding, &answer->seen);
}

static void judge_values(struct judgement *j) {
  static const char *const prefixes[] = { "", "_dmarc", "_smtp._tls", "_mta-sts" };
  for (size_t p = 0; p < MEM_COUNT(prefixes); p++) {
    const char *name = ask_name(j, prefixes[p]);
    const struct dns_answer *answer = ask_dns(j, name, DNS_TYPE_TXT);
    size_t tokens = 0;
    if (!answer) continue;
    for (size_t i = 0; i < answer->count; i++) {
      judge_value(j, name, answer, &answer->records[i]);
      tokens += !begins_with_version(answer->records[i].txt.bytes);
    }
    if (answer->failure == DNS_FAILURE_CNAME_LOOP) find_argument(j, find(j, "ns-cname-loop", name), "name", "%s", name);
    if (answer->size > 1232) {
      struct finding *finding = find(j, "ns-txt-answer-large", name);
      find_argument(j, finding, "name", "%s", name);
      find_argument(j, finding, "octets", "%u", answer->size);
    }
    if (p == 0 && tokens > 10) find_argument(j, find(j, "ns-txt-many-tokens", NULL), "count", "%zu", tokens);
    if (answer->links && answer->outcome == DNS_NXDOMAIN) {
      const struct dns_answer *owner = ask_dns(j, suffix_registrable(answer->final_name), DNS_TYPE_SOA);
      if (!owner) continue;
      struct finding *finding = find_as(j, "ns-cname-dangling", owner->outcome == DNS_NXDOMAIN ? SEVERITY_FAIL : SEVERITY_WARN, name);
      find_argument(j, finding, "name", "%s", name);
      find_argument(j, finding, "target", "%s", answer->final_name);
    }
  }
}

/* ---- names where a record does not belong ---- */

static const struct { const char *right, *wrong, *version, *rule; } slips[] = {
  { "_dmarc", "dmarc", "v=DMARC1", "ns-name-underscore-lost" },       { "_smtp._tls", "smtp._tls", "v=TLSRPTv1", "ns-name-underscore-lost" },
  { "_smtp._tls", "_smtp.tls", "v=TLSRPTv1", "ns-name-underscore-lost" }, { "_mta-sts", "mta-sts", "v=STSv1", "ns-name-underscore-lost" },
  { "_dmarc", "_damrc", "v=DMARC1", "ns-name-misspelt" },             { "_dmarc", "_demarc", "v=DMARC1", "ns-name-misspelt" },
  { "_dmarc", "_dmark", "v=DMARC1", "ns-name-misspelt" },             { "_dmarc", "_dmar", "v=DMARC1", "ns-name-misspelt" },
  { "_smtp._tls", "_stmp._tls", "v=TLSRPTv1", "ns-name-misspelt" },   { "_smtp._tls", "_smtp._tlsrpt", "v=TLSRPTv1", "ns-name-misspelt" },
  { "_mta-sts", "_mtasts", "v=STSv1", "ns-name-misspelt" },           { "_mta-sts", "_mta_sts", "v=STSv1", "ns-name-misspelt" },
};

static bool holds(const struct dns_answer *answer, const char *version) {
  for (size_t i = 0; i < answer->count; i++)
    if (text_starts(answer->records[i].txt.bytes, version)) return true;
  return false;
}

static void judge_slip(struct judgement *j, const char *right, const char *wrong, const char *version, const char *rule) {
  const struct dns_answer *there = ask_dns(j, right, DNS_TYPE_TXT);
  if (!there || there->outcome == DNS_FAILED) return;
  bool has = holds(there, version);
  if (has) return; /* with the right one in place a stray copy is not worth a question for each slip */
  const struct dns_answer *stray = ask_dns(j, wrong, DNS_TYPE_TXT);
  if (!stray || !holds(stray, version)) return;
  struct finding *finding = find_as(j, rule, SEVERITY_FAIL, wrong);
  find_argument(j, finding, "name", "%s", wrong);
  find_seen(j, finding, &stray->seen);
}

static void judge_slips(struct judgement *j) {
  static const struct { const char *prefix, *version; } doubled[] = { { "_dmarc", "v=DMARC1" }, { "_smtp._tls", "v=TLSRPTv1" }, { "_mta-sts", "v=STSv1" } };
  for (size_t i = 0; i < MEM_COUNT(slips); i++) judge_slip(j, ask_name(j, slips[i].right), ask_name(j, slips[i].wrong), slips[i].version, slips[i].rule);
  for (size_t i = 0; i < MEM_COUNT(doubled); i++) {
    const char *right = ask_name(j, doubled[i].prefix);
    judge_slip(j, right, name_join(j->arena, right, j->inquiry->domain), doubled[i].version, "ns-name-doubled");
  }
}

/* ---- the zone ---- */

static void judge_wildcard(struct judgement *j) {
  uint32_t hash = 2166136261u;
  for (const char *c = j->inquiry->domain; *c; c++) hash = (hash ^ (unsigned char)*c) * 16777619u;
  const char *label = ask_name(j, arena_printf(j->arena, "mailstead-%08x", hash));
  static const struct { uint16_t type; const char *word; } types[] = { { DNS_TYPE_A, "A" }, { DNS_TYPE_MX, "MX" }, { DNS_TYPE_TXT, "TXT" } };
  struct buf words = BUF_INIT(64);
  for (size_t i = 0; i < MEM_COUNT(types); i++) {
    const struct dns_answer *answer = ask_dns(j, label, types[i].type);
    if (answer && answer->count) buf_printf(&words, words.length ? " %s" : "%s", types[i].word);
  }
  if (words.length) find_argument(j, find(j, "ns-wildcard", NULL), "types", "%s", buf_string(&words));
  buf_release(&words);
}

static void judge_dnssec(struct judgement *j, const struct dns_answer *soa) {
  if (soa->outcome == DNS_FAILED && soa->failure == DNS_FAILURE_SERVFAIL) {
    const struct dns_answer *unchecked = ask_dns_with(j, "", j->inquiry->domain, DNS_TYPE_SOA, DNS_ASK_CD);
    if (unchecked && unchecked->outcome != DNS_FAILED) find_argument(j, find(j, "ns-dnssec-bogus", NULL), "name", "%s", j->inquiry->domain);
    return;
  }
  if (soa->authenticated) {
    find(j, "ns-dnssec-ok", NULL);
    return;
  }
  const struct dns_answer *ds = ask_dns(j, j->inquiry->domain, DNS_TYPE_DS);
  if (ds && (ds->outcome == DNS_NODATA || ds->outcome == DNS_NXDOMAIN)) find(j, "ns-dnssec-absent", NULL);
}

static const char *zone_of(const struct dns_answer *soa) {
  if (soa->outcome == DNS_ANSWER) return soa->records[0].owner;
  for (size_t i = 0; i < soa->authorities; i++)
    if (soa->authority[i].type == DNS_TYPE_SOA) return soa->authority[i].owner;
  return NULL;
}

static void judge_zone(struct judgement *j, const struct dns_answer *soa) {
  if (suffix_is_public(j->inquiry->domain)) find(j, "ns-public-suffix", NULL);
  if (soa->outcome == DNS_ANSWER) {
    const struct dns_rr *rr = &soa->records[0];
    uint32_t negative = rr->ttl < rr->soa.minimum ? rr->ttl : rr->soa.minimum;
    if (negative > 3600) find_argument(j, find(j, "ns-negative-ttl-long", NULL), "seconds", "%u", negative);
    if (soa->links) find_argument(j, find(j, "ns-cname-at-apex", NULL), "target", "%s", soa->final_name);
  }
}

void judge_ns(struct judgement *j) {
  if (!judge_domain_exists(j)) return;
  const struct dns_answer *soa = ask_dns(j, j->inquiry->domain, DNS_TYPE_SOA);
  judge_values(j);
  judge_slips(j);
  judge_wildcard(j);
  if (!soa) return;
  const char *zone = zone_of(soa);
  judge_zone(j, soa);
  judge_dnssec(j, soa);
  if (!zone) return;
  const struct dns_answer *ns = ask_dns(j, zone, DNS_TYPE_NS);
  if (ns && ns->outcome == DNS_FAILED) find_lookup_failed(j, "ns-lookup-failed", NULL, ns);
  else if (ns && ns->count) judge_servers(j, ns, zone);
}
