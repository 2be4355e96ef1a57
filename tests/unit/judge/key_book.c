#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <openssl/evp.h>

#include "checks/key_book.h"
#include "src/base/lib.h"

enum { MORE_THAN_FIT = 16384 + 200 };

struct meeting { unsigned count; char first[80], later[80]; };

static void on_met(const char *first, const char *later, void *context) {
  struct meeting *meeting = context;
  meeting->count++;
  snprintf(meeting->first, sizeof meeting->first, "%s", first);
  snprintf(meeting->later, sizeof meeting->later, "%s", later);
}

/* The text of Ed25519 key number `number`. */
static const char *key_of(unsigned number) {
  static char text[64];
  unsigned char octets[32] = { 1, (unsigned char)(number >> 16), (unsigned char)(number >> 8), (unsigned char)number };
  EVP_EncodeBlock((unsigned char *)text, octets, sizeof octets);
  return text;
}

/* What an examination of the domain leaves: its key at selector s1, at the end of a chain of CNAMEs when `links`. */
static bool note(struct key_book *book, const char *domain, unsigned number, unsigned links, struct meeting *meeting) {
  struct store *store = store_new();
  char name[80], record[128];
  snprintf(name, sizeof name, "s1._domainkey.%s", domain);
  snprintf(record, sizeof record, "v=DKIM1; k=ed25519; p=%s", key_of(number));
  struct question question = { .kind = QUESTION_DNS, .name = name, .server = "", .path = "", .type = DNS_TYPE_TXT };
  struct dns_answer *answer = dns_answer_new(&question);
  uint8_t length = (uint8_t)strlen(record);
  struct dns_rr rr = { .owner = name, .type = DNS_TYPE_TXT, .txt = { .bytes = record, .lengths = &length, .length = length, .strings = 1 } };
  dns_answer_set(answer, DNS_ANSWER, &rr, 1);
  answer->links = (uint8_t)links;
  store_put(store, &answer->seen);
  bool shared = key_book_note(book, store, domain, meeting ? on_met : NULL, meeting);
  store_free(&store);
  return shared;
}

static void test_meeting(void **state) {
  (void)state;
  struct key_book *book = key_book_new();
  struct meeting meeting = { 0 };
  assert_false(note(book, "one.example", 1, 0, &meeting));
  assert_false(note(book, "two.example", 2, 0, &meeting));
  assert_false(note(book, "sub.one.example", 1, 0, &meeting)); /* the same registration */
  assert_false(note(book, "three.example", 1, 1, &meeting));   /* a provider's, by CNAME */
  assert_int_equal(meeting.count, 0);
  assert_true(note(book, "three.example", 1, 0, &meeting));
  assert_int_equal(meeting.count, 1);
  assert_string_equal(meeting.first, "s1._domainkey.one.example");
  assert_string_equal(meeting.later, "s1._domainkey.three.example");
  assert_true(note(book, "four.example", 1, 0, &meeting)); /* found, but the first has been told */
  assert_int_equal(meeting.count, 1);
  assert_true(note(book, "five.example", 2, 0, NULL));
  assert_string_equal(key_book_find(book, key_of(1), "five.example"), "s1._domainkey.one.example");
  assert_null(key_book_find(book, key_of(1), "one.example"));
  assert_null(key_book_find(book, key_of(3), "five.example"));
  key_book_free(&book);
}

/* Of very many keys the latest are kept. */
static void test_eviction(void **state) {
  (void)state;
  struct key_book *book = key_book_new();
  char domain[40];
  for (unsigned i = 0; i < MORE_THAN_FIT; i++) {
    snprintf(domain, sizeof domain, "d%u.example", i);
    assert_false(note(book, domain, i, 0, NULL));
  }
  assert_null(key_book_find(book, key_of(0), "other.example"));
  assert_null(key_book_find(book, key_of(199), "other.example"));
  assert_string_equal(key_book_find(book, key_of(200), "other.example"), "s1._domainkey.d200.example");
  assert_string_equal(key_book_find(book, key_of(MORE_THAN_FIT - 1), "other.example"), "s1._domainkey.d16583.example");
  assert_false(note(book, "other.example", 0, 0, NULL)); /* begins anew */
  assert_true(note(book, "another.example", 0, 0, NULL));
  key_book_free(&book);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(test_meeting), cmocka_unit_test(test_eviction) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
