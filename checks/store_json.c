#include <stdlib.h>
#include <string.h>

#include "checks/store.h"
#include "checks/store_private.h"
#include "src/base/clock.h"
#include "src/base/ctype.h"
#include "src/base/intl.h"
#include "src/base/json.h"
#include "src/base/json_read.h"
#include "src/base/mem.h"
#include "src/base/name.h"
#include "src/base/text.h"

/* Evidence: {"observations":[…]}, one object an observation, sorted by question. A DNS answer keeps its records' data as hexadecimal
 * octets, so that it can be judged again exactly; "text" beside it is for people. */

enum { MOST_DATA = 65535, MOST_RECORDS = 4096, MOST_OBSERVATIONS = 20000, LONGEST_SERVER = 512, LONGEST_PATH = 2048, USUAL_RECORD = 320 };
#define LATEST_TIME ((int64_t)253402300799999) /* the end of the year 9999 */

/* ---- small parts ---- */

static json_t *hex(const uint8_t *bytes, size_t length) {
  static const char digits[] = "0123456789abcdef";
  char *text = mem_alloc(length * 2 + 1);
  for (size_t i = 0; i < length; i++) {
    text[i * 2] = digits[bytes[i] >> 4];
    text[i * 2 + 1] = digits[bytes[i] & 15];
  }
  json_t *value = json_stringn(text, length * 2);
  free(text);
  return value;
}

static bool read_hex(struct arena *arena, const struct value *text, const uint8_t **out, uint16_t *out_length) {
  size_t length = value_is(text, VALUE_STRING) ? text->count : 1;
  if (length % 2 || length / 2 > MOST_DATA) return false;
  uint8_t *bytes = arena_alloc(arena, length / 2);
  for (size_t i = 0; i < length / 2; i++) {
    int high = hex_value(text->text[i * 2]), low = hex_value(text->text[i * 2 + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = (uint8_t)(high << 4 | low);
  }
  *out = bytes;
  *out_length = (uint16_t)(length / 2);
  return true;
}

/* A byte string that is a C string; null when it is none. */
static const char *read_c_string(struct arena *arena, const struct value *value) {
  size_t length;
  const char *text = value_bytes(arena, value, &length);
  return text && strlen(text) == length ? text : NULL;
}

/* ---- DNS ---- */

static json_t *record_to_json(const struct dns_rr *rr) {
  char scratch[16];
  json_t *object = json_pack("{s:o, s:s, s:I, s:o}", "owner", json_bytes(rr->owner, strlen(rr->owner)), "type", dns_type_name(rr->type, scratch), "ttl",
                             (json_int_t)rr->ttl, "data", hex(rr->data, rr->data_length));
  if (rr->type == DNS_TYPE_TXT) json_object_set_new(object, "text", json_bytes(rr->txt.bytes, rr->txt.length));
  return object;
}

static void put_records(json_t *object, const char *section, const struct dns_rr *records, size_t count) {
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++) json_array_append_new(array, record_to_json(&records[i]));
  if (count) json_object_set_new(object, section, array);
  else json_decref(array);
}

static uint16_t type_of(const char *name) {
  if (*name != 'T' || !text_starts(name, "TYPE")) return dns_type_from_name(name);
  unsigned value = 0;
  for (const char *at = name + 4; is_digit(*at) && value <= 65535; at++) value = value * 10 + (unsigned)(*at - '0');
  return value <= 65535 ? (uint16_t)value : 0;
}

static bool record_from_json(struct arena *arena, const struct value *object, struct dns_rr *rr) {
  enum { OWNER, TYPE, TTL, DATA, MEMBERS };
  static const char *const keys[] = { [OWNER] = "owner", [TYPE] = "type", [TTL] = "ttl", [DATA] = "data" };
  const struct value *all[MEMBERS];
  value_pick(object, keys, MEMBERS, all);
  int64_t ttl = value_integer(all[TTL], -1);
  rr->owner = read_c_string(arena, all[OWNER]);
  rr->type = type_of(value_string(all[TYPE], ""));
  rr->ttl = ttl < 0 || ttl > INT32_MAX ? 0 : (uint32_t)ttl;
  return rr->owner && strlen(rr->owner) < NAME_TEXT && rr->type && read_hex(arena, all[DATA], &rr->data, &rr->data_length) && dns_rdata_decode(arena, rr);
}

static bool records_from_json(struct arena *arena, const struct value *array, const struct dns_rr **out, size_t *out_count) {
  if (value_count(array) > MOST_RECORDS) return false;
  struct dns_rr *records = ARENA_ARRAY(arena, struct dns_rr, value_count(array)), *next = records;
  VALUE_EACH(object, array)
    if (!record_from_json(arena, object, next++)) return false;
  *out = records;
  *out_count = value_count(array);
  return true;
}

/* What observations of DNS have, in the order in which they are written. */
enum member { M_KIND, M_NAME, M_TIME, M_ELAPSED, M_FROM, M_TYPE, M_PORT, M_SERVER, M_PATH, M_FLAGS, M_FAILURE, M_RCODE, M_EXTENDED, M_SIZE, M_AA, M_TC, M_RA, M_AD, M_TCP, M_EDNS, M_ANSWER, M_AUTHORITY, M_ADDITIONAL, MEMBERS };
static const char *const member_keys[] = {
  [M_KIND] = "kind", [M_NAME] = "name", [M_TIME] = "time_ms", [M_ELAPSED] = "elapsed_ms", [M_FROM] = "from", [M_TYPE] = "type", [M_PORT] = "port", [M_SERVER] = "server",
  [M_PATH] = "path", [M_FLAGS] = "flags", [M_FAILURE] = "failure", [M_RCODE] = "rcode", [M_EXTENDED] = "extended_error", [M_SIZE] = "size", [M_AA] = "aa", [M_TC] = "tc", [M_RA] = "ra", [M_AD] = "ad",
  [M_TCP] = "tcp", [M_EDNS] = "edns", [M_ANSWER] = "answer", [M_AUTHORITY] = "authority", [M_ADDITIONAL] = "additional",
};

static const struct { enum member member; size_t offset; } dns_flags[] = {
  { M_AA, offsetof(struct dns_answer, authoritative) }, { M_TC, offsetof(struct dns_answer, truncated) },
  { M_RA, offsetof(struct dns_answer, recursion_available) }, { M_AD, offsetof(struct dns_answer, authenticated) },
  { M_TCP, offsetof(struct dns_answer, tcp) }, { M_EDNS, offsetof(struct dns_answer, edns) },
};

static void dns_to_json(json_t *object, const struct dns_answer *answer) {
  if (answer->failure != DNS_FAILURE_NONE) json_object_set_new(object, "failure", json_string(dns_failure_word(answer->failure)));
  json_object_set_new(object, "rcode", json_integer(answer->rcode));
  if (answer->extended_error) json_object_set_new(object, member_keys[M_EXTENDED], json_integer(answer->extended_error));
  json_object_set_new(object, "size", json_integer(answer->size));
  for (size_t i = 0; i < MEM_COUNT(dns_flags); i++)
    if (*(const bool *)((const char *)answer + dns_flags[i].offset)) json_object_set_new(object, member_keys[dns_flags[i].member], json_true());
  put_records(object, "answer", answer->all, answer->alls);
  put_records(object, "authority", answer->authority, answer->authorities);
  put_records(object, "additional", answer->additional, answer->additionals);
}

static enum dns_failure failure_of(const char *word) {
  for (unsigned i = DNS_FAILURE_NONE; i < DNS_FAILURE_OTHER; i++)
    if (strcmp(word, dns_failure_word((enum dns_failure)i)) == 0) return (enum dns_failure)i;
  return DNS_FAILURE_OTHER;
}

static struct observation *dns_from_json(const struct question *question, const struct value *const *all) {
  size_t records = value_count(all[M_ANSWER]) + value_count(all[M_AUTHORITY]) + value_count(all[M_ADDITIONAL]);
  struct dns_answer *answer = dns_answer_new_sized(question, records < MOST_RECORDS ? records * USUAL_RECORD : 0);
  struct arena *arena = answer->seen.arena;
  enum dns_failure reason = failure_of(value_string(all[M_FAILURE], "none"));
  answer->rcode = (uint8_t)value_integer(all[M_RCODE], 0);
  answer->extended_error = (uint16_t)value_integer(all[M_EXTENDED], 0);
  answer->size = (uint16_t)value_integer(all[M_SIZE], 0);
  for (size_t i = 0; i < MEM_COUNT(dns_flags); i++) *(bool *)((char *)answer + dns_flags[i].offset) = value_is(all[dns_flags[i].member], VALUE_TRUE);
  if (!records_from_json(arena, all[M_ANSWER], &answer->all, &answer->alls) || !records_from_json(arena, all[M_AUTHORITY], &answer->authority, &answer->authorities) ||
      !records_from_json(arena, all[M_ADDITIONAL], &answer->additional, &answer->additionals)) {
    observation_unref(&answer->seen);
    return NULL;
  }
  dns_answer_settle(answer);
  if (reason != DNS_FAILURE_NONE) dns_answer_fail(answer, reason);
  return &answer->seen;
}

/* ---- any observation ---- */

static const char *const kinds[] = { [QUESTION_DNS] = "dns", [QUESTION_SMTP] = "smtp", [QUESTION_HTTPS] = "https" };

struct writing { json_t *array; };

static void write_one(const struct observation *seen, void *context) {
  const struct writing *writing = context;
  const struct question *question = &seen->question;
  char time[32], scratch[16];
  clock_format_utc(seen->time, time);
  json_t *object = json_pack("{s:s, s:o, s:s, s:I, s:I, s:s}", "kind", kinds[question->kind], "name", json_bytes(question->name, strlen(question->name)),
                             "time", time, "time_ms", (json_int_t)seen->time, "elapsed_ms", (json_int_t)seen->elapsed_ms, "from", seen->server);
  if (question->kind == QUESTION_DNS) json_object_set_new(object, "type", json_string(dns_type_name(question->type, scratch)));
  else if (question->type) json_object_set_new(object, "port", json_integer(question->type));
  if (*question->server) json_object_set_new(object, "server", json_string(question->server));
  if (*question->path) json_object_set_new(object, "path", json_string(question->path));
  if (question->flags) json_object_set_new(object, "flags", json_integer(question->flags));
  switch (question->kind) {
  case QUESTION_DNS: dns_to_json(object, (const struct dns_answer *)(const void *)seen); break;
  case QUESTION_SMTP: smtp_session_to_json(object, (const struct smtp_session *)(const void *)seen); break;
  case QUESTION_HTTPS: https_reply_to_json(object, (const struct https_reply *)(const void *)seen); break;
  }
  json_array_append_new(writing->array, object);
}

json_t *store_to_json(const struct store *store) {
  struct writing writing = { json_array() };
  store_each(store, write_one, &writing);
  return json_pack("{s:i, s:o}", "version", 1, "observations", writing.array);
}

static bool read_question(struct arena *arena, const struct value *const *all, struct question *out) {
  const char *kind = value_string(all[M_KIND], "");
  *out = (struct question){ .name = read_c_string(arena, all[M_NAME]), .server = value_string(all[M_SERVER], ""), .path = value_string(all[M_PATH], "") };
  out->flags = (uint16_t)value_integer(all[M_FLAGS], 0);
  if (!out->name || strlen(out->name) >= NAME_TEXT || strlen(out->server) > LONGEST_SERVER || !text_is_safe(out->server) || strlen(out->path) > LONGEST_PATH) return false;
  for (size_t i = 0; i < MEM_COUNT(kinds); i++) {
    if (strcmp(kind, kinds[i]) != 0) continue;
    out->kind = (enum question_kind)i;
    out->type = i == QUESTION_DNS ? type_of(value_string(all[M_TYPE], "")) : (uint16_t)value_integer(all[M_PORT], 0);
    return i != QUESTION_DNS || out->type;
  }
  return false;
}

static struct observation *read_one(struct arena *scratch, const struct value *object) {
  const struct value *all[MEMBERS];
  struct question question;
  struct observation *seen = NULL;
  arena_clear(scratch);
  value_pick(object, member_keys, MEMBERS, all);
  if (!read_question(scratch, all, &question)) return NULL;
  switch (question.kind) {
  case QUESTION_DNS: seen = dns_from_json(&question, all); break;
  case QUESTION_SMTP: seen = smtp_session_from_json(&question, object); break;
  case QUESTION_HTTPS: seen = https_reply_from_json(&question, object); break;
  }
  if (!seen) return NULL;
  int64_t time = value_integer(all[M_TIME], 0);
  const char *server = value_string(all[M_FROM], "");
  seen->time = time < 0 || time > LATEST_TIME ? 0 : time;
  seen->elapsed_ms = (uint32_t)value_integer(all[M_ELAPSED], 0);
  seen->server = text_safe_string(seen->arena, server);
  return seen;
}

static bool read_all(struct store *store, const struct value *array, struct fault *fault) {
  struct arena *scratch = arena_new();
  const struct value *bad = NULL;
  VALUE_EACH(object, array) {
    struct observation *seen = read_one(scratch, object);
    if (seen) {
      store_put(store, seen);
      continue;
    }
    bad = object;
    break;
  }
  arena_free(&scratch);
  if (bad) fault_set(fault, _("the observation at line %u, column %u cannot be read"), (unsigned)bad->line, (unsigned)bad->column);
  return !bad;
}

bool store_from_json(struct store *store, const struct value *evidence, struct fault *fault) {
  const struct value *array = value_get(evidence, "observations");
  if (value_number(evidence, "version", 0) != 1 || !value_is(array, VALUE_ARRAY)) {
    fault_set(fault, "%s", _("it is not an evidence file of a version that this program knows"));
    return false;
  }
  if (value_count(array) > MOST_OBSERVATIONS) {
    fault_set(fault, _("it holds more than %d observations"), MOST_OBSERVATIONS);
    return false;
  }
  return read_all(store, array, fault);
}
