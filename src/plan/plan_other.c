#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

#include "checks/judge/dkim.h"
#include "checks/judge/dmarc.h"
#include "checks/judge/gsi.h"
#include "checks/judge/mtasts.h"
#include "checks/judge/tlsrpt.h"
#include "src/plan/private.h"

/* ---- TLS reporting ---- */

static const char *tls_mailbox(struct planning *p) {
  return p->options->tls_mailbox ? p->options->tls_mailbox : arena_printf(p->j.arena, "tls-reports@%s", p->inquiry->domain);
}

static const char *wanted_tls_uris(struct planning *p, const struct report_uris *uris) {
  struct buf out = BUF_INIT(2048);
  bool own = false;
  for (size_t i = 0; uris && i < uris->count; i++) {
    const struct report_uri *uri = &uris->all[i];
    bool again = false;
    for (size_t n = 0; n < i; n++) again = again || text_equal(uris->all[n].address, uri->address);
    if (again || uri->fault || gsi_is_family(uri->host) || (uri->scheme != REPORT_MAILTO && uri->scheme != REPORT_HTTPS)) continue;
    if (uri->scheme == REPORT_MAILTO && !name_equal(uri->host, p->inquiry->domain) && mail_host_accepts(&p->j, uri->host) == TRI_NO) continue;
    own |= !mailcheck_is_tls_address(uri->address);
    buf_printf(&out, out.length ? ",%s" : "%s", uri->text);
  }
  if (!own && !p->options->guidance_2020) buf_printf(&out, out.length ? ",mailto:%s" : "mailto:%s", tls_mailbox(p));
  else if (!out.length) buf_text(&out, "mailto:tls-rua@mailcheck.service.ncsc.gov.uk");
  const char *text = arena_strndup(p->j.arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

static bool is_tls_record(const struct dns_rr *rr) { return strncmp(rr->txt.bytes, "v=TLSRPTv1;", 11) == 0 || tlsrpt_near_miss(rr->txt.bytes) != NULL; }

void plan_tlsrpt(struct planning *p) {
  const char *name = ask_name(&p->j, "_smtp._tls");
  const struct dns_answer *answer = ask_dns(&p->j, name, DNS_TYPE_TXT);
  const struct dns_rr *first = NULL;
  size_t records = 0;
  if (!answer || p->profile == PROFILE_PARKED || p->profile == PROFILE_SEND_ONLY || answer->links) return;
  if (answer->outcome == DNS_FAILED) {
    plan_problem(p, "plan-present-unknown", name, "%s", _("The TLS reporting record could not be looked up, so it is left out of the plan."));
    return;
  }
  for (size_t i = 0; i < answer->count; i++) {
    if (!is_tls_record(&answer->records[i])) continue;
    if (!first) first = &answer->records[i];
    records++;
  }
  const struct tag *rua = first ? taglist_find(taglist_parse(p->j.arena, first->txt.bytes, first->txt.length), "rua") : NULL;
  const char *wanted = arena_printf(p->j.arena, "v=TLSRPTv1; rua=%s", wanted_tls_uris(p, rua ? report_uris_parse(p->j.arena, rua->value) : NULL));
  bool sound = records == 1 && !verdict_has(p->verdict, "tlsrpt-space-around-equals") && strncmp(first->txt.bytes, "v=TLSRPTv1;", 11) == 0;
  if (sound && rua && strcmp(rua->value, strchr(wanted, ':') ? strstr(wanted, "rua=") + 4 : "") == 0 && !verdict_has(p->verdict, "tlsrpt-field-syntax") && !verdict_has(p->verdict, "tlsrpt-rua-repeated")) return;
  struct plan_change *change = plan_change_new(p, records ? PLAN_REPLACE : PLAN_ADD, name, DNS_TYPE_TXT);
  for (size_t i = 0; i < answer->count; i++)
    if (is_tls_record(&answer->records[i])) plan_change_now(p, change, answer->records[i].txt.bytes, answer->records[i].ttl);
  plan_change_wanted(p, change, wanted);
  change->section = "cloud-tlsrpt";
  change->order = 50;
  change->sentence = N_("TLS reporting: asks senders to report when they cannot encrypt email to this domain.");
  plan_why(p, change, "tlsrpt- gsi-tlsrpt");
  if (!p->options->tls_mailbox && strstr(wanted, tls_mailbox(p)) && !(first && strstr(first->txt.bytes, tls_mailbox(p))))
    plan_add_task(p, "tls-mailbox", "cloud-tlsrpt", arena_printf(p->j.arena, _("Create the mailbox %s before the record is published, and see that someone reads it"), tls_mailbox(p)), "");
}

/* ---- MTA-STS ---- */

static const char *policy_text(struct planning *p, const struct dns_answer *mx, const char *mode, unsigned max_age) {
  struct buf out = BUF_INIT(8192);
  buf_printf(&out, "version: STSv1\r\nmode: %s\r\n", mode);
  for (size_t i = 0; i < mx->count; i++) {
    const char *host = mx->records[i].mx.host;
    const struct dns_answer *a = *host ? ask_dns(&p->j, host, DNS_TYPE_A) : NULL;
    if (a && a->outcome != DNS_NXDOMAIN && !gsi_is_family(host) && name_is_host(host)) buf_printf(&out, "mx: %s\r\n", host);
  }
  buf_printf(&out, "max_age: %u\r\n", max_age);
  const char *text = arena_strndup(p->j.arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

static const char *policy_id(struct planning *p, const char *text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  if (p->options->mtasts_id) return p->options->mtasts_id;
  SHA256((const unsigned char *)text, strlen(text), digest);
  return arena_printf(p->j.arena, "%02x%02x%02x%02x%02x%02x%02x%02x", digest[0], digest[1], digest[2], digest[3], digest[4], digest[5], digest[6], digest[7]);
}

static void ask_for_record(struct planning *p, const char *name, const struct dns_answer *answer, const char *wanted) {
  struct plan_change *change = NULL;
  for (size_t i = 0; i < answer->count; i++) {
    const struct dns_rr *rr = &answer->records[i];
    if (!mtasts_is_record(rr->txt.bytes, rr->txt.length) && !mtasts_near_miss(rr->txt.bytes)) continue;
    if (!change) change = plan_change_new(p, PLAN_REPLACE, name, DNS_TYPE_TXT);
    plan_change_now(p, change, rr->txt.bytes, rr->ttl);
  }
  if (!change) change = plan_change_new(p, PLAN_ADD, name, DNS_TYPE_TXT);
  plan_change_wanted(p, change, wanted);
  change->section = "mtasts";
  change->order = 60;
  change->sentence = N_("MTA-STS: tells senders that this domain has a policy for encrypted delivery. It must be published after the policy file is in place.");
  plan_why(p, change, "mtasts-");
}

static bool policy_needs_change(const struct planning *p) {
  static const char *const rules[] = { "mtasts-mx-not-listed", "mtasts-policy-version", "mtasts-mode-missing", "mtasts-mode-invalid", "mtasts-max-age-missing", "mtasts-max-age-invalid",
                                       "mtasts-max-age-zero", "mtasts-mx-missing", "mtasts-mx-invalid", "mtasts-key-case", "mtasts-line-syntax", "mtasts-bare-cr",
                                       "mtasts-byte-order-mark", "mtasts-policy-empty", "gsi-mtasts-leftover", "mtasts-fetch-status", "mtasts-content-type", "mtasts-fetch-redirect" };
  for (size_t i = 0; i < MEM_COUNT(rules); i++)
    if (verdict_has(p->verdict, rules[i])) return true;
  return false;
}

void plan_mtasts(struct planning *p) {
  const char *name = ask_name(&p->j, "_mta-sts");
  const struct dns_answer *answer = ask_dns(&p->j, name, DNS_TYPE_TXT), *mx = ask_dns(&p->j, p->inquiry->domain, DNS_TYPE_MX);
  if (!answer || !mx || p->profile == PROFILE_PARKED || p->profile == PROFILE_SEND_ONLY || p->options->guidance_2020) return;
  if (answer->outcome == DNS_FAILED || mx->outcome != DNS_ANSWER || !*mx->records[0].mx.host || answer->links) return;
  const char *testing = policy_text(p, mx, "testing", 86400);
  const char *where = arena_printf(p->j.arena, "https://mta-sts.%s%s", p->inquiry->domain, MTASTS_PATH);
  size_t kept = 0;
  for (size_t i = 0; i < answer->count; i++) kept += mtasts_is_record(answer->records[i].txt.bytes, answer->records[i].txt.length);
  if (verdict_has(p->verdict, "mtasts-policy-without-record")) {
    ask_for_record(p, name, answer, arena_printf(p->j.arena, "v=STSv1; id=%s", policy_id(p, testing)));
  } else if (kept == 0 && verdict_has(p->verdict, "mtasts-missing")) {
    plan_add_task(p, "mtasts-host-policy", "mtasts", arena_printf(p->j.arena, _("Serve this policy file at %s with a certificate for that name. When it is there, check again and ask for the record"), where), testing);
  } else if (verdict_has(p->verdict, "mtasts-version-invalid") || verdict_has(p->verdict, "mtasts-id-missing") || verdict_has(p->verdict, "mtasts-id-invalid") || verdict_has(p->verdict, "mtasts-multiple")) {
    ask_for_record(p, name, answer, arena_printf(p->j.arena, "v=STSv1; id=%s", policy_id(p, testing)));
  }
  if (kept && policy_needs_change(p))
    plan_add_task(p, "mtasts-change-policy", "mtasts", arena_printf(p->j.arena, _("Replace the policy file at %s by this one. Then check again, and ask for a new id in the record"), where), testing);
}

/* ---- MX ---- */

static const char *mx_value(struct planning *p, const struct dns_rr *rr) { return arena_printf(p->j.arena, "%u %s.", rr->mx.preference, rr->mx.host); }

static bool is_dead_host(struct planning *p, const char *host) {
  static const char *const rules[] = { "mx-target-not-found", "mx-target-unregistered", "mx-verification-leftover" };
  for (size_t i = 0; i < p->verdict->count; i++) {
    const struct finding *finding = p->verdict->findings[i];
    const char *named = finding_argument(finding, "host");
    for (size_t n = 0; named && n < MEM_COUNT(rules); n++)
      if (strcmp(finding->rule->id, rules[n]) == 0 && strcmp(named, host) == 0) return true;
  }
  return gsi_is_family(host) || name_is_under(host, "gsi.messagelabs.com");
}

static void plan_null_mx(struct planning *p, const struct dns_answer *mx) {
  if (mx->count == 1 && !*mx->records[0].mx.host) return;
  bool has = mx->count > 0;
  struct plan_change *change = plan_change_new(p, has ? PLAN_REPLACE : PLAN_ADD, p->inquiry->domain, DNS_TYPE_MX);
  for (size_t i = 0; i < mx->count; i++) plan_change_now(p, change, mx_value(p, &mx->records[i]), mx->records[i].ttl);
  plan_change_wanted(p, change, "0 .");
  change->section = "check-nonsending";
  change->order = 70;
  change->sentence = N_("Null MX: says that this domain takes no email. If your system does not accept it, leave it out and tell us.");
  plan_why(p, change, "parked-null parked-mx");
}

void plan_mx(struct planning *p) {
  const struct dns_answer *mx = ask_dns(&p->j, p->inquiry->domain, DNS_TYPE_MX);
  size_t alive = 0, dead = 0;
  if (!mx || mx->outcome == DNS_FAILED || mx->links) return;
  if (p->profile == PROFILE_PARKED) {
    plan_null_mx(p, mx);
    return;
  }
  for (size_t i = 0; i < mx->count; i++) {
    if (*mx->records[i].mx.host && is_dead_host(p, mx->records[i].mx.host)) dead++;
    else alive += *mx->records[i].mx.host != '\0';
  }
  if (!dead || !alive) return; /* the last mail server is not taken away: the findings say what is wrong with it */
  for (size_t i = 0; i < mx->count; i++) {
    if (!*mx->records[i].mx.host || !is_dead_host(p, mx->records[i].mx.host)) continue;
    struct plan_change *change = plan_change_new(p, PLAN_REMOVE, p->inquiry->domain, DNS_TYPE_MX);
    plan_change_now(p, change, mx_value(p, &mx->records[i]), mx->records[i].ttl);
    change->section = "check-mx";
    change->order = 30;
    change->sentence = N_("Mail server: this one no longer exists. The others stay as they are.");
    plan_why(p, change, "mx-target- mx-verification gsi-mx");
  }
}

/* ---- DKIM ---- */

static void plan_given(struct planning *p, const struct plan_given_key *key) {
  const char *name = ask_name(&p->j, arena_printf(p->j.arena, "%s._domainkey", key->selector));
  const struct dns_answer *txt = ask_dns(&p->j, name, DNS_TYPE_TXT);
  if (!txt) return;
  const char *wanted = key->type == DNS_TYPE_CNAME ? arena_printf(p->j.arena, "%s.", name_lower(p->j.arena, key->value)) : key->value;
  if (key->type == DNS_TYPE_CNAME && txt->links && name_equal(txt->chain[0].target, key->value)) return;
  if (key->type == DNS_TYPE_TXT && txt->count == 1 && !txt->links && strcmp(txt->records[0].txt.bytes, wanted) == 0) return;
  if (key->type == DNS_TYPE_TXT && !dkim_usable(dkim_parse(p->j.arena, wanted, strlen(wanted)))) {
    plan_problem(p, "plan-dkim-no-key", name, _("The key that was given for %s cannot be used. Copy it again from the service."), key->selector);
    return;
  }
  if (txt->count && !txt->links && key->type == DNS_TYPE_TXT && dkim_usable(dkim_parse(p->j.arena, txt->records[0].txt.bytes, txt->records[0].txt.length))) {
    plan_problem(p, "plan-dkim-live-selector", name, _("The selector %s has another key in use. Publish the new key under a new selector."), key->selector);
    return;
  }
  struct plan_change *change = plan_change_new(p, PLAN_ADD, name, key->type);
  for (size_t i = 0; i < txt->count && key->type == DNS_TYPE_TXT && !txt->links; i++) {
    change->action = PLAN_REPLACE;
    plan_change_now(p, change, txt->records[i].txt.bytes, txt->records[i].ttl);
  }
  plan_change_wanted(p, change, wanted);
  change->section = "dns-dkim";
  change->order = 10;
  change->sentence = N_("DKIM: the public key with which receivers check the signatures of this domain's email.");
  plan_why(p, change, "dkim-");
}

/* A CNAME's target that was entered as TXT: one goes, the other comes, in the same request. */
static void plan_cname_in_txt(struct planning *p, const struct finding *finding) {
  const char *name = ask_name(&p->j, arena_printf(p->j.arena, "%s._domainkey", finding->subject));
  const struct dns_answer *txt = ask_dns(&p->j, name, DNS_TYPE_TXT);
  if (!txt || txt->count != 1 || txt->links) return;
  struct plan_change *removed = plan_change_new(p, PLAN_REMOVE, name, DNS_TYPE_TXT);
  plan_change_now(p, removed, txt->records[0].txt.bytes, txt->records[0].ttl);
  removed->section = "dns-dkim";
  removed->order = 10;
  removed->sentence = N_("DKIM: this text is the target of an alias, entered as the wrong type of record.");
  plan_why(p, removed, "dkim-cname-in-txt");
  struct plan_change *added = plan_change_new(p, PLAN_ADD, name, DNS_TYPE_CNAME);
  plan_change_wanted(p, added, arena_printf(p->j.arena, "%s.", name_lower(p->j.arena, txt->records[0].txt.bytes)));
  added->section = "dns-dkim";
  added->order = 11;
  added->sentence = N_("DKIM: the alias that leads to the provider's key.");
  plan_why(p, added, "dkim-cname-in-txt");
}

static void plan_revoked(struct planning *p) {
  if (!verdict_has(p->verdict, "parked-dkim-not-revoked")) return;
  struct plan_change *change = plan_change_new(p, PLAN_ADD, ask_name(&p->j, "*._domainkey"), DNS_TYPE_TXT);
  plan_change_wanted(p, change, "v=DKIM1; p=");
  change->section = "check-nonsending";
  change->order = 10;
  change->sentence = N_("DKIM: an empty key at every selector, since this domain signs nothing.");
  plan_why(p, change, "parked-dkim");
}

void plan_dkim(struct planning *p) {
  static const struct { const char *rule, *sentence; } tasks[] = {
    { "dkim-rsa-1024", N_("Make a new DKIM key of 2048 bits in the service that signs with %s, under a new selector, and ask for its record") },
    { "dkim-rsa-too-short", N_("Make a new DKIM key of 2048 bits in the service that signs with %s, under a new selector, and ask for its record") },
    { "dkim-cname-broken", N_("Switch DKIM on in the service behind the selector %s, or ask for its alias to be removed") },
    { "dkim-key-truncated", N_("Copy the whole DKIM key of the selector %s again from the service that signs with it") },
    { "dkim-none-published", N_("Switch DKIM signing on in the mail service, and enter the record that it shows") },
  };
  if (p->profile == PROFILE_PARKED) {
    plan_revoked(p);
    return;
  }
  for (size_t i = 0; i < p->options->key_count; i++) plan_given(p, &p->options->keys[i]);
  for (size_t i = 0; i < p->verdict->count; i++) {
    const struct finding *finding = p->verdict->findings[i];
    if (strcmp(finding->rule->id, "dkim-cname-in-txt") == 0) plan_cname_in_txt(p, finding);
    for (size_t n = 0; n < MEM_COUNT(tasks); n++) {
      if (strcmp(finding->rule->id, tasks[n].rule) != 0) continue;
      const char *template = _(tasks[n].sentence), *hole = strstr(template, "%s");
      const char *sentence = hole ? arena_printf(p->j.arena, "%.*s%s%s", (int)(hole - template), template, finding->subject, hole + 2) : template;
      plan_add_task(p, tasks[n].rule, "dns-dkim", sentence, "");
    }
  }
}

/* ---- PTR: asked of the owner of the address ---- */

void plan_pointers(struct planning *p) {
  const struct dns_answer *mx = ask_dns(&p->j, p->inquiry->domain, DNS_TYPE_MX);
  for (size_t i = 0; i < p->verdict->count; i++) {
    const struct finding *finding = p->verdict->findings[i];
    const char *id = finding->rule->id;
    bool missing = strcmp(id, "address-ptr-missing") == 0 || strcmp(id, "address-ipv6-sending-no-ptr") == 0;
    if (!missing && strcmp(id, "address-ptr-mismatch") != 0) continue;
    struct ip ip;
    const char *host = NULL;
    if (!ip_parse(finding->subject, &ip)) continue;
    for (size_t n = 0; mx && n < mx->count && !host; n++) {
      const struct dns_answer *a = *mx->records[n].mx.host ? ask_dns(&p->j, mx->records[n].mx.host, ip.family == 6 ? DNS_TYPE_AAAA : DNS_TYPE_A) : NULL;
      for (size_t k = 0; a && k < a->count; k++)
        if (ip_equal(&a->records[k].address, &ip)) host = mx->records[n].mx.host;
    }
    if (!host) {
      plan_add_task(p, id, "cloud-ptr", arena_printf(p->j.arena, _("Ask the owner of the address %s for a reverse name (PTR) that is the name of the sending host"), finding->subject), "");
      continue;
    }
    char reverse[80];
    ip_reverse_name(&ip, reverse);
    const struct dns_answer *now = ask_dns(&p->j, reverse, DNS_TYPE_PTR);
    struct plan_change *change = plan_change_new(p, missing ? PLAN_ADD : PLAN_REPLACE, reverse, DNS_TYPE_PTR);
    change->zone = plan_zone_of(p, reverse);
    if (!*change->zone || !name_is_under(reverse, change->zone)) change->zone = name_parent(change->name);
    for (size_t k = 0; now && k < now->count && !missing; k++) plan_change_now(p, change, arena_printf(p->j.arena, "%s.", now->records[k].target), now->records[k].ttl);
    plan_change_wanted(p, change, arena_printf(p->j.arena, "%s.", host));
    change->section = "cloud-ptr";
    change->order = 80;
    change->contact = CONTACT_ADDRESS_OWNER;
    change->sentence = N_("Reverse name: the sending host's address must lead back to its name.");
    plan_why(p, change, "address-ptr-m address-ipv6");
  }
}
