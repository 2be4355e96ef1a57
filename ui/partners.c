#include "ui/partners.h"

#include <string.h>

#include "src/base/lib.h"
#include "ui/live.h"

static struct partner_result result_from(struct arena *arena, const json_t *json) {
  return (struct partner_result){
    .domain = text_safe_string(arena, json_text(json, "domain", "")), .no_mail = json_flag(json, "no-mail", false), .gsi = json_flag(json, "gsi", false), .needs_exception = json_flag(json, "needs-exception", false),
    .unknown = json_flag(json, "unknown", false), .valid_certificate = json_flag(json, "valid-certificate", false), .host = text_safe_string(arena, json_text(json, "host", "")),
    .reason = text_safe_string(arena, json_text(json, "reason", "")),
  };
}

size_t partners_results(struct wizard *wizard, struct arena *arena, struct partner_result **out) {
  const json_t *all = casefile_partners(wizard->casefile);
  size_t count = json_array_size(all);
  *out = ARENA_ARRAY(arena, struct partner_result, count + 1);
  for (size_t i = 0; i < count; i++) {
    const json_t *one = json_array_get(all, i), *hosts = json_object_get(one, "hosts");
    const char **names = ARENA_ARRAY(arena, const char *, json_array_size(hosts) + 1);
    (*out)[i] = result_from(arena, one);
    for (size_t n = 0; n < json_array_size(hosts); n++) names[n] = text_safe_string(arena, json_string_value(json_array_get(hosts, n)) ? json_string_value(json_array_get(hosts, n)) : "");
    (*out)[i].hosts = names;
    (*out)[i].host_count = json_array_size(hosts);
  }
  return count;
}

json_t *partners_json(const struct partner_result *results, size_t count, int64_t when) {
  json_t *all = json_array();
  for (size_t i = 0; i < count; i++) {
    const struct partner_result *one = &results[i];
    json_t *hosts = json_array();
    for (size_t n = 0; n < one->host_count; n++) json_array_append_new(hosts, json_string(one->hosts[n]));
    json_array_append_new(all, json_pack("{s:s, s:b, s:b, s:b, s:b, s:b, s:s, s:s, s:I, s:o}", "domain", one->domain, "no-mail", one->no_mail, "gsi", one->gsi, "needs-exception", one->needs_exception, "unknown",
                                         one->unknown, "valid-certificate", one->valid_certificate, "host", one->host, "reason", one->reason, "when", (json_int_t)when, "hosts", hosts));
  }
  return all;
}

int64_t partners_tested_at(struct wizard *wizard) { return json_number(json_array_get(casefile_partners(wizard->casefile), 0), "when", 0); }

const char *partners_list(struct wizard *wizard, struct arena *arena, const char *system, enum partner_list_kind kind) {
  struct buf out = BUF_INIT(1 << 20);
  struct partner_result *results;
  size_t count = partners_results(wizard, arena, &results);
  if (!count) return NULL;
  bool known = partners_write_list(&out, system, kind, results, count);
  for (size_t i = 0; !known && i < count; i++)
    if (kind == PARTNERS_EXCEPTIONS ? partner_is_exception(&results[i]) : results[i].valid_certificate) buf_printf(&out, "%s\n", results[i].domain);
  const char *text = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

const char *partners_reason(struct wizard *wizard, struct arena *arena, const char *domain) {
  struct partner_result *results;
  size_t count = partners_results(wizard, arena, &results);
  for (size_t i = 0; i < count; i++)
    if (strcmp(results[i].domain, domain) == 0) return results[i].reason;
  return "";
}

bool partners_have_to_be_told(struct wizard *wizard) {
  static const char *const rules[] = { "smtp-starttls-not-offered", "smtp-starttls-refused", "smtp-starttls-broken", "tls-opportunistic-off", "tls-version-too-old" };
  const struct verdict *verdict = live_verdict(wizard);
  for (size_t i = 0; verdict && i < MEM_COUNT(rules); i++)
    if (verdict_find(verdict, rules[i], NULL)) return true;
  return false;
}
