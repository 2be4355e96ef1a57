#include <stdlib.h>
#include <string.h>

#include "checks/store.h"
#include "checks/store_private.h"
#include "src/base/clock.h"
#include "src/base/ctype.h"
#include "src/base/intl.h"
#include "src/base/json.h"
#include "src/base/mem.h"
#include "src/base/name.h"
#include "src/base/text.h"

/* Evidence: {"observations":[…]}, one object an observation, sorted by question. A DNS answer keeps its records' data as hexadecimal
 * octets, so that it can be judged again exactly; "text" beside it is for people. */

enum { MOST_DATA = 65535, MOST_OBSERVATIONS = 20000, LONGEST_SERVER = 512, LONGEST_PATH = 2048 };
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

static bool read_hex(struct arena *arena, const char *text, const uint8_t **out, uint16_t *out_length) {
  size_t length = strlen(text);
  if (length % 2 || length / 2 > MOST_DATA) return false;
  uint8_t *bytes = arena_alloc(arena, length / 2);
  for (size_t i = 0; i < length / 2; i++) {
    int high = hex_value(text[i * 2]), low = hex_value(text[i * 2 + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = (uint8_t)(high << 4 | low);
  }
  *out = bytes;
  *out_length = (uint16_t)(length / 2);
  return true;
}

/* ---- DNS ---- */

static json_t *record_to_json(const struct dns_rr *rr) {
  char scratch[16];
  json_t *object = json_pack("{s:o, s:s, s:I, s:o}", "owner", json_bytes(rr->owner, strlen(rr->owner)), "type", dns_type_name(rr->type, scratch), "ttl",
                             (json_int_t)rr->ttl, "data", hex(rr->data, rr->data_length));
  if (rr->type == DNS_TYPE_TXT) json_object_set_new(object, "text", json_bytes(rr->txt.bytes, rr->txt.length));
  return object;
}

static json_t *records_to_json(const struct dns_rr *records, size_t count) {
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++)
    json_array_append_new(array, record_to_json(&records[i]));
  return array;
}

static uint16_t type_of(const char *name) {
  if (!text_starts(name, "TYPE")) return dns_type_from_name(name);
  unsigned value = 0;
  for (const char *at = name + 4; is_digit(*at) && value <= 65535; at++) value = value * 10 + (unsigned)(*at - '0');
  return value <= 65535 ? (uint16_t)value : 0;
}

static bool record_from_json(struct arena *arena, const json_t *object, struct dns_rr *rr) {
  struct buf owner = BUF_INIT(2048);
  bool good = json_get_bytes(json_object_get(object, "owner"), &owner) && !strlen(buf_string(&owner)) == !owner.length;
  rr->owner = arena_strdup(arena, buf_string(&owner));
  buf_release(&owner);
  int64_t ttl = json_number(object, "ttl", -1);
  rr->type = type_of(json_text(object, "type", ""));
  rr->ttl = ttl < 0 || ttl > INT32_MAX ? 0 : (uint32_t)ttl;
  return good && rr->type && read_hex(arena, json_text(object, "data", "x"), &rr->data, &rr->data_length) && dns_rdata_decode(arena, rr);
}

static bool records_from_json(struct arena *arena, const json_t *array, const struct dns_rr **out, size_t *out_count) {
  size_t count = json_array_size(array);
  if (count > 4096) return false;
  struct dns_rr *records = ARENA_ARRAY(arena, struct dns_rr, count + 1);
  for (size_t i = 0; i < count; i++)
    if (!record_from_json(arena, json_array_get(array, i), &records[i])) return false;
  *out = records;
  *out_count = count;
  return true;
}

static const struct { const char *name; size_t offset; } dns_flags[] = {
  { "aa", offsetof(struct dns_answer, authoritative) }, { "tc", offsetof(struct dns_answer, truncated) },
  { "ra", offsetof(struct dns_answer, recursion_available) }, { "ad", offsetof(struct dns_answer, authenticated) },
  { "tcp", offsetof(struct dns_answer, tcp) }, { "edns", offsetof(struct dns_answer, edns) },
};

static void dns_to_json(json_t *object, const struct dns_answer *answer) {
  if (answer->failure != DNS_FAILURE_NONE) json_object_set_new(object, "failure", json_string(dns_failure_word(answer->failure)));
  json_object_set_new(object, "rcode", json_integer(answer->rcode));
  json_object_set_new(object, "size", json_integer(answer->size));
  for (size_t i = 0; i < MEM_COUNT(dns_flags); i++)
    if (*(const bool *)((const char *)answer + dns_flags[i].offset)) json_object_set_new(object, dns_flags[i].name, json_true());
  json_object_set_new(object, "answer", records_to_json(answer->all, answer->alls));
  json_object_set_new(object, "authority", records_to_json(answer->authority, answer->authorities));
  json_object_set_new(object, "additional", records_to_json(answer->additional, answer->additionals));
}

static struct observation *dns_from_json(const struct question *question, const json_t *object) {
  struct dns_answer *answer = dns_answer_new(question);
  struct arena *arena = answer->seen.arena;
  const char *failure = json_text(object, "failure", "none");
  enum dns_failure reason = DNS_FAILURE_OTHER;
  for (unsigned i = DNS_FAILURE_NONE; i <= DNS_FAILURE_OTHER; i++)
    if (strcmp(failure, dns_failure_word((enum dns_failure)i)) == 0) reason = (enum dns_failure)i;
  answer->rcode = (uint8_t)json_number(object, "rcode", 0);
  answer->size = (uint16_t)json_number(object, "size", 0);
  for (size_t i = 0; i < MEM_COUNT(dns_flags); i++) *(bool *)((char *)answer + dns_flags[i].offset) = json_flag(object, dns_flags[i].name, false);
  if (!records_from_json(arena, json_object_get(object, "answer"), &answer->all, &answer->alls) ||
      !records_from_json(arena, json_object_get(object, "authority"), &answer->authority, &answer->authorities) ||
      !records_from_json(arena, json_object_get(object, "additional"), &answer->additional, &answer->additionals)) {
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

static bool read_question(struct arena *arena, const json_t *object, struct question *out) {
  struct buf name = BUF_INIT(2048);
  const char *kind = json_text(object, "kind", "");
  bool good = json_get_bytes(json_object_get(object, "name"), &name) && strlen(buf_string(&name)) == name.length;
  *out = (struct question){ .name = arena_strdup(arena, buf_string(&name)), .server = json_text(object, "server", ""), .path = json_text(object, "path", "") };
  buf_release(&name);
  out->flags = (uint16_t)json_number(object, "flags", 0);
  if (strlen(out->name) >= NAME_TEXT || strlen(out->server) > LONGEST_SERVER || !text_is_safe(out->server) || strlen(out->path) > LONGEST_PATH) return false;
  for (size_t i = 0; i < MEM_COUNT(kinds); i++) {
    if (strcmp(kind, kinds[i]) != 0) continue;
    out->kind = (enum question_kind)i;
    out->type = i == QUESTION_DNS ? type_of(json_text(object, "type", "")) : (uint16_t)json_number(object, "port", 0);
    return good && (i != QUESTION_DNS || out->type);
  }
  return false;
}

static struct observation *read_one(const json_t *object) {
  struct arena *arena = arena_new_sized(512);
  struct question question;
  struct observation *seen = NULL;
  if (read_question(arena, object, &question)) {
    switch (question.kind) {
    case QUESTION_DNS: seen = dns_from_json(&question, object); break;
    case QUESTION_SMTP: seen = smtp_session_from_json(&question, object); break;
    case QUESTION_HTTPS: seen = https_reply_from_json(&question, object); break;
    }
  }
  if (seen) {
    int64_t time = json_number(object, "time_ms", 0);
    seen->time = time < 0 || time > LATEST_TIME ? 0 : time;
    seen->elapsed_ms = (uint32_t)json_number(object, "elapsed_ms", 0);
    seen->server = text_safe_string(seen->arena, json_text(object, "from", ""));
  }
  arena_free(&arena);
  return seen;
}

bool store_from_json(struct store *store, const json_t *json, struct fault *fault) {
  const json_t *array = json_object_get(json, "observations");
  if (json_number(json, "version", 0) != 1 || !json_is_array(array)) {
    fault_set(fault, _("it is not an evidence file of a version that this program knows"));
    return false;
  }
  if (json_array_size(array) > MOST_OBSERVATIONS) {
    fault_set(fault, _("it holds more than %d observations"), MOST_OBSERVATIONS);
    return false;
  }
  for (size_t i = 0; i < json_array_size(array); i++) {
    struct observation *seen = read_one(json_array_get(array, i));
    if (!seen) {
      fault_set(fault, _("observation %zu in it cannot be read"), i + 1);
      return false;
    }
    store_put(store, seen);
  }
  return true;
}
