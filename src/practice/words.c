#include "src/practice/words.h"

#include <string.h>

#include "src/base/buf.h"
#include "src/base/ctype.h"
#include "src/base/intl.h"
#include "src/base/ip.h"
#include "src/base/name.h"

enum { MOST_WORD = 65535, MOST_STRING = 255 };

/* ---- words ---- */

/* After a backslash: \DDD or the character itself. How many characters were taken. */
static size_t take_escape(const char *at, size_t left, struct buf *out) {
  if (left >= 3 && is_digit(at[0]) && is_digit(at[1]) && is_digit(at[2])) {
    buf_char(out, (char)((at[0] - '0') * 100 + (at[1] - '0') * 10 + (at[2] - '0')));
    return 3;
  }
  if (left == 0) return 0;
  buf_char(out, *at);
  return 1;
}

static size_t take_word(const char *line, size_t length, struct buf *out, bool *quoted, bool *open) {
  size_t at = 0;
  *open = false;
  *quoted = line[0] == '"';
  for (; at < length; at++) {
    if (line[at] == '"') *open = !*open;
    else if (*open && line[at] == '\\') at += take_escape(line + at + 1, length - at - 1, out);
    else if (!*open && is_space(line[at])) break;
    else buf_char(out, line[at]);
  }
  return at;
}

bool words_split(struct arena *arena, const char *line, size_t length, struct words *out, struct fault *fault) {
  *out = (struct words){ .count = 0 };
  for (size_t at = 0; at < length;) {
    if (is_space(line[at])) {
      at++;
      continue;
    }
    if (line[at] == '#') break;
    struct buf text = BUF_INIT(MOST_WORD);
    bool quoted, open;
    at += take_word(line + at, length - at, &text, &quoted, &open);
    out->all = arena_grow(arena, out->all, out->count, sizeof *out->all);
    out->all[out->count++] = (struct word){ arena_strndup(arena, buf_string(&text), text.length), text.length, quoted };
    buf_release(&text);
    if (!open) continue;
    fault_set(fault, _("a quotation mark is not closed"));
    return false;
  }
  return true;
}

const char *word_value(const struct word *word, const char *key) {
  size_t length = strlen(key);
  return strncmp(word->text, key, length) == 0 && word->text[length] == '=' ? word->text + length + 1 : NULL;
}

bool word_number(const char *text, uint32_t most, uint32_t *out) {
  uint64_t value = 0;
  if (!is_digit(*text)) return false;
  for (; is_digit(*text); text++) {
    value = value * 10 + (uint64_t)(*text - '0');
    if (value > most) return false;
  }
  *out = (uint32_t)value;
  return !*text;
}

/* ---- rdata ---- */

struct reader {
  struct arena *arena;
  const struct words *words;
  size_t at;
  bool failed;
};

static const char *next_text(struct reader *reader) {
  if (reader->at < reader->words->count) return reader->words->all[reader->at++].text;
  reader->failed = true;
  return "";
}

static uint32_t next_number(struct reader *reader, uint32_t most) {
  uint32_t value = 0;
  if (!word_number(next_text(reader), most, &value)) reader->failed = true;
  return value;
}

static const char *next_name(struct reader *reader) {
  const char *text = next_text(reader);
  const char *name = strcmp(text, ".") == 0 ? "" : name_lower(reader->arena, text);
  if (!reader->failed && *name && !name_is_valid(name)) reader->failed = true;
  return name;
}

/* The rest of the line as hexadecimal digits, spaces between them allowed. */
static const uint8_t *rest_hex(struct reader *reader, uint16_t *length) {
  struct buf bytes = BUF_INIT(MOST_WORD);
  int high = -1;
  for (; reader->at < reader->words->count; reader->at++)
    for (const char *c = reader->words->all[reader->at].text; *c; c++) {
      int digit = hex_value(*c);
      if (digit < 0) reader->failed = true;
      else if (high < 0) high = digit;
      else {
        buf_char(&bytes, (char)(high << 4 | digit));
        high = -1;
      }
    }
  reader->failed |= high >= 0;
  *length = (uint16_t)bytes.length;
  uint8_t *copy = arena_memdup(reader->arena, buf_string(&bytes), bytes.length);
  buf_release(&bytes);
  return copy;
}

static void put_string(struct buf *out, const char *text, size_t length) {
  do {
    size_t part = length < MOST_STRING ? length : MOST_STRING;
    buf_char(out, (char)part);
    buf_bytes(out, text, part);
    text += part;
    length -= part;
  } while (length);
}

/* Makes the wire form of types that the union of dns_rr does not write, or that are strings; false: not one of them. */
static bool raw_rdata(struct reader *reader, uint16_t type, struct buf *out) {
  const struct words *words = reader->words;
  uint16_t length;
  bool generic = reader->at < words->count && !words->all[reader->at].quoted && strcmp(words->all[reader->at].text, "\\#") == 0;
  if (generic) {
    reader->at++;
    uint32_t given = next_number(reader, 65535);
    const uint8_t *bytes = rest_hex(reader, &length);
    reader->failed |= given != length;
    buf_bytes(out, bytes, length);
  } else if (type == DNS_TYPE_TXT || type == DNS_TYPE_SPF) {
    reader->failed |= reader->at >= words->count;
    for (; reader->at < words->count; reader->at++) put_string(out, words->all[reader->at].text, words->all[reader->at].length);
  } else if (type == DNS_TYPE_CAA) {
    buf_char(out, (char)next_number(reader, 255));
    const char *tag = next_text(reader), *value = next_text(reader);
    buf_char(out, (char)strlen(tag));
    buf_text(out, tag);
    buf_text(out, value);
  } else {
    return false;
  }
  return true;
}

static bool read_members(struct reader *reader, struct dns_rr *rr) {
  switch (rr->type) {
  case DNS_TYPE_A:
  case DNS_TYPE_AAAA:
    reader->failed |= !ip_parse(next_text(reader), &rr->address) || rr->address.family != (rr->type == DNS_TYPE_A ? 4 : 6);
    return true;
  case DNS_TYPE_NS: case DNS_TYPE_CNAME: case DNS_TYPE_PTR:
    rr->target = next_name(reader);
    return true;
  case DNS_TYPE_MX:
    rr->mx.preference = (uint16_t)next_number(reader, 65535);
    rr->mx.host = next_name(reader);
    return true;
  case DNS_TYPE_SOA:
    rr->soa.primary = next_name(reader);
    rr->soa.contact = next_name(reader);
    rr->soa.serial = next_number(reader, UINT32_MAX);
    rr->soa.refresh = next_number(reader, INT32_MAX);
    rr->soa.retry = next_number(reader, INT32_MAX);
    rr->soa.expire = next_number(reader, INT32_MAX);
    rr->soa.minimum = next_number(reader, INT32_MAX);
    return true;
  case DNS_TYPE_TLSA:
    rr->tlsa.usage = (uint8_t)next_number(reader, 255);
    rr->tlsa.selector = (uint8_t)next_number(reader, 255);
    rr->tlsa.matching = (uint8_t)next_number(reader, 255);
    rr->tlsa.data = rest_hex(reader, &rr->tlsa.length);
    return true;
  case DNS_TYPE_DS:
    rr->ds.key_tag = (uint16_t)next_number(reader, 65535);
    rr->ds.algorithm = (uint8_t)next_number(reader, 255);
    rr->ds.digest_type = (uint8_t)next_number(reader, 255);
    rr->ds.digest = rest_hex(reader, &rr->ds.length);
    return true;
  default:
    return false;
  }
}

bool words_rdata(struct arena *arena, const struct words *words, size_t at, struct dns_rr *rr, struct fault *fault) {
  struct reader reader = { .arena = arena, .words = words, .at = at };
  struct buf wire = BUF_INIT(MOST_WORD);
  char scratch[16];
  bool known = raw_rdata(&reader, rr->type, &wire) || (read_members(&reader, rr) && (reader.failed || dns_rdata_encode(&wire, rr)));
  bool good = known && !reader.failed && reader.at == words->count && !wire.overflowed;
  if (good) {
    rr->data = arena_memdup(arena, buf_string(&wire), wire.length);
    rr->data_length = (uint16_t)wire.length;
    good = dns_rdata_decode(arena, rr);
  }
  buf_release(&wire);
  if (!good) fault_set(fault, _("this is not the data of a %s record"), dns_type_name(rr->type, scratch));
  return good;
}
