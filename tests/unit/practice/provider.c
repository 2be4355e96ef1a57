#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/mem.h"
#include "src/practice/answer.h"
#include "src/practice/lib.h"
#include "src/practice/provider.h"

/* The practice provider, against the servers' own answers. */

static const char world[] =
  "zone z.example serial=7\nserver ns1.z.example 127.0.8.5\nserver ns2.z.example 127.0.8.6\n"
  "dns z.example TXT other\ndns z.example TXT \"v=spf1 -all\"\ndns old.z.example TXT gone\ndns z.example MX 10 m.z.example\ndns 9.0.0.127.in-addr.arpa PTR wrong.example\n";

static json_t *request_of(const char *changes) {
  struct fault fault = { "" };
  char *text = mem_printf("{\"changes\":[%s]}", changes);
  json_t *request = json_parse(text, strlen(text), &fault);
  if (!request) fail_msg("%s", fault.text);
  free(text);
  return request;
}

static struct scenario *read_world(void) {
  struct fault fault = { "" };
  struct scenario *scenario = scenario_read(world, sizeof world - 1, &fault);
  assert_non_null(scenario);
  return scenario;
}

/* All texts of one name at one server, parted by |; the rcode before them when it is not 0. */
static const char *texts(struct arena *arena, const struct scenario *scenario, const char *server, const char *name) {
  struct buf wire = BUF_INIT(1024), out = BUF_INIT(65535), shown = BUF_INIT(4096);
  struct dns_query query = { .id = 1, .name = name, .type = DNS_TYPE_TXT };
  struct dns_message message;
  struct ip address = { .family = 0 };
  bool resolver = strcmp(server, "resolver") == 0;
  assert_true(ip_parse(resolver ? "127.0.0.1" : server, &address) && dns_write_query(&wire, &query));
  assert_true(answer_query(scenario, &address, resolver, true, (const uint8_t *)wire.data, wire.length, &out).send);
  assert_true(dns_parse(arena, (const uint8_t *)out.data, out.length, &message));
  if (message.rcode) buf_printf(&shown, "rcode %u", message.rcode);
  for (size_t i = 0; i < message.answers; i++) buf_printf(&shown, "%s%s", shown.length ? "|" : "", message.answer[i].txt.bytes);
  const char *text = arena_strdup(arena, buf_string(&shown));
  buf_release(&wire);
  buf_release(&out);
  buf_release(&shown);
  return text;
}

#define CHANGE_SPF "{\"action\":\"replace\",\"zone\":\"z.example\",\"name\":\"z.example\",\"host\":\"@\",\"type\":\"TXT\",\"now\":[\"v=spf1 -all\"],\"wanted\":[\"v=spf1 mx -all\"],\"ttl\":60}"
#define ADD_DMARC "{\"action\":\"add\",\"zone\":\"z.example\",\"name\":\"_dmarc.z.example\",\"host\":\"_dmarc\",\"type\":\"TXT\",\"now\":[],\"wanted\":[\"v=DMARC1; p=reject\"],\"ttl\":60}"
#define REMOVE_OLD "{\"action\":\"remove\",\"zone\":\"z.example\",\"name\":\"old.z.example\",\"host\":\"old\",\"type\":\"TXT\",\"now\":[\"gone\"],\"wanted\":[],\"ttl\":60}"

static void test_publish(void **state) {
  static const struct { const char *change, *slip; bool one_server; const char *name, *first, *second, *resolver; } rows[] = {
    { CHANGE_SPF, NULL, false, "z.example", "other|v=spf1 mx -all", "other|v=spf1 mx -all", "other|v=spf1 mx -all" },
    { CHANGE_SPF, NULL, true, "z.example", "other|v=spf1 mx -all", "other|v=spf1 -all", "other|v=spf1 -all" },
    { ADD_DMARC, NULL, false, "_dmarc.z.example", "v=DMARC1; p=reject", "v=DMARC1; p=reject", "v=DMARC1; p=reject" },
    { REMOVE_OLD, NULL, false, "old.z.example", "rcode 3", "rcode 3", "rcode 3" },
    { REMOVE_OLD, NULL, true, "old.z.example", "", "gone", "gone" },
    { CHANGE_SPF, "second-record", false, "z.example", "other|v=spf1 -all|v=spf1 mx -all", "other|v=spf1 -all|v=spf1 mx -all", "other|v=spf1 -all|v=spf1 mx -all" },
    { ADD_DMARC, "doubled-name", false, "_dmarc.z.example.z.example", "v=DMARC1; p=reject", "v=DMARC1; p=reject", "v=DMARC1; p=reject" },
    { ADD_DMARC, "doubled-name", false, "_dmarc.z.example", "rcode 3", "rcode 3", "rcode 3" },
    { ADD_DMARC, "literal-quotes", false, "_dmarc.z.example", "\"v=DMARC1; p=reject\"", "\"v=DMARC1; p=reject\"", "\"v=DMARC1; p=reject\"" },
    { ADD_DMARC, "backslashes", false, "_dmarc.z.example", "v=DMARC1\\; p=reject", "v=DMARC1\\; p=reject", "v=DMARC1\\; p=reject" },
    { ADD_DMARC, "cut", false, "_dmarc.z.example", "v=DMARC1;", "v=DMARC1;", "v=DMARC1;" },
    { CHANGE_SPF "," ADD_DMARC, "left-out", false, "_dmarc.z.example", "rcode 3", "rcode 3", "rcode 3" },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct arena *arena = arena_new();
    struct scenario *scenario = read_world();
    json_t *request = request_of(rows[i].change), *order = provider_order(request, rows[i].slip, 0, rows[i].one_server, NULL);
    assert_non_null(order);
    assert_int_equal(provider_publish(scenario, order), 1);
    assert_string_equal(texts(arena, scenario, "127.0.8.5", rows[i].name), rows[i].first);
    assert_string_equal(texts(arena, scenario, "127.0.8.6", rows[i].name), rows[i].second);
    assert_string_equal(texts(arena, scenario, "resolver", rows[i].name), rows[i].resolver);
    assert_int_equal(scenario->zones[0].servers[0].serial, 8);
    assert_int_equal(scenario->zones[0].servers[1].serial, rows[i].one_server ? 7 : 8);
    json_decref(order);
    json_decref(request);
    scenario_free(&scenario);
    arena_free(&arena);
  }
}

/* One server first, the rest later: in the end all agree, serial numbers too. */
static void test_catches_up(void **state) {
  struct arena *arena = arena_new();
  struct scenario *scenario = read_world();
  json_t *request = request_of(CHANGE_SPF "," REMOVE_OLD);
  (void)state;
  for (int round = 0; round < 2; round++) {
    json_t *order = provider_order(request, NULL, 0, round == 0, NULL);
    assert_int_equal(provider_publish(scenario, order), 2);
    json_decref(order);
  }
  static const char *const servers[] = { "resolver", "127.0.8.5", "127.0.8.6" };
  for (size_t i = 0; i < MEM_COUNT(servers); i++) {
    assert_string_equal(texts(arena, scenario, servers[i], "z.example"), "other|v=spf1 mx -all");
    assert_string_equal(texts(arena, scenario, servers[i], "old.z.example"), "rcode 3");
  }
  assert_int_equal(scenario->zones[0].servers[0].serial, scenario->zones[0].servers[1].serial);
  json_decref(request);
  scenario_free(&scenario);
  arena_free(&arena);
}

static void test_other_types(void **state) {
  struct scenario *scenario = read_world();
  json_t *request = request_of("{\"name\":\"z.example\",\"type\":\"MX\",\"now\":[\"10 m.z.example.\"],\"wanted\":[\"0 .\"]},"
                               "{\"name\":\"9.0.0.127.in-addr.arpa\",\"type\":\"PTR\",\"now\":[\"wrong.example.\"],\"wanted\":[\"right.example.\"]},"
                               "{\"name\":\"z.example\",\"type\":\"A\",\"now\":[],\"wanted\":[\"no address\"]},"
                               "{\"name\":\"\",\"type\":\"A\"},{\"name\":\"z.example\",\"type\":\"WHAT\"},7");
  json_t *order = provider_order(request, NULL, 0, false, NULL);
  (void)state;
  assert_int_equal(provider_publish(scenario, order), 3);
  const struct node *node = scenario_node(scenario, "9.0.0.127.in-addr.arpa");
  assert_string_equal(node->records->rr.target, "right.example");
  assert_null(node->records->next);
  size_t found = 0;
  for (const struct record *record = scenario_node(scenario, "z.example")->records; record; record = record->next) {
    assert_int_not_equal(record->rr.type, DNS_TYPE_A);
    if (record->rr.type != DNS_TYPE_MX) continue;
    assert_string_equal(record->rr.mx.host, "");
    found++;
  }
  assert_int_equal(found, 1);
  json_decref(order);
  json_decref(request);
  scenario_free(&scenario);
}

static void test_refused_orders(void **state) {
  struct fault fault = { "" };
  json_t *request = request_of(ADD_DMARC), *none = json_object();
  (void)state;
  assert_null(provider_order(request, "unheard-of", 0, false, &fault));
  assert_non_null(strstr(fault.text, "unheard-of"));
  assert_null(provider_order(none, NULL, 0, false, &fault));
  for (size_t i = 0; provider_slip_at(i).name; i++) {
    json_t *order = provider_order(request, provider_slip_at(i).name, 0, false, &fault);
    assert_non_null(order);
    json_decref(order);
  }
  json_decref(none);
  json_decref(request);
}

/* Over the socket of a running estate. */
static void test_send(void **state) {
  struct fault fault = { "" };
  size_t count = 0;
  (void)state;
  struct estate *estate = estate_start(read_world(), &fault);
  if (!estate) fail_msg("%s", fault.text);
  json_t *ports = estate_json(estate), *request = request_of(ADD_DMARC), *order = provider_order(request, NULL, 0, false, &fault), *wrong = json_object();
  char *path = mem_strdup(json_text(ports, "provider", ""));
  assert_true(provider_send(path, order, &count, &fault));
  assert_int_equal(count, 1);
  assert_false(provider_send(path, wrong, &count, &fault));
  estate_stop(&estate);
  assert_false(provider_send(path, order, &count, &fault));
  assert_int_not_equal(access(path, F_OK), 0);
  free(path);
  json_decref(wrong);
  json_decref(order);
  json_decref(request);
  json_decref(ports);
}

/* A mistake is corrected, and made again, and corrected: nothing of it stays, and what was there before the first is gone as asked. */
static void test_take_back(void **state) {
  static const struct { const char *slip, *name, *shown; } rows[] = {
    { "literal-quotes", "z.example", "other|\"v=spf1 mx -all\"" }, { NULL, "z.example", "other|v=spf1 mx -all" }, { "second-record", "z.example", "other|v=spf1 -all|v=spf1 mx -all" },
    { "doubled-name", "_dmarc.z.example.z.example", "v=DMARC1; p=reject" }, { NULL, "_dmarc.z.example.z.example", "rcode 3" }, { NULL, "_dmarc.z.example", "v=DMARC1; p=reject" }, { NULL, "z.example", "other|v=spf1 mx -all" },
  };
  struct scenario *scenario = read_world();
  json_t *request = request_of(CHANGE_SPF "," ADD_DMARC), *before = NULL;
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct arena *arena = arena_new();
    json_t *order = provider_order(request, rows[i].slip, 0, false, NULL);
    if (before) provider_take_back_first(order, before);
    provider_publish(scenario, order);
    assert_string_equal(texts(arena, scenario, "resolver", rows[i].name), rows[i].shown);
    json_decref(before);
    before = order;
    arena_free(&arena);
  }
  json_decref(before);
  json_decref(request);
  scenario_free(&scenario);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_publish), cmocka_unit_test(test_take_back), cmocka_unit_test(test_catches_up), cmocka_unit_test(test_other_types), cmocka_unit_test(test_refused_orders), cmocka_unit_test(test_send),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
