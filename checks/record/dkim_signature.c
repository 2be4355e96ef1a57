#include "checks/record/dkim_signature.h"

#include <string.h>

#include "checks/record/base64.h"
#include "src/base/ctype.h"
#include "src/base/mem.h"
#include "src/base/name.h"
#include "src/base/text.h"

enum { MOST_TAGS = 64, MOST_HEADERS = 1000, LONGEST_BASE64 = 16384 };

/* Notes the first fault. */
static void blame(struct dkim_signature *signature, enum dkim_signature_fault fault, const char *tag) {
  if (signature->fault != DKIM_SIGNATURE_GOOD) return;
  signature->fault = fault;
  signature->fault_tag = tag;
}

/* ---- the list of tags ---- */

/* Printable characters and folding white space; what is above ASCII may stand in an address (RFC 8616 section 3). */
static bool value_in_grammar(const char *value) {
  for (; *value; value++)
    if (!is_print(*value) && !is_space(*value) && !(*value & 0x80)) return false;
  return true;
}

static bool list_is_good(const struct taglist *tags) {
  if (tags->count == 0 || tags->count > MOST_TAGS) return false;
  for (size_t i = 0; i < tags->count; i++) {
    const struct tag *tag = &tags->tags[i];
    if (!tag->has_equals || tag->duplicate || !tag_name_is_good(tag->name) || !value_in_grammar(tag->value)) return false;
  }
  return true;
}

static const char *value_of(const struct taglist *tags, const char *name) {
  const struct tag *tag = taglist_find(tags, name);
  return tag ? tag->value : NULL;
}

/* ---- values ---- */

/* 1 to 12 digits (of t and x), or up to 76 (of l); beyond what fits, the greatest. */
static bool read_number(const char *text, size_t most_digits, uint64_t *out) {
  size_t length = strspn(text, "0123456789");
  uint64_t value = 0;
  if (length == 0 || length > most_digits || text[length]) return false;
  for (; *text; text++) value = value > (UINT64_MAX - 9) / 10 ? UINT64_MAX - 9 : value * 10 + (uint64_t)(*text - '0');
  *out = value;
  return true;
}

/* Null: not base64. */
static const unsigned char *read_base64(struct arena *arena, const char *text, size_t *out_length) {
  size_t size = strlen(text);
  unsigned char *octets = size <= LONGEST_BASE64 ? arena_alloc(arena, size + 3) : NULL;
  return octets && base64_read(text, size, octets, out_length) ? octets : NULL;
}

static void read_algorithm(struct dkim_signature *signature, const char *value) {
  static const struct { const char *name; enum dkim_algorithm algorithm; } known[] = {
    { "rsa-sha256", DKIM_RSA_SHA256 }, { "rsa-sha1", DKIM_RSA_SHA1 }, { "ed25519-sha256", DKIM_ED25519_SHA256 },
  };
  for (size_t i = 0; i < MEM_COUNT(known); i++) {
    if (strcmp(value, known[i].name) != 0) continue;
    signature->algorithm = known[i].algorithm;
    return;
  }
  blame(signature, DKIM_SIGNATURE_ALGORITHM, "a");
}

/* header/body; the body's is simple when it is not named. */
static void read_canonicalization(struct dkim_signature *signature, const char *value) {
  size_t header = strcspn(value, "/");
  const char *body = value[header] ? value + header + 1 : "simple";
  signature->relaxed_header = header == 7 && memcmp(value, "relaxed", 7) == 0;
  signature->relaxed_body = strcmp(body, "relaxed") == 0;
  bool simple_header = header == 6 && memcmp(value, "simple", 6) == 0;
  if ((!signature->relaxed_header && !simple_header) || (!signature->relaxed_body && strcmp(body, "simple") != 0)) blame(signature, DKIM_SIGNATURE_CANONICALIZATION, "c");
}

/* One of a colon list, without the white space around it; where the next begins. */
static const char *list_item(const char *at, const char **out_start, size_t *out_length) {
  size_t size = strcspn(at, ":");
  const char *next = at[size] ? at + size + 1 : at + size;
  while (size && is_space(*at)) at++, size--;
  while (size && is_space(at[size - 1])) size--;
  *out_start = at;
  *out_length = size;
  return next;
}

static void read_headers(struct arena *arena, struct dkim_signature *signature, const char *value) {
  bool from = false;
  while (value && *value) {
    const char *start;
    size_t length;
    value = list_item(value, &start, &length);
    if (!length) continue;
    if (signature->header_count == MOST_HEADERS) {
      blame(signature, DKIM_SIGNATURE_SYNTAX, "h");
      return;
    }
    char *name = arena_strndup(arena, start, length);
    for (char *at = name; *at; at++) *at = to_lower(*at);
    from = from || strcmp(name, "from") == 0;
    signature->headers = arena_grow(arena, signature->headers, signature->header_count, sizeof *signature->headers);
    signature->headers[signature->header_count++] = name;
  }
  if (!from) blame(signature, DKIM_SIGNATURE_FROM, "h");
}

static void read_query(struct dkim_signature *signature, const char *value) {
  while (*value) {
    const char *start;
    size_t length;
    value = list_item(value, &start, &length);
    if (length == 7 && memcmp(start, "dns/txt", 7) == 0) return;
  }
  blame(signature, DKIM_SIGNATURE_QUERY, "q");
}

/* An international name may stand in its letters; DNS is asked for its A-labels (RFC 8616 section 5). Null: it has none. */
static const char *name_in_ascii(struct arena *arena, const char *value) {
  const char *name = text_is_ascii(value) ? value : name_to_ascii(arena, value);
  return name ? name_lower(arena, name) : NULL;
}

static const char *read_name(struct arena *arena, struct dkim_signature *signature, const char *value, const char *tag) {
  const char *name = name_in_ascii(arena, value);
  if (name && *name && name_is_valid(name) && !strpbrk(name, "\\ \t\r\n@")) return name;
  blame(signature, DKIM_SIGNATURE_SYNTAX, tag);
  return "";
}

static void read_identity(struct arena *arena, struct dkim_signature *signature, const char *value) {
  const char *at = value ? strrchr(value, '@') : NULL;
  const char *domain = at ? name_in_ascii(arena, at + 1) : signature->domain;
  signature->identity_domain = domain ? domain : "";
  if ((value && !at) || !domain) blame(signature, DKIM_SIGNATURE_SYNTAX, "i");
  else if (!name_is_under(signature->identity_domain, signature->domain)) blame(signature, DKIM_SIGNATURE_IDENTITY, "i");
}

static void read_times(struct dkim_signature *signature, const char *t, const char *x) {
  uint64_t number;
  if (t && read_number(t, 12, &number)) signature->signed_at = (int64_t)number;
  else if (t) blame(signature, DKIM_SIGNATURE_SYNTAX, "t");
  if (x && read_number(x, 12, &number)) signature->expires = (int64_t)number;
  else if (x) blame(signature, DKIM_SIGNATURE_SYNTAX, "x");
  if (signature->signed_at >= 0 && signature->expires >= 0 && signature->expires <= signature->signed_at) blame(signature, DKIM_SIGNATURE_SYNTAX, "x");
}

/* ---- the whole ---- */

static void read_values(struct arena *arena, struct dkim_signature *signature, const struct taglist *tags) {
  const char *c = value_of(tags, "c"), *l = value_of(tags, "l"), *q = value_of(tags, "q");
  if (strcmp(value_of(tags, "v"), "1") != 0) blame(signature, DKIM_SIGNATURE_VERSION, "v");
  read_algorithm(signature, value_of(tags, "a"));
  if (c) read_canonicalization(signature, c);
  if (q) read_query(signature, q);
  read_identity(arena, signature, value_of(tags, "i"));
  read_headers(arena, signature, value_of(tags, "h"));
  read_times(signature, value_of(tags, "t"), value_of(tags, "x"));
  signature->partial = l != NULL;
  if (l && !read_number(l, 76, &signature->octets)) blame(signature, DKIM_SIGNATURE_SYNTAX, "l");
  signature->signature = read_base64(arena, value_of(tags, "b"), &signature->signature_length);
  signature->body_hash = read_base64(arena, value_of(tags, "bh"), &signature->body_hash_length);
  if (!signature->signature) blame(signature, DKIM_SIGNATURE_SYNTAX, "b");
  if (!signature->body_hash) blame(signature, DKIM_SIGNATURE_SYNTAX, "bh");
}

struct dkim_signature *dkim_signature_parse(struct arena *arena, const struct message_field *field) {
  static const char *const required[] = { "v", "a", "b", "bh", "d", "h", "s" };
  struct dkim_signature *signature = ARENA_NEW(arena, struct dkim_signature);
  const char *text = field->whole + field->value;
  size_t length = field->length - field->value;
  const struct taglist *tags = taglist_parse(arena, text, length);
  *signature = (struct dkim_signature){ .field = field, .fault_tag = "", .domain = "", .selector = "", .identity_domain = "", .signed_at = -1, .expires = -1 };
  if (memchr(text, '\0', length) || !list_is_good(tags)) {
    blame(signature, DKIM_SIGNATURE_SYNTAX, "");
    return signature;
  }
  for (size_t i = 0; i < MEM_COUNT(required); i++)
    if (!value_of(tags, required[i])) blame(signature, DKIM_SIGNATURE_MISSING_TAG, required[i]);
  if (value_of(tags, "d")) signature->domain = read_name(arena, signature, value_of(tags, "d"), "d");
  if (value_of(tags, "s")) signature->selector = read_name(arena, signature, value_of(tags, "s"), "s");
  if (signature->fault != DKIM_SIGNATURE_GOOD) return signature;
  const struct tag *b = taglist_find(tags, "b");
  const char *equals = memchr(text + b->position, '=', b->length), *end = memchr(text + b->position, ';', length - b->position);
  signature->b_start = (size_t)(equals + 1 - field->whole);
  signature->b_end = end ? (size_t)(end - field->whole) : field->length;
  read_values(arena, signature, tags);
  return signature;
}

size_t dkim_signatures_find(struct arena *arena, const struct message *message, struct dkim_signature **out, size_t room) {
  size_t count = 0;
  for (size_t i = 0; i < message->field_count && count < room; i++)
    if (message_field_is(&message->fields[i], "dkim-signature")) out[count++] = dkim_signature_parse(arena, &message->fields[i]);
  return count;
}
