/* The store as it will be after the changes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/judge/answers.h"
#include "checks/judge/dkim.h"
#include "src/plan/private.h"

static bool is_taken_away(const struct plan_change *change, struct arena *arena, const struct dns_rr *rr) {
  const char *value = plan_value_of(arena, rr);
  for (size_t i = 0; i < change->now_count; i++)
    if (strcmp(change->now[i], value) == 0) return true;
  return false;
}

static void txt_from(struct arena *arena, struct dns_rr *rr, const char *value) {
  size_t length = strlen(value), strings = length ? (length + 254) / 255 : 1;
  uint8_t *lengths = arena_alloc(arena, strings);
  for (size_t i = 0; i < strings; i++) lengths[i] = (uint8_t)(length - i * 255 > 255 ? 255 : length - i * 255);
  rr->txt.bytes = arena_strdup(arena, value);
  rr->txt.length = (uint16_t)length;
  rr->txt.lengths = lengths;
  rr->txt.strings = (uint16_t)strings;
}

/* What stays is copied: the answer that it comes from may be let go. */
static struct dns_rr copy_of(struct arena *arena, const struct dns_rr *from) {
  struct dns_rr rr = { .owner = arena_strdup(arena, from->owner), .type = from->type, .ttl = from->ttl, .data_length = from->data_length,
                       .data = arena_memdup(arena, from->data, from->data_length) };
  dns_rdata_decode(arena, &rr);
  return rr;
}

/* "3 1 1 8d02…" and "12345 13 2 49fd…": numbers of so many octets, then octets in hexadecimal (RFC 6698 section 2.2, RFC 4034 section 5.3). */
static void octets_from(struct dns_rr *rr, struct arena *arena, const char *value, size_t first) {
  struct buf data = BUF_INIT(65535);
  const char *at = value;
  for (size_t field = 0; field < 3; field++) {
    char *end;
    unsigned long number = strtoul(at, &end, 10);
    if (field == 0 && first == 2) buf_char(&data, (char)(number >> 8));
    buf_char(&data, (char)number);
    at = end;
  }
  at += strspn(at, " ");
  for (unsigned octet; at[0] && at[1] && sscanf(at, "%2x", &octet) == 1; at += 2) buf_char(&data, (char)octet);
  rr->data = arena_memdup(arena, buf_string(&data), data.length);
  rr->data_length = (uint16_t)data.length;
  buf_release(&data);
  dns_rdata_decode(arena, rr);
}

static struct dns_rr record_from(struct arena *arena, const struct plan_change *change, const char *value) {
  struct dns_rr rr = { .owner = arena_strdup(arena, change->name), .type = change->type, .ttl = change->ttl };
  struct buf data = BUF_INIT(65535);
  const char *space = strchr(value, ' ');
  switch (change->type) {
  case DNS_TYPE_TXT: txt_from(arena, &rr, value); break;
  case DNS_TYPE_MX:
    rr.mx.preference = (uint16_t)strtoul(value, NULL, 10);
    rr.mx.host = name_lower(arena, space ? space + 1 : "");
    break;
  case DNS_TYPE_A:
  case DNS_TYPE_AAAA: ip_parse(value, &rr.address); break;
  case DNS_TYPE_TLSA: octets_from(&rr, arena, value, 1); return rr;
  case DNS_TYPE_DS: octets_from(&rr, arena, value, 2); return rr;
  default: rr.target = name_lower(arena, value); break;
  }
  if (dns_rdata_encode(&data, &rr)) {
    rr.data = arena_memdup(arena, buf_string(&data), data.length);
    rr.data_length = (uint16_t)data.length;
  }
  buf_release(&data);
  return rr;
}

static void put_after(struct store *overlay, struct dns_answer *after, const struct dns_answer *before, struct dns_rr *records, size_t count) {
  bool empty = before && before->outcome == DNS_NXDOMAIN;
  dns_answer_set(after, count ? DNS_ANSWER : empty ? DNS_NXDOMAIN : DNS_NODATA, records, count);
  after->seen.time = before ? before->seen.time : 0;
  after->seen.server = before ? arena_strdup(after->seen.arena, before->seen.server) : "";
  size_t octets = 12 + strlen(after->seen.question.name) + 6 + 11; /* header, question, EDNS; each record points at the question's name */
  for (size_t i = 0; i < count; i++) octets += 12 + records[i].data_length;
  after->size = (uint16_t)(octets > UINT16_MAX ? UINT16_MAX : octets);
  after->authority = NULL; /* the zone does not change: its SOA still comes with what is not there */
  store_put(overlay, &after->seen);
}

/* What `name` will be answered with: it differs from the change's own name below a wildcard. What came through an alias or from a wildcard
 * is hidden by a record of its own. */
static void apply_at(const struct plan_change *change, const char *name, struct store *overlay) {
  struct question question = { .kind = QUESTION_DNS, .name = name, .server = "", .path = "", .type = change->type };
  const struct dns_answer *before = store_dns(overlay, name, change->type);
  struct dns_answer *after = dns_answer_new(&question);
  struct arena *arena = after->seen.arena;
  struct dns_rr *records = NULL;
  size_t count = 0;
  for (size_t i = 0; before && before->links == 0 && !change->from_wildcard && i < before->count; i++) {
    if (is_taken_away(change, arena, &before->records[i])) continue;
    records = arena_grow(arena, records, count, sizeof *records);
    records[count++] = copy_of(arena, &before->records[i]);
  }
  for (size_t i = 0; i < change->wanted_count; i++) {
    records = arena_grow(arena, records, count, sizeof *records);
    records[count++] = record_from(arena, change, change->wanted[i]);
  }
  put_after(overlay, after, before, records, count);
}

/* A name that gets a record makes the names above it exist (RFC 4592 section 2.2.2, empty non-terminals). */
static void make_parents_exist(const struct plan_change *change, struct store *overlay) {
  for (const char *at = name_parent(change->name); change->wanted_count && *at && strcmp(at, change->zone) != 0; at = name_parent(at)) {
    const struct dns_answer *answer = store_peek_dns(overlay, at, DNS_TYPE_TXT);
    if (!answer || answer->outcome != DNS_NXDOMAIN) continue;
    struct question question = { .kind = QUESTION_DNS, .name = at, .server = "", .path = "", .type = DNS_TYPE_TXT };
    put_after(overlay, dns_answer_new(&question), NULL, NULL, 0);
  }
}

/* With an alias the text is that of its target, which the store follows; without it, none. */
static void apply_alias(const struct plan_change *change, struct store *overlay) {
  struct question question = { .kind = QUESTION_DNS, .name = change->name, .server = "", .path = "", .type = DNS_TYPE_TXT };
  struct dns_answer *after = dns_answer_new(&question);
  dns_answer_set(after, DNS_NODATA, NULL, 0);
  if (change->wanted_count) {
    const struct dns_rr link = record_from(after->seen.arena, change, change->wanted[0]);
    after->chain = arena_memdup(after->seen.arena, &link, sizeof link);
    after->links = 1;
    after->final_name = link.target;
  }
  store_put(overlay, &after->seen);
}

/* ---- wildcards ---- */

struct spread { const struct plan_change *change; struct arena *arena; struct store *overlay; const struct dns_answer *any; const char *parent; const char **names; size_t count; };

/* Notes a name that was answered as the selector that nobody uses was. */
static void note_same(const struct observation *seen, void *context) {
  struct spread *spread = context;
  const struct question *question = &seen->question;
  if (question->kind != QUESTION_DNS || question->type != spread->change->type || *question->server || question->flags) return;
  if (strcmp(name_parent(question->name), spread->parent) != 0 || strcmp(question->name, spread->change->name) == 0) return;
  const struct dns_answer *answer = store_peek_dns(spread->overlay, question->name, question->type);
  if (!answer || (!answer->count && !answer->links) || !answers_same(spread->arena, answer, spread->any)) return;
  spread->names = arena_grow(spread->arena, spread->names, spread->count, sizeof *spread->names);
  spread->names[spread->count++] = question->name;
}

/* A wildcard answers for the selector that nobody uses, which is how it is seen, and for all others without a record of their own. */
static void apply_wildcard(const struct plan_change *change, struct store *overlay) {
  struct arena *arena = arena_new();
  const char *parent = change->name + 2, *unused = name_join(arena, unused_label(arena, name_parent(parent)), parent);
  struct spread spread = { .change = change, .arena = arena, .overlay = overlay, .any = store_peek_dns(overlay, unused, change->type), .parent = parent };
  if (spread.any && (spread.any->count || spread.any->links)) store_visit_below(overlay, note_same, &spread);
  apply_at(change, unused, overlay);
  for (size_t i = 0; i < spread.count; i++) apply_at(change, spread.names[i], overlay);
  arena_free(&arena);
}

/* Where a selector's own record goes, the wildcard beside it answers. */
static void uncover_wildcard(const struct plan_change *change, struct store *overlay) {
  const char *parent = name_parent(change->name), *domain = name_parent(parent);
  const struct dns_answer *own = store_peek_dns(overlay, change->name, DNS_TYPE_TXT);
  if (change->action != PLAN_REMOVE || strncmp(parent, "_domainkey.", 11) != 0 || !own || own->count || own->links) return;
  struct question question = { .kind = QUESTION_DNS, .name = change->name, .server = "", .path = "", .type = DNS_TYPE_TXT };
  struct dns_answer *after = dns_answer_new(&question);
  const struct dns_answer *any = store_peek_dns(overlay, name_join(after->seen.arena, unused_label(after->seen.arena, domain), parent), DNS_TYPE_TXT);
  struct dns_rr *records = ARENA_ARRAY(after->seen.arena, struct dns_rr, any ? any->count : 0);
  for (size_t i = 0; any && i < any->count; i++) records[i] = copy_of(after->seen.arena, &any->records[i]);
  dns_answer_set(after, any ? any->outcome : DNS_NXDOMAIN, records, any ? any->count : 0);
  store_put(overlay, &after->seen);
}

static void apply_one(const struct plan_change *change, struct store *overlay) {
  apply_at(change, change->name, overlay);
  if (change->type == DNS_TYPE_CNAME) apply_alias(change, overlay);
  if (strncmp(change->name, "*._domainkey.", 13) == 0) apply_wildcard(change, overlay);
  make_parents_exist(change, overlay);
}

void plan_apply(const struct plan *plan, struct store *overlay) {
  for (size_t i = 0; i < plan->change_count; i++)
    if (!plan->changes[i].left_out) apply_one(&plan->changes[i], overlay);
  for (size_t i = 0; i < plan->change_count; i++)
    if (!plan->changes[i].left_out) uncover_wildcard(&plan->changes[i], overlay);
}
