#include <string.h>

#include "checks/judge/ns_private.h"

/* The same questions to each server that answers for the zone: their data must be the same (RFC 1034 section 4.3.5). */

static const char *type_word(struct judgement *j, uint16_t type) {
  char scratch[16];
  return arena_strdup(j->arena, dns_type_name(type, scratch));
}

static void put_record(struct buf *out, const struct dns_rr *rr) {
  char text[IP_TEXT];
  buf_text(out, out->length ? ", " : "");
  switch (rr->type) {
  case DNS_TYPE_MX: buf_printf(out, "%u %s", rr->mx.preference, *rr->mx.host ? rr->mx.host : "."); break;
  case DNS_TYPE_TXT: buf_bytes(out, rr->txt.bytes, rr->txt.length); break;
  default:
    ip_format(&rr->address, text);
    buf_text(out, text);
  }
}

/* What one server says and the other does not, for people. */
static void find_only(struct judgement *j, struct finding *finding, const char *argument, const struct dns_answer *of, const struct dns_answer *other) {
  struct buf out = BUF_INIT(1024);
  if (of->links) buf_printf(&out, "CNAME %s", of->chain[0].target);
  for (size_t i = 0; !of->links && i < of->count; i++) {
    bool both = false;
    for (size_t n = 0; !other->links && n < other->count; n++)
      both = both || (of->records[i].data_length == other->records[n].data_length && !memcmp(of->records[i].data, other->records[n].data, of->records[i].data_length));
    if (!both) put_record(&out, &of->records[i]);
  }
  if (!out.length) buf_text(&out, _("nothing"));
  find_bytes(j, finding, argument, buf_string(&out), out.length);
  buf_release(&out);
}

static const char *shown(struct judgement *j, const struct ns_server *server) { return arena_printf(j->arena, "%s [%s]", server->name, server->address); }

static void judge_same(struct judgement *j, const struct ns_view *view, const struct ns_name *name) {
  const struct dns_answer *first = NULL, *other = NULL;
  const struct ns_server *first_server = NULL, *other_server = NULL;
  for (size_t i = 0; i < view->servers.count; i++) {
    const struct ns_server *server = &view->servers.all[i];
    if (!ns_server_good(server)) continue;
    const struct dns_answer *answer = ask_dns_with(j, server->address, name->name, name->type, 0);
    if (answer_failed(answer)) continue;
    if (!first) first = answer, first_server = server;
    else if (!other && !answers_same(j->arena, first, answer)) other = answer, other_server = server;
  }
  if (!other) return;
  struct finding *finding = ns_tell(j, "ns-record-differs", name->name, first);
  find_seen(j, finding, &other->seen);
  find_argument(j, finding, "name", "%s", name->name);
  find_argument(j, finding, "type", "%s", type_word(j, name->type));
  find_argument(j, finding, "server", "%s", shown(j, first_server));
  find_argument(j, finding, "other", "%s", shown(j, other_server));
  find_only(j, finding, "said", first, other);
  find_only(j, finding, "other_said", other, first);
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
    if (!ns_server_speaks(&view->servers.all[i]) || name->type != DNS_TYPE_TXT) continue;
    const struct dns_answer *usual = ask_dns_with(j, server, name->name, name->type, 0);
    if (!usual || !(large || usual->outcome == DNS_FAILED || usual->size > 1232)) continue;
    const struct dns_answer *udp = ask_dns_with(j, server, name->name, name->type, DNS_ASK_UDP_ONLY), *tcp = ask_dns_with(j, server, name->name, name->type, DNS_ASK_TCP);
    if (!udp || !tcp || !udp->truncated || tcp->outcome != DNS_FAILED) continue;
    struct finding *finding = ns_tell(j, "ns-txt-truncated-no-tcp", name->name, udp);
    find_seen(j, finding, &tcp->seen);
    find_argument(j, finding, "name", "%s", name->name);
    find_argument(j, finding, "server", "%s", shown(j, &view->servers.all[i]));
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
