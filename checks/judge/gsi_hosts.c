#include <string.h>

#include "checks/judge/gsi_private.h"

/* The family in what the servers of the domain show. */

enum { ADDRESSES_MOST = 24, RANGES_MOST = 16 /* as many as the address judge asks for */ };

/* ---- reverse names ---- */

struct addresses { struct ip all[ADDRESSES_MOST]; size_t count; };

static bool holds(const struct addresses *list, const struct ip *ip) {
  for (size_t i = 0; i < list->count; i++)
    if (ip_equal(&list->all[i], ip)) return true;
  return false;
}

static void add(struct gsi *gsi, struct addresses *list, const struct ip *ip) {
  bool out_of_reach = ip_is_private(ip) && !gsi->j->inquiry->test_network;
  if (!out_of_reach && list->count < ADDRESSES_MOST && !holds(list, ip)) list->all[list->count++] = *ip;
}

/* The name of the family that the address points to; null: none, or not yet. */
static const char *family_pointer(struct gsi *gsi, const struct ip *ip, const struct dns_answer **out_answer) {
  char reverse[80];
  ip_reverse_name(ip, reverse);
  const struct dns_answer *pointers = *out_answer = gsi_ask(gsi, reverse, DNS_TYPE_PTR);
  for (size_t i = 0; pointers && i < pointers->count; i++)
    if (gsi_is_family(pointers->records[i].target)) return pointers->records[i].target;
  return NULL;
}

static void judge_pointer(struct gsi *gsi, const struct ip *ip, const char *rule) {
  const struct dns_answer *pointers;
  const char *name = family_pointer(gsi, ip, &pointers);
  char text[IP_TEXT];
  ip_format(ip, text);
  if (name) find_argument(gsi->j, gsi_tell(gsi, rule, text, name, &pointers->seen), "address", "%s", text);
}

/* Reverse names of a known service are its own affair. */
static void add_mail_hosts(struct gsi *gsi, const struct mail_hosts *hosts, struct addresses *list) {
  const struct inquiry *inquiry = gsi->j->inquiry;
  for (size_t i = 0; !hosts->implicit && i < hosts->count; i++) {
    const struct mail_host *host = &hosts->hosts[i];
    if (inquiry->facts && facts_service_of_mx(inquiry->facts, host->name, inquiry->domain)) continue;
    for (size_t n = 0; n < host->address_count; n++) add(gsi, list, &host->addresses[n].ip);
  }
}

static void judge_pointers(struct gsi *gsi, const struct addresses *list) {
  for (size_t i = 0; i < list->count; i++) judge_pointer(gsi, &list->all[i], "gsi-ptr-leftover");
}

static bool is_single(const struct spf_term *term) {
  return term->kind == SPF_MECHANISM && !term->fault && ((term->mechanism == SPF_IP4 && term->prefix4 == 32) || (term->mechanism == SPF_IP6 && term->prefix6 == 128));
}

/* Single addresses of the domain's own record; those that send by list or take mail are told by the rule before. */
static void judge_ranges(struct gsi *gsi, const struct addresses *known) {
  struct judgement *j = gsi->j;
  const struct spf_record *spf;
  struct addresses asked = { .count = 0 };
  if (!ask_spf(j, j->inquiry->domain, &spf) || !spf) return;
  for (size_t i = 0; i < spf->count && asked.count < RANGES_MOST; i++) {
    const struct spf_term *term = &spf->terms[i];
    if (is_single(term) && !holds(known, &term->network)) add(gsi, &asked, &term->network);
  }
  for (size_t i = 0; i < asked.count; i++) judge_pointer(gsi, &asked.all[i], "gsi-spf-range-leftover");
}

/* ---- conversations ---- */

static const char *family_name_of(struct arena *arena, const struct certificate *leaf) {
  for (size_t i = 0; i < leaf->name_count; i++)
    if (gsi_is_family(name_without_star(leaf->names[i]))) return leaf->names[i];
  return gsi_is_family(name_without_star(name_lower(arena, leaf->common_name))) ? leaf->common_name : NULL;
}

static bool is_told(const struct judgement *j, const char *rule, const char *subject, const char *value) {
  for (size_t i = 0; i < j->count; i++) {
    const struct finding *finding = j->findings[i];
    if (strcmp(finding->rule->id, rule) == 0 && strcmp(finding->subject, subject) == 0 && strcmp(finding_argument(finding, "value"), value) == 0) return true;
  }
  return false;
}

static void judge_session(struct gsi *gsi, const char *host, const struct smtp_session *session) {
  struct arena *arena = gsi->j->arena;
  const char *certified = session->tls.certificates ? family_name_of(arena, session->tls.chain[0]) : NULL;
  const char *banner = session->banner, *ehlo = session->ehlo, *greeting = gsi_next_name(arena, &banner), *said = greeting ? greeting : gsi_next_name(arena, &ehlo);
  if (certified && !is_told(gsi->j, "gsi-certificate-leftover", host, certified)) gsi_tell(gsi, "gsi-certificate-leftover", host, certified, &session->seen);
  if (said && !is_told(gsi->j, "gsi-smtp-name-leftover", host, said)) gsi_tell(gsi, "gsi-smtp-name-leftover", host, said, &session->seen);
}

void gsi_judge_hosts(struct gsi *gsi) {
  struct judgement *j = gsi->j;
  struct mail_hosts *hosts = ARENA_NEW(j->arena, struct mail_hosts);
  struct addresses list = { .count = 0 };
  mail_hosts_find(j, j->inquiry->domain, true, hosts);
  for (size_t i = 0; i < j->inquiry->sending_count; i++) add(gsi, &list, &j->inquiry->sending[i]);
  add_mail_hosts(gsi, hosts, &list);
  judge_pointers(gsi, &list);
  judge_ranges(gsi, &list);
  for (size_t i = 0; i < hosts->count; i++)
    for (size_t n = 0; n < hosts->hosts[i].address_count; n++)
      if (hosts->hosts[i].addresses[n].session) judge_session(gsi, hosts->hosts[i].name, hosts->hosts[i].addresses[n].session);
}
