#include "checks/judge/registry.h"

#include <openssl/x509_vfy.h>
#include <string.h>

#include "checks/record/certificate.h"

enum { REDIRECTS_MOST = 2 };

/* Bases of the suffixes that matter here, so that no list has to be fetched first. Others are found by the list of IANA (RFC 9224). That
 * the base of uk answers for names under gov.uk is unverified: the words of ns-registry-unavailable say so. */
static const struct { const char *suffix, *base; } bases[] = {
  { "uk", "https://rdap.nominet.uk/uk/" }, { "wales", "https://rdap.nominet.uk/wales/" }, { "cymru", "https://rdap.nominet.uk/cymru/" },
};
static const char list_host[] = "data.iana.org", list_path[] = "/rdap/dns.json";

static const struct https_reply *ask(struct judgement *j, const char *host, const char *path) {
  const struct https_reply *reply = store_https_with(j->store, host, path, HTTPS_ASK_REGISTRY);
  if (!reply) j->waiting = true;
  return reply;
}

/* Only what a registry with a good certificate says is believed. */
static bool is_trusted(const struct https_reply *reply, const char *host) {
  const struct tls_session *tls = &reply->tls;
  if (!tls->established || tls->certificates == 0 || tls->verify != X509_V_OK) return false;
  const struct certificate *leaf = tls->chain[0];
  return certificate_match_holds(certificate_matches(leaf, host, NULL)) && reply->seen.time >= leaf->not_before && reply->seen.time <= leaf->not_after;
}

static bool is_redirect(int status) { return status == 301 || status == 302 || status == 303 || status == 307 || status == 308; }

/* Follows what a registry sends elsewhere. Null with a reason, or not yet (then the run waits). */
static const struct https_reply *fetch(struct judgement *j, const char *host, const char *path, const struct https_reply **out_last, const char **out_reason) {
  for (unsigned turn = 0; turn <= REDIRECTS_MOST; turn++) {
    const struct https_reply *reply = ask(j, host, path);
    if (!reply) return NULL;
    *out_last = reply;
    if (reply->ending != HTTPS_DONE) return *out_reason = _("no answer"), NULL;
    if (!is_trusted(reply, host)) return *out_reason = _("its certificate is not good"), NULL;
    if (reply->status == 200) return reply;
    if (!is_redirect(reply->status) || !rdap_split_address(j->arena, reply->location, &host, &path)) {
      *out_reason = arena_printf(j->arena, _("status %d"), reply->status);
      return NULL;
    }
  }
  *out_reason = _("it sends from one address to the next");
  return NULL;
}

static const char *base_of(struct judgement *j, const char *domain, struct registry *out) {
  for (size_t i = 0; i < MEM_COUNT(bases); i++)
    if (name_is_below(domain, bases[i].suffix)) return bases[i].base;
  const struct https_reply *list = fetch(j, list_host, list_path, &out->reply, &out->reason);
  const char *base = list ? rdap_base_of(j->arena, list->body, list->body_length, domain) : NULL;
  if (list && !base) out->reason = _("the suffix has no RDAP server");
  return base;
}

bool registry_find(struct judgement *j, struct registry *out) {
  const char *host, *path;
  *out = (struct registry){ .domain = j->inquiry->domain, .reason = "" };
  if (!j->inquiry->ask_registry || suffix_is_public(out->domain)) return false;
  out->domain = suffix_registrable(out->domain);
  const char *base = base_of(j, out->domain, out);
  if (!base) return *out->reason != '\0';
  if (!rdap_split_address(j->arena, base, &host, &path)) return out->reason = _("the suffix has no RDAP server"), true;
  const char *slash = path[strlen(path) - 1] == '/' ? "" : "/";
  const struct https_reply *reply = fetch(j, host, arena_printf(j->arena, "%s%sdomain/%s", path, slash, out->domain), &out->reply, &out->reason);
  if (!reply) return *out->reason != '\0';
  out->rdap = rdap_domain_parse(j->arena, reply->body, reply->body_length);
  if (!out->rdap) out->reason = _("its answer is no RDAP answer about a domain");
  return true;
}
