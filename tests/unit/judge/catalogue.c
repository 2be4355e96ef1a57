/* Every rule that the code names is in the catalogue, which is in order and has words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "checks/catalogue.h"
#include "src/base/lib.h"

static void rows_are_whole(void **state) {
  (void)state;
  assert_true(rule_count() > 300);
  for (size_t i = 0; i < rule_count(); i++) {
    const struct rule *rule = rule_at(i);
    assert_ptr_equal(rule_find(rule->id), rule);
    assert_true(*rule->detail);
    assert_true(*rule->reference);
    if (i && strncmp(rule_at(i - 1)->id, rule->id, 4) == 0 && rule_at(i - 1)->topic == rule->topic) assert_true(strcmp(rule_at(i - 1)->id, rule->id) < 0);
  }
}

/* Rule ids stand as quoted words in the sources of the judges and the plan. */
static void check_source(const char *path) {
  struct fault fault = { "" };
  size_t length;
  static const char *const prefixes[] = { "ns-", "mx-", "address-", "spf-", "dkim-", "dmarc-", "tlsrpt-", "mtasts-", "smtp-", "tls-", "partner-", "dane-", "parked-", "gsi-", "plan-" };
  static const char *const others[] = { "tls-mailbox", "dmarc-mailbox", "mtasts-host-policy", "mtasts-change-policy", "spf-subdomain", "mta-sts", "address-owner", "parked-dkim",
                                       "dkim-compare-target", "dmarc-name-mailbox", "dmarc-report-permission", "dmarc-alias", "spf-ask-service", "spf-list-senders", "spf-alias",
                                       "mtasts-withdraw", "gsi-dkim-signer", "gsi-zone-contact", "gsi-name-server", "gsi-registration", "mx-name-server", "mx-canonical-name" };
  char *text = file_read(path, 1 << 20, &length, &fault);
  assert_non_null(text);
  for (char *at = strchr(text, '"'); at; at = strchr(at + 1, '"')) {
    size_t size = 0;
    while (is_lower(at[1 + size]) || is_digit(at[1 + size]) || at[1 + size] == '-') size++;
    if (at[1 + size] != '"' || size < 5 || at[size] == '-') continue;
    char id[128];
    snprintf(id, sizeof id, "%.*s", (int)size, at + 1);
    bool is_id = false;
    for (size_t i = 0; i < MEM_COUNT(prefixes); i++) is_id |= strncmp(id, prefixes[i], strlen(prefixes[i])) == 0;
    for (size_t i = 0; i < MEM_COUNT(others); i++) is_id &= strcmp(id, others[i]) != 0;
    if (is_id && !rule_find(id)) fail_msg("%s names %s, which is not in the catalogue", path, id);
  }
  free(text);
}

static void named_rules_exist(void **state) {
  (void)state;
  const char *root = getenv("srcdir");
  char command[512], path[512];
  snprintf(command, sizeof command, "ls %s/checks/judge/*.c %s/src/plan/*.c", root ? root : ".", root ? root : ".");
  FILE *list = popen(command, "r");
  size_t count = 0;
  assert_non_null(list);
  while (fgets(path, sizeof path, list)) {
    path[strcspn(path, "\n")] = '\0';
    check_source(path);
    count++;
  }
  pclose(list);
  assert_true(count > 15);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(rows_are_whole), cmocka_unit_test(named_rules_exist) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
