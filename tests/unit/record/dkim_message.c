/* Messages and their signatures: the examples of RFC 6376 section 3.4.5 and appendix A and of RFC 8463 appendix A, and what is no message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <openssl/evp.h>

#include "checks/record/base64.h"
#include "checks/record/dkim_canon.h"
#include "checks/record/dkim_verify.h"
#include "src/base/lib.h"

#define RSA_BRISBANE "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"
#define RSA_TEST "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
#define ED25519_BRISBANE "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

static struct arena *arena;

static struct message *parse(const char *text) {
  struct fault fault = { "" };
  struct message *message = message_parse(arena, text, strlen(text), &fault);
  assert_string_equal(fault.text, "");
  return message;
}

static struct message *example(const char *name) {
  struct fault fault = { "" };
  size_t length;
  const char *root = getenv("srcdir");
  char *bytes = file_read(arena_printf(arena, "%s/tests/conformance/messages/%s", root ? root : ".", name), 1 << 20, &length, &fault);
  assert_non_null(bytes);
  struct message *message = message_parse(arena, arena_memdup(arena, bytes, length), length, &fault);
  free(bytes);
  return message;
}

static enum dkim_outcome outcome(const struct message *message, size_t which, const char *key) {
  struct dkim_signature *signatures[DKIM_MOST_SIGNATURES];
  assert_true(dkim_signatures_find(arena, message, signatures, DKIM_MOST_SIGNATURES) > which);
  return dkim_verify(message, signatures[which], dkim_parse(arena, key, strlen(key)));
}

/* ---- the standards' examples ---- */

static void examples_hold(void **state) {
  (void)state;
  assert_int_equal(outcome(example("rfc6376.eml"), 0, RSA_BRISBANE), DKIM_HOLDS);
  assert_int_equal(outcome(example("rfc8463.eml"), 0, ED25519_BRISBANE), DKIM_HOLDS);
  assert_int_equal(outcome(example("rfc8463.eml"), 1, RSA_TEST), DKIM_HOLDS);
  assert_int_equal(outcome(example("rfc8463.eml"), 1, RSA_BRISBANE), DKIM_NOT_BY_KEY);
  assert_int_equal(outcome(example("rfc8463.eml"), 0, RSA_TEST), DKIM_OUTCOME_KEY_TYPE);
  assert_string_equal(message_from_domain(arena, example("rfc8463.eml")), "football.example.com");
}

static void hash(const char *text, struct dkim_digest *out) { assert_int_equal(EVP_Digest(text, strlen(text), out->octets, &out->length, EVP_sha256(), NULL), 1); }

/* The fields and body of section 3.4.5, with a signature that names them. */
static void check_canonical(const char *way, const char *fields, const char *field_name, const char *body, const char *line_end) {
  char *text = arena_printf(arena, "A: X\r\nB : Y\t\r\n\tZ  \r\nDKIM-Signature: v=1; a=rsa-sha256; c=%s/%s; d=a.example; s=s; h=A:B:From; bh=AAAA; b=AAAA\r\n\r\n C \r\nD \t E\r\n\r\n\r\n", way, way), *put = text;
  for (const char *at = text; *at; at++)
    if (*at != '\r' || *line_end == '\r') *put++ = *at;
  *put = '\0';
  struct message *message = parse(text);
  struct dkim_signature *signature = dkim_signature_parse(arena, &message->fields[2]);
  struct dkim_digest wanted, seen;
  struct dkim_body seen_body;
  assert_int_equal(signature->fault, DKIM_SIGNATURE_GOOD);
  hash(body, &wanted);
  assert_true(dkim_hash_body(message, signature, &seen_body));
  assert_memory_equal(wanted.octets, seen_body.digest.octets, wanted.length);
  assert_int_equal(seen_body.octets, strlen(body));
  hash(arena_printf(arena, "%s%sv=1; a=rsa-sha256; c=%s/%s; d=a.example; s=s; h=A:B:From; bh=AAAA; b=", fields, field_name, way, way), &wanted);
  assert_true(dkim_hash_header(message, signature, &seen));
  assert_memory_equal(wanted.octets, seen.octets, wanted.length);
}

static void canonical_forms(void **state) {
  (void)state;
  static const char *const ends[] = { "\r\n", "\n" };
  for (size_t i = 0; i < MEM_COUNT(ends); i++) {
    check_canonical("simple", "A: X\r\nB : Y\t\r\n\tZ  \r\n", "DKIM-Signature: ", " C \r\nD \t E\r\n", ends[i]);
    check_canonical("relaxed", "a:X\r\nb:Y Z\r\n", "dkim-signature:", " C\r\nD E\r\n", ends[i]);
  }
}

/* A body that is empty, or has no line end at its end (sections 3.4.3 and 3.4.4). */
static void bodies_without_much(void **state) {
  static const struct { const char *body, *simple, *relaxed; } rows[] = {
    { "", "\r\n", "" }, { "\r\n\r\n", "\r\n", "" }, { " \r\n", " \r\n", "" }, { "x", "x\r\n", "x\r\n" }, { "x \t", "x \t\r\n", "x\r\n" }, { "\nx\n\n \n", "\r\nx\r\n\r\n \r\n", "\r\nx\r\n" },
    { "a\rb\r\n", "a\rb\r\n", "a\rb\r\n" },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    for (unsigned relaxed = 0; relaxed < 2; relaxed++) {
      struct message *message = parse(arena_printf(arena, "From: a@b.example\r\n\r\n%s", rows[i].body));
      struct dkim_signature signature = { .relaxed_body = relaxed };
      struct dkim_digest wanted;
      struct dkim_body seen;
      hash(relaxed ? rows[i].relaxed : rows[i].simple, &wanted);
      assert_true(dkim_hash_body(message, &signature, &seen));
      if (memcmp(wanted.octets, seen.digest.octets, wanted.length) != 0) fail_msg("row %zu, relaxed %u", i, relaxed);
    }
}

/* ---- reading ---- */

static void from_domains(void **state) {
  static const struct { const char *from, *domain; } rows[] = {
    { "joe@example.gov.uk", "example.gov.uk" }, { "Joe <joe@Example.GOV.uk>", "example.gov.uk" }, { "\"joe@trap.example\" <joe@example.gov.uk>", "example.gov.uk" },
    { "(joe@trap.example (nested\\) <x@y.example>)) joe@example.gov.uk (c)", "example.gov.uk" }, { "<@relay.example,@other.example:joe@example.gov.uk>", "example.gov.uk" },
    { "\"a@b\"@example.gov.uk", "example.gov.uk" }, { "Joe\r\n <joe@example.gov.uk>", "example.gov.uk" }, { "joe@example.gov.uk, sue@other.example", "example.gov.uk" },
    { "joe@b\xc3\xbc" "cher.example", "xn--bcher-kva.example" }, { "joe@[192.0.2.1]", NULL }, { "joe", NULL }, { "", NULL }, { "joe@localhost", NULL }, { "joe@exa mple.org", NULL }, { "\"joe@example.gov.uk", NULL },
    { "joe@example.gov.uk, Sue <sue@other.example>", "example.gov.uk" }, { "Smith, Joe <joe@example.gov.uk>", "example.gov.uk" }, { "Council: Joe <joe@example.gov.uk>;", "example.gov.uk" },
    { "Council: joe@example.gov.uk, \"a;b,\" <sue@other.example>;", "example.gov.uk" }, { "nobody:;", NULL }, { "joe @ example . (c) gov\r\n .uk", "example.gov.uk" },
    { "Joe <joe@example.gov.uk>, sue@[192.0.2.1]", NULL }, { "joe@example.gov.uk.", "example.gov.uk" },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    const char *domain = message_from_domain(arena, parse(arena_printf(arena, "From: %s\r\n\r\n", rows[i].from)));
    if (!domain != !rows[i].domain || (domain && strcmp(domain, rows[i].domain) != 0)) fail_msg("%s: %s", rows[i].from, domain);
  }
}

/* RFC 9989 section 5.3.1: one domain, however many addresses. */
static void one_author(void **state) {
  static const struct { const char *header; bool good; } rows[] = {
    { "From: joe@example.gov.uk, Sue <sue@Example.GOV.uk>\r\n", true }, { "From: joe@example.gov.uk, sue@other.example\r\n", false }, { "From: g: joe@example.gov.uk;, sue@mail.example.gov.uk\r\n", false },
    { "From: joe\r\n", false }, { "From: joe@example.gov.uk\r\nFrom: joe@example.gov.uk\r\n", false }, { "To: joe@example.gov.uk\r\n", false },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct fault fault = { "" };
    const char *domain = message_sender(arena, parse(rows[i].header), &fault);
    if (!domain == rows[i].good || !*fault.text != rows[i].good) fail_msg("%s: %s %s", rows[i].header, domain, fault.text);
  }
}

static void no_messages(void **state) {
  static const char *const rows[] = { "", "\r\n", "hello\r\n", ": x\r\n", " x\r\n", "From: a\r\nno field\r\n\r\n", "From a@b.example Mon\r\nFrom a@b.example Mon\r\n" };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct fault fault = { "" };
    if (message_parse(arena, rows[i], strlen(rows[i]), &fault) || !*fault.text) fail_msg("row %zu", i);
  }
  char *many = arena_alloc(arena, 4 * (MESSAGE_MOST_FIELDS + 1) + 1);
  for (size_t i = 0; i <= MESSAGE_MOST_FIELDS; i++) memcpy(many + 4 * i, "A:b\n", 4);
  struct fault fault = { "" };
  assert_null(message_parse(arena, many, (size_t)4 * (MESSAGE_MOST_FIELDS + 1), &fault));
  assert_non_null(message_parse(arena, many, (size_t)4 * MESSAGE_MOST_FIELDS, &fault));
}

static void signature_faults(void **state) {
#define GOOD "v=1; a=rsa-sha256; d=a.example; s=s; h=from; bh=AAAA; b=AAAA"
  static const struct { const char *text; enum dkim_signature_fault fault; const char *tag; } rows[] = {
    { GOOD, DKIM_SIGNATURE_GOOD, "" }, { GOOD "; ", DKIM_SIGNATURE_GOOD, "" }, { GOOD ";;", DKIM_SIGNATURE_SYNTAX, "" }, { GOOD "; x", DKIM_SIGNATURE_SYNTAX, "" }, { GOOD "; 1x=1", DKIM_SIGNATURE_SYNTAX, "" },
    { GOOD "; v=1", DKIM_SIGNATURE_SYNTAX, "" }, { GOOD "; n=\x01", DKIM_SIGNATURE_SYNTAX, "" }, { GOOD "; other=1", DKIM_SIGNATURE_GOOD, "" }, { "", DKIM_SIGNATURE_SYNTAX, "" },
    { GOOD "; l=12", DKIM_SIGNATURE_GOOD, "" }, { GOOD "; l=", DKIM_SIGNATURE_SYNTAX, "l" }, { GOOD "; l=-1", DKIM_SIGNATURE_SYNTAX, "l" }, { GOOD "; l=1e3", DKIM_SIGNATURE_SYNTAX, "l" },
    { GOOD "; t=1; x=2", DKIM_SIGNATURE_GOOD, "" }, { GOOD "; t=2; x=2", DKIM_SIGNATURE_SYNTAX, "x" }, { GOOD "; t=1234567890123", DKIM_SIGNATURE_SYNTAX, "t" },
    { GOOD "; i=@a.example", DKIM_SIGNATURE_GOOD, "" }, { GOOD "; i=j@b.A.example", DKIM_SIGNATURE_GOOD, "" }, { GOOD "; i=j@ba.example", DKIM_SIGNATURE_IDENTITY, "i" }, { GOOD "; i=a.example", DKIM_SIGNATURE_SYNTAX, "i" },
    { GOOD "; q=dns/txt", DKIM_SIGNATURE_GOOD, "" }, { GOOD "; q=x : dns/txt", DKIM_SIGNATURE_GOOD, "" }, { GOOD "; q=dns", DKIM_SIGNATURE_QUERY, "q" },
    { GOOD "; c=relaxed", DKIM_SIGNATURE_GOOD, "" }, { GOOD "; c=simple/relaxed", DKIM_SIGNATURE_GOOD, "" }, { GOOD "; c=", DKIM_SIGNATURE_CANONICALIZATION, "c" }, { GOOD "; c=relaxed/", DKIM_SIGNATURE_CANONICALIZATION, "c" },
    { "v=1; a=rsa-sha256; d=a.example; s=s; h=to : FROM ; bh=AAAA; b=AA AA", DKIM_SIGNATURE_GOOD, "" }, { "v=1; a=rsa-sha256; d=a.example; s=s; h=to; bh=AAAA; b=AAAA", DKIM_SIGNATURE_FROM, "h" },
    { "v=1; a=rsa-sha256; d=a.example; s=s; h=from; bh=AAA; b=AAAA", DKIM_SIGNATURE_SYNTAX, "bh" }, { "v=1; a=rsa-sha256; d=a.example; s=s; h=from; bh=AAAA; b=", DKIM_SIGNATURE_SYNTAX, "b" },
    { "v=2; a=rsa-sha256; d=a.example; s=s; h=from; bh=AAAA; b=AAAA", DKIM_SIGNATURE_VERSION, "v" }, { "a=rsa-sha256; d=a.example; s=s; h=from; bh=AAAA; b=AAAA", DKIM_SIGNATURE_MISSING_TAG, "v" },
    { "v=1; a=rsa-md5; d=a.example; s=s; h=from; bh=AAAA; b=AAAA", DKIM_SIGNATURE_ALGORITHM, "a" }, { "v=1; a=rsa-sha256; d=; s=s; h=from; bh=AAAA; b=AAAA", DKIM_SIGNATURE_SYNTAX, "d" },
    { "v=1; a=rsa-sha256; d=a.example; s=a..b; h=from; bh=AAAA; b=AAAA", DKIM_SIGNATURE_SYNTAX, "s" },
    { "v=1; a=rsa-sha256; d=a\xff.example; s=s; h=from; bh=AAAA; b=AAAA", DKIM_SIGNATURE_SYNTAX, "d" }, { GOOD "; i=j@\xff.a.example", DKIM_SIGNATURE_SYNTAX, "i" },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct message *message = parse(arena_printf(arena, "DKIM-Signature: %s\r\n", rows[i].text));
    struct dkim_signature *signature = dkim_signature_parse(arena, &message->fields[0]);
    if (signature->fault != rows[i].fault || strcmp(signature->fault_tag, rows[i].tag) != 0) fail_msg("%s: %d %s", rows[i].text, (int)signature->fault, signature->fault_tag);
  }
}

/* RFC 8616 section 5: DNS is asked for the A-labels of what stands there in letters. */
static void international_names(void **state) {
  static const char text[] = "DKIM-Signature: v=1; a=rsa-sha256; d=B\xc3\xbc" "cher.example; s=\xc3\xa4; i=j\xc3\xbc@x.b\xc3\xbc" "cher.example; h=from; bh=AAAA; b=AAAA\r\n";
  (void)state;
  struct dkim_signature *signature = dkim_signature_parse(arena, &parse(text)->fields[0]);
  assert_int_equal(signature->fault, DKIM_SIGNATURE_GOOD);
  assert_string_equal(signature->domain, "xn--bcher-kva.example");
  assert_string_equal(signature->selector, "xn--4ca");
  assert_string_equal(signature->identity_domain, "x.xn--bcher-kva.example");
}

static void base64_rows(void **state) {
  static const struct { const char *text; long length; } rows[] = {
    { "QUJD", 3 }, { "QUI=", 2 }, { "QQ==", 1 }, { " Q U\tJ\r\n D ", 3 }, { "QUJDRA==", 4 }, { "", -1 }, { "Q", -1 }, { "QUJ", -1 }, { "QUJD=", -1 }, { "Q===", -1 }, { "====", -1 }, { "QQ=A", -1 }, { "QUJ!", -1 }, { "QQ==QUJD", -1 },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    unsigned char out[32];
    size_t length = 0;
    bool good = base64_read(rows[i].text, strlen(rows[i].text), out, &length);
    if (good != (rows[i].length >= 0) || (good && (long)length != rows[i].length)) fail_msg("%s", rows[i].text);
    if (good) assert_memory_equal(out, "ABCD", length);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(examples_hold), cmocka_unit_test(canonical_forms), cmocka_unit_test(bodies_without_much), cmocka_unit_test(from_domains), cmocka_unit_test(one_author),
    cmocka_unit_test(no_messages), cmocka_unit_test(signature_faults), cmocka_unit_test(international_names), cmocka_unit_test(base64_rows),
  };
  arena = arena_new();
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  arena_free(&arena);
  return failed;
}
