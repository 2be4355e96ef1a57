#include "tests/support/world_private.h"

#include <stdlib.h>
#include <string.h>

#include "checks/record/dnssec.h"
#include "src/base/lib.h"

/* Record data of test tables, in zone-file form. */

static uint32_t number(const char *word) { return (uint32_t)strtoul(word, NULL, 10); }

/* How many octets the word stands for. */
static size_t put_octets(struct buf *out, const char *word) {
  size_t before = out->length;
  for (const char *nul = strstr(word, WORLD_NUL); nul; nul = strstr(word, WORLD_NUL)) {
    buf_bytes(out, word, (size_t)(nul - word));
    buf_bytes(out, "", 1);
    word = nul + sizeof WORLD_NUL - 1;
  }
  buf_text(out, word);
  return out->length - before;
}

static bool read_txt(struct arena *arena, struct dns_rr *rr, char **words, size_t count) {
  struct buf joined = BUF_INIT(65535);
  uint8_t *lengths = arena_alloc(arena, 512);
  size_t strings = 0;
  for (size_t i = 0; i < count; i++) {
    size_t size = put_octets(&joined, words[i]);
    for (size_t at = 0; strings < 512 && (at < size || (at == 0 && !size)); at += 255) {
      lengths[strings++] = (uint8_t)(size - at > 255 ? 255 : size - at);
      if (!size) break;
    }
  }
  rr->txt.bytes = arena_strndup(arena, buf_string(&joined), joined.length);
  rr->txt.length = (uint16_t)joined.length;
  rr->txt.lengths = lengths;
  rr->txt.strings = (uint16_t)strings;
  buf_release(&joined);
  return count > 0;
}

static bool read_hex(struct arena *arena, const char *text, const uint8_t **out, uint16_t *out_length) {
  size_t length = strlen(text) / 2;
  uint8_t *bytes = arena_alloc(arena, length);
  for (size_t i = 0; i < length; i++) bytes[i] = (uint8_t)(hex_value(text[i * 2]) << 4 | hex_value(text[i * 2 + 1]));
  *out = bytes;
  *out_length = (uint16_t)length;
  return true;
}

static void put_number(struct buf *out, uint32_t value, unsigned octets) {
  while (octets-- > 0) buf_char(out, (char)(value >> (8 * octets) & 0xff));
}

static bool keep_raw(struct arena *arena, struct dns_rr *rr, struct buf *raw, bool good) {
  rr->data = arena_memdup(arena, buf_string(raw), raw->length);
  rr->data_length = (uint16_t)raw->length;
  buf_release(raw);
  return good;
}

/* FLAGS PROTOCOL ALGORITHM KEY, where KEY is any word: no signature is ever verified. */
static bool read_dnskey(struct arena *arena, struct dns_rr *rr, char **words, size_t count) {
  struct buf raw = BUF_INIT(1024);
  if (count < 4) return false;
  put_number(&raw, number(words[0]), 2);
  put_number(&raw, number(words[1]), 1);
  put_number(&raw, number(words[2]), 1);
  buf_text(&raw, words[3]);
  return keep_raw(arena, rr, &raw, true);
}

/* "of" FLAGS PROTOCOL ALGORITHM KEY DIGEST-TYPE: the DS of that key; or TAG ALGORITHM DIGEST-TYPE HEX. */
static bool read_ds(struct arena *arena, struct dns_rr *rr, char **words, size_t count) {
  if (count == 6 && strcmp(words[0], "of") == 0) {
    struct dns_rr key = { .owner = rr->owner, .type = DNS_TYPE_DNSKEY };
    struct dnskey read;
    uint8_t digest[64];
    if (!read_dnskey(arena, &key, words + 1, 4) || !dnskey_read(&key, &read)) return false;
    rr->ds.key_tag = read.tag;
    rr->ds.algorithm = read.algorithm;
    rr->ds.digest_type = (uint8_t)number(words[5]);
    rr->ds.length = (uint16_t)ds_digest(rr->owner, &key, rr->ds.digest_type, digest);
    rr->ds.digest = arena_memdup(arena, digest, rr->ds.length);
    return rr->ds.length > 0;
  }
  if (count < 4) return false;
  rr->ds.key_tag = (uint16_t)number(words[0]);
  rr->ds.algorithm = (uint8_t)number(words[1]);
  rr->ds.digest_type = (uint8_t)number(words[2]);
  return read_hex(arena, words[3], &rr->ds.digest, &rr->ds.length);
}

/* TYPE ALGORITHM ends HOURS: a signature over the records of that type that ends so many hours from now. */
static bool read_rrsig(struct arena *arena, struct dns_rr *rr, char **words, size_t count) {
  struct buf raw = BUF_INIT(1024);
  if (count < 4 || strcmp(words[2], "ends") != 0) return false;
  uint32_t now = (uint32_t)(WORLD_NOW / 1000);
  put_number(&raw, dns_type_from_name(words[0]), 2);
  put_number(&raw, number(words[1]), 1);
  put_number(&raw, 2, 1);
  put_number(&raw, 3600, 4);
  put_number(&raw, now + (uint32_t)(strtol(words[3], NULL, 10) * 3600), 4);
  put_number(&raw, now - 86400, 4);
  put_number(&raw, 1, 2);
  bool good = dns_name_to_wire(&raw, rr->owner);
  buf_text(&raw, "signature");
  return keep_raw(arena, rr, &raw, good);
}

static bool read_nsec3param(struct arena *arena, struct dns_rr *rr, char **words, size_t count) {
  struct buf raw = BUF_INIT(1024);
  if (count < 3) return false;
  put_number(&raw, number(words[0]), 1);
  put_number(&raw, number(words[1]), 1);
  put_number(&raw, number(words[2]), 2);
  put_number(&raw, 0, 1);
  return keep_raw(arena, rr, &raw, true);
}

static bool read_caa(struct arena *arena, struct dns_rr *rr, char **words, size_t count) {
  struct buf raw = BUF_INIT(1024);
  if (count < 3) return false;
  put_number(&raw, number(words[0]), 1);
  put_number(&raw, (uint32_t)strlen(words[1]), 1);
  buf_text(&raw, words[1]);
  buf_text(&raw, words[2]);
  return keep_raw(arena, rr, &raw, true);
}

static bool read_soa(struct arena *arena, struct dns_rr *rr, char **words, size_t count) {
  rr->soa.primary = name_lower(arena, words[0]);
  rr->soa.contact = count > 1 ? name_lower(arena, words[1]) : "host";
  rr->soa.serial = count > 2 ? number(words[2]) : 1;
  rr->soa.refresh = count > 3 ? number(words[3]) : 3600;
  rr->soa.retry = 600;
  rr->soa.expire = 604800;
  rr->soa.minimum = count > 4 ? number(words[4]) : 300;
  return true;
}

bool world_read_data(struct arena *arena, struct dns_rr *rr, char **words, size_t count) {
  if (!count) return false;
  switch (rr->type) {
  case DNS_TYPE_A:
  case DNS_TYPE_AAAA: return ip_parse(words[0], &rr->address);
  case DNS_TYPE_NS:
  case DNS_TYPE_CNAME:
  case DNS_TYPE_PTR: rr->target = name_lower(arena, words[0]); return true;
  case DNS_TYPE_MX:
    rr->mx.preference = (uint16_t)number(words[0]);
    rr->mx.host = count > 1 ? name_lower(arena, words[1]) : "";
    return count > 1;
  case DNS_TYPE_TXT:
  case DNS_TYPE_SPF: return read_txt(arena, rr, words, count);
  case DNS_TYPE_SOA: return read_soa(arena, rr, words, count);
  case DNS_TYPE_DNSKEY: return read_dnskey(arena, rr, words, count);
  case DNS_TYPE_DS: return read_ds(arena, rr, words, count);
  case DNS_TYPE_RRSIG: return read_rrsig(arena, rr, words, count);
  case DNS_TYPE_NSEC3PARAM: return read_nsec3param(arena, rr, words, count);
  case DNS_TYPE_CAA: return read_caa(arena, rr, words, count);
  case DNS_TYPE_TLSA:
    if (count < 4) return false;
    rr->tlsa.usage = (uint8_t)number(words[0]);
    rr->tlsa.selector = (uint8_t)number(words[1]);
    rr->tlsa.matching = (uint8_t)number(words[2]);
    return read_hex(arena, words[3], &rr->tlsa.data, &rr->tlsa.length);
  default: return false;
  }
}
