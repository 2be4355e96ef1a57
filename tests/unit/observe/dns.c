/* The DNS observer against servers in this process that behave well and badly. */
#include "checks/observe/private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "checks/observe/dns_pace.h"
#include "checks/observe/dns_window.h"
#include "src/base/lib.h"
#include "tests/support/dns_server.h"

/* What must come in time is given plenty, for a loaded machine; what must be given up is given up soon. */
enum { LONG_MS = 20000, SHORT_MS = 450, MOST_ASKED = 400 };

struct asking {
  uv_loop_t loop;
  struct dns_observer *observer;
  struct dns_answer *answers[MOST_ASKED];
  size_t wanted, got;
};

static void on_answer(void *owner, uint64_t ticket, struct observation *observation) {
  struct asking *asking = owner;
  assert_true(ticket < asking->wanted);
  assert_null(asking->answers[ticket]); /* once only */
  asking->answers[ticket] = (struct dns_answer *)(void *)observation;
  asking->got++;
}

static void begin(struct asking *asking, const char *resolvers, uint32_t timeout_ms) {
  struct observe_options options = { .resolvers = resolvers, .timeout_ms = timeout_ms };
  struct fault fault = { "" };
  memset(asking, 0, sizeof *asking);
  uv_loop_init(&asking->loop);
  asking->observer = dns_observer_new(&asking->loop, &options, on_answer, asking, &fault);
  if (!asking->observer) fail_msg("%s", fault.text);
}

/* The question must live until the answer. */
static void put(struct asking *asking, const struct question *question) {
  assert_true(asking->wanted < MOST_ASKED);
  dns_observer_ask(asking->observer, asking->wanted++, question);
}

static void wait_all(struct asking *asking) {
  while (asking->got < asking->wanted) uv_run(&asking->loop, UV_RUN_ONCE);
}

static void end(struct asking *asking) {
  dns_observer_free(&asking->observer);
  uv_run(&asking->loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&asking->loop), 0);
  for (size_t i = 0; i < asking->wanted; i++)
    if (asking->answers[i]) observation_unref(&asking->answers[i]->seen);
}

static struct question question_of(const char *server, const char *name, uint16_t type, uint16_t flags) {
  return (struct question){ .kind = QUESTION_DNS, .name = name, .server = server, .path = "", .type = type, .flags = flags };
}

/* ---- one server ---- */

static const struct row {
  enum dns_behaviour behaviour;
  uint16_t type, flags;
  enum dns_outcome outcome;
  enum dns_failure failure;
  size_t count;
  bool in_time; /* an answer comes; else it must be given up */
} rows[] = {
  { DNS_GOOD, DNS_TYPE_TXT, 0, DNS_ANSWER, DNS_FAILURE_NONE, 1, true },
  { DNS_GOOD, DNS_TYPE_MX, DNS_ASK_TCP, DNS_ANSWER, DNS_FAILURE_NONE, 1, true },
  { DNS_GOOD, DNS_TYPE_A, DNS_ASK_PLAIN, DNS_ANSWER, DNS_FAILURE_NONE, 1, true },
  { DNS_AUTHENTIC, DNS_TYPE_TXT, 0, DNS_ANSWER, DNS_FAILURE_NONE, 1, true },
  { DNS_SAYS_NXDOMAIN, DNS_TYPE_TXT, 0, DNS_NXDOMAIN, DNS_FAILURE_NONE, 0, true },
  { DNS_SAYS_NODATA, DNS_TYPE_TXT, 0, DNS_NODATA, DNS_FAILURE_NONE, 0, true },
  { DNS_SAYS_SERVFAIL, DNS_TYPE_TXT, 0, DNS_FAILED, DNS_FAILURE_SERVFAIL, 0, true },
  { DNS_SAYS_SERVFAIL, DNS_TYPE_TXT, DNS_ASK_CD, DNS_FAILED, DNS_FAILURE_SERVFAIL, 0, true },
  { DNS_SAYS_REFUSED, DNS_TYPE_TXT, 0, DNS_FAILED, DNS_FAILURE_REFUSED, 0, true },
  { DNS_SAYS_NOTIMP, DNS_TYPE_TXT, 0, DNS_FAILED, DNS_FAILURE_NOTIMP, 0, true },
  { DNS_SAYS_FORMERR, DNS_TYPE_TXT, 0, DNS_FAILED, DNS_FAILURE_FORMERR, 0, true },
  { DNS_SILENT, DNS_TYPE_TXT, 0, DNS_FAILED, DNS_FAILURE_TIMEOUT, 0, false },
  { DNS_GARBAGE, DNS_TYPE_TXT, 0, DNS_FAILED, DNS_FAILURE_TIMEOUT, 0, false },
  { DNS_WRONG_ID, DNS_TYPE_TXT, 0, DNS_FAILED, DNS_FAILURE_TIMEOUT, 0, false },
  { DNS_OTHER_QUESTION, DNS_TYPE_TXT, 0, DNS_FAILED, DNS_FAILURE_TIMEOUT, 0, false },
  { DNS_WRONG_ID_FIRST, DNS_TYPE_TXT, 0, DNS_ANSWER, DNS_FAILURE_NONE, 1, true },
  { DNS_OTHER_QUESTION_FIRST, DNS_TYPE_TXT, 0, DNS_ANSWER, DNS_FAILURE_NONE, 1, true },
  { DNS_BROKEN, DNS_TYPE_TXT, 0, DNS_FAILED, DNS_FAILURE_MALFORMED, 0, true },
  { DNS_ECHO, DNS_TYPE_TXT, 0, DNS_FAILED, DNS_FAILURE_MALFORMED, 0, true },
  { DNS_POINTER_LOOP, DNS_TYPE_TXT, 0, DNS_FAILED, DNS_FAILURE_MALFORMED, 0, true },
  { DNS_CNAME_LOOP, DNS_TYPE_TXT, 0, DNS_FAILED, DNS_FAILURE_CNAME_LOOP, 0, true },
  { DNS_CNAME_CHAIN, DNS_TYPE_TXT, 0, DNS_ANSWER, DNS_FAILURE_NONE, 1, true },
  { DNS_CNAME_ALONE, DNS_TYPE_TXT, 0, DNS_NODATA, DNS_FAILURE_NONE, 0, true },
  { DNS_TRUNCATES, DNS_TYPE_TXT, 0, DNS_ANSWER, DNS_FAILURE_NONE, 1, true },
  { DNS_TRUNCATES, DNS_TYPE_TXT, DNS_ASK_UDP_ONLY, DNS_NODATA, DNS_FAILURE_NONE, 0, true },
  { DNS_TRUNCATES_NO_TCP, DNS_TYPE_TXT, 0, DNS_FAILED, DNS_FAILURE_TRUNCATED, 0, false },
  { DNS_TRUNCATES_SILENT_TCP, DNS_TYPE_TXT, 0, DNS_FAILED, DNS_FAILURE_TRUNCATED, 0, false },
  { DNS_TRUNCATES_DRIPPING_TCP, DNS_TYPE_TXT, 0, DNS_FAILED, DNS_FAILURE_TRUNCATED, 0, false },
  { DNS_TRUNCATES_CUT_TCP, DNS_TYPE_TXT, 0, DNS_FAILED, DNS_FAILURE_TRUNCATED, 0, false },
  { DNS_BIG_TXT, DNS_TYPE_TXT, 0, DNS_ANSWER, DNS_FAILURE_NONE, 1, true },
  { DNS_THOUSAND_MX, DNS_TYPE_MX, 0, DNS_ANSWER, DNS_FAILURE_NONE, 1000, true },
  { DNS_LONG, DNS_TYPE_TXT, 0, DNS_ANSWER, DNS_FAILURE_NONE, 1, true },
  { DNS_LOSES_FIRST, DNS_TYPE_TXT, 0, DNS_ANSWER, DNS_FAILURE_NONE, 1, true },
};

static void check_row(size_t index, const struct row *row, const struct dns_answer *answer, const char *address) {
  if (answer->outcome != row->outcome || answer->failure != row->failure || (answer->outcome == DNS_ANSWER && answer->count != row->count))
    fail_msg("row %zu: outcome %d, %s, %zu records", index, (int)answer->outcome, dns_failure_word(answer->failure), answer->count);
  if (!row->in_time) assert_true(answer->seen.elapsed_ms < SHORT_MS * 2 + 5000);
  assert_string_equal(answer->seen.server, address);
  assert_true(answer->authenticated == (row->behaviour == DNS_AUTHENTIC));
  bool tcp = row->flags & DNS_ASK_TCP || (answer->outcome == DNS_ANSWER && (row->behaviour == DNS_TRUNCATES || row->behaviour == DNS_BIG_TXT || row->behaviour == DNS_THOUSAND_MX));
  assert_true(answer->tcp == tcp);
  if (row->behaviour == DNS_BIG_TXT) assert_int_equal(answer->records[0].txt.length, 65000);
  if (row->behaviour == DNS_LONG) assert_int_equal(answer->records[0].txt.length, 900);
  if (row->behaviour == DNS_CNAME_CHAIN) assert_int_equal(answer->links, 2);
}

static void ask_row(size_t index, bool direct) {
  const struct row *row = &rows[index];
  struct dns_server *server = dns_server_start(row->behaviour, false);
  struct asking asking;
  struct question question = question_of(direct ? dns_server_address(server) : "", "a.example", row->type, row->flags);
  begin(&asking, direct ? "127.0.0.1:1" : dns_server_address(server), row->in_time ? LONG_MS : SHORT_MS);
  put(&asking, &question);
  assert_int_equal(asking.got, 0); /* never from inside the asking */
  wait_all(&asking);
  check_row(index, row, asking.answers[0], dns_server_address(server));
  end(&asking);
  dns_server_stop(server);
}

static void test_behaviours(void **state) {
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) ask_row(i, false);
}

static void test_one_server(void **state) {
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (rows[i].behaviour != DNS_CNAME_ALONE) ask_row(i, true);
}

static void test_refused_port(void **state) {
  (void)state;
  struct asking asking;
  struct question question = question_of("", "a.example", DNS_TYPE_TXT, 0);
  begin(&asking, "127.0.0.1:1", SHORT_MS);
  put(&asking, &question);
  wait_all(&asking);
  assert_int_equal(asking.answers[0]->outcome, DNS_FAILED);
  assert_int_equal(asking.answers[0]->failure, DNS_FAILURE_UNREACHABLE);
  end(&asking);
}

static void test_ipv6(void **state) {
  (void)state;
  struct dns_server *server = dns_server_start(DNS_GOOD, true);
  if (!server) skip();
  struct asking asking;
  struct question question = question_of("", "a.example", DNS_TYPE_TXT, 0);
  begin(&asking, dns_server_address(server), LONG_MS);
  put(&asking, &question);
  wait_all(&asking);
  assert_int_equal(asking.answers[0]->outcome, DNS_ANSWER);
  assert_string_equal(asking.answers[0]->seen.server, dns_server_address(server));
  end(&asking);
  dns_server_stop(server);
}

static void test_bad_names(void **state) {
  (void)state;
  struct asking asking;
  char label[80];
  memset(label, 'a', sizeof label - 1);
  label[sizeof label - 1] = '\0';
  struct question questions[] = { question_of("", label, DNS_TYPE_TXT, 0), question_of("", "a..example", DNS_TYPE_TXT, 0), question_of("no address", "a.example", DNS_TYPE_TXT, 0) };
  begin(&asking, "127.0.0.1:1", SHORT_MS);
  for (size_t i = 0; i < MEM_COUNT(questions); i++) put(&asking, &questions[i]);
  wait_all(&asking);
  for (size_t i = 0; i < MEM_COUNT(questions); i++) assert_int_equal(asking.answers[i]->outcome, DNS_FAILED);
  end(&asking);
}

/* ---- EDNS ---- */

/* A server that does not know EDNS makes the library give it up for the whole channel, which then cuts long answers: nobody may notice. */
static void test_no_edns(void **state) {
  (void)state;
  struct dns_server *server = dns_server_start(DNS_NO_EDNS, false);
  struct asking asking;
  struct question questions[20];
  char names[20][40];
  begin(&asking, dns_server_address(server), LONG_MS);
  for (size_t i = 0; i < MEM_COUNT(questions); i++) {
    snprintf(names[i], sizeof names[i], "n%zu.example", i);
    questions[i] = question_of("", names[i], DNS_TYPE_TXT, 0);
    put(&asking, &questions[i]);
    if (i % 4 == 3) wait_all(&asking);
  }
  wait_all(&asking);
  for (size_t i = 0; i < MEM_COUNT(questions); i++) {
    assert_int_equal(asking.answers[i]->outcome, DNS_ANSWER);
    assert_int_equal(asking.answers[i]->records[0].txt.length, 400);
    assert_false(asking.answers[i]->edns);
  }
  end(&asking);
  dns_server_stop(server);
}

/* ---- several resolvers ---- */

static struct dns_answer *ask_two(enum dns_behaviour first, enum dns_behaviour second, uint32_t timeout_ms, struct asking *asking, char names[2][64]) {
  struct dns_server *a = dns_server_start(first, false), *b = dns_server_start(second, false);
  static struct question question;
  char both[140];
  question = question_of("", "a.example", DNS_TYPE_TXT, 0);
  snprintf(names[0], 64, "%s", dns_server_address(a));
  snprintf(names[1], 64, "%s", dns_server_address(b));
  snprintf(both, sizeof both, "%s,%s", names[0], names[1]);
  begin(asking, both, timeout_ms);
  put(asking, &question);
  wait_all(asking);
  put(asking, &question);
  wait_all(asking);
  dns_observer_free(&asking->observer);
  uv_run(&asking->loop, UV_RUN_DEFAULT);
  dns_server_stop(a);
  dns_server_stop(b);
  return asking->answers[0];
}

static void test_second_resolver_knows(void **state) {
  (void)state;
  static const enum dns_behaviour first[] = { DNS_SAYS_SERVFAIL, DNS_SAYS_REFUSED, DNS_BROKEN, DNS_TRUNCATES_NO_TCP, DNS_SILENT };
  for (size_t i = 0; i < MEM_COUNT(first); i++) {
    struct asking asking;
    char names[2][64];
    const struct dns_answer *answer = ask_two(first[i], DNS_GOOD, first[i] == DNS_SILENT ? 4000 : LONG_MS, &asking, names);
    assert_int_equal(answer->outcome, DNS_ANSWER);
    assert_string_equal(answer->seen.server, names[1]);
    assert_int_equal(asking.answers[1]->outcome, DNS_ANSWER); /* the one that knows is asked first from now on */
    if (first[i] == DNS_SILENT) assert_true(asking.answers[1]->seen.elapsed_ms < answer->seen.elapsed_ms);
    end(&asking);
  }
}

static void test_no_resolver_knows(void **state) {
  (void)state;
  struct asking asking;
  char names[2][64], said[200];
  const struct dns_answer *answer = ask_two(DNS_SAYS_SERVFAIL, DNS_SAYS_REFUSED, LONG_MS, &asking, names);
  snprintf(said, sizeof said, "%s (SERVFAIL), %s", names[0], names[1]);
  assert_int_equal(answer->outcome, DNS_FAILED);
  assert_int_equal(answer->failure, DNS_FAILURE_REFUSED);
  assert_string_equal(answer->seen.server, said);
  end(&asking);
}

/* What exists does not turn into "could not look", nor what is missing into an answer, because another resolver says otherwise. */
static void test_denial_is_an_answer(void **state) {
  (void)state;
  struct asking asking;
  char names[2][64];
  const struct dns_answer *answer = ask_two(DNS_SAYS_NXDOMAIN, DNS_GOOD, LONG_MS, &asking, names);
  assert_int_equal(answer->outcome, DNS_NXDOMAIN);
  assert_string_equal(answer->seen.server, names[0]);
  end(&asking);
}

/* ---- many ---- */

static void ask_many(enum dns_behaviour behaviour, size_t count, uint32_t timeout_ms, enum dns_outcome outcome) {
  struct dns_server *server = dns_server_start(behaviour, false);
  struct asking asking;
  static struct question questions[MOST_ASKED];
  static char names[MOST_ASKED][40];
  begin(&asking, dns_server_address(server), timeout_ms);
  dns_observer_be_patient(asking.observer);
  for (size_t i = 0; i < count; i++) {
    snprintf(names[i], sizeof names[i], "n%zu.example", i);
    questions[i] = question_of("", names[i], DNS_TYPE_TXT, 0);
    put(&asking, &questions[i]);
  }
  wait_all(&asking);
  for (size_t i = 0; i < count; i++) assert_int_equal(asking.answers[i]->outcome, outcome);
  end(&asking);
  dns_server_stop(server);
}

static void test_rate_limit(void **state) {
  (void)state;
  ask_many(DNS_LIMITED, MOST_ASKED, 2000, DNS_ANSWER);
  ask_many(DNS_LIMITED_REFUSED, MOST_ASKED, LONG_MS, DNS_ANSWER);
}

static void test_loss(void **state) {
  (void)state;
  ask_many(DNS_LOSES_FIRST, 60, LONG_MS / 10, DNS_ANSWER);
}

/* What is refused for good is so after a few rests, and then it could not be looked up. */
static void test_refused_for_good(void **state) {
  (void)state;
  ask_many(DNS_SAYS_REFUSED, 20, LONG_MS, DNS_FAILED);
  ask_many(DNS_SAYS_SERVFAIL, 20, LONG_MS, DNS_FAILED);
}

/* Dropped while questions are under way: no call, no leak. */
static void test_free_early(void **state) {
  (void)state;
  struct dns_server *server = dns_server_start(DNS_SILENT, false);
  struct asking asking;
  struct question questions[] = { question_of("", "a.example", DNS_TYPE_TXT, 0), question_of("", "a.example", DNS_TYPE_MX, DNS_ASK_TCP),
                                  question_of(dns_server_address(server), "a.example", DNS_TYPE_A, 0) };
  begin(&asking, dns_server_address(server), LONG_MS);
  for (size_t i = 0; i < MEM_COUNT(questions); i++) put(&asking, &questions[i]);
  while (dns_server_asked(server) < 2) uv_run(&asking.loop, UV_RUN_ONCE);
  end(&asking);
  assert_int_equal(asking.got, 0);
  dns_server_stop(server);
}

/* ---- the window ---- */

static void test_window(void **state) {
  (void)state;
  struct dns_window window;
  dns_window_init(&window);
  size_t first = window.room;
  for (size_t i = 0; i < 100; i++) dns_window_answered(&window, 1000, 0);
  assert_int_equal(window.room, first + 100); /* fast while answers come at once */
  for (size_t i = 0; i < 50; i++) dns_window_answered(&window, 50000, 0);
  assert_int_equal(window.room, first + 100); /* gently when they queue */
  size_t before = window.room;
  dns_window_lost(&window, 1, 10);
  assert_int_equal(window.room, before); /* the burst is not over: nobody knows its share of loss */
  dns_window_lost(&window, 149, 10000); /* as many as were answered */
  assert_int_equal(window.room, before - before / 4);
  before = window.room;
  dns_window_lost(&window, 5, 20000);
  assert_int_equal(window.room, before - before / 2);
  for (int64_t i = 0; i < 100; i++) dns_window_lost(&window, 1, 30000 + i * 1000);
  assert_true(window.room >= 1);
  for (int64_t i = 0; i < 1000000; i++) dns_window_answered(&window, 1000, 200000 + i);
  assert_true(window.room > 1000 && window.room <= 4096);
}

/* One in ten is lost whatever is sent: the window stays wide. Nine in ten: it becomes small. */
static void test_window_random_loss(void **state) {
  (void)state;
  for (unsigned lost = 1; lost <= 9; lost += 8) {
    struct dns_window window;
    dns_window_init(&window);
    for (int64_t now = 0; now < 60000; now++) {
      if (now % 10 < lost) dns_window_lost(&window, 1, now);
      else dns_window_answered(&window, 1000, now);
    }
    assert_true(lost == 1 ? window.room > 50 : window.room < 50);
  }
}

/* A resolver that answers 100 questions a second at once and refuses the rest, for a minute. Returns how many it answered in the last ten seconds. */
static unsigned pace_against(unsigned limit, unsigned *refused) {
  struct dns_pace pace;
  unsigned answered = 0, used = 0;
  dns_pace_init(&pace);
  *refused = 0;
  for (int64_t now = 1; now <= 60000; now++) {
    if (now % 1000 == 0) used = 0;
    for (unsigned i = 0; i < 20 && dns_pace_take(&pace, now); i++) {
      if (used++ < limit) dns_pace_answered(&pace, now);
      else dns_pace_limited(&pace, now, now); /* it is asked again later, and answered */
      answered += now > 50000 && used <= limit;
      *refused += now > 50000 && used > limit;
    }
  }
  return answered;
}

static void test_pace(void **state) {
  (void)state;
  unsigned refused, answered = pace_against(100, &refused);
  if (answered < 700 || refused > 200) fail_msg("%u answered, %u refused", answered, refused);
  answered = pace_against(1000000, &refused);
  assert_int_equal(answered, 10000 * 20); /* no limit: nothing is held back */
  struct dns_pace pace;
  dns_pace_init(&pace);
  assert_false(dns_pace_is_limited(&pace, 0));
  dns_pace_limited(&pace, 5, 10);
  assert_true(dns_pace_is_limited(&pace, 20));
  assert_true(pace.rate > 0);
  uint32_t rate = pace.rate;
  dns_pace_limited(&pace, 8, 2000); /* turned away before the pace was lowered: no news */
  assert_true(pace.rate >= rate);
  for (int64_t now = 10000; now < 200000; now += 100) dns_pace_answered(&pace, now);
  assert_int_equal(pace.rate, 0); /* far above what is wanted: forgotten */
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_behaviours), cmocka_unit_test(test_one_server), cmocka_unit_test(test_refused_port), cmocka_unit_test(test_ipv6),
    cmocka_unit_test(test_bad_names), cmocka_unit_test(test_no_edns), cmocka_unit_test(test_second_resolver_knows), cmocka_unit_test(test_no_resolver_knows),
    cmocka_unit_test(test_denial_is_an_answer), cmocka_unit_test(test_rate_limit), cmocka_unit_test(test_loss), cmocka_unit_test(test_free_early), cmocka_unit_test(test_window),
    cmocka_unit_test(test_window_random_loss), cmocka_unit_test(test_pace), cmocka_unit_test(test_refused_for_good),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
