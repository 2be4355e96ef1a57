#include "ui/verifies.h"

#include <string.h>

#include "src/base/lib.h"
#include "ui/job.h"

static const char *key_of(struct wizard *wizard, struct arena *arena) { return arena_printf(arena, "verify %s", wizard->domain); }

static void look(struct job *job) {
  const struct verifying *verifying = job->input;
  struct verified *verified = ARENA_NEW(job->arena, struct verified);
  verified->results = ARENA_ARRAY(job->arena, struct verify_result, verifying->requested.count + 1);
  for (size_t i = 0; i < verifying->requested.count; i++) {
    struct judgement judgement = { .store = job->store, .inquiry = &verifying->inquiry, .arena = job->arena, .topic = TOPIC_NS };
    if (verify_change(&judgement, &verifying->requested.changes[i], verifying->requested.due, &verified->results[i])) verified->live += verified->results[i].state == VERIFY_LIVE;
    verified->results[i].change = &verifying->requested.changes[i];
    verified->count++;
  }
  job->result = verified;
}

/* All live, and nothing old in the cache of our own resolver: the steps are completed by examining the domain again. */
static void check_again(struct job *job, const struct verified *verified) {
  struct wizard *wizard = job->wizard;
  const struct verifying *verifying = job->input;
  bool settled = verified->count > 0 && verified->live == verified->count && strcmp(wizard->domain, verifying->inquiry.domain) == 0;
  for (size_t i = 0; i < verified->count; i++) settled = settled && verified->results[i].resolver.says == SAYS_NEW;
  if (settled && !live_running(wizard) && !wizard->options.evidence) live_check(wizard);
}

/* Kept in the case: what waits for DNS is completed by this. */
static void finish(struct job *job) {
  struct fault fault = { "" };
  const struct verifying *verifying = job->input;
  const struct verified *verified = job->result;
  struct casefile_verification seen = { .reference = verifying->requested.reference, .when = job->at, .since = job->at, .live = verified->live, .asked = (unsigned)verified->count };
  json_t *records = json_array();
  for (size_t i = 0; i < verified->count; i++) {
    char scratch[16];
    const struct verify_result *one = &verified->results[i];
    json_array_append_new(records, json_pack("{s:s, s:s, s:s, s:s}", "name", one->change->name, "type", dns_type_name(one->change->type, scratch), "state", verify_state_name(one->state), "slip", slip_name(one->slip)));
  }
  if (!job->wizard->casefile || !casefile_has_domain(job->wizard->casefile, verifying->inquiry.domain)) json_decref(records);
  else if (!casefile_add_verification(job->wizard->casefile, verifying->inquiry.domain, &seen, records, &fault)) wizard_say(job->wizard, "%s", fault.text);
  check_again(job, verified);
}

void verifies_start(struct wizard *wizard) {
  struct fault fault = { "" };
  struct arena *arena = job_arena(wizard);
  struct verifying *verifying = ARENA_NEW(arena, struct verifying);
  const json_t *json = casefile_last_changes(wizard->casefile, wizard->domain);
  if (!json || !requested_read(arena, json, &verifying->requested, &fault)) {
    wizard_say(wizard, "%s", json ? fault.text : _("No change request has been saved for this domain yet"));
    return;
  }
  verifying->inquiry = casefile_inquiry(arena, wizard->casefile, wizard->domain);
  verifying->inquiry.facts = wizard_facts(wizard);
  job_start(wizard, key_of(wizard, arena), look, finish, verifying);
}

const struct job *verifies_job(struct wizard *wizard) {
  struct arena *arena = arena_new_sized(512);
  const struct job *job = job_find(wizard, key_of(wizard, arena));
  arena_free(&arena);
  return job;
}

const struct verified *verifies_done(struct wizard *wizard) {
  const struct job *job = verifies_job(wizard);
  return job && job->done ? job->result : NULL;
}

const char *verifies_last_look(struct arena *arena, const struct casefile_verification *seen, int64_t now) {
  struct text_argument said[] = { { "live", arena_printf(arena, "%u", seen->live) }, { "wrong", arena_printf(arena, "%u", seen->wrong) }, { "all", arena_printf(arena, "%u", seen->asked) }, { "when", words_ago(arena, seen->when, now) } };
  return text_fill(arena, seen->wrong ? _("{live} of {all} records were live when we last looked, {when}, and {wrong} differed from what was asked for.") : _("{live} of {all} records were live when we last looked, {when}."), said, MEM_COUNT(said));
}

const char *verifies_record(struct arena *arena, const struct plan_change *change) {
  char scratch[16];
  return arena_printf(arena, "%s %s", dns_type_name(change->type, scratch), text_safe_string(arena, change->name));
}

const char *verifies_sentence(struct arena *arena, const struct verify_result *result) {
  if (result->state == VERIFY_LIVE) return result->cached_until ? _("Every server gives the new value. Others may use the old one until it leaves their caches.") : _("Every server gives the new value.");
  if (result->slip) return arena_printf(arena, "%s. %s", words_sentence(arena, slip_sentence(result->slip)), slip_remedy(result->slip));
  for (size_t i = 0; i < result->server_count; i++)
    if (result->state == VERIFY_PARTLY && result->servers[i].view.says != SAYS_NEW)
      return words_fill(arena, _("{server} does not give the new value yet, and others do. Ask your DNS provider about it."), "server", result->servers[i].name);
  switch (result->state) {
  case VERIFY_NOT_YET: return _("No server gives it yet. Your DNS provider has to act.");
  case VERIFY_WRONG: return _("What is published differs from what was asked for. Your DNS provider has to correct it.");
  case VERIFY_UNKNOWN: return _("It could not be looked up.");
  case VERIFY_PARTLY:
  case VERIFY_LIVE: break;
  }
  return _("Some servers give the new value.");
}

/* The newest serial that a server gave; false: none gave one. */
static bool newest_serial(const struct verify_result *result, uint32_t *out) {
  bool any = false;
  for (size_t i = 0; i < result->server_count; i++) {
    if (!result->servers[i].has_serial || (any && !verify_serial_newer(result->servers[i].serial, *out))) continue;
    *out = result->servers[i].serial;
    any = true;
  }
  return any;
}

const char *verifies_serials(struct arena *arena, const struct verify_result *result) {
  uint32_t newest = 0;
  const char *behind = "";
  if (!newest_serial(result, &newest)) return "";
  for (size_t i = 0; i < result->server_count; i++) {
    const struct verify_server *server = &result->servers[i];
    if (!server->has_serial || server->serial == newest) continue;
    struct text_argument arguments[] = { { "server", text_safe_string(arena, server->name) }, { "serial", arena_printf(arena, "%u", server->serial) }, { "newest", arena_printf(arena, "%u", newest) } };
    const char *one = text_fill(arena, _("{server} still has serial {serial} of the zone, and the newest is {newest}: it has not taken that over yet."), arguments, 3);
    behind = *behind ? arena_printf(arena, "%s %s", behind, one) : one;
  }
  if (*behind) return behind;
  bool waits = result->state == VERIFY_NOT_YET;
  return words_fill(arena, waits ? _("Every server has serial {serial} of the zone, and the change is not in that version: your DNS provider has not published it.") : _("Every server that told it has serial {serial} of the zone."), "serial", arena_printf(arena, "%u", newest));
}

const char *verifies_caches(struct arena *arena, const struct verify_result *result, int64_t now) {
  int64_t until = result->resolver.says == SAYS_OLD ? result->resolver.time + (int64_t)result->resolver.old_ttl * 1000 : 0;
  uint32_t ttl = 0;
  for (size_t i = 0; i < result->server_count; i++)
    if (result->servers[i].view.old_ttl > ttl && result->servers[i].view.says != SAYS_NEW) ttl = result->servers[i].view.old_ttl;
  if (ttl) return words_fill(arena, _("Caches keep what they have for up to {span}: that long the old value can still be used after every server gives the new one."), "span", words_span(arena, ttl));
  if (until <= now) return result->cached_until && result->cached_until <= now ? _("Caches have let the old value go by now: look again.") : "";
  struct text_argument arguments[] = { { "when", words_time(arena, until, now) }, { "span", words_span(arena, (uint32_t)((until - now + 999) / 1000)) } };
  return text_fill(arena, _("Your resolver keeps the old value until {when}, for another {span}. Other caches are like it."), arguments, 2);
}

struct letter_result *verifies_results(struct wizard *wizard, struct arena *arena, size_t *out_count) {
  const struct verified *verified = verifies_done(wizard);
  struct letter_result *list = ARENA_ARRAY(arena, struct letter_result, (verified ? verified->count : 0) * (VERIFY_SERVERS + 1) + 1);
  *out_count = 0;
  for (size_t i = 0; verified && i < verified->count; i++) {
    const struct verify_result *one = &verified->results[i];
    const char *record = verifies_record(arena, one->change);
    if (one->state == VERIFY_LIVE) continue;
    if (one->slip) list[(*out_count)++] = (struct letter_result){ record, "", verifies_sentence(arena, one) };
    for (size_t n = 0; n < one->server_count; n++)
      if (one->servers[n].view.says != SAYS_NEW) list[(*out_count)++] = (struct letter_result){ record, text_safe_string(arena, one->servers[n].name), verify_says_words(one->servers[n].view.says) };
  }
  return list;
}
