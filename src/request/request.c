#include <stdio.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/request/lib.h"

static const struct request_format formats[] = {
  { "text", "txt", request_text },     { "json", "json", request_json },       { "zone", "zone", request_zone },       { "nsupdate", "nsupdate", request_nsupdate },
  { "csv", "csv", request_csv },       { "markdown", "md", request_markdown }, { "html", "html", request_html },       { "route53", "json", request_route53 },
  { "octodns", "yaml", request_octodns }, { "dnscontrol", "js", request_dnscontrol },
};

const struct request_format *request_format_at(size_t index) { return index < MEM_COUNT(formats) ? &formats[index] : NULL; }

const struct request_format *request_format_find(const char *name) {
  for (size_t i = 0; i < MEM_COUNT(formats); i++)
    if (strcmp(formats[i].name, name) == 0) return &formats[i];
  return NULL;
}

struct request request_make(struct arena *arena, const struct plan *plan, const struct request_details *details) {
  struct clock_date d = clock_utc(details->time);
  return (struct request){ .plan = plan, .details = details, .reference = arena_printf(arena, "%s-%04d-%02d-%02d-%u", plan->domain, d.year, d.month, d.day, details->number) };
}

void request_quote(struct buf *out, const char *value, size_t length) {
  size_t at = 0;
  do {
    size_t size = length - at > 255 ? 255 : length - at;
    buf_text(out, at ? " \"" : "\"");
    for (size_t i = at; i < at + size; i++) {
      unsigned char c = (unsigned char)value[i];
      if (c == '"' || c == '\\') buf_printf(out, "\\%c", c);
      else if (c < 0x20 || c > 0x7e) buf_printf(out, "\\%03u", c);
      else buf_char(out, (char)c);
    }
    buf_char(out, '"');
    at += size;
  } while (at < length);
}

void request_zone_value(struct buf *out, uint16_t type, const char *value) {
  if (type == DNS_TYPE_TXT) request_quote(out, value, strlen(value));
  else buf_text(out, value);
}

const char *request_host(struct arena *arena, const struct plan_change *change) {
  const char *host = name_relative(arena, change->name, change->zone);
  return host ? host : change->name;
}
