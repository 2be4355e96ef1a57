#include "tests/unit/plan/rows.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "src/plan/lib.h"
#include "tests/support/mint.h"
#include "tests/support/world.h"

#define DOMAIN "example.gov.uk"

enum {
  TOPICS = 1u << TOPIC_NS | 1u << TOPIC_MX | 1u << TOPIC_ADDRESS | 1u << TOPIC_SPF | 1u << TOPIC_DKIM | 1u << TOPIC_DMARC | 1u << TOPIC_TLSRPT | 1u << TOPIC_MTASTS | 1u << TOPIC_GSI,
  MOST_WORDS = 32,
};

struct bench {
  const struct plan_row *row;
  struct arena *arena;
  struct world *world;
  struct store *store;
  struct inquiry inquiry;
  struct plan_options options;
  const char *selectors[MOST_WORDS], *subs[MOST_WORDS], *digital[MOST_WORDS], *own[MOST_WORDS], *terms[MOST_WORDS], *left_out[MOST_WORDS];
  struct inquiry_old_domain old[MOST_WORDS];
  struct ip sending[MOST_WORDS], service_addresses[MOST_WORDS];
  struct inquiry_service services[MOST_WORDS];
  struct plan_given_key keys[MOST_WORDS];
  struct plan_not_ours not_ours[MOST_WORDS];
  char *rest; /* lines of `wanted` that are still to be found */
};

/* ---- keys ---- */

static char *base64(struct arena *arena, const unsigned char *bytes, size_t length) {
  char *out = arena_alloc(arena, length * 2 + 8);
  EVP_EncodeBlock((unsigned char *)out, bytes, (int)length);
  return out;
}

static char *public_key(struct arena *arena, EVP_PKEY *key) {
  unsigned char *der = NULL;
  int length = i2d_PUBKEY(key, &der);
  char *text = base64(arena, der, (size_t)length);
  OPENSSL_free(der);
  return text;
}

static char *private_key(struct arena *arena, EVP_PKEY *key) {
  unsigned char *der = NULL;
  int length = i2d_PrivateKey(key, &der);
  char *text = base64(arena, der, (size_t)length);
  OPENSSL_free(der);
  return text;
}

static const char *key_word(struct arena *arena, const char *word) {
  unsigned char raw[32];
  size_t length = sizeof raw;
  if (strcmp(word, "KEY") == 0) return public_key(arena, mint_key(MINT_RSA2048));
  if (strcmp(word, "OTHER") == 0) return public_key(arena, mint_key_other(MINT_RSA2048));
  if (strcmp(word, "KEY1024") == 0) return public_key(arena, mint_key(MINT_RSA1024));
  if (strcmp(word, "CUT") == 0) return arena_strndup(arena, public_key(arena, mint_key(MINT_RSA2048)), 232);
  if (strcmp(word, "PEM") == 0) return arena_printf(arena, "-----BEGIN PUBLIC KEY-----%s-----END PUBLIC KEY-----", public_key(arena, mint_key(MINT_RSA2048)));
  if (strcmp(word, "PRIVATE") == 0) return private_key(arena, mint_key(MINT_RSA2048));
  if (strcmp(word, "EDSPKI") == 0) return public_key(arena, mint_key(MINT_ED25519));
  if (strcmp(word, "ED") == 0 && EVP_PKEY_get_raw_public_key(mint_key(MINT_ED25519), raw, &length) == 1) return base64(arena, raw, length);
  return NULL;
}

static char *with_keys(struct arena *arena, const char *text) {
  struct buf out = BUF_INIT(1 << 20);
  while (text && *text) {
    const char *end = *text == '{' ? strchr(text, '}') : NULL;
    const char *key = end ? key_word(arena, arena_strndup(arena, text + 1, (size_t)(end - text - 1))) : NULL;
    if (key) {
      buf_text(&out, key);
      text = end + 1;
    } else {
      buf_char(&out, *text++);
    }
  }
  char *filled = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return filled;
}

/* ---- what is published ---- */

static const char *absolute(struct arena *arena, const char *name) {
  size_t length = strlen(name);
  if (strcmp(name, "@") == 0) return DOMAIN;
  return name[length - 1] == '.' ? arena_strndup(arena, name, length - 1) : arena_printf(arena, "%s." DOMAIN, name);
}

static const char *const defaults[] = {
  "@ SOA ns1.example.gov.uk host.example.gov.uk 1", "@ NS ns1.example.gov.uk", "@ NS ns2.example.gov.uk", "ns1 A 192.0.2.53", "ns2 A 198.51.100.53", "@ MX 10 mx1.example.gov.uk",
  "mx1 A 192.0.2.25", "25.2.0.192.in-addr.arpa. PTR mx1.example.gov.uk", "@ TXT \"v=spf1 mx ~all\"", "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:dmarc@example.gov.uk\"",
  "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@example.gov.uk\"", "s1._domainkey TXT \"v=DKIM1; k=rsa; p={KEY}\"",
};

/* The world outside: never changed by a row. */
static const char *const outside[] = {
  "good.example SOA ns1.good.example host 1", "spf.good.example TXT \"v=spf1 ip4:203.0.113.0/24 -all\"", "second.good.example TXT \"v=spf1 ip4:198.51.100.0/24 -all\"",
  "four.good.example TXT \"v=spf1 a:h1.good.example a:h1.good.example a:h1.good.example a:h1.good.example -all\"", "both.good.example TXT \"v=spf1 include:spf.good.example -all\"",
  "deep.good.example TXT \"v=spf1 include:gone.good.example -all\"", "twice.good.example TXT \"v=spf1 -all\"", "twice.good.example TXT \"v=spf1 ~all\"", "bad.good.example TXT \"v=spf1 ip4:1 -all\"",
  "slow.good.example TXT timeout", "three.good.example TXT \"v=spf1 a:h1.good.example a:h1.good.example a:h1.good.example -all\"", "empty.good.example TXT \"nothing here\"", "h1.good.example A 203.0.113.1", "mail.good.example A 203.0.113.2", "2.113.0.203.in-addr.arpa. PTR mail.good.example", "good.example MX 10 mail.good.example",
  "voids.good.example TXT \"v=spf1 a:v1.good.example a:v2.good.example a:v3.good.example -all\"",
  "unauthorised.example MX 10 mail.good.example", "allowed.example MX 10 mail.good.example", "example.gov.uk._report._dmarc.allowed.example TXT \"v=DMARC1\"", "gone.example nxdomain",
  "dmarc.service.gov.uk MX 10 mail.good.example", "gov.uk SOA ns1.gov.uk host 1", "k1.dkim.good.example TXT \"v=DKIM1; k=rsa; p={KEY}\"", "_spf.google.com TXT \"v=spf1 ip4:203.0.113.64/26 -all\"",
  "spf.protection.outlook.com TXT \"v=spf1 ip4:203.0.113.128/26 -all\"", "nothing.example SOA ns1.good.example host 1", "_spf.own.gov.uk TXT \"v=spf1 ip4:192.0.2.0/25 -all\"",
  "own.gov.uk SOA ns1.own.gov.uk host 1", "own.gov.uk NS ns1.own.gov.uk", "own.gov.uk MX 10 mail.good.example",
};

/* Does a line of the row speak of the same name, and at the domain itself of the same type? */
static bool is_overridden(const char *published, const char *line) {
  char name[256], type[64];
  if (sscanf(line, "%255s %63s", name, type) != 2) return false;
  for (const char *at = published; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : "") {
    char other[256], other_type[64] = "";
    if (sscanf(at, "%255s %63s", other, other_type) < 2) continue;
    if (strcmp(name, other) == 0 && (strcmp(name, "@") != 0 || strcmp(type, other_type) == 0)) return true;
    if (strcmp(name, "@") == 0 && strncmp(other, "no", 2) == 0 && text_equal(other + 2, type)) return true; /* "noMX -" */
  }
  return false;
}

static void publish(struct bench *bench, const char *line) {
  char *copy = arena_strdup(bench->arena, line), *words[64];
  struct fault fault = { "" };
  size_t count = world_split(copy, words, 64);
  if (count && session_world_knows(words[0])) {
    if (!session_world_read(world_sessions(bench->world), words, count, &fault)) fail_msg("%s: %s", bench->row->name, fault.text);
    return;
  }
  if (count < 2 || strcmp(words[1], "none") == 0 || strcmp(words[1], "-") == 0) return;
  words[0] = arena_strdup(bench->arena, absolute(bench->arena, words[0]));
  if (!world_dns(bench->world, words, count, &fault)) fail_msg("%s: %s", bench->row->name, fault.text);
}

static void publish_all(struct bench *bench) {
  for (size_t i = 0; i < MEM_COUNT(outside); i++) assert_true(world_line(bench->world, with_keys(bench->arena, outside[i])));
  for (size_t i = 0; i < MEM_COUNT(defaults); i++)
    if (!is_overridden(bench->row->published, defaults[i])) publish(bench, with_keys(bench->arena, defaults[i]));
  char *lines = with_keys(bench->arena, bench->row->published);
  for (char *line = lines, *next; line && *line; line = next) {
    next = strchr(line, '\n');
    if (next) *next++ = '\0';
    publish(bench, line);
  }
}

/* ---- answers ---- */

static void read_service(struct bench *bench, const char *value) {
  struct inquiry_service *service = &bench->services[bench->inquiry.service_count];
  char id[64] = "", domain[128] = DOMAIN, address[64] = "";
  sscanf(value, "%63[^:]:%127[^:]:%63s", id, domain, address);
  *service = (struct inquiry_service){ .id = arena_strdup(bench->arena, id), .name = arena_strdup(bench->arena, id), .domain = arena_strdup(bench->arena, domain), .sends = true };
  if (*address) {
    struct ip *ip = &bench->service_addresses[bench->inquiry.service_count];
    assert_true(ip_parse(address, ip));
    service->addresses = ip;
    service->address_count = 1;
    bench->sending[bench->inquiry.sending_count++] = *ip;
  }
  bench->inquiry.service_count++;
}

static void read_key(struct bench *bench, const char *value) {
  const char *equals = strchr(value, '=');
  assert_non_null(equals);
  bench->keys[bench->options.key_count++] = (struct plan_given_key){ .selector = arena_strndup(bench->arena, value, (size_t)(equals - value)), .value = with_keys(bench->arena, equals + 1) };
}

static bool read_profile(struct bench *bench, const char *word) {
  static const struct { const char *word; enum profile profile; } profiles[] = {
    { "mail", PROFILE_MAIL }, { "parked", PROFILE_PARKED }, { "send", PROFILE_SEND_ONLY }, { "receive", PROFILE_RECEIVE_ONLY }, { "inferred", PROFILE_INFERRED },
  };
  for (size_t i = 0; i < MEM_COUNT(profiles); i++)
    if (strcmp(word, profiles[i].word) == 0) {
      bench->inquiry.profile = profiles[i].profile;
      return true;
    }
  return false;
}

static void read_answer(struct bench *bench, const char *word) {
  struct inquiry *inquiry = &bench->inquiry;
  struct plan_options *options = &bench->options;
  const char *value = strchr(word, '=') ? strchr(word, '=') + 1 : "";
  if (read_profile(bench, word)) return;
  if (text_starts(word, "sending=")) assert_true(ip_parse(value, &bench->sending[inquiry->sending_count++]));
  else if (text_starts(word, "service=")) read_service(bench, value);
  else if (text_starts(word, "selector=")) bench->selectors[inquiry->selector_count++] = value;
  else if (text_starts(word, "step=")) options->dmarc_step = strcmp(value, "reject") == 0 ? PLAN_DMARC_REJECT : PLAN_DMARC_QUARANTINE;
  else if (text_starts(word, "ending=")) options->spf_ending = *value;
  else if (text_starts(word, "mailbox=")) options->dmarc_mailbox = value;
  else if (text_starts(word, "own=")) bench->own[options->own_domain_count++] = value;
  else if (text_starts(word, "term=")) bench->terms[options->spf_term_count++] = value;
  else if (text_starts(word, "leave=")) bench->left_out[options->left_out_count++] = value;
  else if (text_starts(word, "not-ours=")) bench->not_ours[options->not_ours_count++] = strpbrk(value, ":=") ? (struct plan_not_ours){ DOMAIN, value, "" } : (struct plan_not_ours){ DOMAIN, "", value };
  else if (text_starts(word, "sub=")) bench->subs[inquiry->subdomain_count++] = value;
  else if (text_starts(word, "digital=")) bench->digital[inquiry->digital_service_count++] = value;
  else if (text_starts(word, "old=")) bench->old[inquiry->old_domain_count++].name = value;
  else if (text_starts(word, "key=")) read_key(bench, value);
  else if (strcmp(word, "2020") == 0) options->as_2020 = PLAN_2020_ALL;
  else if (strcmp(word, "forwards") == 0) bench->old[inquiry->old_domain_count - 1].forwards = true; /* of the old name before it */
  else if (strcmp(word, "old-sends") == 0) bench->old[inquiry->old_domain_count - 1].sends = TRI_YES;
  else if (strcmp(word, "moving") == 0) bench->old[inquiry->old_domain_count - 1].switch_planned = true;
  else if (strcmp(word, "enforce") == 0) options->mtasts_enforce = true;
  else if (strcmp(word, "file-changed") == 0) options->mtasts_file_changed = true;
  else fail_msg("%s: unknown answer %s", bench->row->name, word);
}

static void read_answers(struct bench *bench, const struct facts *facts) {
  char *copy = arena_strdup(bench->arena, bench->row->answers ? bench->row->answers : ""), *words[64];
  size_t count = world_split(copy, words, 64);
  bench->inquiry = (struct inquiry){ .domain = DOMAIN, .profile = PROFILE_MAIL, .topics = TOPICS, .selectors = bench->selectors, .services = bench->services, .sending = bench->sending,
                                     .subdomains = bench->subs, .digital_services = bench->digital, .old_domains = bench->old, .facts = facts };
  bench->options = (struct plan_options){ .keys = bench->keys, .own_domains = bench->own, .spf_terms = bench->terms, .not_ours = bench->not_ours, .left_out = bench->left_out };
  bench->selectors[bench->inquiry.selector_count++] = "s1";
  for (size_t i = 0; i < count; i++) read_answer(bench, words[i]);
}

/* ---- planning ---- */

static struct plan *settled_plan(struct bench *bench, struct store *over, const struct verdict *verdict) {
  for (unsigned turn = 0; turn < 80; turn++) {
    struct plan *plan = plan_make(bench->arena, over, verdict, &bench->inquiry, &bench->options);
    if (!world_answer(bench->world, bench->store, 0)) return plan;
  }
  fail_msg("%s: the plan does not settle", bench->row->name);
  return NULL;
}

static struct verdict *settled_verdict(struct bench *bench, struct store *over) {
  for (unsigned turn = 0; turn < 80; turn++) {
    struct verdict *verdict = examine_store(bench->arena, over, &bench->inquiry);
    if (!world_answer(bench->world, bench->store, 0)) return verdict;
  }
  fail_msg("%s: the examination does not settle", bench->row->name);
  return NULL;
}

/* ---- comparing ---- */

static const char *describe(struct arena *arena, const struct plan_change *change) {
  struct buf out = BUF_INIT(1 << 20);
  char scratch[16];
  bool removed = change->action == PLAN_REMOVE;
  size_t length = strlen(change->name), own = strlen(DOMAIN);
  const char *name = strcmp(change->name, DOMAIN) == 0 ? "@" : text_ends(change->name, "." DOMAIN) ? arena_strndup(arena, change->name, length - own - 1) : arena_printf(arena, "%s.", change->name);
  buf_printf(&out, "%s%s %s %s ", change->left_out ? "left-out " : "", plan_action_name(change->action), name, dns_type_name(change->type, scratch));
  for (size_t i = 0; i < (removed ? change->now_count : change->wanted_count); i++) buf_printf(&out, "%s%s", i ? " | " : "", removed ? change->now[i] : change->wanted[i]);
  const char *text = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

static void say_plan(struct bench *bench, const struct plan *plan) {
  for (size_t i = 0; i < plan->change_count; i++) print_message("    %s\n", describe(bench->arena, &plan->changes[i]));
  for (size_t i = 0; i < plan->change_count; i++)
    for (size_t n = 0; n < plan->changes[i].now_count; n++) print_message("      there: %s\n", plan->changes[i].now[n]);
  for (size_t i = 0; i < plan->problem_count; i++) print_message("    problem %s (%s: %s)\n", plan->problems[i].rule->id, plan->problems[i].subject, plan->problems[i].detail);
  for (size_t i = 0; i < plan->task_count; i++) print_message("    task %s: %s\n", plan->tasks[i].id, plan->tasks[i].sentence);
}

/* Takes the first line that reads so out of those that are still wanted; only the first of the changes fits, since their order counts. */
static bool take(struct bench *bench, const char *line, bool in_order) {
  size_t length = strlen(line);
  for (char *at = bench->rest; *at;) {
    size_t size = strcspn(at, "\n");
    bool change = strncmp(at, "add ", 4) == 0 || strncmp(at, "replace ", 8) == 0 || strncmp(at, "remove ", 7) == 0;
    if (size == length && strncmp(at, line, size) == 0) {
      memmove(at, at + size + (at[size] == '\n'), strlen(at + size + (at[size] == '\n')) + 1);
      return true;
    }
    if (change && in_order) return false;
    at += size + (at[size] == '\n');
  }
  return false;
}

static bool has_id(const struct plan *plan, const char *id) {
  for (size_t i = 0; i < plan->task_count; i++)
    if (strcmp(plan->tasks[i].id, id) == 0) return true;
  for (size_t i = 0; i < plan->problem_count; i++)
    if (strcmp(plan->problems[i].rule->id, id) == 0) return true;
  return false;
}

static bool compare(struct bench *bench, const struct plan *plan) {
  bool good = true;
  bench->rest = with_keys(bench->arena, bench->row->wanted ? bench->row->wanted : "");
  for (size_t i = 0; i < plan->change_count; i++) {
    const char *line = describe(bench->arena, &plan->changes[i]);
    if (take(bench, line, true)) continue;
    print_message("%s: not wanted: %s\n", bench->row->name, line);
    good = false;
  }
  for (size_t i = 0; i < plan->problem_count; i++) {
    const char *line = arena_printf(bench->arena, "problem %s", plan->problems[i].rule->id);
    bool taken = take(bench, line, false), before = false;
    for (size_t n = 0; n < i; n++) before |= plan->problems[n].rule == plan->problems[i].rule;
    if (taken || before || plan->problems[i].severity <= SEVERITY_INFO) continue;
    print_message("%s: not wanted: %s\n", bench->row->name, line);
    good = false;
  }
  for (size_t i = 0; i < plan->task_count; i++) take(bench, arena_printf(bench->arena, "task %s", plan->tasks[i].id), false);
  for (char *line = bench->rest, *next; *line; line = next) {
    next = line + strcspn(line, "\n");
    if (*next) *next++ = '\0';
    if (strncmp(line, "no ", 3) == 0 && !has_id(plan, line + 3)) continue;
    print_message("%s: missing: %s\n", bench->row->name, line);
    good = false;
  }
  return good;
}

static bool same_plan(struct bench *bench, const struct plan *a, const struct plan *b) {
  json_t *one = plan_json(a), *other = plan_json(b);
  bool same = json_equal(one, other) == 1;
  json_decref(one);
  json_decref(other);
  if (!same) print_message("%s: planned twice, and not the same\n", bench->row->name);
  return same;
}

static bool nothing_worse(struct bench *bench, const struct verdict *before, const struct verdict *after) {
  bool good = true;
  for (size_t i = 0; i < after->count; i++) {
    const struct finding *finding = after->findings[i];
    if (finding->severity != SEVERITY_FAIL || verdict_find(before, finding->rule->id, finding->subject)) continue;
    print_message("%s: fails afterwards: %s %s: %s\n", bench->row->name, finding->rule->id, finding->subject, finding_detail(bench->arena, finding));
    good = false;
  }
  return good;
}

static bool empty_afterwards(struct bench *bench, const struct plan *plan, const struct verdict *before) {
  struct store *over = store_overlay(bench->store);
  plan_apply(plan, over);
  const struct verdict *after = settled_verdict(bench, over);
  const struct plan *again = settled_plan(bench, over, after);
  bool good = nothing_worse(bench, before, after);
  size_t left = 0;
  for (size_t i = 0; i < again->change_count && !has_id(plan, "plan-dmarc-policy-jump"); i++) { /* the next step was said to come later */
    if (again->changes[i].left_out) continue; /* still left out */
    print_message("%s: asked for again: %s\n", bench->row->name, describe(bench->arena, &again->changes[i]));
    left++;
  }
  good = good && left == 0;
  store_free(&over);
  return good;
}

static bool run_row(const struct plan_row *row, const struct facts *facts) {
  struct bench bench = { .row = row, .arena = arena_new(), .world = world_new(), .store = store_new() };
  publish_all(&bench);
  read_answers(&bench, facts);
  const struct verdict *before = settled_verdict(&bench, bench.store);
  const struct plan *plan = settled_plan(&bench, bench.store, before), *twice = settled_plan(&bench, bench.store, before);
  bool good = compare(&bench, plan);
  good = same_plan(&bench, plan, twice) && good;
  if (!plan_blocked(plan)) good = empty_afterwards(&bench, plan, before) && good;
  if (plan->waiting) print_message("%s: still waiting\n", row->name), good = false;
  if (!good) say_plan(&bench, plan);
  store_free(&bench.store);
  world_free(&bench.world);
  arena_free(&bench.arena);
  return good;
}

void plan_rows_run(const struct plan_row *rows, size_t count) {
  struct arena *arena = arena_new();
  struct fault fault = { "" };
  const struct facts *facts = facts_load(arena, &fault);
  size_t failed = 0;
  assert_string_equal(fault.text, "");
  for (size_t i = 0; i < count; i++) failed += !run_row(&rows[i], facts);
  arena_free(&arena);
  mint_forget();
  assert_int_equal(failed, 0);
}
