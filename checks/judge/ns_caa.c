#include <string.h>

#include "checks/judge/mail_hosts.h"
#include "checks/judge/mtasts.h"
#include "checks/judge/ns_private.h"
#include "checks/record/caa.h"

/* May the authority that issued the present certificate issue the next one? RFC 8659. */

enum { HOSTS_MOST = 4, CLIMB_MOST = 8, CAA_NAMES = 5 };

/* By a word in the issuer's name: the names that the authority says it looks for in CAA records. An authority that is not here is not judged. */
static const struct { const char *issuer, *names[CAA_NAMES]; } authorities[] = {
  { "Let's Encrypt", { "letsencrypt.org" } },
  { "DigiCert", { "digicert.com", "geotrust.com", "rapidssl.com", "thawte.com", "symantec.com" } },
  { "GeoTrust", { "digicert.com", "geotrust.com" } },
  { "Sectigo", { "sectigo.com", "comodoca.com", "comodo.com", "usertrust.com", "trust-provider.com" } },
  { "GlobalSign", { "globalsign.com" } },
  { "Entrust", { "entrust.net", "affirmtrust.com" } },
  { "Google Trust Services", { "pki.goog", "google.com" } },
  { "Amazon", { "amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com" } },
  { "GoDaddy", { "godaddy.com", "starfieldtech.com" } },
  { "Starfield", { "starfieldtech.com", "godaddy.com" } },
  { "Buypass", { "buypass.com", "buypass.no" } },
  { "SSL Corp", { "ssl.com" } },
  { "Actalis", { "actalis.it" } },
  { "SwissSign", { "swisssign.com" } },
  { "IdenTrust", { "identrust.com" } },
};

struct permission { bool restricted, allowed; struct buf names; };

static size_t authority_of(const struct certificate *leaf) {
  for (size_t i = 0; i < MEM_COUNT(authorities); i++)
    if (strstr(leaf->issuer, authorities[i].issuer)) return i;
  return MEM_COUNT(authorities);
}

/* The record set that counts: of the host, else of the nearest name above it (RFC 8659 section 3). Null: none, unknown, or not yet. All levels
 * are asked at once. */
static const struct dns_answer *find_caa(struct judgement *j, const char *host) {
  unsigned climbed = 0;
  for (const char *name = host; *name && climbed < CLIMB_MOST; name = name_parent(name), climbed++) ask_dns(j, name, DNS_TYPE_CAA);
  climbed = 0;
  for (const char *name = host; *name && climbed < CLIMB_MOST; name = name_parent(name), climbed++) {
    const struct dns_answer *answer = ask_dns(j, name, DNS_TYPE_CAA);
    if (answer_failed(answer)) return NULL;
    if (answer->count) return answer;
  }
  return NULL;
}

static void read_permission(struct judgement *j, const struct dns_answer *answer, size_t authority, struct permission *out) {
  for (size_t i = 0; i < answer->count; i++) {
    struct caa caa;
    if (!caa_read(j->arena, &answer->records[i], &caa) || strcmp(caa.tag, "issue") != 0) continue;
    out->restricted = true;
    if (*caa.issuer) buf_printf(&out->names, out->names.length ? ", %s" : "%s", caa.issuer);
    for (size_t n = 0; n < CAA_NAMES && authorities[authority].names[n]; n++) out->allowed |= strcmp(caa.issuer, authorities[authority].names[n]) == 0;
  }
}

static void judge_leaf(struct judgement *j, const char *host, const struct dns_answer *answer, const struct certificate *leaf, const struct observation *seen) {
  size_t authority = authority_of(leaf);
  if (authority == MEM_COUNT(authorities)) return;
  struct permission permission = { .names = BUF_INIT(1024) };
  read_permission(j, answer, authority, &permission);
  if (permission.restricted && !permission.allowed) {
    struct finding *finding = ns_tell(j, "ns-caa-blocks-renewal", host, answer);
    find_seen(j, finding, seen);
    find_argument(j, finding, "host", "%s", host);
    find_argument(j, finding, "issuer", "%s", authorities[authority].issuer);
    find_argument(j, finding, "names", "%s", permission.names.length ? buf_string(&permission.names) : _("none"));
  }
  buf_release(&permission.names);
}

static void judge_mail_host(struct judgement *j, const char *host) {
  const struct dns_answer *caa = find_caa(j, host), *a = caa ? ask_dns(j, host, DNS_TYPE_A) : NULL;
  char address[IP_TEXT];
  if (!a || !a->count) return;
  ip_format(&a->records[0].address, address);
  const struct smtp_session *session = ask_smtp(j, host, arena_strdup(j->arena, address), 0);
  if (session && session->tls.certificates) judge_leaf(j, host, caa, session->tls.chain[0], &session->seen);
}

static void judge_policy_host(struct judgement *j) {
  const char *host = ask_name(j, "mta-sts");
  const struct dns_answer *record = ask_dns(j, ask_name(j, "_mta-sts"), DNS_TYPE_TXT);
  const struct dns_answer *caa = record && ns_holds(record, "v=STSv1") ? find_caa(j, host) : NULL;
  const struct https_reply *reply = caa ? ask_https(j, host, MTASTS_PATH) : NULL;
  if (reply && reply->tls.certificates) judge_leaf(j, host, caa, reply->tls.chain[0], &reply->seen);
}

void ns_judge_caa(struct judgement *j) {
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  for (size_t i = 0; mx && i < mx->count && i < HOSTS_MOST; i++)
    if (name_is_under(mx->records[i].mx.host, j->inquiry->domain)) judge_mail_host(j, mx->records[i].mx.host);
  judge_policy_host(j);
}
