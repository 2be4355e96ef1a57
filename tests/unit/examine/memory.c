#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "checks/examine.h"
#include "tests/support/dns_server.h"

/* A batch has more than a hundred domains open at once, so what one of them holds is what the batch takes. The linker leads each call for memory here. */

enum { DOMAINS = 20, MOST_WHILE_OPEN = 56 * 1024, MOST_WHEN_DONE = 52 * 1024 };

static size_t held, most_held;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *memory);

static void *counted(void *memory) {
  size_t size = memory ? malloc_usable_size(memory) : 0;
  size_t now = __atomic_add_fetch(&held, size, __ATOMIC_RELAXED); /* the name server has a thread of its own */
  if (now > most_held) most_held = now;
  return memory;
}

static void given_back(void *memory) {
  if (memory) __atomic_sub_fetch(&held, malloc_usable_size(memory), __ATOMIC_RELAXED);
}

void *__wrap_malloc(size_t size) { return counted(__real_malloc(size)); }
void *__wrap_calloc(size_t count, size_t size) { return counted(__real_calloc(count, size)); }

void *__wrap_realloc(void *old, size_t size) {
  given_back(old);
  return counted(__real_realloc(old, size));
}

void __wrap_free(void *memory) {
  given_back(memory);
  __real_free(memory);
}

static void on_done(struct examination *examination, void *context) {
  unsigned *finished = context;
  (void)examination;
  ++*finished;
}

/* What all topics of DNS take when every name gives the same answer: the selectors of DKIM are fifty names. */
static void look(enum dns_behaviour behaviour) {
  static const char *const domains[DOMAINS] = { "a.example", "b.example", "c.example", "d.example", "e.example", "f.example", "g.example", "h.example", "i.example", "j.example",
                                                "k.example", "l.example", "m.example", "n.example", "o.example", "p.example", "q.example", "r.example", "s.example", "t.example" };
  struct dns_server *server = dns_server_start(behaviour, false);
  struct observe_options options = { .resolvers = dns_server_address(server), .no_smtp = true, .no_https = true };
  struct examination *examinations[DOMAINS];
  unsigned finished = 0;
  uv_loop_t loop;
  uv_loop_init(&loop);
  struct observers *observers = observers_new(&loop, &options, NULL);
  assert_non_null(observers);
  size_t before = most_held = held;
  for (unsigned i = 0; i < DOMAINS; i++) {
    struct inquiry inquiry = { .domain = domains[i], .topics = (1u << TOPIC_COUNT) - 1 - (1u << TOPIC_NS) - (1u << TOPIC_TLS), .no_smtp = true };
    struct examination_events events = { .done = on_done, .context = &finished };
    examinations[i] = examination_start(&loop, observers, &inquiry, &events);
  }
  while (finished < DOMAINS) uv_run(&loop, UV_RUN_ONCE);
  size_t most = (most_held - before) / DOMAINS, done = (held - before) / DOMAINS;
  print_message("a domain: at most %zu bytes while it is open, %zu when it is done, %u questions\n", most, done, examination_figures(examinations[0]).questions);
  assert_in_range(most, 1, MOST_WHILE_OPEN);
  assert_in_range(done, 1, MOST_WHEN_DONE);
  for (unsigned i = 0; i < DOMAINS; i++) examination_free(&examinations[i]);
  observers_free(&observers);
  uv_run(&loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&loop), 0);
  dns_server_stop(server);
}

static void domain_with_records(void **state) {
  (void)state;
  look(DNS_GOOD);
}

static void domain_without_records(void **state) {
  (void)state;
  look(DNS_SAYS_NODATA);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(domain_with_records), cmocka_unit_test(domain_without_records) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
