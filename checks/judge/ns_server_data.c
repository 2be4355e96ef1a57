#include <string.h>

#include "checks/judge/ns_private.h"

/* The same questions to each server that answers for the zone: their data must be the same (RFC 1034 section 4.3.5). */

static const char *type_word(struct judgement *j, uint16_t type) {
  char scratch[16];
  return arena_strdup(j->arena, dns_type_name(type, scratch));
}

static void judge_same(struct judgement *j, const struct ns_view *view, const struct ns_name *name) {
  const struct dns_answer *first = NULL, *other = NULL;
  for (size_t i = 0; i < view->servers.count; i++) {
    if (!ns_server_good(&view->servers.all[i])) continue;
    const struct dns_answer *answer = ask_dns_with(j, view->servers.all[i].address, name->name, name->type, 0);
    if (answer_failed(answer)) continue;
    if (!first) first = answer;
    else if (!other && !answers_same(j->arena, first, answer)) other = answer;
  }
  if (!other) return;
  struct finding *finding = ns_tell(j, "ns-record-differs", name->name, first);
  find_seen(j, finding, &other->seen);
  find_argument(j, finding, "name", "%s", name->name);
  find_argument(j, finding, "type", "%s", type_word(j, name->type));
  find_argument(j, finding, "server", "%s", first->seen.server);
  find_argument(j, finding, "other", "%s", other->seen.server);
}

/* One server gives an alias for one type and data for another (RFC 2181 section 10.1). */
static void judge_alias_beside_data(struct judgement *j, const struct ns_view *view, const struct ns_name *name) {
  for (size_t i = 0; i < view->servers.count; i++) {
    const char *server = view->servers.all[i].address;
    if (!ns_server_good(&view->servers.all[i])) continue;
    const struct dns_answer *data = ask_dns_with(j, server, name->name, name->type, 0), *alias = ask_dns_with(j, server, name->name, DNS_TYPE_CNAME, 0);
    if (answer_failed(data) || answer_failed(alias) || data->links || !data->count || !alias->count) continue;
    struct finding *finding = ns_tell(j, "ns-cname-and-other-data", name->name, alias);
    find_seen(j, finding, &data->seen);
    find_argument(j, finding, "name", "%s", name->name);
    find_argument(j, finding, "type", "%s", type_word(j, name->type));
    find_argument(j, finding, "target", "%s", alias->records[0].target);
    find_argument(j, finding, "server", "%s", alias->seen.server);
    return;
  }
}

/* TC=1 where answers are kept under 1232 octets, and no answer over TCP (RFC 7766 section 5). */
static void judge_truncated(struct judgement *j, const struct ns_view *view, const struct ns_name *name) {
  bool large = name->answer && (name->answer->size > 1232 || name->answer->outcome == DNS_FAILED);
  for (size_t i = 0; i < view->servers.count; i++) {
    const char *server = view->servers.all[i].address;
    if (!ns_server_good(&view->servers.all[i]) || name->type != DNS_TYPE_TXT) continue;
    const struct dns_answer *usual = ask_dns_with(j, server, name->name, name->type, 0);
    if (!usual || !(large || usual->outcome == DNS_FAILED || usual->size > 1232)) continue;
    const struct dns_answer *udp = ask_dns_with(j, server, name->name, name->type, DNS_ASK_UDP_ONLY), *tcp = ask_dns_with(j, server, name->name, name->type, DNS_ASK_TCP);
    if (!udp || !tcp || !udp->truncated || tcp->outcome != DNS_FAILED) continue;
    struct finding *finding = ns_tell(j, "ns-txt-truncated-no-tcp", name->name, udp);
    find_seen(j, finding, &tcp->seen);
    find_argument(j, finding, "name", "%s", name->name);
    find_argument(j, finding, "server", "%s [%s]", view->servers.all[i].name, server);
  }
}

/* A record that is to change, as its own server gives its TTL: a resolver's is already running down. */
static void judge_ttls(struct judgement *j, const struct ns_view *view) {
  for (size_t n = 0; n < j->inquiry->changing_count; n++) {
    const struct inquiry_record *record = &j->inquiry->changing[n];
    for (size_t i = 0; i < view->servers.count; i++) {
      if (!ns_server_good(&view->servers.all[i])) continue;
      const struct dns_answer *answer = ask_dns_with(j, view->servers.all[i].address, record->name, record->type, 0);
      if (!answer || answer->outcome == DNS_FAILED) continue;
      if (!answer->count || answer->links || answer->records[0].ttl <= 3600) break;
      struct finding *finding = ns_tell(j, "ns-ttl-long", record->name, answer);
      find_argument(j, finding, "name", "%s", record->name);
      find_argument(j, finding, "type", "%s", type_word(j, record->type));
      find_argument(j, finding, "seconds", "%u", answer->records[0].ttl);
      break;
    }
  }
}

void ns_judge_server_data(struct judgement *j, const struct ns_view *view) {
  struct ns_name names[NS_NAMES_MOST];
  size_t count = ns_names(j, names);
  for (size_t i = 0; i < count; i++) {
    if (!name_is_under(names[i].name, view->zone)) continue;
    judge_same(j, view, &names[i]);
    if (strcmp(names[i].name, view->zone) != 0) judge_alias_beside_data(j, view, &names[i]);
    judge_truncated(j, view, &names[i]);
  }
  judge_ttls(j, view);
}
