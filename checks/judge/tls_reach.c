#include <string.h>

#include "checks/judge/tls_private.h"

struct tally { size_t tried, worked, refused, silent, unreachable, no_family, not_tried; };

static struct tally tally_of(const struct mail_host *host) {
  struct tally t = { 0 };
  for (size_t i = 0; i < host->address_count; i++) {
    const struct smtp_session *session = host->addresses[i].session;
    if (!session) continue;
    switch (session->connect) {
    case CONNECT_OK: t.worked++; break;
    case CONNECT_REFUSED: t.refused++; break;
    case CONNECT_TIMEOUT: t.silent++; break;
    case CONNECT_NO_FAMILY: t.no_family++; continue;
    case CONNECT_NOT_TRIED: t.not_tried++; continue;
    case CONNECT_NO_ROUTE: case CONNECT_PROHIBITED: case CONNECT_OTHER: t.unreachable++; break;
    }
    t.tried++;
  }
  return t;
}

static bool was_tried(const struct smtp_session *session) { return session && session->connect != CONNECT_NO_FAMILY && session->connect != CONNECT_NOT_TRIED; }

/* Two addresses lie in one network when they share a /24, or a /48. */
static bool several_networks(const struct mail_hosts *hosts) {
  const struct ip *first = NULL;
  for (size_t i = 0; i < hosts->count; i++)
    for (size_t k = 0; k < hosts->hosts[i].address_count; k++) {
      const struct ip *ip = &hosts->hosts[i].addresses[k].ip;
      if (!was_tried(hosts->hosts[i].addresses[k].session)) continue;
      if (!first) first = ip;
      else if (!ip_in_prefix(ip, first, first->family == 4 ? 24 : 48)) return true;
    }
  return false;
}

static bool reachable_from_here(const struct judgement *judgement, const struct mail_hosts *hosts) {
  if (judgement->inquiry->smtp_reachable) return true;
  for (size_t i = 0; i < hosts->count; i++)
    for (size_t k = 0; k < hosts->hosts[i].address_count; k++)
      if (session_spoke(hosts->hosts[i].addresses[k].session)) return true;
  return false;
}

static void note_each(struct judgement *judgement, const struct mail_host *host, const char *rule, enum severity severity, unsigned outcomes) {
  for (size_t i = 0; i < host->address_count; i++) {
    const struct smtp_session *session = host->addresses[i].session;
    if (session && outcomes & 1u << session->connect) tls_note(judgement, rule, severity, host->name, session);
  }
}

static void judge_host(struct judgement *judgement, const struct mail_host *host, bool reachable, bool blocked) {
  enum { REFUSED = 1u << CONNECT_REFUSED, SILENT = 1u << CONNECT_TIMEOUT, NO_FAMILY = 1u << CONNECT_NO_FAMILY,
         UNREACHABLE = 1u << CONNECT_NO_ROUTE | 1u << CONNECT_PROHIBITED | 1u << CONNECT_OTHER };
  struct tally t = tally_of(host);
  if (t.no_family) note_each(judgement, host, "smtp-ipv6-not-tried", SEVERITY_INFO, NO_FAMILY);
  if (t.tried == 0 && t.not_tried) note_each(judgement, host, "smtp-connect-timeout", SEVERITY_UNKNOWN, 1u << CONNECT_NOT_TRIED);
  if (t.tried == 0) return;
  if (t.unreachable && t.worked == 0) note_each(judgement, host, "smtp-unreachable-from-here", SEVERITY_UNKNOWN, UNREACHABLE);
  if (t.refused == t.tried) note_each(judgement, host, "smtp-connect-refused", SEVERITY_FAIL, REFUSED);
  else if (t.worked == 0 && t.silent && !blocked)
    note_each(judgement, host, "smtp-connect-timeout", reachable && !t.unreachable ? SEVERITY_FAIL : SEVERITY_UNKNOWN, SILENT | REFUSED);
  if (t.worked && t.refused + t.silent) note_each(judgement, host, "smtp-partial-addresses", SEVERITY_WARN, REFUSED | SILENT);
}

void tls_judge_reach(struct judgement *judgement, const struct mail_hosts *hosts) {
  bool reachable = reachable_from_here(judgement, hosts), silent_only = true, any = false;
  for (size_t i = 0; i < hosts->count; i++) {
    struct tally t = tally_of(&hosts->hosts[i]);
    any = any || t.silent;
    silent_only = silent_only && t.worked == 0 && t.refused == 0;
  }
  bool blocked = any && silent_only && !reachable && several_networks(hosts);
  if (blocked) {
    struct finding *finding = find(judgement, "smtp-port-blocked-here", NULL);
    for (size_t i = 0; i < hosts->count; i++)
      for (size_t k = 0; k < hosts->hosts[i].address_count; k++)
        if (hosts->hosts[i].addresses[k].session) find_seen(judgement, finding, &hosts->hosts[i].addresses[k].session->seen);
  }
  for (size_t i = 0; i < hosts->count; i++) judge_host(judgement, &hosts->hosts[i], reachable, blocked);
}
