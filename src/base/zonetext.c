#include "src/base/zonetext.h"

#include <string.h>

enum { MOST_STRING = 255 };

static void put_string(struct buf *out, const uint8_t *bytes, size_t length) {
  buf_char(out, '"');
  for (size_t i = 0; i < length; i++) {
    if (bytes[i] == '"' || bytes[i] == '\\') buf_printf(out, "\\%c", bytes[i]);
    else if (bytes[i] < 0x20 || bytes[i] > 0x7e) buf_printf(out, "\\%03u", bytes[i]);
    else buf_char(out, (char)bytes[i]);
  }
  buf_char(out, '"');
}

void zone_text_strings(struct buf *out, const void *bytes, const uint8_t *lengths, size_t count) {
  const uint8_t *at = bytes;
  if (!count) buf_text(out, "\"\"");
  for (size_t i = 0; i < count; i++) {
    if (i) buf_char(out, ' ');
    put_string(out, at, lengths[i]);
    at += lengths[i];
  }
}

void zone_text_split(struct buf *out, const void *bytes, size_t length) {
  const uint8_t *text = bytes;
  size_t at = 0;
  do {
    size_t size = length - at > MOST_STRING ? MOST_STRING : length - at;
    if (at) buf_char(out, ' ');
    put_string(out, text + at, size);
    at += size;
  } while (at < length);
}

/* In the text form odd octets are escaped already; what a master file gives a meaning of its own is escaped besides. */
void zone_text_name(struct buf *out, const char *name) {
  if (!*name) buf_char(out, '.');
  for (const char *at = name; *at; at++) {
    if (*at == '\\' && at[1]) buf_char(out, *at++);
    else if (strchr(";()$@", *at)) buf_char(out, '\\');
    buf_char(out, *at);
  }
  if (*name) buf_char(out, '.');
}

static void put_hex(struct buf *out, const uint8_t *bytes, size_t length) {
  if (length) buf_char(out, ' ');
  for (size_t i = 0; i < length; i++) buf_printf(out, "%02x", bytes[i]);
}

static void put_soa(struct buf *out, const struct dns_rr *rr) {
  zone_text_name(out, rr->soa.primary);
  buf_char(out, ' ');
  zone_text_name(out, rr->soa.contact);
  buf_printf(out, " %u %u %u %u %u", rr->soa.serial, rr->soa.refresh, rr->soa.retry, rr->soa.expire, rr->soa.minimum);
}

void zone_text_data(struct buf *out, const struct dns_rr *rr) {
  char address[IP_TEXT];
  switch (rr->type) {
  case DNS_TYPE_TXT:
  case DNS_TYPE_SPF:
    zone_text_strings(out, rr->txt.bytes, rr->txt.lengths, rr->txt.strings);
    break;
  case DNS_TYPE_MX:
    buf_printf(out, "%u ", rr->mx.preference);
    zone_text_name(out, rr->mx.host);
    break;
  case DNS_TYPE_CNAME:
  case DNS_TYPE_NS:
  case DNS_TYPE_PTR:
    zone_text_name(out, rr->target);
    break;
  case DNS_TYPE_A:
  case DNS_TYPE_AAAA:
    ip_format(&rr->address, address);
    buf_text(out, address);
    break;
  case DNS_TYPE_SOA:
    put_soa(out, rr);
    break;
  case DNS_TYPE_TLSA:
    buf_printf(out, "%u %u %u", rr->tlsa.usage, rr->tlsa.selector, rr->tlsa.matching);
    put_hex(out, rr->tlsa.data, rr->tlsa.length);
    break;
  case DNS_TYPE_DS:
    buf_printf(out, "%u %u %u", rr->ds.key_tag, rr->ds.algorithm, rr->ds.digest_type);
    put_hex(out, rr->ds.digest, rr->ds.length);
    break;
  default:
    buf_printf(out, "\\# %u", rr->data_length);
    put_hex(out, rr->data, rr->data_length);
  }
}

const char *zone_text_of(struct arena *arena, const struct dns_rr *rr) {
  struct buf text = BUF_INIT(1 << 20);
  zone_text_data(&text, rr);
  const char *copy = arena_strndup(arena, buf_string(&text), text.length);
  buf_release(&text);
  return copy;
}
