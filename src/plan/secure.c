/* Records that senders and resolvers refuse to go on without: TLSA of a mail server whose key has changed (RFC 7671 section 8.1), DS that fits no
 * key of the zone (RFC 4035 section 5.2). Both are asked for only where something is broken now. */
#include <string.h>

#include "checks/record/dnssec.h"
#include "src/plan/secure.h"

static const struct plan_kind tlsa_kind = {
  "check-encrypt", ORDER_TLSA, N_("DANE: the digest of the key that the mail server shows. Without it senders that use DANE hold their email back."),
  N_("It waits for nothing. The records of other keys stay until none of those keys is in use."), "dane-no-match",
};
static const struct plan_kind ds_kind = {
  "prep-dns", ORDER_DS, N_("DNSSEC: the DS record at the registry must name a key of the zone. Until it does, nothing of the domain can be looked up safely."),
  N_("It goes first: as it is now, resolvers that check signatures see nothing of the domain."), "ns-dnssec-ds-without-dnskey",
};

/* ---- TLSA ---- */

/* The sessions of one kind of address, until one of them shows another key than those before. False: they differ. */
static bool add_keys(struct planning *p, const char *host, uint16_t type, const struct certificate **leaf) {
  const struct dns_answer *answer = ask_dns(&p->j, host, type);
  for (size_t i = 0; answer && i < answer->count; i++) {
    char address[IP_TEXT];
    ip_format(&answer->records[i].address, address);
    const struct smtp_session *session = ask_smtp(&p->j, host, address, 0);
    if (!session || !session->tls.certificates) continue;
    const struct certificate *shown = session->tls.chain[0];
    if (*leaf && memcmp((*leaf)->spki_sha256, shown->spki_sha256, sizeof shown->spki_sha256) != 0) return false;
    *leaf = shown;
  }
  return true;
}

const struct certificate *plan_key_in_use(struct planning *p, const char *host) {
  const struct certificate *leaf = NULL;
  bool one = add_keys(p, host, DNS_TYPE_A, &leaf) && add_keys(p, host, DNS_TYPE_AAAA, &leaf);
  return one ? leaf : NULL;
}

static void plan_tlsa_of(struct planning *p, const char *host) {
  const char *name = name_join(p->j.arena, "_25._tcp", host);
  const struct dns_answer *answer = ask_dns(&p->j, name, DNS_TYPE_TLSA);
  const struct certificate *leaf = plan_key_in_use(p, host);
  if (!answer || p->j.waiting) return;
  if (!leaf || answer->links || !plan_own_name(p, host)) {
    plan_task(p, "publish-key-digest", "check-encrypt", "", _("Have the digest of its present key published for {host}, as TLSA 3 1 1, beside those that are there"), "host", host, NULL);
    return;
  }
  struct tlsa wanted = { TLSA_DANE_EE, TLSA_SPKI, TLSA_SHA256, leaf->spki_sha256, sizeof leaf->spki_sha256 };
  struct plan_change *change = plan_change_new(p, PLAN_ADD, name, DNS_TYPE_TLSA, &tlsa_kind);
  plan_change_wanted(p, change, tlsa_format(p->j.arena, &wanted));
}

/* ---- DS ---- */

enum { SECURE_ENTRY_POINT = 0x0001 }; /* RFC 4034 section 2.1.1 */

/* Keys that sign the other keys; where none is marked so, any key of the zone. */
static bool is_signer(const struct dns_rr *rr, bool marked) {
  struct dnskey key;
  return dnskey_read(rr, &key) && (key.flags & DNSKEY_ZONE) && !(key.flags & DNSKEY_REVOKED) && dnssec_algorithm_strength(key.algorithm) == DNSSEC_SOUND && (!marked || (key.flags & SECURE_ENTRY_POINT));
}

static const char *ds_text(struct arena *arena, const char *zone, const struct dns_rr *rr) {
  uint8_t digest[64];
  struct dnskey key;
  struct buf out = BUF_INIT(256);
  size_t length = ds_digest(zone, rr, DNSSEC_DIGEST_SHA256, digest);
  if (!length || !dnskey_read(rr, &key)) return NULL;
  buf_printf(&out, "%u %u %d ", key.tag, key.algorithm, DNSSEC_DIGEST_SHA256);
  for (size_t i = 0; i < length; i++) buf_printf(&out, "%02x", digest[i]);
  const char *text = arena_strdup(arena, buf_string(&out));
  buf_release(&out);
  return text;
}

static size_t ds_of_keys(struct planning *p, const char *zone, const struct dns_answer *keys, const char **out, size_t room) {
  size_t count = 0;
  for (int marked = 1; marked >= 0 && !count; marked--)
    for (size_t i = 0; i < keys->count && count < room; i++) {
      const char *text = is_signer(&keys->records[i], marked == 1) ? ds_text(p->j.arena, zone, &keys->records[i]) : NULL;
      if (text) out[count++] = text;
    }
  return count;
}

static void plan_ds(struct planning *p, const char *zone) {
  const char *wanted[8];
  const struct dns_answer *ds = ask_dns(&p->j, zone, DNS_TYPE_DS), *keys = ask_dns_with(&p->j, "", zone, DNS_TYPE_DNSKEY, DNS_ASK_CD | DNS_ASK_DO);
  if (!ds || !keys || !ds->count || keys->outcome == DNS_FAILED) return;
  size_t count = ds_of_keys(p, zone, keys, wanted, MEM_COUNT(wanted));
  struct plan_change *change = plan_change_new(p, count ? PLAN_REPLACE : PLAN_REMOVE, zone, DNS_TYPE_DS, &ds_kind);
  change->zone = plan_zone_of(p, name_parent(change->name)); /* a DS record lies in the zone above (RFC 4034 section 5) */
  const char *host = name_relative(p->j.arena, change->name, change->zone);
  change->host = host ? host : change->name;
  for (size_t i = 0; i < ds->count; i++) plan_change_now(p, change, &ds->records[i]);
  for (size_t i = 0; i < count; i++) plan_change_wanted(p, change, wanted[i]);
}

/* ---- both ---- */

void plan_secure(struct planning *p) {
  for (size_t i = 0; i < p->verdict->count; i++) {
    const struct finding *finding = p->verdict->findings[i];
    bool seen = false;
    for (size_t n = 0; n < i; n++) seen |= p->verdict->findings[n]->rule == finding->rule && strcmp(p->verdict->findings[n]->subject, finding->subject) == 0;
    if (!seen && strcmp(finding->rule->id, "dane-no-match") == 0) plan_tlsa_of(p, finding->subject);
  }
  if (verdict_has(p->verdict, "ns-dnssec-ds-without-dnskey")) plan_ds(p, plan_zone_of(p, p->inquiry->domain));
}
