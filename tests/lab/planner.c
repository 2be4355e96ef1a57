/* For the round trip of the lab: plans generated domains against real servers, in one process.
 *
 *   planner write FOLDER FIRST COUNT           writes what the domains publish, what they rely on, and their reverse names
 *   planner trip FOLDER FIRST COUNT ADDR PORT  examines and plans each, writes NAME.nsupdate, NAME.zone and NAME.wanted of its request, and says
 *                                              "asked"; when a line comes on standard input, looks again: a line for each thing that is wrong,
 *                                              then "done" with counts
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/examine.h"
#include "src/base/lib.h"
#include "src/request/lib.h"
#include "tests/support/domains.h"

enum { TOPICS = 1u << TOPIC_NS | 1u << TOPIC_MX | 1u << TOPIC_ADDRESS | 1u << TOPIC_SPF | 1u << TOPIC_DMARC | 1u << TOPIC_TLSRPT | 1u << TOPIC_DKIM | 1u << TOPIC_MTASTS | 1u << TOPIC_GSI };

static void write_text(const char *path, const struct buf *text) {
  FILE *file = fopen(path, "w");
  if (!file || fwrite(buf_string(text), 1, text->length, file) != text->length || fclose(file) != 0) {
    perror(path);
    exit(2);
  }
}

static char *path_of(struct arena *arena, const char *folder, const char *name, const char *suffix) { return arena_printf(arena, "%s/%s%s", folder, name, suffix); }

/* ---- write ---- */

static void write_outside(struct arena *arena, const char *folder) {
  static const char *const zones[] = { "good.example", "elsewhere.example", "gov.uk", "113.0.203.in-addr.arpa" };
  for (size_t z = 0; z < MEM_COUNT(zones); z++) {
    struct buf out = BUF_INIT(1 << 20);
    for (size_t i = 0; domain_outside(i); i++) {
      const char *line = domain_outside(i);
      const char *name = arena_strndup(arena, line, strcspn(line, " "));
      if (name_is_under(name, zones[z])) buf_printf(&out, "%s\n", domain_master_line(arena, line));
    }
    write_text(path_of(arena, folder, zones[z], ".outside"), &out);
    buf_release(&out);
  }
}

static void write_domains(struct arena *arena, const char *folder, unsigned long first, unsigned long count) {
  struct buf reverse = BUF_INIT(16 << 20);
  for (unsigned long i = 0; i < count; i++) {
    struct generated_domain domain;
    struct buf out = BUF_INIT(1 << 20);
    struct ip ip;
    char name[80];
    domain_generate(arena, (uint32_t)(first + i), (unsigned)i, &domain);
    for (size_t n = 0; n < domain.line_count; n++) buf_printf(&out, "%s\n", domain_master_line(arena, domain.lines[n]));
    write_text(path_of(arena, folder, domain.name, ".domain"), &out);
    buf_release(&out);
    ip_parse(domain.address, &ip);
    ip_reverse_name(&ip, name);
    if (domain.pointer) buf_printf(&reverse, "%s. 300 IN PTR %s.\n", name, domain.pointer);
  }
  write_text(path_of(arena, folder, "reverse", ".outside"), &reverse);
  buf_release(&reverse);
}

/* ---- examine and plan ---- */

struct look {
  struct arena *arena;
  struct store *store;
  struct examination *examination;
  const struct verdict *verdict;
  struct plan *plan;
  const struct generated_domain *domain;
  const struct plan *asked;   /* of the first look; null in it */
  bool done;
};

struct run { uv_loop_t loop; struct observers *observers; const char *folder; unsigned long first, count, changes, blocked, wrong; };

static void on_examined(struct examination *examination, void *context) {
  (void)examination;
  ((struct look *)context)->done = true;
}

static void on_settled(void *context) { ((struct look *)context)->done = true; }

static void run_plan(struct store *store, void *context) {
  struct look *look = context;
  look->plan = plan_make(look->arena, store, look->verdict, &look->domain->inquiry, &look->domain->options);
  for (size_t i = 0; look->asked && i < look->asked->change_count; i++) store_dns(store, look->asked->changes[i].name, look->asked->changes[i].type);
}

static void look_at(struct run *run, struct look *look) {
  struct examination_events events = { .done = on_examined, .context = look };
  look->arena = arena_new();
  look->store = store_new();
  look->examination = examination_start_with(&run->loop, run->observers, look->store, &look->domain->inquiry, &events);
  while (!look->done && uv_run(&run->loop, UV_RUN_ONCE)) {}
  look->verdict = examination_verdict(look->examination);
  look->done = false;
  struct settlement *settlement = settle_start(&run->loop, run->observers, look->store, run_plan, on_settled, look);
  while (!look->done && uv_run(&run->loop, UV_RUN_ONCE)) {}
  settle_free(&settlement);
}

static void leave(struct look *look) {
  examination_free(&look->examination);
  store_free(&look->store);
  arena_free(&look->arena);
}

/* ---- asking ---- */

static void write_export(struct run *run, struct look *look, const struct request *request, const char *format) {
  struct buf out = BUF_INIT(16 << 20);
  request_format_find(format)->write(request, &out);
  write_text(path_of(look->arena, run->folder, look->domain->name, arena_printf(look->arena, ".%s", format)), &out);
  buf_release(&out);
}

static void put_octets(struct buf *out, const char *text) {
  for (; *text; text++) buf_printf(out, "%02x", (unsigned char)*text);
}

/* "TYPE NAME PROFILE VALUE-IN-HEXADECIMAL" for the independent tools. */
static void write_wanted(struct run *run, struct look *look) {
  struct buf out = BUF_INIT(1 << 20);
  char scratch[16];
  for (size_t i = 0; i < look->plan->change_count; i++)
    for (size_t n = 0; n < look->plan->changes[i].wanted_count; n++) {
      buf_printf(&out, "%s %s %d ", dns_type_name(look->plan->changes[i].type, scratch), look->plan->changes[i].name, (int)look->domain->inquiry.profile);
      put_octets(&out, look->plan->changes[i].wanted[n]);
      buf_char(&out, '\n');
    }
  write_text(path_of(look->arena, run->folder, look->domain->name, ".wanted"), &out);
  buf_release(&out);
}

static void complain(struct run *run, const struct look *look, const char *what, const char *value) {
  run->wrong++;
  printf("wrong seed %lu %s: %s: %s\n", run->first + strtoul(look->domain->name + 1, NULL, 10), look->domain->name, what, text_safe_string(look->arena, value));
}

static void ask(struct run *run, struct look *look) {
  struct request_details details = { .requester = "", .time = (int64_t)1795428000 * 1000, .number = 1, .facts = look->domain->inquiry.facts };
  look_at(run, look);
  run->changes += look->plan->change_count;
  run->blocked += plan_blocked(look->plan);
  for (size_t i = 0; i < look->plan->problem_count; i++)
    if (look->plan->problems[i].severity == SEVERITY_FAIL) complain(run, look, look->plan->problems[i].rule->id, look->plan->problems[i].detail);
  if (!look->plan->change_count || plan_blocked(look->plan)) return;
  struct request request = request_make(look->arena, look->plan, &details);
  write_export(run, look, &request, "nsupdate");
  write_export(run, look, &request, "zone");
  write_wanted(run, look);
}

/* ---- looking again ---- */

static const char *text_of_value(struct arena *arena, const struct dns_rr *rr) {
  char address[IP_TEXT];
  switch (rr->type) {
  case DNS_TYPE_TXT: return rr->txt.bytes;
  case DNS_TYPE_MX: return arena_printf(arena, "%u %s.", rr->mx.preference, rr->mx.host);
  case DNS_TYPE_A:
  case DNS_TYPE_AAAA: ip_format(&rr->address, address); return arena_strdup(arena, address);
  default: return arena_printf(arena, "%s.", rr->target);
  }
}

static bool is_there(struct look *look, const struct dns_answer *answer, const char *name, const char *value) {
  for (size_t i = 0; answer && i < answer->count; i++)
    if (strcmp(answer->records[i].owner, name) == 0 && strcmp(text_of_value(look->arena, &answer->records[i]), value) == 0) return true;
  return false;
}

static bool is_wanted(const struct plan_change *change, const char *value) {
  for (size_t i = 0; i < change->wanted_count; i++)
    if (strcmp(change->wanted[i], value) == 0) return true;
  return false;
}

static void compare_change(struct run *run, struct look *look, const struct plan_change *change) {
  const struct dns_answer *answer = store_dns(look->store, change->name, change->type);
  if (change->name[0] == '*') return; /* seen by the judge through a name that nobody uses */
  for (size_t i = 0; i < change->wanted_count; i++)
    if (!is_there(look, answer, change->name, change->wanted[i])) complain(run, look, "was asked for and is not there", change->wanted[i]);
  bool wildcard = change->action == PLAN_REMOVE && strstr(change->name, "._domainkey."); /* what is below it shows when the record goes */
  for (size_t i = 0; i < change->now_count && !wildcard; i++)
    if (!is_wanted(change, change->now[i]) && is_there(look, answer, change->name, change->now[i])) complain(run, look, "was to go and is still there", change->now[i]);
}

static bool was_seen(const struct verdict *before, const struct finding *finding) {
  bool other_host = finding->topic == TOPIC_ADDRESS;
  for (size_t i = 0; i < before->count; i++) other_host &= strcmp(before->findings[i]->subject, finding->subject) != 0;
  return other_host || verdict_find(before, finding->rule->id, finding->subject);
}

static void compare_findings(struct run *run, const struct look *before, struct look *look) {
  for (size_t i = 0; i < look->verdict->count; i++) {
    const struct finding *finding = look->verdict->findings[i];
    bool servers = strcmp(finding->rule->id, "ns-record-differs") == 0;
    if ((finding->severity == SEVERITY_FAIL || servers) && !was_seen(before->verdict, finding)) complain(run, look, finding->rule->id, finding_detail(look->arena, finding));
  }
  for (size_t c = 0; c < before->plan->change_count; c++)
    for (size_t n = 0; n < before->plan->changes[c].why_count; n++)
      if (verdict_has(look->verdict, before->plan->changes[c].why[n])) complain(run, look, "was a reason, and is still there", before->plan->changes[c].why[n]);
}

static void look_again(struct run *run, const struct look *before) {
  struct look look = { .domain = before->domain, .asked = before->plan };
  bool later = false;
  if (plan_blocked(before->plan)) return;
  look_at(run, &look);
  for (size_t i = 0; i < before->plan->change_count; i++) compare_change(run, &look, &before->plan->changes[i]);
  compare_findings(run, before, &look);
  for (size_t i = 0; i < before->plan->problem_count; i++) later |= strcmp(before->plan->problems[i].rule->id, "plan-dmarc-policy-jump") == 0;
  for (size_t i = 0; i < look.plan->change_count; i++) {
    const struct plan_change *change = &look.plan->changes[i];
    if (later && strncmp(change->name, "_dmarc.", 7) == 0) continue; /* the next step was said to come later */
    complain(run, &look, "asked for again", arena_printf(look.arena, "%s %s %s", plan_action_name(change->action), change->name, change->wanted_count ? change->wanted[0] : change->now[0]));
  }
  leave(&look);
}

/* ---- ---- */

static void trip(struct run *run, const char *address, unsigned port, const struct facts *facts) {
  struct arena *arena = arena_new();
  struct fault fault = { "" };
  struct observe_options options = { .resolvers = arena_printf(arena, "%s:%u", address, port), .dns_port = (uint16_t)port, .timeout_ms = 5000, .no_smtp = true, .no_https = true };
  struct look *looks = ARENA_ARRAY(arena, struct look, run->count);
  struct generated_domain *domains = ARENA_ARRAY(arena, struct generated_domain, run->count);
  char line[16];
  uv_loop_init(&run->loop);
  run->observers = observers_new(&run->loop, &options, &fault);
  if (!run->observers) exit(2);
  for (unsigned long i = 0; i < run->count; i++) {
    domain_generate(arena, (uint32_t)(run->first + i), (unsigned)i, &domains[i]);
    domains[i].inquiry.topics = TOPICS;
    domains[i].inquiry.test_network = true;
    domains[i].inquiry.facts = facts;
    looks[i].domain = &domains[i];
    ask(run, &looks[i]);
  }
  printf("asked\n");
  fflush(stdout);
  if (fgets(line, sizeof line, stdin))
    for (unsigned long i = 0; i < run->count; i++) look_again(run, &looks[i]);
  printf("done domains %lu changes %lu blocked %lu wrong %lu\n", run->count, run->changes, run->blocked, run->wrong);
  for (unsigned long i = 0; i < run->count; i++) leave(&looks[i]);
  observers_free(&run->observers);
  uv_run(&run->loop, UV_RUN_DEFAULT);
  uv_loop_close(&run->loop);
  arena_free(&arena);
}

int main(int count, char **words) {
  struct arena *arena = arena_new();
  struct fault fault = { "" };
  struct run run = { .folder = count > 2 ? words[2] : ".", .first = count > 3 ? strtoul(words[3], NULL, 10) : 1, .count = count > 4 ? strtoul(words[4], NULL, 10) : 1 };
  if (count == 5 && strcmp(words[1], "write") == 0) {
    write_outside(arena, run.folder);
    write_domains(arena, run.folder, run.first, run.count);
  } else if (count == 7 && strcmp(words[1], "trip") == 0) {
    trip(&run, words[5], (unsigned)strtoul(words[6], NULL, 10), facts_load(arena, &fault));
  } else {
    fprintf(stderr, "usage: planner write|trip FOLDER FIRST COUNT [ADDRESS PORT]\n");
  }
  arena_free(&arena);
  return 0;
}
