#include "tests/support/domains.h"

#include <string.h>

#include "src/base/lib.h"

/* Keys made once with openssl genrsa; their private halves are thrown away. */
#include "tests/support/domains_keys.h"

static const char *const outside[] = {
  "gov.uk TXT \"v=spf1 -all\"", "_dmarc.gov.uk TXT \"v=DMARC1;p=reject;sp=none;np=reject;adkim=s;aspf=s;fo=1;rua=mailto:dmarc-rua@dmarc.service.gov.uk\"",
  "dmarc.service.gov.uk MX 10 mail.good.example", "good.example MX 10 mail.good.example", "mail.good.example A 203.0.113.2", "h1.good.example A 203.0.113.1", "h2.good.example A 203.0.113.3",
  "spf.good.example TXT \"v=spf1 ip4:203.0.113.0/24 -all\"", "second.good.example TXT \"v=spf1 ip4:198.51.100.0/25 ip6:2001:db8:1::/48 ~all\"",
  "four.good.example TXT \"v=spf1 a:h1.good.example a:h2.good.example a:mail.good.example a:h1.good.example -all\"", "both.good.example TXT \"v=spf1 include:spf.good.example include:second.good.example -all\"",
  "deep.good.example TXT \"v=spf1 include:gone.good.example -all\"", "twice.good.example TXT \"v=spf1 -all\"", "twice.good.example TXT \"v=spf1 ~all\"", "bad.good.example TXT \"v=spf1 ip4:1 -all\"",
  "empty.good.example TXT \"nothing here\"", "open.good.example TXT \"v=spf1 +all\"", "voids.good.example TXT \"v=spf1 a:v1.good.example a:v2.good.example a:v3.good.example -all\"",
  "unauthorised.good.example MX 10 mail.good.example", "k1.dkim.good.example TXT \"v=DKIM1; k=rsa; p=" KEY_A1 "\" \"" KEY_A2 "\"", "elsewhere.example MX 10 mail.good.example",
  "2.113.0.203.in-addr.arpa PTR mail.good.example",
};

const char *domain_outside(size_t index) { return index < MEM_COUNT(outside) ? outside[index] : NULL; }

/* ---- chance ---- */

struct maker { struct arena *arena; uint32_t state; struct generated_domain *out; };

static uint32_t next(struct maker *maker) {
  maker->state ^= maker->state << 13;
  maker->state ^= maker->state >> 17;
  maker->state ^= maker->state << 5;
  return maker->state >> 4;
}

static bool one_in(struct maker *maker, uint32_t n) { return next(maker) % n == 0; }
static const char *pick(struct maker *maker, const char *const *list, size_t count) { return list[next(maker) % count]; }
#define PICK(maker, list) pick(maker, list, MEM_COUNT(list))

/* "{d}" in a piece stands for the domain. */
static const char *with_domain(struct maker *maker, const char *text) {
  struct buf out = BUF_INIT(8192);
  for (const char *hole; (hole = strstr(text, "{d}")); text = hole + 3) {
    buf_bytes(&out, text, (size_t)(hole - text));
    buf_text(&out, maker->out->name);
  }
  buf_text(&out, text);
  const char *filled = arena_strndup(maker->arena, buf_string(&out), out.length);
  buf_release(&out);
  return filled;
}

/* ---- lines ---- */

static void add_line(struct maker *maker, const char *text) {
  struct generated_domain *out = maker->out;
  if (out->line_count < DOMAIN_MOST_LINES) out->lines[out->line_count++] = with_domain(maker, text);
}

static void put_string(struct buf *out, const char *bytes, size_t length) {
  buf_char(out, '"');
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)bytes[i];
    if (c == '"' || c == '\\' || c < 0x20 || c > 0x7e) buf_printf(out, "\\%03u", c);
    else buf_char(out, (char)c);
  }
  buf_char(out, '"');
}

/* A TXT record: in one string or, now and then, cut at any place, as forms do. */
static void add_txt(struct maker *maker, const char *name, const char *value) {
  struct buf out = BUF_INIT(16384);
  const char *text = with_domain(maker, value);
  size_t length = strlen(text), cut = one_in(maker, 6) && length > 2 ? 1 + next(maker) % (length - 1) : 255;
  if (cut > 255) cut = 255;
  buf_printf(&out, "%s TXT", name);
  for (size_t at = 0; at == 0 || at < length; at += cut) {
    buf_char(&out, ' ');
    put_string(&out, text + at, length - at < cut ? length - at : cut);
  }
  add_line(maker, buf_string(&out));
  buf_release(&out);
}

/* What hands and forms do to a value: quotation marks in it, a blank before it, a long dash, backslashes. */
static const char *slipped(struct maker *maker, const char *value) {
  struct buf out = BUF_INIT(16384);
  uint32_t slip = next(maker) % 24;
  if (slip > 3) return value;
  if (slip == 0) buf_char(&out, '"');
  if (slip == 1) buf_char(&out, ' ');
  for (const char *at = value; *at; at++) {
    if (slip == 2 && *at == '-') buf_text(&out, "\xe2\x80\x93");
    else if (slip == 3 && *at == ';') buf_text(&out, "\\;");
    else buf_char(&out, *at);
  }
  if (slip == 0) buf_char(&out, '"');
  const char *text = arena_strndup(maker->arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

/* ---- SPF ---- */

static const char *const spf_terms[] = {
  "mx", "a", "mx", "mx:{d}", "a:mx1.{d}", "a:nowhere.{d}", "mx:nowhere.{d}", "ip4:192.0.2.1", "ip4:192.0.2.0/24", "ip4:192.0.2.1/32", "ip6:2001:db8::1", "ip6:2001:db8::/32", "include:spf.good.example",
  "include:spf.good.example", "include:second.good.example", "include:both.good.example", "include:four.good.example", "include:gone.good.example", "include:empty.good.example", "include:twice.good.example",
  "include:bad.good.example", "include:deep.good.example", "include:voids.good.example", "include:{d}", "ptr", "ptr:{d}", "exists:%{i}.spf.good.example", "exists:h1.good.example", "?include:spf.good.example",
  "-ip4:192.0.2.99", "redirect=spf.good.example", "redirect=gone.good.example", "exp=why.good.example", "unknown=1", "v=spf1", "include:spf.{d}.gsi.gov.uk", "include:old.gsi.gov.uk", "include=spf.good.example",
  "ipv4:192.0.2.5", "ip4:192.0.2.1,", "ip4:192.0.2.1,192.0.2.2", "ip4:2001:db8::5", "ip4:192.0.2.300", "inlcude:spf.good.example", "include: spf.good.example", "ip4:192.0.2.7include:spf.good.example", "hello",
  "a:h1.good.example", "a:h2.good.example", "a:mail.good.example", "A:H1.Good.Example",
};
static const char *const spf_endings[] = { "~all", "~all", "-all", "-all", "?all", "+all", "all", "", "~all;", "-all ip4:192.0.2.77", "~all -all", "-all:x" };
static const char *const spf_versions[] = { "v=spf1", "v=spf1", "v=spf1", "v=spf1", "v=spf1", "v=spf1", "v=spf1", "V=SPF1", "v=spf1;", "spf1", "v = spf1", "v=spf" };

static void add_spf(struct maker *maker) {
  struct buf out = BUF_INIT(8192);
  size_t terms = one_in(maker, 3) ? next(maker) % 3 : one_in(maker, 8) ? 10 + next(maker) % 12 : next(maker) % 7;
  buf_text(&out, PICK(maker, spf_versions));
  for (size_t i = 0; i < terms; i++) buf_printf(&out, "%s%s", one_in(maker, 20) ? "  " : " ", one_in(maker, 3) ? PICK(maker, spf_terms) : pick(maker, spf_terms, 16));
  const char *ending = PICK(maker, spf_endings);
  if (*ending) buf_printf(&out, " %s", ending);
  add_txt(maker, maker->out->name, slipped(maker, buf_string(&out)));
  buf_release(&out);
}

/* ---- DMARC ---- */

static const char *const dmarc_tags[] = {
  "sp=none", "sp=reject", "sp=quarantine", "np=reject", "sp=rejected", "adkim=s", "aspf=s", "adkim=r", "aspf=x", "fo=1", "fo=9", "fo=0:1", "pct=100", "pct=50", "pct=0", "pct=x", "rf=afrf", "ri=86400", "psd=n", "psd=y",
  "psd=u", "t=y", "t=n", "t=maybe", "ruf=mailto:f@{d}", "ruf=mailto:f@unauthorised.good.example", "xyz=1", "ps=none", "P=reject", "Sp=none", "foo", "", "a spf=r", "p=none",
};
static const char *const dmarc_policies[] = { "p=none", "p=none", "p=none", "p=quarantine", "p=reject", "p=reject", "p=Reject", "p=foo", "", "policy=none", "p = none" };
static const char *const dmarc_versions[] = { "v=DMARC1", "v=DMARC1", "v=DMARC1", "v=DMARC1", "v=DMARC1", "v=DMARC1", "v=DMARC1", "v=dmarc1", "DMARC1", "v=DMARC", "v:DMARC1", "V=DMARC1" };
static const char *const dmarc_uris[] = {
  "mailto:dmarc@{d}", "mailto:dmarc@{d}", "mailto:a@{d}", "mailto:dmarc-rua@dmarc.service.gov.uk", "mailto:x@unauthorised.good.example", "mailto:x@gone.good.example", "mailto:dmarc@{d}.gsi.gov.uk", "dmarc@{d}",
  "mailto:dmarc@{d}!10m", "mailto:mailto:dmarc@{d}", "https://good.example/x", "mailto:", "mailto:d@elsewhere.example",
};
static const char *const separators[] = { "; ", "; ", "; ", ";", ";", " ; ", " ", ", " };

static void add_uris(struct maker *maker, struct buf *out, const char *const *list, size_t count) {
  size_t uris = 1 + next(maker) % 3;
  for (size_t i = 0; i < uris; i++) buf_printf(out, "%s%s", i ? (one_in(maker, 12) ? "; " : one_in(maker, 12) ? " " : ",") : "", pick(maker, list, one_in(maker, 2) ? 4 : count));
}

static void add_dmarc_at(struct maker *maker, const char *name) {
  struct buf out = BUF_INIT(8192);
  const char *separator = one_in(maker, 8) ? PICK(maker, separators) : "; ";
  size_t tags = one_in(maker, 2) ? 0 : next(maker) % 5;
  bool version_last = one_in(maker, 25);
  const char *version = PICK(maker, dmarc_versions), *policy = PICK(maker, dmarc_policies);
  if (!version_last) buf_printf(&out, "%s%s", version, separator);
  if (*policy) buf_printf(&out, "%s%s", policy, separator);
  for (size_t i = 0; i < tags; i++) buf_printf(&out, "%s%s", PICK(maker, dmarc_tags), separator);
  if (!one_in(maker, 5)) {
    buf_text(&out, one_in(maker, 20) ? "rau=" : "rua=");
    add_uris(maker, &out, dmarc_uris, MEM_COUNT(dmarc_uris));
    if (version_last || one_in(maker, 2)) buf_text(&out, separator);
  }
  if (version_last) buf_text(&out, version);
  add_txt(maker, name, slipped(maker, buf_string(&out)));
  buf_release(&out);
}

static void add_dmarc(struct maker *maker) {
  static const char *const names[] = { "_dmarc.{d}.{d}", "_damrc.{d}", "dmarc.{d}", "_dmark.{d}", "{d}" };
  if (one_in(maker, 8)) return;
  if (one_in(maker, 40)) {
    add_line(maker, one_in(maker, 2) ? "_dmarc.{d} CNAME gone.good.example" : "_dmarc.{d} CNAME _dmarc.gov.uk");
    return;
  }
  if (one_in(maker, 12)) add_dmarc_at(maker, PICK(maker, names));
  else add_dmarc_at(maker, "_dmarc.{d}");
  if (one_in(maker, 10)) add_dmarc_at(maker, "_dmarc.{d}");
  if (one_in(maker, 20)) add_txt(maker, "_dmarc.{d}", "v=spf1 -all");
}

/* ---- TLS reporting, MTA-STS ---- */

static const char *const tls_records[] = {
  "v=TLSRPTv1; rua=mailto:tls@{d}", "v=TLSRPTv1;rua=mailto:tls@{d}", "v=TLSRPTv1; rua=mailto:tls@{d};", "v=TLSRPTv1 rua=mailto:tls@{d}", "v=TLSRPTv1; rua=mailto:t@{d}.gsi.gov.uk", "v=TLSRPTv1;", "v=TLSRPTv1; rua = mailto:tls@{d}",
  "v=TLSRPTv1; rua=mailto:tls@{d}; rua=mailto:b@{d}", "v=tlsrptv1; rua=mailto:tls@{d}", "v=TLSRPTv1; rua=tls@{d}", "v=TLSRPTv1; rua=mailto:tls@{d},https://good.example/tls", "v=TLSRPTv1; rua=http://good.example/tls", "v=TLSRPTv2; rua=mailto:tls@{d}",
  "v=TLSRPTv1; rua=mailto:tls-rua@mailcheck.service.ncsc.gov.uk", "v=TLSRPTv1; rua=mailto:tls@{d}; x=1", "v=TLSRPTv1 ; rua=mailto:tls@{d}", "v=TLSRPTv1; rua=mailto:tls@{d},mailto:tls@{d}",
};

static void add_tls(struct maker *maker) {
  if (!one_in(maker, 3)) add_txt(maker, one_in(maker, 12) ? "_stmp._tls.{d}" : one_in(maker, 25) ? "_smtp._tls.{d}.{d}" : "_smtp._tls.{d}", slipped(maker, PICK(maker, tls_records)));
  if (one_in(maker, 10)) add_txt(maker, "_smtp._tls.{d}", PICK(maker, tls_records));
  if (one_in(maker, 8)) add_txt(maker, "_mta-sts.{d}", one_in(maker, 3) ? "v=STSv1 id=1" : "v=STSv1; id=20260101T000000;");
}

/* ---- DKIM ---- */

static void add_key(struct maker *maker, const char *name) {
  static const char *const keys[] = {
    "v=DKIM1; k=rsa; p=" KEY_A, "v=DKIM1; k=rsa; p=" KEY_A, "k=rsa; p=" KEY_B, "v=DKIM1;p=" KEY_B ";", "v=DKIM1; k=rsa; p=" KEY_SHORT, "v=DKIM1; k=rsa; p=" KEY_A1, "v=DKIM1; p=", "\"v=DKIM1; k=rsa; \" \"p=" KEY_A "\"",
    "v=DKIM1\\; k=rsa\\; p=" KEY_A, "k=rsa; p=" KEY_A "; v=DKIM1", "v=DKIM1; nk=rsa; p=" KEY_A, "v=DKIM1; k=rsa p=" KEY_A, "v=DKIM1; k=rsa; t=y; p=" KEY_A, "v=DKIM1; h=sha1; p=" KEY_A, "k1.dkim.good.example", "gone.dkim.good.example",
    "v=DKIM1; k=rsa; p=-----BEGIN PUBLIC KEY-----" KEY_A "-----END PUBLIC KEY-----", "v=DKIM1; k=ed25519; p=" KEY_A, "v=DKIM2; p=" KEY_A, "v=DKIM1; k=rsa; P=" KEY_A, "v=DKIM1; k=rsa; k=rsa; p=" KEY_A, "not a key",
  };
  add_txt(maker, name, PICK(maker, keys));
}

static void add_dkim(struct maker *maker) {
  if (!one_in(maker, 5)) add_key(maker, "s1._domainkey.{d}");
  if (one_in(maker, 12)) add_key(maker, "s1._domainkey.{d}");
  if (one_in(maker, 4)) add_key(maker, "selector1._domainkey.{d}");
  if (one_in(maker, 6)) add_line(maker, one_in(maker, 2) ? "selector2._domainkey.{d} CNAME k1.dkim.good.example" : "selector2._domainkey.{d} CNAME gone.dkim.good.example");
  if (one_in(maker, 10)) add_txt(maker, "*._domainkey.{d}", one_in(maker, 2) ? "v=DKIM1; p=" : "v=DKIM1; k=rsa; p=" KEY_B);
  if (one_in(maker, 30)) add_key(maker, "s1.{d}");
}

/* ---- mail servers, addresses, the rest ---- */

static void add_mail_servers(struct maker *maker) {
  struct generated_domain *out = maker->out;
  static const char *const more[] = {
    "{d} MX 20 dead.{d}", "{d} MX 30 mail.good.example", "{d} MX 40 mail.good.example.{d}", "{d} MX 50 ms1234.msv1.invalid", "{d} MX 60 mx1.{d}", "{d} MX 0 .", "{d} MX 70 cluster1.gsi.messagelabs.com", "{d} MX 80 mail.{d}.gsi.gov.uk",
  };
  add_line(maker, arena_printf(maker->arena, "mx1.{d} A %s", out->address));
  if (!one_in(maker, 10)) add_line(maker, "{d} MX 10 mx1.{d}");
  for (size_t i = 0; i < MEM_COUNT(more); i++)
    if (one_in(maker, 12)) add_line(maker, more[i]);
  if (one_in(maker, 2)) add_line(maker, "{d} A 203.0.113.80");
  out->pointer = one_in(maker, 6) ? NULL : one_in(maker, 8) ? with_domain(maker, "out.{d}") : one_in(maker, 10) ? "host.elsewhere.example" : with_domain(maker, "mx1.{d}");
}

static void add_others(struct maker *maker) {
  if (one_in(maker, 2)) add_txt(maker, "{d}", "site-verification=0123456789abcdef");
  if (one_in(maker, 15)) add_txt(maker, "{d}", "a \"text\" with \\ and \xc3\xa9 in it");
  if (one_in(maker, 20)) add_txt(maker, "*.{d}", one_in(maker, 2) ? "v=spf1 -all" : "v=DMARC1; p=none");
  if (one_in(maker, 25))
    for (unsigned i = 0; i < 12; i++) add_txt(maker, "{d}", arena_printf(maker->arena, "token-%u=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", i));
}

/* ---- answers ---- */

static void add_answers(struct maker *maker) {
  struct generated_domain *out = maker->out;
  static const enum profile profiles[] = { PROFILE_MAIL, PROFILE_MAIL, PROFILE_MAIL, PROFILE_MAIL, PROFILE_PARKED, PROFILE_PARKED, PROFILE_SEND_ONLY, PROFILE_RECEIVE_ONLY };
  static const char *const sending[] = { "192.0.2.1", "192.0.2.200", "198.51.100.9", "203.0.113.9", "2001:db8::1", "2001:db8:1::9" };
  static const char *const terms[] = { "include:spf.good.example", "include:second.good.example", "include:four.good.example" };
  struct ip *addresses = ARENA_ARRAY(maker->arena, struct ip, 4);
  const char **selectors = ARENA_ARRAY(maker->arena, const char *, 1), **wanted = ARENA_ARRAY(maker->arena, const char *, 1);
  selectors[0] = "s1";
  out->inquiry = (struct inquiry){ .domain = out->name, .profile = profiles[next(maker) % MEM_COUNT(profiles)], .selectors = selectors, .selector_count = 1, .sending = addresses };
  bool sends = out->inquiry.profile == PROFILE_MAIL || out->inquiry.profile == PROFILE_SEND_ONLY;
  for (size_t i = 0; sends && i < 3 && one_in(maker, 2); i++) ip_parse(PICK(maker, sending), &addresses[out->inquiry.sending_count++]);
  out->options = (struct plan_options){ .spf_terms = wanted };
  if (sends && one_in(maker, 4)) wanted[out->options.spf_term_count++] = PICK(maker, terms);
  if (one_in(maker, 4)) out->options.spf_ending = one_in(maker, 2) ? '-' : '~';
  if (one_in(maker, 4)) out->options.dmarc_step = one_in(maker, 2) ? PLAN_DMARC_QUARANTINE : PLAN_DMARC_REJECT;
  if (one_in(maker, 4)) out->options.dmarc_mailbox = "reports@elsewhere.example";
  if (one_in(maker, 10)) out->options.as_2020 = PLAN_2020_ALL;
}

void domain_generate(struct arena *arena, uint32_t seed, unsigned number, struct generated_domain *out) {
  struct maker maker = { .arena = arena, .state = seed * 2654435761u + 88172645u, .out = out };
  *out = (struct generated_domain){ .name = arena_printf(arena, "d%u.gov.uk", number), .address = arena_printf(arena, "198.18.%u.%u", number / 250 % 256, number % 250 + 1) };
  if (!maker.state) maker.state = 1;
  for (int i = 0; i < 4; i++) next(&maker);
  add_mail_servers(&maker);
  if (!one_in(&maker, 8)) add_spf(&maker);
  if (one_in(&maker, 9)) add_spf(&maker);
  add_dmarc(&maker);
  add_tls(&maker);
  add_dkim(&maker);
  add_others(&maker);
  add_answers(&maker);
}

/* ---- master file ---- */

const char *domain_master_line(struct arena *arena, const char *line) {
  const char *type = strchr(line, ' ') + 1, *data = strchr(type, ' ') + 1;
  size_t name = (size_t)(type - line) - 1;
  bool named = strncmp(type, "MX ", 3) == 0 || strncmp(type, "CNAME ", 6) == 0 || strncmp(type, "NS ", 3) == 0 || strncmp(type, "PTR ", 4) == 0;
  bool dotted = named && line[strlen(line) - 1] != '.';
  (void)data;
  return arena_printf(arena, "%.*s. 300 IN %s%s", (int)name, line, type, dotted ? "." : "");
}
