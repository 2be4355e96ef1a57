#ifndef JUDGE_NS_PRIVATE_H
#define JUDGE_NS_PRIVATE_H
#include "checks/judge/answers.h"
#include "checks/judge/lib.h"

/* Between the files of the ns topic. */

enum { NS_SERVERS_MOST = 24, NS_NAMES_MOST = 24 };

/* One address of one name server. */
struct ns_server {
  const char *name, *address;
  struct ip ip;
  const struct dns_answer *soa, *tcp, *plain; /* the SOA question over UDP with EDNS, over TCP, over UDP without EDNS (null: not needed) */
};

struct ns_servers {
  struct ns_server all[NS_SERVERS_MOST];
  size_t count, names, with_ipv6, without_address, unknown_address;
};

/* The zone that the domain lies in, and who answers for it. */
struct ns_view {
  const char *zone;                 /* owner of the SOA: RFC 2308 section 2 */
  const struct dns_answer *soa, *ns;
  const struct dns_answer *referral; /* of the parent; null: not seen */
  struct ns_servers servers;
};

/* One of the domain's names, with the type that email asks there. */
struct ns_name { const char *name; uint16_t type; const struct dns_answer *answer; /* null: not yet */ };

/* The domain's names (check-rules 0.3): how many. Asks for all of them. */
size_t ns_names(struct judgement *judgement, struct ns_name out[NS_NAMES_MOST]);
/* A finding that shows an answer; `seen` may be null. */
struct finding *ns_tell(struct judgement *judgement, const char *rule, const char *subject, const struct dns_answer *seen);
struct finding *ns_tell_as(struct judgement *judgement, const char *rule, enum severity severity, const char *subject, const struct dns_answer *seen);
/* Does the name give no more than what any name below the domain gives? Asks for the unused name. */
bool ns_is_wildcard(struct judgement *judgement, const struct dns_answer *answer);
const char *ns_zone_of(const struct dns_answer *answer); /* owner of the SOA that it shows; null: none */
bool ns_server_good(const struct ns_server *server);     /* answers for the zone with authority */
bool ns_server_speaks(const struct ns_server *server);   /* the same, or would if what it says came whole: TC=1 and nothing over TCP */
bool ns_holds(const struct dns_answer *answer, const char *version); /* a TXT value that begins so */

/* What a server of the parent says of who answers for the zone. Null: not yet, or none did. */
const struct dns_answer *ns_find_referral(struct judgement *judgement, const char *zone);
/* Why an answer is no answer for the zone, in a few words: "REFUSED", "no authority". */
const char *ns_lame_reason(const struct dns_answer *answer);

/* Adds to ns-lookup-failed what each name server says for itself. */
void ns_explain_failure(struct judgement *judgement);
void ns_judge_servers(struct judgement *judgement, struct ns_view *view); /* 1.1, with what each server says */
void ns_judge_server_data(struct judgement *judgement, const struct ns_view *view);
void ns_judge_zone(struct judgement *judgement, const struct ns_view *view);
void ns_judge_wildcard(struct judgement *judgement);
void ns_judge_cnames(struct judgement *judgement, const struct ns_view *view); /* 1.3 */
void ns_judge_misplaced(struct judgement *judgement);                          /* 1.4: names */
void ns_judge_texts(struct judgement *judgement);  /* 1.4: values */
void ns_judge_caa(struct judgement *judgement);
void ns_judge_dnssec(struct judgement *judgement, const struct ns_view *view); /* 2 */
void ns_judge_registry(struct judgement *judgement, const struct ns_view *view); /* 1.2 */
#endif
