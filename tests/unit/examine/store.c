#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <unistd.h>

#include "checks/parsed.h"
#include "checks/store.h"
#include "src/base/arena.h"
#include "src/base/mem.h"

enum { RECURSION_AVAILABLE = 0x80, LONGEST_RUN_S = 60 };

static size_t put_name(uint8_t *out, const char *name) {
  size_t at = 0;
  while (*name) {
    size_t label = strcspn(name, ".");
    out[at++] = (uint8_t)label;
    memcpy(out + at, name, label);
    at += label;
    name += label + (name[label] == '.');
  }
  out[at++] = 0;
  return at;
}

/* NOERROR for a TXT question, without an authority section: the alias when there is one, else nothing. */
static void observe(struct store *store, const char *name, const char *alias) {
  struct question question = { .kind = QUESTION_DNS, .name = name, .server = "", .path = "", .type = DNS_TYPE_TXT };
  uint8_t wire[600] = { 0, 0, 0x80, RECURSION_AVAILABLE, 0, 1, 0, alias != NULL };
  size_t at = 12;
  at += put_name(wire + at, name);
  wire[at + 1] = DNS_TYPE_TXT;
  wire[at + 3] = 1;
  at += 4;
  if (alias) {
    const uint8_t head[] = { 0xc0, 12, 0, DNS_TYPE_CNAME, 0, 1, 0, 0, 1, 0x2c, 0 };
    memcpy(wire + at, head, sizeof head);
    at += sizeof head;
    size_t length = put_name(wire + at + 1, alias);
    wire[at] = (uint8_t)length;
    at += 1 + length;
  }
  store_put(store, &dns_answer_from_wire(&question, wire, at)->seen);
}

/* A server may leave the SOA out of an empty answer (RFC 2308 section 2.2, types 2 and 3). The end of the chain is asked once. */
static void empty_end_of_a_chain_without_soa(void **state) {
  static const struct { const char *alias[3]; size_t links; } rows[] = { { { "end.example" }, 1 }, { { "middle.example", "end.example" }, 2 }, { { "" }, 1 } };
  (void)state;
  alarm(LONGEST_RUN_S);
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct store *store = store_new();
    const char *name = "start.example";
    for (const char *const *alias = rows[i].alias; *alias; name = *alias++) observe(store, name, *alias);
    assert_null(store_dns(store, "start.example", DNS_TYPE_TXT));
    observe(store, name, NULL);
    const struct dns_answer *answer = store_dns(store, "start.example", DNS_TYPE_TXT);
    assert_non_null(answer);
    assert_int_equal(answer->outcome, DNS_NODATA);
    assert_int_equal(answer->links, rows[i].links);
    assert_string_equal(answer->final_name, name);
    store_free(&store);
  }
  alarm(0);
}

/* SERVFAIL with these EDNS options. */
static uint16_t extended_error(const uint8_t *options, uint8_t length) {
  struct question question = { .kind = QUESTION_DNS, .name = "kept.example", .server = "", .path = "", .type = DNS_TYPE_TXT };
  uint8_t wire[200] = { 0, 0, 0x81, 0x82, 0, 1, 0, 0, 0, 0, 0, 1 };
  size_t at = 12;
  at += put_name(wire + at, question.name);
  const uint8_t head[] = { 0, DNS_TYPE_TXT, 0, 1, 0, 0, DNS_TYPE_OPT, 4, 208, 0, 0, 0, 0, 0, length };
  memcpy(wire + at, head, sizeof head);
  at += sizeof head;
  memcpy(wire + at, options, length);
  struct dns_answer *answer = dns_answer_from_wire(&question, wire, at + length);
  assert_int_equal(answer->failure, DNS_FAILURE_SERVFAIL);
  uint16_t code = answer->extended_error;
  observation_unref(&answer->seen);
  return code;
}

/* RFC 8914 section 2: a code, and text that is not read. */
static void reasons_of_a_server(void **state) {
  static const uint8_t expired[] = { 0, 15, 0, 2, 0, 7 }, with_text[] = { 0, 15, 0, 5, 0, 9, 'k', 'e', 'y' }, after_cookie[] = { 0, 10, 0, 3, 1, 2, 3, 0, 15, 0, 2, 0, 6 };
  static const uint8_t other_first[] = { 0, 15, 0, 2, 0, 0, 0, 15, 0, 2, 0, 22 }, cut[] = { 0, 15, 0, 9, 0, 7 }, short_one[] = { 0, 15, 0, 1, 7 }, half[] = { 0, 15, 0 };
  (void)state;
  assert_int_equal(extended_error(expired, sizeof expired), 7);
  assert_int_equal(extended_error(with_text, sizeof with_text), 9);
  assert_int_equal(extended_error(after_cookie, sizeof after_cookie), 6);
  assert_int_equal(extended_error(other_first, sizeof other_first), 22);
  assert_int_equal(extended_error(cut, sizeof cut), 0);
  assert_int_equal(extended_error(short_one, sizeof short_one), 0);
  assert_int_equal(extended_error(half, sizeof half), 0);
  assert_int_equal(extended_error(half, 0), 0);
}

/* Each link in an answer of its own: the ninth is one too many, and so is a circle. */
static void chains_over_several_answers(void **state) {
  static const struct { const char *alias[11]; enum dns_outcome outcome; } rows[] = {
    { { "b", "c", "d", "e", "f", "g", "h", "i" }, DNS_NODATA },
    { { "b", "c", "d", "e", "f", "g", "h", "i", "j" }, DNS_FAILED },
    { { "b", "c", "a" }, DNS_FAILED },
    { { "b", "c", "b" }, DNS_FAILED },
    { { "a" }, DNS_FAILED },
  };
  (void)state;
  alarm(LONGEST_RUN_S);
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct store *store = store_new();
    const char *name = "a";
    for (const char *const *alias = rows[i].alias; *alias; name = *alias++) observe(store, name, *alias);
    if (rows[i].outcome == DNS_NODATA) observe(store, name, NULL);
    const struct dns_answer *answer = store_dns(store, "a", DNS_TYPE_TXT);
    if (!answer || answer->outcome != rows[i].outcome) fail_msg("row %zu", i);
    assert_true(answer->outcome == DNS_NODATA || answer->failure == DNS_FAILURE_CNAME_LOOP);
    store_free(&store);
  }
  alarm(0);
}

static size_t put_record(uint8_t *out, uint8_t type, size_t length) {
  const uint8_t head[] = { 0, type, 0, 1, 0, 0, 0, 0, (uint8_t)(length >> 8), (uint8_t)length };
  memcpy(out, head, sizeof head);
  return sizeof head;
}

static size_t put_pointer(uint8_t *out, size_t target) {
  out[0] = (uint8_t)(0xc0 | target >> 8);
  out[1] = (uint8_t)target;
  return 2;
}

/* Pointers that lead to pointers, each before the last as it must be: cheap to send, and not to be followed through a whole message for each of its names. */
static void chains_of_pointers_end(void **state) {
  static const struct { size_t pointers; bool good; } rows[] = { { 100, true }, { 4000, false } };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    static uint8_t wire[9000];
    const uint8_t head[] = { 0, 0, 0x84, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0 /* the root owns the first record */ };
    size_t at = sizeof head, last;
    struct dns_message message;
    struct arena *arena = arena_new();
    memcpy(wire, head, sizeof head);
    at += put_record(wire + at, 10, 1 + 2 * rows[i].pointers);
    wire[last = at++] = 0;
    for (size_t n = 0; n < rows[i].pointers; n++) {
      size_t here = at;
      at += put_pointer(wire + at, last);
      last = here;
    }
    at += put_pointer(wire + at, last);
    at += put_record(wire + at, DNS_TYPE_A, 4) + 4;
    assert_int_equal(dns_parse(arena, wire, at, &message), rows[i].good);
    arena_free(&arena);
  }
}

/* A record is read once, by whatever way the answer is come by: by itself, at the end of a chain of answers, through an overlay. */
static void records_are_parsed_once(void **state) {
  static const char texts[] = "\x0bv=spf1 -all";
  struct dns_rr rr[2] = { { .owner = "end.example", .type = DNS_TYPE_TXT, .data = (const uint8_t *)texts, .data_length = sizeof texts - 1 } };
  struct question question = { .kind = QUESTION_DNS, .name = "end.example", .server = "", .path = "", .type = DNS_TYPE_TXT };
  struct arena *arena = arena_new();
  (void)state;
  struct store *store = store_new(), *overlay = store_overlay(store);
  assert_true(dns_rdata_decode(arena, &rr[0]));
  rr[1] = rr[0];
  observe(store, "start.example", "end.example");
  struct dns_answer *put = dns_answer_new(&question);
  dns_answer_set(put, DNS_ANSWER, rr, 2);
  store_put(store, &put->seen);
  const struct dns_answer *answer = store_dns(store, "end.example", DNS_TYPE_TXT), *whole = store_dns(store, "start.example", DNS_TYPE_TXT);
  const struct spf_record *second = parsed_spf(whole, &whole->records[1]), *first = parsed_spf(answer, &answer->records[0]);
  assert_true(first->valid && second->valid && first != second);
  assert_string_equal(second->text, "v=spf1 -all");
  whole = store_dns(overlay, "start.example", DNS_TYPE_TXT);
  assert_ptr_equal(parsed_spf(whole, &whole->records[0]), first);
  assert_ptr_equal(parsed_spf(answer, &answer->records[1]), second);
  assert_ptr_equal(parsed_dmarc(answer, &answer->records[1]), parsed_dmarc(answer, &answer->records[1]));
  store_free(&overlay);
  store_free(&store);
  arena_free(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(empty_end_of_a_chain_without_soa), cmocka_unit_test(chains_over_several_answers),
                                    cmocka_unit_test(records_are_parsed_once), cmocka_unit_test(reasons_of_a_server), cmocka_unit_test(chains_of_pointers_end) };
  return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
