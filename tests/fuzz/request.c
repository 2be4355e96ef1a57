/* A change request in JSON, and every format of what is read from it: nothing that a terminal would obey comes out, whatever went in. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/request/private.h"
#include "src/request/requested.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_output(const struct buf *out) {
  for (size_t i = 0; i < out->length; i++) {
    unsigned char c = (unsigned char)out->data[i];
    if ((c < 0x20 && c != '\n' && c != '\r') || c == 0x7f) abort();
  }
  if (!text_is_utf8(buf_string(out), out->length)) abort();
}

static void fill(struct arena *arena, struct plan_change *change) {
  const char *host = name_relative(arena, change->name, change->zone);
  change->host = host ? host : change->name;
  change->order_why = change->domain = "";
  change->present_known = true;
  change->now_data = ARENA_ARRAY(arena, const char *, change->now_count + 1);
  for (size_t i = 0; i < change->now_count; i++) {
    struct buf text = BUF_INIT(1 << 20);
    zone_text_split(&text, change->now[i], strlen(change->now[i]));
    change->now_data[i] = arena_strdup(arena, buf_string(&text));
    buf_release(&text);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *arena = arena_new();
  struct fault fault = { "" };
  struct requested requested;
  json_t *json = json_parse((const char *)data, size, &fault);
  if (json && requested_read(arena, json, &requested, &fault)) {
    struct plan plan = { .domain = requested.domain, .changes = requested.changes, .change_count = requested.count };
    struct request_details details = { .requester = requested.reference, .time = requested.time, .number = 1 };
    for (size_t i = 0; i < requested.count; i++) {
      requested.changes[i].kept_count = 0; /* they are in master-file form already, which only a plan makes */
      if (requested.changes[i].type == DNS_TYPE_TXT) fill(arena, &requested.changes[i]);
    }
    size_t kept = 0;
    for (size_t i = 0; i < requested.count; i++)
      if (requested.changes[i].type == DNS_TYPE_TXT) requested.changes[kept++] = requested.changes[i];
    plan.change_count = kept;
    struct request request = request_make(arena, &plan, &details);
    for (size_t i = 0; request_format_at(i); i++) {
      struct buf out = BUF_INIT(64 << 20);
      request_format_at(i)->write(&request, &out);
      check_output(&out);
      buf_release(&out);
    }
  }
  json_decref(json);
  arena_free(&arena);
  return 0;
}
