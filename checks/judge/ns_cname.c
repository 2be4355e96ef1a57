#include <string.h>

#include "checks/judge/ns_private.h"

/* 1.3: aliases at the names that email asks for. */

static const struct dns_answer *alias_at_apex(struct judgement *j, const struct ns_view *view) {
  const struct dns_answer *answers[] = { ask_dns(j, j->inquiry->domain, DNS_TYPE_MX), ask_dns(j, j->inquiry->domain, DNS_TYPE_TXT) };
  static const uint16_t types[] = { DNS_TYPE_MX, DNS_TYPE_TXT };
  for (size_t i = 0; i < MEM_COUNT(answers); i++)
    if (answers[i] && answers[i]->links) return answers[i];
  for (size_t i = 0; i < view->servers.count; i++) {
    if (!ns_server_good(&view->servers.all[i])) continue;
    for (size_t n = 0; n < MEM_COUNT(types); n++) {
      const struct dns_answer *answer = ask_dns_with(j, view->servers.all[i].address, j->inquiry->domain, types[n], 0);
      if (answer && answer->links) return answer;
    }
  }
  return NULL;
}

static void judge_apex(struct judgement *j, const struct ns_view *view) {
  if (!view->soa || !view->ns) return;
  bool own_soa = view->soa->outcome == DNS_ANSWER && !view->soa->links;
  bool own_ns = view->ns->outcome == DNS_ANSWER && !view->ns->links && name_equal(view->ns->records[0].owner, j->inquiry->domain);
  const struct dns_answer *alias = own_soa || own_ns ? alias_at_apex(j, view) : NULL;
  if (alias) find_argument(j, ns_tell(j, "ns-cname-at-apex", NULL, alias), "target", "%s", alias->final_name);
}

/* The end of the chain is not there. Could anyone register it? */
static void judge_dangling(struct judgement *j, const struct ns_name *name) {
  const struct dns_answer *owner;
  enum tri is_free = domain_is_free(j->store, name->answer->final_name, &owner);
  if (is_free == TRI_UNKNOWN) j->waiting = true;
  if (is_free == TRI_UNKNOWN) return;
  struct finding *finding = ns_tell_as(j, "ns-cname-dangling", is_free == TRI_YES ? SEVERITY_FAIL : SEVERITY_WARN, name->name, name->answer);
  find_seen(j, finding, &owner->seen);
  find_argument(j, finding, "name", "%s", name->name);
  find_argument(j, finding, "target", "%s", name->answer->final_name);
}

void ns_judge_cnames(struct judgement *j, const struct ns_view *view) {
  struct ns_name names[NS_NAMES_MOST];
  size_t count = ns_names(j, names);
  judge_apex(j, view);
  for (size_t i = 0; i < count; i++) {
    const struct dns_answer *answer = names[i].answer;
    if (!answer || (i && strcmp(names[i].name, names[i - 1].name) == 0)) continue; /* MX and TXT of the domain: one alias */
    if (answer->failure == DNS_FAILURE_CNAME_LOOP) find_argument(j, ns_tell(j, "ns-cname-loop", names[i].name, answer), "name", "%s", names[i].name);
    else if (answer->links && answer->outcome == DNS_NXDOMAIN) judge_dangling(j, &names[i]);
  }
}
