#include "src/base/dnswire.h"

#include <stdio.h>
#include <string.h>

#include "src/base/ctype.h"
#include "src/base/cursor.h"
#include "src/base/mem.h"
#include "src/base/name.h"

enum { MOST_RECORDS = 4096, MOST_NAME_WIRE = 255, MOST_POINTERS = 128 /* a name has no more labels */ };

/* ---- names ---- */

/* Names that were read already in this message, by where they begin: compression makes most names of an answer the same few. */
struct names {
  size_t count;
  struct { size_t at; const char *text; } seen[8];
};

static bool label_needs_escape(uint8_t byte) { return byte == '.' || byte == '\\' || byte == '"' || byte <= 0x20 || byte >= 0x7f; }

static size_t put_label_byte(char *out, uint8_t byte) {
  if (!label_needs_escape(byte)) {
    *out = to_lower((char)byte);
    return 1;
  }
  if (byte == '.' || byte == '\\' || byte == '"') {
    out[0] = '\\';
    out[1] = (char)byte;
    return 2;
  }
  out[0] = '\\';
  out[1] = (char)('0' + byte / 100);
  out[2] = (char)('0' + byte / 10 % 10);
  out[3] = (char)('0' + byte % 10);
  return 4;
}

static bool is_pointer(uint8_t size) { return (size & 0xc0) == 0xc0; }

/* Reads a name at the cursor. Each pointer must lead to before the place where the reading of this name last began, so a loop is
 * impossible (RFC 1035 section 4.1.4), and a chain of pointers alone is short. Gives the length of the text, -1 when malformed. */
static int read_name(struct cursor *cursor, char out[NAME_TEXT]) {
  const uint8_t *start = cursor->start, *at = cursor->at, *end = cursor->end, *after = NULL;
  size_t lowest = cursor_position(cursor), length = 0, wire = 1, pointers = 0;
  for (;;) {
    if (at >= end) return -1;
    uint8_t size = *at++;
    if (size == 0) break;
    if (is_pointer(size)) {
      size_t target = (size_t)(size & 0x3f) << 8 | (at < end ? *at : 0u);
      if (at++ >= end || target >= lowest || ++pointers > MOST_POINTERS) return -1;
      if (!after) after = at;
      lowest = target;
      at = start + target;
      continue;
    }
    wire += size + 1u;
    if (size > 63 || size > end - at || wire > MOST_NAME_WIRE) return -1;
    if (length) out[length++] = '.';
    for (const uint8_t *stop = at + size; at < stop; at++) length += put_label_byte(out + length, *at);
  }
  out[length] = '\0';
  cursor->at = after ? after : at;
  return (int)length;
}

/* Where the text of the name at the cursor really begins. */
static size_t name_begins(const struct cursor *cursor) {
  size_t left = cursor_left(cursor);
  if (left >= 2 && is_pointer(cursor->at[0])) return (size_t)(cursor->at[0] & 0x3f) << 8 | cursor->at[1];
  return cursor_position(cursor);
}

static const char *take_name(struct arena *arena, struct cursor *cursor, struct names *names) {
  char text[NAME_TEXT + 8];
  size_t begins = name_begins(cursor);
  for (size_t i = 0; i < names->count; i++) {
    if (names->seen[i].at != begins || begins == cursor_position(cursor)) continue;
    cursor_skip(cursor, 2);
    return names->seen[i].text;
  }
  int length = cursor->failed ? -1 : read_name(cursor, text);
  if (length < 0) {
    cursor->failed = true;
    return NULL;
  }
  const char *copy = arena_strndup(arena, text, (size_t)length);
  if (names->count < MEM_COUNT(names->seen)) {
    names->seen[names->count].at = begins;
    names->seen[names->count++].text = copy;
  }
  return copy;
}

/* One octet of presentation form; how many characters it took, 0 on a broken escape. */
static size_t read_label_byte(const char *at, uint8_t *out) {
  if (*at != '\\') {
    *out = (uint8_t)*at;
    return 1;
  }
  if (is_digit(at[1]) && is_digit(at[2]) && is_digit(at[3])) {
    int value = (at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0');
    *out = (uint8_t)value;
    return value > 255 ? 0 : 4;
  }
  *out = (uint8_t)at[1];
  return at[1] ? 2 : 0;
}

bool dns_name_to_wire(struct buf *out, const char *name) {
  uint8_t wire[MOST_NAME_WIRE + 1];
  size_t length = 0;
  while (*name && !(name[0] == '.' && !name[1])) {
    size_t head = length++, size = 0;
    while (*name && *name != '.') {
      uint8_t byte;
      size_t taken = read_label_byte(name, &byte);
      if (taken == 0 || ++size > 63 || length >= MOST_NAME_WIRE - 1) return false;
      wire[length++] = byte;
      name += taken;
    }
    if (size == 0) return false;
    wire[head] = (uint8_t)size;
    if (*name == '.') name++;
  }
  wire[length++] = 0;
  buf_bytes(out, wire, length);
  return true;
}

/* ---- rdata ---- */

/* How many character-strings the data holds; 0 when the last one is cut off. */
static size_t count_strings(const struct dns_rr *rr) {
  size_t at = 0, count = 0;
  for (; at < rr->data_length; at += rr->data[at] + 1u) count++;
  return at == rr->data_length ? count : 0;
}

static bool decode_txt(struct arena *arena, struct dns_rr *rr, struct cursor *cursor) {
  size_t strings = count_strings(rr), length = 0;
  if (strings == 0 && rr->data_length > 0) return false;
  char *joined = arena_alloc(arena, (size_t)rr->data_length - strings + 1);
  uint8_t *lengths = arena_alloc(arena, strings);
  for (size_t i = 0; i < strings; i++) {
    lengths[i] = cursor_u8(cursor);
    memcpy(joined + length, cursor_bytes(cursor, lengths[i]), lengths[i]);
    length += lengths[i];
  }
  joined[length] = '\0';
  rr->txt.bytes = joined;
  rr->txt.lengths = lengths;
  rr->txt.length = (uint16_t)length;
  rr->txt.strings = (uint16_t)strings;
  return true;
}

static bool decode_address(struct dns_rr *rr, struct cursor *cursor) {
  size_t size = rr->type == DNS_TYPE_A ? 4 : 16;
  const uint8_t *bytes = cursor_bytes(cursor, size);
  if (!bytes || !cursor_at_end(cursor)) return false;
  rr->address = (struct ip){ .family = size == 4 ? 4 : 6 };
  memcpy(rr->address.bytes, bytes, size);
  return true;
}

static bool decode_soa(struct arena *arena, struct dns_rr *rr, struct cursor *cursor, struct names *names) {
  rr->soa.primary = take_name(arena, cursor, names);
  rr->soa.contact = take_name(arena, cursor, names);
  rr->soa.serial = cursor_u32(cursor);
  rr->soa.refresh = cursor_u32(cursor);
  rr->soa.retry = cursor_u32(cursor);
  rr->soa.expire = cursor_u32(cursor);
  rr->soa.minimum = cursor_u32(cursor);
  return !cursor->failed && cursor_at_end(cursor);
}

static void decode_tail(struct cursor *cursor, const uint8_t **bytes, uint16_t *length) {
  *length = (uint16_t)cursor_left(cursor);
  *bytes = cursor_bytes(cursor, *length);
}

/* The members of `rr` from a cursor over its rdata; names may be compressed when the cursor lies in a message. */
static bool decode(struct arena *arena, struct dns_rr *rr, struct cursor *cursor, struct names *names) {
  switch (rr->type) {
  case DNS_TYPE_A:
  case DNS_TYPE_AAAA: return decode_address(rr, cursor);
  case DNS_TYPE_NS:
  case DNS_TYPE_CNAME:
  case DNS_TYPE_PTR: rr->target = take_name(arena, cursor, names); return rr->target && cursor_at_end(cursor);
  case DNS_TYPE_MX:
    rr->mx.preference = cursor_u16(cursor);
    rr->mx.host = take_name(arena, cursor, names);
    return rr->mx.host && cursor_at_end(cursor);
  case DNS_TYPE_TXT:
  case DNS_TYPE_SPF: return decode_txt(arena, rr, cursor);
  case DNS_TYPE_SOA: return decode_soa(arena, rr, cursor, names);
  case DNS_TYPE_TLSA:
    rr->tlsa.usage = cursor_u8(cursor);
    rr->tlsa.selector = cursor_u8(cursor);
    rr->tlsa.matching = cursor_u8(cursor);
    decode_tail(cursor, &rr->tlsa.data, &rr->tlsa.length);
    return !cursor->failed;
  case DNS_TYPE_DS:
    rr->ds.key_tag = cursor_u16(cursor);
    rr->ds.algorithm = cursor_u8(cursor);
    rr->ds.digest_type = cursor_u8(cursor);
    decode_tail(cursor, &rr->ds.digest, &rr->ds.length);
    return !cursor->failed;
  default: return true;
  }
}

bool dns_rdata_decode(struct arena *arena, struct dns_rr *rr) {
  struct cursor cursor;
  struct names names = { .count = 0 };
  cursor_init(&cursor, rr->data, rr->data_length);
  return decode(arena, rr, &cursor, &names);
}

static void put_u16(struct buf *out, unsigned value) {
  buf_char(out, (char)(value >> 8 & 0xff));
  buf_char(out, (char)(value & 0xff));
}

static void put_u32(struct buf *out, uint32_t value) {
  put_u16(out, value >> 16);
  put_u16(out, value & 0xffff);
}

static bool encode_txt(struct buf *out, const struct dns_rr *rr) {
  size_t at = 0;
  for (uint16_t i = 0; i < rr->txt.strings; i++) {
    buf_char(out, (char)rr->txt.lengths[i]);
    buf_bytes(out, rr->txt.bytes + at, rr->txt.lengths[i]);
    at += rr->txt.lengths[i];
  }
  return rr->txt.strings > 0 && at == rr->txt.length;
}

static bool encode_soa(struct buf *out, const struct dns_rr *rr) {
  if (!dns_name_to_wire(out, rr->soa.primary) || !dns_name_to_wire(out, rr->soa.contact)) return false;
  const uint32_t numbers[] = { rr->soa.serial, rr->soa.refresh, rr->soa.retry, rr->soa.expire, rr->soa.minimum };
  for (size_t i = 0; i < MEM_COUNT(numbers); i++) put_u32(out, numbers[i]);
  return true;
}

bool dns_rdata_encode(struct buf *out, const struct dns_rr *rr) {
  switch (rr->type) {
  case DNS_TYPE_A: buf_bytes(out, rr->address.bytes, 4); return rr->address.family == 4;
  case DNS_TYPE_AAAA: buf_bytes(out, rr->address.bytes, 16); return rr->address.family == 6;
  case DNS_TYPE_NS:
  case DNS_TYPE_CNAME:
  case DNS_TYPE_PTR: return dns_name_to_wire(out, rr->target);
  case DNS_TYPE_MX: put_u16(out, rr->mx.preference); return dns_name_to_wire(out, rr->mx.host);
  case DNS_TYPE_TXT:
  case DNS_TYPE_SPF: return encode_txt(out, rr);
  case DNS_TYPE_SOA: return encode_soa(out, rr);
  case DNS_TYPE_TLSA:
    buf_char(out, (char)rr->tlsa.usage);
    buf_char(out, (char)rr->tlsa.selector);
    buf_char(out, (char)rr->tlsa.matching);
    buf_bytes(out, rr->tlsa.data, rr->tlsa.length);
    return true;
  case DNS_TYPE_DS:
    put_u16(out, rr->ds.key_tag);
    buf_char(out, (char)rr->ds.algorithm);
    buf_char(out, (char)rr->ds.digest_type);
    buf_bytes(out, rr->ds.digest, rr->ds.length);
    return true;
  default: buf_bytes(out, rr->data, rr->data_length); return true;
  }
}

/* ---- messages ---- */

static bool has_names(uint16_t type) {
  return type == DNS_TYPE_NS || type == DNS_TYPE_CNAME || type == DNS_TYPE_PTR || type == DNS_TYPE_MX || type == DNS_TYPE_SOA;
}

/* Compressed names cannot be copied as they are: the rdata is written anew from the members. */
static bool keep_rdata(struct arena *arena, struct dns_rr *rr) {
  struct buf whole = BUF_INIT(1024);
  bool good = dns_rdata_encode(&whole, rr);
  rr->data = arena_memdup(arena, buf_string(&whole), whole.length);
  rr->data_length = (uint16_t)whole.length;
  buf_release(&whole);
  return good;
}

enum { OPTION_EXTENDED_ERROR = 15 };

/* The first reason that says something (RFC 8914 section 2: several may be given). */
static uint16_t extended_error_of(struct cursor options) {
  while (cursor_left(&options) > 0 && !options.failed) {
    uint16_t option = cursor_u16(&options), length = cursor_u16(&options), code = 0;
    if (option == OPTION_EXTENDED_ERROR && length >= 2) {
      code = cursor_u16(&options);
      length = (uint16_t)(length - 2);
    }
    cursor_skip(&options, length);
    if (code && !options.failed) return code;
  }
  return 0;
}

static void read_edns(struct dns_message *message, const struct dns_rr *opt, uint16_t class, struct cursor options) {
  message->edns = true;
  message->udp_size = class;
  message->dnssec_ok = opt->ttl & 0x8000;
  message->extended_error = extended_error_of(options);
}

/* One record at the cursor. OPT is no record of a zone: it goes into the members of the message, and `out_kept` is false. */
static bool read_record(struct arena *arena, struct cursor *cursor, struct names *names, struct dns_message *message, struct dns_rr *rr, bool *out_kept) {
  rr->owner = take_name(arena, cursor, names);
  rr->type = cursor_u16(cursor);
  uint16_t class = cursor_u16(cursor);
  rr->ttl = cursor_u32(cursor);
  uint16_t length = cursor_u16(cursor);
  struct cursor inside = *cursor;
  const uint8_t *bytes = cursor_bytes(cursor, length);
  if (!bytes) return false;
  inside.end = bytes + length;
  *out_kept = rr->type != DNS_TYPE_OPT;
  if (!*out_kept) {
    read_edns(message, rr, class, inside);
    return true;
  }
  if (rr->ttl > INT32_MAX) rr->ttl = 0; /* RFC 2181 section 8 */
  rr->data_length = length;
  if (has_names(rr->type)) return decode(arena, rr, &inside, names) && keep_rdata(arena, rr);
  rr->data = arena_memdup(arena, bytes, length); /* the members of these types may point into the data, so into the kept copy */
  return dns_rdata_decode(arena, rr);
}

enum { LEAST_RECORD = 11 }; /* octets: the root, type, class, TTL and the length of no data */

static bool read_section(struct arena *arena, struct cursor *cursor, struct names *names, unsigned count, struct dns_message *message, struct dns_rr **out,
                         size_t *out_count) {
  size_t room = cursor_left(cursor) / LEAST_RECORD;
  *out = NULL;
  *out_count = 0;
  if (count == 0) return true;
  if (count < room) room = count;
  if (room > MOST_RECORDS) room = MOST_RECORDS;
  for (unsigned i = 0; i < count; i++) {
    struct dns_rr rr = { .type = 0 };
    bool kept;
    if (*out_count >= room || !read_record(arena, cursor, names, message, &rr, &kept)) return false;
    if (!kept) continue;
    if (!*out) *out = ARENA_ARRAY(arena, struct dns_rr, room); /* most sections of additional records hold OPT alone */
    (*out)[(*out_count)++] = rr;
  }
  return true;
}

static void read_flags(struct dns_message *message, uint16_t flags) {
  message->response = flags & 0x8000;
  message->opcode = flags >> 11 & 15;
  message->authoritative = flags & 0x0400;
  message->truncated = flags & 0x0200;
  message->recursion_desired = flags & 0x0100;
  message->recursion_available = flags & 0x0080;
  message->authenticated = flags & 0x0020;
  message->checking_disabled = flags & 0x0010;
  message->rcode = flags & 15;
}

static uint16_t write_flags(const struct dns_message *m) {
  unsigned flags = (m->response ? 0x8000u : 0) | (m->opcode & 15u) << 11 | (m->authoritative ? 0x0400u : 0) | (m->truncated ? 0x0200u : 0) |
                   (m->recursion_desired ? 0x0100u : 0) | (m->recursion_available ? 0x0080u : 0) | (m->authenticated ? 0x0020u : 0) |
                   (m->checking_disabled ? 0x0010u : 0) | (m->rcode & 15u);
  return (uint16_t)flags;
}

bool dns_parse(struct arena *arena, const uint8_t *wire, size_t length, struct dns_message *out) {
  struct cursor cursor;
  struct names names = { .count = 0 };
  cursor_init(&cursor, wire, length);
  *out = (struct dns_message){ .id = cursor_u16(&cursor) };
  read_flags(out, cursor_u16(&cursor));
  unsigned questions = cursor_u16(&cursor), answers = cursor_u16(&cursor), authorities = cursor_u16(&cursor), additionals = cursor_u16(&cursor);
  if (cursor.failed || questions > 1) return false;
  if (questions == 1) {
    out->question_name = take_name(arena, &cursor, &names);
    out->question_type = cursor_u16(&cursor);
    cursor_skip(&cursor, 2);
    if (cursor.failed) return false;
  }
  bool whole = read_section(arena, &cursor, &names, answers, out, &out->answer, &out->answers) &&
               read_section(arena, &cursor, &names, authorities, out, &out->authority, &out->authorities) &&
               read_section(arena, &cursor, &names, additionals, out, &out->additional, &out->additionals);
  return whole || out->truncated;
}

static void write_opt(struct buf *out, uint16_t udp_size, bool dnssec_ok) {
  buf_char(out, '\0');
  put_u16(out, DNS_TYPE_OPT);
  put_u16(out, udp_size);
  put_u32(out, dnssec_ok ? 0x8000 : 0);
  put_u16(out, 0);
}

bool dns_write_query(struct buf *out, const struct dns_query *query) {
  unsigned flags = (query->recursion_desired ? 0x0100u : 0) | (query->checking_disabled ? 0x0010u : 0) | 0x0020u;
  put_u16(out, query->id);
  put_u16(out, flags);
  put_u16(out, 1);
  put_u32(out, 0);
  put_u16(out, query->udp_size ? 1 : 0);
  if (!dns_name_to_wire(out, query->name)) return false;
  put_u16(out, query->type);
  put_u16(out, 1);
  if (query->udp_size) write_opt(out, query->udp_size, query->dnssec_ok);
  return !out->overflowed;
}

static bool write_records(struct buf *out, const struct dns_rr *records, size_t count, const char *question) {
  for (size_t i = 0; i < count; i++) {
    if (question && name_equal(records[i].owner, question)) put_u16(out, 0xc00c);
    else if (!dns_name_to_wire(out, records[i].owner)) return false;
    put_u16(out, records[i].type);
    put_u16(out, 1);
    put_u32(out, records[i].ttl);
    put_u16(out, records[i].data_length);
    buf_bytes(out, records[i].data, records[i].data_length);
  }
  return true;
}

bool dns_write_message(struct buf *out, const struct dns_message *message) {
  put_u16(out, message->id);
  put_u16(out, write_flags(message));
  put_u16(out, message->question_name ? 1 : 0);
  put_u16(out, (unsigned)message->answers);
  put_u16(out, (unsigned)message->authorities);
  put_u16(out, (unsigned)message->additionals + (message->edns ? 1 : 0));
  if (message->question_name) {
    if (!dns_name_to_wire(out, message->question_name)) return false;
    put_u16(out, message->question_type);
    put_u16(out, 1);
  }
  if (!write_records(out, message->answer, message->answers, message->question_name) ||
      !write_records(out, message->authority, message->authorities, message->question_name) ||
      !write_records(out, message->additional, message->additionals, message->question_name))
    return false;
  if (message->edns) write_opt(out, message->udp_size ? message->udp_size : 1232, message->dnssec_ok);
  return !out->overflowed;
}

/* ---- types ---- */

static const struct {
  const char *name;
  uint16_t type;
} types[] = {
  { "A", DNS_TYPE_A },         { "NS", DNS_TYPE_NS },       { "CNAME", DNS_TYPE_CNAME },   { "SOA", DNS_TYPE_SOA },     { "PTR", DNS_TYPE_PTR },
  { "MX", DNS_TYPE_MX },       { "TXT", DNS_TYPE_TXT },     { "AAAA", DNS_TYPE_AAAA },     { "DS", DNS_TYPE_DS },       { "RRSIG", DNS_TYPE_RRSIG },
  { "NSEC", DNS_TYPE_NSEC },   { "DNSKEY", DNS_TYPE_DNSKEY }, { "NSEC3", DNS_TYPE_NSEC3 }, { "NSEC3PARAM", DNS_TYPE_NSEC3PARAM },
  { "TLSA", DNS_TYPE_TLSA },   { "SPF", DNS_TYPE_SPF },     { "CAA", DNS_TYPE_CAA },
};

const char *dns_type_name(uint16_t type, char scratch[16]) {
  for (size_t i = 0; i < MEM_COUNT(types); i++)
    if (types[i].type == type) return types[i].name;
  snprintf(scratch, 16, "TYPE%u", type);
  return scratch;
}

uint16_t dns_type_from_name(const char *name) {
  for (size_t i = 0; i < MEM_COUNT(types); i++)
    if (text_equal(types[i].name, name)) return types[i].type;
  return 0;
}
